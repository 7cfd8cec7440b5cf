"""政策与读模型: the policies on their real read side. What one fact causes reaches whoever must act, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.application import Order, Receipt
from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.case import ApprovalCase
from domain.consultation import (
    CancelConsultation,
    ConcludeByConference,
    ConsultationCancelled,
    ConsultationInvited,
    ConsultationOutcome,
    FileConsultationOpinion,
    Opinion,
    consultation_stream,
)
from domain.joint_inspection.commands import (
    CancelInspection,
    CheckIn,
    IssueRectificationNotice,
    RecordInspectionResult,
    ReportRectified,
)
from domain.joint_inspection.facts import (
    InspectionCancelled,
    InspectionConcluded,
    InspectionPlanned,
    SiteVisitAdded,
    SiteVisitDropped,
)
from domain.joint_inspection.words import InspectionResult
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor
from domain.kernel.words import Adoption, Body, OpinionUse
from domain.push import Push, PushDispatched, PushState, ReassignPush, ReturnPush, push_stream
from domain.supervision_finding import FindingKind, FindingResult, HandleFinding, RegisterFinding, ReportFinding
from infra.event_store.mapper import decode
from infra.postgres import APP_ROLE, connect, in_role
from infra.settings import Settings
from infra.settling import settle
from infra.wiring import Place, Platform, platform_at
from infra.workers.policies import position_name
from projections import PROJECTIONS
from projections.view import create_tables
from tests.application.office import MARKET, PUBLISH, submit, the_rest
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    DECIDER,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    HEALTH,
    HEALTH_OFFICER,
    HOLDER,
    HOUSING,
    MONDAY,
    STEWARD,
    officer_of,
)


class Town:
    """The platform in one process, at the time of the story."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.at = MONDAY
        platform.clock = self

    def now(self) -> datetime:
        return self.at

    async def do(self, command: Command, by: Actor) -> Receipt:
        done = await self.platform.app.handle(Order(command, by, self.at))
        await settle(self.platform)
        return done

    async def examined(self, number: str = "2026-0001") -> UUID:
        stream = submit(number).stream
        for command, by in ((submit(number), APPLICANT), (c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR)):
            await self.do(command, by)
        for command, by in the_rest(stream)[:3]:
            await self.do(command, by)
        return stream

    async def granted(self, stream: UUID) -> str:
        command, by = the_rest(stream)[3]
        return (await self.do(command, by)).events[0]

    def facts(self, *kinds: type[Event]) -> list[Any]:
        entries = self.platform.recorder.read(0, 10_000).entries
        found = [decode(e.topic, e.state, e.originator_id, e.originator_version) for e in entries]
        return [fact for fact in found if isinstance(fact, kinds or Event)]

    async def case(self, stream: UUID) -> ApprovalCase:
        return await self.platform.app.replayed(stream, ApprovalCase)


