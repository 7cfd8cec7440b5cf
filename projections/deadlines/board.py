"""How facts start, pause, move and end the clocks of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.clocks import (
    end_of_limit,
    limit_of_rules,
    promised_limit,
    statutory_limit,
    terms_of_limits,
)
from domain.approval_case.file import Told
from domain.approval_case.words import Means
from domain.commitment.facts import CommitmentChecked, CommitmentClosed, CommitmentFact, CommitmentOpened
from domain.kernel.event import Event
from domain.kernel.time import place_of
from domain.kernel.words import ItemTerms, ToleranceLapse
from domain.rules.dates import business_date
from domain.rules.limits import End, TimeLimit
from domain.rules.loader import Unit
from domain.rules.working_days import WorkingCalendar, calendar_told, working_calendar
from domain.supervision_finding import FindingKind, FindingReported
from projections.deadlines.rows import Clock, DeadlineRow
from projections.view import Projection, RowMissing, Table

OF_THE_DECISION = (Clock.STATUTORY, Clock.PROMISED)
Ended = (
    f.CorrectionLapsed | f.CaseWithdrawn | f.CaseTerminated | f.PermitNotRequired
    | f.AcceptanceRefused
)  # fmt: skip


def _case_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, f.StepReported):
        return (event.originator_id,) if event.means is not None else ()
    if isinstance(event, (FindingReported, CommitmentFact)):
        return (event.case_id,) if event.case_id else ()
    return (event.originator_id,)


class Deadlines(Projection):
    """Every clock of every case. Days only, but for limits in parts of a day: those are compared by the moment."""

    NAME = "deadlines"
    ZH = "办理时限"
    VERSION = 3
    clocks = Table(
        "deadline", DeadlineRow, key=("case_id", "clock"), touched=_case_of,
        indexes=(
            "(due, case_id, clock) WHERE open", "(case_id, clock) WHERE open AND due IS NULL",
            "(case_id, clock) WHERE open AND calendar <> ''",
        ),
    )  # fmt: skip

    def submitted(self, fact: f.ApplicationSubmitted) -> None:
        self.clocks.put(
            DeadlineRow(
                case_id=fact.originator_id, clock=Clock.NOTICE, case_no=fact.case_no, organ=fact.organ,
                item=fact.terms.item, item_name=fact.terms.name, started_on=business_date(fact.occurred_at),
                amount=0, due=None, open=False, position=self.position,
            )
        )  # fmt: skip

    def reported(self, fact: f.CaseReported) -> None:
        # A reported case has clocks only where the catalogue knows its item; its first row carries the terms.
        if fact.terms is not None:
            self.clocks.put(
                DeadlineRow(
                    case_id=fact.originator_id, clock=Clock.NOTICE, case_no=fact.case_no, organ=fact.actor.organ,
                    item=fact.item, item_name=fact.item_name, started_on=fact.opened_on, amount=0, due=None,
                    open=False, position=self.position, terms=terms_of_limits(fact.terms),
                    region=place_of(fact.actor.organ, fact.site),
                )
            )  # fmt: skip

    def step_reported(self, fact: f.StepReported) -> None:
        if fact.means is None:
            return
        notice, day = self.clocks.peek(fact.originator_id, Clock.NOTICE), business_date(fact.occurred_at)
        if notice is None:
            return
        if fact.means is Means.ACCEPTED and self.clocks.peek(fact.originator_id, Clock.STATUTORY) is None:
            self._decision_clocks_of_report(fact, notice, day)
        elif fact.means in (Means.GRANTED, Means.DENIED):
            for kind in OF_THE_DECISION:
                self._met(fact, kind, day)

    def received(self, fact: f.MaterialReceived | f.CorrectionSubmitted) -> None:
        self._met(fact, Clock.CORRECTION, business_date(fact.occurred_at))
        self._notice_starts(fact)

    def _notice_starts(self, fact: f.MaterialReceived | f.CorrectionSubmitted | f.OutstandingSupplied) -> None:
        day = fact.received_on or business_date(fact.occurred_at)
        notice = self.clocks[fact.originator_id, Clock.NOTICE]
        notice.region = fact.region
        limit = limit_of_rules("intake", day, fact.region)
        self._start(fact, Clock.NOTICE, limit or TimeLimit(day, 0), _told(fact), due=_end_on(fact.notice_due))

    def correction_requested(self, fact: f.CorrectionRequested) -> None:
        day = business_date(fact.occurred_at)
        self._met(fact, Clock.NOTICE, day)
        self._dated(fact, Clock.CORRECTION, day, fact.until, fact.missing)

    def accepted(self, fact: f.Acceptance) -> None:
        # Deemed acceptance is no notice: the clock of the notice ends unmet.
        day = business_date(fact.occurred_at)
        deemed = isinstance(fact, f.AcceptanceDeemed)
        self._met(fact, Clock.NOTICE, None if deemed else day, closed_on=day)
        self.clocks[fact.originator_id, Clock.NOTICE].region = fact.region
        told = _told(fact)
        for kind, amount, unit, due, at in (
            (Clock.STATUTORY, fact.statutory_days, fact.statutory_unit, fact.statutory_due, fact.statutory_at),
            (Clock.PROMISED, fact.promised_days, fact.promised_unit, fact.promised_due, fact.promised_at),
        ):
            limit = TimeLimit(fact.day_zero, amount, Unit(unit), fact.runs_from if at else None, region=fact.region)
            self._start(fact, kind, limit, told, due=_end_on(due, at))
        if isinstance(fact, f.ToleranceAccepted):
            self._dated(fact, Clock.TOLERANCE, day, min(fact.due_of.values()), fact.missing)

    def tolerance_cleared(self, fact: f.ToleranceCleared) -> None:
        clock = self.clocks.get(fact.originator_id, Clock.TOLERANCE)
        if clock is not None:
            clock.missing = [m for m in clock.missing if m not in fact.materials]
            if fact.until is not None:
                self._dated_anew(clock, fact.until)
            if not clock.missing:
                self._met(fact, Clock.TOLERANCE, business_date(fact.occurred_at))

    def committed(self, fact: f.CommitmentFiled) -> None:
        self._dated(fact, Clock.COMMITMENT, business_date(fact.occurred_at), fact.check_by)

    def tolerance_lapsed(self, fact: f.ToleranceLapsed) -> None:
        if fact.outcome is ToleranceLapse.DENY:
            # The case waits for its denial, and its other clocks run on.
            self._met(fact, Clock.TOLERANCE, None, closed_on=business_date(fact.occurred_at))
        else:
            self._all_over(fact)

    def commitment_withdrawn(self, fact: f.CommitmentWithdrawn) -> None:
        self._met(fact, Clock.COMMITMENT, None, closed_on=business_date(fact.occurred_at))

    def commitment_checked(self, fact: FindingReported) -> None:
        if fact.kind is FindingKind.COMMITMENT_CHECK and fact.case_id is not None:
            clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
            if clock is not None and clock.open:
                clock.open, clock.position = False, self.position
                clock.met_on = clock.closed_on = fact.found_on

    def commitment_followed(self, fact: CommitmentOpened) -> None:
        """From the grant on, the window is that of the commitment itself."""
        if self.clocks.peek(fact.case_id, Clock.NOTICE) is not None:
            self._dated(fact, Clock.COMMITMENT, fact.decided_on, fact.check_by, case_id=fact.case_id)

    def commitment_seen(self, fact: CommitmentChecked) -> None:
        clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
        if clock is not None:
            clock.open, clock.position = fact.next_check_by is not None, self.position
            clock.met_on = clock.closed_on = None if clock.open else fact.checked_on
            if fact.next_check_by is not None:
                self._dated_anew(clock, fact.next_check_by)

    def commitment_ended(self, fact: CommitmentClosed) -> None:
        clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
        if clock is not None and clock.open:
            clock.open, clock.closed_on, clock.position = False, business_date(fact.occurred_at), self.position

    def paused(self, fact: f.SpecialProcedureStarted) -> None:
        for clock in self._running(fact):
            # A second procedure beside the first makes the same pause longer, not another one.
            clock.paused_on = clock.paused_on or fact.started_on
            clock.planned_end = max(clock.planned_end or fact.planned_end, fact.planned_end)
            self._date(clock, _told(fact))

    def resumed(self, fact: f.SpecialProcedureEnded) -> None:
        if fact.under_way:
            for clock in self._running(fact):
                # One that outlasts its plan: the clock stood still at least until the other ended.
                clock.planned_end = max(fact.planned_end or fact.ended_on, fact.ended_on)
                self._date(clock, _told(fact))
            return
        for clock in self._running(fact):
            if clock.paused_on is not None:
                last = max(clock.paused_on, fact.ended_on)
                clock.pauses = [*clock.pauses, [clock.paused_on.isoformat(), last.isoformat()]]
                clock.paused_on = clock.planned_end = None
                self._date(clock, _told(fact))

    def accepted_provisionally(self, fact: f.ProvisionallyAccepted) -> None:
        # Telling what is outstanding is the notice of Article 32; the clocks of the decision start with the acceptance.
        day = business_date(fact.occurred_at)
        self._met(fact, Clock.NOTICE, day)
        self._dated(fact, Clock.PROVISIONAL, day, fact.until, fact.outstanding)

    def provisional_opinion(self, fact: f.ProvisionalOpinionIssued | f.ProvisionalOpinionWithdrawn) -> None:
        clock = self.clocks.get(fact.originator_id, Clock.PROVISIONAL)
        if clock is not None and clock.open:
            self._dated_anew(clock, fact.valid_until if isinstance(fact, f.ProvisionalOpinionIssued) else fact.until)

    def outstanding_supplied(self, fact: f.OutstandingSupplied) -> None:
        clock = self.clocks.get(fact.originator_id, Clock.PROVISIONAL)
        if clock is not None:
            clock.missing, clock.position = list(fact.outstanding), self.position
        if not fact.outstanding:
            self._met(fact, Clock.PROVISIONAL, business_date(fact.occurred_at))
            self._notice_starts(fact)

    def provisional_lapsed(self, fact: f.ProvisionalApprovalLapsed) -> None:
        self._all_over(fact)

    def forwarded(self, fact: f.CaseForwarded) -> None:
        # The lower level has done its part; the level above counts its own days in a case of its own.
        for kind in OF_THE_DECISION:
            self._met(fact, kind, business_date(fact.occurred_at))

    def hearing_told(self, fact: f.HearingNoticeGiven) -> None:
        self._owed(fact, Clock.HEARING_REQUEST, "hearing_request", fact.ask_by)

    def hearing_asked(self, fact: f.HearingRequested) -> None:
        day = business_date(fact.occurred_at)
        self._met(fact, Clock.HEARING_REQUEST, day)
        self._owed(fact, Clock.HEARING, "hearing_convene", fact.hold_by)

    def hearing_waived(self, fact: f.HearingWaived) -> None:
        if fact.by_all:
            self._met(fact, Clock.HEARING_REQUEST, business_date(fact.occurred_at))

    def hearing_lapsed(self, fact: f.HearingLapsed) -> None:
        self._met(fact, Clock.HEARING_REQUEST, None, closed_on=business_date(fact.occurred_at))

    def hearing_scheduled(self, fact: f.HearingScheduled) -> None:
        # What the law demands is scheduled whether or not somebody asked.
        self._met(fact, Clock.HEARING_REQUEST, business_date(fact.occurred_at))

    def hearing_held(self, fact: f.HearingHeld) -> None:
        self._met(fact, Clock.HEARING, business_date(fact.occurred_at))

    def hearing_overdue(self, fact: f.HearingOverdue) -> None:
        self._met(fact, Clock.HEARING, None, closed_on=business_date(fact.occurred_at))

    def extended(self, fact: f.TimeLimitExtended) -> None:
        for clock in self._running(fact):
            clock.extended += fact.days
            self._date(clock, _told(fact))

    def recomputed(self, fact: f.DueDatesRecomputed) -> None:
        moved = {change.clock: change for change in fact.changes}
        for clock in self.clocks.family(fact.originator_id):
            # A clock whose day did not move is told by the new calendar all the same; what a decision told stays.
            if clock.open and (clock.clock in moved or clock.clock in (Clock.NOTICE, Clock.HEARING, *OF_THE_DECISION)):
                clock.calendar, clock.position = fact.calendar, self.position
                if change := moved.get(Clock.of(clock.clock)):
                    clock.due, clock.due_at = change.new, change.new_at

    def decided(self, fact: f.Decision) -> None:
        day, told = business_date(fact.occurred_at), _told(fact)
        for kind in OF_THE_DECISION:
            self._met(fact, kind, day)
        owed = [(Clock.PUBLICITY, fact.publicity_due)]
        if isinstance(fact, f.DecisionGranted):
            owed.append((Clock.DELIVERY, fact.delivery_due))
        else:
            self._met(fact, Clock.COMMITMENT, None, closed_on=day)
        for kind, due in owed:
            limit = limit_of_rules(str(kind), day, self.clocks[fact.originator_id, Clock.NOTICE].region)
            if limit is not None:
                # Facts of before this was told name no calendar: theirs is the one of their day.
                self._start(fact, kind, limit, told, due=_end_on(due) if fact.calendar else end_of_limit(limit, told))

    def delivered(self, fact: f.LicenseDelivered) -> None:
        self._met(fact, Clock.DELIVERY, business_date(fact.occurred_at))

    def published(self, fact: f.DecisionPublished | f.PublicationWithheld) -> None:
        self._met(fact, Clock.PUBLICITY, business_date(fact.occurred_at))

    def ended(self, fact: Ended) -> None:
        self._all_over(fact)

    def _all_over(self, fact: Event) -> None:
        met, day = isinstance(fact, f.PermitNotRequired | f.AcceptanceRefused), business_date(fact.occurred_at)
        for clock in self.clocks.family(fact.originator_id):
            if clock.open:
                clock.open, clock.closed_on, clock.position = False, day, self.position
                clock.met_on = day if met and clock.clock == Clock.NOTICE else None

    def _decision_clocks_of_report(self, fact: f.StepReported, notice: DeadlineRow, day: date) -> None:
        terms, calendar = ItemTerms.model_validate(notice.terms), _known(fact)
        statutory = statutory_limit(terms, day, fact.occurred_at, notice.region)
        if statutory is not None:
            promised = promised_limit(terms, statutory, fact.occurred_at, calendar)
            for kind, limit in ((Clock.STATUTORY, statutory), (Clock.PROMISED, promised)):
                self._start(fact, kind, limit, calendar, due=end_of_limit(limit, calendar))

    def _owed(self, fact: Event, kind: Clock, key: str, due: date | None) -> None:
        """A limit of the rules that runs from the day of a fact."""
        day, region = business_date(fact.occurred_at), self.clocks[fact.originator_id, Clock.NOTICE].region
        limit = limit_of_rules(key, day, region) or TimeLimit(day, 0)
        self._start(fact, kind, limit, _known(fact), due=_end_on(due))

    def _dated(
        self, fact: Event, kind: Clock, day: date, until: date, missing: Iterable[str] = (), case_id: UUID | None = None
    ) -> None:
        """A clock whose last day a document names: no calendar moves it."""
        limit = TimeLimit(day, max((until - day).days, 0), Unit.CALENDAR_DAYS)
        self._start(fact, kind, limit, None, due=End(until), missing=list(missing), case_id=case_id)

    def _dated_anew(self, clock: DeadlineRow, until: date) -> None:
        clock.due, clock.amount, clock.position = until, max((until - clock.started_on).days, 0), self.position

    def _start(
        self, fact: Event, kind: Clock, limit: TimeLimit, calendar: WorkingCalendar | None, *, due: End | None,
        missing: list[str] | None = None, case_id: UUID | None = None,
    ) -> None:  # fmt: skip
        case = self.clocks.peek(case_id or fact.originator_id, Clock.NOTICE)
        if case is None:
            raise RowMissing("deadline", fact.originator_id)
        self.clocks.put(
            replace(
                case, clock=kind, started_on=limit.start, amount=limit.amount, unit=str(limit.unit),
                started_at=limit.starts_at, due=due.on if due else None, due_at=due.at if due else None,
                calendar=calendar.version if calendar else "", open=True, position=self.position, extended=0,
                met_on=None, closed_on=None, paused_on=None, planned_end=None, pauses=[], missing=missing or [],
                terms=case.terms if kind == Clock.NOTICE else {},
            )
        )  # fmt: skip

    def _met(self, fact: Event, kind: Clock, day: date | None, *, closed_on: date | None = None) -> None:
        clock = self.clocks.get(fact.originator_id, kind)
        if clock is not None and clock.open:
            clock.open, clock.met_on, clock.closed_on, clock.position = False, day, closed_on or day, self.position
            clock.paused_on = clock.planned_end = None

    def _running(self, fact: Event) -> list[DeadlineRow]:
        """The clocks that a special procedure or an extension concerns: both run over the same pauses."""
        found = []
        for kind in OF_THE_DECISION:
            clock = self.clocks.get(fact.originator_id, kind)
            if clock is not None and clock.open:
                clock.position = self.position
                found.append(clock)
        return found

    def _date(self, clock: DeadlineRow, calendar: WorkingCalendar) -> None:
        end = end_of_limit(clock.limit(), calendar)
        clock.due, clock.due_at = (end.on, end.at) if end else (None, None)
        clock.calendar = calendar.version


def _known(fact: Event) -> WorkingCalendar:
    return working_calendar(business_date(fact.recorded_at))


def _told(fact: Told) -> WorkingCalendar:
    """The calendar by which a fact was told: the one it names, never one that was entered since."""
    return calendar_told(fact.calendar, business_date(fact.recorded_at))


def _end_on(day: date | None, at: datetime | None = None) -> End | None:
    return End(day, at) if day is not None else None
