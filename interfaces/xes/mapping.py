"""Mapping (映射): what the words of a log mean here, as data; one file per family of logs, no code per log.

Nothing is left out: an attribute that no field of a report takes is kept among the attributes of the step, those
of the case with its first step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.approval_case.words import Means
from domain.kernel.words import Body, OrganCode, SubjectKind
from interfaces.xes.reader import Attributes, Trace

FOLDER = files("interfaces.xes").joinpath("mappings")
Regex = Annotated[str, StringConstraints(min_length=1)]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
_DECISIONS = frozenset((Means.GRANTED, Means.DENIED))
_MOST = 100
"""Attributes that one report may carry."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(_Part):
    """The reporting system: found in an attribute of the log by a pattern with one group, else as given.

    It comes from the content, so that a file that was renamed or cut is still the same log."""

    log: str = "concept:name"
    pattern: Regex = "(?!)"
    otherwise: OrganCode = Field(alias="else")

    def of(self, log: Attributes) -> str:
        found = re.search(self.pattern, log.get(self.log, ""))
        return found[1] if found else self.otherwise


class Item(_Part):
    """The item: a code, or a prefix and an attribute of the case; and its name."""

    code: str = ""
    attribute: str = ""
    name: str = ""

    def of(self, case: Attributes) -> str:
        return f"{self.code}{case.get(self.attribute, '')}"[:50] if self.attribute else self.code


class Departments(_Part):
    """The supervising departments: an attribute that lists them, and what each is called here.

    One that the table does not know gets a code computed from its name, so an unseen log loses nobody."""

    attribute: str
    separator: str = ","
    prefix: str = ""
    known: dict[str, Body] = Field(default_factory=dict)

    def of(self, case: Attributes) -> list[dict[str, str]]:
        names = (name.strip() for name in case.get(self.attribute, "").split(self.separator))
        bodies = {body.code: body for body in (self._body(name) for name in names if name)}
        return [{"code": body.code, "name": body.name} for body in bodies.values()]

    def _body(self, name: str) -> Body:
        return self.known.get(name) or Body(code=code_of(name, self.prefix), name=name[:200])


class SubjectFields(_Part):
    """The attributes of the case that name the applicant."""

    identifier: str
    name: str
    kind: SubjectKind = SubjectKind.OTHER


class CaseFields(_Part):
    number: str = "concept:name"
    opened_on: tuple[str, ...] = ()
    item: Item = Item()
    departments: Departments | None = None
    subject: SubjectFields | None = None


class EventFields(_Part):
    activity: str = "concept:name"
    name: str = ""
    officer: str = "org:resource"
    time: str = "time:timestamp"


class Milestone(_Part):
    """What an activity means: at every occurrence, or only at the first or last that fits in the case.

    A case has one decision, so grants and denials are counted together. ``where`` asks for a value of the
    event, ``case`` for one of several values of the case."""

    activity: str
    means: Means
    take: Literal["every", "first", "last"] = "every"
    where: dict[str, str] = Field(default_factory=dict)
    case: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def fits(self, event: Attributes, case: Attributes) -> bool:
        return all(event.get(k) == v for k, v in self.where.items()) and all(
            case.get(k) in values for k, values in self.case.items()
        )


