"""Remit (管辖): to which approving organ a stream belongs, so that officers act on their own organ's cases only.

Asked of the facts themselves and not of the read side: a right must not depend on how far a projection has come."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

from domain.approval_case.facts import ApplicationSubmitted, CaseReported
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import APPROVING, Role
from domain.kernel.refusal import ForeignAuthority
from interfaces.http.access import Caller
from interfaces.http.doors import Doors

REMEMBERED = 50_000
HANDLING = APPROVING | {Role.APPLICANT}
"""Roles bound to the cases of their organ; an applicant's token belongs to the portal of an organ."""

STEPS = 3
"""A consultation leads to its case and no further; a longer chain is a mistake of ours, not an endless loop."""


class Remit:
    """Which organ handles a case, or the case that another stream is about. It never changes, so it is kept."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._known: OrderedDict[UUID, str] = OrderedDict()

    async def check(self, caller: Caller, command: Command) -> None:
        """Raises ``ForeignAuthority`` when an officer or a portal acts on what another organ handles."""
        if caller.role not in HANDLING:
            return
        named: set[UUID] = {command.stream, *(visit.case_id for visit in getattr(command, "cases", ()))}
        if case_id := getattr(command, "case_id", None):
            named.add(case_id)
        for stream in named:
            owner = await self.organ_of(stream)
            if owner is not None and owner != caller.organ:
                raise ForeignAuthority(organ=caller.organ, owner=owner)

    async def organ_of(self, stream: UUID, steps: int = STEPS) -> str | None:
        """The organ that handles it; none for what belongs to no case, such as a finding about a subject."""
        if stream in self._known:
            self._known.move_to_end(stream)
            return self._known[stream]
        facts = await self._doors.facts_of(stream)
        organ = await self._organ_by(facts[0], steps) if facts else None
        if organ is not None:
            self._known[stream] = organ
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return organ

    async def _organ_by(self, first: Event, steps: int) -> str | None:
        if isinstance(first, ApplicationSubmitted):
            return first.organ
        if isinstance(first, CaseReported):
            return first.actor.organ
        case_id = getattr(first, "case_id", None) or next(iter(getattr(first, "case_ids", ())), None)
        return await self.organ_of(case_id, steps - 1) if case_id is not None and steps else None
