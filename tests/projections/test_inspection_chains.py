"""What is shown of an inspection's hour, of its chain, of reviewed drawings, of clauses, and of a case that leaves?"""

from __future__ import annotations

from datetime import time
from uuid import UUID

import pytest
from cases import accepted, day, terms
from world import World

from domain.joint_inspection import commands as j
from domain.joint_inspection.words import (
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    Seat,
    SiteVisitNeed,
    Slot,
    Window,
)
from domain.kernel.event import Event
from domain.kernel.words import InspectionKind
from domain.policies.reinspect_when_rectified import ReinspectWhenRectified
from domain.rules.deeming import DeemingClause
from projections import site_visits
from projections.site_visits import InspectionRow, SiteVisits
from tests.specification import (
    ACCEPTOR,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    PLATFORM,
    SHOP,
)

BOTH = (HOUSING, FIRE)
CREW = ("甲", "乙")
V1, V2 = DrawingSet(version=1, digest="a1" * 32, sheets=48), DrawingSet(version=2, digest="b2" * 32, sheets=49)


def plan(world: World, *cases: UUID, kind: InspectionKind = InspectionKind.SITE_VISIT, safety: bool = False) -> UUID:
    needs = tuple(
        SiteVisitNeed(case_id=case, case_no=f"2026-{n:04}", bodies=BOTH, safety=safety)
        for n, case in enumerate(cases, 1)
    )
    window = Window(first=day(3).date(), last=day(6).date())
    command = j.PlanJointInspection(cause="c", site=SHOP, window=window, cases=needs, lead=HOUSING, kind=kind)
    world.do(command, by=PLATFORM)
    return command.stream


def shown(world: World, inspection: UUID) -> InspectionRow:
    row = site_visits.inspection(world.folded(SiteVisits).read, inspection)
    assert row is not None
    return row


def looked_at(world: World, inspection: UUID, at: int, wrong: tuple[str, ...] = ()) -> list[Event]:
    """Everybody checks in and signs; the fire brigade, the last, finds what is wrong."""
    facts: list[Event] = []
    invited = world.streams[inspection].invited  # type: ignore[attr-defined]
    coming = [by for by in (HOUSING_OFFICER, FIRE_OFFICER) if by.organ in invited]
    for by in coming:
        told = j.CheckIn(inspection_id=inspection, place="门口", picture="0" * 64, officers=CREW)
        world.do(told, by=by, at=day(at))
    for by in coming:
        problems = wrong if by is FIRE_OFFICER else ()
        result = InspectionResult.PROBLEMS if problems else InspectionResult.PASSED
        signed = j.RecordInspectionResult(inspection_id=inspection, result=result, problems=problems, officers=CREW)
        facts += world.do(signed, by=by, at=day(at))
    return facts


def mended(world: World, inspection: UUID, at: int, drawings: DrawingSet | None = None) -> UUID:
    """Told once, mended, and the re-inspection that follows is planned; its stream."""
    notice = j.IssueRectificationNotice(inspection_id=inspection, notice_no="N-1", rectify_by=day(at + 5).date())
    world.do(notice, by=EXAMINER, at=day(at))
    report = j.ReportRectified(inspection_id=inspection, statement="已整改", drawings=drawings)
    return reacted(world, world.do(report, by=ACCEPTOR, at=day(at)), at)


def reacted(world: World, facts: list[Event], at: int) -> UUID:
    """What the policy asks for because of the facts, done; the stream of the last."""
    stream = facts[0].originator_id
    for fact in facts:
        for command in ReinspectWhenRectified().react(fact):
            stream = command.stream
            reacted(world, world.do(command, by=PLATFORM, at=day(at)), at)
    return stream


def test_a_chain_shows_each_link_its_place_and_how_it_ended(world: World) -> None:
    case = accepted(world, terms(inspect=BOTH))
    root = plan(world, case)
    looked_at(world, root, 3, ("缺灭火器",))
    first = mended(world, root, 3)
    row = shown(world, root)
    assert (row.state, row.reinspection_id, row.rounds) == ("rectified", first, 0)
    again = shown(world, first)
    assert (again.root_id, again.parent_id, again.round, again.invited) == (
        root, root, 1, [{"code": FIRE.code, "name": FIRE.name}],
    )  # fmt: skip
    looked_at(world, first, 4, ("灭火器过期",))
    second = mended(world, first, 4)
    facts = looked_at(world, second, 5)
    reacted(world, facts, 5)
    links = site_visits.chain(world.folded(SiteVisits).read, first).rows
    assert [(link.inspection_id, link.round, link.state) for link in links] == [
        (root, 0, "passed"), (first, 1, "passed"), (second, 2, "passed"),
    ]  # fmt: skip
    assert [link.rounds for link in links] == [2, 1, 0]
    (visit,) = site_visits.visits_of(world.read, case)
    assert (visit.inspection_id, visit.outcome) == (root, "passed")
    assert site_visits.open_inspection_at(
        world.read, SHOP.key, InspectionKind.SITE_VISIT, day(1).date(), day(30).date()
    ) is None  # fmt: skip


