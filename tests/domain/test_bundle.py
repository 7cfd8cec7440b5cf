"""一件事: the table of states, row by row. The parent coordinates; what is decided is decided in the parts."""

from __future__ import annotations

import pytest

from domain.bundle import commands as c
from domain.bundle import facts as f
from domain.bundle import refusals as r
from domain.bundle.words import BundleState, CompositePart, OpenedPart, PartOutcome, PartState
from domain.chain_template import RetiredChain, UnknownChain
from domain.kernel.bundles import IfNotGranted, Part, Stage
from domain.kernel.channel import Channel
from domain.kernel.event import EVENTS
from domain.kernel.licensing import LicenseState
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import OutOfOrder, RoleMayNot
from domain.kernel.words import Body
from tests.domain.chains import (
    BUILD,
    BUNDLE,
    FOOD,
    HYGIENE,
    SIGN,
    SUBMIT,
    TERMS,
    Sights,
    case_of,
    handed_in,
    note,
)
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    DECIDER,
    EXAMINER,
    HEALTH,
    HOLDER,
    MONDAY,
    OTHER_CASE,
    PLATFORM,
    SHOP,
    TUESDAY,
    Decided,
    given,
)

SIGHTS = Sights()
L = LicenseState
GRANTED, DENIED = PartOutcome.GRANTED, PartOutcome.DENIED
ISSUE = c.IssueCompositeLicense(bundle_id=BUNDLE, license_no="ZH-2026-1", digest="ab" * 32)
WITHDRAW = c.WithdrawBundle(bundle_id=BUNDLE, reason="不开了")


def opened(look: Sights = SIGHTS, **changed: object) -> Decided:
    return given(look=look).when(SUBMIT.model_copy(update=changed), by=APPLICANT)


def on(decided: Decided, look: Sights) -> Decided:
    """The same past, seen with other cases."""
    assert decided.refusal is None, decided.refusal
    return given(*decided.past, *decided.facts, look=look).when(SUBMIT, by=APPLICANT).nothing()


def told(decided: Decided, part: Part, outcome: PartOutcome = GRANTED, **more: object) -> Decided:
    """One part ended, and the bundle was told."""
    assert isinstance(decided.story.look, Sights)
    day = TUESDAY.date() if part is BUILD and more.pop("later", False) else MONDAY.date()
    seen = decided.story.look.seeing(
        *((part,) if outcome is GRANTED else ()), ended=() if outcome is GRANTED else (part,), on=day
    )
    at = on(decided, seen)
    return at.and_when(note(part.code, outcome, day, **more), by=PLATFORM)


def state(decided: Decided) -> BundleState:
    return decided.aggregate.state  # type: ignore[attr-defined, no-any-return]


# 申请


def test_one_application_opens_the_parts_of_the_first_stage_side_by_side():
    submitted, stage = opened().then(f.BundleSubmitted, f.StageOpened).facts
    assert isinstance(submitted, f.BundleSubmitted)
    assert (submitted.terms, submitted.organ) == (TERMS, APPLICANT.organ)
    assert isinstance(stage, f.StageOpened)
    assert (stage.number, stage.opened_on, stage.site) == (1, MONDAY.date(), SHOP)
    assert [(one.part, one.case_no, one.organ) for one in stage.parts] == [
        ("FOOD", "YJS-0001-FOOD", FOOD.organ), ("HYG", "YJS-0001-HYG", HYGIENE.organ),
        ("SIGN", "YJS-0001-SIGN", SIGN.organ),
    ]  # fmt: skip


def test_shared_materials_are_handed_in_once_and_each_part_refers_to_its_own_by_digest():
    stage = opened(materials=handed_in("营业执照", "场所平面图", "店招效果图", "健康证明")).facts[1]
    assert isinstance(stage, f.StageOpened)
    assert {one.part: [m.name for m in one.materials] for one in stage.parts} == {
        "FOOD": ["营业执照", "场所平面图"], "HYG": ["营业执照", "健康证明"], "SIGN": ["营业执照", "店招效果图"],
    }  # fmt: skip
    assert len({m.digest for one in stage.parts for m in one.materials if m.name == "营业执照"}) == 1


