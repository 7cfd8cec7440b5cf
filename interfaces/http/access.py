"""Access (身份): who stands at the door, in whose name they act, and how much of a person they may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, Request
from pydantic import ValidationError

from domain.kernel.event import ENVELOPE, Event, masked, personal
from domain.kernel.people import APPROVING, Actor, Role
from domain.kernel.words import Term
from interfaces.http.doors import Bearer, Doors
from interfaces.http.refusals import (
    NotForThisRole,
    OfficerFixed,
    OfficerMalformed,
    OfficerNotNamed,
    TokenMissing,
    TokenNotAccepted,
)
from interfaces.http.wording import language

SYSTEMS = frozenset({Role.SOURCE})
"""Roles that only ever act as a system, so that nobody else can be named."""

EVERYTHING = frozenset({Role.AUDITOR, Role.DISCIPLINE})
"""Roles that may read what belongs to any authority."""

SEES_PERSONS = APPROVING | {Role.DISCIPLINE, Role.APPLICANT}
"""Roles for whom persons are not masked: who handles the case, and who investigates who handled it."""

BEARER = re.compile(r"^Bearer +([\x21-\x7e]{1,512})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, in which language to answer, and with which token."""

    bearer: Bearer
    actor: Actor
    token: str
    spoken: str

    @property
    def organ(self) -> str:
        return self.bearer.organ

    @property
    def role(self) -> Role:
        return self.bearer.role

    def reads_everything(self) -> bool:
        return self.role in EVERYTHING

    def may(self, what: Term, *roles: Role) -> None:
        """Raises a refusal when the role is none of those."""
        if self.role not in roles:
            raise NotForThisRole(role=self.role, what=what)

    def shown(self, cls: type[Event], fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Decoded JSON of a fact, as this caller may see it."""
        if self.role in SEES_PERSONS:
            return fields
        marks = personal(cls)
        if self.role is Role.REGULATOR:
            marks = {n: m for n, m in marks.items() if not self._may_see(fields.get(n))}
        return masked(fields, marks)

    def _may_see(self, value: Any) -> bool:
        """What a regulator reads as it is: content composed for it under its contract, and its own people."""
        return isinstance(value, Mapping) and ("masked" in value or value.get("organ") == self.organ)

    def told(self, fact: Event) -> dict[str, Any]:
        """A fact as this caller may see it: envelope, what it tells in both languages, and its own fields."""
        cls = type(fact)
        fields = fact.model_dump(mode="json")
        shown = dict(self.shown(cls, fields))
        speaker = fact
        if shown != fields:
            # The sentence is spoken from the masked fields, for it may name the person too.
            try:
                speaker = cls.model_validate(shown)
            except ValidationError:
                speaker = fact.model_copy(update={n: shown[n] for n in personal(cls) if n in shown})
        return {
            "id": fact.id, "type": cls.TOPIC, "stream": str(fact.originator_id), "version": fact.originator_version,
            **{name: shown.pop(name) for name in ENVELOPE if name in shown},
            "zh": speaker.telling("zh"), "en": speaker.telling("en"), "fact": shown,
        }  # fmt: skip


def doors_of(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


async def whoever_asks(request: Request) -> Caller:
    """The caller of a read or a command. Raises 401 problems."""
    given = request.headers.get("authorization")
    if not given:
        raise TokenMissing()
    found = BEARER.match(given.strip())
    bearer = await doors_of(request).authenticate(found.group(1)) if found else None
    if found is None or bearer is None:
        raise TokenNotAccepted()
    actor = bearer.acting(_named_officer(request, bearer))
    return Caller(bearer, actor, found.group(1), language(request.headers.get("accept-language")))


async def whoever_acts(request: Request, caller: Annotated[Caller, Depends(whoever_asks)]) -> Caller:
    """The caller of a command: a person must be named, or the caller is a system."""
    if not caller.bearer.officer and caller.role not in SYSTEMS and "x-officer" not in request.headers:
        raise OfficerNotNamed()
    return caller


def _named_officer(request: Request, bearer: Bearer) -> str:
    raw = request.headers.get("x-officer")
    if raw is None:
        return ""
    try:
        officer = unquote(raw, errors="strict").strip()
    except UnicodeDecodeError as e:
        raise OfficerMalformed() from e
    if not 1 <= len(officer) <= 200 or not officer.isprintable():
        raise OfficerMalformed()
    if bearer.officer or bearer.role in SYSTEMS:
        own = bearer.officer or bearer.organ
        if officer != own:
            raise OfficerFixed(officer=own)
    return officer


Asking = Annotated[Caller, Depends(whoever_asks)]
Acting = Annotated[Caller, Depends(whoever_acts)]
