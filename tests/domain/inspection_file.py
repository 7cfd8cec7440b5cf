"""What the specifications of the joint inspection begin with."""

from __future__ import annotations

from datetime import date

from domain.joint_inspection.commands import (
    AddSiteVisit,
    CancelInspection,
    CheckIn,
    ConcludeInspection,
    ConfirmAttendance,
    IssueRectificationNotice,
    NoteAbsence,
    PlanJointInspection,
    RecordInspectionResult,
    RecordReinspection,
    ReportRectified,
    RescheduleInspection,
    inspection_stream,
)
from domain.joint_inspection.facts import (
    AttendanceConfirmed,
    InspectionAbsenceNoted,
    InspectionCancelled,
    InspectionCheckedIn,
    InspectionConcluded,
    InspectionFindingRecorded,
    InspectionInvited,
    InspectionPlanned,
    RectificationNoticeIssued,
    RectificationReported,
    ReinspectionHeld,
)
from domain.joint_inspection.words import InspectionOutcome, InspectionResult, Problem, SiteVisitNeed, Window
from tests.specification import CASE, CASE_NO, FIRE, HEALTH, HOUSING, OTHER_CASE, OTHER_CASE_NO, SHOP

CAUSE = f"{CASE}:7"
THIS = inspection_stream(CASE, CAUSE)
NEED = SiteVisitNeed(case_id=CASE, case_no=CASE_NO, bodies=(FIRE, HEALTH))
WINDOW = Window(first=date(2026, 3, 3), last=date(2026, 3, 5))
LATER = Window(first=date(2026, 3, 9), last=date(2026, 3, 10))
PLAN = PlanJointInspection(cause=CAUSE, site=SHOP, window=WINDOW, cases=(NEED,), lead=FIRE)
TELLS = {"case_id": CASE, "case_ids": (CASE,)}
OF_THIS = TELLS | {"inspection_id": THIS}
PICTURE = "ab" * 32
CREW = ("张三", "李四")
BOTH = (FIRE, HEALTH)
OPINION_DUE = date(2026, 3, 5)

PLANNED = InspectionPlanned(**TELLS, cause=CAUSE, site=SHOP, window=WINDOW, cases=(NEED,), lead=FIRE)


def invited(body, *case_nos, **told) -> InspectionInvited:
    return InspectionInvited(
        **OF_THIS | {"window": WINDOW, "not_before": date(2026, 3, 3)} | told, body=body, site=SHOP, lead=FIRE,
        case_nos=case_nos or (CASE_NO,),
    )  # fmt: skip


def checked_in(body, officers=CREW, *, in_window=True, due=OPINION_DUE) -> InspectionCheckedIn:
    return InspectionCheckedIn(
        **TELLS, body=body, place="柳园商场一层", picture=PICTURE, officers=officers, lead=body == FIRE,
        in_window=in_window, result_due_on=due,
    )  # fmt: skip


def recorded(body, *problems, supersedes=None) -> InspectionFindingRecorded:
    result = InspectionResult.PROBLEMS if problems else InspectionResult.PASSED
    return InspectionFindingRecorded(
        **TELLS, body=body, result=result, problems=problems, officers=CREW, supersedes=supersedes
    )


def held(body, *problems) -> ReinspectionHeld:
    result = InspectionResult.PROBLEMS if problems else InspectionResult.PASSED
    return ReinspectionHeld(**TELLS, body=body, result=result, problems=problems, officers=CREW)


def concluded(outcome=InspectionOutcome.PASSED, **told) -> InspectionConcluded:
    stated = {"absent": (), "reason": "情况属实", "automatic": False} | told
    return InspectionConcluded(**TELLS, bodies=BOTH, outcome=outcome, case_nos=(CASE_NO,), **stated)


def absent(body, confirmed=False) -> InspectionAbsenceNoted:
    return InspectionAbsenceNoted(**OF_THIS, body=body, window=WINDOW, confirmed=confirmed)


INVITED = (PLANNED, invited(FIRE), invited(HEALTH))
CONFIRMED = (*INVITED, *(AttendanceConfirmed(**TELLS, body=body) for body in BOTH))
THERE = (*INVITED, checked_in(FIRE), checked_in(HEALTH))
WRONG = (*THERE, recorded(FIRE, "通道被占"), recorded(HEALTH, "无洗手池", "无排烟"))
PROBLEMS = (
    Problem(body=FIRE, text="通道被占"), Problem(body=HEALTH, text="无洗手池"), Problem(body=HEALTH, text="无排烟"),
)  # fmt: skip
NOTICE = RectificationNoticeIssued(
    **TELLS, bodies=BOTH, notice_no="整〔2026〕1号", rectify_by=date(2026, 3, 20), problems=PROBLEMS
)
TOLD = (*WRONG, NOTICE)
RECTIFIED = RectificationReported(**OF_THIS, bodies=BOTH, statement="已整改", reinspect_by=date(2026, 3, 6))
MENDED = (*TOLD, RECTIFIED)

CANCELLED = InspectionCancelled(**TELLS, bodies=BOTH, site=SHOP, reason="撤回")

CONFIRM = ConfirmAttendance(inspection_id=THIS)
ISSUE = IssueRectificationNotice(inspection_id=THIS, notice_no="整〔2026〕1号", rectify_by=date(2026, 3, 20))
REPORT = ReportRectified(inspection_id=THIS, statement="已整改")
NOTE = NoteAbsence(inspection_id=THIS)
CANCEL = CancelInspection(inspection_id=THIS, reason="申请人撤回申请")
MOVE = RescheduleInspection(inspection_id=THIS, window=LATER, reason="暴雨")
ADD = AddSiteVisit(
    inspection_id=THIS, need=SiteVisitNeed(case_id=OTHER_CASE, case_no=OTHER_CASE_NO, bodies=(FIRE, HOUSING))
)


def check_in(officers=CREW) -> CheckIn:
    return CheckIn(inspection_id=THIS, place="柳园商场一层", picture=PICTURE, officers=officers)


def result(*problems, result=None) -> RecordInspectionResult:
    result = result or (InspectionResult.PROBLEMS if problems else InspectionResult.PASSED)
    return RecordInspectionResult(inspection_id=THIS, result=result, problems=problems, officers=CREW)


def again(*problems) -> RecordReinspection:
    result = InspectionResult.PROBLEMS if problems else InspectionResult.PASSED
    return RecordReinspection(inspection_id=THIS, result=result, problems=problems, officers=CREW)


def conclude(outcome=InspectionOutcome.PASSED) -> ConcludeInspection:
    return ConcludeInspection(inspection_id=THIS, outcome=outcome, reason="情况属实")