def test_without_a_required_shared_material_the_application_is_refused_and_it_is_named():
    given(look=SIGHTS).when(SUBMIT.model_copy(update={"materials": handed_in("营业执照")}), by=ACCEPTOR).refused(
        r.SharedMaterialMissing, missing=("场所平面图", "店招效果图")
    )


def test_only_optional_parts_are_left_out_and_their_materials_are_then_not_asked_for():
    stage = opened(without=("SIGN",), materials=handed_in("营业执照", "场所平面图")).facts[1]
    assert [one.part for one in stage.parts] == ["FOOD", "HYG"]  # type: ignore[attr-defined]
    opened(without=("FOOD",)).refused(r.PartIsNotOptional, parts=("FOOD",))
    opened(without=("NONE",)).refused(r.PartIsNotOptional)
    lone = SIGHTS.terms.model_copy(update={"stages": (Stage(name="一", parts=(SIGN,)),), "materials": ()})
    opened(Sights(lone), without=("SIGN",)).refused(r.NothingAskedFor)


def test_a_chain_must_be_in_force_and_so_must_every_item_of_it():
    opened(chain="UNKNOWN").refused(UnknownChain)
    opened(Sights(chain_retired=True)).refused(RetiredChain)
    from domain.service_item import RetiredItem

    opened(Sights(retired=frozenset({"ITEM-FIRE"}))).refused(RetiredItem)


def test_a_part_whose_site_must_be_seen_needs_a_site():
    look = Sights(sites=frozenset({"ITEM-FIRE"}))
    opened(look, site=None).refused(r.SiteMissingForPart, part=BUILD.name)
    opened(look).then(f.BundleSubmitted, f.StageOpened)


def test_the_same_application_again_changes_nothing_and_other_content_is_refused():
    opened().and_when(SUBMIT, by=APPLICANT).nothing()
    opened().and_when(SUBMIT.model_copy(update={"site": None}), by=APPLICANT).refused(r.BundleSubmittedAlready)
    given(look=SIGHTS).when(SUBMIT, by=EXAMINER).refused(RoleMayNot)


# 会合


def test_a_stage_joins_only_when_every_part_of_it_is_settled_and_the_next_opens_then():
    decided = told(told(opened(), FOOD), HYGIENE).then(f.PartGranted)
    last = told(decided, SIGN).then(f.PartGranted, f.StageJoined, f.StageOpened)
    joined, second = last.facts[1:]
    assert joined.granted == (FOOD.name, HYGIENE.name, SIGN.name)  # type: ignore[attr-defined]
    assert [one.part for one in second.parts] == ["FIRE"]  # type: ignore[attr-defined]


def test_what_the_case_of_a_part_says_is_looked_up_and_not_taken_on_trust():
    at = opened()
    at.and_when(note("FOOD"), by=PLATFORM).refused(r.PartSaysOtherwise)
    at.and_when(note("FOOD", DENIED), by=PLATFORM).refused(r.PartSaysOtherwise)
    granted = on(at, SIGHTS.seeing(FOOD))
    granted.and_when(note("FOOD", DENIED), by=PLATFORM).refused(r.PartSaysOtherwise, case_no="YJS-0001-FOOD")
    other = FOOD.model_copy(update={"item": "ITEM-OTHER"})
    on(at, SIGHTS.seeing(other)).and_when(note("FOOD"), by=PLATFORM).refused(r.PartSaysOtherwise)


def test_a_case_that_is_no_part_of_the_bundle_is_not_counted():
    opened().and_when(note("FIRE"), by=PLATFORM).refused(r.NotAPartOfThis)
    opened().and_when(note("FOOD"), by=DECIDER).refused(RoleMayNot)


def test_a_part_is_counted_once_however_often_it_is_told():
    decided = told(opened(), FOOD)
    decided.and_when(note("FOOD"), by=PLATFORM).nothing()


def all_granted(look: Sights = SIGHTS) -> Decided:
    decided = opened(look)
    for part in (FOOD, HYGIENE, SIGN, BUILD):
        decided = told(decided, part)
    return decided


def test_with_the_last_stage_the_bundle_has_joined_and_the_composite_license_may_be_issued():
    decided = all_granted().then(f.PartGranted, f.StageJoined, f.BundleJoined)
    assert state(decided) is BundleState.JOINED
    (issued,) = decided.and_when(ISSUE, by=DECIDER).then(f.CompositeLicenseIssued).facts
    assert isinstance(issued, f.CompositeLicenseIssued)
    assert [(one.part, one.organ, one.document_no) for one in issued.parts] == [
        (part.code, part.organ, f"许〔2026〕{part.code}") for part in (FOOD, HYGIENE, SIGN, BUILD)
    ]
    assert issued.without == ()


