"""Experts (专家): drawn so that anybody can compute it again."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from domain.approval_case import commands as case
from domain.approval_case.words import Opinion
from domain.expert_draw import ExpertDraw
from domain.expert_draw import commands as draw
from domain.expert_draw.words import PanelConclusion, Party, PartyRole, Payment, RedrawReason
from domain.kernel.words import SpecialProcedure
from interfaces.cli.demo.experts import enrolments
from interfaces.cli.stories.teller import ACCEPTOR, EXAMINER, STEWARD, Teller

DISCIPLINE = "FOOD"
POOL = 12


async def expert_drawn(tell: Teller) -> None:
    """专家库 Experts are drawn with a committed secret; one declines, a seat is drawn again, the panel concludes."""
    for enrol in islice((e for e in enrolments(int(tell.mark, 16)) if DISCIPLINE in e.disciplines), POOL):
        number = f"{tell.mark}-{enrol.expert_no}"
        await tell.do(enrol.model_copy(update={"expert_no": number, "disciplines": (DISCIPLINE,)}), STEWARD)
    case_id = await tell.accepted(await tell.item())
    await tell.do(case.AssignCase(case_id=case_id, examiner=EXAMINER.id), ACCEPTOR)
    review = case.StartSpecialProcedure(
        case_id=case_id, procedure=SpecialProcedure.EXPERT_REVIEW, notice_no=f"T-{tell.mark}", planned_end=tell.today
    )
    await tell.do(review, EXAMINER)
    request = draw.RequestExpertDraw(
        case_id=case_id, case_no=f"{tell.mark}-1", discipline=DISCIPLINE, seats=3, review_on=tell.today,
        parties=(
            Party(role=PartyRole.APPLICANT, identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司"),
        ),
        purpose="食品经营场所布局专家评审",
    )  # fmt: skip
    draw_id = request.stream
    await tell.do(request, EXAMINER)
    await tell.settle()
    await tell.do(draw.StartExpertDraw(draw_id=draw_id, salt=f"骰子 3 1 6 6 {tell.mark}"), EXAMINER)
    await tell.settle()
    first, *others = (await _drawn(tell, draw_id)).values()
    await tell.do(draw.DeclineExpert(draw_id=draw_id, expert_no=first, reason="出差在外"), EXAMINER)
    for expert_no in others:
        await tell.do(draw.ConfirmExpert(draw_id=draw_id, expert_no=expert_no), EXAMINER)
    again = draw.RedrawExperts(draw_id=draw_id, reason=RedrawReason.DECLINED, explanation="一名专家谢绝,另抽一名")
    await tell.do(again, EXAMINER)
    await tell.settle()
    await tell.do(draw.StartExpertDraw(draw_id=draw_id, salt=f"骰子 2 2 5 1 {tell.mark}"), EXAMINER)
    await tell.settle()
    panel = tuple((await _drawn(tell, draw_id)).values())
    for expert_no in (no for no in panel if no not in others):
        await tell.do(draw.ConfirmExpert(draw_id=draw_id, expert_no=expert_no), EXAMINER)
    await tell.do(draw.StartExpertReview(draw_id=draw_id), EXAMINER)
    opinion = draw.FilePanelOpinion(
        draw_id=draw_id, conclusion=PanelConclusion.PASS, opinion="布局合理,建议通过", signed_by=panel
    )
    await tell.do(opinion, EXAMINER)
    payments = tuple(Payment(expert_no=no, fen=80_000, basis="专家评审费标准") for no in panel)
    await tell.do(draw.PayExperts(draw_id=draw_id, payments=payments), EXAMINER)
    await tell.do(case.EndSpecialProcedure(case_id=case_id, result="专家组建议通过"), EXAMINER)
    opined = case.RecordExaminationOpinion(case_id=case_id, opinion=Opinion.PASS, grounds="专家组建议通过,符合条件")
    await tell.do(opined, EXAMINER)
    await tell.granted(case_id)
    await tell.settle()


async def _drawn(tell: Teller, draw_id: UUID) -> dict[int, str]:
    """Who holds which seat; the officer on duty would read it on the board."""
    return dict(sorted((await tell.platform.app.replayed(draw_id, ExpertDraw)).panel.items()))
