"""Which cases need a consultation, which sites must be seen, and which visits can be one?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from cases import accepted, day, terms
from world import World

from domain import consultation as k
from domain.approval_case.commands import NoteConsultation, NoteInspection, WithdrawApplication
from domain.approval_case.words import Outcome
from domain.joint_inspection import commands as j
from domain.joint_inspection.words import InspectionResult, SiteVisitNeed, Window
from domain.kernel.words import Adoption, InspectionKind, OpinionUse, Site
from domain.rules.deeming import DeemingClause
from projections import consultations, site_visits
from projections.consultations import Consultations
from projections.site_visits import SiteVisits
from tests.specification import (
    ACCEPTOR,
    DECIDER,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    HEALTH,
    HEALTH_OFFICER,
    HOUSING,
    HOUSING_OFFICER,
    PLATFORM,
    SHOP,
)


def consult(world: World, case: UUID, *, cause: str = "item", case_no: str = "2026-0001") -> UUID:
    command = k.RequestConsultation(
        case_id=case, case_no=case_no, item_name="食品经营许可", invited=(FIRE, HEALTH), question="?", cause=cause
    )
    world.do(command, by=PLATFORM)
    return command.stream


def test_a_consultation_is_shown_from_the_moment_the_case_demands_it(world: World) -> None:
    case = accepted(world, terms(consult=(FIRE,)))
    read = world.folded(Consultations).read
    (demanded,) = consultations.demanded(read)
    assert (demanded.case_id, demanded.missing) == (case, [FIRE.code])
    stream = consult(world, case)
    assert demanded.consultation_id == stream
    read = world.folded(Consultations).read
    assert consultations.demanded(read) == []
    found = consultations.consultation(read, stream)
    assert found is not None
    assert (found.state, found.due_on) == ("opinions_open", day(3).date())


def test_opinions_come_in_one_by_one_and_the_conclusion_enters_the_file(world: World) -> None:
    case = accepted(world)
    stream = consult(world, case)
    objects = k.FileConsultationOpinion(
        consultation_id=stream, opinion=k.Opinion.OBJECT, reason="疏散不足", legal_basis="消防法"
    )
    world.do(objects, by=FIRE_OFFICER, at=day(1))
    read = world.folded(Consultations).read
    assert [c.consultation_id for c in consultations.find(read, organ=HEALTH.code, awaiting=True).rows] == [stream]
    assert consultations.find(read, organ=FIRE.code, awaiting=True).rows == []
    assert len(consultations.find(read, organ=FIRE.code).rows) == 1
    assert consultations.find(read, organ=HOUSING.code).rows == []
    silent = k.FileConsultationOpinion(consultation_id=stream, opinion=k.Opinion.NO_OPINION)
    world.do(silent, by=HEALTH_OFFICER, at=day(5))
    use = OpinionUse(organ=FIRE.code, adoption=Adoption.ADOPTED, answer="采纳")
    world.do(k.ConcludeConsultation(consultation_id=stream, uses=(use,), conclusion="不予"), by=EXAMINER, at=day(5))
    world.do(
        NoteConsultation(case_id=case, consultation_id=stream, cause="item", outcome=Outcome.OBJECTED), by=PLATFORM
    )
    (found,) = consultations.of_case(world.folded(Consultations).read, case)
    assert (found.state, found.outcome, found.objecting, found.missing) == (
        "concluded", "objection_adopted", [FIRE.code], [],
    )  # fmt: skip
    assert found.opinions[HEALTH.code]["late"] is True
    assert (found.uses, found.split) == ([{"organ": FIRE.code, "adoption": "adopted", "answer": "采纳"}], False)
    assert found.in_file
    assert found.settled_at == day(5)


def test_bodies_that_contradict_each_other_are_shown_as_split_until_the_conference_has_resolved_it(
    world: World,
) -> None:
    case = accepted(world)
    stream = consult(world, case)
    objects = k.FileConsultationOpinion(
        consultation_id=stream, opinion=k.Opinion.OBJECT, reason="疏散不足", legal_basis="消防法"
    )
    world.do(objects, by=FIRE_OFFICER, at=day(1))
    world.do(k.FileConsultationOpinion(consultation_id=stream, opinion=k.Opinion.AGREE), by=HEALTH_OFFICER, at=day(1))
    found = consultations.consultation(world.folded(Consultations).read, stream)
    assert found is not None
    assert (found.state, found.split) == ("escalated", True)
    use = OpinionUse(organ=FIRE.code, adoption=Adoption.NOT_ADOPTED, answer="已加宽疏散通道")
    confer = k.ConcludeByConference(
        consultation_id=stream, outcome=k.ConsultationOutcome.OBJECTION_ANSWERED, uses=(use,), resolution="准予",
        minutes_no="M-1",
    )  # fmt: skip
    world.do(confer, by=DECIDER, at=day(2))
    found = consultations.consultation(world.folded(Consultations).read, stream)
    assert found is not None
    assert (found.state, found.minutes_no, found.uses[0]["adoption"]) == (
        "concluded_by_conference", "M-1", "not_adopted",
    )  # fmt: skip


def test_a_body_that_is_excused_is_waited_for_no_longer_unless_it_speaks(world: World) -> None:
    case = accepted(world)
    stream = consult(world, case)
    excuse = k.ExcuseOpinion(consultation_id=stream, organ=HEALTH.code, reason="不属其管辖")
    world.do(excuse, by=DECIDER)
    found = consultations.consultation(world.folded(Consultations).read, stream)
    assert found is not None
    assert (found.missing, found.excused) == ([FIRE.code], {HEALTH.code: "不属其管辖"})
    world.do(k.FileConsultationOpinion(consultation_id=stream, opinion=k.Opinion.NO_OPINION), by=HEALTH_OFFICER)
    world.do(k.DeclareConsultationComplex(consultation_id=stream, reason="涉及多部法规"), by=EXAMINER)
    found = consultations.consultation(world.folded(Consultations).read, stream)
    assert found is not None
    assert (found.missing, found.excused) == ([FIRE.code], {})
    assert (found.complex, found.due_on) == (True, day(5).date())


def test_a_clause_lets_silence_count_once_it_is_due_and_the_timers_know(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clause = DeemingClause("《聊城市联合会商办法》第九条", organs=(FIRE.code,))
    monkeypatch.setattr("domain.kernel.deeming.deeming_clauses", lambda key, on: (clause,))
    case = accepted(world)
    stream = consult(world, case)
    noted = k.ConsultationOpinionOverdue(
        case_id=case, case_no="2026-0001", cause="item", consultation_id=stream,
        body=FIRE, due_on=day(3).date(),
    )  # fmt: skip
    told = noted.model_copy(update={"body": HEALTH})
    # Noted by a version of the rules that deemed nothing: the timers must still find it.
    for fact in world.record(noted, told, stream=stream, at=day(4)):
        world.streams[stream].fold(fact)
    read = world.folded(Consultations).read
    assert [c.consultation_id for c in consultations.overdue(read, day(4).date())] == [stream]
    world.do(k.NoteOpinionOverdue(consultation_id=stream), by=PLATFORM, at=day(4))
    found = consultations.consultation(world.folded(Consultations).read, stream)
    assert found is not None
    assert (found.deemed, found.missing) == ({FIRE.code: clause.clause}, [HEALTH.code])
    assert consultations.overdue(world.read, day(9).date()) == []


def test_a_silent_body_is_overdue_until_it_was_noted(world: World) -> None:
    case = accepted(world)
    stream = consult(world, case)
    read = world.folded(Consultations).read
    assert consultations.overdue(read, day(3).date()) == []
    assert [c.consultation_id for c in consultations.overdue(read, day(4).date())] == [stream]
    world.do(k.NoteOpinionOverdue(consultation_id=stream), by=PLATFORM, at=day(4))
    read = world.folded(Consultations).read
    assert consultations.overdue(read, day(9).date()) == []
    world.do(k.EscalateConsultation(consultation_id=stream, reason="逾期"), by=PLATFORM, at=day(5))
    confer = k.ConcludeByConference(
        consultation_id=stream, outcome=k.ConsultationOutcome.NO_OBJECTION, resolution="同意", minutes_no="M-1"
    )
    world.do(confer, by=DECIDER, at=day(6))
    other = consult(world, case, cause="other")
    world.do(k.CancelConsultation(consultation_id=other, reason="撤回"), by=DECIDER, at=day(6))
    read = world.folded(Consultations).read
    assert [c.state for c in consultations.of_case(read, case)] == ["concluded_by_conference", "cancelled"]
    assert consultations.find(read, open_only=True).rows == []
    assert [c.cause for c in consultations.find(read, state="cancelled").rows] == ["other"]


VISITED = terms(inspect=(HOUSING, FIRE))


def plan(world: World, *cases: UUID, first: int = 3, last: int = 6, site: Site = SHOP) -> UUID:
    needs = tuple(
        SiteVisitNeed(case_id=case, case_no=f"2026-{n:04}", bodies=(HOUSING, FIRE)) for n, case in enumerate(cases, 1)
    )
    window = Window(first=day(first).date(), last=day(last).date())
    command = j.PlanJointInspection(cause=f"c{first}", site=site, window=window, cases=needs, lead=HOUSING)
    world.do(command, by=PLATFORM)
    return command.stream


def test_visits_at_one_place_within_a_window_can_be_one(world: World) -> None:
    accepted(world, VISITED, case_no="2026-0001")
    accepted(world, terms(item="370100-0002", inspect=(HEALTH,)), case_no="2026-0002", at=day(2))
    accepted(world, VISITED, case_no="2026-0003", at=day(30))
    elsewhere = Site(region="371502", address="别处 9 号")
    accepted(world, VISITED, case_no="2026-0004", site=elsewhere)
    read = world.folded(SiteVisits).read
    groups = site_visits.grouped(read)
    found = {(g.place, tuple(v.case_no for v in g.visits)) for g in groups}
    assert found == {
        (SHOP.key, ("2026-0001", "2026-0002")), (SHOP.key, ("2026-0003",)), (elsewhere.key, ("2026-0004",)),
    }  # fmt: skip
    together = next(g for g in groups if len(g.visits) == 2)
    assert [b["code"] for b in together.bodies] == [HOUSING.code, FIRE.code, HEALTH.code]
    assert together.first == max(v.not_before for v in together.visits)
    assert together.last == min(v.not_after for v in together.visits)
    assert len(site_visits.grouped(read, place=SHOP.key)) == 2
    assert [v.case_no for v in site_visits.waiting(read, place=elsewhere.key).rows] == ["2026-0004"]


def test_a_planned_inspection_takes_its_visits_and_others_may_join_until_somebody_is_there(world: World) -> None:
    first = accepted(world, VISITED, case_no="2026-0001")
    second = accepted(world, VISITED, case_no="2026-0002")
    inspection = plan(world, first)
    read = world.folded(SiteVisits).read
    assert [v.case_id for v in site_visits.waiting(read).rows] == [second]
    there = site_visits.open_inspection_at(read, SHOP.key, InspectionKind.SITE_VISIT, day(4).date(), day(20).date())
    assert there is not None
    assert there.inspection_id == inspection
    assert (
        site_visits.open_inspection_at(read, SHOP.key, InspectionKind.SITE_VISIT, day(7).date(), day(20).date()) is None
    )
    need = SiteVisitNeed(case_id=second, case_no="2026-0002", bodies=(HOUSING, FIRE))
    world.do(j.AddSiteVisit(inspection_id=inspection, need=need), by=PLATFORM)
    check_in = j.CheckIn(inspection_id=inspection, place="门口", picture="0" * 64, officers=("甲", "乙"))
    world.do(check_in, by=HOUSING_OFFICER, at=day(3))
    read = world.folded(SiteVisits).read
    assert site_visits.waiting(read).rows == []
    assert (
        site_visits.open_inspection_at(read, SHOP.key, InspectionKind.SITE_VISIT, day(4).date(), day(20).date()) is None
    )
    (row,) = site_visits.inspections(read, organ=FIRE.code, open_only=True).rows
    assert (row.state, row.present, row.case_nos) == ("checked_in", [HOUSING.code], ["2026-0001", "2026-0002"])
    assert [r.inspection_id for r in site_visits.inspections(read, case_id=second).rows] == [inspection]
    assert [v.inspection_id for v in site_visits.visits_of(read, second)] == [inspection]


def test_a_body_that_did_not_come_is_for_the_timers_until_it_was_noted(world: World) -> None:
    case = accepted(world, VISITED)
    inspection = plan(world, case)
    world.do(j.ConfirmAttendance(inspection_id=inspection), by=FIRE_OFFICER)
    check_in = j.CheckIn(inspection_id=inspection, place="门口", picture="0" * 64, officers=("甲", "乙"))
    world.do(check_in, by=HOUSING_OFFICER, at=day(3))
    result = j.RecordInspectionResult(inspection_id=inspection, result=InspectionResult.PASSED, officers=("甲", "乙"))
    world.do(result, by=HOUSING_OFFICER, at=day(3))
    read = world.folded(SiteVisits).read
    assert site_visits.over_with_absentees(read, day(6).date()) == []
    assert [i.inspection_id for i in site_visits.over_with_absentees(read, day(7).date())] == [inspection]
    world.do(j.NoteAbsence(inspection_id=inspection), by=PLATFORM, at=day(7))
    conclude = j.ConcludeInspection(inspection_id=inspection, outcome="passed", reason="缺席,现场符合")
    world.do(conclude, by=EXAMINER, at=day(7))
    row = site_visits.inspection(world.folded(SiteVisits).read, inspection)
    assert row is not None
    assert (row.state, row.absent, row.confirmed, row.signed) == (
        "passed", [FIRE.code], [FIRE.code], {HOUSING.code: "passed"},
    )  # fmt: skip
    assert site_visits.over_with_absentees(world.read, date(2027, 1, 1)) == []
    assert [v.outcome for v in site_visits.visits_of(world.read, case)] == ["passed"]


def test_a_cancelled_inspection_leaves_one_visit_waiting_per_case_and_an_ended_case_none(world: World) -> None:
    case = accepted(world, VISITED)
    inspection = plan(world, case)
    world.do(j.CancelInspection(inspection_id=inspection, reason="大雪"), by=PLATFORM, at=day(1))
    assert [v.case_id for v in site_visits.waiting(world.folded(SiteVisits).read).rows] == [case]
    # The case then demands its visit anew: that takes the place of the first demand.
    note = NoteInspection(case_id=case, inspection_id=inspection, outcome=Outcome.CANCELLED)
    world.do(note, by=PLATFORM, at=day(1))
    (waits,) = site_visits.waiting(world.folded(SiteVisits).read).rows
    assert waits.not_before > day(1).date()
    world.do(WithdrawApplication(case_id=case, reason="撤回"), by=ACCEPTOR, at=day(2))
    assert site_visits.waiting(world.folded(SiteVisits).read).rows == []
    assert site_visits.grouped(world.read) == []


def test_a_moved_inspection_is_confirmed_anew_and_problems_are_mended(world: World) -> None:
    case = accepted(world, VISITED)
    inspection = plan(world, case)
    for by in (HOUSING_OFFICER, FIRE_OFFICER):
        world.do(j.ConfirmAttendance(inspection_id=inspection), by=by)
    row = site_visits.inspection(world.folded(SiteVisits).read, inspection)
    assert row is not None
    assert row.state == "confirmed"
    window = Window(first=day(8).date(), last=day(9).date())
    world.do(j.RescheduleInspection(inspection_id=inspection, window=window, reason="大雪"), by=PLATFORM)
    row = site_visits.inspection(world.folded(SiteVisits).read, inspection)
    assert row is not None
    assert (row.state, row.confirmed, row.first_day) == ("invited", [], day(8).date())
    for by in (HOUSING_OFFICER, FIRE_OFFICER):
        told = {"inspection_id": inspection, "place": "门口", "picture": "0" * 64, "officers": ("甲", "乙")}
        world.do(j.CheckIn.model_validate(told), by=by, at=day(8))
    problem = j.RecordInspectionResult(
        inspection_id=inspection, result=InspectionResult.PROBLEMS, problems=("缺灭火器",), officers=("甲",)
    )
    passed = j.RecordInspectionResult(inspection_id=inspection, result=InspectionResult.PASSED, officers=("甲", "乙"))
    world.do(passed, by=HOUSING_OFFICER, at=day(8))
    world.do(problem, by=FIRE_OFFICER, at=day(8))
    notice = j.IssueRectificationNotice(inspection_id=inspection, notice_no="N-1", rectify_by=day(12).date())
    world.do(notice, by=EXAMINER, at=day(9))
    world.do(j.ReportRectified(inspection_id=inspection, statement="已配"), by=EXAMINER, at=day(10))
    row = site_visits.inspection(world.folded(SiteVisits).read, inspection)
    assert row is not None
    assert (row.state, row.notice_no, row.rectify_by, row.reinspect_by) == (
        "rectified", "N-1", day(12).date(), day(13).date(),
    )  # fmt: skip