def test_only_the_lead_issues_the_composite_license_and_only_once_all_stages_have_joined():
    health = Actor(id="decider-9", organ=HEALTH.code, role=Role.DECIDER)
    all_granted().and_when(ISSUE, by=health).refused(r.NotTheLead)
    opened().and_when(ISSUE, by=DECIDER).refused(OutOfOrder)
    all_granted().and_when(ISSUE.model_copy(), by=EXAMINER).refused(RoleMayNot)


# 综合许可证颁发以后


def changed(decided: Decided, **states: LicenseState) -> Decided:
    """Licenses of parts changed, and the bundle was told of each."""
    for part, became in states.items():
        look = decided.story.look
        assert isinstance(look, Sights)
        decided = on(decided, look.licensed(**{part: became}))
        decided = decided.and_when(c.NoteCompositePart(bundle_id=BUNDLE, case_id=case_of(part)), by=PLATFORM)
    return decided


def issued(**states: LicenseState) -> Decided:
    return changed(all_granted(SIGHTS.licensed(**states)).and_when(ISSUE, by=DECIDER))


def test_a_composite_says_what_became_of_a_license_that_it_joins():
    (fact,) = changed(issued(), HYG=L.SUSPENDED).then(f.CompositePartChanged).facts
    assert isinstance(fact, f.CompositePartChanged)
    assert (fact.part, fact.name, fact.state, fact.license_no) == ("HYG", HYGIENE.name, L.SUSPENDED, "ZH-2026-1")
    assert fact.telling("zh") == "「餐饮行业综合许可证」ZH-2026-1 所含「公共场所卫生许可」(证-1)现为「暂扣」"
    assert "is now: suspended" in fact.telling("en")
    assert set(fact.case_ids) == {case_of(part.code) for part in (FOOD, HYGIENE, SIGN, BUILD)}


def test_the_same_change_told_again_and_a_license_that_takes_effect_say_nothing_new():
    changed(issued(), HYG=L.ISSUED).nothing()
    changed(issued(), HYG=L.VALID).nothing()
    changed(changed(issued(), HYG=L.REVOKED), HYG=L.REVOKED).nothing()
    changed(changed(issued(), HYG=L.SUSPENDED), HYG=L.VALID).then(f.CompositePartChanged)


def test_before_it_is_issued_a_composite_lists_nothing_that_could_change():
    changed(all_granted(), HYG=L.REVOKED).nothing()
    on(all_granted(), SIGHTS).and_when(c.NoteCompositePart(bundle_id=BUNDLE, case_id=OTHER_CASE), by=PLATFORM).refused(
        r.NotAPartOfThis
    )


def test_what_has_ended_before_the_composite_is_issued_is_not_joined_by_it():
    decided = all_granted(SIGHTS.licensed(SIGN=L.REVOKED, HYG=L.SUSPENDED)).and_when(ISSUE, by=DECIDER)
    (fact,) = decided.then(f.CompositeLicenseIssued).facts
    assert isinstance(fact, f.CompositeLicenseIssued)
    assert ([one.part for one in fact.parts], fact.without) == (["FOOD", "HYG", "FIRE"], (SIGN.name,))


def test_the_lead_issues_it_anew_without_what_has_ended_and_only_then():
    again = ISSUE.model_copy(update={"license_no": "ZH-2026-2"})
    issued().and_when(again, by=DECIDER).refused(r.CompositeStillStands, license_no="ZH-2026-1")
    changed(issued(), HYG=L.SUSPENDED).and_when(again, by=DECIDER).refused(r.CompositeStillStands)
    ended = changed(issued(), HYG=L.PENALTY_REVOKED)
    health = Actor(id="decider-9", organ=HEALTH.code, role=Role.DECIDER)
    ended.and_when(again, by=health).refused(r.NotTheLead)
    reissued = ended.and_when(again, by=DECIDER).then(f.CompositeLicenseIssued)
    (fact,) = reissued.facts
    assert isinstance(fact, f.CompositeLicenseIssued)
    assert ([one.part for one in fact.parts], fact.without) == (["FOOD", "SIGN", "FIRE"], (HYGIENE.name,))
    reissued.and_when(again, by=DECIDER).refused(r.CompositeStillStands, license_no="ZH-2026-2")
    changed(reissued, HYG=L.CANCELLED).nothing()


