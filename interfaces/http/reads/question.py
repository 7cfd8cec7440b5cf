"""Question (提问): what all reads have in common: waiting for a position, paging, answering, and who may see what."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any, Generic, ParamSpec, TypeVar
from uuid import UUID

import anyio
import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from domain.kernel.people import APPROVING, Role
from domain.kernel.refusal import UnknownStream
from domain.kernel.words import Personal, Term
from interfaces.http.access import EVERYTHING, SEES_PERSONS, Caller, doors_of, whoever_asks
from interfaces.http.refusals import NotForThisRole, NotSeenYet, NotYours
from projections import case_register
from projections.view import Page, Projection

PATIENCE = 2.0
"""Seconds a read waits for a position before it says that it is not there yet."""
STEP = 0.01

P = ParamSpec("P")
R = TypeVar("R")
NAME, TEXT = Personal("name"), Personal("text")

Cursor = Annotated[str | None, Query(max_length=500, description="opaque; from `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500, description="rows of a page at most")]
Code = Annotated[str, Query(max_length=64)]
Words = Annotated[str, Query(max_length=200)]
MinPosition = Annotated[
    int, Query(ge=0, le=2**62, description="wait until the read side has come so far (X-Position of a command)")
]


class Listing(BaseModel, Generic[R]):
    """一页结果: ``next`` is the cursor of the following page, none at the end."""

    rows: list[R]
    next: str | None = Field(None, description="pass back as `cursor`")


@dataclass(slots=True)
class Question:
    """One read: who asks, and the read side to ask."""

    request: Request
    caller: Caller
    min_position: int

    @property
    def read(self) -> Any:
        return doors_of(self.request).read

    @property
    def masked(self) -> bool:
        return self.caller.role not in SEES_PERSONS

    async def ask(self, query: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """A query of the read side, in a thread of its own, after its projection has seen ``min_position``."""
        await self.seen(query.__module__)
        return await run_in_threadpool(query, *args, **kwargs)

    async def seen(self, module: str) -> None:
        """Wait for the projection of a module. Raises ``NotSeenYet``."""
        name = projection_of(module)
        if not self.min_position or name is None:
            return
        ends = time.monotonic() + PATIENCE
        # Not the reader's own wait: it would hold a thread of the pool for as long as it waits.
        while (seen := await run_in_threadpool(self.read.position, name)) < self.min_position:
            if time.monotonic() >= ends:
                raise NotSeenYet(seen=seen, wanted=self.min_position)
            await anyio.sleep(STEP)

    def may(self, zh: str, en: str, *roles: Role) -> None:
        """Raises a refusal when the caller's role is none of these and does not read everything."""
        if self.caller.role not in EVERYTHING and self.caller.role not in roles:
            raise NotForThisRole(role=self.caller.role, what=Term(zh, en))

    def own(self, organ: str, *roles: Role) -> str:
        """The organ to ask for: callers in these roles get their own and may ask for no other."""
        if self.caller.role not in roles:
            return organ
        if organ and organ != self.caller.organ:
            raise NotYours(organ=self.caller.organ, owner=organ)
        return self.caller.organ

    async def sees_case(self, case_id: UUID | None) -> bool:
        """Whether the caller may read a case: its organ's, one in its remit, one it reported, or any."""
        if self.caller.reads_everything():
            return True
        if case_id is None or self.caller.role not in CASE_READERS:
            return False
        found = await run_in_threadpool(case_register.case, self.read, case_id)
        return found is not None and self.sees(found)

    def sees(self, case: case_register.CaseRow) -> bool:
        caller = self.caller
        if caller.reads_everything():
            return True
        if caller.role is Role.REGULATOR:
            return caller.organ in case.authorities
        if caller.role is Role.SOURCE:
            return case.source == caller.actor.id
        return caller.role in APPROVING and case.organ == caller.organ

    def name(self, value: str) -> str:
        """A person's name, as this caller may see it."""
        return NAME.mask(value) if self.masked and value else value

    def officer(self, value: str, organ: str = "") -> str:
        """An officer's id: masked, unless the officer is one of the caller's own."""
        return TEXT.mask(value) if self.masked and value and organ != self.caller.organ else value


CASE_READERS = APPROVING | EVERYTHING | {Role.REGULATOR, Role.SOURCE}


async def _question(
    request: Request, caller: Annotated[Caller, Depends(whoever_asks)], min_position: MinPosition = 0
) -> Question:
    return Question(request, caller, min_position)


Asked = Annotated[Question, Depends(_question)]


def projection_of(module: str) -> str | None:
    """The name of the projection that a module declares, if it declares one."""
    found: ModuleType = sys.modules[module]
    for one in vars(found).values():
        if isinstance(one, type) and issubclass(one, Projection) and one.__module__ == module and one.NAME:
            return one.NAME
    return None


def unknown(zh: str, en: str, id: object) -> UnknownStream:
    """What is not there and what may not be seen are told alike: an answer must not say that it exists."""
    return UnknownStream(what=Term(zh, en), id=id)


def listed(rows: Page[Any] | Iterable[Any]) -> Response:
    """A page, or a list that is complete."""
    whole, following = (rows.rows, rows.next) if isinstance(rows, Page) else (list(rows), None)
    return Response(orjson.dumps({"rows": whole, "next": following}), media_type="application/json")


def answered(body: Any, *, version: int | None = None) -> Response:
    """One thing, with its version as the ETag that a command may rest on."""
    headers = {"ETag": f'"{version}"'} if version else {}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


def get(router: APIRouter, path: str, endpoint: Callable[..., Any], model: Any, summary: str, told: str = "") -> None:
    """Declare one read; its operation id is the name of the function."""
    router.add_api_route(
        path, endpoint, methods=["GET"], operation_id=endpoint.__name__, response_model=model,
        summary=summary, description=told or (endpoint.__doc__ or ""), tags=[path.split("/")[2]],
    )  # fmt: skip
