"""证照: every row of its table, the seven ways in which it ends, and that nothing brings it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.kernel.licensing import LicenseState, Validity
from domain.kernel.refusal import MalformedIdentifier, OutOfOrder, RoleMayNot
from domain.kernel.words import Change, Matter
from domain.license import facts as f
from domain.license import refusals as r
from domain.license.commands import BringIntoEffect
from domain.license.words import (
    AnnualCheckResult,
    CancellationGround,
    ExchangeCode,
    LicenseContent,
    RevocationGround,
    exchange_code,
)
from tests.domain.license_file import (
    ALTER,
    ALTERATION,
    ANSWER,
    CANCEL,
    CANCEL_AS_APPLIED,
    CANCELLATION,
    CHECK,
    CONTENT,
    CORRECT,
    E_LICENSE,
    EFFECTIVE,
    END_SUBJECT,
    ENDED,
    EXPIRE,
    EXPIRED,
    EXPIRES,
    FILES,
    FINDING,
    GRANT,
    MARKET,
    MARKET_BODY,
    NEW_PERIOD,
    NOTE_RENEWAL,
    NOW,
    OTHER_SITE,
    PENALIZE,
    PENALTY,
    PENALTY_REVOKED,
    PERIOD,
    PROPOSE,
    REGISTER,
    REGISTERED,
    REINSTATE,
    REINSTATED,
    REISSUE,
    RENEW,
    RENEWAL,
    REVOKE,
    REVOKED,
    STANDING,
    SUBJECT_ENDED,
    SUSPEND,
    SUSPENDED,
    THIS,
    TODAY,
    VALID,
    WITHDRAW,
    WITHDRAWN,
    cancelled,
    cases,
    content,
    grant,
)
from tests.specification import (
    CASE,
    DECIDER,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    HOLDER,
    MONDAY,
    OTHER_CASE,
    OTHER_CASE_NO,
    PLATFORM,
    given,
    officer_of,
)

S = LicenseState
GRANTED = cases(GRANT)
AFTER_EXPIRY = MONDAY.replace(month=4, day=1)
MARKET_OFFICER = officer_of(MARKET_BODY)


def of(decided) -> LicenseState:
    return decided.aggregate.state


# issued -> valid


def test_what_a_case_issued_is_registered_as_its_decision_grants_it_and_is_valid():
    decided = given(look=GRANTED).when(REGISTER, by=PLATFORM).then(REGISTERED, EFFECTIVE)
    assert of(decided) is S.VALID
    assert decided.aggregate.content == CONTENT


def test_an_issued_license_whose_period_has_not_begun_waits_for_its_first_day():
    later = cases(GRANT.model_copy(update={"validity": Validity(valid_from=date(2026, 3, 5))}))
    issued = given(look=later).when(REGISTER, by=PLATFORM).then(f.LicenseRegistered)
    assert of(issued) is S.ISSUED
    effect = BringIntoEffect(license_id=THIS)
    issued.and_when(effect, by=PLATFORM, at=MONDAY).refused(r.NotYetInEffect, valid_from=date(2026, 3, 5))
    valid = issued.and_when(effect, by=PLATFORM, at=MONDAY + timedelta(days=3)).then(f.LicenseTookEffect)
    assert of(valid) is S.VALID
    valid.and_when(effect, by=PLATFORM, at=MONDAY + timedelta(days=3)).nothing()


def test_no_license_without_a_grant_of_a_new_one():
    given().when(REGISTER, by=PLATFORM).refused(r.NoGrantToRegister)
    given(look=cases(waiting=(CASE,))).when(REGISTER, by=PLATFORM).refused(r.NoGrantToRegister)
    renewed = cases(grant(Matter.RENEWAL, case=CASE))
    given(look=renewed).when(REGISTER, by=PLATFORM).refused(r.NoGrantToRegister)


def test_the_same_registration_again_is_nothing_and_another_content_is_refused():
    given(*VALID, look=GRANTED).when(REGISTER, by=PLATFORM).nothing()
    other = REGISTER.model_copy(update={"license_no": "JY-2"})
    given(*VALID, look=GRANTED).when(other, by=PLATFORM).refused(r.LicenseRegisteredAlready, license_no="JY1371502")


def test_the_electronic_identifier_is_checked():
    good = REGISTER.model_copy(update={"e_license_id": E_LICENSE})
    bad = REGISTER.model_copy(update={"e_license_id": E_LICENSE[:-1] + "V"})
    given(look=GRANTED).when(good, by=PLATFORM).then(f.LicenseRegistered, f.LicenseTookEffect)
    given(look=GRANTED).when(bad, by=PLATFORM).refused(MalformedIdentifier)


# valid -> suspended -> valid


def test_a_valid_license_is_suspended_by_a_penalty_that_its_document_names():
    decided = given(*VALID).when(SUSPEND, by=DECIDER).then(SUSPENDED)
    assert of(decided) is S.SUSPENDED


def test_a_suspension_ends_and_the_license_is_valid_again():
    decided = given(*FILES[S.SUSPENDED]).when(REINSTATE, by=DECIDER).then(REINSTATED)
    assert of(decided) is S.VALID


def test_a_suspension_ends_by_itself_only_after_its_last_day():
    day = MONDAY.replace(day=10)
    given(*FILES[S.SUSPENDED]).when(REINSTATE, by=PLATFORM, at=day).refused(r.SuspensionNotYetOver)
    given(*FILES[S.SUSPENDED]).when(REINSTATE, by=PLATFORM, at=day + timedelta(days=1)).then(REINSTATED)
    open_ended = (*VALID, SUSPENDED.model_copy(update={"until": None}))
    given(*open_ended).when(REINSTATE, by=PLATFORM, at=AFTER_EXPIRY).refused(r.SuspensionNotYetOver)
    given(*VALID).when(REINSTATE, by=PLATFORM).nothing()
    given(*VALID).when(REINSTATE, by=DECIDER).refused(OutOfOrder)


def test_a_penalty_of_tomorrow_is_not_recorded_and_a_suspension_has_a_length():
    tomorrow = PENALTY.model_copy(update={"decided_on": TODAY + timedelta(days=1)})
    for command in (SUSPEND, PENALIZE):
        given(*VALID).when(command.model_copy(update={"penalty": tomorrow}), by=DECIDER).refused(r.PenaltyNotYetDecided)
    over = SUSPEND.model_copy(update={"until": TODAY - timedelta(days=1)})
    given(*VALID).when(over, by=DECIDER).refused(r.SuspensionHasNoLength)


# valid -> altered (valid, new version)


def test_an_alteration_that_a_case_granted_makes_a_new_version_and_keeps_the_period():
    decided = given(*VALID, look=cases(ALTERATION)).when(ALTER, by=PLATFORM)
    after = content(version=2, site=OTHER_SITE, content="经营场所变更", regulators=ALTERATION.regulators)
    decided.then(
        f.LicenseAltered(
            case_id=CASE, license=after, state=S.VALID, before=CONTENT, by_case=OTHER_CASE, case_no=OTHER_CASE_NO,
            decision_id=f"{OTHER_CASE}:9", what="经营场所变更",
        )
    )  # fmt: skip
    assert of(decided) is S.VALID
    assert decided.aggregate.content.validity == PERIOD
    decided.and_when(ALTER, by=PLATFORM).nothing()


@pytest.mark.parametrize(
    "look",
    [
        cases(), cases(waiting=(OTHER_CASE,)), cases(RENEWAL),
        cases(grant(Matter.ALTERATION, license_id=None)),
    ],
    ids=["no such case", "not decided", "granted something else", "about another license"],
)  # fmt: skip
def test_a_license_is_altered_only_by_a_grant_that_is_about_it(look):
    given(*VALID, look=look).when(ALTER, by=PLATFORM).refused(r.NotGrantedForThis)


def test_a_suspended_license_is_not_altered():
    given(*FILES[S.SUSPENDED], look=cases(ALTERATION)).when(ALTER, by=PLATFORM).refused(OutOfOrder)


# valid -> renewed (valid, new period)


def test_a_renewal_that_a_case_granted_makes_a_new_period():
    decided = given(*VALID, look=cases(RENEWAL)).when(RENEW, by=PLATFORM).then(
        f.LicenseRenewed(
            case_id=CASE, license=content(version=2, validity=NEW_PERIOD), state=S.VALID, before=CONTENT, by_case=OTHER_CASE,
            case_no=OTHER_CASE_NO, decision_id=f"{OTHER_CASE}:9",
        )
    )  # fmt: skip
    assert of(decided) is S.VALID
    decided.and_when(RENEW, by=PLATFORM).nothing()


def test_what_silence_granted_is_renewed_by_a_fact_of_its_own():
    silent = cases(RENEWAL.model_copy(update={"by_silence": True, "document_no": ""}))
    decided = given(*VALID, look=silent).when(RENEW, by=PLATFORM, at=AFTER_EXPIRY).then(f.LicenseRenewedBySilence)
    assert (of(decided), decided.aggregate.content.validity) == (S.VALID, NEW_PERIOD)


def test_a_suspended_license_that_is_renewed_stays_suspended():
    decided = given(*FILES[S.SUSPENDED], look=cases(RENEWAL)).when(RENEW, by=PLATFORM).then(f.LicenseRenewed)
    assert of(decided) is S.SUSPENDED


@pytest.mark.parametrize("until", [EXPIRES, date(2026, 3, 1)])
def test_a_renewal_must_extend_the_period(until):
    look = cases(RENEWAL.model_copy(update={"validity": Validity(valid_from=TODAY, valid_to=until)}))
    given(*VALID, look=look).when(RENEW, by=PLATFORM).refused(r.RenewalDoesNotExtend, valid_to=until)


# valid -> expired


def test_a_license_expires_when_its_last_day_is_over():
    given(*VALID).when(EXPIRE, by=PLATFORM, at=MONDAY.replace(day=31)).refused(r.LicenseNotYetExpired, valid_to=EXPIRES)
    decided = given(*VALID).when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).then(EXPIRED)
    assert of(decided) is S.EXPIRED
    decided.and_when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).nothing()


def test_a_suspended_license_expires_too_for_a_penalty_lengthens_no_period():
    given(*FILES[S.SUSPENDED]).when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).then(f.LicenseExpired)


def test_a_license_without_end_never_expires():
    endless = content(validity=Validity(valid_from=date(2021, 4, 1)))
    registered = REGISTERED.model_copy(update={"license": endless})
    given(registered, EFFECTIVE).when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).refused(r.LicenseNotYetExpired)


@pytest.mark.parametrize(
    "look", [cases(waiting=(OTHER_CASE,)), cases(RENEWAL)], ids=["still undecided", "granted a moment ago"]
)
def test_a_license_whose_renewal_was_asked_in_time_does_not_expire_over_it(look):
    asked = given(*VALID, look=look).when(NOTE_RENEWAL, by=PLATFORM).then(f.RenewalAskedFor)
    asked.and_when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).refused(r.RenewalAwaitsDecision, case=OTHER_CASE)


def test_a_renewal_asked_late_or_denied_lets_it_expire():
    late = NOTE_RENEWAL.model_copy(update={"in_time": False})
    waiting = cases(waiting=(OTHER_CASE,))
    asked = given(*VALID, look=waiting).when(late, by=PLATFORM).then(f.RenewalAskedFor)
    asked.and_when(late, by=PLATFORM).nothing()
    asked.and_when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).then(EXPIRED)
    denied = cases().known | {OTHER_CASE: cases(RENEWAL).known[OTHER_CASE].model_copy(update={"grant": None})}
    in_time = given(*VALID, look=type(waiting)(denied)).when(NOTE_RENEWAL, by=PLATFORM)
    in_time.and_when(EXPIRE, by=PLATFORM, at=AFTER_EXPIRY).then(EXPIRED)


# valid or suspended -> withdrawn (第八条)


@pytest.mark.parametrize("state", STANDING)
def test_a_license_is_withdrawn_for_the_public_interest_and_its_loss_compensated(state):
    decided = given(*FILES[state]).when(WITHDRAW, by=DECIDER).then(WITHDRAWN)
    assert of(decided) is S.WITHDRAWN


def test_a_withdrawal_says_how_the_loss_is_settled_in_one_way():
    none = WITHDRAW.model_copy(update={"compensation_ref": None})
    both = WITHDRAW.model_copy(update={"no_loss": "没有投入"})
    for command in (none, both):
        given(*VALID).when(command, by=DECIDER).refused(r.CompensationUnsettled)
    without = none.model_copy(update={"no_loss": "尚未投入"})
    given(*VALID).when(without, by=DECIDER).then(f.LicenseWithdrawn)


# valid or suspended -> revoked (第六十九条)


@pytest.mark.parametrize("state", STANDING)
def test_a_license_that_should_not_have_been_granted_is_revoked(state):
    decided = given(*FILES[state]).when(REVOKE, by=DECIDER).then(REVOKED)
    assert of(decided) is S.REVOKED


@pytest.mark.parametrize("ground", RevocationGround)
def test_only_fraud_must_be_revoked_and_only_fraud_goes_without_compensation(ground):
    revoke = REVOKE.model_copy(update={"ground": ground})
    paid = revoke.model_copy(update={"compensation_ref": "赔〔2026〕1号"})
    plain = given(*VALID).when(revoke, by=DECIDER)
    assert plain.facts[0].mandatory is (ground is RevocationGround.FRAUD_OR_BRIBERY)
    if ground.mandatory:
        given(*VALID).when(paid, by=DECIDER).refused(r.NoCompensationForFraud)
    else:
        given(*VALID).when(paid, by=DECIDER).then(f.LicenseRevoked)


@pytest.mark.parametrize("ground", [RevocationGround.ILLEGAL_PROCEDURE, RevocationGround.FRAUD_OR_BRIBERY])
def test_a_license_stands_where_its_revocation_would_do_major_harm_to_the_public(ground):
    spare = REVOKE.model_copy(update={"ground": ground, "public_interest_exception": "唯一供水单位"})
    decided = given(*VALID).when(spare, by=DECIDER).then(f.RevocationWithheld)
    assert of(decided) is S.VALID
    paid = spare.model_copy(update={"compensation_ref": "赔〔2026〕1号"})
    given(*VALID).when(paid, by=DECIDER).refused(r.ExceptionHasNoCompensation)


# valid or suspended -> revoked as a penalty (行政处罚法第九条)


@pytest.mark.parametrize("state", [S.VALID, S.SUSPENDED])
def test_a_revocation_as_a_penalty_is_recorded_with_its_organ_and_document(state):
    decided = given(*FILES[state]).when(PENALIZE, by=DECIDER).then(PENALTY_REVOKED)
    assert of(decided) is S.PENALTY_REVOKED
    assert decided.facts[0].organ == MARKET_BODY


# valid or suspended -> subject ended, lapsed (第七十条)


@pytest.mark.parametrize(
    ("ground", "state"),
    [
        (CancellationGround.SUBJECT_DIED, S.SUBJECT_ENDED), (CancellationGround.SUBJECT_ENDED, S.SUBJECT_ENDED),
        (CancellationGround.FORCE_MAJEURE, S.LAPSED), (CancellationGround.OTHER_BY_LAW, S.LAPSED),
    ],
)  # fmt: skip
def test_the_end_of_holder_or_object_is_recorded_before_the_cancellation(ground, state):
    decided = given(*VALID).when(END_SUBJECT.model_copy(update={"ground": ground}), by=DECIDER)
    assert of(decided.then(f.CancellationGroundArose)) is state


def test_grounds_that_a_step_of_their_own_tells_are_not_recorded_by_hand():
    for ground in (CancellationGround.EXPIRED, CancellationGround.REVOKED, CancellationGround.PENALTY_REVOKED):
        command = END_SUBJECT.model_copy(update={"ground": ground})
        given(*VALID).when(command, by=DECIDER).refused(r.GroundHasItsOwnStep, ground=ground)
    tomorrow = END_SUBJECT.model_copy(update={"happened_on": TODAY + timedelta(days=1)})
    given(*VALID).when(tomorrow, by=DECIDER).refused(r.NotInTheFuture)


# ended -> cancelled (第七十条)

ENDINGS = {
    S.EXPIRED: CancellationGround.EXPIRED,
    S.WITHDRAWN: CancellationGround.WITHDRAWN,
    S.REVOKED: CancellationGround.REVOKED,
    S.PENALTY_REVOKED: CancellationGround.PENALTY_REVOKED,
    S.SUBJECT_ENDED: CancellationGround.SUBJECT_ENDED,
    S.LAPSED: CancellationGround.FORCE_MAJEURE,
}


@pytest.mark.parametrize("state", ENDINGS)
def test_a_cancellation_follows_what_ended_the_license_and_names_it(state):
    ground = ENDINGS[state]
    decided = given(*FILES[state]).when(CANCEL.model_copy(update={"ground": ground}), by=DECIDER)
    decided.then(cancelled(ground, f"{THIS}:3"))
    assert of(decided) is S.CANCELLED


@pytest.mark.parametrize("state", STANDING)
def test_a_license_that_nothing_has_ended_is_not_cancelled(state):
    given(*FILES[state]).when(CANCEL, by=DECIDER).refused(r.NothingToCancel, state=state)


def test_a_cancellation_names_what_really_happened():
    given(*FILES[S.REVOKED]).when(CANCEL, by=DECIDER).refused(
        r.GroundDoesNotMatch, happened=CancellationGround.REVOKED
    )  # fmt: skip
    given(*FILES[S.CANCELLED]).when(CANCEL, by=DECIDER).refused(OutOfOrder, state=S.CANCELLED)


def test_the_holder_may_have_it_cancelled_and_the_ground_is_recorded_first():
    decided = given(*VALID, look=cases(CANCELLATION)).when(CANCEL_AS_APPLIED, by=PLATFORM)
    decided.then(f.CancellationGroundArose, f.LicenseCancelled)
    assert decided.facts[1].caused_by == f"{THIS}:3"
    assert decided.facts[1].ground is CancellationGround.OTHER_BY_LAW
    decided.and_when(CANCEL_AS_APPLIED, by=PLATFORM).nothing()
    expired = given(*FILES[S.EXPIRED], look=cases(CANCELLATION)).when(CANCEL_AS_APPLIED, by=PLATFORM)
    assert expired.then(f.LicenseCancelled).facts[0].ground is CancellationGround.EXPIRED


# What has ended does not come back

EVERY_COMMAND = (
    SUSPEND, REINSTATE, ALTER, RENEW, NOTE_RENEWAL, REISSUE, CORRECT, EXPIRE, WITHDRAW, REVOKE, PENALIZE, END_SUBJECT,
    CANCEL, CANCEL_AS_APPLIED, CHECK, PROPOSE, ANSWER, REGISTER,
)  # fmt: skip


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.NAME)
def test_from_an_ended_state_no_command_makes_it_valid_again(state, command):
    look = cases(GRANT, {ALTER: ALTERATION, RENEW: RENEWAL}.get(command, CANCELLATION))
    by = DECIDER if DECIDER.role in command.MAY else PLATFORM
    decided = given(*FILES[state], look=look).when(command, by=by, at=AFTER_EXPIRY)
    assert of(decided) in ENDED


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("command", [SUSPEND, WITHDRAW, REVOKE, PENALIZE, END_SUBJECT], ids=lambda c: c.NAME)
def test_what_has_ended_is_refused_by_name(state, command):
    given(*FILES[state]).when(command, by=DECIDER).refused(r.LicenseHasEnded, state=state)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.NAME)
def test_the_regulator_changes_no_license_it_proposes(command):
    if command is not CHECK:
        given(*VALID).when(command, by=FIRE_OFFICER).refused(RoleMayNot)


def test_only_whoever_decides_withdraws_revokes_or_cancels():
    for command in (SUSPEND, WITHDRAW, REVOKE, PENALIZE, END_SUBJECT, CANCEL, CORRECT):
        given(*VALID).when(command, by=EXAMINER).refused(RoleMayNot)


# Documents and corrections


def test_the_new_document_of_a_renewal_replaces_what_was_told_of_it():
    renewed = given(*VALID, look=cases(RENEWAL)).when(RENEW, by=PLATFORM)
    reissued = renewed.and_when(REISSUE, by=PLATFORM).then(f.DocumentReissued)
    fact = reissued.facts[0]
    assert (fact.replaces, fact.told_in_case, fact.told_as_decision, fact.told_as) == (
        f"{THIS}:3", OTHER_CASE, f"{OTHER_CASE}:9", Change.RENEWAL,
    )  # fmt: skip
    assert (fact.license.license_no, fact.license.version) == ("JY1371502-2", 3)
    reissued.and_when(REISSUE, by=PLATFORM).nothing()


def test_no_document_is_reissued_that_no_alteration_or_renewal_brought():
    given(*VALID).when(REISSUE, by=PLATFORM).refused(r.NothingToReissue)


def test_a_correction_names_the_fact_the_reason_and_what_was_told_before():
    decided = given(*VALID).when(CORRECT, by=DECIDER).then(
        f.LicenseCorrected(
            case_id=CASE, license=content(license_no="JY1371503"), state=S.VALID, before=CONTENT, replaces=f"{THIS}:1",
            told_in_case=CASE, told_as_decision=f"{CASE}:9", told_as=Change.GRANT, reason="编号录入有误",
        )
    )  # fmt: skip
    decided.and_when(CORRECT, by=DECIDER).refused(r.NoSuchFact, fact=f"{THIS}:1")
    again = CORRECT.model_copy(update={"corrects": f"{THIS}:3", "license_no": "JY1371504"})
    last = decided.and_when(again, by=DECIDER).then(f.LicenseCorrected)
    assert (last.facts[0].told_in_case, last.facts[0].told_as_decision) == (CASE, f"{THIS}:3")


def test_a_correction_of_nothing_is_none():
    given(*VALID).when(CORRECT.model_copy(update={"license_no": None}), by=DECIDER).refused(r.NothingCorrected)
    given(*VALID).when(CORRECT.model_copy(update={"corrects": "x"}), by=DECIDER).refused(r.NoSuchFact)


# 年检


@pytest.mark.parametrize("by", [EXAMINER, DECIDER, MARKET_OFFICER])
def test_the_annual_check_of_a_year_is_recorded_by_either_side(by):
    recorded = f.AnnualCheckRecorded(
        **NOW, year=2026, checked_on=TODAY, result=AnnualCheckResult.PASSED, statement="经营条件未变"
    )
    given(*VALID).when(CHECK, by=by).then(recorded).and_when(CHECK, by=by).nothing()


def test_only_its_own_regulator_records_the_annual_check():
    given(*VALID).when(CHECK, by=FIRE_OFFICER).refused(r.NotItsRegulator, organ=FIRE.code)


def test_a_failed_check_may_be_passed_later_and_a_passed_one_is_final():
    failed = CHECK.model_copy(update={"result": AnnualCheckResult.FAILED})
    first = given(*VALID).when(failed, by=EXAMINER).then(f.AnnualCheckRecorded)
    passed = first.and_when(CHECK, by=EXAMINER).then(f.AnnualCheckRecorded)
    passed.and_when(failed, by=EXAMINER).refused(r.AnnualCheckPassedAlready)


@pytest.mark.parametrize("year", [2021, 2027])
def test_the_first_check_is_that_of_the_year_after_and_none_is_recorded_ahead(year):
    given(*VALID).when(CHECK.model_copy(update={"year": year}), by=EXAMINER).refused(r.NotDueForAnnualCheck, year=year)


def test_no_check_where_the_item_has_none_or_the_day_is_to_come():
    plain = REGISTERED.model_copy(update={"license": content(annual_check=False)})
    given(plain, EFFECTIVE).when(CHECK, by=EXAMINER).refused(r.NoAnnualCheck)
    tomorrow = CHECK.model_copy(update={"checked_on": TODAY + timedelta(days=1)})
    given(*VALID).when(tomorrow, by=EXAMINER).refused(r.NotInTheFuture)


# 监管建议


def test_a_proposal_is_noted_and_answered_and_a_decision_may_name_it():
    noted = given(*VALID).when(PROPOSE, by=PLATFORM).then(f.ProposalNoted)
    noted.and_when(PROPOSE, by=PLATFORM).nothing()
    answered = noted.and_when(ANSWER, by=PLATFORM).then(f.ProposalAnswered)
    answered.and_when(ANSWER, by=PLATFORM).nothing()
    answered.and_when(PROPOSE, by=PLATFORM).nothing()
    answered.and_when(PROPOSE.model_copy(update={"revision": 2}), by=PLATFORM).then(f.ProposalNoted)
    revoked = answered.and_when(REVOKE.model_copy(update={"finding_id": FINDING}), by=DECIDER).then(f.LicenseRevoked)
    assert revoked.facts[0].finding_id == FINDING


@pytest.mark.parametrize("command", [SUSPEND, WITHDRAW, REVOKE, PENALIZE, END_SUBJECT], ids=lambda c: c.NAME)
def test_a_decision_names_no_proposal_that_is_not_about_this_license(command):
    asked = command.model_copy(update={"finding_id": FINDING})
    given(*VALID).when(asked, by=DECIDER).refused(r.ProposalNotNoted, finding_id=FINDING)


# 交换


def test_every_state_has_its_exchange_code_and_a_withdrawal_that_of_the_practice():
    assert {state: exchange_code(state, TODAY).value for state in FILES} == {
        S.ISSUED: "99", S.VALID: "01", S.SUSPENDED: "02", S.EXPIRED: "05", S.WITHDRAWN: "03", S.REVOKED: "03",
        S.PENALTY_REVOKED: "07", S.SUBJECT_ENDED: "05", S.LAPSED: "05", S.CANCELLED: "04",
    }  # fmt: skip
    assert {code.value for code in ExchangeCode} == {"01", "02", "03", "04", "05", "06", "07", "99"}


@pytest.mark.parametrize("state", FILES)
def test_every_fact_carries_the_license_as_it_stands_after_it(state):
    for fact in FILES[state]:
        assert isinstance(fact.license, LicenseContent)
        assert fact.license.subject == HOLDER
        assert MARKET in fact.license.regulators
    assert FILES[state][-1].state is state


def test_what_each_regulator_is_told_is_never_one_word_for_two_things():
    told = {cls.__name__: cls.CHANGE for cls in vars(f).values() if isinstance(cls, type) and issubclass(cls, f.LicenseFact)}
    assert {name: change.value for name, change in told.items() if change} == {
        "LicenseSuspended": "suspension", "SuspensionEnded": "reinstatement", "LicenseAltered": "alteration",
        "LicenseRenewed": "renewal", "LicenseRenewedBySilence": "renewal", "LicenseExpired": "expiry",
        "LicenseWithdrawn": "withdrawal", "LicenseRevoked": "revocation",
        "LicensePenaltyRevoked": "penalty_revocation", "LicenseCancelled": "cancellation",
    }  # fmt: skip


def test_the_names_of_the_endings_are_all_different():
    endings = (EXPIRED, WITHDRAWN, REVOKED, PENALTY_REVOKED, SUBJECT_ENDED)
    assert len({type(fact).TOPIC for fact in endings}) == len(endings)