def test_a_composite_of_nothing_is_not_issued():
    all_over = dict.fromkeys(("FOOD", "HYG", "SIGN", "FIRE"), L.EXPIRED)
    all_granted(SIGHTS.licensed(**all_over)).and_when(ISSUE, by=DECIDER).refused(r.NothingLeftToJoin)
    changed(issued(), **all_over).and_when(ISSUE, by=DECIDER).refused(r.NothingLeftToJoin)


def test_a_chain_without_a_composite_license_is_concluded_with_its_last_part():
    terms = TERMS.model_copy(update={"composite": None})
    decided = all_granted(Sights(terms)).then(f.PartGranted, f.StageJoined, f.BundleConcluded)
    concluded = decided.facts[-1]
    assert isinstance(concluded, f.BundleConcluded)
    assert concluded.granted == (FOOD.name, HYGIENE.name, SIGN.name, BUILD.name)
    decided.and_when(ISSUE, by=DECIDER).refused(OutOfOrder)


# 未获准予


def test_the_whole_goes_on_without_a_part_where_the_chain_says_so_and_the_license_says_what_it_is_without():
    decided = told(told(opened(), FOOD), HYGIENE, DENIED, reason="卫生条件不合格")
    denied = decided.then(f.PartNotGranted).facts[0]
    assert isinstance(denied, f.PartNotGranted)
    assert (denied.outcome, denied.reason) == (DENIED, "卫生条件不合格")
    decided = told(told(decided, SIGN), BUILD).then(f.PartGranted, f.StageJoined, f.BundleJoined)
    (issued,) = decided.and_when(ISSUE, by=DECIDER).facts
    assert issued.without == (HYGIENE.name,)  # type: ignore[attr-defined]
    assert [one.part for one in issued.parts] == ["FOOD", "SIGN", "FIRE"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("outcome", [o for o in PartOutcome if o not in (GRANTED, PartOutcome.NOT_OPENED)])
def test_without_an_indispensable_part_no_further_stage_opens_and_no_composite_license_is_issued(outcome):
    decided = told(opened(), FOOD, outcome, reason="不符合条件").then(f.PartNotGranted, f.BundleHalted)
    assert decided.facts[1].still_open == (HYGIENE.name, SIGN.name)  # type: ignore[attr-defined]
    assert state(decided) is BundleState.HALTED
    decided = told(decided, HYGIENE).then(f.PartGranted)
    decided = told(decided, SIGN).then(f.PartGranted, f.BundleConcluded)
    concluded = decided.facts[-1]
    assert isinstance(concluded, f.BundleConcluded)
    assert (concluded.granted, concluded.not_granted) == ((HYGIENE.name, SIGN.name), (FOOD.name,))
    assert "不发" in concluded.reason
    decided.and_when(ISSUE, by=DECIDER).refused(OutOfOrder)


def test_where_nothing_was_granted_there_is_no_composite_license():
    going_on = tuple(
        Stage(name=s.name, parts=tuple(p.model_copy(update={"if_not_granted": IfNotGranted.GO_ON}) for p in s.parts))
        for s in TERMS.stages
    )
    decided = opened(Sights(TERMS.model_copy(update={"stages": going_on})))
    for part in (FOOD, HYGIENE, SIGN, BUILD):
        decided = told(decided, part, DENIED, reason="不符合条件")
    assert isinstance(decided.facts[-1], f.BundleConcluded)


def test_a_part_whose_item_was_retired_meanwhile_is_not_opened_and_the_reason_is_kept_in_both_languages():
    decided = told(told(opened(), FOOD), HYGIENE)
    look = Sights(retired=frozenset({"ITEM-FIRE"})).seeing(FOOD, HYGIENE, SIGN)
    last = on(decided, look).and_when(note("SIGN"), by=PLATFORM)
    last.then(f.PartGranted, f.StageJoined, f.PartNotOpened, f.BundleHalted, f.BundleConcluded)
    refused = last.facts[2]
    assert isinstance(refused, f.PartNotOpened)
    assert "ITEM-FIRE" in refused.reason
    assert "ITEM-FIRE" in refused.reason_en


def test_beside_a_retired_part_that_is_dispensable_the_others_are_opened():
    both = (
        Stage(name="一", parts=(FOOD,)),
        Stage(name="二", parts=(BUILD, HYGIENE)),
    )
    terms = TERMS.model_copy(update={"stages": both, "materials": ()})
    decided = opened(Sights(terms), materials=())
    look = Sights(terms, retired=frozenset({"ITEM-HYG"})).seeing(FOOD)
    story = given(*decided.past, *decided.facts, look=look).when(note("FOOD"), by=PLATFORM)
    story.then(f.PartGranted, f.StageJoined, f.StageOpened, f.PartNotOpened)
    assert [one.part for one in story.facts[2].parts] == ["FIRE"]  # type: ignore[attr-defined]


# 撤回


def test_withdrawing_the_whole_withdraws_what_is_not_decided():
    decided = told(opened(), FOOD)
    (fact,) = decided.and_when(WITHDRAW, by=APPLICANT).then(f.BundleWithdrawn).facts
    assert isinstance(fact, f.BundleWithdrawn)
    assert (fact.open_parts, fact.case_ids) == (("HYG", "SIGN"), (case_of("HYG"), case_of("SIGN")))
    decided.and_when(WITHDRAW, by=APPLICANT).and_when(WITHDRAW, by=APPLICANT).nothing()


def test_only_where_it_was_handed_in_or_is_led_may_it_be_withdrawn_for_the_applicant():
    elsewhere = Actor(id="acceptor-9", organ=HEALTH.code, role=Role.ACCEPTOR)
    opened().and_when(WITHDRAW, by=elsewhere).refused(r.NotHandedInHere, organ=HEALTH.code)


def test_after_the_withdrawal_parts_are_still_noted_but_nothing_opens_any_more():
    decided = opened().and_when(WITHDRAW, by=ACCEPTOR)
    for part in (FOOD, HYGIENE, SIGN):
        decided = told(decided, part, PartOutcome.WITHDRAWN, reason="不开了").then(f.PartNotGranted)
    assert state(decided) is BundleState.WITHDRAWN
    assert decided.aggregate.parts["FIRE"] is PartState.WAITING  # type: ignore[attr-defined]
    decided.and_when(ISSUE, by=DECIDER).refused(OutOfOrder)


def test_what_is_concluded_is_not_withdrawn_any_more():
    all_granted().and_when(ISSUE, by=DECIDER).and_when(WITHDRAW, by=APPLICANT).refused(OutOfOrder)
    all_granted().and_when(WITHDRAW, by=APPLICANT).then(f.BundleWithdrawn)


# 各得其所


def test_no_fact_of_a_bundle_travels_so_no_regulator_is_told_twice_or_of_what_is_not_its_own():
    for topic, cls in EVENTS.items():
        if topic.startswith(("bundle.", "chain_template.")):
            assert cls.CHANNEL is Channel.PRIVATE


def test_a_part_is_opened_at_the_organ_that_the_chain_names_for_it():
    other = Body(code="CULTURE-371500", name="文化和旅游局")
    moved = FOOD.model_copy(update={"organ": other})
    terms = TERMS.model_copy(update={"stages": (Stage(name="一", parts=(moved,)),), "materials": ()})
    stage = opened(Sights(terms), materials=()).facts[1]
    assert stage.parts == (  # type: ignore[attr-defined]
        OpenedPart(part="FOOD", item="ITEM-FOOD", name=FOOD.name, organ=other, case_no="YJS-0001-FOOD"),
    )


def test_the_composite_lists_the_decision_of_each_part():
    (issued,) = all_granted().and_when(ISSUE, by=DECIDER).facts
    assert issued.parts[0] == CompositePart(  # type: ignore[attr-defined]
        part="FOOD", name=FOOD.name, item="ITEM-FOOD", organ=FOOD.organ, case_id=case_of("FOOD"),
        case_no="YJS-0001-FOOD", decision_id=f"{case_of('FOOD')}:9", document_no="许〔2026〕FOOD",
    )  # fmt: skip
    assert HOLDER.name not in issued.telling("zh")
