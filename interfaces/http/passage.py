"""Passage (进出): what every request goes through: its number, its bounds, its measure, and the last resort.

Written against ASGI itself: wrapping responses in tasks, as the framework's own middleware class does, would
break endless streams and hide a client that went away."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from uuid import uuid4

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.kernel.refusal import Refusal
from interfaces.http import metrics
from interfaces.http.problems import problem
from interfaces.http.refusals import BodyTooLarge, BrokenInside, ControlCharacter, StoreOutOfReach

COMMAND_LIMIT = 1024 * 1024
REPORTS_LIMIT = 16 * 1024 * 1024
LIMITS: Mapping[str, int] = {"/v1/reports": REPORTS_LIMIT}
"""Bytes of a body by path; everything else takes ``COMMAND_LIMIT``."""

AT_HOME = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'"
)
"""What our pages may load: nothing from any other host, whatever their scripts would like."""

REQUEST_ID = re.compile(r"^[\x21-\x7e]{1,100}$")

log = structlog.get_logger("http")


class Passage:
    """Numbers the request, keeps its body within bounds, measures it, and answers what nobody else answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        scope["request_id"] = request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        limit = LIMITS.get(scope["path"], COMMAND_LIMIT)
        begun, status, taken = time.perf_counter(), 0, 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:
                    raise BodyTooLarge(limit=limit)
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers += [(b"x-request-id", request_id.encode()), (b"x-content-type-options", b"nosniff"),
                            (b"content-security-policy", AT_HOME)]  # fmt: skip
                if scope["path"].startswith("/v1/") and all(name != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        try:
            if refused := _at_first_sight(request, limit):
                await problem(request, refused)(scope, receive, marked)
            else:
                await self.app(scope, bounded, marked)
        except Exception as error:  # the last resort: whatever broke, the caller is told in two languages
            if status:
                raise  # half an answer is out already: only breaking the connection says that it is not whole
            await problem(request, self._last_resort(request, error, request_id))(scope, receive, marked)
        finally:
            route = getattr(scope.get("route"), "path", "(none)")
            metrics.observe(request.method, route, status, time.perf_counter() - begun)

    def _last_resort(self, request: Request, error: Exception, request_id: str) -> Refusal:
        doors = getattr(request.app.state, "doors", None) if "app" in request.scope else None
        if isinstance(error, Refusal):
            return error
        if doors is not None and isinstance(error, doors.outages):
            log.warning("store_out_of_reach", request_id=request_id, reason=str(error))
            return StoreOutOfReach()
        log.error("broken_inside", request_id=request_id, path=request.url.path, exc_info=error)
        return BrokenInside(request_id=request_id)


def _at_first_sight(request: Request, limit: int) -> Refusal | None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limit:
        return BodyTooLarge(limit=limit)
    if "\0" in request.scope["path"] or b"%00" in request.scope.get("query_string", b""):
        return ControlCharacter()
    return None
