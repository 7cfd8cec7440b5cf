"""Promises (承诺与容缺): materials that never came, and a commitment that was not kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from domain.approval_case import commands as case
from domain.approval_case.refusals import SubjectBarred
from domain.commitment import commands as promise
from domain.commitment.commands import commitment_stream
from domain.commitment.words import CheckMethod, CheckResult
from domain.commitment_sample import DrawCommitmentSample, draw
from domain.kernel.identity import license_stream
from domain.kernel.people import Actor, Role
from domain.kernel.words import Subject
from domain.license.commands import RevokeLicense
from domain.license.words import RevocationGround
from domain.rules.dates import business_date
from domain.supervision_finding import FindingResult, HandleFinding, RegisterFinding
from interfaces.cli.stories.teller import ACCEPTOR, DECIDER, EXAMINER, INSPECTOR, Teller
from projections import promises

OPERATOR = Actor(id="郑运维", organ="platform", role=Role.OPERATOR)


async def tolerance_lapses(tell: Teller) -> None:
    """容缺逾期 Accepted although a listed material is missing; it never comes, and the case ends as the item says."""
    item = await tell.item(tolerance_allowed=True)
    then = tell.now - timedelta(days=21)
    case_id = await _received(tell, item, at=then)
    accept = case.AcceptWithTolerance(
        case_id=case_id, document_no=f"聊行审受〔{then.year}〕2号", missing=("经营场所平面图",),
        until=business_date(then + timedelta(days=7)),
    )  # fmt: skip
    await tell.do(accept, ACCEPTOR, at=then)
    await tell.settle()


async def commitment_broken(tell: Teller) -> None:
    """告知承诺未践诺 A grant on a commitment: the push says so, a check finds it not kept, nor after an order to rectify.

    The license is proposed for revocation and revoked, its holder is barred, and its next commitment is refused."""
    item = await tell.item(commitment_allowed=True)
    case_id = await _granted_on_a_commitment(tell, item)
    await tell.do(case.IssueLicense(case_id=case_id, license_no=f"JY-{tell.mark}"), DECIDER)
    await tell.settle()

    await _checked(tell, case_id, CheckResult.NOT_KEPT, "未设置洗消间,与承诺不符")
    order = promise.OrderRectification(
        commitment_id=commitment_stream(case_id), document_no=f"聊市监责改〔{tell.today.year}〕5号", requirement="补建洗消间",
        legal_basis="食品安全法第一百二十六条", rectify_by=tell.today + timedelta(days=15),
    )  # fmt: skip
    await tell.do(order, INSPECTOR)
    mended = promise.ReportCommitmentRectified(commitment_id=commitment_stream(case_id), statement="已补建洗消间")
    await tell.do(mended, ACCEPTOR)
    await _checked(tell, case_id, CheckResult.NOT_KEPT, "复核:洗消间仍未建成")
    await tell.settle()

    followed = promises.commitment(tell.platform.read, case_id)
    assert followed is not None
    assert followed.proposal_id is not None
    await tell.do(RegisterFinding(finding_id=followed.proposal_id), EXAMINER)
    answer = HandleFinding(
        finding_id=followed.proposal_id, result=FindingResult.ADOPTED, explanation="未践诺属实,依法启动撤销程序"
    )
    await tell.do(answer, DECIDER)
    await tell.settle()
    revoke = RevokeLicense(
        license_id=license_stream(case_id), ground=RevocationGround.UNQUALIFIED, finding_id=followed.proposal_id,
        reasons="未按承诺设置洗消间,责令整改后仍不具备经营条件", document_no=f"聊行审撤销〔{tell.today.year}〕1号",
    )  # fmt: skip
    await tell.do(revoke, DECIDER)
    await tell.settle()

    again = await _received(tell, item)
    try:
        await _commit(tell, again)
    except SubjectBarred:
        return
    raise AssertionError("未践诺的主体仍可适用告知承诺。A subject that broke its word may still commit.")


async def commitment_sampled(tell: Teller) -> None:
    """承诺抽查 Of two commitments a sample draws one, as anybody can draw again; its check finds it kept."""
    item = await tell.item(commitment_allowed=True)
    waiting = [await _granted_on_a_commitment(tell, item) for _ in range(2)]
    await tell.settle()
    pool = tuple(map(commitment_stream, waiting))
    await tell.do(DrawCommitmentSample(item=item, drawn_on=tell.today, pool=pool), OPERATOR)
    await tell.settle()
    drawn = draw(item, tell.today, pool).drawn
    (case_id,) = (one for one in waiting if commitment_stream(one) in drawn)
    await _checked(tell, case_id, CheckResult.KEPT, "洗消间齐备,与承诺相符", CheckMethod.RANDOM)
    await tell.settle()


async def _granted_on_a_commitment(tell: Teller, item: str) -> UUID:
    case_id = await _received(tell, item)
    await _commit(tell, case_id)
    await tell.do(case.AcceptApplication(case_id=case_id, document_no=f"聊行审受〔{tell.today.year}〕3号"), ACCEPTOR)
    await tell.examined(case_id)
    await tell.granted(case_id)
    return case_id


async def _received(tell: Teller, item: str, *, at: datetime | None = None) -> UUID:
    when = at or tell.now
    submit = case.SubmitApplication(
        case_no=f"{tell.mark}-{len(tell.cases) + 1}", opened_on=business_date(when), item=item,
        subject=Subject(identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司"),
    )  # fmt: skip
    await tell.do(submit, ACCEPTOR, at=at)
    tell.cases.append(submit.stream)
    await tell.do(case.ReceiveMaterial(case_id=submit.stream, receipt_no=f"R-{tell.mark}"), ACCEPTOR, at=at)
    return submit.stream


async def _commit(tell: Teller, case_id: UUID) -> None:
    command = case.FileCommitment(
        case_id=case_id, commitment="经营前设置洗消间,符合餐饮服务卫生条件", check_by=tell.today + timedelta(days=60)
    )
    await tell.do(command, ACCEPTOR)


async def _checked(
    tell: Teller, case_id: UUID, result: CheckResult, statement: str, method: CheckMethod = CheckMethod.DEDICATED
) -> None:
    command = promise.RecordCommitmentCheck(
        commitment_id=commitment_stream(case_id), result=result, method=method,
        checked_on=tell.today, officers=(INSPECTOR.id, "吴监管"), statement=statement,
    )  # fmt: skip
    await tell.do(command, INSPECTOR)
