"""联合审图、联合验收: what each kind of joint inspection needs."""

from __future__ import annotations

from datetime import date

import pytest

from domain.joint_inspection.commands import (
    AssignDisciplines,
    IssueAcceptanceOpinion,
    NoteReinspection,
    PlanReinspection,
    RecordDrawingReview,
    ReportRectified,
    SubmitDrawings,
    reinspection_stream,
)
from domain.joint_inspection.facts import (
    AcceptanceOpinionIssued,
    DisciplinesAssigned,
    DrawingReviewed,
    DrawingsSubmitted,
    InspectionAbsenceNoted,
    InspectionConcluded,
    InspectionFindingRecorded,
    RectificationNoticeIssued,
    ReinspectionNoted,
)
from domain.joint_inspection.refusals import (
    AcceptanceOpinionMissing,
    DrawingsMissing,
    DrawingsNotNewer,
    DrawingsUnderReview,
    NotInvitedToInspect,
    NotYourDiscipline,
    OtherDrawings,
    OtherKind,
    ProblemsRemain,
    ProblemsUnclear,
    ResultsMissing,
)
from domain.joint_inspection.words import (
    Discipline,
    DrawingSet,
    InspectionOutcome,
    InspectionResult,
    Problem,
    Reinspection,
    ReinspectionOutcome,
    Seat,
    Window,
)
from domain.kernel.words import InspectionKind
from tests.domain.inspection_file import (
    ADD,
    BOTH,
    CREW,
    INVITED,
    ISSUE,
    NEED,
    NOTE,
    NOTICE,
    OF_THIS,
    PICTURE,
    PLAN,
    RECTIFIED,
    REPORT,
    TELLS,
    THERE,
    THIS,
    TOLD,
    absent,
    check_in,
    checked_in,
    conclude,
    recorded,
    result,
)
from tests.specification import (
    ACCEPTOR,
    EXAMINER,
    FIRE,
    FIRE_OFFICER,
    FRIDAY,
    HEALTH,
    HEALTH_OFFICER,
    HOUSING,
    PLATFORM,
    SHOP,
    TUESDAY,
    given,
)

REVIEW, ACCEPTANCE = InspectionKind.DRAWING_REVIEW, InspectionKind.COMPLETION_ACCEPTANCE
V1 = DrawingSet(version=1, digest="a1" * 32, sheets=48)
V2 = DrawingSet(version=2, digest="b2" * 32, sheets=49)


def of_kind(kind, *facts):
    return tuple(fact.model_copy(update={"kind": kind}) for fact in facts)


REVIEWING = of_kind(REVIEW, *INVITED)
OF_REVIEW = OF_THIS | {"kind": REVIEW}
DRAWN = (*REVIEWING, DrawingsSubmitted(**OF_REVIEW, bodies=BOTH, drawings=V1))
SEATS = (
    Seat(body=FIRE, discipline=Discipline.FIRE), Seat(body=HEALTH, discipline=Discipline.ARCHITECTURE),
    Seat(body=HEALTH, discipline=Discipline.HEATING),
)  # fmt: skip
SEATED = (*DRAWN, DisciplinesAssigned(**OF_REVIEW, bodies=BOTH, seats=SEATS))
SUBMIT = SubmitDrawings(inspection_id=THIS, drawings=V1)
ASSIGN = AssignDisciplines(inspection_id=THIS, seats=SEATS)


def sign(discipline=Discipline.GENERAL, *comments, drawings=V1) -> RecordDrawingReview:
    result = InspectionResult.PROBLEMS if comments else InspectionResult.PASSED
    return RecordDrawingReview(
        inspection_id=THIS,
        discipline=discipline,
        digest=drawings.digest,
        result=result,
        comments=comments,
        reviewers=CREW,
    )


def signed(body, discipline=Discipline.GENERAL, *comments, supersedes=None) -> DrawingReviewed:
    result = InspectionResult.PROBLEMS if comments else InspectionResult.PASSED
    return DrawingReviewed(
        **TELLS, kind=REVIEW, body=body, discipline=discipline, drawings=V1, result=result, comments=comments,
        reviewers=CREW, supersedes=supersedes,
    )  # fmt: skip


