"""专家抽取: the table of states, row by row, and why nobody can choose the outcome alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.expert_draw import commands as c
from domain.expert_draw import facts as f
from domain.expert_draw import refusals as r
from domain.expert_draw.drawing import digest_of, drawn_from, recomputed, seed_of
from domain.expert_draw.words import (
    Dissent,
    Exclusion,
    ExclusionReason,
    Objection,
    PanelConclusion,
    PartyRole,
    Payment,
    PoolMember,
    RedrawReason,
)
from domain.kernel.experts import DrawSeen, ExpertState, TieKind
from domain.kernel.refusal import OutOfOrder, RoleMayNot, RulesDoNotAnswer
from tests.domain.experts import (
    DRAW,
    FIRE_EXPERTS,
    REQUEST,
    REVIEW_ON,
    TEN,
    a_round,
    candidates,
    commit,
    complete,
    confirm,
    decline,
    drawn,
    freeze,
    led,
    pool,
    reveal,
    secret_of,
    standing,
    start,
    tie,
)
from tests.specification import (
    CASE,
    CASE_NO,
    DECIDER,
    DISCIPLINE,
    EXAMINER,
    HOLDER,
    MONDAY,
    PLATFORM,
    TUESDAY,
    WEDNESDAY,
    given,
)

OF_CASE = {"case_id": CASE, "case_no": CASE_NO}


def redraw(reason: RedrawReason, *replace: str) -> c.RedrawExperts:
    return c.RedrawExperts(draw_id=DRAW, reason=reason, explanation="另抽", replace=replace)


# 申请


def test_whoever_asks_for_experts_is_on_duty_and_the_parties_are_named():
    given(look=TEN).when(REQUEST, by=EXAMINER).then(
        f.ExpertDrawRequested(
            **OF_CASE, number=1, discipline=FIRE_EXPERTS, discipline_name="消防安全",
            discipline_name_en="fire safety", seats=3, review_on=REVIEW_ON,
            parties=REQUEST.parties, on_duty=EXAMINER.id, purpose="消防设计专家评审",
        )
    )  # fmt: skip


def test_the_same_request_again_changes_nothing_and_another_content_is_refused():
    led().and_when(REQUEST, by=EXAMINER).nothing()
    led().and_when(REQUEST.model_copy(update={"seats": 1}), by=EXAMINER).refused(r.DrawRequestedOtherwise)


def test_a_discipline_outside_the_list_is_refused():
    given(look=TEN).when(REQUEST.model_copy(update={"discipline": "ALCHEMY"}), by=EXAMINER).refused(r.NotInTheList)


def test_a_draw_is_for_a_case_that_there_is_and_the_applicant_is_among_the_parties():
    other = REQUEST.model_copy(update={"case_no": "2026-9999"})
    given(look=TEN).when(other, by=EXAMINER).refused(r.CaseOfDrawUnknown, case_no="2026-9999")
    given().when(REQUEST, by=EXAMINER).refused(r.CaseOfDrawUnknown)
    agent = REQUEST.parties[0].model_copy(update={"role": PartyRole.AGENT})
    given(look=TEN).when(REQUEST.model_copy(update={"parties": (agent,)}), by=EXAMINER).refused(r.ApplicantNotNamed)
    stranger = REQUEST.parties[0].model_copy(update={"identifier": "91371500MA3X00010C"})
    given(look=TEN).when(REQUEST.model_copy(update={"parties": (stranger,)}), by=EXAMINER).refused(r.ApplicantNotNamed)


def test_the_next_review_waits_for_the_draw_before_and_counts_on_what_was_tried_there():
    second = REQUEST.model_copy(update={"number": 2})
    for earlier in (None, DrawSeen(over=False)):
        given(look=replace(TEN, earlier=earlier)).when(second, by=EXAMINER).refused(r.EarlierDrawNotOver, earlier=1)
    for earlier, counted in ((DrawSeen(over=True), 0), (DrawSeen(over=True, without_cause=2), 2)):
        (fact,) = given(look=replace(TEN, earlier=earlier)).when(second, by=EXAMINER).facts
        assert fact.without_cause == counted  # type: ignore[attr-defined]


def test_a_draw_that_is_cancelled_after_it_was_drawn_was_one_try_without_cause():
    cancel = c.CancelExpertDraw(draw_id=DRAW, reason="不满意")
    assert drawn().and_when(cancel).aggregate.seen == DrawSeen(over=True, without_cause=1)  # type: ignore[attr-defined]
    assert led((commit(), PLATFORM), (cancel, EXAMINER)).aggregate.seen == DrawSeen(over=True)  # type: ignore[attr-defined]
    assert drawn().aggregate.seen == DrawSeen(over=False)  # type: ignore[attr-defined]


def test_a_review_in_the_past_draws_nobody():
    given(look=TEN).when(REQUEST.model_copy(update={"review_on": date(2026, 3, 1)}), by=EXAMINER).refused(r.ReviewHasPassed)


# 承诺


def test_the_platform_commits_to_a_secret_before_anything_else():
    led().and_when(commit(), by=PLATFORM).then(
        f.DrawSecretCommitted(**OF_CASE, round=1, key_id="key-1", commitment=commit().commitment)
    )


def test_a_committed_secret_is_never_exchanged_for_another():
    other = commit().model_copy(update={"commitment": "0" * 64})
    led((commit(), PLATFORM)).and_when(commit(), by=PLATFORM).nothing()
    led((commit(), PLATFORM)).and_when(other, by=PLATFORM).refused(r.SecretCommittedAlready, round=1)
    led(*a_round()[:3]).and_when(other, by=PLATFORM).refused(r.SecretCommittedAlready, round=1)


def test_no_officer_may_commit_freeze_or_reveal():
    for command in (commit(), freeze(), reveal()):
        led().and_when(command, by=EXAMINER).refused(RoleMayNot)


def test_the_salt_is_not_taken_before_the_commitment():
    led().and_when(start(), by=EXAMINER).refused(OutOfOrder)


# 启动


def test_the_officer_on_duty_starts_the_draw_with_a_salt():
    led((commit(), PLATFORM)).and_when(start("dice 3 1 6 6"), by=EXAMINER).then(
        f.ExpertDrawStarted(**OF_CASE, round=1, salt="dice 3 1 6 6", discipline=FIRE_EXPERTS)
    )


def test_an_officer_who_is_not_on_duty_may_not_touch_the_draw():
    led((commit(), PLATFORM)).and_when(start(), by=DECIDER).refused(r.NotOnDuty, officer=DECIDER.id)
    for command in (
        confirm("E-0001"), decline("E-0001"), redraw(RedrawReason.DECLINED),
        c.NoteExpertNoShow(draw_id=DRAW, expert_no="E-0001"), c.StartExpertReview(draw_id=DRAW),
        c.RescheduleExpertReview(draw_id=DRAW, review_on=REVIEW_ON, reason="改期"),
        c.CancelExpertDraw(draw_id=DRAW, reason="不再需要"),
        c.RecuseExpert(draw_id=DRAW, expert_no="E-0001", tie=TieKind.KINSHIP, party="91", explanation="亲属"),
        c.PickExpertByHand(draw_id=DRAW, expert_no="E-0001", reason="本专业仅此一人可以到场"),
    ):  # fmt: skip
        drawn().and_when(command, by=DECIDER).refused(r.NotOnDuty)


def test_a_draw_is_made_at_most_two_working_days_ahead():
    thursday = REQUEST.model_copy(update={"review_on": REVIEW_ON + timedelta(days=1)})
    asked = given(look=TEN).when(thursday, by=EXAMINER).and_when(commit(), by=PLATFORM)
    asked.and_when(start(), by=EXAMINER).refused(r.DrawTooEarly, latest=REVIEW_ON)
    asked.and_when(start(), by=EXAMINER, at=TUESDAY).then(f.ExpertDrawStarted)


def test_where_no_calendar_is_known_nobody_guesses_how_far_ahead_it_is():
    far = MONDAY.replace(year=2031)
    asked = given(look=TEN).when(
        REQUEST.model_copy(update={"review_on": far.date()}), by=EXAMINER
    ).and_when(commit(), by=PLATFORM)  # fmt: skip
    asked.and_when(start(), by=EXAMINER, at=far).refused(RulesDoNotAnswer)


def test_after_the_day_of_the_review_nobody_is_drawn_for_it():
    led((commit(), PLATFORM)).and_when(start(), by=EXAMINER, at=MONDAY + timedelta(days=3)).refused(r.ReviewHasPassed)


# 冻结专家池


def test_the_pool_is_frozen_with_versions_sorted_by_number_and_the_excluded_are_listed_with_reasons():
    look = pool(
        standing(5), standing(2, version=7), standing(1, ties=(tie(),)), standing(3, state=ExpertState.SUSPENDED),
        standing(4, state=ExpertState.REMOVED), standing(6, disciplines=("GAS",)), standing(7),
        standing(8, ties=(tie(date(2020, 1, 1)),)),
    )  # fmt: skip
    objected = REQUEST.model_copy(update={"objections": (Objection(expert_no="E-0007", reason="曾有诉讼"),)})
    started = given(look=look).when(objected, by=EXAMINER).and_when(commit(), by=PLATFORM).and_when(start())
    decided = started.and_when(freeze(look), by=PLATFORM)
    members = (
        PoolMember(expert_no="E-0002", version=7), PoolMember(expert_no="E-0005", version=1),
        PoolMember(expert_no="E-0008", version=1),
    )  # fmt: skip
    reasons = {
        "E-0001": ExclusionReason.TIE, "E-0003": ExclusionReason.SUSPENDED, "E-0004": ExclusionReason.REMOVED,
        "E-0006": ExclusionReason.OTHER_DISCIPLINE, "E-0007": ExclusionReason.OBJECTED,
    }  # fmt: skip
    (frozen,) = decided.facts
    assert isinstance(frozen, f.ExpertPoolFrozen)
    assert frozen.pool == members
    assert frozen.pool_digest == digest_of(members)
    assert {one.expert_no: one.reason for one in frozen.excluded} == reasons
    assert HOLDER.identifier in frozen.excluded[0].because
    assert frozen.seats == (1, 2, 3)


def test_a_pool_that_names_an_unknown_expert_is_refused():
    command = c.FreezeExpertPool(draw_id=DRAW, round=1, experts=("E-0001", "E-9999"))
    led(*a_round()[:2]).and_when(command, by=PLATFORM).refused(r.PoolNamesUnknownExpert, expert_no="E-9999")


def test_a_pool_is_frozen_once():
    led(*a_round()[:3]).and_when(freeze(), by=PLATFORM).nothing()


# 揭示与抽取


def test_the_revealed_secret_draws_the_candidates_and_anybody_can_compute_them_again():
    decided = led(*a_round()[:3]).and_when(reveal(), by=PLATFORM)
    (fact,) = decided.facts
    assert isinstance(fact, f.ExpertsDrawn)
    frozen = decided.past[-1]
    assert isinstance(frozen, f.ExpertPoolFrozen)
    seed = seed_of(secret_of(1), "dice of round 1", "key-1", CASE_NO, 1, frozen.pool_digest)
    assert fact.seed == seed
    assert fact.candidates == drawn_from(frozen.pool, seed, (1, 2, 3))
    assert recomputed((*decided.past, *decided.facts)) == fact.candidates
    decided.and_when(reveal(), by=PLATFORM).nothing()


def test_a_secret_that_was_not_committed_draws_nobody():
    other = reveal().model_copy(update={"secret": secret_of(2)})
    led(*a_round()[:3]).and_when(other, by=PLATFORM).refused(r.SecretDoesNotFit, key_id="key-1")


def test_a_known_draw_stays_what_it_was():
    """A vector: whoever changes the arithmetic can no longer verify the draws of before."""
    members = [PoolMember(expert_no=f"E-{n:04d}", version=1) for n in range(1, 6)]
    assert digest_of(members) == digest_of(reversed(members))
    assert digest_of(members) == "da38ed46e96609f4643d29afb6e6a9a7aa19f43809391f24ad3698371538e813"
    seed = seed_of("11" * 32, "dice", "key", "2026-0001", 1, digest_of(members))
    assert seed == "96b7047331de7418fb3541fed6d5667f9496652fccaba2f65f47c6abd5e342a4"
    assert [one.expert_no for one in drawn_from(members, seed, (1, 2))] == ["E-0003", "E-0005"]


def test_every_expert_is_drawn_about_as_often_as_every_other():
    members = [PoolMember(expert_no=f"E-{n:04d}", version=1) for n in range(10)]
    counted: Counter[str] = Counter()
    for number in range(2000):
        seed = seed_of(f"{number:064x}", "salt", "key", "case", 1, digest_of(members))
        counted.update(one.expert_no for one in drawn_from(members, seed, (1, 2, 3)))
    assert len(counted) == 10
    assert all(480 < count < 720 for count in counted.values()), counted


def test_a_pool_smaller_than_the_panel_leaves_seats_open():
    look = pool(standing(1), standing(2))
    decided = drawn(look)
    assert sorted(candidates(decided)) == ["E-0001", "E-0002"]
    (fact,) = decided.facts
    assert isinstance(fact, f.ExpertsDrawn)
    assert (fact.wanted, fact.pool_size) == (3, 2)
    decided.and_when(redraw(RedrawReason.POOL_SHORT)).then(f.ExpertRedrawRequested)


# 答复


def test_the_panel_is_complete_with_the_last_confirmation():
    decided = drawn()
    first, second, third = candidates(decided)
    decided = decided.and_when(confirm(first)).then(f.ExpertConfirmed(**OF_CASE, expert_no=first, seat=1))
    decided = decided.and_when(confirm(first)).nothing()
    decided = decided.and_when(confirm(second)).then(f.ExpertConfirmed)
    decided.and_when(confirm(third)).then(f.ExpertConfirmed, f.PanelCompleted)


def test_nobody_confirms_who_was_not_drawn():
    decided = drawn()
    other = next(no for no in TEN.standings if no not in candidates(decided))
    decided.and_when(confirm(other)).refused(r.NotDrawn, expert_no=other)
    decided.and_when(decline(other)).refused(r.NotDrawn)


def test_a_decline_opens_the_seat_even_of_a_complete_panel():
    decided, panel = complete()
    decided = decided.and_when(decline(panel[1], "生病"))
    decided.then(f.ExpertDeclined(**OF_CASE, expert_no=panel[1], seat=2, reason="生病"))
    decided.and_when(decline(panel[1], "生病")).nothing()
    decided.and_when(c.StartExpertReview(draw_id=DRAW)).refused(OutOfOrder)
    decided.and_when(redraw(RedrawReason.DECLINED)).then(f.ExpertRedrawRequested)


def test_a_tie_that_comes_to_light_recuses_the_expert_also_within_the_review():
    decided, panel = complete()
    recuse = c.RecuseExpert(
        draw_id=DRAW, expert_no=panel[0], tie=TieKind.KINSHIP, party=HOLDER.identifier, explanation="申请人系其兄"
    )
    (fact,) = decided.and_when(recuse).then(f.ExpertRecused).facts
    assert not fact.in_review  # type: ignore[attr-defined]
    reviewing = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY)
    late = reviewing.and_when(recuse, by=DISCIPLINE, at=WEDNESDAY).then(f.ExpertRecused)
    assert late.facts[0].in_review  # type: ignore[attr-defined]
    opinion = c.FilePanelOpinion(draw_id=DRAW, conclusion=PanelConclusion.PASS, opinion="可", signed_by=tuple(panel))
    late.and_when(opinion, at=WEDNESDAY).refused(OutOfOrder)


def test_a_no_show_is_noted_on_the_day_of_the_review_not_before():
    decided, panel = complete()
    command = c.NoteExpertNoShow(draw_id=DRAW, expert_no=panel[0])
    decided.and_when(command, at=TUESDAY).refused(r.ReviewNotYet)
    gone = decided.and_when(command, at=WEDNESDAY)
    gone.then(f.ExpertDidNotCome(**OF_CASE, expert_no=panel[0], seat=1))
    gone.and_when(redraw(RedrawReason.NO_SHOW), at=WEDNESDAY).then(f.ExpertRedrawRequested)


# 重抽


def test_a_redraw_needs_a_seat_that_is_open_for_that_reason():
    decided = drawn()
    for reason in (RedrawReason.DECLINED, RedrawReason.RECUSED, RedrawReason.NO_SHOW, RedrawReason.POOL_SHORT):
        decided.and_when(redraw(reason)).refused(r.NothingToRedraw, reason=reason)
    decided.and_when(redraw(RedrawReason.SET_ASIDE)).refused(r.NothingToRedraw)
    declined = decided.and_when(decline(candidates(decided)[0]))
    declined.and_when(redraw(RedrawReason.RECUSED)).refused(r.NothingToRedraw)


def test_a_redraw_takes_a_new_secret_and_leaves_out_who_was_drawn_before():
    decided = drawn()
    first, second, third = candidates(decided)
    decided = decided.and_when(decline(first))
    decided = decided.and_when(redraw(RedrawReason.DECLINED)).then(
        f.ExpertRedrawRequested(
            **OF_CASE, round=2, reason=RedrawReason.DECLINED, explanation="另抽", replaced=(), without_cause=0,
            allowed=2, beyond=False,
        )
    )  # fmt: skip
    for command, by in a_round(2)[:3]:
        decided = decided.and_when(command, by=by)
    (frozen,) = decided.facts
    assert isinstance(frozen, f.ExpertPoolFrozen)
    assert frozen.seats == (1,)
    assert {one.expert_no for one in frozen.excluded} == {first, second, third}
    assert {one.reason for one in frozen.excluded} == {ExclusionReason.DRAWN_BEFORE}
    decided = decided.and_when(reveal(2), by=PLATFORM)
    (again,) = candidates(decided)
    assert again not in (first, second, third)
    assert [one.expert_no for one in recomputed((*decided.past, *decided.facts))] == [again]
    for no in (second, third):
        decided = decided.and_when(confirm(no))
    decided.and_when(confirm(again)).then(f.ExpertConfirmed, f.PanelCompleted)


def test_the_commitment_of_an_earlier_round_does_not_serve_the_next():
    decided = drawn().and_when(redraw(RedrawReason.SET_ASIDE, candidates(drawn())[0]))
    decided.and_when(commit(1), by=PLATFORM).nothing()
    decided.and_when(commit(2), by=PLATFORM).then(f.DrawSecretCommitted)


def test_setting_experts_aside_is_counted_and_beyond_what_is_allowed_it_is_said():
    decided, counted = drawn(), []
    for number in range(1, 4):
        decided = decided.and_when(redraw(RedrawReason.SET_ASIDE, candidates(decided)[0]))
        (fact,) = decided.facts
        assert isinstance(fact, f.ExpertRedrawRequested)
        counted.append((fact.without_cause, fact.beyond))
        for command, by in a_round(number + 1):
            decided = decided.and_when(command, by=by)
    assert counted == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_round_that_is_given_up_is_written_down_and_counted(steps):
    (fact,) = led(*a_round()[:steps]).and_when(redraw(RedrawReason.ROUND_GIVEN_UP)).facts
    assert isinstance(fact, f.ExpertRedrawRequested)
    assert (fact.round, fact.without_cause) == (2, 1)


def test_a_redraw_is_not_asked_for_while_nothing_was_drawn():
    led((commit(), PLATFORM)).and_when(redraw(RedrawReason.DECLINED)).refused(OutOfOrder)
    led().and_when(redraw(RedrawReason.ROUND_GIVEN_UP)).refused(OutOfOrder)


# 指定


def test_an_expert_is_named_by_hand_only_for_an_open_seat_and_with_a_reason():
    look = pool(standing(1), standing(2))
    duty = c.AssignDrawDuty(draw_id=DRAW, officer=DECIDER.id, reason="分管")
    decided = drawn(look).and_when(duty, by=DECIDER)
    pick = c.PickExpertByHand(draw_id=DRAW, expert_no="E-0001", reason="本专业仅两名专家,另请一名")
    decided.and_when(pick, by=DECIDER).refused(r.ExpertMayNotSit, expert_no="E-0001")
    drawn().and_when(duty, by=DECIDER).and_when(pick, by=DECIDER).refused(r.PanelNotOpen)


def test_the_expert_named_by_hand_is_looked_up_and_may_have_no_tie():
    look = pool(*(standing(n) for n in range(1, 4)))
    duty = c.AssignDrawDuty(draw_id=DRAW, officer=DECIDER.id, reason="分管")
    decided = drawn(look).and_when(duty, by=DECIDER).and_when(decline("E-0001"))
    wider = pool(*look.standings.values(), standing(4, version=3), standing(5, ties=(tie(),)))
    story = given(*decided.past, *decided.facts, look=wider)
    pick = c.PickExpertByHand(draw_id=DRAW, expert_no="E-0004", reason="其余专家均已谢绝,评审在即")
    (fact,) = story.when(pick, by=DECIDER).then(f.ExpertPickedByHand).facts
    assert (fact.version, fact.pool_size) == (3, 3)  # type: ignore[attr-defined]
    tied = pick.model_copy(update={"expert_no": "E-0005"})
    story.when(tied, by=DECIDER).refused(r.ExpertMayNotSit, why=ExclusionReason.TIE)


# 评审、意见、付酬


def test_the_review_names_the_panel_from_its_start():
    decided, panel = complete()
    (fact,) = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY).facts
    assert isinstance(fact, f.ExpertReviewStarted)
    assert [(one.seat, one.expert_no) for one in fact.panel] == list(enumerate(panel, 1))
    assert fact.panel[0].name == TEN.standings[panel[0]].name
    assert (fact.drawn_on, fact.latest, fact.too_early) == (MONDAY.date(), REVIEW_ON, False)


def test_before_the_review_no_telling_names_an_expert():
    decided, panel = complete()
    for fact in (*decided.past, *decided.facts):
        for no in TEN.standings:
            assert no not in fact.telling("zh") + fact.telling("en")
            assert TEN.standings[no].name not in fact.telling("zh")
    started = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY).facts[0]
    assert TEN.standings[panel[0]].name in started.telling("zh")


def test_a_review_moved_to_a_later_day_shows_that_its_experts_were_drawn_too_early():
    decided, _ = complete()
    later = REVIEW_ON + timedelta(days=7)
    move = c.RescheduleExpertReview(draw_id=DRAW, review_on=later, reason="主场地停电")
    moved = decided.and_when(move).then(
        f.ExpertReviewRescheduled(**OF_CASE, old=REVIEW_ON, review_on=later, reason="主场地停电")
    )
    moved.and_when(move).nothing()
    (fact,) = moved.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY + timedelta(days=7)).facts
    assert fact.too_early  # type: ignore[attr-defined]
    past = move.model_copy(update={"review_on": date(2026, 3, 1)})
    decided.and_when(past).refused(r.ReviewHasPassed)


def test_every_member_signs_the_opinion_or_says_why_not():
    decided, panel = complete()
    reviewing = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY)
    opinion = c.FilePanelOpinion(
        draw_id=DRAW, conclusion=PanelConclusion.PASS_WITH_CONDITIONS, opinion="补充疏散计算",
        signed_by=(panel[0], panel[1]), dissents=(Dissent(expert_no=panel[2], statement="应当重做"),),
    )  # fmt: skip
    reviewing.and_when(opinion, at=WEDNESDAY).then(f.PanelOpinionFiled)
    lacking = opinion.model_copy(update={"dissents": ()})
    reviewing.and_when(lacking, at=WEDNESDAY).refused(r.SignaturesDoNotFit, missing=(panel[2],))
    doubled = opinion.model_copy(update={"signed_by": (panel[0], panel[1], panel[2])})
    reviewing.and_when(doubled, at=WEDNESDAY).refused(r.SignaturesDoNotFit, extra=(panel[2],))


def test_every_member_is_paid_once():
    decided, panel = complete()
    filed = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY).and_when(
        c.FilePanelOpinion(draw_id=DRAW, conclusion=PanelConclusion.PASS, opinion="可行", signed_by=tuple(panel)),
        at=WEDNESDAY,
    )  # fmt: skip
    pay = c.PayExperts(
        draw_id=DRAW, payments=tuple(Payment(expert_no=no, fen=80_050, basis="评审费标准") for no in panel)
    )
    (fact,) = filed.and_when(pay, at=WEDNESDAY).then(f.ExpertsPaid).facts
    assert "2401.50" in fact.telling("zh")
    two = pay.model_copy(update={"payments": pay.payments[:2]})
    filed.and_when(two, at=WEDNESDAY).refused(r.PaymentsDoNotFit, missing=(panel[2],))
    decided.and_when(pay).refused(OutOfOrder)


# 取消、在岗


def test_a_draw_is_cancelled_until_the_opinion_and_says_how_far_it_had_come():
    cancel = c.CancelExpertDraw(draw_id=DRAW, reason="申请人撤回")
    drawn().and_when(cancel).then(f.ExpertDrawCancelled(**OF_CASE, reason="申请人撤回", rounds_drawn=1))
    led().and_when(cancel, by=PLATFORM).then(f.ExpertDrawCancelled).and_when(cancel, by=PLATFORM).nothing()
    decided, panel = complete()
    filed = decided.and_when(c.StartExpertReview(draw_id=DRAW), at=WEDNESDAY).and_when(
        c.FilePanelOpinion(draw_id=DRAW, conclusion=PanelConclusion.PASS, opinion="可行", signed_by=tuple(panel)),
        at=WEDNESDAY,
    )  # fmt: skip
    filed.and_when(cancel, at=WEDNESDAY).refused(OutOfOrder)
    led((cancel, EXAMINER)).and_when(commit(), by=PLATFORM).refused(OutOfOrder)


def test_an_officer_is_put_on_duty_by_a_decider_with_a_reason():
    duty = c.AssignDrawDuty(draw_id=DRAW, officer=DECIDER.id, reason="经办人休假")
    decided = led((commit(), PLATFORM)).and_when(duty, by=DECIDER)
    decided.then(f.DrawDutyAssigned(**OF_CASE, officer=DECIDER.id, reason="经办人休假"))
    decided.and_when(duty, by=DECIDER).nothing()
    decided.and_when(start(), by=DECIDER).then(f.ExpertDrawStarted)
    led().and_when(duty, by=EXAMINER).refused(RoleMayNot)


def test_an_exclusion_says_what_it_rests_on():
    look = pool(standing(1, ties=(tie(date(2025, 5, 1), kind=TieKind.AUTHORED),)), standing(2))
    (frozen,) = led(*a_round(look=look)[:2], look=look).and_when(freeze(look), by=PLATFORM).facts
    assert frozen.excluded == (  # type: ignore[attr-defined]
        Exclusion(
            expert_no="E-0001", version=1, reason=ExclusionReason.TIE,
            because=f"applicant: authored {HOLDER.identifier} 2015-01-01~2025-05-01",
        ),
    )  # fmt: skip
