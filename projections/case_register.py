"""Which cases are there? (办件登记) Cases by number, subject, item, state and source, and what each source reported."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from domain.approval_case import facts as f
from domain.approval_case.words import UNDECIDED, CaseState
from domain.consultation import ConsultationInvited
from domain.joint_inspection.facts import InspectionInvited
from domain.kernel.event import ACCEPTED, DENIED, GRANTED, Event
from domain.kernel.words import Change, Personal, Site, Subject, ToleranceLapse
from domain.push import PushDispatched
from domain.rules.dates import business_date
from projections.view import Page, Projection, Reader, Table

S = CaseState


@dataclass(slots=True)
class CaseRow:
    """One case. ``stage`` is the last milestone it reached, handled or reported; ``version`` is its ETag.

    ``named`` are the regulators that the item version or the reporting system names for it, ``authorities`` all
    those in whose sight it is: told of it, named by the reporting system, or invited to consult or to visit."""

    case_id: UUID
    case_no: str
    source: str
    state: str
    stage: str
    item: str
    item_name: str
    item_version: int | None
    organ: str
    opened_on: date
    first_position: int
    position: int
    version: int
    recorded_at: datetime
    subject_id: str = ""
    subject_name: str = ""
    region: str = ""
    place: str = ""
    address: str = ""
    accepted_on: date | None = None
    decided_on: date | None = None
    decision: str = ""
    decision_id: str = ""
    document_no: str = ""
    license_no: str = ""
    named: list[str] = field(default_factory=list)
    authorities: list[str] = field(default_factory=list)
    irregularities: int = 0
    before_pause: str = ""


@dataclass(slots=True)
class SourceRow:
    source: str
    cases: int = 0
    events: int = 0


@dataclass(slots=True)
class ActivityRow:
    source: str
    activity: str


@dataclass(slots=True)
class OfficerRow:
    """One officer that a source named, as a digest: the register counts people, it does not list them."""

    source: str
    officer: str


@dataclass(slots=True)
class SourceCounts:
    """What a reporting source told: cases, StepReported facts, distinct activities, distinct named officers."""

    source: str
    cases: int
    events: int
    activities: int
    officers: int


@dataclass(slots=True)
class StateCount:
    state: str
    cases: int


_CASE = "SELECT * FROM projections.case_register"
_SOURCES = (
    "SELECT s.source, s.cases, s.events,"
    " (SELECT count(*) FROM projections.case_source_activity AS a WHERE a.source = s.source) AS activities,"
    " (SELECT count(*) FROM projections.case_source_officer AS o WHERE o.source = s.source) AS officers"
    " FROM projections.case_source AS s"
)


def case(read: Reader, case_id: UUID, *, masked: bool = True) -> CaseRow | None:
    """One case by its stream."""
    found = read.one(CaseRow, _CASE + " WHERE case_id = %s", (case_id,))
    return _shown(found, masked) if found else None


def cases_numbered(read: Reader, case_no: str, *, masked: bool = True) -> list[CaseRow]:
    """Every case of a number: different sources may use the same one."""
    found = read.rows(CaseRow, _CASE + " WHERE case_no = %s ORDER BY first_position", (case_no,))
    return [_shown(c, masked) for c in found]


def find(
    read: Reader,
    *,
    case_no: str = "",
    subject: str = "",
    item: str = "",
    state: str = "",
    stage: str = "",
    source: str = "",
    organ: str = "",
    authority: str = "",
    masked: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CaseRow]:
    """Cases, newest first. ``case_no`` may be its beginning, ``subject`` is an identifier, ``authority`` leaves
    only what that regulator supervises. Raises BadCursor."""
    exact = {"subject_id": subject, "item": item, "state": state, "stage": stage, "source": source, "organ": organ}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if case_no:
        where.append("starts_with(case_no, %(case_no)s)")
        params["case_no"] = case_no
    if authority:
        where.append("authorities @> to_jsonb(%(authority)s::text)")
        params["authority"] = authority
    page = read.page(
        CaseRow, _CASE + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip
    return page.mapped(lambda c: _shown(c, masked))


def running_cases_of(read: Reader, subject_identifier: str) -> list[CaseRow]:
    """Undecided cases of a subject, oldest first."""
    return read.rows(
        CaseRow, _CASE + " WHERE subject_id = %s AND state = ANY(%s) ORDER BY first_position",
        (subject_identifier, [str(s) for s in UNDECIDED]),
    )  # fmt: skip


def running_cases_of_item(read: Reader, item: str, organ: str, *, limit: int) -> list[CaseRow]:
    """Undecided cases of an item that an organ handles, oldest first."""
    return read.rows(
        CaseRow,
        _CASE + " WHERE item = %s AND organ = %s AND state = ANY(%s) ORDER BY first_position LIMIT %s",
        (item, organ, [str(s) for s in UNDECIDED], limit),
    )


def has_ended(read: Reader, case_id: UUID) -> bool:
    """Whether a case that is handled here is decided, withdrawn or otherwise over."""
    state = read.value("SELECT state FROM projections.case_register WHERE case_id = %s", (case_id,))
    return state is not None and state not in {str(s) for s in UNDECIDED}


def concerns(read: Reader, case_id: UUID, authority: str) -> bool:
    """Whether a case is in the remit of a regulator: its item names it, or something was pushed to it."""
    return bool(
        read.value(
            "SELECT 1 FROM projections.case_register WHERE case_id = %s AND authorities @> to_jsonb(%s::text)",
            (case_id, authority),
        )
    )


def counts_by_state(read: Reader) -> list[StateCount]:
    return read.rows(
        StateCount, "SELECT state, count(*) AS cases FROM projections.case_register GROUP BY state ORDER BY state"
    )


def source_counts(read: Reader, source: str) -> SourceCounts:
    """Counts of one reporting source; zeros for one that never reported."""
    found = read.one(SourceCounts, _SOURCES + " WHERE s.source = %s", (source,))
    return found or SourceCounts(source, 0, 0, 0, 0)


def sources(read: Reader) -> list[SourceCounts]:
    """Counts of every reporting source, by name."""
    return read.rows(SourceCounts, _SOURCES + " ORDER BY s.source")


def _shown(row: CaseRow, masked: bool) -> CaseRow:
    return replace(row, subject_name=Personal("name").mask(row.subject_name)) if masked else row


Told = PushDispatched | ConsultationInvited | InspectionInvited
"""Facts that put a case into the sight of another authority."""

Step = (
    f.RenewalApplied
    | f.MaterialReceived | f.OnSpotCorrected | f.CorrectionRequested | f.CorrectionSubmitted | f.CorrectionLapsed
    | f.PermitNotRequired | f.AcceptanceRefused | f.ToleranceCleared | f.CommitmentFiled
    | f.ConsultationRequired | f.SiteVisitRequired | f.CaseAssigned | f.CaseReassigned | f.ExaminationOpinionRecorded
    | f.StageReturned | f.TimeLimitExtended | f.DueDatesRecomputed | f.SealNoted | f.ConsultationNoted
    | f.InspectionNoted | f.FindingNoted | f.FindingAnswered | f.LicenseDelivered | f.DecisionPublished
    | f.PublicationWithheld | f.FeeCharged
    | f.ProvisionallyAccepted | f.ProvisionallyExamined | f.ProvisionalOpinionIssued
    | f.ProvisionalApprovalLapsed | f.CaseForwarded | f.CheckedByMachine | f.HandedToOfficer | f.SubstanceVerified
    | f.InterestedPartyNotified | f.StatementHeard | f.HearingNoticeGiven | f.HearingRequested | f.HearingWaived
    | f.HearingLapsed | f.HearingScheduled | f.HearingChairReplaced | f.HearingHeld | f.HearingOverdue
    | f.CaseConcluded | f.CaseWithdrawn
    | f.CaseTerminated | f.CaseArchived
)  # fmt: skip

LEADS_TO: dict[type[Event], CaseState] = {
    f.MaterialReceived: S.RECEIVED,
    f.CorrectionRequested: S.AWAITING_CORRECTION,
    f.CorrectionSubmitted: S.RECEIVED,
    f.CorrectionLapsed: S.TERMINATED,
    f.ProvisionallyAccepted: S.PROVISIONAL,
    f.ProvisionalOpinionIssued: S.PROVISIONALLY_APPROVED,
    f.ProvisionalApprovalLapsed: S.TERMINATED,
    f.PermitNotRequired: S.CLOSED_UNACCEPTED,
    f.AcceptanceRefused: S.CLOSED_UNACCEPTED,
    f.CaseAssigned: S.EXAMINING,
    f.CaseReassigned: S.EXAMINING,
    f.ExaminationOpinionRecorded: S.EXAMINED,
    f.StageReturned: S.EXAMINING,
    f.CaseForwarded: S.FORWARDED,
    f.LicenseDelivered: S.DELIVERED,
    f.CaseConcluded: S.CONCLUDED,
    f.CaseWithdrawn: S.WITHDRAWN,
    f.CaseTerminated: S.TERMINATED,
    f.CaseArchived: S.ARCHIVED,
}
"""States that follow from a fact alone; every other fact of a case leaves the state as it is."""


def _cases_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, InspectionInvited):
        return event.case_ids
    return (event.case_id,) if isinstance(event, (PushDispatched, ConsultationInvited)) else (event.originator_id,)


class CaseRegister(Projection):
    """Cases as they stand, handled here or reported, and what each reporting source told."""

    NAME = "case_register"
    ZH = "办件登记"
    VERSION = 2

    cases = Table(
        "case_register", CaseRow, key=("case_id",), touched=_cases_of,
        indexes=(
            "(first_position)", "(case_no text_pattern_ops)", "(subject_id, first_position)", "(item, first_position)",
            "(state, first_position)", "(source, first_position)", "USING gin (authorities jsonb_path_ops)",
        ),
    )  # fmt: skip
    sources = Table("case_source", SourceRow, key=("source",), touched=lambda event: ())
    activities = Table("case_source_activity", ActivityRow, key=("source", "activity"), only_added=True)
    officers = Table("case_source_officer", OfficerRow, key=("source", "officer"), only_added=True)

    def submitted(self, fact: f.ApplicationSubmitted) -> None:
        self._opened(
            fact, source="platform", state=S.SUBMITTED, item=fact.terms.item, item_name=fact.terms.name,
            item_version=fact.terms.version, subject=fact.subject, site=fact.site, organ=fact.organ,
            opened_on=business_date(fact.occurred_at),
        ).stage = "submitted"  # fmt: skip

    def reported(self, fact: f.CaseReported) -> None:
        terms = fact.terms
        case = self._opened(
            fact, source=fact.source, state=S.REPORTED, item=fact.item, item_name=fact.item_name,
            item_version=terms.version if terms else None, subject=fact.subject, site=fact.site,
            organ=fact.actor.organ, opened_on=fact.opened_on,
        )  # fmt: skip
        case.named = case.authorities = sorted({body.code for body in fact.departments})
        case.irregularities = len(fact.irregularities)
        self._source(fact.source).cases += 1

    def step_reported(self, fact: f.StepReported) -> None:
        case = self._moved(fact)
        case.irregularities += len(fact.irregularities)
        # Many systems know item, subject, site and departments only when they decide.
        case.item, case.item_name = case.item or fact.item, case.item_name or fact.item_name
        self._placed(case, fact.subject, fact.site)
        if told := {body.code for body in (*fact.regulators, *fact.departments)}:
            case.named, case.authorities = sorted({*case.named, *told}), sorted({*case.authorities, *told})
        self._reached(case, fact)
        self._source(fact.source).events += 1
        self.activities.put(ActivityRow(fact.source, fact.activity))
        if fact.officer:
            self.officers.put(OfficerRow(fact.source, blake2b(fact.officer.encode(), digest_size=12).hexdigest()))

    def accepted(self, fact: f.Acceptance) -> None:
        case = self._moved(fact)
        case.state, case.accepted_on = S.ACCEPTED, fact.day_zero
        self._reached(case, fact)

    def outstanding_supplied(self, fact: f.OutstandingSupplied) -> None:
        case = self._moved(fact)
        if not fact.outstanding:
            case.state = S.RECEIVED

    def provisional_opinion_withdrawn(self, fact: f.ProvisionalOpinionWithdrawn) -> None:
        case = self._moved(fact)
        if case.state == S.PROVISIONALLY_APPROVED:
            case.state = S.PROVISIONAL

    def tolerance_lapsed(self, fact: f.ToleranceLapsed) -> None:
        case = self._moved(fact)
        if fact.outcome is ToleranceLapse.TERMINATE:
            case.state = S.TERMINATED

    def commitment_withdrawn(self, fact: f.CommitmentWithdrawn) -> None:
        case = self._moved(fact)
        if fact.examined_anew and case.state == S.SUSPENDED:
            case.before_pause = S.EXAMINING
        elif fact.examined_anew:
            case.state = S.EXAMINING

    def paused(self, fact: f.SpecialProcedureStarted) -> None:
        case = self._moved(fact)
        if case.state != S.SUSPENDED:
            case.before_pause, case.state = case.state, S.SUSPENDED

    def resumed(self, fact: f.SpecialProcedureEnded) -> None:
        case = self._moved(fact)
        if not fact.under_way:
            case.before_pause, case.state = "", case.before_pause

    def decided(self, fact: f.Decision) -> None:
        case = self._moved(fact)
        case.state = S.GRANTED if isinstance(fact, f.DecisionGranted) else S.DENIED
        case.document_no, case.named = fact.document_no, sorted({r.code for r in fact.regulators})
        self._reached(case, fact)

    def issued(self, fact: f.LicenseIssued) -> None:
        self._moved(fact).license_no = fact.license_no

    def went_on(self, fact: Step) -> None:
        case = self._moved(fact)
        case.state = LEADS_TO.get(type(fact), case.state)
        self._reached(case, fact)

    def routed(self, fact: f.CaseRouted) -> None:
        case = self._moved(fact)
        # Who claims a disputed place may read what happens there.
        case.authorities = sorted({*case.authorities, *(body.code for body in fact.told)})

    def handed_over(self, fact: f.CaseHandedOver) -> None:
        self._moved(fact).organ = fact.to_organ.code

    def told(self, fact: Told) -> None:
        code = fact.regulator if isinstance(fact, PushDispatched) else fact.body.code
        for case_id in _cases_of(fact):
            case = self.cases.get(case_id)
            if case is not None and code not in case.authorities:
                case.authorities = sorted({*case.authorities, code})

    def _opened(
        self, fact: f.ApplicationSubmitted | f.CaseReported, *, source: str, state: CaseState, item: str,
        item_name: str, item_version: int | None, subject: Subject | None, site: Site | None, organ: str,
        opened_on: date,
    ) -> CaseRow:  # fmt: skip
        case = self.cases.put(
            CaseRow(
                case_id=fact.originator_id, case_no=fact.case_no, source=source, state=state, stage="", item=item,
                item_name=item_name, item_version=item_version, organ=organ, opened_on=opened_on,
                first_position=self.position, position=self.position, version=fact.originator_version,
                recorded_at=fact.recorded_at,
            )
        )  # fmt: skip
        self._placed(case, subject, site)
        return case

    def _placed(self, case: CaseRow, subject: Subject | None, site: Site | None) -> None:
        if subject is not None:
            case.subject_id, case.subject_name = subject.identifier, subject.name
        if site is not None:
            case.region, case.place, case.address = site.region, site.key, site.address

    def _moved(self, fact: Event) -> CaseRow:
        case = self.cases[fact.originator_id]
        case.position, case.version = self.position, fact.originator_version
        return case

    def _reached(self, case: CaseRow, fact: Event) -> None:
        milestone = fact.milestone
        if milestone is None:
            return
        case.stage = str(milestone)
        if milestone == ACCEPTED and case.accepted_on is None:
            case.accepted_on = business_date(fact.occurred_at)
        elif milestone in (GRANTED, DENIED):
            case.decided_on, case.decision_id = business_date(fact.occurred_at), fact.id
            case.decision = Change.GRANT if milestone == GRANTED else Change.DENIAL

    def _source(self, source: str) -> SourceRow:
        return self.sources.get(source) or self.sources.put(SourceRow(source))
