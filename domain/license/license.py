"""The license itself (证照): what may happen to it, in which order, and why not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given, said_command
from domain.kernel.command import Command
from domain.kernel.licensing import IN_FORCE, STANDING, GrantSeen, LicenseSeen, LicenseState
from domain.kernel.people import Role
from domain.kernel.refusal import MalformedIdentifier
from domain.kernel.words import Change, Matter
from domain.license import commands as c
from domain.license import facts as f
from domain.license import refusals as r
from domain.license.words import (
    CANCELLABLE,
    ENDED,
    GROUND_OF,
    WITHOUT_A_FACT,
    AnnualCheckResult,
    CancellationGround,
    LicenseContent,
    Penalty,
    RenewalAsked,
)
from domain.rules.annual_check import first_checked_year
from domain.rules.identifiers import check_e_license

S = LicenseState


class License(Aggregate):
    """证照。"""

    NAME = "license"
    ZH = "证照"

    content: LicenseContent

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: LicenseState = S.NEW
        self.case_id = id
        self.suspended: f.LicenseSuspended | None = None
        self.renewal: RenewalAsked | None = None
        self.changed_by: dict[UUID, str] = {}
        self.told: dict[str, tuple[UUID, str, Change]] = {}
        self.ground: CancellationGround | None = None
        self.ended_by = ""
        self.checks: dict[int, AnnualCheckResult] = {}
        self.proposals: dict[UUID, f.ProposalNoted] = {}
        self.answered: set[UUID] = set()

    # 登记与生效

    def register(self, command: c.RegisterLicense, given: Given) -> Facts:
        if self.version:
            if (command.license_no, command.digest) != (self.content.license_no, self.content.digest):
                raise r.LicenseRegisteredAlready(license_no=self.content.license_no)
            return
        case = given.look.case(command.case_id)
        grant = case.grant if case is not None else None
        if grant is None or grant.matter is not Matter.NEW:
            raise r.NoGrantToRegister(case_id=command.case_id)
        _identified(command.e_license_id)
        yield f.LicenseRegistered(
            case_id=command.case_id, decision_id=grant.decision_id, regulators=grant.regulators, state=S.ISSUED,
            license=LicenseContent(
                license_no=command.license_no, e_license_id=command.e_license_id, digest=command.digest,
                **{name: getattr(grant, name) for name in _GRANTED},
            ),
        )  # fmt: skip
        if grant.validity.valid_from <= given.today:
            yield f.LicenseTookEffect(**self._now(S.VALID))

    def bring_into_effect(self, command: c.BringIntoEffect, given: Given) -> Facts:
        if self.state is not S.ISSUED:
            return
        if given.today < self.content.validity.valid_from:
            raise r.NotYetInEffect(
                license_no=self.content.license_no, valid_from=self.content.validity.valid_from, today=given.today
            )
        yield f.LicenseTookEffect(**self._now(S.VALID))

    # 暂扣 (行政处罚法第九条)

    def suspend(self, command: c.RecordSuspension, given: Given) -> Facts:
        self._must_stand(command, S.VALID)
        self._proposed(command.finding_id)
        _decided(command.penalty, given)
        if command.until is not None and command.until < given.today:
            raise r.SuspensionHasNoLength(until=command.until, today=given.today)
        yield f.LicenseSuspended(
            penalty=command.penalty, until=command.until, finding_id=command.finding_id, **self._now(S.SUSPENDED)
        )

    def end_suspension(self, command: c.EndSuspension, given: Given) -> Facts:
        by_itself = given.by.role is Role.SYSTEM
        if by_itself and self.state is not S.SUSPENDED:
            return
        self._must_stand(command, S.SUSPENDED)
        assert self.suspended is not None
        until = self.suspended.until
        if by_itself and (until is None or given.today <= until):
            raise r.SuspensionNotYetOver(until=until)
        yield f.SuspensionEnded(reason=command.reason, **self._now(S.VALID))

    # 变更与延续 (第四十九条、第五十条)

    def alter(self, command: c.AlterLicense, given: Given) -> Facts:
        if command.case in self.changed_by:
            return
        grant = self._granted(command.case, Matter.ALTERATION, given)
        self._must_stand(command, S.VALID)
        altered = self._next(
            subject=grant.subject, site=grant.site or self.content.site, content=grant.content,
            regulators=grant.regulators or self.content.regulators,
        )  # fmt: skip
        yield f.LicenseAltered(what=grant.content, **self._changed(grant, altered))

    def note_renewal_asked(self, command: c.NoteRenewalAsked, given: Given) -> Facts:
        if self.state not in IN_FORCE or self.renewal == RenewalAsked(case=command.case, in_time=command.in_time):
            return
        yield f.RenewalAskedFor(
            by_case=command.case, case_no=command.case_no, ask_by=command.ask_by, in_time=command.in_time, **self._now()
        )

    def renew(self, command: c.RenewLicense, given: Given) -> Facts:
        if command.case in self.changed_by:
            return
        grant = self._granted(command.case, Matter.RENEWAL, given)
        # 暂扣不停止有效期: a suspended license that is renewed stays suspended.
        self._must_stand(command, *IN_FORCE)
        expires, until = self.content.validity.valid_to, grant.validity.valid_to
        if expires is None or (until is not None and until <= expires):
            raise r.RenewalDoesNotExtend(valid_to=until, expires=expires)
        regulators = grant.regulators or self.content.regulators
        renewed = self._changed(grant, self._next(validity=grant.validity, regulators=regulators))
        yield f.LicenseRenewedBySilence(**renewed) if grant.by_silence else f.LicenseRenewed(**renewed)

    def reissue(self, command: c.ReissueDocument, given: Given) -> Facts:
        fact = self.changed_by.get(command.case)
        if fact is None or fact not in self.told:
            raise r.NothingToReissue(case=command.case, license_no=self.content.license_no)
        document = {name: getattr(command, name) for name in ("license_no", "e_license_id", "digest")}
        if all(getattr(self.content, name) == value for name, value in document.items()):
            return
        self._must_stand(command, *IN_FORCE)
        _identified(command.e_license_id)
        yield f.DocumentReissued(by_case=command.case, **self._told_anew(fact, self._next(**document)))

    def correct(self, command: c.CorrectLicense, given: Given) -> Facts:
        self._must_stand(command, *STANDING)
        if command.corrects not in self.told:
            raise r.NoSuchFact(fact=command.corrects)
        now = self.content
        corrected = now.model_copy(
            update={
                "license_no": command.license_no or now.license_no, "site": command.site or now.site,
                "content": command.content or now.content,
                "subject": now.subject.model_copy(update={"name": command.holder_name or now.subject.name}),
                "validity": now.validity.model_copy(update={"valid_to": command.valid_to or now.validity.valid_to}),
            }
        )  # fmt: skip
        if corrected == now:
            raise r.NothingCorrected()
        yield f.LicenseCorrected(reason=command.reason, **self._told_anew(command.corrects, corrected))

    # 终止: 失效、撤回、撤销、吊销、主体或者事项终止

    def expire(self, command: c.ExpireLicense, given: Given) -> Facts:
        if self.state not in IN_FORCE:
            return
        valid_to = self.content.validity.valid_to
        if valid_to is None or given.today <= valid_to:
            raise r.LicenseNotYetExpired(license_no=self.content.license_no, valid_to=valid_to, today=given.today)
        if self.renewal is not None and self.renewal.in_time:
            # Granted counts too: the license is renewed a moment after the decision, and must not end in between.
            case = given.look.case(self.renewal.case)
            if case is not None and (case.undecided or case.grant is not None):
                raise r.RenewalAwaitsDecision(license_no=self.content.license_no, case=self.renewal.case)
        yield f.LicenseExpired(**self._now(S.EXPIRED))

    def withdraw(self, command: c.WithdrawLicense, given: Given) -> Facts:
        self._must_stand(command, *STANDING)
        self._proposed(command.finding_id)
        if (command.compensation_ref is None) is (command.no_loss is None):
            raise r.CompensationUnsettled()
        yield f.LicenseWithdrawn(
            ground=command.ground, public_interest=command.public_interest, document_no=command.document_no,
            compensation_ref=command.compensation_ref, no_loss=command.no_loss, finding_id=command.finding_id,
            **self._now(S.WITHDRAWN),
        )  # fmt: skip

    def revoke(self, command: c.RevokeLicense, given: Given) -> Facts:
        self._must_stand(command, *STANDING)
        self._proposed(command.finding_id)
        said = {
            "ground": command.ground, "mandatory": command.ground.mandatory, "reasons": command.reasons,
            "document_no": command.document_no, "finding_id": command.finding_id,
        }  # fmt: skip
        if command.public_interest_exception is not None:
            if command.compensation_ref is not None:
                raise r.ExceptionHasNoCompensation()
            exception = command.public_interest_exception
            yield f.RevocationWithheld(public_interest_exception=exception, **said, **self._now())
            return
        if command.ground.mandatory and command.compensation_ref is not None:
            raise r.NoCompensationForFraud()
        yield f.LicenseRevoked(compensation_ref=command.compensation_ref, **said, **self._now(S.REVOKED))

    def revoke_as_penalty(self, command: c.RecordPenaltyRevocation, given: Given) -> Facts:
        self._must_stand(command, *IN_FORCE)
        self._proposed(command.finding_id)
        _decided(command.penalty, given)
        after = self._now(S.PENALTY_REVOKED)
        yield f.LicensePenaltyRevoked(penalty=command.penalty, finding_id=command.finding_id, **after)

    def record_ground(self, command: c.RecordCancellationGround, given: Given) -> Facts:
        self._must_stand(command, *STANDING)
        self._proposed(command.finding_id)
        if command.ground not in WITHOUT_A_FACT:
            raise r.GroundHasItsOwnStep(ground=command.ground)
        if command.happened_on > given.today:
            raise r.NotInTheFuture(day=command.happened_on, today=given.today)
        yield f.CancellationGroundArose(
            ground=command.ground, happened_on=command.happened_on, statement=command.statement,
            finding_id=command.finding_id, **self._now(_state_after(command.ground)),
        )  # fmt: skip

    # 注销 (第七十条)

    def cancel(self, command: c.CancelLicense, given: Given) -> Facts:
        if self.state in STANDING:
            raise r.NothingToCancel(license_no=self.content.license_no, state=self.state)
        self.must_be(command, self.state, *CANCELLABLE)
        self._proposed(command.finding_id)
        if command.ground is not self.ground:
            raise r.GroundDoesNotMatch(ground=command.ground, happened=self.ground)
        yield f.LicenseCancelled(
            ground=command.ground, caused_by=self.ended_by, document_no=command.document_no,
            finding_id=command.finding_id, **self._now(S.CANCELLED),
        )  # fmt: skip

    def cancel_as_applied(self, command: c.CancelAsApplied, given: Given) -> Facts:
        if command.case in self.changed_by:
            return
        grant = self._granted(command.case, Matter.CANCELLATION, given)
        self.must_be(command, self.state, *STANDING, *CANCELLABLE)
        if self.state in STANDING:
            yield f.CancellationGroundArose(
                ground=CancellationGround.OTHER_BY_LAW, happened_on=grant.decided_on,
                statement=f"持证人申请注销(办件 {grant.case_no}):{grant.content}"[:2000], finding_id=None,
                **self._now(S.LAPSED),
            )  # fmt: skip
        assert self.ground is not None
        # Whom the newer version of the item names is told too, though nobody told it of the license before.
        known = {one.code for one in self.content.regulators}
        told = (*self.content.regulators, *(one for one in grant.regulators if one.code not in known))
        after = self.content.model_copy(update={"regulators": told})
        yield f.LicenseCancelled(
            case_id=self.case_id, license=after, state=S.CANCELLED, ground=self.ground, caused_by=self.ended_by, document_no=grant.document_no, by_case=command.case,
            decision_id=grant.decision_id, finding_id=None,
        )  # fmt: skip

    # 年检与监管建议

    def record_annual_check(self, command: c.RecordAnnualCheck, given: Given) -> Facts:
        supervisors = {one.code for one in self.content.regulators}
        if given.by.role is Role.REGULATOR and given.by.organ not in supervisors:
            raise r.NotItsRegulator(organ=given.by.organ, owner=self.content.regulators)
        self._must_stand(command, *IN_FORCE)
        if not self.content.annual_check:
            raise r.NoAnnualCheck(item_name=self.content.item_name)
        if command.checked_on > given.today:
            raise r.NotInTheFuture(day=command.checked_on, today=given.today)
        begun = self.content.validity.valid_from
        if not first_checked_year(begun) <= command.year <= given.today.year:
            raise r.NotDueForAnnualCheck(license_no=self.content.license_no, year=command.year, valid_from=begun)
        known = self.checks.get(command.year)
        if known is AnnualCheckResult.PASSED and command.result is not known:
            raise r.AnnualCheckPassedAlready(license_no=self.content.license_no, year=command.year)
        if known is not AnnualCheckResult.PASSED:
            yield f.AnnualCheckRecorded(
                year=command.year, checked_on=command.checked_on, result=command.result, statement=command.statement,
                **self._now(),
            )  # fmt: skip

    def note_proposal(self, command: c.NoteProposal, given: Given) -> Facts:
        # A further revision of a finding is noted again: it must be answered again.
        known = self.proposals.get(command.finding_id)
        if known is None or known.revision < command.revision:
            said = {name: getattr(command, name) for name in c.NoteProposal.model_fields if name != "license_id"}
            yield f.ProposalNoted(**said, **self._now())

    def note_proposal_answered(self, command: c.NoteProposalAnswered, given: Given) -> Facts:
        noted = self.proposals.get(command.finding_id)
        if noted is not None and command.finding_id not in self.answered:
            yield f.ProposalAnswered(
                finding_id=command.finding_id, finding_no=noted.finding_no, adopted=command.adopted, result=command.result,
                **self._now(),
            )  # fmt: skip

    # 共同的规则

    def seen(self) -> LicenseSeen:
        """The license as a decision on a case sees it."""
        return LicenseSeen(
            license_id=self.id, license_no=self.content.license_no, state=self.state,
            holder=self.content.subject.identifier, item=self.content.item, validity=self.content.validity,
            renewal_days=self.content.renewal_days, renewal_asked_by=self.renewal.case if self.renewal else None,
        )  # fmt: skip

    def _must_stand(self, command: Command, *allowed: LicenseState) -> None:
        if self.state in ENDED:
            raise r.LicenseHasEnded(
                license_no=self.content.license_no, state=self.state, command=said_command(command)
            )  # fmt: skip
        self.must_be(command, self.state, *allowed)

    def _now(self, state: LicenseState | None = None) -> dict[str, Any]:
        return {"case_id": self.case_id, "license": self.content, "state": state or self.state}

    def _next(self, **changed: Any) -> LicenseContent:
        return self.content.model_copy(update={**changed, "version": self.content.version + 1})

    def _changed(self, grant: GrantSeen, after: LicenseContent) -> dict[str, Any]:
        return {
            "case_id": self.case_id, "license": after, "state": self.state, "before": self.content, "by_case": grant.case_id,
            "case_no": grant.case_no, "decision_id": grant.decision_id,
        }  # fmt: skip

    def _told_anew(self, fact: str, after: LicenseContent) -> dict[str, Any]:
        case, decision, change = self.told[fact]
        return {
            "case_id": self.case_id, "license": after, "state": self.state, "before": self.content, "replaces": fact,
            "told_in_case": case, "told_as_decision": decision, "told_as": change,
        }  # fmt: skip

    def _granted(self, case_id: UUID, matter: Matter, given: Given) -> GrantSeen:
        case = given.look.case(case_id)
        grant = case.grant if case is not None else None
        if grant is None or grant.matter is not matter or grant.license_id != self.id:
            raise r.NotGrantedForThis(case=case_id, license_no=self.content.license_no, matter=matter)
        return grant

    def _proposed(self, finding_id: UUID | None) -> None:
        if finding_id is not None and finding_id not in self.proposals:
            raise r.ProposalNotNoted(finding_id=finding_id)

    # 事实入册

    def was_registered(self, fact: f.LicenseRegistered) -> None:
        self.state, self.case_id, self.content = fact.state, fact.case_id, fact.license
        self.told[fact.id] = (fact.case_id, fact.decision_id, Change.GRANT)

    def took_effect(self, fact: f.LicenseTookEffect) -> None:
        self.state = fact.state

    def was_suspended(self, fact: f.LicenseSuspended) -> None:
        self.state, self.suspended = fact.state, fact
        self._was_told(fact)

    def suspension_ended(self, fact: f.SuspensionEnded) -> None:
        self.state, self.suspended = fact.state, None
        self._was_told(fact)

    def was_changed(self, fact: f.LicenseAltered | f.LicenseRenewed | f.LicenseRenewedBySilence) -> None:
        self.content, self.changed_by[fact.by_case] = fact.license, fact.id
        assert fact.CHANGE is not None
        self.told[fact.id] = (fact.by_case, fact.decision_id, fact.CHANGE)
        if not isinstance(fact, f.LicenseAltered):
            self.renewal = None

    def renewal_was_asked(self, fact: f.RenewalAskedFor) -> None:
        self.renewal = RenewalAsked(case=fact.by_case, in_time=fact.in_time)

    def was_told_anew(self, fact: f.DocumentReissued | f.LicenseCorrected) -> None:
        self.content = fact.license
        # What replaced a telling is what stands now; the next correction replaces that one.
        self.told.pop(fact.replaces, None)
        self.told[fact.id] = (self.case_id, fact.id, fact.told_as)
        self.changed_by = {case: fact.id if was == fact.replaces else was for case, was in self.changed_by.items()}

    def ended(
        self, fact: f.LicenseExpired | f.LicenseWithdrawn | f.LicenseRevoked | f.LicensePenaltyRevoked
    ) -> None:
        self.state = fact.state
        self.ground, self.ended_by, self.suspended = GROUND_OF[self.state], fact.id, None

    def ground_arose(self, fact: f.CancellationGroundArose) -> None:
        self.state = fact.state
        self.ground, self.ended_by, self.suspended = fact.ground, fact.id, None

    def was_cancelled(self, fact: f.LicenseCancelled) -> None:
        self.state = fact.state
        if fact.by_case is not None:
            self.changed_by[fact.by_case] = fact.id

    def was_checked(self, fact: f.AnnualCheckRecorded) -> None:
        self.checks[fact.year] = fact.result

    def proposal_was_noted(self, fact: f.ProposalNoted) -> None:
        self.proposals[fact.finding_id] = fact
        self.answered.discard(fact.finding_id)

    def proposal_was_answered(self, fact: f.ProposalAnswered) -> None:
        self.answered.add(fact.finding_id)

    def _was_told(self, fact: f.LicenseFact) -> None:
        assert fact.CHANGE is not None
        self.told[fact.id] = (self.case_id, fact.id, fact.CHANGE)


_GRANTED = (
    "case_no", "license_type", "item", "item_name", "item_version", "subject", "site", "organ", "regulators", "validity",
    "content", "annual_check", "renewal_days",
)  # fmt: skip
"""What the license takes over from its decision as it is."""


def _state_after(ground: CancellationGround) -> LicenseState:
    holder = ground in (CancellationGround.SUBJECT_DIED, CancellationGround.SUBJECT_ENDED)
    return S.SUBJECT_ENDED if holder else S.LAPSED


def _identified(e_license_id: str) -> None:
    if e_license_id and not (verdict := check_e_license(e_license_id)).valid:
        raise MalformedIdentifier(value=e_license_id, zh=verdict.errors[0].zh, en=verdict.errors[0].en)


def _decided(penalty: Penalty, given: Given) -> None:
    if penalty.decided_on > given.today:
        raise r.PenaltyNotYetDecided(decided_on=penalty.decided_on, today=given.today)
