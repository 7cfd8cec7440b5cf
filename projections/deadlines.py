"""What is due, and when? (办理时限) Every clock of a case, with its pauses and its extension."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.words import Means
from domain.commitment.facts import CommitmentChecked, CommitmentClosed, CommitmentFact, CommitmentOpened
from domain.kernel.event import Event
from domain.kernel.time import last_day
from domain.kernel.words import Handling, ItemTerms, ToleranceLapse, Word
from domain.rules.dates import business_date
from domain.rules.errors import NoRuleInForce
from domain.rules.loader import time_limit
from domain.supervision_finding import FindingKind, FindingReported
from projections.view import Page, Projection, Reader, RowMissing, Table


class Clock(Word):
    """What a deadline is about (时限种类)."""

    NOTICE = "notice", "受理告知期限", "notice of acceptance, refusal or correction"
    CORRECTION = "correction", "补正期限", "correction by the applicant"
    TOLERANCE = "tolerance", "容缺补齐期限", "tolerated materials"
    STATUTORY = "statutory", "法定办理期限", "decision by law"
    PROMISED = "promised", "承诺办理期限", "decision as promised"
    COMMITMENT = "commitment", "承诺核查期限", "check of the commitment"
    DELIVERY = "delivery", "送达期限", "service of the license"
    PUBLICITY = "publicity", "公示期限", "publication of the decision"


@dataclass(slots=True)
class DeadlineRow:
    """One clock of a case. ``due`` is its last day, none while the calendar of that year is not published;
    ``days`` counts the extension in; a clock with ``paused_on`` stands still and is not due."""

    case_id: UUID
    clock: str
    case_no: str
    organ: str
    item: str
    item_name: str
    started_on: date
    days: int
    due: date | None
    open: bool
    position: int
    extended: int = 0
    met_on: date | None = None
    paused_on: date | None = None
    planned_end: date | None = None
    pauses: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    statutory_days: int | None = None
    promised_days: int = 0


_DEADLINE = "SELECT * FROM projections.deadline"


def of_case(read: Reader, case_id: UUID) -> list[DeadlineRow]:
    """Every clock that ever ran for a case, open or met, the earliest due first."""
    return read.rows(
        DeadlineRow, _DEADLINE + " WHERE case_id = %s AND (open OR due IS NOT NULL) ORDER BY due, clock", (case_id,)
    )


def due_before(
    read: Reader,
    when: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies before ``when``: what is overdue on that day. Paused ones stand still.

    The timers ask with today: NOTICE brings DeemAccepted, CORRECTION and TOLERANCE bring their lapse."""
    return _open(read, "due < %(when)s", {"when": when}, clocks, organ, cursor, limit)


def due_between(
    read: Reader,
    first: date,
    last: date,
    *,
    clocks: Iterable[Clock] = (),
    organ: str = "",
    cursor: str | None = None,
    limit: int = 200,
) -> Page[DeadlineRow]:
    """Open clocks whose last day lies between two days, both included: what comes next."""
    return _open(read, "due BETWEEN %(a)s AND %(b)s", {"a": first, "b": last}, clocks, organ, cursor, limit)