def test_no_case_joins_a_re_inspection(world: World) -> None:
    root = plan(world, accepted(world, terms(inspect=BOTH)))
    looked_at(world, root, 3, ("缺灭火器",))
    mended(world, root, 3)
    read = world.folded(SiteVisits).read
    there = site_visits.open_inspection_at(read, SHOP.key, InspectionKind.SITE_VISIT, day(1).date(), day(30).date())
    assert there is None


def test_the_hour_is_shown_while_it_is_negotiated_and_when_it_is_fixed(world: World) -> None:
    inspection = plan(world, accepted(world, terms(inspect=BOTH)))
    slot = Slot(day=day(4).date(), begins=time(9, 30), minutes=60)
    told = {"day": day(4).date().isoformat(), "begins": "09:30:00", "minutes": 60}
    world.do(j.ProposeSlots(inspection_id=inspection, slots=(slot,)), by=HOUSING_OFFICER)
    world.do(j.AnswerSlots(inspection_id=inspection, accepts=(slot,)), by=FIRE_OFFICER)
    row = shown(world, inspection)
    assert (row.slots, row.answers, row.slot, row.answer_by) == ([told], {FIRE.code: [told]}, None, day(1).date())
    world.do(j.FixSlot(inspection_id=inspection, slot=slot), by=HOUSING_OFFICER)
    row = shown(world, inspection)
    assert (row.state, row.slot, row.first_day, row.last_day) == ("confirmed", told, day(4).date(), day(4).date())
    window = Window(first=day(8).date(), last=day(9).date())
    world.do(j.RescheduleInspection(inspection_id=inspection, window=window, reason="大雪"), by=EXAMINER)
    row = shown(world, inspection)
    assert (row.state, row.slots, row.answers, row.slot, row.last_day) == ("invited", [], {}, None, day(9).date())


def test_a_case_that_leaves_takes_its_visit_along_and_the_last_one_cancels(world: World) -> None:
    first = accepted(world, terms(inspect=BOTH), case_no="2026-0001")
    second = accepted(world, terms(inspect=BOTH), case_no="2026-0002")
    inspection = plan(world, first, second)
    world.do(j.DropSiteVisit(inspection_id=inspection, case_id=first, reason="撤回"), by=PLATFORM)
    row = shown(world, inspection)
    assert (row.case_ids, row.case_nos) == ([str(second)], ["2026-0002"])
    assert [(v.waiting, v.inspection_id) for v in site_visits.visits_of(world.read, first)] == [(False, None)]
    assert site_visits.inspections(world.read, case_id=first).rows == []
    world.do(j.DropSiteVisit(inspection_id=inspection, case_id=second, reason="撤回"), by=PLATFORM)
    assert shown(world, inspection).state == "cancelled"


