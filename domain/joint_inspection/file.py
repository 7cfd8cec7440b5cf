"""The file of a joint inspection (踏勘案卷): what it remembers, and how each fact changes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain.joint_inspection import facts as f
from domain.joint_inspection import refusals as r
from domain.joint_inspection.words import (
    BEFORE_THE_VISIT,
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    InspectionState,
    Problem,
    ReinspectionOutcome,
    Seat,
    SiteVisitNeed,
    Slot,
    Window,
)
from domain.kernel.aggregate import Aggregate, Facts, Given, said_command
from domain.kernel.command import Command
from domain.kernel.time import place_of
from domain.kernel.words import Body, InspectionKind

S = InspectionState


class InspectionFile(Aggregate):
    """踏勘案卷。"""

    NAME = "inspection"
    ZH = "联合踏勘"

    state: InspectionState
    plan: f.InspectionPlanned
    window: Window

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.needs: dict[UUID, SiteVisitNeed] = {}
        self.invited: dict[str, Body] = {}
        self.confirmed: set[str] = set()
        self.slots: tuple[Slot, ...] = ()
        self.answer_by: date | None = None
        self.answers: dict[str, f.SlotsAnswered] = {}
        self.slot: Slot | None = None
        self.drawings: DrawingSet | None = None
        self.seats: tuple[Seat, ...] = ()
        self.present: dict[str, f.InspectionCheckedIn] = {}
        self.results: dict[str, f.InspectionFindingRecorded] = {}
        self.reviews: dict[tuple[str, Discipline], f.DrawingReviewed] = {}
        self.noted_overdue: set[str] = set()
        self.asked_again: dict[str, f.AnotherVisitRequested] = {}
        self.absent: set[str] = set()
        self.clauses: dict[str, str] = {}
        self.deemed: set[str] = set()
        self.notice: f.RectificationNoticeIssued | None = None
        self.rectified = 0
        self.following: f.RectificationReported | None = None
        self.mended = False
        self.rounds = 0
        self.reinspected: dict[str, f.ReinspectionHeld] = {}

    @property
    def kind(self) -> InspectionKind:
        return self.plan.kind

    @property
    def place(self) -> str | None:
        """Whose calendar counts the days of the visit: that of its lead, one for all bodies that come together."""
        return place_of(self.plan.lead.code, self.plan.site)

    @property
    def of_drawings(self) -> bool:
        return self.kind is InspectionKind.DRAWING_REVIEW

    @property
    def bodies(self) -> tuple[Body, ...]:
        return tuple(self.invited.values())

    @property
    def days(self) -> Window:
        """The days on which the visit may take place: the fixed hour, else the whole window."""
        return Window(first=self.slot.day, last=self.slot.day) if self.slot else self.window

    @property
    def unsigned(self) -> tuple[Body, ...]:
        """Bodies whose result is missing and whose absence is not noted."""
        return tuple(b for code, b in self.invited.items() if code not in self.absent and not self._has_signed(code))

    @property
    def unseen(self) -> tuple[Body, ...]:
        """Bodies whose part nobody has seen: absent, and no clause lets that count as consent."""
        return tuple(
            b for code, b in self.invited.items()
            if code in self.absent and code not in self.deemed and not self._has_signed(code)
        )  # fmt: skip

    @property
    def objecting(self) -> tuple[Body, ...]:
        """Bodies whose problems nobody has seen mended."""
        if self.mended:
            return ()
        found = {problem.body.code for problem in self.problems}
        return tuple(
            body for code, body in self.invited.items()
            if code in found
            and (code not in self.reinspected or self.reinspected[code].result is InspectionResult.PROBLEMS)
        )  # fmt: skip

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What every body found wrong, merged for the one notice."""
        if self.of_drawings:
            return tuple(
                Problem(body=one.body, text=text, discipline=one.discipline)
                for one in self.reviews.values() for text in one.comments
            )  # fmt: skip
        return tuple(Problem(body=one.body, text=text) for one in self.results.values() for text in one.problems)

    def disciplines_of(self, organ: str) -> tuple[Discipline, ...]:
        """What a body signs for: its disciplines, or everything at once where none was assigned."""
        own = tuple(seat.discipline for seat in self.seats if seat.body.code == organ)
        return own or (Discipline.GENERAL,)

    def was_planned(self, fact: f.InspectionPlanned) -> None:
        self.plan, self.window, self.state = fact, fact.window, S.PLANNED
        self.needs = {need.case_id: need for need in fact.cases}
        self.drawings, self.seats = fact.drawings, fact.seats

    def was_invited(self, fact: f.InspectionInvited) -> None:
        self.invited[fact.body.code] = fact.body
        if fact.absence_clause is not None:
            self.clauses[fact.body.code] = fact.absence_clause
        self.state = S.INVITED

    def was_added(self, fact: f.SiteVisitAdded) -> None:
        self.needs[fact.need.case_id] = fact.need

    def was_dropped(self, fact: f.SiteVisitDropped) -> None:
        del self.needs[fact.need.case_id]
        for body in fact.released:
            del self.invited[body.code]
            self.confirmed.discard(body.code)
            self.absent.discard(body.code)
            self.deemed.discard(body.code)
            self.answers.pop(body.code, None)
        self._all_confirmed()

    def had_slots_proposed(self, fact: f.SlotsProposed) -> None:
        self.slots, self.answer_by = fact.slots, fact.answer_by
        self.answers.clear()

    def was_answered(self, fact: f.SlotsAnswered) -> None:
        self.answers[fact.body.code] = fact

    def was_fixed(self, fact: f.SlotFixed) -> None:
        self.slot = fact.slot
        # Who accepted the hour has said that it comes; who did not still has to.
        self.confirmed = {body.code for body in fact.accepted}
        self._all_confirmed()

    def was_confirmed(self, fact: f.AttendanceConfirmed) -> None:
        self.confirmed.add(fact.body.code)
        self._all_confirmed()

    def was_rescheduled(self, fact: f.InspectionRescheduled) -> None:
        self.window, self.state = fact.window, S.INVITED
        self.slots, self.slot, self.answer_by = (), None, None
        for told in (self.confirmed, self.absent, self.deemed, self.present, self.answers, self.noted_overdue):
            told.clear()

    def had_drawings_submitted(self, fact: f.DrawingsSubmitted) -> None:
        self.drawings = fact.drawings

    def had_disciplines_assigned(self, fact: f.DisciplinesAssigned) -> None:
        self.seats = fact.seats

    def was_checked_in(self, fact: f.InspectionCheckedIn) -> None:
        self.present[fact.body.code] = fact
        self._came(fact.body)
        if self.state in BEFORE_THE_VISIT:
            self.state = S.CHECKED_IN

    def was_signed(self, fact: f.InspectionFindingRecorded) -> None:
        self.results[fact.body.code] = fact
        self.state = S.FINDINGS_RECORDED

    def was_reviewed(self, fact: f.DrawingReviewed) -> None:
        self.reviews[fact.body.code, fact.discipline] = fact
        if self._has_signed(fact.body.code):
            self._came(fact.body)
        self.state = S.FINDINGS_RECORDED

    def was_overdue(self, fact: f.InspectionResultOverdue) -> None:
        self.noted_overdue.add(fact.body.code)

    def was_asked_again(self, fact: f.AnotherVisitRequested) -> None:
        self.asked_again[fact.body.code] = fact

    def was_absent(self, fact: f.InspectionAbsenceNoted) -> None:
        self.absent.add(fact.body.code)

    def was_deemed(self, fact: f.InspectionAbsenceDeemed) -> None:
        self.deemed.add(fact.body.code)

    def was_notified(self, fact: f.RectificationNoticeIssued) -> None:
        self.notice, self.state = fact, S.RECTIFICATION_ISSUED

    def was_rectified(self, fact: f.RectificationReported) -> None:
        self.rectified += 1
        self.following, self.state = fact, S.RECTIFIED

    def was_reinspected(self, fact: f.ReinspectionHeld) -> None:
        self.reinspected[fact.body.code] = fact
        self.state = S.REINSPECTED

    def reinspection_was_noted(self, fact: f.ReinspectionNoted) -> None:
        self.following = None
        if fact.outcome is ReinspectionOutcome.CANCELLED:
            # One that was called off has seen nothing: the rectification may be reported anew.
            self.state = S.RECTIFICATION_ISSUED
            return
        self.state, self.rounds = S.REINSPECTED, fact.rounds
        self.mended = fact.outcome is ReinspectionOutcome.PASSED

    def was_concluded(self, fact: f.InspectionConcluded) -> None:
        self.state = S.PASSED if fact.outcome is InspectionOutcome.PASSED else S.FAILED

    def was_cancelled(self, fact: f.InspectionCancelled) -> None:
        self.state = S.CANCELLED

    @property
    def _cases(self) -> dict[str, Any]:
        return {"case_id": self.plan.case_id, "case_ids": tuple(self.needs), "kind": self.kind}

    @property
    def _this(self) -> dict[str, Any]:
        return {**self._cases, "inspection_id": self.id}

    @property
    def _chain(self) -> dict[str, Any]:
        """What an end says of the inspection before it and of one that still follows."""
        following = self.following.reinspection if self.following else None
        return {
            "parent_id": self.plan.parent_id, "round": self.plan.round,
            "reinspection_id": following.inspection_id if following else None,
        }  # fmt: skip

    def _all_confirmed(self) -> None:
        if self.state is S.INVITED and self.confirmed.issuperset(self.invited):
            self.state = S.CONFIRMED

    def _came(self, body: Body) -> None:
        self.absent.discard(body.code)
        self.deemed.discard(body.code)

    def _has_signed(self, organ: str) -> bool:
        if self.of_drawings:
            return all((organ, discipline) in self.reviews for discipline in self.disciplines_of(organ))
        return organ in self.results

    def _only(self, command: Command, *kinds: InspectionKind) -> None:
        if self.kind not in kinds:
            raise r.OtherKind(command=said_command(command), kind=self.kind)

    def _mine(self, given: Given) -> Body:
        if given.by.organ not in self.invited:
            raise r.NotInvitedToInspect(organ=given.by.organ)
        return self.invited[given.by.organ]

    def _all_signed(self) -> None:
        if self.unsigned:
            raise r.ResultsMissing(bodies=self.unsigned)

    def _settled(self) -> Facts:
        """What follows by itself once every part has been seen: without a problem the visit has passed.

        A body that was absent signed nothing, so its part is never passed without a person saying so, unless a clause
        lets absence count; and a joint acceptance ends with its merged opinion, which a person issues."""
        if self.state not in (S.FINDINGS_RECORDED, S.REINSPECTED) or self.unsigned or self.unseen or self.objecting:
            return
        if self.asked_again or self._ends_with_an_opinion or not self._anybody_signed:
            return
        again = self.state is S.REINSPECTED
        told = (
            "问题均已整改并复核。All problems are mended."
            if again
            else "各部门均签署符合要求。All bodies signed as passed."
        )
        yield self._concluded(InspectionOutcome.PASSED, told, True)

    @property
    def _ends_with_an_opinion(self) -> bool:
        return self.kind is InspectionKind.COMPLETION_ACCEPTANCE and self.plan.parent_id is None

    @property
    def _anybody_signed(self) -> bool:
        return bool(self.results or self.reviews)

    def _named(self, codes: Iterable[str]) -> tuple[Body, ...]:
        return tuple(body for code, body in self.invited.items() if code in set(codes))

    def _concluded(self, outcome: InspectionOutcome, reason: str, automatic: bool) -> f.InspectionConcluded:
        return f.InspectionConcluded(
            **self._cases, **self._chain, bodies=self.bodies, outcome=outcome, reason=reason, automatic=automatic,
            rounds=self.rounds, case_nos=tuple(need.case_no for need in self.needs.values()),
            absent=self._named(self.absent),
        )  # fmt: skip