@pytest.fixture
async def town(owner_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    with connect(owner_url) as owner:
        create_tables(owner, PROJECTIONS, APP_ROLE)
    place = Place(owner_url, in_role(owner_url, APP_ROLE), None, "kafka", tmp_path)
    async with platform_at(place, Settings(home=tmp_path)) as platform:
        yield Town(platform)


HOLD = ReportFinding(
    organ=HEALTH, finding_no="F-1", kind=FindingKind.HOLD_REQUEST, subject=HOLDER, found_on=MONDAY.date(),
    statement="停业整顿", legal_basis="食品安全法第一百二十六条", hold_until=(MONDAY + timedelta(days=20)).date(),
)  # fmt: skip


async def test_a_hold_stops_the_running_case_and_the_one_that_is_opened_after_it_until_it_is_answered(town: Town):
    await town.do(PUBLISH, STEWARD)
    running = await town.examined("2026-0001")
    await town.do(HOLD, HEALTH_OFFICER)
    later = await town.examined("2026-0002")
    for stream in (running, later):
        with pytest.raises(r.HoldInForce):
            await town.granted(stream)
    assert len(town.facts(f.FindingNoted)) == 2
    await town.do(RegisterFinding(finding_id=HOLD.stream), EXAMINER)
    answer = HandleFinding(finding_id=HOLD.stream, result=FindingResult.ADOPTED, explanation="已整改")
    await town.do(answer, EXAMINER)
    for stream in (running, later):
        await town.granted(stream)
    await town.examined("2026-0003")
    assert len(town.facts(f.FindingNoted)) == 2, "what was answered warns nobody any more"


async def test_a_cancelled_consultation_is_asked_anew_and_only_its_conclusion_frees_the_decision(town: Town):
    await town.do(PUBLISH.model_copy(update={"consult": (FIRE,)}), STEWARD)
    stream = await town.examined()
    await town.do(CancelConsultation(consultation_id=consultation_stream(stream, "item"), reason="误发"), EXAMINER)
    again = consultation_stream(stream, "item/2")
    assert [fact.originator_id for fact in town.facts(ConsultationInvited)][1:] == [again]
    with pytest.raises(r.ConsultationOutstanding):
        await town.granted(stream)
    await town.do(FileConsultationOpinion(consultation_id=again, opinion=Opinion.AGREE), FIRE_OFFICER)
    await town.granted(stream)


async def test_visits_at_one_place_are_one_and_a_cancelled_one_is_planned_anew_for_every_case(town: Town):
    await town.do(PUBLISH.model_copy(update={"inspect": (FIRE, HOUSING)}), STEWARD)
    streams = [await town.examined(f"2026-000{n}") for n in (1, 2)]
    [planned] = town.facts(InspectionPlanned)
    assert [fact.originator_id for fact in town.facts(SiteVisitAdded)] == [planned.originator_id]
    await town.do(CancelInspection(inspection_id=planned.originator_id, reason="台风"), EXAMINER)
    _, anew = town.facts(InspectionPlanned)
    assert anew.originator_id != planned.originator_id
    joined = [fact.originator_id for fact in town.facts(SiteVisitAdded)]
    assert joined == [planned.originator_id, anew.originator_id], "again one visit for both"
    assert {(await town.case(stream)).visit for stream in streams} == {False}


async def test_a_case_that_ends_takes_its_consultation_along_and_leaves_the_visit_to_the_others(town: Town):
    await town.do(PUBLISH.model_copy(update={"consult": (FIRE,), "inspect": (FIRE, HOUSING)}), STEWARD)
    first, second = [await town.examined(f"2026-000{n}") for n in (1, 2)]
    [planned] = town.facts(InspectionPlanned)
    await town.do(c.WithdrawApplication(case_id=first, reason="不再经营"), ACCEPTOR)
    assert [fact.case_id for fact in town.facts(ConsultationCancelled)] == [first]
    [dropped] = town.facts(SiteVisitDropped)
    assert (dropped.originator_id, dropped.need.case_id) == (planned.originator_id, first)
    assert town.facts(InspectionCancelled) == []
    await town.do(c.WithdrawApplication(case_id=second, reason="不再经营"), ACCEPTOR)
    [cancelled] = town.facts(InspectionCancelled)
    assert cancelled.case_ids == (second,)
    assert [fact.case_id for fact in town.facts(ConsultationCancelled)] == [first, second]
    assert len(town.facts(InspectionPlanned)) == 1, "nobody demands a visit for a case that has ended"


async def test_bodies_that_disagree_meet_and_no_decision_passes_their_opinions_over(town: Town):
    await town.do(PUBLISH.model_copy(update={"consult": (FIRE, HEALTH)}), STEWARD)
    stream = await town.examined()
    asked = consultation_stream(stream, "item")
    objects = FileConsultationOpinion(
        consultation_id=asked, opinion=Opinion.OBJECT, reason="疏散不足", legal_basis="消防法第十五条"
    )
    await town.do(objects, FIRE_OFFICER)
    await town.do(FileConsultationOpinion(consultation_id=asked, opinion=Opinion.AGREE), HEALTH_OFFICER)
    use = OpinionUse(organ=FIRE.code, adoption=Adoption.NOT_ADOPTED, answer="已加宽疏散通道并复验")
    confer = ConcludeByConference(
        consultation_id=asked, outcome=ConsultationOutcome.OBJECTION_ANSWERED, uses=(use,), resolution="准予",
        minutes_no="纪要〔2026〕3号",
    )  # fmt: skip
    await town.do(confer, DECIDER)
    with pytest.raises(r.OpinionUseNotCited):
        await town.granted(stream)
    grant, by = the_rest(stream)[3]
    await town.do(grant.model_copy(update={"opinion_uses": (use,)}), by)
    assert [fact.opinion_uses for fact in town.facts(f.DecisionGranted)] == [(use,)]


async def test_a_site_that_was_mended_is_looked_at_again_in_an_inspection_of_its_own_and_the_case_hears_once(
    town: Town,
):
    await town.do(PUBLISH.model_copy(update={"inspect": (FIRE, HOUSING)}), STEWARD)
    stream = await town.examined()
    [planned] = town.facts(InspectionPlanned)

    async def look(inspection: UUID, wrong: tuple[str, ...], *officers: Actor) -> None:
        town.at += timedelta(days=1)
        for by in officers:
            told = CheckIn(inspection_id=inspection, place="现场", picture="0" * 64, officers=("甲", "乙"))
            await town.do(told, by)
        for by in officers:
            found = wrong if by is FIRE_OFFICER else ()
            result = InspectionResult.PROBLEMS if found else InspectionResult.PASSED
            command = RecordInspectionResult(
                inspection_id=inspection, result=result, problems=found, officers=("甲", "乙")
            )
            await town.do(command, by)

    async def mend(inspection: UUID) -> UUID:
        until = (town.at + timedelta(days=9)).date()
        await town.do(IssueRectificationNotice(inspection_id=inspection, notice_no="1", rectify_by=until), EXAMINER)
        await town.do(ReportRectified(inspection_id=inspection, statement="已整改"), ACCEPTOR)
        return town.facts(InspectionPlanned)[-1].originator_id  # type: ignore[no-any-return]

    await look(planned.originator_id, ("缺灭火器",), FIRE_OFFICER, officer_of(HOUSING))
    first = await mend(planned.originator_id)
    await look(first, ("灭火器过期",), FIRE_OFFICER)
    second = await mend(first)
    await look(second, (), FIRE_OFFICER)
    links = town.facts(InspectionConcluded)
    assert [(link.originator_id, link.round, link.rounds) for link in links] == [
        (second, 2, 0), (first, 1, 1), (planned.originator_id, 0, 2),
    ]  # fmt: skip
    [noted] = town.facts(f.InspectionNoted)
    assert noted.inspection_id == planned.originator_id
    await town.granted(stream)


async def test_a_push_that_two_regulators_hand_to_each_other_stays_somebodys(town: Town):
    await town.do(PUBLISH, STEWARD)
    stream = await town.examined()
    decision = await town.granted(stream)
    market, fire = (push_stream(stream, decision, code) for code in (MARKET.code, FIRE.code))
    market_body = Body(code=MARKET.code, name=MARKET.name)
    for push, officer, to in ((market, officer_of(market_body), FIRE), (fire, FIRE_OFFICER, market_body)):
        await town.do(ReturnPush(push_id=push, reason="不属本部门职责"), officer)
        await town.do(ReassignPush(push_id=push, regulator=to, reason="职责划转"), STEWARD)
    assert [fact.regulator for fact in town.facts(PushDispatched)] == [MARKET.code, FIRE.code, MARKET.code]
    states = [(await town.platform.app.replayed(push, Push)).state for push in (market, fire)]
    assert states == [PushState.DISPATCHED, PushState.REASSIGNED]


async def test_time_brings_deemed_acceptance_reminder_and_escalation_each_once(town: Town):
    await town.do(PUBLISH, STEWARD)
    stream = await town.examined()
    await town.granted(stream)
    silent = submit("2026-0002").stream
    await town.do(submit("2026-0002"), APPLICANT)
    await town.do(c.ReceiveMaterial(case_id=silent, receipt_no="2"), ACCEPTOR)
    for _ in range(10):
        town.at += timedelta(days=1)
        await settle(town.platform)
        await settle(town.platform)
    told = [type(fact).__name__ for fact in town.facts()]
    expected = {"AcceptanceDeemed": 1, "PushReminded": 2, "PushEscalated": 1, "MessageParked": 0}
    assert {name: told.count(name) for name in expected} == expected


async def test_every_policy_run_again_over_the_whole_log_adds_nothing(town: Town, store: psycopg.Connection[Any]):
    await town.do(PUBLISH.model_copy(update={"consult": (FIRE,), "inspect": (FIRE, HOUSING)}), STEWARD)
    stream = await town.examined()
    await town.do(HOLD, HEALTH_OFFICER)
    opinion = FileConsultationOpinion(consultation_id=consultation_stream(stream, "item"), opinion=Opinion.AGREE)
    await town.do(opinion, FIRE_OFFICER)
    deny = c.DenyLicense(case_id=stream, document_no="1", reasons="不符合法定条件和标准", remedy_notice="可复议")
    with pytest.raises(r.HoldInForce):
        await town.do(deny, DECIDER)
    head = town.platform.recorder.head()
    names = [position_name(policy) for policy in town.platform.policies if policy.reacts_to()]
    gone = store.execute("DELETE FROM approval_tracking WHERE application_name = ANY(%s)", (names,))
    assert gone.rowcount == len(names)
    await settle(town.platform)
    assert town.platform.recorder.head() == head
