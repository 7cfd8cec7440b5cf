"""A credit register that answers over HTTP (信用平台接口): ``GET <url>/<identifier>``, JSON, a bearer token.

It answers ``{"source", "as_of", "result", "name", "records"}`` with the codes of ``CreditResult``, or 404 for a subject it
does not know. Whatever else comes is no answer: a check that did not happen must not be recorded as clean."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from domain.standing.register import CreditAnswer, CreditRegisterSilent
from domain.standing.words import CreditResult

SHUT = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS})
"""Answers that every question would get."""


class RegisterService:
    """Implements ``CreditRegister`` over HTTP."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        self.url, self.timeout = url.rstrip("/"), timeout
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def look_up(self, identifier: str, at: datetime) -> CreditAnswer:
        """Raises CreditRegisterSilent when it does not answer in time, refuses, or says what nobody can read."""
        try:
            with httpx.Client(timeout=self.timeout, headers=self._headers) as client:
                answer = client.get(f"{self.url}/{quote(identifier, safe='')}")
        except httpx.TimeoutException as slow:
            raise CreditRegisterSilent(
                f"信用平台 {self.url} 在 {self.timeout} 秒内没有答复;请稍后再核查,或联系信用平台。",
                f"The credit register {self.url} did not answer within {self.timeout} s; check again later.",
            ) from slow
        except httpx.HTTPError as away:
            raise CreditRegisterSilent(
                f"无法连接信用平台 {self.url}({away});请检查网络和 SHUANGTUI_CREDIT_REGISTER_URL。",
                f"The credit register {self.url} is out of reach ({away}); check the network and the setting.",
            ) from away
        if answer.status_code == httpx.codes.NOT_FOUND:
            return CreditAnswer(source=self.url[:200], as_of=at, result=CreditResult.UNKNOWN)
        if answer.status_code != httpx.codes.OK:
            raise CreditRegisterSilent(
                f"信用平台答复 {answer.status_code};请核对令牌与地址,或联系信用平台。",
                f"The credit register answered {answer.status_code}; check token and address, or turn to its operator.",
                for_all=answer.status_code in SHUT or answer.is_server_error,
            )
        try:
            return CreditAnswer.model_validate_json(answer.content)
        except ValidationError as odd:
            first = odd.errors(include_url=False, include_input=False)[0]
            raise CreditRegisterSilent(
                f"信用平台的答复无法读取({first['loc']}:{first['msg']});未登记核查结果,请联系信用平台。",
                f"What the credit register answered cannot be read ({first['loc']}: {first['msg']}); nothing was recorded.",
                for_all=False,
            ) from odd
