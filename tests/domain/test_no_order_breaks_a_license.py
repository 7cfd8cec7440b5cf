"""证照: no order of commands breaks what must hold."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from domain.kernel.identity import stream_id
from domain.kernel.licensing import CaseSeen, LicenseState, Validity
from domain.kernel.words import Matter
from domain.license import facts as f
from domain.license.commands import BringIntoEffect
from domain.license.license import License
from domain.license.words import ENDED, AnnualCheckResult, CancellationGround, RevocationGround
from tests.domain.license_file import (
    ALTER,
    ANSWER,
    CANCEL,
    CANCEL_AS_APPLIED,
    CHECK,
    CORRECT,
    END_SUBJECT,
    EXPIRE,
    FINDING,
    GRANT,
    NOTE_RENEWAL,
    PENALIZE,
    PENALTY,
    PROPOSE,
    REGISTER,
    REINSTATE,
    REISSUE,
    RENEW,
    REVOKE,
    SUSPEND,
    THIS,
    WITHDRAW,
    Cases,
    grant,
)
from tests.domain.life import BRIEF, Life
from tests.specification import CASE, DECIDER, EXAMINER, PLATFORM, given

OTHERS = [stream_id("case", 2026, "platform", f"2026-100{n}") for n in range(4)]
CHANGED = (f.LicenseAltered, f.LicenseRenewed, f.LicenseRenewedBySilence)
ENDING = (f.LicenseExpired, f.LicenseWithdrawn, f.LicenseRevoked, f.LicensePenaltyRevoked, f.CancellationGroundArose)


class LicenseLife(Life):
    """Cases about the license are decided, time passes, penalties and proposals come, in any order."""

    OF = License

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict = {}

    @initialize(days=st.integers(0, 40), length=st.integers(0, 60))
    def begin(self, days, length):
        first = self.now.date() + timedelta(days=days)
        validity = Validity(valid_from=first, valid_to=first + timedelta(days=length) if length else None)
        self.seen[CASE] = CaseSeen(case_id=CASE, undecided=False, grant=GRANT.model_copy(update={"validity": validity}))
        self.ask(REGISTER, PLATFORM)

    def ask(self, command, by):
        decided = given(*self.facts, look=Cases(self.seen)).when(command, by=by, at=self.now)
        if decided.refusal is not None:
            self.refusals += 1
            return ()
        self.facts = decided.past + decided.facts
        return decided.facts

    @property
    def license(self) -> License:
        return given(*self.facts).when(EXPIRE, by=EXAMINER).aggregate

    @rule(
        case=st.sampled_from(OTHERS), matter=st.sampled_from([Matter.ALTERATION, Matter.RENEWAL, Matter.CANCELLATION]),
        silent=st.booleans(), more=st.integers(-5, 90), undecided=st.booleans(),
    )  # fmt: skip
    def a_case_goes_on(self, case, matter, silent, more, undecided):
        if case in self.seen and self.seen[case].grant is not None:
            return
        until = self.now.date() + timedelta(days=more)
        granted = grant(
            matter, case=case, by_silence=silent, content="照准", decided_on=self.now.date(),
            validity=Validity(valid_from=self.now.date(), valid_to=until),
        )  # fmt: skip
        self.seen[case] = CaseSeen(case_id=case, undecided=undecided, grant=None if undecided else granted)

    @rule(command=st.sampled_from([ALTER, RENEW, NOTE_RENEWAL, REISSUE, CANCEL_AS_APPLIED]), case=st.sampled_from(OTHERS))
    def follow_a_case(self, command, case):
        self.ask(command.model_copy(update={"case": case}), PLATFORM)

    @rule(case=st.sampled_from(OTHERS), silent=st.booleans(), more=st.integers(-5, 30))
    def a_renewal_is_granted_and_entered_at_once(self, case, silent, more):
        self.a_case_goes_on(case=case, matter=Matter.RENEWAL, silent=silent, more=more, undecided=False)
        self.ask(RENEW.model_copy(update={"case": case}), PLATFORM)

    @rule(command=st.sampled_from([EXPIRE, BringIntoEffect(license_id=THIS), REINSTATE, PROPOSE, ANSWER]))
    def the_platform_acts(self, command):
        self.ask(command, PLATFORM)

    @rule(command=st.sampled_from([SUSPEND, PENALIZE]), finding=st.sampled_from([None, FINDING]))
    def a_penalty_comes(self, command, finding):
        penalty = PENALTY.model_copy(update={"decided_on": self.now.date()})
        until = {"until": self.now.date() + timedelta(days=5)} if command is SUSPEND else {}
        self.ask(command.model_copy(update={"penalty": penalty, "finding_id": finding, **until}), DECIDER)

    @rule(command=st.sampled_from([WITHDRAW, END_SUBJECT, REINSTATE]))
    def the_organ_acts(self, command):
        self.ask(command, DECIDER)

    @rule(ground=st.sampled_from(RevocationGround), paid=st.booleans(), spared=st.booleans())
    def the_organ_revokes(self, ground, paid, spared):
        changes = {
            "ground": ground, "compensation_ref": "赔1" if paid else None,
            "public_interest_exception": "唯一供水单位" if spared else None,
        }  # fmt: skip
        self.ask(REVOKE.model_copy(update=changes), DECIDER)

    @rule(ground=st.sampled_from(CancellationGround))
    def the_organ_cancels(self, ground):
        self.ask(CANCEL.model_copy(update={"ground": ground}), DECIDER)

    @rule(number=st.integers(1, 8), name=st.sampled_from(["JY-A", "JY-B"]))
    def a_fact_is_corrected(self, number, name):
        self.ask(CORRECT.model_copy(update={"corrects": f"{THIS}:{number}", "license_no": name}), DECIDER)

    @rule(ahead=st.integers(0, 2), result=st.sampled_from(AnnualCheckResult))
    def it_is_checked(self, ahead, result):
        year, day = self.now.year + ahead, self.now.date()
        self.ask(CHECK.model_copy(update={"year": year, "checked_on": day, "result": result}), EXAMINER)

    @invariant()
    def what_has_ended_does_not_come_back(self):
        ends = [n for n, fact in enumerate(self.facts) if isinstance(fact, ENDING)]
        assert len(ends) <= 1
        if ends:
            after = {type(fact) for fact in self.facts[ends[0] + 1 :]}
            assert after <= {f.LicenseCancelled, f.ProposalNoted, f.ProposalAnswered}
            assert self.license.state in ENDED

    @invariant()
    def a_cancellation_is_the_last_change_and_names_what_ended_the_license(self):
        cancelled = self.of(f.LicenseCancelled)
        assert len(cancelled) <= 1
        for fact in cancelled:
            ending = next(one for one in self.facts if isinstance(one, ENDING))
            assert fact.caused_by == ending.id

    @invariant()
    def the_version_grows_by_one_with_each_change_and_with_nothing_else(self):
        version = 1
        for fact in self.facts:
            version += isinstance(fact, (*CHANGED, f.DocumentReissued))
            assert fact.license.version == version

    @invariant()
    def each_case_changes_the_license_once_and_a_renewal_extends_it(self):
        changed = [fact.by_case for fact in self.of(*CHANGED)]
        assert len(changed) == len(set(changed))
        for fact in self.of(f.LicenseRenewed, f.LicenseRenewedBySilence):
            assert fact.before.validity.valid_to is not None
            assert fact.license.validity.valid_to > fact.before.validity.valid_to

    @invariant()
    def it_expires_after_its_last_day_only_and_never_while_a_timely_renewal_waits(self):
        for fact in self.of(f.LicenseExpired):
            assert fact.license.validity.valid_to < fact.recorded_at.date()

    @invariant()
    def suspensions_begin_and_end_in_turn(self):
        turns = self.of(f.LicenseSuspended, f.SuspensionEnded)
        assert all(isinstance(fact, f.LicenseSuspended) is (n % 2 == 0) for n, fact in enumerate(turns))

    @invariant()
    def fraud_is_not_compensated_and_what_is_spared_stands(self):
        for fact in self.of(f.LicenseRevoked):
            assert not (fact.mandatory and fact.compensation_ref)
        if self.of(f.RevocationWithheld) and not self.of(*ENDING):
            assert self.license.state in (LicenseState.ISSUED, LicenseState.VALID, LicenseState.SUSPENDED)

    @invariant()
    def every_year_is_passed_at_most_once_and_nothing_follows(self):
        results: dict[int, list[AnnualCheckResult]] = {}
        for fact in self.of(f.AnnualCheckRecorded):
            results.setdefault(fact.year, []).append(fact.result)
        for told in results.values():
            assert AnnualCheckResult.PASSED not in told[:-1]


TestNoOrderBreaksALicense = LicenseLife.TestCase
TestNoOrderBreaksALicense.settings = BRIEF
