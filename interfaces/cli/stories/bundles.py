"""Bundles (一件事): several items that are one matter for the applicant, each decided by its own organ."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from uuid import UUID

from domain.approval_case import commands as case
from domain.approval_case.words import Opinion, Validity
from domain.bundle import commands as bundle
from domain.bundle.bundle import child_stream
from domain.bundle.words import HandedIn
from domain.chain_template import PublishChain
from domain.kernel.bundles import ChainKind, IfNotGranted, Part, SharedMaterial, Stage
from domain.kernel.identity import license_stream
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body, Regulator, Site, Subject
from domain.license.commands import RevokeLicense
from domain.license.words import RevocationGround
from domain.service_item import CodeScheme, PublishItemVersion
from interfaces.cli.stories.teller import ACCEPTOR, BUREAU, DECIDER, FIRE, HEALTH, MARKET, STEWARD, Teller

LEAD = Body(code=BUREAU, name="行政审批服务局")
CITY_MANAGEMENT = Body(code="story-city", name="城市管理局")
PARTS = {
    "FOOD": ("食品经营许可", LEAD, MARKET, IfNotGranted.HALT),
    "HYG": ("公共场所卫生许可", HEALTH, HEALTH, IfNotGranted.GO_ON),
    "FIRE": ("公众聚集场所投入使用前消防安全检查", FIRE, FIRE, IfNotGranted.HALT),
    "SIGN": ("户外招牌设置许可", CITY_MANAGEMENT, CITY_MANAGEMENT, IfNotGranted.GO_ON),
}


async def one_business_one_license(tell: Teller) -> None:
    """一业一证 Three organs decide side by side on one application; one license joins what each of them granted."""
    await _joined(tell)


async def composite_reissued(tell: Teller) -> None:
    """换发综合许可证 A license that a composite joins is revoked; the composite says so and is issued anew without it."""
    bundle_id = await _joined(tell)
    case_id, decider = _case(tell, "HYG"), _officer("HYG", Role.DECIDER)
    await tell.do(case.IssueLicense(case_id=case_id, license_no=f"WS-{tell.mark}"), decider)
    await tell.settle()
    revoke = RevokeLicense(
        license_id=license_stream(case_id), ground=RevocationGround.UNQUALIFIED, reasons="卫生设施不符合许可条件",
        document_no=f"聊卫撤销〔{tell.today.year}〕1号",
    )  # fmt: skip
    await tell.do(revoke, decider)
    await tell.settle()
    await tell.do(_issue(tell, bundle_id, f"ZH-{tell.mark}-2"), DECIDER)
    await tell.settle()


async def _joined(tell: Teller) -> UUID:
    await _published(tell, ChainKind.ONE_LICENSE, (("并联审批", ("FOOD", "HYG", "FIRE")),), "餐饮行业综合许可证")
    bundle_id = await _submitted(tell)
    await tell.settle()
    for part in ("HYG", "FOOD", "FIRE"):
        await _decided(tell, part)
    await tell.settle()
    await tell.do(_issue(tell, bundle_id, f"ZH-{tell.mark}"), DECIDER)
    await tell.settle()
    return bundle_id


def _issue(tell: Teller, bundle_id: UUID, license_no: str) -> bundle.IssueCompositeLicense:
    digest = sha256(license_no.encode()).hexdigest()
    return bundle.IssueCompositeLicense(bundle_id=bundle_id, license_no=license_no, digest=digest)


async def chain_of_items(tell: Teller) -> None:
    """一链办理 A second stage opens when the first has joined; a part that is denied is left out, the rest goes on."""
    await _published(tell, ChainKind.CHAIN, (("准入许可", ("FOOD", "HYG")), ("开业前", ("FIRE", "SIGN"))), None)
    await _submitted(tell)
    await tell.settle()
    await _decided(tell, "FOOD")
    await _decided(tell, "HYG", grant=False)
    await tell.settle()
    for part in ("FIRE", "SIGN"):
        await _decided(tell, part)
    await tell.settle()


async def _published(
    tell: Teller, kind: ChainKind, stages: tuple[tuple[str, tuple[str, ...]], ...], composite: str | None
) -> None:
    begins = date(tell.today.year, 1, 1)
    for code in (code for _, codes in stages for code in codes):
        name, _, regulator, _ = PARTS[code]
        await tell.do(
            PublishItemVersion(
                item=_item(tell, code), scheme=CodeScheme.OTHER, name=name, effective_from=begins, promised_days=10,
                regulators=(Regulator(code=regulator.code, name=regulator.name),), legal_basis="优化营商环境条例",
            ),
            STEWARD,
        )  # fmt: skip
    await tell.do(
        PublishChain(
            chain=f"YJS-{tell.mark}", name="开办餐馆一件事", kind=kind, lead=LEAD,
            stages=tuple(Stage(name=name, parts=tuple(_part(tell, c) for c in codes)) for name, codes in stages),
            materials=(SharedMaterial(name="营业执照"), SharedMaterial(name="经营场所平面图")), composite=composite,
            effective_from=begins, legal_basis="国办发〔2023〕29号",
        ),
        STEWARD,
    )  # fmt: skip


def _item(tell: Teller, code: str) -> str:
    return f"STORY-{code}-{tell.mark}"


def _part(tell: Teller, code: str) -> Part:
    name, organ, _, if_not_granted = PARTS[code]
    organ = Body(code=organ.code, name=organ.name)
    return Part(code=code, item=_item(tell, code), name=name, organ=organ, if_not_granted=if_not_granted)


async def _submitted(tell: Teller) -> UUID:
    materials = tuple(
        HandedIn(name=name, digest=sha256(f"{name}{tell.mark}".encode()).hexdigest())
        for name in ("营业执照", "经营场所平面图")
    )
    submit = bundle.SubmitBundle(
        bundle_no=f"YJS-{tell.mark}", opened_on=tell.today, chain=f"YJS-{tell.mark}",
        subject=Subject(identifier=f"SUBJECT-{tell.mark}", name="聊城市柳园餐饮有限公司"),
        site=Site(region="371502", address="柳园南路 1 号"), materials=materials,
    )  # fmt: skip
    await tell.do(submit, ACCEPTOR)
    return submit.stream


def _case(tell: Teller, part: str) -> UUID:
    return child_stream(tell.today, f"YJS-{tell.mark}-{part}")


def _officer(part: str, role: Role) -> Actor:
    organ = PARTS[part][1].code
    return Actor(id=f"{organ} {role.zh}", organ=organ, role=role)


async def _decided(tell: Teller, part: str, *, grant: bool = True) -> None:
    """The case of a part goes its own way at its own organ."""
    case_id = _case(tell, part)
    acceptor, examiner, decider = (
        _officer(part, role) for role in (Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER)
    )
    tell.cases.append(case_id)
    await tell.do(case.ReceiveMaterial(case_id=case_id, receipt_no=f"R-{part}-{tell.mark}"), acceptor)
    await tell.do(case.AcceptApplication(case_id=case_id, document_no=f"聊行审受〔{tell.today.year}〕1号"), acceptor)
    await tell.do(case.AssignCase(case_id=case_id, examiner=examiner.id), acceptor)
    opinion = Opinion.PASS if grant else Opinion.FAIL
    await tell.do(case.RecordExaminationOpinion(case_id=case_id, opinion=opinion, grounds="经现场与书面审查"), examiner)
    document = f"聊行审许字〔{tell.today.year}〕37号"
    if grant:
        validity = Validity(valid_from=tell.today)
        grants = case.GrantLicense(case_id=case_id, document_no=document, content="准予", validity=validity)
        await tell.do(grants, decider)
    else:
        denies = case.DenyLicense(
            case_id=case_id, document_no=document, reasons="从业人员健康证明不全,不符合许可条件",
            remedy_notice="可以依法申请行政复议或者提起行政诉讼",
        )  # fmt: skip
        await tell.do(denies, decider)
