"""The eight rules (廉政规则), each from the facts it needs; numbers come from the dated rules, never from here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from domain import push as p
from domain import supervision_finding as s
from domain.approval_case import facts as f
from domain.approval_case.clocks import terms_of_limits
from domain.approval_case.words import DenialGround, Outcome
from domain.consultation import ConsultationCancelled
from domain.joint_inspection.facts import InspectionCheckedIn
from domain.kernel.event import ACCEPTED, DENIED, EXAMINED, GRANTED, Event
from domain.kernel.time import last_day, place_of
from domain.kernel.words import ClaimMode, ItemTerms, SpecialProcedure, ToleranceLapse
from domain.rules.dates import business_date
from domain.rules.loader import threshold
from domain.rules.working_days import WorkingCalendar
from projections.integrity_board.experts import ExpertRules
from projections.integrity_board.flags import FlagRow
from projections.integrity_board.limits import (
    DAY,
    Limits,
    calendar_of,
    date_anew,
    limits_of_report,
    limits_told,
)
from projections.integrity_board.memory import (
    CaseState,
    Settled,
    cases_of,
    digest,
    earlier_by_rule,
    first_of,
    flags_of,
    in_force,
    shown,
    source_of,
)
from projections.integrity_board.queue import QueueRow, QueueRules, queue_of
from projections.view import Projection, Table

ITEM = "item"
"""The cause of a consultation that the item itself demands; any other is the id of a finding."""


class IntegrityBoard(ExpertRules, QueueRules, Projection):
    NAME = "integrity_board"
    ZH = "廉政风险看板"
    VERSION = 3

    cases = Table("integrity_case", CaseState, key=("case_id",), touched=cases_of)
    queue = Table("integrity_queue", QueueRow, key=("item", "case_id"), touched=queue_of)
    flags = Table(
        "integrity_flag", FlagRow, key=("stream", "rule_id", "detail"), touched=flags_of,
        indexes=(
            "(position, flag_id) WHERE holds_from IS NOT NULL OR notice_from IS NOT NULL", "(flag_id)",
            "(case_id) WHERE case_id IS NOT NULL",
        ),
    )  # fmt: skip

    # 办件的登记

    def submitted(self, fact: f.ApplicationSubmitted) -> None:
        self._case(fact, fact.case_no, fact.organ, fact.terms.item, fact.terms)

    def reported(self, fact: f.CaseReported) -> None:
        case = self._case(fact, fact.case_no, fact.actor.organ, fact.item, fact.terms, reported=True)
        case.region = place_of(fact.actor.organ, fact.site)
        if fact.terms is not None and fact.terms.consult:
            case.demands = {ITEM: fact.id}

    def step_reported(self, fact: f.StepReported) -> None:
        milestone = fact.milestone
        if milestone is None:
            return
        case, day = self.cases[fact.originator_id], business_date(fact.occurred_at)
        if milestone == ACCEPTED:
            if case.terms and self.flags.peek(case.case_id, "R01", "") is None:
                self._clocks(
                    case, fact, *limits_of_report(case.terms, case.region, day, fact.occurred_at, fact.recorded_at)
                )
            self._accepted(case, fact, fact.officer)
        elif milestone == EXAMINED:
            self._examined(case, fact)
        elif milestone in (GRANTED, DENIED):
            self._decided(case, fact, fact.officer)
            if milestone == GRANTED:
                # The platform owes the push from the day on which it could know of the decision.
                named = {b.code: b.name for b in (*fact.regulators, *fact.departments)}
                self._pushes_owed(case, fact, named, business_date(fact.recorded_at), case.region)

    # R01 超法定时限, R02 超承诺时限

    def accepted(self, fact: f.Acceptance) -> None:
        case = self.cases[fact.originator_id]
        self._clocks(case, fact, limits_told(fact), calendar_of(fact))
        self._accepted(case, fact, "" if isinstance(fact, f.AcceptanceDeemed) else fact.actor.id)
        self._queued(case, fact)

    def paused(self, fact: f.SpecialProcedureStarted) -> None:
        for row in (*self._running(fact), *self._in_hearing(fact, fact.procedure)):
            row.paused_on, row.evidence = row.paused_on or fact.started_on, [*row.evidence, fact.id]
            # A clock that stands still cannot run out; one that ran out before stays so.
            if row.due is not None and row.due >= fact.started_on:
                row.notice_from = row.holds_from = row.red_from = None

    def resumed(self, fact: f.SpecialProcedureEnded) -> None:
        hearing = fact.procedure or SpecialProcedure.HEARING
        for row in (*(() if fact.under_way else self._running(fact)), *self._in_hearing(fact, hearing)):
            if row.paused_on is not None:
                last = max(row.paused_on, fact.ended_on)
                row.pauses = [*row.pauses, [row.paused_on.isoformat(), last.isoformat()]]
                row.paused_on, row.evidence = None, [*row.evidence, fact.id]
                self._date(row, calendar_of(fact))

    def extended(self, fact: f.TimeLimitExtended) -> None:
        for row in self._running(fact):
            row.extended, row.evidence = row.extended + fact.days, [*row.evidence, fact.id]
            row.threshold = row.threshold | {"extension": fact.days}
            self._date(row, calendar_of(fact))

    def recomputed(self, fact: f.DueDatesRecomputed) -> None:
        for row in self._running(fact):
            row.evidence = [*row.evidence, fact.id]
            if row.paused_on is None:
                self._date(row, calendar_of(fact))

    def ended(self, fact: f.CaseWithdrawn | f.CaseTerminated | f.ToleranceLapsed) -> None:
        # Without a decision there is none that came late.
        if isinstance(fact, f.ToleranceLapsed) and fact.outcome is ToleranceLapse.DENY:
            return
        for row in self._running(fact):
            row.notice_from = row.holds_from = None
        self._left_the_queue(self.cases.peek(fact.originator_id), fact)

    def forwarded(self, fact: f.CaseForwarded) -> None:
        for row in self._running(fact):
            self._meet(row, fact)

    # R10 先批后审

    def examined(self, fact: f.ExaminationOpinionRecorded) -> None:
        self._examined(self.cases[fact.originator_id], fact)

    def visit_required(self, fact: f.SiteVisitRequired) -> None:
        self.cases[fact.originator_id].visit_demanded = True

    def visited(self, fact: InspectionCheckedIn) -> None:
        for case_id in fact.case_ids:
            case = self.cases.get(case_id)
            if case is not None and case.visit_demanded:
                case.visited = first_of(case.visited, fact)
                self._decided_too_early(case)

    # R39 应会商未会商

    def consultation_required(self, fact: f.ConsultationRequired) -> None:
        case = self.cases[fact.originator_id]
        case.demands = case.demands | {fact.cause: fact.id}

    def consultation_settled(self, fact: Settled) -> None:
        case = self.cases.get(fact.case_id)
        if case is None or case.decided is not None:
            return
        cancelled = isinstance(fact, ConsultationCancelled)
        if cancelled and fact.cause in case.settled:
            return
        told = {"how": "cancelled" if cancelled else "concluded", "event": fact.id}
        told["reason"] = fact.reason if isinstance(fact, ConsultationCancelled) else ""
        case.settled = case.settled | {fact.cause: told}

    def consultation_noted(self, fact: f.ConsultationNoted) -> None:
        case = self.cases[fact.originator_id]
        if case.decided is None and fact.outcome is not Outcome.CANCELLED:
            case.settled = case.settled | {fact.cause: {"how": "concluded", "event": fact.id, "reason": ""}}

    def finding_answered(self, fact: f.FindingAnswered) -> None:
        # An answered finding demands nothing any more; a consultation that it had asked for may be cancelled.
        case = self.cases[fact.originator_id]
        answered = {cause for cause in case.demands if source_of(cause) == str(fact.finding_id)}
        case.demands = {cause: event for cause, event in case.demands.items() if cause not in answered}

    # 决定: R01, R02, R10, R12, R33, R39

    def decided(self, fact: f.Decision) -> None:
        case = self.cases[fact.originator_id]
        # Rules that hold officers apart hold no machine apart from itself: its rules are published (R12, R20).
        self._decided(case, fact, "" if fact.rule_version else fact.actor.id)
        self._left_the_queue(case, fact, granted=isinstance(fact, f.DecisionGranted))
        if isinstance(fact, f.DecisionGranted):
            named = {r.code: r.name for r in fact.regulators}
            self._pushes_owed(case, fact, named, business_date(fact.occurred_at), fact.region)

    # R30 推送未签收, R33 应推未推

    def dispatched(self, fact: p.PushDispatched) -> None:
        day = business_date(fact.occurred_at)
        owed = self.flags.get(fact.case_id, "R33", f"{fact.decision_id.rpartition(':')[2]}:{fact.regulator}")
        if owed is not None and owed.met_on is None:
            self._meet(owed, fact)
        if fact.claim_mode is ClaimMode.ON_DELIVERY:
            return
        rule = in_force("R30", day)
        if rule is None:
            return
        place = fact.content.place_of(fact.regulator)
        red = last_day(day, rule["claim_red"], region=place)
        for duty, due, days, red_due in (
            ("acknowledge", fact.acknowledge_due, rule["acknowledge_yellow"], None),
            ("claim", fact.claim_due, rule["claim_yellow"], red),
        ):
            self.flags.put(
                self._row(
                    "R30", fact.originator_id, duty, fact.id, day, due, days, red_from=red_due + DAY if red_due else None,
                    case_id=fact.case_id, case_no=fact.content.case_no, item=fact.content.item,
                    regulator=fact.regulator, subject_kind="push", subject_key=str(fact.originator_id),
                    threshold={"working_days": days, "red": rule["claim_red"] if red_due else None},
                    observed={"sentence": f"R30 {duty}", "regulator_name": fact.regulator_name}, region=place,
                )
            )  # fmt: skip

    def acknowledged(self, fact: p.PushAcknowledged) -> None:
        self._came(fact, "R30", ("acknowledge",))

    def claimed(self, fact: p.PushClaimed) -> None:
        self._came(fact, "R30", ("acknowledge", "claim"))

    def settled(self, fact: p.PushReturned | p.PushReassigned | p.PushSuperseded) -> None:
        # Whoever sends it back has answered: it belongs to somebody else.
        self._came(fact, "R30", ("acknowledge", "claim"))

    def pressed(self, fact: p.PushReminded | p.PushEscalated) -> None:
        for duty in ("acknowledge", "claim"):
            row = self.flags.get(fact.originator_id, "R30", duty)
            if row is not None and row.met_on is None:
                row.evidence = [*row.evidence, fact.id]

    # R32 监管信息未处置

    def finding_reported(self, fact: s.FindingReported) -> None:
        day = business_date(fact.occurred_at)
        if s.Demand.LICENSE_CHANGE not in fact.demands:
            return
        rule = in_force("R32", day)
        if rule is None:
            return
        place = fact.site.region if fact.site else None
        red = last_day(day, rule["register_red"], region=place)
        for duty, due, days, severity, red_due in (
            ("register", fact.register_by, rule["register_yellow"], "yellow", red),
            ("decide", fact.decide_by, rule["decide_red"], "red", None),
        ):
            # A further revision is judged anew: what was incomplete went back and came again.
            self.flags.put(
                self._row(
                    "R32", fact.originator_id, duty, fact.id, day, due, days, severity=severity,
                    red_from=red_due + DAY if red_due else None, case_id=fact.case_id, case_no=fact.case_no or "",
                    item="", regulator=fact.organ.code, subject_kind="finding", subject_key=fact.finding_no,
                    threshold={"working_days": days, "red": rule["register_red"] if red_due else days},
                    observed={"sentence": f"R32 {duty}", "regulator_name": fact.organ.name}, region=place,
                )
            )  # fmt: skip
        case = self.cases.get(fact.case_id) if fact.case_id else None
        if case is not None and str(fact.originator_id) not in case.findings:
            case.findings = [*case.findings, str(fact.originator_id)]

    def finding_received(self, fact: s.FindingReceived) -> None:
        self._came(fact, "R32", ("register",))

    def finding_handled(self, fact: s.FindingHandled) -> None:
        self._came(fact, "R32", ("register", "decide"))

    def finding_overdue(self, fact: s.FindingOverdue) -> None:
        row = self.flags.get(fact.originator_id, "R32", str(fact.duty))
        if row is not None:
            row.evidence = [*row.evidence, fact.id]

    # 共同的做法

    def _case(
        self, fact: Event, case_no: str, organ: str, item: str, terms: ItemTerms | None, *, reported: bool = False
    ) -> CaseState:
        return self.cases.put(
            CaseState(
                fact.originator_id, case_no, item, organ, terms.single_officer if terms else False,
                terms_of_limits(terms) if reported and terms else {},
            )
        )  # fmt: skip

    def _clocks(self, case: CaseState, fact: Event, limits: Limits, calendar: WorkingCalendar) -> None:
        if any(in_force(rule_id, limit.start) is None for rule_id, limit in limits.items()):
            return
        for rule_id, limit in limits.items():
            row = self.flags.put(self._of_case(rule_id, case, fact, limit.start, limit.amount))
            row.unit, row.started_at, row.region = str(limit.unit), limit.starts_at, limit.region
            row.threshold = {row.unit: limit.amount}
            self._date(row, calendar)

    def _of_case(self, rule_id: str, case: CaseState, fact: Event, day: date, days: int) -> FlagRow:
        return self._row(
            rule_id, case.case_id, "", fact.id, day, None, days, case_id=case.case_id, case_no=case.case_no,
            item=case.item, regulator="", subject_kind="case", subject_key=case.case_no,
            threshold={"working_days": days}, observed={},
        )  # fmt: skip

    def _row(
        self, rule_id: str, stream: UUID, detail: str, evidence: str, day: date, due: date | None, days: int, *,
        severity: str = "", red_from: date | None = None, **told: Any,
    ) -> FlagRow:  # fmt: skip
        rule = threshold(rule_id, on=day)
        return FlagRow(
            stream=stream, rule_id=rule_id, detail=detail, flag_id=f"{rule_id}:{stream}:{detail}".rstrip(":"),
            rule_version=rule.version, severity=severity or rule.severity, position=self.position, started_on=day,
            days=days, due=due, holds_from=due + DAY if due else None, red_from=red_from, evidence=[evidence], **told,
        )  # fmt: skip

    def _date(self, row: FlagRow, calendar: WorkingCalendar) -> None:
        date_anew(row, calendar)
        row.position = self.position
        legal, kept = (self.flags.get(row.stream, rule_id, "") for rule_id in ("R01", "R02"))
        if legal is not None and kept is not None:
            kept.holds_to = legal.due

    def _running(self, fact: Event) -> list[FlagRow]:
        found = (self.flags.get(fact.originator_id, rule_id, "") for rule_id in ("R01", "R02"))
        return [row for row in found if row is not None and row.met_on is None]

    def _in_hearing(self, fact: Event, procedure: SpecialProcedure) -> list[FlagRow]:
        """What is owed on findings about a case waits while the case is in a hearing."""
        if procedure is not SpecialProcedure.HEARING:
            return []
        found = (self.flags.get(UUID(one), "R32", "decide") for one in self._findings_of(fact.originator_id))
        return [row for row in found if row is not None and row.met_on is None]

    def _meet(self, row: FlagRow, fact: Event) -> None:
        row.met_on, row.position = business_date(fact.occurred_at), self.position
        row.evidence = [*row.evidence, fact.id]
        if row.holds_from is None or row.met_on < row.holds_from:
            # In time: it never held. Without these days it also leaves the index that readers walk along.
            row.holds_from = row.notice_from = row.red_from = None

    def _findings_of(self, case_id: UUID) -> list[str]:
        case = self.cases.peek(case_id)
        return case.findings if case else []

    def _came(self, fact: Event, rule_id: str, duties: Iterable[str]) -> None:
        for duty in duties:
            row = self.flags.get(fact.originator_id, rule_id, duty)
            if row is not None and row.met_on is None:
                self._meet(row, fact)

    def _accepted(self, case: CaseState, fact: Event, officer: str) -> None:
        if officer:
            case.accepted_by = case.accepted_by | {digest(officer): fact.id}
            self._same_officer(case, fact)

    def _examined(self, case: CaseState, fact: Event) -> None:
        case.examined = first_of(case.examined, fact)
        self._decided_too_early(case)

    def _decided(self, case: CaseState, fact: Event, officer: str) -> None:
        day = business_date(fact.occurred_at)
        for row in self._running(fact):
            self._meet(row, fact)
        first = case.decided is None
        case.decided = first_of(case.decided, fact)
        if officer:
            case.decided_by = case.decided_by | {digest(officer): fact.id}
            self._same_officer(case, fact)
        self._decided_too_early(case)
        if first and not (isinstance(fact, f.DecisionDenied) and fact.ground is DenialGround.MATERIALS_NEVER_CAME):
            self._skipped_consultations(case, fact, day)

    def _same_officer(self, case: CaseState, fact: Event) -> None:
        both = case.accepted_by.keys() & case.decided_by.keys()
        day = business_date(fact.occurred_at)
        if not both or case.single_officer or in_force("R12", day) is None:
            return
        row = self.flags.get(case.case_id, "R12", "") or self.flags.put(self._of_case("R12", case, fact, day, 0))
        row.holds_from = row.holds_from or day
        row.threshold, row.observed = {"officers": 0}, {"officers": len(both)}
        row.evidence = sorted({by[one] for one in both for by in (case.accepted_by, case.decided_by)})

    def _decided_too_early(self, case: CaseState) -> None:
        decided = case.decided
        for what, zh, en, seen in (
            ("opinion", "审查意见", "examination opinion", case.examined),
            ("visit", "现场核查", "site check", case.visited),
        ):
            row = self.flags.get(case.case_id, "R10", what)
            if decided is None or seen is None or not earlier_by_rule(decided, seen):
                # An examination that is reported late may turn out to have come first.
                if row is not None:
                    row.holds_from = None
                continue
            day = date.fromisoformat(max(decided["day"], seen["day"]))
            if row is None:
                skew = threshold("R10", on=day)["clock_skew"]
                row = self.flags.put(
                    self._row(
                        "R10", case.case_id, what, decided["id"], day, None, 0, case_id=case.case_id,
                        case_no=case.case_no, item=case.item, regulator="", subject_kind="case",
                        subject_key=case.case_no, threshold={"clock_skew_minutes": skew}, observed={},
                    )
                )  # fmt: skip
            row.holds_from, row.evidence = day, [decided["id"], seen["id"]]
            row.observed = {
                "decided": shown(decided), "examined": shown(seen), "what_zh": zh, "what_en": en,
            }  # fmt: skip

    def _skipped_consultations(self, case: CaseState, fact: Event, day: date) -> None:
        if in_force("R39", day) is None:
            return
        for source in dict.fromkeys(map(source_of, case.demands)):
            causes = [cause for cause in case.demands if source_of(cause) == source]
            settled = [case.settled[cause] for cause in causes if cause in case.settled]
            if any(one["how"] == "concluded" for one in settled):
                continue
            row = self._row(
                "R39", case.case_id, source, fact.id, day, None, 0, severity="notice" if settled else "",
                case_id=case.case_id, case_no=case.case_no, item=case.item, regulator="", subject_kind="case",
                subject_key=case.case_no, threshold={"concluded": 1},
                observed={
                    "sentence": "R39 cancelled" if settled else "R39", "concluded": 0,
                    "cause_zh": "事项规定" if source == ITEM else "监管信息",
                    "cause_en": "its item" if source == ITEM else "a finding",
                    "reason": settled[-1]["reason"] if settled else "",
                },
            )  # fmt: skip
            row.holds_from = day
            row.evidence = [*(case.demands[c] for c in causes), *(one["event"] for one in settled), fact.id]
            self.flags.put(row)

    def _pushes_owed(self, case: CaseState, fact: Event, named: dict[str, str], day: date, region: str | None) -> None:
        rule = in_force("R33", day)
        if rule is None:
            return
        days = rule["dispatch"]
        due = last_day(day, days, region=region)
        for code, name in named.items():
            # Nobody pushes to himself.
            if code != case.organ:
                self.flags.put(
                    self._row(
                        "R33", case.case_id, f"{fact.originator_version}:{code}", fact.id, day, due, days,
                        case_id=case.case_id, case_no=case.case_no, item=case.item, regulator=code,
                        subject_kind="case", subject_key=case.case_no, threshold={"working_days": days},
                        observed={"regulator_name": name}, region=region,
                    )
                )  # fmt: skip