def without_due_date(read: Reader, *, cursor: str | None = None, limit: int = 200) -> Page[DeadlineRow]:
    """Open clocks that end in a year whose calendar is not published; a rebuild after its release dates them."""
    return read.page(
        DeadlineRow, _DEADLINE + " WHERE open AND due IS NULL", {},
        order=("case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip


def _open(
    read: Reader, where: str, params: dict[str, object], clocks: Iterable[Clock], organ: str, cursor: str | None,
    limit: int,
) -> Page[DeadlineRow]:  # fmt: skip
    kinds = [str(c) for c in clocks]
    return read.page(
        DeadlineRow,
        f"{_DEADLINE} WHERE open AND paused_on IS NULL AND {where}"
        + (" AND clock = ANY(%(clocks)s)" if kinds else "") + (" AND organ = %(organ)s" if organ else ""),
        params | {"clocks": kinds, "organ": organ},
        order=("due", "case_id", "clock"), cursor=cursor, limit=limit,
    )  # fmt: skip


DAYS_OF_THE_DECISION = (Clock.STATUTORY, Clock.PROMISED)
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
    """Every clock of every case. Dates only: a clock is never compared by the second."""

    NAME = "deadlines"
    ZH = "办理时限"
    VERSION = 2
    clocks = Table(
        "deadline", DeadlineRow, key=("case_id", "clock"), touched=_case_of,
        indexes=("(due, case_id, clock) WHERE open", "(case_id, clock) WHERE open AND due IS NULL"),
    )  # fmt: skip

    def submitted(self, fact: f.ApplicationSubmitted) -> None:
        self.clocks.put(
            DeadlineRow(
                case_id=fact.originator_id, clock=Clock.NOTICE, case_no=fact.case_no, organ=fact.organ,
                item=fact.terms.item, item_name=fact.terms.name, started_on=business_date(fact.occurred_at),
                days=0, due=None, open=False, position=self.position,
            )
        )  # fmt: skip

    def reported(self, fact: f.CaseReported) -> None:
        # A reported case has clocks only where the catalogue knows its item; its first row carries the terms' days.
        if fact.terms is not None:
            self.clocks.put(
                DeadlineRow(
                    case_id=fact.originator_id, clock=Clock.NOTICE, case_no=fact.case_no, organ=fact.actor.organ,
                    item=fact.item, item_name=fact.item_name, started_on=fact.opened_on, days=0, due=None,
                    open=False, position=self.position, statutory_days=statutory_days(fact.terms, fact.opened_on),
                    promised_days=fact.terms.promised_days,
                )
            )  # fmt: skip

    def step_reported(self, fact: f.StepReported) -> None:
        if fact.means is None:
            return
        notice, day = self.clocks.peek(fact.originator_id, Clock.NOTICE), business_date(fact.occurred_at)
        if notice is None:
            return
        if fact.means is Means.ACCEPTED and self.clocks.peek(fact.originator_id, Clock.STATUTORY) is None:
            statutory = notice.statutory_days
            if statutory is not None:
                self._decision_clocks(fact, day, statutory, min(notice.promised_days, statutory))
        elif fact.means in (Means.GRANTED, Means.DENIED):
            self._decided(fact, day, granted=False)

    def received(self, fact: f.MaterialReceived | f.CorrectionSubmitted) -> None:
        day = business_date(fact.occurred_at)
        self._met(fact, Clock.CORRECTION, day)
        self._start(fact, Clock.NOTICE, day, fact.notice_due, _days("intake", day) or 0)

    def correction_requested(self, fact: f.CorrectionRequested) -> None:
        day = business_date(fact.occurred_at)
        self._met(fact, Clock.NOTICE, day)
        self._start(fact, Clock.CORRECTION, day, fact.until, missing=list(fact.missing))

    def accepted(self, fact: f.Acceptance) -> None:
        # Deemed acceptance is no notice: the clock of the notice ends unmet.
        self._met(fact, Clock.NOTICE, None if isinstance(fact, f.AcceptanceDeemed) else business_date(fact.occurred_at))
        self._decision_clocks(fact, fact.day_zero, fact.statutory_days, fact.promised_days)
        if isinstance(fact, f.ToleranceAccepted):
            day = business_date(fact.occurred_at)
            self._start(fact, Clock.TOLERANCE, day, min(fact.due_of.values()), missing=list(fact.missing))

    def tolerance_cleared(self, fact: f.ToleranceCleared) -> None:
        clock = self.clocks.get(fact.originator_id, Clock.TOLERANCE)
        if clock is not None:
            clock.missing = [m for m in clock.missing if m not in fact.materials]
            clock.due, clock.position = fact.until or clock.due, self.position
            if not clock.missing:
                self._met(fact, Clock.TOLERANCE, business_date(fact.occurred_at))

    def committed(self, fact: f.CommitmentFiled) -> None:
        self._start(fact, Clock.COMMITMENT, business_date(fact.occurred_at), fact.check_by)

    def tolerance_lapsed(self, fact: f.ToleranceLapsed) -> None:
        if fact.outcome is ToleranceLapse.DENY:
            # The case waits for its denial, and its other clocks run on.
            self._met(fact, Clock.TOLERANCE, None)
        else:
            self._all_over(fact)

    def commitment_withdrawn(self, fact: f.CommitmentWithdrawn) -> None:
        self._met(fact, Clock.COMMITMENT, None)

    def commitment_checked(self, fact: FindingReported) -> None:
        if fact.kind is FindingKind.COMMITMENT_CHECK and fact.case_id is not None:
            clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
            if clock is not None and clock.open:
                clock.open, clock.met_on, clock.position = False, fact.found_on, self.position

    def commitment_followed(self, fact: CommitmentOpened) -> None:
        """From the grant on, the window is that of the commitment itself."""
        case = self.clocks.peek(fact.case_id, Clock.NOTICE)
        if case is not None:
            self.clocks.put(
                replace(
                    case, clock=Clock.COMMITMENT, started_on=fact.decided_on, days=0, due=fact.check_by, open=True,
                    position=self.position, extended=0, met_on=None, pauses=[], missing=[],
                )
            )  # fmt: skip

    def commitment_seen(self, fact: CommitmentChecked) -> None:
        clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
        if clock is not None:
            clock.open, clock.position = fact.next_check_by is not None, self.position
            clock.met_on = None if clock.open else fact.checked_on
            clock.due = fact.next_check_by or clock.due

    def commitment_ended(self, fact: CommitmentClosed) -> None:
        clock = self.clocks.get(fact.case_id, Clock.COMMITMENT)
        if clock is not None:
            clock.open, clock.position = False, self.position

    def paused(self, fact: f.SpecialProcedureStarted) -> None:
        for clock in self._running(fact):
            clock.paused_on, clock.planned_end = fact.started_on, fact.planned_end
            self._date(clock)

    def resumed(self, fact: f.SpecialProcedureEnded) -> None:
        for clock in self._running(fact):
            if clock.paused_on is not None:
                last = max(clock.paused_on, fact.ended_on)
                clock.pauses = [*clock.pauses, [clock.paused_on.isoformat(), last.isoformat()]]
                clock.paused_on = clock.planned_end = None
                self._date(clock)

    def extended(self, fact: f.TimeLimitExtended) -> None:
        for clock in self._running(fact):
            clock.days, clock.extended = clock.days + fact.days, clock.extended + fact.days
            self._date(clock)

    def decided(self, fact: f.Decision) -> None:
        self._decided(fact, business_date(fact.occurred_at), granted=isinstance(fact, f.DecisionGranted))

    def delivered(self, fact: f.LicenseDelivered) -> None:
        self._met(fact, Clock.DELIVERY, business_date(fact.occurred_at))

    def published(self, fact: f.DecisionPublished) -> None:
        self._met(fact, Clock.PUBLICITY, business_date(fact.occurred_at))

    def ended(self, fact: Ended) -> None:
        self._all_over(fact)

    def _all_over(self, fact: Event) -> None:
        met = isinstance(fact, f.PermitNotRequired | f.AcceptanceRefused)
        for clock in self.clocks.family(fact.originator_id):
            if clock.open:
                day = business_date(fact.occurred_at) if met and clock.clock == Clock.NOTICE else None
                clock.open, clock.met_on, clock.position = False, day, self.position

    def _decision_clocks(self, fact: Event, day_zero: date, statutory: int, promised: int) -> None:
        for kind, days in ((Clock.STATUTORY, statutory), (Clock.PROMISED, promised)):
            self._start(fact, kind, day_zero, last_day(day_zero, days), days)

    def _decided(self, fact: Event, day: date, *, granted: bool) -> None:
        for kind in DAYS_OF_THE_DECISION:
            self._met(fact, kind, day)
        if isinstance(fact, f.Decision):
            self._start_limit(fact, Clock.PUBLICITY, day)
        if granted:
            self._start_limit(fact, Clock.DELIVERY, day)
        else:
            self._met(fact, Clock.COMMITMENT, None)

    def _start_limit(self, fact: Event, kind: Clock, day: date) -> None:
        days = _days(str(kind), day)
        if days is not None:
            self._start(fact, kind, day, last_day(day, days), days)

    def _start(
        self, fact: Event, kind: Clock, day: date, due: date | None, days: int = 0, missing: list[str] | None = None
    ) -> None:
        case = self.clocks.peek(fact.originator_id, Clock.NOTICE)
        if case is None:
            raise RowMissing("deadline", fact.originator_id)
        self.clocks.put(
            replace(
                case, clock=kind, started_on=day, days=days, due=due, open=True, position=self.position, extended=0,
                met_on=None, paused_on=None, planned_end=None, pauses=[], missing=missing or [],
            )
        )  # fmt: skip

    def _met(self, fact: Event, kind: Clock, day: date | None) -> None:
        clock = self.clocks.get(fact.originator_id, kind)
        if clock is not None and clock.open:
            clock.open, clock.met_on, clock.position = False, day, self.position
            clock.paused_on = clock.planned_end = None

    def _running(self, fact: Event) -> list[DeadlineRow]:
        """The clocks that a special procedure or an extension concerns: both run over the same pauses."""
        found = []
        for kind in DAYS_OF_THE_DECISION:
            clock = self.clocks.get(fact.originator_id, kind)
            if clock is not None and clock.open:
                clock.position = self.position
                found.append(clock)
        return found

    def _date(self, clock: DeadlineRow) -> None:
        pauses = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in clock.pauses]
        if clock.paused_on is not None and clock.planned_end is not None:
            pauses.append((clock.paused_on, max(clock.paused_on, clock.planned_end)))
        clock.due = last_day(clock.started_on, clock.days, pauses)


def statutory_days(terms: ItemTerms, on: date) -> int | None:
    """The legal limit of an item: its own statute, else Article 42 by the way it is handled, once in force."""
    if terms.statutory_days is not None:
        return terms.statutory_days
    return _days("statutory_joint" if terms.handling is Handling.JOINT else "statutory_single", on)


def _days(limit: str, on: date) -> int | None:
    """A limit of the rules, or none where none was in force: a source may report cases older than the law."""
    try:
        return time_limit(limit, on=on).value
    except NoRuleInForce:
        return None