# 联合审图


def test_a_review_is_planned_and_told_as_one():
    planned, first, _ = given().when(PLAN.model_copy(update={"kind": REVIEW}), by=PLATFORM).facts
    assert planned.kind is REVIEW
    assert "联合审图" in planned.telling("zh")
    assert "joint drawing review" in first.telling("en")
    assert first.disciplines == (Discipline.GENERAL,)


def test_drawings_are_submitted_with_version_and_digest_and_every_body_is_told():
    given(*REVIEWING).when(SUBMIT, by=ACCEPTOR).then(DrawingsSubmitted(**OF_REVIEW, bodies=BOTH, drawings=V1))


def test_submitting_the_same_set_twice_is_once():
    given(*DRAWN).when(SUBMIT, by=ACCEPTOR).nothing()


def test_a_newer_set_takes_the_place_of_one_that_nobody_has_commented_on():
    given(*DRAWN).when(SubmitDrawings(inspection_id=THIS, drawings=V2), by=ACCEPTOR).then(DrawingsSubmitted)


def test_an_older_version_is_refused():
    other = DrawingSet(version=1, digest="c3" * 32, sheets=48)
    given(*DRAWN).when(SubmitDrawings(inspection_id=THIS, drawings=other), by=ACCEPTOR).refused(
        DrawingsNotNewer, version=1, known=1
    )


def test_drawings_that_somebody_has_commented_on_are_not_exchanged():
    given(*DRAWN, signed(FIRE)).when(SubmitDrawings(inspection_id=THIS, drawings=V2), by=ACCEPTOR).refused(
        DrawingsUnderReview, version=1
    )


def test_disciplines_are_assigned_to_the_invited_bodies():
    given(*DRAWN).when(ASSIGN).then(DisciplinesAssigned(**OF_REVIEW, bodies=BOTH, seats=SEATS))
    given(*SEATED).when(ASSIGN).nothing()
    stranger = AssignDisciplines(inspection_id=THIS, seats=(Seat(body=HOUSING, discipline=Discipline.STRUCTURE),))
    given(*DRAWN).when(stranger).refused(NotInvitedToInspect, organ=HOUSING.code)


def test_a_body_signs_per_discipline():
    given(*SEATED).when(sign(Discipline.HEATING, "排烟管径不足"), by=HEALTH_OFFICER).then(
        signed(HEALTH, Discipline.HEATING, "排烟管径不足")
    )


def test_the_same_review_delivered_twice_is_one_and_a_changed_one_supersedes():
    past = (*SEATED, signed(FIRE, Discipline.FIRE, "疏散不足"))
    given(*past).when(sign(Discipline.FIRE, "疏散不足"), by=FIRE_OFFICER).nothing()
    given(*past).when(sign(Discipline.FIRE, "喷淋缺失"), by=FIRE_OFFICER).then(
        signed(FIRE, Discipline.FIRE, "喷淋缺失", supersedes=6)
    )


def test_nobody_signs_for_a_discipline_of_another():
    given(*SEATED).when(sign(Discipline.HEATING), by=FIRE_OFFICER).refused(
        NotYourDiscipline, organ=FIRE.code, discipline=Discipline.HEATING
    )


def test_nothing_is_reviewed_before_there_are_drawings():
    given(*REVIEWING).when(sign(), by=FIRE_OFFICER).refused(DrawingsMissing)


def test_a_review_of_another_version_does_not_count():
    given(*DRAWN).when(sign(drawings=V2), by=FIRE_OFFICER).refused(OtherDrawings, version=1)


def test_comments_are_listed_exactly_when_there_are_any():
    unclear = sign().model_copy(update={"result": InspectionResult.PROBLEMS})
    given(*DRAWN).when(unclear, by=FIRE_OFFICER).refused(ProblemsUnclear)


def test_it_passes_by_itself_when_every_discipline_of_every_body_is_signed():
    past = (*SEATED, signed(FIRE, Discipline.FIRE), signed(HEALTH, Discipline.ARCHITECTURE))
    given(*past).when(sign(Discipline.HEATING), by=HEALTH_OFFICER).then(
        signed(HEALTH, Discipline.HEATING), InspectionConcluded
    )
    given(*past[:-1]).when(sign(Discipline.HEATING), by=HEALTH_OFFICER).then(DrawingReviewed)


