"""Words that several chapters of the regulation share: labelled terms and small value objects."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.rules.dates import SHANGHAI


class Word(str, Enum):
    """A term with its Chinese and English label; stored and sent as its code."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en = zh, en
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """The term of a code. Raises ValueError for an unknown one."""
        return cls(code)  # type: ignore[call-arg]  # looking a member up takes its value only

    def __str__(self) -> str:
        return str(self.value)


class Term(str):
    """A name that is spoken in either language, such as that of a command."""

    en: str

    def __new__(cls, zh: str, en: str) -> Self:
        made = str.__new__(cls, zh)
        made.en = en
        return made


class Value(BaseModel):
    """Base of small immutable value objects inside commands and facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Personal:
    """Marks a field whose content identifies a natural person; ``how`` says how it is masked."""

    def __init__(self, how: str = "text") -> None:
        self.how = how

    def mask(self, value: str) -> str:
        if self.how == "name":
            return value[:1] + "*" * (len(value) - 1) if value else value
        if self.how == "number":
            return value[:6] + "*" * max(len(value) - 10, 1) + value[-4:] if len(value) > 10 else "*" * len(value)
        return "***"


class Addressee:
    """Marks the field that names the authority (or authorities) an event is sent to."""


class OrderedBy:
    """Marks the field whose stream orders the messages of an event (the Kafka key)."""


OrganCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$")]
"""Code of an organ (部门): its unified social credit identifier, or our own code below it.
It is part of topic names, so it holds nothing a topic name may not hold."""

ItemCode = Annotated[str, StringConstraints(min_length=2, max_length=50)]
"""Implementation code (实施编码) of an item, in whichever scheme the region uses."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}|\d{6})?$")]
"""Region code (行政区划代码): 6 digits, or 9 or 12 down to town and village."""


def covers(region: str, place: str | None) -> bool:
    """Whether a place lies within a region: the levels are 2, 4, 6, 9 and 12 digits long.

    Stripping zeros instead would make the town 371502100 cover the towns 371502101 to 371502109."""
    level = next((n for n in (2, 4, 6, 9) if not region[n:].strip("0")), len(region))
    return (place or "").startswith(region[:level])


Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SubjectKind(Word):
    """What kind of person stands before the organ (行政相对人)."""

    NATURAL = "natural", "自然人", "natural person"
    ENTERPRISE = "enterprise", "企业法人", "enterprise"
    INSTITUTION = "institution", "事业单位", "public institution"
    ORGANIZATION = "organization", "社会组织", "social organization"
    ORGAN = "organ", "行政机关", "organ of state"
    OTHER = "other", "其他", "other"


class Subject(Value):
    """行政相对人 (applicant, licensee): ``identifier`` is the unified social credit identifier of a
    body, or a keyed digest for a natural person, whose number never enters an event."""

    kind: SubjectKind = SubjectKind.ENTERPRISE
    identifier: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    name: Annotated[Short, Personal("name")]

    def __str__(self) -> str:
        return self.name


class Site(Value):
    """场所: where the permit is used; ``place`` groups visits that can be one."""

    region: RegionCode
    address: Short
    place: Annotated[str, StringConstraints(max_length=120)] = ""

    @property
    def key(self) -> str:
        return f"{self.region}/{self.place or self.address}"

    def __str__(self) -> str:
        return self.address


class Body(Value):
    """A department with its name (部门)."""

    code: OrganCode
    name: Short

    def __str__(self) -> str:
        return self.name


class Regulator(Body):
    """监管主体: who supervises what the item permits, and where; no region means everywhere."""

    region: RegionCode | None = None

    def supervises(self, region: str | None) -> bool:
        return self.region is None or covers(self.region, region)


class ClaimMode(Word):
    """认领方式: how a push becomes somebody's duty; cities differ."""

    EXPLICIT = "explicit", "明示认领", "explicit claim by a named officer"
    SIGNATURE = "signature", "签收即认领", "the acknowledgment is the claim"
    ON_DELIVERY = "on_delivery", "推送即认领", "the delivery is the claim"


class Change(Word):
    """推送内容类别: what was decided."""

    GRANT = "grant", "准予许可", "grant"
    DENIAL = "denial", "不予许可", "denial"


class CaseKind(Word):
    """办件类型."""

    INSTANT = "instant", "即办件", "on-the-spot case"
    PROMISED = "promised", "承诺件", "time-promised case"


class Handling(Word):
    """办理方式: picks the 20 or the 45 working-day clock (第四十二条)."""

    SINGLE = "single", "单独办理", "single"
    JOINT = "joint", "联合办理", "joint"


class ItemTerms(Value):
    """The terms of one item version (事项版本), as they are frozen into a case at acceptance."""

    item: ItemCode
    version: int = Field(ge=1)
    name: Short
    kind: CaseKind = CaseKind.PROMISED
    handling: Handling = Handling.SINGLE
    promised_days: int = Field(ge=0, description="working days; 0 for an on-the-spot case")
    statutory_days: int | None = Field(None, ge=0, description="the item's own statute, if it has one")
    single_officer: bool = False
    safety: bool = False
    tolerance_allowed: bool = False
    commitment_allowed: bool = False
    regulators: tuple[Regulator, ...] = ()
    consult: tuple[Body, ...] = Field((), description="bodies whose opinion the item demands")
    inspect: tuple[Body, ...] = Field((), description="bodies that must see the site, the lead first")

    def regulators_at(self, region: str | None) -> tuple[Regulator, ...]:
        """Who must be told of a decision about a place. Where none of them supervises it, or no place is named, all
        are: one that it does not concern returns it and it is handed on, but nobody told is nobody watching."""
        return tuple(r for r in self.regulators if r.supervises(region)) or self.regulators


def said(value: Any, language: str) -> str:
    """How a value is spoken in ``zh`` or ``en`` inside the telling of an event."""
    if isinstance(value, Word):
        return value.zh if language == "zh" else value.en
    if isinstance(value, Term):
        return str(value) if language == "zh" else value.en
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None or value == () or value == "":
        return "无" if language == "zh" else "none"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, (tuple, list)):
        return ("、" if language == "zh" else ", ").join(said(v, language) for v in value)
    return str(value)


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def spoken(template: str, values: Any, language: str) -> str:
    """Fill ``{field}`` placeholders of a telling from the attributes of ``values``."""
    return PLACEHOLDER.sub(lambda m: said(getattr(values, m.group(1)), language), template)
