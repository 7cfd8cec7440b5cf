"""The HTTP application (FastAPI): commands, bulk reports, reads, the event stream, health."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from domain.kernel.refusal import Refusal
from domain.rules.errors import RuleError
from interfaces.http import commands, health, reads, reports, stream
from interfaces.http.doors import Doors
from interfaces.http.openapi import TITLE, VERSION, document
from interfaces.http.passage import Passage
from interfaces.http.problems import Refused, problem
from interfaces.http.refusals import (
    ContentMalformed,
    DateOutOfRange,
    MethodNotTaken,
    NoSuchAddress,
    RequestNotTaken,
    RulesCannotAnswer,
)
from interfaces.http.remit import Remit
from interfaces.http.wording import mistake

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(platform: Doors | None, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The application on a platform; without one it can only describe itself, until one is attached.

    ``lifespan`` may open the platform when the server starts (see ``attach``) and close it when it ends."""
    app = FastAPIOffline(
        title=TITLE, version=VERSION, redirect_slashes=False, openapi_url="/openapi.json",
        swagger_ui_parameters={"validatorUrl": None}, swagger_ui_oauth2_redirect_url="/docs/oauth2-redirect",
        lifespan=lifespan,
    )  # fmt: skip
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    if platform is not None:
        attach(app, platform)
    for room in (commands, reports, reads, stream, health):
        app.include_router(room.routes())
    _answer_troubles(app)
    app.add_middleware(Passage)
    return app


def attach(app: FastAPI, platform: Doors) -> None:
    """Put a platform behind the application."""
    app.state.doors = platform
    app.state.tail = stream.Tail(platform)
    app.state.remit = Remit(platform)


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, without a platform behind it."""
    return create_app(None).openapi()


def _answer_troubles(app: FastAPI) -> None:
    """Every trouble becomes a problem in two languages."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return problem(request, refusal)

    @app.exception_handler(Refused)
    async def refused_with_mistakes(request: Request, refused: Refused) -> Response:
        return problem(request, refused.refusal, errors=refused.errors, headers=refused.headers)

    @app.exception_handler(RuleError)
    async def rules_cannot_answer(request: Request, error: RuleError) -> Response:
        return problem(request, RulesCannotAnswer(zh=error.told("zh"), en=error.told("en")))

    @app.exception_handler(OverflowError)
    async def out_of_range(request: Request, error: OverflowError) -> Response:
        return problem(request, DateOutOfRange(why=str(error)))

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error: RequestValidationError) -> Response:
        found = [mistake(one) for one in error.errors()]
        return problem(request, ContentMalformed(count=len(found)), errors=found)

    @app.exception_handler(HTTPException)
    async def not_taken(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        path = request.url.path
        if error.status_code == 404:
            return problem(request, NoSuchAddress(path=path))
        if error.status_code == 405:
            allowed = headers.get("Allow") or headers.get("allow") or "GET"
            return problem(
                request, MethodNotTaken(path=path, method=request.method, allowed=allowed), headers={"Allow": allowed}
            )
        return problem(request, RequestNotTaken(why=str(error.detail)))
