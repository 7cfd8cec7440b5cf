"""Problems (RFC 9457): every answer that is not what was asked for, in Chinese and English, with the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.refusal import Kind, Refusal, RequestReused, StaleVersion
from domain.kernel.words import PLACEHOLDER, said
from interfaces.http.refusals import AtTheDoor
from interfaces.http.wording import language

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[Kind, int] = {
    Kind.UNKNOWN: 404,
    Kind.NOT_ALLOWED: 403,
    Kind.OUT_OF_ORDER: 409,
    Kind.CONFLICTING: 409,
    Kind.MALFORMED: 422,
}
PRECISE: Mapping[type[Refusal], int] = {StaleVersion: 412, RequestReused: 422}
"""Refusals of the kernel for which HTTP has a status of its own."""

TITLES: Mapping[int, tuple[str, str]] = {
    400: ("请求有误", "Bad request"),
    401: ("未认证", "Not authenticated"),
    403: ("不予办理", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不适用", "Method not allowed"),
    409: ("与当前情况冲突", "In conflict with the current state"),
    412: ("版本已过时", "Version is stale"),
    413: ("内容过大", "Content too large"),
    415: ("内容类型不适用", "Unsupported media type"),
    422: ("内容不合要求", "Content not valid"),
    428: ("缺少前提条件", "Precondition required"),
    500: ("平台内部出错", "Internal error"),
    503: ("暂不可用", "Temporarily unavailable"),
}

NEXT: Mapping[Kind, tuple[str, str]] = {
    Kind.UNKNOWN: ("请核对编号", "check the number"),
    Kind.NOT_ALLOWED: ("请由有权人员办理", "let someone entitled do it"),
    Kind.OUT_OF_ORDER: ("请刷新后按顺序办理", "reload and go step by step"),
    Kind.CONFLICTING: ("请重新读取后再办理", "read again, then decide again"),
    Kind.MALFORMED: ("请更正后再提交", "correct it and send again"),
}


class Mistake(BaseModel):
    """One mistake in the request: where (JSON pointer) and what."""

    pointer: str
    code: str
    zh: str
    en: str


class Problem(BaseModel):
    """问题说明 (RFC 9457). ``detail`` is in the language asked for, the others always in both."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:shuangtui:problem:<code>")
    title: str
    status: int
    detail: str
    detail_zh: str
    detail_en: str
    next_step: str = Field(description="what to do next, in the language asked for")
    code: str = Field(description="name of the refusal, stable")
    request_id: str = Field(description="quote this to the operator; also in the X-Request-Id header")
    errors: list[Mistake] | None = None


class Refused(Exception):
    """A refusal with its list of mistakes, on its way to the answer."""

    def __init__(self, refusal: Refusal, errors: Sequence[Mapping[str, str]] = (), **headers: str) -> None:
        super().__init__(str(refusal))
        self.refusal, self.errors, self.headers = refusal, list(errors), headers


def status_of(refusal: Refusal) -> int:
    own = refusal.STATUS if isinstance(refusal, AtTheDoor) else None
    return own or PRECISE.get(type(refusal)) or STATUS[refusal.KIND]


def next_step(refusal: Refusal, spoken: str) -> str:
    """What to do next: the last clause of the message, where it has one, else what its kind advises."""
    template, mark = (refusal.ZH, ";") if spoken == "zh" else (refusal.EN, "; ")
    _, found, advice = template.rpartition(mark)
    if not found:
        return NEXT[refusal.KIND][spoken != "zh"]
    return PLACEHOLDER.sub(lambda m: said(refusal.facts[m.group(1)], spoken), advice).strip()


def described(refusal: Refusal, spoken: str) -> dict[str, Any]:
    """A refusal as it stands inside another answer, for instance one line of a bulk report."""
    return {"code": refusal.code, "zh": refusal.told("zh"), "en": refusal.told("en"),
            "next_step": next_step(refusal, spoken)}  # fmt: skip


def problem(
    request: Request, refusal: Refusal, *, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] = {}
) -> Response:
    """The answer that tells a refusal."""
    spoken = language(request.headers.get("accept-language"))
    status = status_of(refusal)
    body: dict[str, Any] = {
        "type": f"urn:shuangtui:problem:{refusal.code}",
        "title": TITLES[status][spoken != "zh"],
        "status": status,
        "detail": refusal.told(spoken),
        "detail_zh": refusal.told("zh"),
        "detail_en": refusal.told("en"),
        "next_step": next_step(refusal, spoken),
        "code": refusal.code,
        "request_id": request.scope.get("request_id", ""),
    }
    if errors:
        body["errors"] = list(errors)
    own = dict(refusal.HEADERS) if isinstance(refusal, AtTheDoor) else {}
    return Response(
        orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE,
        headers={"Content-Language": spoken, "Vary": "Accept-Language", "Cache-Control": "no-store", **own, **headers},
    )  # fmt: skip