COMMENTED = (
    *SEATED, signed(FIRE, Discipline.FIRE, "疏散不足"), signed(HEALTH, Discipline.ARCHITECTURE),
    signed(HEALTH, Discipline.HEATING, "排烟管径不足"),
)  # fmt: skip


def test_the_comments_of_all_disciplines_are_merged_into_one_notice():
    notice = given(*COMMENTED).when(ISSUE).then(RectificationNoticeIssued).facts[0]
    assert notice.problems == (
        Problem(body=FIRE, text="疏散不足", discipline=Discipline.FIRE),
        Problem(body=HEALTH, text="排烟管径不足", discipline=Discipline.HEATING),
    )
    assert "消防" in str(notice.problems[0])


def test_no_notice_before_every_discipline_is_signed():
    given(*COMMENTED[:-1]).when(ISSUE).refused(ResultsMissing, bodies=(HEALTH,))


TOLD_ONCE = (*COMMENTED, *of_kind(REVIEW, NOTICE))


def test_corrected_drawings_are_re_reviewed_by_who_commented_in_an_inspection_of_its_own():
    report = ReportRectified(inspection_id=THIS, statement="已修改", drawings=V2)
    following = given(*TOLD_ONCE).when(report, by=ACCEPTOR).facts[0].reinspection
    assert (following.drawings, following.lead, following.round) == (V2, FIRE, 1)
    assert following.seats == (SEATS[0], SEATS[2])
    again = PlanReinspection(
        cause="1", parent_id=THIS, kind=REVIEW, planned=following,
        window=Window(first=date(2026, 3, 4), last=date(2026, 3, 6)),
    )  # fmt: skip
    planned = given().when(again, by=PLATFORM)
    assert planned.facts[0].drawings == V2
    child = {"inspection_id": following.inspection_id}
    fire = sign(Discipline.FIRE, drawings=V2).model_copy(update=child)
    heating = sign(Discipline.HEATING, drawings=V2).model_copy(update=child)
    planned.and_when(fire, by=FIRE_OFFICER).and_when(heating, by=HEALTH_OFFICER).then(
        DrawingReviewed, InspectionConcluded
    )


def test_nothing_is_mended_without_corrected_drawings():
    given(*TOLD_ONCE).when(REPORT, by=ACCEPTOR).refused(DrawingsMissing)
    same = ReportRectified(inspection_id=THIS, statement="已修改", drawings=V1)
    given(*TOLD_ONCE).when(same, by=ACCEPTOR).refused(DrawingsNotNewer)


def test_a_site_is_not_mended_by_drawings():
    drawn = ReportRectified(inspection_id=THIS, statement="已整改", drawings=V1)
    given(*TOLD).when(drawn, by=ACCEPTOR).refused(OtherKind, kind=InspectionKind.SITE_VISIT)


def test_who_signed_nothing_by_the_last_day_is_absent_from_the_review():
    past = (*SEATED, signed(FIRE, Discipline.FIRE), signed(HEALTH, Discipline.HEATING))
    noted = given(*past).when(NOTE, by=PLATFORM, at=FRIDAY).then(InspectionAbsenceNoted)
    assert noted.facts[0].body == HEALTH
    noted.and_when(sign(Discipline.ARCHITECTURE), by=HEALTH_OFFICER, at=FRIDAY).then(
        DrawingReviewed, InspectionConcluded
    )


@pytest.mark.parametrize(
    ("command", "by"), [(check_in(), FIRE_OFFICER), (result(), FIRE_OFFICER), (ADD, PLATFORM)], ids=lambda one: ""
)
def test_there_is_no_place_to_come_to(command, by):
    given(*DRAWN).when(command, by=by).refused(OtherKind, kind=REVIEW)


