"""Together (会商与联合查验): departments that disagree, a site that is looked at again, drawings reviewed as one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from domain.consultation import (
    ConcludeByConference,
    ConsultationOutcome,
    FileConsultationOpinion,
    Opinion,
    consultation_stream,
)
from domain.joint_inspection import commands as inspect
from domain.joint_inspection.words import Discipline, DrawingSet, InspectionResult, Seat, Slot
from domain.kernel.people import Actor, Role
from domain.kernel.time import next_working_day
from domain.kernel.words import Adoption, InspectionKind, OpinionUse, Site
from domain.rules.dates import SHANGHAI
from interfaces.cli.stories.teller import ACCEPTOR, DECIDER, EXAMINER, FIRE, FIREMAN, HEALTH, Teller
from projections import site_visits

PLACE = "371502"
DOCTOR = Actor(id="吴卫健", organ=HEALTH.code, role=Role.REGULATOR)
CREWS = {FIREMAN.organ: ("钱消防", "郑消防"), DOCTOR.organ: ("吴卫健", "冯卫健")}
FIRST, CORRECTED = (
    DrawingSet(version=version, digest=f"{version:064x}", sheets=sheets) for version, sheets in ((1, 48), (2, 49))
)


async def consultation_split(tell: Teller) -> None:
    """会商分歧上联席会议 Two bodies disagree, the joint conference resolves it, and the decision cites each opinion."""
    case_id = await tell.accepted(await tell.item(consult=(FIRE, HEALTH)))
    await tell.examined(case_id)
    await tell.settle()
    asked = consultation_stream(case_id, "item")
    objects = FileConsultationOpinion(
        consultation_id=asked, opinion=Opinion.OBJECT, reason="疏散通道净宽不足 1.4 米",
        legal_basis="消防法第十五条第二款",
    )  # fmt: skip
    await tell.do(objects, FIREMAN)
    agrees = FileConsultationOpinion(
        consultation_id=asked, opinion=Opinion.AGREE_WITH_CONDITIONS, conditions="营业前完成从业人员健康检查"
    )
    await tell.do(agrees, DOCTOR)
    uses = (
        OpinionUse(
            organ=FIRE.code, adoption=Adoption.PARTLY_ADOPTED, answer="限定就餐人数 50 人以下,并加宽通道至 1.4 米"
        ),
        OpinionUse(organ=HEALTH.code, adoption=Adoption.ADOPTED, answer="列为许可条件"),
    )
    confer = ConcludeByConference(
        consultation_id=asked, outcome=ConsultationOutcome.OBJECTION_ADOPTED, uses=uses,
        resolution="部分采纳消防意见,附条件准予", minutes_no=f"联席会议纪要〔{tell.today.year}〕3号",
    )  # fmt: skip
    await tell.do(confer, DECIDER)
    await tell.settle()
    await tell.granted(case_id, opinion_uses=uses)
    await tell.settle()


async def inspection_repeated(tell: Teller) -> None:
    """联合踏勘与复核 One visit at an agreed hour finds problems, told once; a chained re-inspection passes them."""
    case_id = await tell.accepted(await tell.item(inspect=(FIRE, HEALTH)), site=_site(tell))
    await tell.examined(case_id)
    await tell.settle()
    visit = _inspection_of(tell, case_id)
    first, second = _working_days(tell.today)
    slot = Slot(day=first.date(), begins=time(9, 30), minutes=90)
    await tell.do(inspect.ProposeSlots(inspection_id=visit, slots=(slot,)), FIREMAN)
    await tell.do(inspect.AnswerSlots(inspection_id=visit, accepts=(slot,)), DOCTOR)
    await tell.do(inspect.FixSlot(inspection_id=visit, slot=slot), FIREMAN)
    for by in (FIREMAN, DOCTOR):
        await _check_in(tell, visit, by, first)
    await _sign(tell, visit, FIREMAN, first, "疏散通道堆放杂物", "应急照明缺失")
    await _sign(tell, visit, DOCTOR, first)
    notice = inspect.IssueRectificationNotice(
        inspection_id=visit, notice_no=f"整改通知〔{tell.today.year}〕1号", rectify_by=first.date() + timedelta(days=9)
    )
    await tell.do(notice, EXAMINER, at=first)
    report = inspect.ReportRectified(inspection_id=visit, statement="通道已清理,应急照明已补装")
    await tell.do(report, ACCEPTOR, at=first)
    await tell.settle()
    again = _inspection_of(tell, case_id)
    await _check_in(tell, again, FIREMAN, second)
    await _sign(tell, again, FIREMAN, second)
    await tell.settle()
    await tell.granted(case_id, at=second + timedelta(hours=6))
    await tell.settle()


async def drawings_reviewed_jointly(tell: Teller) -> None:
    """联合审图 Drawings are reviewed by discipline on one version, commented on once, corrected and reviewed again."""
    item = await tell.item(
        name="建筑工程施工许可", legal_basis="建筑法第七条", inspect=(FIRE, HEALTH),
        inspect_kind=InspectionKind.DRAWING_REVIEW,
    )  # fmt: skip
    case_id = await tell.accepted(item, site=_site(tell))
    await tell.examined(case_id)
    await tell.settle()
    review = _inspection_of(tell, case_id)
    first, second = _working_days(tell.today)
    await tell.do(inspect.SubmitDrawings(inspection_id=review, drawings=FIRST), ACCEPTOR)
    seats = (
        Seat(body=FIRE, discipline=Discipline.FIRE), Seat(body=FIRE, discipline=Discipline.ELECTRICAL),
        Seat(body=HEALTH, discipline=Discipline.HEATING),
    )  # fmt: skip
    await tell.do(inspect.AssignDisciplines(inspection_id=review, seats=seats), EXAMINER)
    await _review(tell, review, FIREMAN, Discipline.FIRE, first, FIRST, "二层疏散距离超限")
    await _review(tell, review, FIREMAN, Discipline.ELECTRICAL, first, FIRST)
    await _review(tell, review, DOCTOR, Discipline.HEATING, first, FIRST, "后厨排风量不足")
    notice = inspect.IssueRectificationNotice(
        inspection_id=review, notice_no=f"审图意见〔{tell.today.year}〕1号", rectify_by=first.date() + timedelta(days=9)
    )
    await tell.do(notice, EXAMINER, at=first)
    corrected = inspect.ReportRectified(inspection_id=review, statement="已按审图意见修改", drawings=CORRECTED)
    await tell.do(corrected, ACCEPTOR, at=first)
    await tell.settle()
    again = _inspection_of(tell, case_id)
    await _review(tell, again, FIREMAN, Discipline.FIRE, second, CORRECTED)
    await _review(tell, again, DOCTOR, Discipline.HEATING, second, CORRECTED)
    await tell.settle()
    await tell.granted(case_id, at=second + timedelta(hours=6))
    await tell.settle()


def _site(tell: Teller) -> Site:
    return Site(region=PLACE, address="东昌府区柳园南路 1 号", place=f"柳园商场-{tell.mark}")


def _working_days(today: date) -> tuple[datetime, datetime]:
    """Half past nine on the next two days that are working days where the site lies."""
    first = next_working_day(today, PLACE) or today + timedelta(days=1)
    second = next_working_day(first, PLACE) or first + timedelta(days=1)
    return tuple(datetime.combine(day, time(9, 30), SHANGHAI) for day in (first, second))  # type: ignore[return-value]


def _inspection_of(tell: Teller, case_id: UUID) -> UUID:
    """The latest inspection of the case, as the officer on duty would read it on the board."""
    return site_visits.inspections(tell.platform.read, case_id=case_id, open_only=True).rows[0].inspection_id


async def _check_in(tell: Teller, visit: UUID, by: Actor, at: datetime) -> None:
    told = inspect.CheckIn(inspection_id=visit, place="柳园商场一层北门", picture="5e" * 32, officers=CREWS[by.organ])
    await tell.do(told, by, at=at)


async def _sign(tell: Teller, visit: UUID, by: Actor, at: datetime, *problems: str) -> None:
    result = InspectionResult.PROBLEMS if problems else InspectionResult.PASSED
    signed = inspect.RecordInspectionResult(
        inspection_id=visit, result=result, problems=problems, officers=CREWS[by.organ]
    )
    await tell.do(signed, by, at=at)


async def _review(
    tell: Teller, review: UUID, by: Actor, discipline: Discipline, at: datetime, drawings: DrawingSet, *comments: str
) -> None:
    result = InspectionResult.PROBLEMS if comments else InspectionResult.PASSED
    signed = inspect.RecordDrawingReview(
        inspection_id=review, discipline=discipline, digest=drawings.digest, result=result, comments=comments,
        reviewers=CREWS[by.organ],
    )  # fmt: skip
    await tell.do(signed, by, at=at)
