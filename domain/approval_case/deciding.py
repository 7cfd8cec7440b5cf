"""Decision and what follows it (决定与送达): Articles 37 to 40 and 44, or an end without a decision."""

from __future__ import annotations

from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.applicant import must_be_free
from domain.approval_case.hearing import Hearing
from domain.approval_case.licensed import Licensed
from domain.approval_case.papers import Papers
from domain.approval_case.routing import Routing
from domain.approval_case.words import RUNNING, UNDECIDED, CaseState, DenialGround, Outcome, PublishedDecision
from domain.kernel.aggregate import Facts, Given
from domain.kernel.opinions import HeardOpinion, Opinion, unanswered
from domain.kernel.refusal import MalformedIdentifier
from domain.kernel.standing import Step
from domain.kernel.words import Adoption, Change, Matter, OpinionUse, Personal, SubjectKind, Term
from domain.rules.dates import business_date
from domain.rules.identifiers import check_e_license

S = CaseState
DECIDED = (S.GRANTED, S.DENIED, S.DELIVERED, S.CONCLUDED)
PUBLICATION = Term("决定的公示,或者不予公开的理由", "the publication of the decision, or why it is withheld")


class Deciding(Hearing, Routing, Licensed, Papers):
    """决定、送达、公示、办结、归档。"""

    def grant(self, command: c.GrantLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.EXAMINED)
        yield from self._granted(command, given)

    def _granted(self, command: c.GrantLicense, given: Given, provisional_no: str | None = None) -> Facts:
        self._may_decide(command, given)
        if self.must_deny:
            raise r.ToleranceHasLapsed(missing=self.tolerated)
        if self.negative:
            raise r.OpinionIsNegative()
        if self.tolerated:
            raise r.ToleranceOpen(missing=self.tolerated)
        self._consulted_and_seen()
        must_be_free(self, Step.GRANT, given)
        if self.committed:
            # It may have broken its word elsewhere since it committed here (R29).
            must_be_free(self, Step.COMMITMENT, given)
        self._may_grant_on_license(command.validity, given)
        objecting = {one.body.code: one.body for one in self._heard if one.opinion is Opinion.OBJECT}
        for use in command.opinion_uses:
            if use.organ in objecting and use.adoption is Adoption.ADOPTED:
                raise r.AdoptedObjectionForbidsGrant(body=objecting[use.organ])
        yield f.DecisionGranted(content=command.content, validity=command.validity, **self._decision(command, given, provisional_no))

    def deny(self, command: c.DenyLicense, given: Given) -> Facts:
        lapsed = self.must_deny and self.state in RUNNING
        if lapsed:
            # Nothing is left to examine or to consult on: the item says that missing material is denied.
            self._decider_may(given)
        else:
            self.must_be(command, self.state, S.EXAMINED)
            self._may_decide(command, given)
            if self.visit is False:
                raise r.InspectionOutstanding()
        self._silence_has_not_granted(given)
        ground = command.ground
        if lapsed and ground is DenialGround.CONDITIONS_NOT_MET:
            ground = DenialGround.MATERIALS_NEVER_CAME
        yield f.DecisionDenied(
            reasons=command.reasons, remedy_notice=command.remedy_notice, ground=ground,
            **self._decision(command, given),
        )

    def issue(self, command: c.IssueLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        self._must_be_sealed(command, given)
        if self.matter is Matter.CANCELLATION:
            raise r.NothingToIssue()
        if command.e_license_id and not (verdict := check_e_license(command.e_license_id)).valid:
            raise MalformedIdentifier(
                value=command.e_license_id, zh=verdict.errors[0].zh, en=verdict.errors[0].en
            )  # fmt: skip
        yield f.LicenseIssued(
            license_no=command.license_no, digest=command.digest, e_license_id=command.e_license_id,
            matter=self.matter, license_id=self.license_id,
        )  # fmt: skip

    def deliver(self, command: c.DeliverLicense, given: Given) -> Facts:
        self.must_be(command, self.state, S.GRANTED)
        if not self.issued and self.matter is not Matter.CANCELLATION:
            raise r.LicenseNotIssued()
        yield f.LicenseDelivered(how=command.how)

    def publish(self, command: c.PublishDecision, given: Given) -> Facts:
        self.must_be(command, self.state, *DECIDED)
        if self.secrecy is not None:
            raise r.PublicationExcluded(secrecy=self.secrecy)
        yield f.DecisionPublished(where=command.where, published=self._for_the_public())

    def withhold(self, command: c.WithholdPublication, given: Given) -> Facts:
        self.must_be(command, self.state, *DECIDED)
        if self.published:
            raise r.PublishedAlready()
        if self.secrecy is None:
            yield f.PublicationWithheld(secrecy=command.secrecy, reason=command.reason)

    def charge(self, command: c.ChargeFee, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING, S.GRANTED, S.DELIVERED)
        basis = self._terms.fee_basis
        if basis is None:
            raise r.NoFeeBasis(item=self._terms.item)
        yield f.FeeCharged(
            amount=command.amount, purpose=command.purpose, receipt_no=command.receipt_no, basis=basis
        )

    def conclude(self, command: c.ConcludeCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.DELIVERED, S.DENIED)
        yield f.CaseConcluded()

    def withdraw(self, command: c.WithdrawApplication, given: Given) -> Facts:
        self.must_be(command, self.state, *UNDECIDED)
        yield f.CaseWithdrawn(reason=command.reason)

    def terminate(self, command: c.TerminateCase, given: Given) -> Facts:
        self.must_be(command, self.state, *UNDECIDED)
        yield f.CaseTerminated(ground_code=command.ground_code, ground=command.ground)

    def archive(self, command: c.ArchiveCase, given: Given) -> Facts:
        self.must_be(command, self.state, S.CONCLUDED, S.WITHDRAWN, S.TERMINATED, S.CLOSED_UNACCEPTED, S.FORWARDED)
        if self.decision is not None and not self.published and self.secrecy is None:
            # Whoever archives a grant that nobody published has hidden it (Article 40).
            raise r.FileIncomplete(missing=(PUBLICATION,))
        yield f.CaseArchived(archive_no=command.archive_no)

    def _for_the_public(self) -> PublishedDecision:
        decision, subject = self.decision or self.denial, self.subject
        assert decision is not None
        assert subject is not None
        person = subject.kind is SubjectKind.NATURAL
        granted = self.decision
        return PublishedDecision(
            decision=Change.GRANT if granted else Change.DENIAL, document_no=decision.document_no,
            item_name=decision.terms.name, subject_name=Personal("name").mask(subject.name) if person else subject.name,
            subject_code="" if person else subject.identifier,
            content=granted.content if granted else getattr(decision, "reasons", ""),
            decided_on=business_date(decision.occurred_at), organ=decision.organ, license_no=self.license_no,
            valid_from=granted.validity.valid_from if granted else None,
            valid_to=granted.validity.valid_to if granted else None,
        )  # fmt: skip

    def _may_decide(self, command: c.GrantLicense | c.DenyLicense, given: Given) -> None:
        self._consultations_are_done()
        self._follows_the_hearing(command.minutes_no, given.today)
        self._decider_may(given)
        self._say_how_opinions_are_used(command.opinion_uses)

    def _consultations_are_done(self) -> None:
        for cause, outcome in self.consultations.items():
            if outcome is None:
                raise r.ConsultationOutstanding(cause=cause)

    def _consulted_and_seen(self) -> None:
        """Raises what a grant, and a provisional opinion before it, must wait for."""
        self._consultations_are_done()
        if self.visit is not Outcome.SUPPORTED and (self.visit is not None or self._terms.inspect):
            raise r.InspectionOutstanding()

    def _decider_may(self, given: Given) -> None:
        # A machine applies published rules and has nobody to collude with: the separation is one of people.
        if given.by.id == self.accepted_by and not self._terms.single_officer and self.rule_version is None:
            raise r.AcceptorMayNotDecide(officer=given.by.id)
        self._nothing_stands_against(given)

    def _nothing_stands_against(self, given: Given) -> None:
        for until in self.holds.values():
            if given.today <= until:
                raise r.HoldInForce(until=until)

    @property
    def _heard(self) -> tuple[HeardOpinion, ...]:
        return tuple(one for said in self.heard.values() for one in said)

    def _say_how_opinions_are_used(self, uses: tuple[OpinionUse, ...]) -> None:
        known = {one.body.code for one in self._heard}
        for use in uses:
            if use.organ not in known:
                raise r.OpinionNeverHeard(organ=use.organ)
        passed_over = unanswered(self._heard, uses)
        if passed_over is not None:
            raise r.OpinionUseNotCited(body=passed_over.body, opinion=passed_over.opinion, stated=passed_over.stated)

    def _decision(
        self, command: c.GrantLicense | c.DenyLicense, given: Given, provisional_no: str | None = None
    ) -> dict[str, Any]:
        return {
            "case_no": self.case_no, "terms": self._terms, "subject": self.subject, "site": self.site,
            "organ": given.by.on_behalf_of or given.by.organ, "document_no": command.document_no,
            "opinion_uses": command.opinion_uses, "accepted_by": self.accepted_by, "by_commitment": self.committed, "with_tolerance": self.tolerant,
            "regulators": self._regulators,
            "minutes_no": command.minutes_no, "rule_version": self.rule_version,
            "provisional_no": provisional_no, "matter": self.matter, "license_id": self.license_id, "bundle_id": self.bundle_id,
            **self._authority(command, given),
            **self._after_decision(given, given.today, granted=isinstance(command, c.GrantLicense)),
        }  # fmt: skip
