"""Chain templates, two hundred and one of them; a chain of two stages; and what a bundle may look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from domain.bundle import commands as c
from domain.bundle.bundle import child_stream
from domain.bundle.words import HandedIn, PartOutcome
from domain.chain_template import PublishChain, RetiredChain, UnknownChain
from domain.kernel.aggregate import Look
from domain.kernel.bundles import ChainKind, ChainTerms, IfNotGranted, Part, SharedMaterial, Stage
from domain.kernel.identity import license_stream
from domain.kernel.licensing import CaseSeen, GrantSeen, LicenseSeen, LicenseState, Validity
from domain.kernel.words import Body, ItemTerms, Regulator, Short
from domain.service_item import RetiredItem, UnknownItem
from tests.specification import BUREAU, FIRE, HEALTH, HOLDER, HOUSING, MONDAY, SHOP

TEMPLATES = 201
OPENED_ON = MONDAY.date()
FOOD, HYGIENE, SIGN, BUILD = (
    Part(code="FOOD", item="ITEM-FOOD", name="食品经营许可", organ=BUREAU),
    Part(code="HYG", item="ITEM-HYG", name="公共场所卫生许可", organ=HEALTH, if_not_granted=IfNotGranted.GO_ON),
    Part(code="SIGN", item="ITEM-SIGN", name="店招设置许可", organ=HOUSING, optional=True),
    Part(code="FIRE", item="ITEM-FIRE", name="消防安全检查", organ=FIRE),
)
TERMS = ChainTerms(
    chain="RESTAURANT", version=1, name="开餐馆一件事", kind=ChainKind.ONE_LICENSE, lead=BUREAU,
    stages=(Stage(name="并联审批", parts=(FOOD, HYGIENE, SIGN)), Stage(name="开业检查", parts=(BUILD,))),
    materials=(
        SharedMaterial(name="营业执照"), SharedMaterial(name="场所平面图", parts=("FOOD", "FIRE")),
        SharedMaterial(name="店招效果图", parts=("SIGN",)), SharedMaterial(name="健康证明", parts=("HYG",), required=False),
    ),
    composite="餐饮行业综合许可证",
)  # fmt: skip


def handed_in(*names: Short) -> tuple[HandedIn, ...]:
    return tuple(HandedIn(name=name, digest=f"{number:02d}" * 32) for number, name in enumerate(names, 1))


SUBMIT = c.SubmitBundle(
    bundle_no="YJS-0001", opened_on=MONDAY.date(), chain="RESTAURANT", subject=HOLDER, site=SHOP,
    materials=handed_in("营业执照", "场所平面图", "店招效果图"),
)  # fmt: skip
BUNDLE = SUBMIT.stream


def case_of(part: str, on: date = OPENED_ON) -> UUID:
    return child_stream(on, f"YJS-0001-{part}")


def item_terms(item: str, **more: Any) -> ItemTerms:
    told = {"item": item, "version": 1, "name": item, "promised_days": 10,
            "regulators": (Regulator(code=HOUSING.code, name=HOUSING.name),)}  # fmt: skip
    return ItemTerms.model_validate(told | more)


def granted(part: Part, case_id: UUID) -> CaseSeen:
    return CaseSeen(
        case_id=case_id, undecided=False,
        grant=GrantSeen(
            case_id=case_id, case_no=f"YJS-0001-{part.code}", decision_id=f"{case_id}:9", decided_on=MONDAY.date(),
            item=part.item, item_name=part.name, item_version=1, subject=HOLDER, organ=part.organ.code,
            document_no=f"许〔2026〕{part.code}", content="准予", validity=Validity(valid_from=MONDAY.date()),
        ),
    )  # fmt: skip


@dataclass
class Sights(Look):
    """What a bundle may look up: its chain, the items, and how the cases of its parts stand."""

    terms: ChainTerms = TERMS
    retired: frozenset[str] = frozenset()
    cases: Mapping[UUID, CaseSeen] = field(default_factory=dict)
    chain_retired: bool = False
    sites: frozenset[str] = frozenset()
    licenses: Mapping[UUID, LicenseState] = field(default_factory=dict)

    def chain(self, chain: str, on: date) -> ChainTerms:
        if self.chain_retired:
            raise RetiredChain(chain=chain, since=on)
        if chain != self.terms.chain:
            raise UnknownChain(chain=chain, on=on)
        return self.terms

    def item(self, item: str, on: date) -> ItemTerms:
        if item in self.retired:
            raise RetiredItem(item=item, since=on)
        if item not in {part.item for part in self.terms.parts()}:
            raise UnknownItem(item=item, on=on)
        return item_terms(item, inspect=(FIRE,) if item in self.sites else ())

    def case(self, case_id: UUID) -> CaseSeen | None:
        return self.cases.get(case_id)

    def license(self, license_id: UUID) -> LicenseSeen | None:
        state = self.licenses.get(license_id)
        return license_as(state, license_id) if state is not None else None

    def licensed(self, **states: LicenseState) -> Sights:
        """The same, with the licenses of parts standing as they are told by code."""
        licenses = {license_stream(case_of(part)): state for part, state in states.items()}
        return replace(self, licenses={**self.licenses, **licenses})

    def seeing(self, *granted_parts: Part, ended: tuple[Part, ...] = (), on: date = OPENED_ON) -> Sights:
        """The same, with cases of parts granted or ended without a grant."""
        cases = {case_of(part.code, on): granted(part, case_of(part.code, on)) for part in granted_parts}
        cases |= {
            case_of(part.code, on): CaseSeen(case_id=case_of(part.code, on), undecided=False) for part in ended
        }  # fmt: skip
        return replace(self, cases={**self.cases, **cases})


def license_as(state: LicenseState, license_id: UUID = BUNDLE) -> LicenseSeen:
    return LicenseSeen(
        license_id=license_id, license_no="证-1", state=state, holder=HOLDER.identifier, item=FOOD.item,
        validity=Validity(valid_from=OPENED_ON),
    )  # fmt: skip


def note(part: str, outcome: PartOutcome = PartOutcome.GRANTED, on: date = OPENED_ON, **more: Any) -> c.NotePart:
    return c.NotePart(bundle_id=BUNDLE, case_id=case_of(part, on), outcome=outcome, **more)


TRADES = ("餐馆", "超市", "药店", "诊所", "宾馆", "影院", "书店", "健身房", "美容店", "幼儿园", "加油站", "洗车店")
ACTS = ("开办", "变更", "迁址", "扩建", "注销")
ORGANS = tuple(Body(code=f"ORGAN-{n:02d}", name=f"第{n}审批部门") for n in range(1, 9))


def items(count: int = 60) -> list[str]:
    return [f"CHAIN-ITEM-{n:03d}" for n in range(1, count + 1)]


def templates(seed: int = 201, count: int = TEMPLATES) -> Iterator[PublishChain]:
    """Chain templates of every kind and shape, the same for the same seed."""
    chance = Random(seed)
    for number in range(1, count + 1):
        kind = chance.choice(list(ChainKind))
        chosen = chance.sample(items(), k=chance.randint(2, 9))
        parts = [
            Part(
                code=f"P{at}", item=item, name=f"事项{item[-3:]}", organ=chance.choice(ORGANS),
                optional=at > 2 and chance.random() < 0.2, if_not_granted=chance.choice(list(IfNotGranted)),
            )
            for at, item in enumerate(chosen, 1)
        ]  # fmt: skip
        cut = len(parts) if kind is ChainKind.PARALLEL else chance.randint(1, len(parts))
        stages = [Stage(name="第一阶段", parts=tuple(parts[:cut]))]
        if parts[cut:]:
            stages.append(Stage(name="第二阶段", parts=tuple(parts[cut:])))
        name = f"{chance.choice(ACTS)}{chance.choice(TRADES)}一件事{number}"
        yield PublishChain(
            chain=f"CHAIN-{number:03d}", name=name, kind=kind, lead=chance.choice(ORGANS), stages=tuple(stages),
            materials=(SharedMaterial(name="营业执照"), SharedMaterial(name="法定代表人身份证明")),
            composite=f"{name}综合许可证" if kind is ChainKind.ONE_LICENSE else None,
            effective_from=date(2026, 1, 1), legal_basis="国办发〔2023〕29号",
        )  # fmt: skip
