"""首席代表授权: what a letter covers, from when to when, and what is left of a decision beyond it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.delegation import (
    AlterDelegation,
    DecisionBeyondDelegation,
    Delegation,
    DelegationAltered,
    DelegationGranted,
    DelegationWithdrawn,
    GrantDelegation,
    HeadMayNotBeDelegate,
    LetterCameLate,
    LetterEndsBeforeItBegins,
    LetterIsWithdrawn,
    LetterNumberTaken,
    NoSuchLetter,
    WithdrawalMayNotBeBackdated,
    WithdrawDelegation,
)
from domain.kernel.aggregate import replay
from domain.kernel.delegation import Beyond, Letter, RecordDelegationExceeded, Scope, UpForDecision, fits, judged
from domain.kernel.documents import DocumentKind
from domain.kernel.identity import delegation_stream
from domain.kernel.people import INSPECTING, Role
from domain.kernel.refusal import ForeignAuthority, RoleMayNot
from domain.kernel.words import ExerciseLevel
from tests.specification import (
    BUREAU,
    CASE,
    CASE_NO,
    DECIDER,
    FIRE,
    MONDAY,
    PLATFORM,
    STEWARD,
    TUESDAY,
    given,
)

TODAY = MONDAY.date()
YEAR_END = date(2026, 12, 31)
SCOPE = Scope(
    items=("11371500MB2862819G33701170030*",), places=("371502",), levels=(ExerciseLevel.CITY,), amount_to=50_000_000
)
GRANT = GrantDelegation(
    organ=BUREAU.code, officer=DECIDER.id, head="head-1", letter_no="聊行审授〔2026〕3号", scope=SCOPE, valid_from=TODAY,
    valid_to=YEAR_END,
)  # fmt: skip
THIS = GRANT.stream
SAID = {"organ": BUREAU.code, "officer": DECIDER.id, "letter_no": GRANT.letter_no}
GRANTED = DelegationGranted(**SAID, head="head-1", scope=SCOPE, valid_from=TODAY, valid_to=YEAR_END)
WIDER = SCOPE.model_copy(update={"places": ("371500",)})
ALTER = AlterDelegation(
    delegation_id=THIS, letter_no=GRANT.letter_no, scope=WIDER, valid_to=YEAR_END, reason="全市通办"
)
ALTERED = DelegationAltered(**SAID, scope=WIDER, valid_to=YEAR_END, reason="全市通办")
WITHDRAW = WithdrawDelegation(delegation_id=THIS, letter_no=GRANT.letter_no, effective_on=TODAY, reason="调离岗位")
WITHDRAWN = DelegationWithdrawn(**SAID, effective_on=TODAY, reason="调离岗位")
MATTER = UpForDecision("11371500MB2862819G3370117003000", "371502", ExerciseLevel.CITY, 10_000)
RECORD = RecordDelegationExceeded(
    organ=BUREAU.code, officer=DECIDER.id, case_id=CASE, case_no=CASE_NO, item="FOOD-1", decision=DocumentKind.GRANT,
    document_no="聊行审许字〔2026〕37号", letter_no=GRANT.letter_no, beyond=(Beyond.ITEM, Beyond.DATE),
)  # fmt: skip


def letters(*facts):
    return tuple(replay(Delegation, THIS, facts).letters.values())


def grant(**changed: object) -> GrantDelegation:
    return GRANT.model_copy(update=changed)


def test_the_head_delegates_decisions_to_an_officer_by_letter():
    given().when(GRANT, by=STEWARD).then(GRANTED)
    assert GRANT.stream == delegation_stream(BUREAU.code, DECIDER.id)


def test_the_same_letter_is_entered_once_and_its_number_is_not_given_to_another():
    given(GRANTED).when(GRANT, by=STEWARD).nothing()
    given(GRANTED).when(grant(scope=WIDER), by=STEWARD).refused(LetterNumberTaken, letter_no=GRANT.letter_no)


def test_an_officer_holds_several_letters():
    second = grant(letter_no="聊行审授〔2026〕4号", scope=WIDER)
    both = given(GRANTED).when(second, by=STEWARD).then(DelegationGranted)
    assert [one.letter_no for one in both.aggregate.letters.values()] == [GRANT.letter_no, second.letter_no]


def test_nobody_delegates_to_themselves():
    given().when(grant(head=DECIDER.id), by=STEWARD).refused(HeadMayNotBeDelegate, officer=DECIDER.id)


def test_a_letter_ends_after_it_begins_and_not_in_the_past():
    given().when(grant(valid_to=TODAY - timedelta(days=1)), by=STEWARD).refused(LetterEndsBeforeItBegins)
    late = grant(valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1), retroactive_because="漏签")
    given().when(late, by=STEWARD).refused(LetterEndsBeforeItBegins)


def test_a_letter_that_came_late_says_why_and_everybody_sees_that_it_did():
    early = grant(valid_from=date(2026, 2, 1))
    given().when(early, by=STEWARD).refused(LetterCameLate, today=TODAY)
    late = given().when(grant(valid_from=date(2026, 2, 1), retroactive_because="换届期间漏签"), by=STEWARD)
    (fact,) = late.then(DelegationGranted).facts
    assert (fact.retroactive, fact.retroactive_because) == (True, "换届期间漏签")
    assert "补签原因:换届期间漏签" in fact.telling("zh")
    assert "retroactive because: 换届期间漏签" in fact.telling("en")
    assert late.aggregate.letters[GRANT.letter_no].retroactive
    on_time = given().when(grant(retroactive_because="并未补签"), by=STEWARD).then(GRANTED)
    assert not on_time.aggregate.letters[GRANT.letter_no].retroactive


def test_a_letter_is_altered_with_a_reason():
    altered = given(GRANTED).when(ALTER, by=STEWARD).then(ALTERED)
    assert altered.aggregate.letters[GRANT.letter_no].scope == WIDER
    altered.and_when(ALTER, by=STEWARD).nothing()
    over = ALTER.model_copy(update={"valid_to": TODAY - timedelta(days=1)})
    given(GRANTED).when(over, by=STEWARD).refused(LetterEndsBeforeItBegins)


def test_a_letter_is_withdrawn_from_a_day_on_and_never_backwards():
    gone = given(GRANTED).when(WITHDRAW, by=STEWARD).then(WITHDRAWN)
    gone.and_when(WITHDRAW, by=STEWARD).refused(LetterIsWithdrawn, since=TODAY)
    gone.and_when(ALTER, by=STEWARD).refused(LetterIsWithdrawn)
    given(GRANTED).when(WITHDRAW, by=STEWARD, at=TUESDAY).refused(WithdrawalMayNotBeBackdated)


def test_a_letter_that_is_not_there_is_neither_altered_nor_withdrawn():
    for command in (ALTER, WITHDRAW):
        other = command.model_copy(update={"letter_no": "聊行审授〔2026〕9号"})
        given(GRANTED).when(other, by=STEWARD).refused(NoSuchLetter)


def test_letters_are_entered_by_the_steward_of_the_organ():
    stranger = STEWARD.model_copy(update={"organ": FIRE.code})
    given().when(GRANT, by=stranger).refused(ForeignAuthority, owner=BUREAU.code)
    for command in (ALTER, WITHDRAW):
        given(GRANTED).when(command, by=stranger).refused(ForeignAuthority)
        given(GRANTED).when(command, by=DECIDER).refused(RoleMayNot)
    given().when(GRANT, by=DECIDER).refused(RoleMayNot)


def test_an_attempt_beyond_the_letter_is_recorded_even_where_there_is_no_letter():
    fact = DecisionBeyondDelegation(**RECORD.model_dump())
    given(GRANTED).when(RECORD, by=PLATFORM).then(fact)
    given().when(RECORD, by=PLATFORM).then(fact)
    given().when(RECORD, by=STEWARD).refused(RoleMayNot)
    assert {role for role in Role if DecisionBeyondDelegation.readable_by(role)} == INSPECTING
    assert "超出授权事项、超出授权期限" in fact.telling("zh")


# 范围 the scope


def beyond(on: date = TODAY, scope: Scope = SCOPE, **changed: object) -> tuple[Beyond, ...]:
    letter = Letter(letter_no="聊行审授〔2026〕5号", scope=scope, valid_from=TODAY, valid_to=YEAR_END)
    return letter.exceeded(MATTER._replace(**changed), on)


def test_inside_every_limit_nothing_is_exceeded():
    assert beyond() == beyond(YEAR_END) == beyond(amount=50_000_000) == ()


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"item": "11371500MB2862819G3370117004000"}, Beyond.ITEM),
        ({"region": "371521"}, Beyond.PLACE),
        ({"region": None}, Beyond.PLACE),
        ({"level": ExerciseLevel.PROVINCIAL}, Beyond.LEVEL),
        ({"level": None}, Beyond.LEVEL),
        ({"amount": 50_000_001}, Beyond.AMOUNT),
        ({"amount": None}, Beyond.AMOUNT),
        ({"on": TODAY - timedelta(days=1)}, Beyond.DATE),
        ({"on": YEAR_END + timedelta(days=1)}, Beyond.DATE),
    ],
)  # fmt: skip
def test_each_limit_of_a_letter_binds_by_itself(changed, wanted):
    assert beyond(**changed) == (wanted,)


def test_what_a_letter_does_not_limit_is_inside_it():
    assert beyond(scope=Scope(), item="X-1", region=None, level=None, amount=None) == ()


def test_a_town_inside_the_place_is_inside_the_letter():
    assert beyond(region="371502001") == ()


@pytest.mark.parametrize(
    ("pattern", "item", "fitting"),
    [
        ("FOOD-1", "FOOD-1", True), ("FOOD-1", "FOOD-12", False), ("FOOD-*", "FOOD-12", True), ("*", "X", True),
        ("*-1", "FOOD-1", True), ("A.C", "ABC", False), ("FOOD-*-A", "FOOD-7-A", True), ("FOOD-*-A", "FOOD-7-B", False),
    ],
)  # fmt: skip
def test_a_pattern_covers_the_items_that_it_says(pattern, item, fitting):
    assert fits(pattern, item) is fitting


def test_a_decision_rests_on_whichever_letter_covers_it_and_else_on_none():
    elsewhere = {"letter_no": "聊行审授〔2026〕4号", "scope": Scope(places=("371521",))}
    first, second = letters(GRANTED, GRANTED.model_copy(update=elsewhere))
    assert judged((first, second), MATTER, TODAY) == (first, ())
    assert judged((first, second), MATTER._replace(region="371521"), TODAY) == (second, ())
    assert judged((first, second), MATTER._replace(region="371523"), TODAY) == (second, (Beyond.PLACE,))
    assert judged((), MATTER, TODAY) == (None, (Beyond.NO_LETTER,))


def test_after_its_withdrawal_a_letter_covers_nothing_and_before_it_everything_it_did():
    (letter,) = letters(GRANTED, DelegationWithdrawn(**SAID, effective_on=TUESDAY.date(), reason="调离"))
    assert letter.exceeded(MATTER, TODAY) == ()
    assert letter.exceeded(MATTER, TUESDAY.date()) == (Beyond.DATE,)
