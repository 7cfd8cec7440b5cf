"""The finding itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.people import Role
from domain.kernel.refusal import FutureTime
from domain.kernel.time import due_by
from domain.supervision_finding import commands as c
from domain.supervision_finding import facts as f
from domain.supervision_finding import refusals as r
from domain.supervision_finding.words import DEMANDED_BY_KIND, FindingDuty, FindingKind, FindingState


class SupervisionFinding(Aggregate):
    """监管信息。"""

    NAME = "finding"
    ZH = "监管信息"

    reported: f.FindingReported

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state = FindingState.NEW
        self.content: dict[str, Any] = {}
        self.linked: f.FindingLinked | None = None
        self.rectification: f.RectificationOpened | None = None
        self.overdue: set[FindingDuty] = set()

    def report(self, command: c.ReportFinding, given: Given) -> Facts:
        if given.by.organ != command.organ.code:
            raise r.NotYourFinding(organ=given.by.organ, owner=command.organ)
        if command.found_on > given.today:
            raise FutureTime(time=command.found_on)
        if command.kind is FindingKind.HOLD_REQUEST and (
            command.hold_until is None or command.hold_until <= command.found_on
        ):
            raise r.HoldNeedsExpiry(found_on=command.found_on)
        content = self._content_of(command)
        if content != self.content:
            yield self._reported(content, given)

    def propose_revocation(self, command: c.ProposeRevocation, given: Given) -> Facts:
        # The body may have sent a finding under the same number itself; what it says is not overwritten.
        if not self.version:
            told = dict.fromkeys(_STATED) | dict(command)
            kind = FindingKind.PROPOSAL_TO_REVOKE
            yield self._reported(told | {"kind": kind, "demands": (DEMANDED_BY_KIND[kind],)}, given)

    def register(self, command: c.RegisterFinding, given: Given) -> Facts:
        if self.state is FindingState.RECEIVED:
            return
        self.must_be(command, self.state, FindingState.REPORTED)
        yield f.FindingReceived(**self._of, decide_by=self.reported.decide_by)

    def handle(self, command: c.HandleFinding, given: Given) -> Facts:
        self.must_be(command, self.state, FindingState.RECEIVED)
        yield f.FindingHandled(
            **self._of, kind=self.reported.kind, subject=self.reported.subject, result=command.result,
            explanation=command.explanation,
            late=self.reported.decide_by is not None and given.today > self.reported.decide_by,
        )  # fmt: skip

    def open_rectification(self, command: c.OpenRectification, given: Given) -> Facts:
        if given.by.role is Role.REGULATOR:
            self._must_be_the_reporter(given)
        if self.rectification is not None:
            return
        rectify_by = command.rectify_by or self.reported.rectify_by
        if rectify_by is None:
            raise r.NoDateToRectify(finding_no=self.reported.finding_no)
        requirement = command.requirement or self.reported.statement
        yield f.RectificationOpened(**self._of, requirement=requirement, rectify_by=rectify_by)

    def confirm_rectification(self, command: c.RectificationDone, given: Given) -> Facts:
        if given.by.role is Role.REGULATOR:
            self._must_be_the_reporter(given)
        if self.rectification is None:
            raise r.NoRectificationOpen(finding_no=self.reported.finding_no)
        yield f.RectificationConfirmed(
            **self._of, statement=command.statement, late=given.today > self.rectification.rectify_by
        )

    def note_overdue(self, command: c.NoteFindingOverdue, given: Given) -> Facts:
        # A timer may fire after the duty was met: then there is nothing to note, and nothing is wrong.
        due_on = self.open_duties.get(command.duty)
        if due_on is None or command.duty in self.overdue:
            return
        if given.today <= due_on:
            raise r.FindingNotYetDue(
                finding_no=self.reported.finding_no, duty=command.duty, due_on=due_on, today=given.today
            )
        yield f.FindingOverdue(**self._of, duty=command.duty, due_on=due_on)

    def link(self, command: c.LinkFindingToCase, given: Given) -> Facts:
        stated = {name: getattr(command, name) for name in _LINK}
        if stated != {name: self.content[name] for name in _LINK}:
            yield f.FindingLinked(**self._of | stated)

    def was_reported(self, fact: f.FindingReported) -> None:
        self.reported, self.state = fact, FindingState.REPORTED
        self.content = {name: getattr(fact, name) for name in _STATED}
        self.linked = None
        self.overdue -= {FindingDuty.REGISTER, FindingDuty.DECIDE}

    def was_received(self, fact: f.FindingReceived) -> None:
        self.state = FindingState.RECEIVED

    def was_handled(self, fact: f.FindingHandled) -> None:
        self.state = FindingState.HANDLED

    def was_opened(self, fact: f.RectificationOpened) -> None:
        self.rectification = fact

    def was_confirmed(self, fact: f.RectificationConfirmed) -> None:
        self.rectification = None
        self.overdue.discard(FindingDuty.RECTIFY)

    def was_overdue(self, fact: f.FindingOverdue) -> None:
        self.overdue.add(fact.duty)

    def was_linked(self, fact: f.FindingLinked) -> None:
        self.linked = fact
        self.content |= {name: getattr(fact, name) for name in _LINK}

    @property
    def open_duties(self) -> dict[FindingDuty, date | None]:
        """What is still owed, and by when."""
        duties: dict[FindingDuty, date | None] = {}
        if self.state is FindingState.REPORTED:
            duties[FindingDuty.REGISTER] = self.reported.register_by
        if self.state in (FindingState.REPORTED, FindingState.RECEIVED):
            duties[FindingDuty.DECIDE] = self.reported.decide_by
        if self.rectification is not None:
            duties[FindingDuty.RECTIFY] = self.rectification.rectify_by
        return duties

    @property
    def _of(self) -> dict[str, Any]:
        return {name: self.content[name] for name in ("organ", "finding_no", "case_id")}

    def _reported(self, content: dict[str, Any], given: Given) -> f.FindingReported:
        today, site = given.today, content["site"]
        # Who will answer it is not known yet; it is taken to sit where the finding was made.
        place = site.region if site is not None else None
        return f.FindingReported(
            **content, revision=self.reported.revision + 1 if self.version else 1,
            resolved=content["case_id"] is not None,
            register_by=due_by("finding_register", today, place), decide_by=due_by("finding_decide", today, place),
        )  # fmt: skip

    def _must_be_the_reporter(self, given: Given) -> None:
        if given.by.organ != self.reported.organ.code:
            raise r.NotYourFinding(organ=given.by.organ, owner=self.reported.organ)

    def _content_of(self, command: c.ReportFinding) -> dict[str, Any]:
        """What is reported, with what its kind demands by nature, and with the case it was linked to meanwhile:
        a regulator that sends its finding again does not know of the link."""
        content = {name: getattr(command, name) for name in _STATED}
        implied = DEMANDED_BY_KIND.get(command.kind)
        if implied is not None and implied not in command.demands:
            content["demands"] = (*command.demands, implied)
        if self.linked is not None and command.case_id is None:
            content |= {name: getattr(self.linked, name) for name in _LINK}
        return content


_STATED = tuple(c.ReportFinding.model_fields)
"""What a report states: two reports are the same when all of this is."""

_LINK = ("case_id", "case_no", "license_no")
