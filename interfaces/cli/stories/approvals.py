"""How a case may be approved without the long way (模拟审批、秒批): before its last material, or by published rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.approval_case import commands as case
from domain.approval_case.words import CheckedPoint, Material, Opinion, Validity
from domain.kernel.people import Actor, Role
from domain.kernel.words import Subject
from domain.rules.dates import business_date
from domain.service_item import CodeScheme, PublishItemVersion
from interfaces.cli.stories.teller import ACCEPTOR, BUREAU, DECIDER, EXAMINER, MARKET, STEWARD, Teller

MACHINE = Actor(id="秒批规则引擎", organ=BUREAU, role=Role.SOURCE)
RULES = "秒批规则 1.2"
LAND = "不动产权证书"
LISTED = ("建设工程规划许可申请书", "设计方案", LAND)


async def provisional_approval(tell: Teller) -> None:
    """模拟审批 An opinion before the land title came; nobody is told of a decision until there is one, by one event."""
    item = await _published(
        tell, "建设工程规划许可", materials=LISTED, provisional_for=(LAND,), promised_days=10,
        legal_basis="城乡规划法第四十条",
    )  # fmt: skip
    before = tell.now - timedelta(days=21)
    case_id = await _submitted(tell, item, LISTED[:2], before)
    await tell.do(case.ReceiveMaterial(case_id=case_id, receipt_no=f"R-{tell.mark}"), ACCEPTOR, at=before)
    later = tell.today + timedelta(days=60)
    begin = case.AcceptProvisionally(
        case_id=case_id, notice_no=f"模〔{tell.today.year}〕1号", outstanding=(LAND,), until=later
    )
    await tell.do(begin, ACCEPTOR, at=before)
    examine = case.ExamineProvisionally(case_id=case_id, opinion=Opinion.PASS, grounds="设计方案符合规划条件")
    await tell.do(examine, EXAMINER, at=before)
    opinion = case.IssueProvisionalOpinion(
        case_id=case_id, opinion_no=f"模意〔{tell.today.year}〕1号", content="取得土地手续后可准予规划许可",
        valid_until=later,
    )  # fmt: skip
    await tell.do(opinion, DECIDER, at=before)
    await tell.settle()
    await tell.do(case.SupplyOutstanding(case_id=case_id, materials=(LAND,)), ACCEPTOR)
    accept = case.AcceptApplication(case_id=case_id, document_no=f"聊行审受〔{tell.today.year}〕1号")
    await tell.do(accept, ACCEPTOR)
    confirm = case.ConfirmProvisional(
        case_id=case_id, document_no=f"聊行审许字〔{tell.today.year}〕37号", content="准予建设工程规划许可",
        validity=Validity(valid_from=tell.today),
    )  # fmt: skip
    await tell.do(confirm, DECIDER)
    await tell.settle()


async def machine_decision(tell: Teller) -> None:
    """秒批 A machine decides by published rules and writes every event; what is not met goes to a person, not to a denial."""
    item = await _published(
        tell, "个体工商户登记", machine_rule=RULES, promised_days=1, legal_basis="促进个体工商户发展条例第十一条"
    )
    for met in (True, False):
        case_id = await _submitted(tell, item, ("登记申请书",), tell.now)
        decide = case.DecideByMachine(
            case_id=case_id, receipt_no=f"R-{tell.mark}-{met}",
            acceptance_no=f"聊行审受〔{tell.today.year}〕{len(tell.cases)}号",
            document_no=f"聊行审许字〔{tell.today.year}〕{len(tell.cases)}号", content="准予登记",
            validity=Validity(valid_from=tell.today), rule_version=RULES,
            points=(
                CheckedPoint(point="身份核验一致", met=True, evidence="ab" * 32),
                CheckedPoint(point="未被列入经营异常名录", met=met, evidence="cd" * 32),
            ),
        )  # fmt: skip
        await tell.do(decide, MACHINE)
    await tell.settle()


async def _published(tell: Teller, name: str, **rules: object) -> str:
    code = f"STORY-{tell.name}-{tell.mark}"[:50]
    fields = {
        "item": code, "scheme": CodeScheme.OTHER, "name": name, "effective_from": date(tell.today.year - 1, 1, 1),
        "regulators": (MARKET,), **rules,
    }  # fmt: skip
    await tell.do(PublishItemVersion.model_validate(fields), STEWARD)
    return code


async def _submitted(tell: Teller, item: str, materials: tuple[str, ...], at: datetime) -> UUID:
    submit = case.SubmitApplication(
        case_no=f"{tell.mark}-{len(tell.cases) + 1}", opened_on=business_date(at), item=item,
        subject=Subject(identifier=f"SUBJECT-{tell.mark}-{len(tell.cases) + 1}", name="聊城市柳园建设有限公司"),
        materials=tuple(Material(name=one) for one in materials),
    )  # fmt: skip
    await tell.do(submit, ACCEPTOR, at=at)
    tell.cases.append(submit.stream)
    return submit.stream
