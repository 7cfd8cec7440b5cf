"""Body (请求内容): reading JSON that came over the wire, strictly and within bounds."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request

from interfaces.http.refusals import ControlCharacter, MediaTypeNotTaken, NotJson

JSON = "application/json"


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object; an empty body is an empty object, for commands that say nothing more."""
    body = await request.body()
    if not body.strip():
        return {}
    if media_type(request) != JSON:
        raise MediaTypeNotTaken(given=media_type(request) or "(无 none)", wanted=JSON)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as e:
        raise NotJson(why=str(e)) from e
    if not isinstance(found, dict):
        raise NotJson(why=f"{type(found).__name__}: 应为对象 an object is needed")
    no_nul(body)
    return found


def no_nul(body: bytes) -> None:
    """Refuse an escaped NUL, which no text column of the read side can hold: one such fact would stop a
    projection for good. A backslash that is itself escaped is no NUL."""
    at = body.find(b"\\u0000")
    while at >= 0:
        slashes = 1
        while at - slashes >= 0 and body[at - slashes : at - slashes + 1] == b"\\":
            slashes += 1
        if slashes % 2:
            raise ControlCharacter()
        at = body.find(b"\\u0000", at + 6)