@pytest.mark.parametrize(
    ("command", "by"), [(SUBMIT, ACCEPTOR), (ASSIGN, EXAMINER), (sign(), FIRE_OFFICER)], ids=lambda one: ""
)
def test_a_site_visit_has_no_drawings(command, by):
    given(*INVITED).when(command, by=by).refused(OtherKind, kind=InspectionKind.SITE_VISIT)


# 联合验收


SEEN = of_kind(ACCEPTANCE, *THERE, recorded(FIRE), recorded(HEALTH))
OPINION = IssueAcceptanceOpinion(inspection_id=THIS, opinion_no="联验〔2026〕1号", digest=PICTURE)
ISSUED = AcceptanceOpinionIssued(
    **TELLS, kind=ACCEPTANCE, bodies=BOTH, opinion_no="联验〔2026〕1号", digest=PICTURE, deemed=()
)


def test_an_acceptance_does_not_pass_by_signatures_alone():
    given(*SEEN[:-1]).when(result(), by=HEALTH_OFFICER).then(InspectionFindingRecorded)
    given(*SEEN).when(conclude()).refused(AcceptanceOpinionMissing)


def test_it_passes_by_one_merged_opinion():
    decided = given(*SEEN).when(OPINION).then(ISSUED, InspectionConcluded)
    assert decided.facts[1].outcome is InspectionOutcome.PASSED
    assert "联合验收" in decided.facts[1].telling("zh")


def test_the_opinion_speaks_for_nobody_who_has_not_looked():
    given(*SEEN[:-1]).when(OPINION).refused(ResultsMissing, bodies=(HEALTH,))
    past = of_kind(ACCEPTANCE, *INVITED, checked_in(FIRE), absent(HEALTH), recorded(FIRE))
    given(*past).when(OPINION).refused(ResultsMissing, bodies=(HEALTH,))


def test_nor_for_what_is_wrong():
    given(*of_kind(ACCEPTANCE, *THERE, recorded(FIRE, "通道被占"), recorded(HEALTH))).when(OPINION).refused(
        ProblemsRemain, bodies=(FIRE,)
    )


def test_a_person_may_conclude_that_it_failed():
    given(*SEEN).when(conclude(InspectionOutcome.FAILED)).then(InspectionConcluded)


def test_after_the_re_inspection_has_passed_the_opinion_is_issued_on_the_first_of_the_chain():
    following = Reinspection(inspection_id=reinspection_stream(THIS, 1), round=1, site=SHOP, cases=(NEED,), lead=FIRE)
    past = of_kind(ACCEPTANCE, *TOLD, RECTIFIED.model_copy(update={"reinspection": following}))
    note = NoteReinspection(
        inspection_id=THIS, reinspection_id=following.inspection_id, outcome=ReinspectionOutcome.PASSED, rounds=1
    )
    given(*past).when(note, by=PLATFORM).then(ReinspectionNoted).and_when(OPINION).then(ISSUED, InspectionConcluded)


def test_the_re_inspection_of_an_acceptance_passes_by_its_signatures():
    following = Reinspection(inspection_id=reinspection_stream(THIS, 1), round=1, site=SHOP, cases=(NEED,), lead=FIRE)
    plan = PlanReinspection(
        cause="1", parent_id=THIS, kind=ACCEPTANCE, planned=following,
        window=Window(first=date(2026, 3, 3), last=date(2026, 3, 5)),
    )  # fmt: skip
    child = {"inspection_id": following.inspection_id}
    (
        given().when(plan, by=PLATFORM)
        .and_when(check_in().model_copy(update=child), by=FIRE_OFFICER, at=TUESDAY)
        .and_when(check_in().model_copy(update=child), by=HEALTH_OFFICER, at=TUESDAY)
        .and_when(result().model_copy(update=child), by=FIRE_OFFICER, at=TUESDAY)
        .and_when(result().model_copy(update=child), by=HEALTH_OFFICER, at=TUESDAY)
        .then(InspectionFindingRecorded, InspectionConcluded)
    )  # fmt: skip


def test_only_an_acceptance_ends_with_such_an_opinion():
    given(*THERE, recorded(FIRE), recorded(HEALTH)).when(OPINION).refused(OtherKind, kind=InspectionKind.SITE_VISIT)
