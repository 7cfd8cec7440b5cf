"""Application and acceptance (申请与受理): Articles 29 to 32, tolerance and commitment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.applicant import must_be_free
from domain.approval_case.clocks import end_of_limit
from domain.approval_case.demands import Demands
from domain.approval_case.licensed import Licensed
from domain.approval_case.outstanding import Outstanding
from domain.approval_case.words import RUNNING, CaseState, Material, TerminationGround, Tolerated
from domain.kernel.aggregate import Facts, Given
from domain.kernel.refusal import Refusal
from domain.kernel.standing import Step
from domain.kernel.words import ItemTerms, ToleranceLapse
from domain.rules.limits import TimeLimit
from domain.rules.loader import practice, time_limit
from domain.rules.working_days import working_calendar

S = CaseState


class Intake(Demands, Licensed, Outstanding):
    """申请与受理。"""

    def submit(self, command: c.SubmitApplication, given: Given) -> Facts:
        if self.version:
            raise r.CaseAlreadySubmitted(case_no=command.case_no)
        # The day of asking, not the date in the application: a date of last year would revive a retired item.
        terms = given.look.item(command.item, given.today)
        if terms.inspect and command.site is None:
            raise r.SiteMissing(item=terms.item)
        asked = tuple(self._asks_about(command, terms, given))
        organ = terms.organ.code if terms.organ else given.by.on_behalf_of or given.by.organ
        below = _from_below(command, organ, given)
        yield f.ApplicationSubmitted(
            case_no=command.case_no, terms=terms, subject=command.subject, site=command.site, organ=organ,
            materials=(*command.materials, *below), channel=command.channel, agent=command.agent,
            matter=command.matter, license_id=command.license_id, bundle_id=command.bundle_id,
            forwarded_from=command.forwarded_from, forwarded=tuple(one.name for one in below),
        )  # fmt: skip
        yield from asked

    def receive(self, command: c.ReceiveMaterial, given: Given) -> Facts:
        self.must_be(command, self.state, S.SUBMITTED)
        yield f.MaterialReceived(receipt_no=command.receipt_no, **self._receipt(given))

    def correct_on_spot(self, command: c.CorrectOnSpot, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.OnSpotCorrected(what=command.what)

    def request_correction(self, command: c.RequestCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        not_passed(command.until, given)
        self._on_the_list(command.missing, given.look.item(self._terms.item, given.today))
        if again := tuple(one for one in command.missing if one in self.from_below):
            raise r.ForwardedAlready(materials=again)
        repeated = tuple(one for one in command.missing if one in self.told)
        new = tuple(one for one in command.missing if one not in self.told)
        because = [one for one in command.caused_by if one in self.supplied]
        if self.notices and new and (not because or len(because) < len(command.caused_by)):
            raise r.CorrectionToldInParts(materials=new)
        yield f.CorrectionRequested(
            missing=command.missing, until=command.until, notice_no=command.notice_no, round=self.notices + 1,
            repeated=repeated, caused_by=command.caused_by if self.notices else (),
        )  # fmt: skip

    def submit_correction(self, command: c.SubmitCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        yield f.CorrectionSubmitted(materials=command.materials, **self._receipt(given))

    def lapse_correction(self, command: c.LapseCorrection, given: Given) -> Facts:
        self.must_be(command, self.state, S.AWAITING_CORRECTION)
        if self.correct_by is not None and given.today <= self.correct_by:
            raise r.CorrectionNotYetOverdue(until=self.correct_by)
        told = self.correction_notice
        assert told is not None
        yield f.CorrectionLapsed(until=told.until, missing=told.missing, notice_no=told.notice_no)

    def declare_no_permit_required(self, command: c.DeclareNoPermitRequired, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.PermitNotRequired(
            reason=command.reason, document_no=command.document_no, document_digest=command.document_digest
        )

    def refuse_acceptance(self, command: c.RefuseAcceptance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        yield f.AcceptanceRefused(
            reason=command.reason, redirect_to=command.redirect_to, remedy_notice=command.remedy_notice,
            document_no=command.document_no, document_digest=command.document_digest,
        )  # fmt: skip

    def accept(self, command: c.AcceptApplication, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        terms = self._in_force(given, given.today)
        must_be_free(self, Step.ACCEPTANCE, given)
        self._complete(terms, command.not_asked)
        yield f.ApplicationAccepted(
            document_no=command.document_no, document_digest=command.document_digest, not_asked=command.not_asked,
            **self._clocks(given, terms, given.today, given.at),
        )  # fmt: skip
        yield from self._demands(given)

    def accept_with_tolerance(self, command: c.AcceptWithTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        terms = self._in_force(given, given.today)
        if not terms.tolerance_allowed:
            raise r.ToleranceNotAllowed(item=terms.item)
        must_be_free(self, Step.TOLERANCE, given)
        self._complete(terms, (*command.missing, *command.not_asked))
        clocks = self._clocks(given, terms, given.today, given.at)
        due_of = _due_of(command, terms, clocks, given)
        last = max(due_of.values())
        yield f.ToleranceAccepted(
            document_no=command.document_no, document_digest=command.document_digest, missing=command.missing,
            until=last, not_asked=command.not_asked,
            each=tuple(Tolerated(name=n, until=d) for n, d in due_of.items()) if len(set(due_of.values())) > 1 else (),
            **clocks,
        )  # fmt: skip
        yield from self._demands(given)

    def deem_accepted(self, command: c.DeemAccepted, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED)
        if self.notice_due is None or given.today <= self.notice_due:
            raise r.NoticeNotYetOverdue(due=self.notice_due)
        assert self.received_on is not None
        assert self.received_at is not None
        try:
            terms = given.look.item(self._terms.item, self.received_on)
        except Refusal as gone:
            # Silence cannot make an organ accept what no law lets it license any more.
            yield f.CaseTerminated(ground_code=TerminationGround.ITEM_RETIRED, ground=gone.told("zh"))
            return
        yield f.AcceptanceDeemed(**self._clocks(given, terms, self.received_on, self.received_at))
        yield from self._demands(given)

    def clear_tolerance(self, command: c.ClearTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if self.must_deny:
            raise r.ToleranceHasLapsed(missing=self.tolerated)
        if self.tolerated:
            rest = [until for name, until in self.due_of.items() if name not in command.materials]
            yield f.ToleranceCleared(materials=command.materials, until=min(rest, default=None))

    def lapse_tolerance(self, command: c.LapseTolerance, given: Given) -> Facts:
        self.must_be(command, self.state, *RUNNING)
        if not self.tolerated or self.must_deny:
            return
        if self.supply_by is not None and given.today <= self.supply_by:
            raise r.ToleranceNotYetOverdue(until=self.supply_by)
        missing = tuple(name for name, until in self.due_of.items() if until < given.today)
        outcome = self._terms.tolerance_lapse or ToleranceLapse.of(practice("tolerance_lapse", on=given.today).value)
        yield f.ToleranceLapsed(outcome=outcome, missing=missing)
        if outcome is ToleranceLapse.WITHDRAW:
            yield f.CaseWithdrawn(reason="容缺材料逾期未补齐:" + "、".join(missing), deemed=True)

    def commit(self, command: c.FileCommitment, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED, S.ACCEPTED)
        terms = self._terms if self.state is S.ACCEPTED else given.look.item(self._terms.item, given.today)
        if not terms.commitment_allowed:
            raise r.CommitmentNotAllowed(item=terms.item)
        if terms.safety:
            raise r.CommitmentNotForSafety(item=terms.item)
        must_be_free(self, Step.COMMITMENT, given)
        days = terms.commitment_days or time_limit("commitment_check", on=given.today).value
        check_by = command.check_by or given.today + timedelta(days)
        yield f.CommitmentFiled(
            commitment=command.commitment, check_by=check_by, kind=command.kind, case_no=self.case_no,
            item=terms.item, item_name=terms.name, subject=self.subject,
        )  # fmt: skip

    def withdraw_commitment(self, command: c.WithdrawCommitment, given: Given) -> Facts:
        self.must_be(command, self.state, S.RECEIVED, *RUNNING)
        if not self.committed:
            raise r.NoCommitment()
        examined = S.EXAMINED in (self.state, self.before_pause if self.state is S.SUSPENDED else None)
        yield f.CommitmentWithdrawn(reason=command.reason, examined_anew=examined)

    def _in_force(self, given: Given, on: date) -> ItemTerms:
        """The version to freeze. Raises the catalogue's refusal for an item that is no longer in force, and SiteMissing
        where the version in force now demands a visit to a site that nobody named."""
        terms = given.look.item(self._terms.item, on)
        if terms.inspect and self.site is None:
            raise r.SiteMissing(item=terms.item)
        return terms

    def _complete(self, terms: ItemTerms, beside: tuple[str, ...]) -> None:
        """Raises NotAMaterialOfTheItem, MaterialsIncomplete. An item that states no list leaves it to the officer, and
        so does a listed material that only some cases need."""
        self._on_the_list(beside, terms)
        came = {*self.materials, *beside, *terms.conditional}
        if missing := tuple(one for one in terms.materials if one not in came):
            raise r.MaterialsIncomplete(missing=missing)

    def _on_the_list(self, asked: tuple[str, ...], terms: ItemTerms) -> None:
        if terms.materials and (beyond := tuple(one for one in asked if one not in terms.materials)):
            raise r.NotAMaterialOfTheItem(item=terms.item, materials=beyond)


def _due_of(
    command: c.AcceptWithTolerance, terms: ItemTerms, clocks: dict[str, Any], given: Given
) -> dict[str, date]:
    """Until when each material may come: as asked, else by its days in the catalogue, else by the promised end.

    Raises NotTolerable, DateHasPassed, and ToleranceTooLong: no longer than the promise and the catalogue allow."""
    promised: date | None = clocks["promised_due"]
    listed = {one.name: one for one in terms.tolerable}
    if listed and (others := tuple(one for one in command.missing if one not in listed)):
        raise r.NotTolerable(item=terms.item, materials=others)
    due_of: dict[str, date] = {}
    known = working_calendar(given.today)
    for name in command.missing:
        days = listed[name].days if name in listed else None
        own = end_of_limit(TimeLimit(given.today, days, region=clocks["region"]), known) if days else None
        latest = min(filter(None, (promised, own.on if own else None)), default=None)
        until = command.until or latest
        if until is None:
            raise r.ToleranceWithoutEnd()
        not_passed(until, given)
        if latest is not None and until > latest:
            raise r.ToleranceTooLong(until=until, due=latest)
        due_of[name] = until
    return due_of


def not_passed(until: date, given: Given) -> None:
    if until < given.today:
        raise r.DateHasPassed(until=until, today=given.today)


def _from_below(command: c.SubmitApplication, organ: str, given: Given) -> tuple[Material, ...]:
    """What the lower level sent up: the applicant hands nothing in twice (第三十五条)."""
    if command.forwarded_from is None:
        return ()
    seen = given.look.case(command.forwarded_from)
    sent = seen.forwarded if seen is not None else None
    if seen is None or sent is None:
        raise r.NothingForwarded(case=command.forwarded_from)
    if sent.to != organ:
        raise r.ForwardedElsewhere(to=sent.to)
    if seen.subject is not None and seen.subject.identifier != command.subject.identifier:
        raise r.ForwardedForAnother(case_no=seen.case_no)
    brought = {one.name for one in command.materials}
    return tuple(Material(name=one.name, digest=one.digest) for one in sent.materials if one.name not in brought)
