"""What the policies read (政策所读): their small read interfaces, answered by projections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.commitment.words import LIVING, CommitmentState
from domain.kernel.identity import license_stream
from domain.kernel.promises import CommitmentKind
from domain.kernel.words import Body, Change, InspectionKind
from domain.policies.bar_subject_that_broke_its_word import BarSubjectThatBrokeItsWord
from domain.policies.cancel_consultation_when_case_ends import CancelConsultationWhenCaseEnds
from domain.policies.carry_decision_onto_license import CarryDecisionOntoLicense
from domain.policies.close_commitment_with_its_license import CloseCommitmentWithItsLicense
from domain.policies.commit_then_reveal_the_secret_of_a_draw import CommitThenRevealTheSecretOfADraw, DrawSecrets
from domain.policies.consult_when_item_or_finding_demands import ConsultWhenItemOrFindingDemands
from domain.policies.drop_site_visit_when_case_ends import DropSiteVisitWhenCaseEnds
from domain.policies.end_the_draw_with_its_case import EndTheDrawWithItsCase
from domain.policies.freeze_the_pool_when_a_draw_starts import FreezeThePoolWhenADrawStarts
from domain.policies.gather_site_visits_into_one import GatherSiteVisitsIntoOne
from domain.policies.hand_running_cases_to_the_new_organ import GoesAlong, HandRunningCasesToTheNewOrgan
from domain.policies.name_license_that_finding_is_about import (
    NamedFinding,
    NamedLicense,
    NameLicenseThatFindingIsAbout,
)
from domain.policies.note_seal_use_in_the_case import NoteSealUseInTheCase
from domain.policies.note_what_is_overdue import NoteWhatIsOverdue
from domain.policies.open_commitment_when_grant_rests_on_it import OpenCommitmentWhenGrantRestsOnIt, Promised
from domain.policies.open_rectification_when_finding_stands import Demanded, OpenRectificationWhenFindingStands
from domain.policies.open_the_parts_when_a_stage_opens import OpenThePartsWhenAStageOpens
from domain.policies.policy import Policy
from domain.policies.propose_revocation_when_commitment_broken import ProposeRevocationWhenCommitmentBroken
from domain.policies.push_decision_to_every_regulator import PushDecisionToEveryRegulator
from domain.policies.push_license_change_to_every_regulator import PushLicenseChangeToEveryRegulator
from domain.policies.put_drawn_commitments_up_for_check import PutDrawnCommitmentsUpForCheck
from domain.policies.recompute_open_cases_when_calendar_is_published import RecomputeOpenCasesWhenCalendarIsPublished
from domain.policies.reinspect_when_rectified import ReinspectWhenRectified
from domain.policies.remind_then_escalate_unclaimed_push import OverduePush, RemindThenEscalateUnclaimedPush
from domain.policies.renew_by_silence_or_let_expire import RenewBySilenceOrLetExpire
from domain.policies.replace_push_when_license_is_told_anew import ReplacePushWhenLicenseIsToldAnew, SentPush
from domain.policies.tell_the_bundle_how_a_part_ended import TellTheBundleHowAPartEnded
from domain.policies.tell_the_composite_license_what_became_of_a_part import TellTheCompositeLicenseWhatBecameOfAPart
from domain.policies.warn_running_cases_of_the_holder import Unanswered, WarnRunningCasesOfTheHolder
from domain.push import PushState
from domain.rules.entering import entered
from domain.rules.working_days import working_calendar
from domain.subscription import Terms, why
from domain.supervision_finding import Demand, FindingDuty, FindingKind, FindingState
from projections import (
    bundles,
    case_register,
    catalogue,
    consultations,
    deadlines,
    expert_draws,
    expert_pool,
    findings,
    licenses,
    promises,
    push_board,
    site_visits,
)
from projections.deadlines import Clock
from projections.promises import BeforeTheGrant
from projections.view import Reader

AT_ONCE = 500
"""How much overdue work one beat of the timers takes up; the rest follows with the next."""


def policies_of(read: Reader, secrets: DrawSecrets) -> tuple[Policy, ...]:
    """Every policy of the platform, on the read side."""
    return (
        PushDecisionToEveryRegulator(ContractsOf(read)),
        ConsultWhenItemOrFindingDemands(),
        CancelConsultationWhenCaseEnds(TogetherOf(read)),
        GatherSiteVisitsIntoOne(TogetherOf(read)),
        DropSiteVisitWhenCaseEnds(TogetherOf(read)),
        ReinspectWhenRectified(),
        WarnRunningCasesOfTheHolder(CasesOf(read), FindingsOf(read)),
        OpenRectificationWhenFindingStands(FindingsOf(read)),
        RemindThenEscalateUnclaimedPush(PushesOf(read)),
        NoteWhatIsOverdue(OverdueOf(read)),
        HandRunningCasesToTheNewOrgan(TransfersOf(read)),
        CarryDecisionOntoLicense(),
        PushLicenseChangeToEveryRegulator(ContractsOf(read)),
        ReplacePushWhenLicenseIsToldAnew(ContractsOf(read), PushesOf(read)),
        RenewBySilenceOrLetExpire(LicensesOf(read)),
        NameLicenseThatFindingIsAbout(LicensesOf(read), FindingsOf(read)),
        CommitThenRevealTheSecretOfADraw(secrets),
        FreezeThePoolWhenADrawStarts(ExpertsOf(read)),
        EndTheDrawWithItsCase(ExpertsOf(read)),
        OpenThePartsWhenAStageOpens(),
        TellTheBundleHowAPartEnded(BundlesOf(read)),
        TellTheCompositeLicenseWhatBecameOfAPart(BundlesOf(read)),
        OpenCommitmentWhenGrantRestsOnIt(PromisesOf(read)),
        PutDrawnCommitmentsUpForCheck(),
        ProposeRevocationWhenCommitmentBroken(PromisesOf(read)),
        BarSubjectThatBrokeItsWord(ItemsOf(read)),
        CloseCommitmentWithItsLicense(PromisesOf(read)),
        NoteSealUseInTheCase(),
        RecomputeOpenCasesWhenCalendarIsPublished(CalendarsOf(read)),
    )


class _Reads:
    def __init__(self, read: Reader) -> None:
        self.read = read


class ContractsOf(_Reads):
    """Contracts are few and large, decisions many: they are kept in memory, and read again when one has changed.

    Read anew for each decision they held a city to 36 pushes a second."""

    def __init__(self, read: Reader) -> None:
        super().__init__(read)
        self._changed_at = -1
        self._contracts: list[tuple[Terms, frozenset[str]]] = []

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        return next((t for t, _ in self._known() if t.regulator.code == regulator and _in_force(t, on)), None)

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        return [
            terms
            for terms, items in self._known()
            if (not items or item in items)
            and all(answer.met for answer in why(terms, item=item, region=region, change=change, on=on))
        ]

    def _known(self) -> list[tuple[Terms, frozenset[str]]]:
        changed_at = catalogue.contracts_changed_at(self.read)
        if changed_at != self._changed_at:
            contracts = [row.contract() for row in catalogue.contracts(self.read)]
            self._contracts = [(terms, frozenset(terms.items)) for terms in contracts]
            self._changed_at = changed_at
        return self._contracts


def _in_force(terms: Terms, on: date) -> bool:
    return terms.effective_from <= on and (terms.effective_to is None or on <= terms.effective_to)


class TransfersOf(_Reads):
    def going_along(self, on: date) -> Sequence[GoesAlong]:
        return [
            GoesAlong(
                case.case_id, Body(code=case.from_organ, name=case.from_name),
                Body(code=case.to_organ, name=case.to_name), case.basis,
            )
            for case in catalogue.to_hand_over(self.read, on, limit=AT_ONCE)
        ]  # fmt: skip


class TogetherOf(_Reads):
    """What consultations and visits there are, and whether the cases that need them still run."""

    def joinable_at(self, place: str, kind: InspectionKind, not_before: date, not_after: date) -> UUID | None:
        found = site_visits.open_inspection_at(self.read, place, kind, not_before, not_after)
        return found.inspection_id if found else None

    def has_ended(self, case_id: UUID) -> bool:
        return case_register.has_ended(self.read, case_id)

    def open_of(self, case_id: UUID) -> Sequence[UUID]:
        return [row.consultation_id for row in consultations.open_of_case(self.read, case_id)]

    def running_of(self, case_id: UUID) -> Sequence[UUID]:
        return [
            row.inspection_id
            for row in site_visits.inspections(self.read, case_id=case_id, open_only=True, limit=AT_ONCE).rows
        ]


class CasesOf(_Reads):
    def of_subject(self, identifier: str) -> Sequence[UUID]:
        return [case.case_id for case in case_register.running_cases_of(self.read, identifier)]


class FindingsOf(_Reads):
    def rectification_demanded(self, finding_id: UUID) -> Demanded | None:
        found = findings.finding(self.read, finding_id)
        if found is None or Demand.RECTIFICATION not in found.demands:
            return None
        return Demanded(found.statement, found.rectify_by)

    def unanswered_about(self, identifier: str) -> Sequence[Unanswered]:
        return [
            Unanswered(
                row.finding_id, FindingKind.of(row.kind).zh, row.statement, row.hold_until,
                Body(code=row.organ, name=row.organ_name) if Demand.CONSULTATION in row.demands else None,
            )
            for row in findings.open_of_subject(self.read, identifier)
            if row.state != FindingState.HANDLED
        ]  # fmt: skip

    def finding(self, finding_id: UUID) -> tuple[NamedFinding, str] | None:
        row = findings.finding(self.read, finding_id)
        return (_named(row), row.license_no) if row is not None else None

    def naming(self, license_no: str) -> Sequence[NamedFinding]:
        return [_named(row) for row in findings.naming_license(self.read, license_no)]


class BundlesOf(_Reads):
    def bundle_of(self, case_id: UUID) -> UUID | None:
        return bundles.bundle_of(self.read, case_id)


class ExpertsOf(_Reads):
    def in_discipline(self, discipline: str) -> Sequence[str]:
        return expert_pool.in_discipline(self.read, discipline)

    def open_of_case(self, case_id: UUID) -> Sequence[UUID]:
        return expert_draws.open_of_case(self.read, case_id)


class ItemsOf(_Reads):
    def touches_safety(self, item: str, version: int) -> bool:
        return any(row.number == version and row.frozen().safety for row in catalogue.versions(self.read, item))


class PromisesOf(_Reads):
    def filed_in(self, case_id: UUID) -> Promised | None:
        row = promises.commitment(self.read, case_id)
        if row is None or row.state == BeforeTheGrant.WITHDRAWN:
            return None
        return Promised(CommitmentKind.of(row.kind), row.promise, row.filed_on, row.check_by)

    def broken_in(self, case_id: UUID) -> UUID | None:
        row = promises.commitment(self.read, case_id)
        return row.commitment_id if row is not None and row.state == CommitmentState.BROKEN else None

    def license_of(self, case_id: UUID) -> str | None:
        found = licenses.license(self.read, license_stream(case_id))
        return found.license_no if found is not None else None

    def living_in(self, case_id: UUID) -> UUID | None:
        row = promises.commitment(self.read, case_id)
        return row.commitment_id if row is not None and row.state in LIVING else None


def _named(row: findings.FindingRow) -> NamedFinding:
    return NamedFinding(
        row.finding_id, row.finding_no, row.revision, Body(code=row.organ, name=row.organ_name),
        FindingKind.of(row.kind), Demand.LICENSE_CHANGE in row.demands, row.statement, row.subject_id,
        row.case_id is not None,
    )  # fmt: skip


class LicensesOf(_Reads):
    def numbered(self, license_no: str) -> Sequence[NamedLicense]:
        return [
            NamedLicense(row.license_id, row.case_id, row.case_no, row.license_no, row.subject_id)
            for row in licenses.numbered(self.read, license_no)
        ]

    def to_take_effect(self, on: date) -> Sequence[UUID]:
        return [row.license_id for row in licenses.to_take_effect(self.read, on, limit=AT_ONCE)]

    def suspensions_over(self, on: date) -> Sequence[UUID]:
        return [row.license_id for row in licenses.suspensions_over(self.read, on, limit=AT_ONCE)]

    def renewals_unanswered(self, on: date) -> Sequence[UUID]:
        return [row.case_id for row in licenses.renewals_unanswered(self.read, on, limit=AT_ONCE)]

    def expired(self, on: date) -> Sequence[UUID]:
        return [row.license_id for row in licenses.expired(self.read, on, limit=AT_ONCE)]


class PushesOf(_Reads):
    def of_decision(self, case_id: UUID, decision_id: str) -> Sequence[SentPush]:
        found = push_board.of_decision(self.read, case_id, decision_id)
        return [SentPush(row.push_id, row.regulator) for row in found]

    def to_remind(self, on: date) -> Sequence[OverduePush]:
        found = push_board.to_remind(self.read, on, limit=AT_ONCE)
        return [OverduePush(p.push_id, PushState.of(p.overdue), reminded=False) for p in found]

    def to_escalate(self, on: date) -> Sequence[OverduePush]:
        found = push_board.to_escalate(self.read, on, limit=AT_ONCE)
        return [OverduePush(p.push_id, PushState.of(p.overdue), reminded=True) for p in found]


class CalendarsOf(_Reads):
    """Walks once over the open clocks that another calendar told, so many at each beat, and once more every day: a
    process that still answers by older rules may have told a date behind the walk."""

    def __init__(self, read: Reader) -> None:
        super().__init__(read)
        self._walk: tuple[str, date] | None = None
        self._cursor: str | None = None

    def to_recompute(self, on: date) -> Sequence[UUID]:
        known = working_calendar(on)
        # Rules were entered after this process started: whoever has read them shall say what holds now.
        if entered().changed() or (self._walk == (known.version, on) and self._cursor is None):
            return ()
        if self._walk != (known.version, on):
            self._walk, self._cursor = (known.version, on), None
        page = deadlines.told_otherwise(self.read, known.version, cursor=self._cursor, limit=AT_ONCE)
        self._cursor = page.next
        moved = (row.case_id for row in page.rows if deadlines.moves(row, known))
        return list(dict.fromkeys(moved))


class OverdueOf(_Reads):
    def intakes(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.NOTICE, on)

    def corrections(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.CORRECTION, on)

    def tolerances(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.TOLERANCE, on)

    def provisionals(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.PROVISIONAL, on)

    def hearing_requests(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.HEARING_REQUEST, on)

    def hearings(self, on: date) -> Sequence[UUID]:
        return self._cases(Clock.HEARING, on)

    def consultations(self, on: date) -> Sequence[UUID]:
        return [row.consultation_id for row in consultations.overdue(self.read, on, limit=AT_ONCE)]

    def inspections(self, on: date) -> Sequence[UUID]:
        return [row.inspection_id for row in site_visits.over_with_absentees(self.read, on, limit=AT_ONCE)]

    def inspection_results(self, on: date) -> Sequence[UUID]:
        return [row.inspection_id for row in site_visits.results_overdue(self.read, on, limit=AT_ONCE)]

    def findings(self, on: date) -> Sequence[tuple[UUID, FindingDuty]]:
        return [(d.finding_id, FindingDuty.of(d.duty)) for d in findings.overdue_duties(self.read, on, limit=AT_ONCE)]

    def commitments(self, on: date) -> Sequence[UUID]:
        found = promises.overdue(self.read, on, limit=AT_ONCE)
        return [row.commitment_id for row in found if row.commitment_id is not None]

    def _cases(self, clock: Clock, on: date) -> Sequence[UUID]:
        return [row.case_id for row in deadlines.due_before(self.read, on, clocks=(clock,), limit=AT_ONCE).rows]
