"""The city of the story (城市): its departments, counties and catalogue, at the shape of 聊城.

275 items of the city and 4,408 of its eight counties, each with the departments that supervise what it permits.
Names are told, numbers are computed: every code passes the checks of the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import orjson

from domain.kernel.words import Body, CaseKind, Change, ClaimMode, Regulator
from domain.rules.identifiers.uscc import entity_check_character, uscc_check_character
from domain.service_item import PublishItemVersion
from domain.subscription import Detail, OpenSubscription, Terms

CITY_ITEMS, COUNTY_ITEMS = 275, 4_408
IN_FORCE = date(2025, 1, 1)
BUREAU = Body(code="approval-bureau", name="市行政审批服务局")
ACTIONS = ("核发", "变更", "延续")


@dataclass(frozen=True, slots=True)
class Sector:
    """A field of supervision: the city department that holds it, and what it permits."""

    code: str
    name: str
    short: str
    subjects: tuple[str, ...]


SECTORS = tuple(Sector(**told) for told in orjson.loads((files(__package__) / "sectors.json").read_bytes()))
"""The nineteen fields of the city, each with ten things it permits."""

COUNTIES = (
    ("dongchangfu", "东昌府区", "371502"), ("chiping", "茌平区", "371503"), ("linqing", "临清市", "371581"),
    ("guanxian", "冠县", "371525"), ("shenxian", "莘县", "371522"), ("yanggu", "阳谷县", "371521"),
    ("donge", "东阿县", "371524"), ("gaotang", "高唐县", "371526"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """A supervising department: of the city, or the enforcement of a whole county."""

    body: Body
    region: str | None
    claim_mode: ClaimMode

    @property
    def code(self) -> str:
        return self.body.code

    @property
    def regulator(self) -> Regulator:
        return Regulator(code=self.body.code, name=self.body.name, region=self.region)


AUTHORITIES = (
    *(Authority(Body(code=s.code, name=s.name), None, ClaimMode.EXPLICIT) for s in SECTORS),
    *(
        Authority(Body(code=code, name=f"{name}综合行政执法局"), region,
                  ClaimMode.SIGNATURE if code in ("donge", "gaotang") else ClaimMode.EXPLICIT)
        for code, name, region in COUNTIES
    ),
)  # fmt: skip
AUTHORITY = {authority.code: authority for authority in AUTHORITIES}


def credit_code(kind: str, region: str, number: int) -> str:
    """A unified social credit identifier with right check characters; ``kind`` is its first two characters."""
    entity = f"{number:08d}"
    first = f"{kind}{region}{entity}{entity_check_character(entity)}"
    return first + uscc_check_character(first)


def _item(organ: str, level: int, sector: int, place: int, **terms: object) -> PublishItemVersion:
    chapter = SECTORS[sector]
    subject, action = chapter.subjects[place % 10], ACTIONS[place // 10]
    return PublishItemVersion.model_validate(
        {
            "item": f"{organ}{level}3701{sector + 1:02d}{place % 10 + 1:03d}{place // 10 + 1:03d}",
            "name": f"{subject}许可({action})", "effective_from": IN_FORCE, "promised_days": 5 + place % 6,
            "kind": CaseKind.PROMISED, "legal_basis": f"{chapter.short}领域法律、法规和规章", **terms,
        }
    )  # fmt: skip


VISIT_PARTNERS = ("emergency", "market-regulation", "health")
CONSULT_PARTNERS = ("emergency", "ecology-environment", "natural-resources")


@cache
def city_items() -> tuple[PublishItemVersion, ...]:
    """Items of the city; of each department the first one needs its site seen, the second one a consultation."""
    organ = credit_code("11", "371500", 1)
    items = []
    for number in range(CITY_ITEMS):
        sector, place = number % 19, number // 19
        own = AUTHORITIES[sector]
        second = AUTHORITY["market-regulation" if place % 4 == 3 and own.code != "market-regulation" else own.code]
        terms: dict[str, object] = {"regulators": list({a.code: a.regulator for a in (own, second)}.values())}
        if place == 0:
            terms["inspect"] = [own.body, *(AUTHORITY[c].body for c in VISIT_PARTNERS if c != own.code)]
        elif place == 1:
            terms |= {"consult": [AUTHORITY[c].body for c in CONSULT_PARTNERS if c != own.code], "safety": sector > 8}
        elif place == 2:
            terms |= {"commitment_allowed": True, "tolerance_allowed": True}
        items.append(_item(organ, 3, sector, place, **terms))
    return tuple(items)


@cache
def county_items() -> tuple[PublishItemVersion, ...]:
    """Items of the counties; every third one is also seen by the department of the city."""
    items = []
    for number in range(COUNTY_ITEMS):
        county, place = number % 8, number // 8
        authority, sector = AUTHORITIES[19 + county], place % 19
        seen_by = [authority, AUTHORITIES[sector]] if place % 3 == 0 else [authority]
        organ = credit_code("11", COUNTIES[county][2], 2 + county)
        items.append(_item(organ, 4, sector, place // 19, regulators=[a.regulator for a in seen_by]))
    return tuple(items)


def items() -> tuple[PublishItemVersion, ...]:
    return city_items() + county_items()


def subscriptions() -> list[OpenSubscription]:
    """One contract for each authority, over the items that name it as their regulator."""
    own: dict[str, list[str]] = {authority.code: [] for authority in AUTHORITIES}
    for item in items():
        for regulator in item.regulators:
            own[regulator.code].append(item.item)
    return [
        OpenSubscription(
            number="2026-1",
            terms=Terms(
                regulator=a.body, purpose="事中事后监管", legal_basis="行政许可法第六十一条", items=tuple(own[a.code]),
                regions=(a.region,) if a.region else (), changes=(Change.GRANT,), detail=Detail.MASKED,
                claim_mode=a.claim_mode, contact=f"{a.body.name}联络员", effective_from=IN_FORCE,
            ),
        )
        for a in AUTHORITIES
    ]  # fmt: skip
