"""Commands over HTTP (办理): one route for each command of the platform, computed from its class.

There is no list of routes: declaring a command is what publishes it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, ValidationError

from domain import application
from domain.kernel.aggregate import AGGREGATE_OF, Aggregate
from domain.kernel.command import COMMANDS, Command, Target, creates
from domain.kernel.event import marked
from domain.kernel.people import Role
from interfaces.http.access import Acting, doors_of
from interfaces.http.body import json_object
from interfaces.http.problems import Refused
from interfaces.http.refusals import (
    ContentMalformed,
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    IfMatchMalformed,
)
from interfaces.http.wording import mistake

PLURALS = {
    "push": "pushes", "parked": "parked", "expert_draw": "expert-draws", "chain_template": "chain-templates",
    "responsibility": "responsibilities",
}  # fmt: skip
"""Collections whose English plural is not the name and an s, or that are two words."""

KEY = re.compile(r"^[\x21-\x7e]{8,200}$")
ETAG = re.compile(r'^"(\d{1,9})"$')


class Receipt(BaseModel):
    """回执: what a command did. Wait for ``position`` with ``min_position`` to read your own write."""

    stream: UUID = Field(description="id of what was acted on")
    version: int = Field(description="its version now; the ETag")
    events: list[str] = Field(description="ids of the new facts; none when nothing had to change")
    position: int = Field(description="position of the last new fact in the store, 0 when there is none")


def collection(aggregate: type[Aggregate]) -> str:
    return kebab(PLURALS.get(aggregate.NAME, aggregate.NAME + "s"))


def kebab(name: str) -> str:
    return name.replace("_", "-")


def exposed() -> dict[str, type[Command]]:
    """The commands that somebody outside may ask for; what only the platform may do has no route."""
    assert application.AGGREGATES  # importing the use cases is what declares every command
    return {name: cls for name, cls in sorted(COMMANDS.items()) if {Role.SYSTEM} != cls.MAY}


def path_of(cls: type[Command]) -> str:
    base = f"/v1/{collection(AGGREGATE_OF[cls])}"
    verb = kebab(cls.NAME.partition(".")[2])
    return f"{base}/{verb}" if creates(cls) else f"{base}/{{id}}/{verb}"


def said_of(cls: type[Command]) -> tuple[str, str]:
    """Summary and description, from the class: Chinese term and English name, then the English sentences."""
    zh = cls.ZH
    _, _, told = " ".join(inspect.cleandoc(cls.__doc__ or "").split()).partition("。")
    english = cls.NAME.partition(".")[2].replace("_", " ")
    roles = "、".join(role.zh for role in Role if role in cls.MAY and role is not Role.SYSTEM)
    roles_en = ", ".join(role.en for role in Role if role in cls.MAY and role is not Role.SYSTEM)
    return f"{zh} {english.capitalize()}", f"{told.strip()}\n\n可由 {roles} 办理。May be asked for by: {roles_en}."


def routes() -> APIRouter:
    """The routes of all commands."""
    router = APIRouter()
    for name, cls in exposed().items():
        summary, description = said_of(cls)
        router.add_api_route(
            path_of(cls), _endpoint(cls), methods=["POST"], name=name, operation_id=name,
            summary=summary, description=description, tags=[collection(AGGREGATE_OF[cls])],
            status_code=201 if creates(cls) else 200, response_model=Receipt,
            responses={200: {"model": Receipt, "description": "已办理 carried out"}},
            openapi_extra=documented(cls),
        )  # fmt: skip
    return router


def documented(cls: type[Command]) -> dict[str, Any]:
    """Headers and body of a command's operation; the schema itself is put among the components."""
    header = {"in": "header", "required": False}
    parameters = [
        {**header, "name": "Idempotency-Key", "required": True,
         "schema": {"type": "string", "pattern": KEY.pattern},
         "description": "同一编号只办理一次,重试时沿用。Carried out at most once per key; keep it when you retry."},
        {**header, "name": "X-Officer", "schema": {"type": "string", "minLength": 1, "maxLength": 600},
         "description": "经办人编号,仅用于部门令牌,非 ASCII 字符用百分号编码。"
                        "The acting officer, for tokens of a whole organ only; percent-encoded UTF-8."},
    ]  # fmt: skip
    if not creates(cls):
        parameters.append(
            {**header, "name": "If-Match", "schema": {"type": "string", "pattern": ETAG.pattern},
             "description": "所依据的版本(ETag)。The version the decision rests on, as its ETag."}
        )  # fmt: skip
    needed = any(f.is_required() for n, f in cls.model_fields.items() if n not in marked(cls, Target))
    body = {"required": needed, "content": {"application/json": {"schema": {"$ref": reference(cls)}}}}
    return {"parameters": parameters, "requestBody": body}


def reference(cls: type[Command]) -> str:
    return f"#/components/schemas/{cls.__name__}"


def _endpoint(cls: type[Command]) -> Callable[..., Awaitable[Response]]:
    if creates(cls):

        async def open_stream(request: Request, caller: Acting) -> Response:
            return await carry_out(request, caller, cls, None)

        return open_stream

    async def act(request: Request, id: UUID, caller: Acting) -> Response:
        return await carry_out(request, caller, cls, id)

    return act


async def carry_out(request: Request, caller: Acting, cls: type[Command], target: UUID | None) -> Response:
    """One command, from the headers and the body to its receipt."""
    key, version = idempotency_key(request), if_match(request)
    command = decoded(cls, await json_object(request), target)
    doors = doors_of(request)
    await request.app.state.remit.check(caller, command)
    done = await doors.app.handle(
        application.Order(
            command, caller.actor, doors.now(), request=f"{caller.organ}/{key}", if_match=version,
        )
    )  # fmt: skip
    return answered(cls, done)


def decoded(cls: type[Command], fields: Mapping[str, Any], target: UUID | None) -> Command:
    """The command, validated strictly: what the published schema does not allow is refused, not guessed."""
    names = marked(cls, Target)
    own = {name: str(target) for name in names}
    errors = [
        {"pointer": f"/{name}", "code": "extra_forbidden", "zh": "多余的内容,编号由地址给出",
         "en": "The address already names it; leave it out"}
        for name in names if name in fields
    ]  # fmt: skip
    if errors:
        raise Refused(ContentMalformed(count=len(errors)), errors)
    try:
        return cls.model_validate_json(orjson.dumps({**fields, **own}), strict=True)
    except ValidationError as e:
        found = [mistake(one) for one in e.errors(include_url=False, include_input=False)]
        raise Refused(ContentMalformed(count=len(found)), found) from e


def answered(cls: type[Command], done: application.Receipt) -> Response:
    """The receipt, the same for a repeated request as for the first."""
    headers = {
        "ETag": f'"{done.version}"',
        "Location": f"/v1/{collection(AGGREGATE_OF[cls])}/{done.stream}",
        "X-Position": str(done.position),
    }
    if done.repeated:
        headers["Idempotency-Replayed"] = "true"
    receipt = {"stream": str(done.stream), "version": done.version,
               "events": list(done.events), "position": done.position}  # fmt: skip
    status = 201 if creates(cls) and done.events else 200
    return Response(orjson.dumps(receipt), status, headers, "application/json")


def idempotency_key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if not key:
        raise IdempotencyKeyMissing()
    if not KEY.fullmatch(key):
        raise IdempotencyKeyMalformed()
    return key


def if_match(request: Request) -> int | None:
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    found = ETAG.fullmatch(given.strip())
    if found is None:
        raise IfMatchMalformed()
    return int(found.group(1))