class Mapping(_Part):
    """映射 of a family of logs."""

    name: str
    title: str
    cite: str = Field(description="whom the licence of the data asks to name")
    source: Source
    zone: str = Field(description="time zone of times that name none")
    case: CaseFields = CaseFields()
    event: EventFields = EventFields()
    milestones: tuple[Milestone, ...] = ()

    def reports(self, trace: Trace, number: int, source: str, seen: set[str]) -> list[dict[str, Any]]:
        """The reports of one case, in the order of the file; ``number`` is its place in the log, ``seen`` holds
        the case numbers given before."""
        case, fields = trace.attributes, self.event
        case_no = _case_no(case.get(self.case.number, ""), number, seen)
        opened_on = self._opened_on(trace)
        shared: dict[str, Any] = {
            "source": source, "case_no": case_no, "opened_on": opened_on, "organ": source, "historical": True,
            "item": self.case.item.of(case), "item_name": self.case.item.name,
        }  # fmt: skip
        if self.case.departments and (departments := self.case.departments.of(case)):
            shared["departments"] = departments
        if subject := self._subject(case):
            shared["subject"] = subject
        means = self._means(trace)
        taken = {fields.activity, fields.officer, fields.time, fields.name}
        last = ""
        reports = []
        for index, event in enumerate(trace.events):
            kept = {key: value for key, value in event.items() if key not in taken}
            moment = event.get(fields.time, "")
            fraction = _TIME.fullmatch(moment)
            if fraction is None:
                moment, fraction = self._repaired(moment, last, opened_on, kept)
            last = moment
            day = moment[11:19] == "00:00:00" and not (fraction[1] or "").strip("0")
            activity = event.get(fields.activity, "")
            report = {
                **shared,
                "source_event_id": f"{case_no}#{index + 1}",
                "activity": activity[:200] or "-",
                "officer": event.get(fields.officer, "")[:200],
                "occurred_at": moment,
                "precision": "day" if day else "instant" if fraction[1] else "second",
            }
            for field, limit in ((fields.activity, 200), (fields.officer, 200), (fields.name, 500)):
                if len(value := event.get(field, "")) > limit:
                    kept[field] = value
            if name := event.get(fields.name, "") if fields.name else "":
                report["activity_name"] = name[:500]
            if (meaning := means.get(index)) is not None:
                report["means"] = meaning.value
            if kept:
                report["attributes"] = _bounded(kept)
            reports.append(report)
        if reports:
            reports[0]["case_attributes"] = _bounded(case)
        return reports

    def _opened_on(self, trace: Trace) -> str:
        times = [trace.attributes.get(name, "") for name in self.case.opened_on]
        times += [event.get(self.event.time, "") for event in trace.events[:1]]
        for found in times:
            try:
                return date.fromisoformat(found[:10]).isoformat()
            except ValueError:
                continue
        return date.min.replace(year=1970).isoformat()

    def _subject(self, case: Attributes) -> dict[str, str] | None:
        asked = self.case.subject
        if asked is None or len(identifier := case.get(asked.identifier, "")) < 2:
            return None
        name = case.get(asked.name, "") or identifier
        return {"kind": asked.kind.value, "identifier": identifier[:64], "name": name[:200]}

    def _means(self, trace: Trace) -> dict[int, Means]:
        rules = self._rules
        found: dict[int, Means] = {}
        placed: dict[str, int] = {}
        for index, event in enumerate(trace.events):
            for rule in rules.get(event.get(self.event.activity, ""), ()):
                if not rule.fits(event, trace.attributes):
                    continue
                group = "decision" if rule.means in _DECISIONS else rule.means.value
                if rule.take == "every" or group not in placed:
                    found[index] = rule.means
                    placed[group] = index
                elif rule.take == "last":
                    del found[placed[group]]
                    found[index] = rule.means
                    placed[group] = index
                break
        return found

    @cached_property
    def _rules(self) -> dict[str, list[Milestone]]:
        rules: dict[str, list[Milestone]] = {}
        for rule in self.milestones:
            rules.setdefault(rule.activity, []).append(rule)
        return rules

    def _repaired(self, found: str, last: str, opened_on: str, kept: Attributes) -> tuple[str, re.Match[str]]:
        """A time that can be stored, for one that is absent or unusual; what stood there is kept beside it."""
        try:
            moment = datetime.fromisoformat(found)
        except ValueError:
            kept[self.event.time] = found
            moment = datetime.fromisoformat(last) if last else datetime.fromisoformat(opened_on)
            moment = datetime.combine(moment.date(), time(), moment.tzinfo)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.zone))
        told = moment.isoformat()[: 26 if moment.microsecond else 19] + _offset(moment)
        match = _TIME.fullmatch(told)
        assert match is not None
        return told, match


def _offset(moment: datetime) -> str:
    told = moment.strftime("%z") or "+0000"
    return f"{told[:3]}:{told[3:5]}"


def _case_no(found: str, number: int, seen: set[str]) -> str:
    """A case number as the platform takes it: no blanks, 2 to 50 characters, no number twice in one log."""
    wanted = re.sub(r"\s+", "_", found.strip())
    if len(wanted) > 50:
        wanted = f"{wanted[:41]}~{sha256(found.encode()).hexdigest()[:8]}"
    if len(wanted) < 2:
        wanted = f"{wanted or 'trace'}-{number}"
    case_no, again = wanted, 2
    while case_no in seen:
        case_no, again = f"{wanted[:45]}~{again}", again + 1
    seen.add(case_no)
    return case_no


def _bounded(attributes: Attributes) -> Attributes:
    if len(attributes) <= _MOST:
        return dict(attributes)
    names = list(attributes)
    kept = {name: attributes[name] for name in names[: _MOST - 1]}
    kept["…"] = orjson.dumps({name: attributes[name] for name in names[_MOST - 1 :]}).decode()
    return kept


def code_of(name: str, prefix: str = "") -> str:
    """A code for an authority that no table knows: letters and digits of its name, or a digest where it has none."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if len(slug) > 30 or len(re.sub(r"[^a-z0-9]", "", slug)) < 2:
        slug = f"{slug[:20].strip('-')}-{sha256(name.encode()).hexdigest()[:8]}".strip("-")
    return f"{prefix}{slug}"[:40]


class UnknownMapping(Exception):
    """没有这个映射,或映射文件不合规。No such mapping, or the file is not one."""

    def __init__(self, name: str, reason: object = "") -> None:
        known = "、".join(mappings())
        super().__init__(
            f"映射 {name} 不可用{f':{reason}' if reason else ''};可用的有:{known},也可给出映射文件的路径。"
            f" The mapping {name} cannot be used{f': {reason}' if reason else ''}; there are: {known};"
            " or give the path of a mapping file."
        )


def mappings() -> list[str]:
    """Names of the mappings that come with the platform."""
    return sorted(_names())


def _names() -> Iterator[str]:
    for file in FOLDER.iterdir():
        if file.name.endswith(".json"):
            yield file.name.removesuffix(".json")


def mapping_named(name: str) -> Mapping:
    """A mapping by its name, or by the path of its file. Raises UnknownMapping."""
    try:
        text = FOLDER.joinpath(f"{name}.json").read_bytes() if name in mappings() else Path(name).read_bytes()
        return Mapping.model_validate_json(text)
    except (OSError, ValidationError) as failure:
        raise UnknownMapping(name, failure) from failure