def test_a_review_shows_drawings_disciplines_and_comments_and_is_no_visit_to_gather(world: World) -> None:
    kind = InspectionKind.DRAWING_REVIEW
    case = accepted(world, terms(inspect=BOTH, inspect_kind=kind))
    read = world.folded(SiteVisits).read
    assert [v.kind for v in site_visits.waiting(read).rows] == ["drawing_review"]
    assert site_visits.grouped(read) == []
    review = plan(world, case, kind=kind)
    world.do(j.SubmitDrawings(inspection_id=review, drawings=V1), by=ACCEPTOR)
    seats = (
        Seat(body=HOUSING, discipline=Discipline.STRUCTURE), Seat(body=FIRE, discipline=Discipline.FIRE),
        Seat(body=FIRE, discipline=Discipline.HEATING),
    )  # fmt: skip
    world.do(j.AssignDisciplines(inspection_id=review, seats=seats), by=EXAMINER)

    def sign(
        by: object, discipline: Discipline, *comments: str, of: UUID = review, drawings: DrawingSet = V1, at: int = 3
    ) -> list[Event]:
        result = InspectionResult.PROBLEMS if comments else InspectionResult.PASSED
        command = j.RecordDrawingReview(
            inspection_id=of,
            discipline=discipline,
            digest=drawings.digest,
            result=result,
            comments=comments,
            reviewers=CREW,
        )
        return world.do(command, by=by, at=day(at))  # type: ignore[arg-type]

    sign(HOUSING_OFFICER, Discipline.STRUCTURE)
    sign(FIRE_OFFICER, Discipline.FIRE, "疏散宽度不足")
    row = shown(world, review)
    assert (row.signed, row.present) == ({HOUSING.code: "passed"}, [HOUSING.code])
    sign(FIRE_OFFICER, Discipline.HEATING)
    row = shown(world, review)
    assert row.signed == {HOUSING.code: "passed", FIRE.code: "problems"}
    assert row.reviews[f"{FIRE.code}/fire"] == {"result": "problems", "version": 1, "comments": ["疏散宽度不足"]}
    again = mended(world, review, 3, V2)
    row = shown(world, again)
    assert (row.kind, row.round, row.drawings) == ("drawing_review", 1, V2.model_dump(mode="json"))
    reacted(world, sign(FIRE_OFFICER, Discipline.FIRE, of=again, drawings=V2, at=4), 4)
    assert [link.state for link in site_visits.chain(world.folded(SiteVisits).read, review).rows] == [
        "passed",
        "passed",
    ]
    assert [r.inspection_id for r in site_visits.inspections(world.read, kind="drawing_review").rows] == [again, review]


def test_an_acceptance_shows_the_number_of_its_merged_opinion(world: World) -> None:
    kind = InspectionKind.COMPLETION_ACCEPTANCE
    inspection = plan(world, accepted(world, terms(inspect=BOTH, inspect_kind=kind)), kind=kind)
    looked_at(world, inspection, 3)
    assert shown(world, inspection).state == "findings_recorded"
    opinion = j.IssueAcceptanceOpinion(inspection_id=inspection, opinion_no="联验〔2026〕1号", digest="0" * 64)
    world.do(opinion, by=EXAMINER, at=day(4))
    row = shown(world, inspection)
    assert (row.state, row.opinion_no, row.outcome) == ("passed", "联验〔2026〕1号", InspectionOutcome.PASSED)


@pytest.mark.parametrize("safety", [False, True])
def test_the_timers_find_an_absence_that_a_told_clause_deems_but_never_in_a_matter_of_safety(
    world: World, monkeypatch: pytest.MonkeyPatch, safety: bool
) -> None:
    clause = DeemingClause("《聊城市联合踏勘办法》第七条", organs=(FIRE.code,))
    monkeypatch.setattr("domain.kernel.deeming.deeming_clauses", lambda key, on: (clause,))
    inspection = plan(world, accepted(world, terms(inspect=BOTH)), safety=safety)
    row = shown(world, inspection)
    assert row.clauses == ({} if safety else {FIRE.code: clause.clause})
    check_in = j.CheckIn(inspection_id=inspection, place="门口", picture="0" * 64, officers=CREW)
    world.do(check_in, by=HOUSING_OFFICER, at=day(3))
    world.do(j.NoteAbsence(inspection_id=inspection), by=PLATFORM, at=day(7))
    row = shown(world, inspection)
    assert (row.absent, row.deemed) == ([FIRE.code], {} if safety else {FIRE.code: clause.clause})
    assert site_visits.over_with_absentees(world.read, day(9).date()) == []


def test_the_timers_find_who_was_there_and_has_not_signed_until_that_was_noted(world: World) -> None:
    inspection = plan(world, accepted(world, terms(inspect=BOTH)))
    for by in (HOUSING_OFFICER, FIRE_OFFICER):
        check_in = j.CheckIn(inspection_id=inspection, place="门口", picture="0" * 64, officers=CREW)
        world.do(check_in, by=by, at=day(3))
    passed = j.RecordInspectionResult(inspection_id=inspection, result=InspectionResult.PASSED, officers=CREW)
    world.do(passed, by=HOUSING_OFFICER, at=day(3))
    world.do(j.RequestAnotherVisit(inspection_id=inspection, reason="配电间未开"), by=FIRE_OFFICER, at=day(3))
    read = world.folded(SiteVisits).read
    assert site_visits.results_overdue(read, day(5).date()) == []
    assert [i.inspection_id for i in site_visits.results_overdue(read, day(6).date())] == [inspection]
    world.do(j.NoteResultOverdue(inspection_id=inspection), by=PLATFORM, at=day(6))
    row = shown(world, inspection)
    assert (row.noted_overdue, row.asked_again) == ([FIRE.code], [FIRE.code])
    assert site_visits.results_overdue(world.read, day(9).date()) == []
