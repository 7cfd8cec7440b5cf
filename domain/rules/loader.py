"""The one loader (规则数据): every number of practice, with its basis and the period it was in force.

Each entry of ``data/*.json`` has value, unit, legal_basis (an article, or "默认 default"), effective_from,
effective_to (or null) and source; ``verify`` marks what nobody has compared with the source text yet.
Nothing else in the product may hold a limit, a threshold or a default as a literal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from domain.rules.errors import BadRule, NoRuleInForce, OverlappingPeriods, UnknownRule


class Unit(StrEnum):
    """What a number counts. Working days (工作日) follow the calendar; the law counts organs in them (Art. 82)."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    HALF_DAYS = "half_days"
    HOURS = "hours"
    MINUTES = "minutes"
    TIMES = "times"
    PEOPLE = "people"
    CHARACTERS = "characters"
    PERCENT = "percent"
    PERMILLE = "permille"
    LOCAL_TIME = "local_time"
    SETTING = "setting"
    MEASURES = "measures"
    CALENDAR_YEAR = "calendar_year"


@dataclass(frozen=True, slots=True)
class Provision:
    """One entry (条款): a value, why it holds and when. ``value`` is plain JSON."""

    file: str
    key: str
    value: Any
    unit: Unit
    legal_basis: str
    effective_from: date
    effective_to: date | None
    source: str
    zh: str
    en: str
    verify: bool
    entered_on: date | None = None
    """The day an operator entered it; none for what is shipped."""

    @property
    def known_from(self) -> date:
        """The first day on which this platform could know it: a notice may be entered weeks after it was issued."""
        return max(self.effective_from, self.entered_on or self.effective_from)

    def in_force(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def period(self) -> str:
        return f"{self.effective_from}..{self.effective_to or ''}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit (时限) in force on a date."""

    key: str
    value: int
    unit: Unit
    legal_basis: str
    effective_from: date
    effective_to: date | None
    source: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of an integrity rule, with its unit; ``limit`` names the time limit it was taken from."""

    value: int | str
    unit: Unit
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The threshold (阈值) of an integrity rule in force on a date, with the version a flag must carry."""

    rule_id: str
    version: str
    code: str
    zh: str
    en: str
    severity: str
    measures: Mapping[str, Measure]
    legal_basis: str
    effective_from: date
    effective_to: date | None
    source: str

    def __getitem__(self, measure: str) -> int:
        """The number called ``measure``; raises UnknownRule when the rule has none of that name."""
        found = self._measure(measure).value
        if not isinstance(found, int):
            raise UnknownRule(file="thresholds", key=f"{self.rule_id}.{measure} (number)")
        return found

    def text(self, measure: str) -> str:
        """The same for a measure that is no number, such as a time of day."""
        return str(self._measure(measure).value)

    def _measure(self, name: str) -> Measure:
        if name not in self.measures:
            raise UnknownRule(file="thresholds", key=f"{self.rule_id}.{name}")
        return self.measures[name]


class RuleBook:
    """All provisions of one file by key, each key's periods in order and never overlapping."""

    def __init__(self, file: str, provisions: Mapping[str, tuple[Provision, ...]], extra: Mapping[str, Any]) -> None:
        self.file, self._provisions, self.extra = file, provisions, extra

    def __iter__(self) -> Iterator[str]:
        return iter(self._provisions)

    def versions(self, key: str) -> tuple[Provision, ...]:
        if key not in self._provisions:
            raise UnknownRule(file=self.file, key=key)
        return self._provisions[key]

    def on(self, key: str, on: date) -> Provision:
        """The provision in force on a date. Raises UnknownRule or NoRuleInForce, never falls back to a neighbor."""
        versions = self.versions(key)
        for provision in versions:
            if provision.in_force(on):
                return provision
        raise NoRuleInForce(key=key, on=on, periods=", ".join(p.period for p in versions))

    def latest(self, key: str) -> Provision:
        """The provision that came last; for questions that name no date."""
        return self.versions(key)[-1]

    def with_entered(self, entered: RuleBook) -> RuleBook:
        """This book with what an operator entered (后录). An entered period ends a shipped one that was open, the day
        before it begins: a default must not have to be edited to be replaced. Raises OverlappingPeriods."""
        joined = dict(self._provisions)
        for key in entered:
            begins = min(p.effective_from for p in entered.versions(key))
            kept = [
                replace(p, effective_to=begins - timedelta(1)) if _gives_way(p, begins) else p
                for p in joined.get(key, ())
            ]
            joined[key] = _in_order(self.file, key, [*kept, *entered.versions(key)])
        return RuleBook(self.file, joined, self.extra)


def _gives_way(shipped: Provision, begins: date) -> bool:
    return shipped.entered_on is None and shipped.effective_to is None and shipped.effective_from < begins


def _in_order(file: str, key: str, provisions: Iterable[Provision]) -> tuple[Provision, ...]:
    versions = sorted(provisions, key=lambda p: p.effective_from)
    for first, second in pairwise(versions):
        if first.effective_to is None or first.effective_to >= second.effective_from:
            raise OverlappingPeriods(file=file, key=key, first=first.period, second=second.period)
    return tuple(versions)


_FIELDS = {"value", "unit", "legal_basis", "effective_from", "effective_to", "source", "zh", "en"}


def _provision(file: str, key: str, entry: Any, entered_on: date | None) -> Provision:
    if not isinstance(entry, dict) or _FIELDS - entry.keys() or entry.keys() - _FIELDS - {"verify"}:
        raise BadRule(
            file=file, key=key, zh=f"字段应恰为 {sorted(_FIELDS)}(可加 verify)",
            en=f"its fields must be exactly {sorted(_FIELDS)}, and verify where needed",
        )  # fmt: skip
    for told in ("legal_basis", "source", "zh", "en"):
        if not isinstance(entry[told], str) or not entry[told].strip():
            raise BadRule(file=file, key=key, zh=f"{told} 为空", en=f"{told} is empty")
    try:
        unit = Unit(entry["unit"])
        begins = date.fromisoformat(entry["effective_from"])
        ends = None if entry["effective_to"] is None else date.fromisoformat(entry["effective_to"])
    except (TypeError, ValueError) as wrong:
        raise BadRule(
            file=file, key=key, zh=f"单位或日期无法读取({wrong})", en=f"unit or date unreadable ({wrong})"
        ) from wrong
    if ends is not None and ends < begins:
        raise BadRule(file=file, key=key, zh="有效期结束早于开始", en="its period ends before it begins")
    return Provision(
        file, key, entry["value"], unit, entry["legal_basis"], begins, ends,
        entry["source"], entry["zh"], entry["en"], bool(entry.get("verify", False)), entered_on,
    )  # fmt: skip


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # json.loads keeps the last of two equal keys: an edited copy of a rule would silently replace the first.
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise BadRule(file="json", key=key, zh="同一名称出现两次", en="the same name appears twice")
    return dict(pairs)


def read_rules(file: str, text: str, entered_on: date | None = None) -> RuleBook:
    """Reads the text of one rule file. Raises BadRule for a malformed entry, OverlappingPeriods for two at once."""
    try:
        content = json.loads(text, object_pairs_hook=_unique)
    except ValueError as wrong:
        raise BadRule(file=file, key="json", zh=f"不是合格的 JSON({wrong})", en=f"it is no JSON ({wrong})") from wrong
    if not isinstance(content, dict) or not isinstance(content.get("rules"), dict):
        raise BadRule(file=file, key="rules", zh="缺少 rules", en='"rules" is missing')
    provisions: dict[str, tuple[Provision, ...]] = {}
    for key, entries in content.pop("rules").items():
        if not isinstance(entries, list) or not entries:
            raise BadRule(file=file, key=key, zh="应为非空列表", en="it must be a list with at least one version")
        provisions[key] = _in_order(file, key, (_provision(file, key, entry, entered_on) for entry in entries))
    return RuleBook(file, provisions, content)


@lru_cache
def load_text(name: str) -> str:
    """The text of one shipped data file, by its name without ``.json``."""
    return files("domain.rules").joinpath("data", f"{name}.json").read_text(encoding="utf-8")


_entered: dict[str, tuple[RuleBook, ...]] = {}


def use_entered(books: Mapping[str, Iterable[RuleBook]]) -> None:
    """Let every later question be answered from the shipped rules and these (see ``entering``, which reads them)."""
    _entered.clear()
    _entered.update({name: tuple(found) for name, found in books.items()})
    for answer in (rule_book, time_limit, threshold):
        answer.cache_clear()


@lru_cache
def rule_book(name: str) -> RuleBook:
    """One rule file, read once: ``time_limits``, ``thresholds``, ``practices``, … with what was entered beside it."""
    book = read_rules(name, load_text(name))
    for entered in _entered.get(name, ()):
        book = book.with_entered(entered)
    return book


@lru_cache(maxsize=4096)
def time_limit(key: str, *, on: date) -> Limit:
    """The time limit called ``key`` in force on a date, such as ``statutory_single``.

    Raises UnknownRule for a key nobody entered, NoRuleInForce when none held on that date."""
    p = rule_book("time_limits").on(key, on)
    if not isinstance(p.value, int) or isinstance(p.value, bool) or p.value < 0:
        raise BadRule(file=p.file, key=key, zh="时限应为非负整数", en="a limit must be a whole number of zero or more")
    return Limit(key, p.value, p.unit, p.legal_basis, p.effective_from, p.effective_to, p.source, p.zh, p.en)


@lru_cache(maxsize=4096)
def threshold(rule_id: str, *, on: date) -> Threshold:
    """The thresholds of an integrity rule (``R01`` … ``R50``) in force on a date.

    A measure that is a legal or practised limit is not written twice: it names the limit and takes its value
    on the same date. Raises UnknownRule, NoRuleInForce."""
    p = rule_book("thresholds").on(rule_id, on)
    measures: dict[str, Measure] = {}
    for name, measure in p.value["measures"].items():
        if "limit" in measure:
            limit = time_limit(measure["limit"], on=on)
            measures[name] = Measure(limit.value, limit.unit, limit.key)
        else:
            measures[name] = Measure(measure["value"], Unit(measure["unit"]))
    return Threshold(
        rule_id, p.value["version"], p.value["code"], p.zh, p.en, p.value["severity"], measures,
        p.legal_basis, p.effective_from, p.effective_to, p.source,
    )  # fmt: skip


def integrity_rule_ids() -> tuple[str, ...]:
    """All fifty integrity rules (廉政风险规则), in order."""
    return tuple(rule_book("thresholds"))


def practice(key: str, *, on: date) -> Provision:
    """A choice of practice that is no number, such as ``receipt_roll`` or ``claim_mode``."""
    return rule_book("practices").on(key, on)


def special_procedure(kind: str, *, on: date) -> Provision:
    """One of the eight procedures that stop the clock (特别程序, Art. 45); the list is closed.

    Raises UnknownRule for any other kind: a pause outside the list is rule R22, not a pause."""
    return rule_book("special_procedures").on(kind, on)


def special_procedure_kinds() -> tuple[str, ...]:
    """The closed list of Article 45, in the order of the law."""
    return tuple(rule_book("special_procedures"))


def expert_discipline(code: str, *, on: date) -> Provision:
    """A discipline (专业类别) of the expert pool, by its code. Raises UnknownRule, NoRuleInForce."""
    return rule_book("expert_disciplines").on(code, on)


def expert_disciplines() -> tuple[str, ...]:
    """Codes of all disciplines that any day knows, in the order of the list."""
    return tuple(rule_book("expert_disciplines"))
