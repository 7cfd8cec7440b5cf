"""The commitment itself: decides its commands and folds its facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.commitment import commands as c
from domain.commitment import facts as f
from domain.commitment import refusals as r
from domain.commitment.words import (
    CHECKABLE,
    LIVING,
    UNVERIFIED,
    BrokenGround,
    Checker,
    CheckMethod,
    CheckResult,
    CommitmentDuty,
    CommitmentState,
    Severity,
)
from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.people import Role
from domain.kernel.refusal import FutureTime
from domain.kernel.words import Body
from domain.rules.loader import practice, threshold, time_limit

S = CommitmentState


class Commitment(Aggregate):
    """告知承诺。"""

    NAME = "commitment"
    ZH = "告知承诺"

    opened: f.CommitmentOpened
    check_by: date
    red_on: date

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state = S.NEW
        self.check_days: int = 0
        self.samples: set[UUID] = set()
        self.last_check: dict[str, Any] = {}
        self.order: f.CommitmentRectificationOrdered | None = None
        self.noted: set[tuple[CommitmentDuty, Severity]] = set()

    def open(self, command: c.OpenCommitment, given: Given) -> Facts:
        if self.version:
            return
        checker = Checker.of(str(practice("commitment_checker", on=command.decided_on).value))
        days = command.check_days or time_limit("commitment_check", on=command.decided_on).value
        check_by = command.decided_on + timedelta(days)
        if command.promised_by is not None and command.decided_on < command.promised_by < check_by:
            check_by = command.promised_by
        told = command.model_dump(exclude={"check_days", "promised_by"})
        yield f.CommitmentOpened.model_validate(
            told | {"checker": checker, "check_by": check_by, "red_on": _red_on(command.decided_on, check_by)}
        )

    def note_sampled(self, command: c.NoteSampled, given: Given) -> Facts:
        # Between the draw and this note somebody may have looked: then it needs no other check.
        if command.sample_id in self.samples or self.state not in UNVERIFIED:
            return
        yield f.CommitmentSampled(
            **self._of, sample_id=command.sample_id, sample_no=command.sample_no, check_by=self.check_by
        )

    def record_check(self, command: c.RecordCommitmentCheck, given: Given) -> Facts:
        by = self._checking(given)
        stated = {name: getattr(command, name) for name in _STATED}
        if stated | {"by": by} == self.last_check:
            return
        self.must_be(command, self.state, *CHECKABLE)
        self._must_be_due_to_check(given)
        self._must_be_a_real_check(command, given)
        again = self.order is not None
        negative = command.result in (CheckResult.NOT_TRUE, CheckResult.NOT_KEPT)
        if negative and self.order is not None and self.state is S.RECTIFYING and given.today <= self.order.rectify_by:
            raise r.RectificationStillRuns(until=self.order.rectify_by)
        next_by = self._next_check(command, given)
        yield f.CommitmentChecked(
            **self._of, **stated, by=by, again=again,
            late=self.state in UNVERIFIED and command.checked_on > self.check_by,
            next_check_by=next_by, red_on=_red_on(given.today, next_by) if next_by else None,
        )  # fmt: skip
        if negative and (again or not command.mendable):
            ground = BrokenGround.NOT_RECTIFIED if again else BrokenGround.UNTRUE
            yield self._broken(by, ground, command.statement, given.today)

    def order_rectification(self, command: c.OrderRectification, given: Given) -> Facts:
        by = self._checking(given)
        self.must_be(command, self.state, S.FAILED)
        if command.rectify_by <= given.today:
            raise r.RectifyByHasPassed(rectify_by=command.rectify_by, today=given.today)
        yield f.CommitmentRectificationOrdered(**self._of, by=by, **command.model_dump(exclude={"commitment_id"}))

    def report_rectified(self, command: c.ReportCommitmentRectified, given: Given) -> Facts:
        if given.by.role is Role.REGULATOR:
            self._checking(given)
        if self.state is S.RECTIFIED:
            return
        self.must_be(command, self.state, S.RECTIFYING)
        assert self.order is not None
        yield f.CommitmentRectified(
            **self._of, statement=command.statement, late=given.today > self.order.rectify_by
        )

    def note_overdue(self, command: c.NoteCommitmentOverdue, given: Given) -> Facts:
        # A timer may fire after somebody looked: then there is nothing to note, and nothing is wrong.
        owed = self.open_duties
        if not owed:
            return
        duty, (due_on, red_on) = next(iter(owed.items()))
        if given.today <= due_on:
            raise r.CommitmentNotYetDue(duty=duty, due_on=due_on, today=given.today)
        for severity, passed in ((Severity.YELLOW, due_on), (Severity.RED, red_on)):
            if passed is not None and given.today > passed and (duty, severity) not in self.noted:
                yield f.CommitmentOverdue(**self._of, duty=duty, severity=severity, due_on=due_on)

    def settle(self, command: c.SettleCommitment, given: Given) -> Facts:
        if self.state is S.SETTLED:
            return
        self.must_be(command, self.state, S.BROKEN)
        yield f.CommitmentSettled(
            **self._of, finding_id=command.finding_id, result=command.result, explanation=command.explanation
        )

    def close(self, command: c.CloseCommitment, given: Given) -> Facts:
        if self.state not in LIVING:
            return
        if given.by.role is Role.DECIDER:
            self._checking(given)
        yield f.CommitmentClosed(**self._of, reason=command.reason)

    def was_opened(self, fact: f.CommitmentOpened) -> None:
        self.opened, self.state = fact, S.OPEN
        self.check_by, self.red_on = fact.check_by, fact.red_on
        self.check_days = (fact.check_by - fact.decided_on).days

    def was_sampled(self, fact: f.CommitmentSampled) -> None:
        self.samples.add(fact.sample_id)

    def was_checked(self, fact: f.CommitmentChecked) -> None:
        self.last_check = {name: getattr(fact, name) for name in (*_STATED, "by")}
        self.noted.clear()
        self.order = None
        if fact.result is CheckResult.KEPT:
            self.state = S.KEPT
        elif fact.result is CheckResult.NOT_YET_OPERATING:
            assert fact.next_check_by is not None
            assert fact.red_on is not None
            self.state, self.check_by, self.red_on = S.DEFERRED, fact.next_check_by, fact.red_on
        else:
            self.state = S.FAILED

    def was_ordered(self, fact: f.CommitmentRectificationOrdered) -> None:
        self.order, self.state = fact, S.RECTIFYING

    def was_rectified(self, fact: f.CommitmentRectified) -> None:
        self.state = S.RECTIFIED

    def was_broken(self, fact: f.CommitmentBroken) -> None:
        self.state = S.BROKEN

    def was_overdue(self, fact: f.CommitmentOverdue) -> None:
        self.noted.add((fact.duty, fact.severity))

    def was_settled(self, fact: f.CommitmentSettled) -> None:
        self.state = S.SETTLED

    def was_closed(self, fact: f.CommitmentClosed) -> None:
        self.state = S.CLOSED

    @property
    def open_duties(self) -> dict[CommitmentDuty, tuple[date, date | None]]:
        """What is owed, by when, and from when on it is a red lead; at most one duty at a time."""
        if self.state in UNVERIFIED:
            return {CommitmentDuty.CHECK: (self.check_by, self.red_on)}
        if self.state is S.RECTIFYING and self.order is not None:
            return {CommitmentDuty.RECTIFY: (self.order.rectify_by, None)}
        return {}

    @property
    def _of(self) -> dict[str, Any]:
        return {name: getattr(self.opened, name) for name in ("case_id", "case_no", "regulators")}

    def _checking(self, given: Given) -> Body:
        """Whoever acts: the organ that decided, or one of its regulators."""
        organ = given.by.organ
        if organ == self.opened.organ:
            return Body(code=organ, name=organ)
        for one in self.opened.regulators:
            if one.code == organ:
                return Body(code=one.code, name=one.name)
        raise r.NotYourCommitment(organ=organ, owner=self.opened.organ)

    def _must_be_due_to_check(self, given: Given) -> None:
        approver, checker = given.by.organ == self.opened.organ, self.opened.checker
        if checker is not Checker.EITHER and (checker is Checker.APPROVER) is not approver:
            raise r.NotYourTurnToCheck(checker=checker, organ=given.by.organ)

    def _must_be_a_real_check(self, command: c.RecordCommitmentCheck, given: Given) -> None:
        if command.checked_on > given.today:
            raise FutureTime(time=command.checked_on)
        if command.checked_on < self.opened.decided_on:
            raise r.CheckedBeforeTheGrant(checked_on=command.checked_on, decided_on=self.opened.decided_on)
        needed = time_limit("inspection_staff", on=given.today).value
        if command.method is not CheckMethod.SHARED and len(set(command.officers)) < needed:
            raise r.TooFewCheckers(present=len(set(command.officers)), needed=needed)

    def _next_check(self, command: c.RecordCommitmentCheck, given: Given) -> date | None:
        if command.result is not CheckResult.NOT_YET_OPERATING:
            return None
        if command.next_check_by is None or command.next_check_by <= given.today:
            raise r.NextCheckMissing(today=given.today)
        latest = given.today + timedelta(self.check_days)
        if command.next_check_by > latest:
            raise r.NextCheckTooLate(next_check_by=command.next_check_by, latest=latest)
        return command.next_check_by

    def _broken(self, by: Body, ground: BrokenGround, statement: str, today: date) -> f.CommitmentBroken:
        of = self.opened
        return f.CommitmentBroken(
            **self._of, by=by, ground=ground, item=of.item, item_name=of.item_name, kind=of.kind, subject=of.subject,
            site=of.site, organ=of.organ, broken_on=today, statement=statement,
        )  # fmt: skip


_STATED = ("result", "method", "checked_on", "officers", "statement", "mendable")
"""What a check states: two are the same when all of this is."""


def _red_on(start: date, check_by: date) -> date:
    """The day on which an unchecked commitment has waited for so many times its window (R28)."""
    waited = (check_by - start).days * threshold("R28", on=start)["red_at"] // 100
    return start + timedelta(waited)
