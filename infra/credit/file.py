"""A credit register that is exchanged as a file (信用交换文件), by night in most cities.

A CSV lists who is dishonest, one record a row; whoever is not listed is clean. A JSON document may also say that it
``covers`` every subject; then one that is missing is unknown. The file must be dated and complete: one that is old,
damaged or undated answers nothing, because silence would pass for a clean record."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.rules.dates import business_date, start_of
from domain.rules.loader import time_limit
from domain.standing.register import CreditAnswer, CreditRegisterSilent
from domain.standing.words import CreditRecord, CreditResult

COLUMNS = ("identifier", "name", "number", "kind", "recorded_on", "organ", "statement", "repaired_on")
NEEDED = frozenset({"identifier", "number", "kind"})
DATED = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)(?=\.[a-z]+$)")
KINDS = (".csv", ".json")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file says of one subject; repaired records are left out."""

    name: str
    records: tuple[CreditRecord, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as it was read."""

    source: str
    as_of: datetime
    covers_all: bool
    subjects: dict[str, Listed]


class RegisterFile:
    """Implements ``CreditRegister`` on one dated file, or on the latest of a directory."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._read: tuple[Path, int, Contents] | None = None

    def look_up(self, identifier: str, at: datetime) -> CreditAnswer:
        """Raises CreditRegisterSilent when no file, an old one, or a damaged one is there."""
        contents = self._contents(at)
        oldest = time_limit("credit_register_age", on=business_date(at)).value
        age = (business_date(at) - business_date(contents.as_of)).days
        if age > oldest:
            raise CreditRegisterSilent(
                f"信用文件截至 {business_date(contents.as_of)},已超过 {oldest} 天;请检查夜间交换任务后再核查。",
                f"The credit file is of {business_date(contents.as_of)}, older than {oldest} days; look after the nightly "
                "exchange, then check again.",
            )
        found = contents.subjects.get(identifier)
        result = CreditResult.UNKNOWN if found is None and contents.covers_all else CreditResult.CLEAN
        if found is not None and found.records:
            result = CreditResult.DISHONEST
        return CreditAnswer(
            source=contents.source, as_of=contents.as_of, result=result, name=found.name if found else "",
            records=found.records if found else (),
        )  # fmt: skip

    def _contents(self, at: datetime) -> Contents:
        path = self._latest(business_date(at))
        try:
            changed = path.stat().st_mtime_ns
            if self._read is None or self._read[:2] != (path, changed):
                text = path.read_text(encoding="utf-8-sig")
                self._read = (path, changed, _of_json(path, text) if path.suffix == ".json" else _of_csv(path, text))
        except (OSError, UnicodeDecodeError) as wrong:
            raise CreditRegisterSilent(
                f"信用文件 {path.name} 无法读取({wrong});请检查文件与权限。",
                f"The credit file {path.name} cannot be read ({wrong}); check it and its permissions.",
            ) from wrong
        return self._read[2]

    def _latest(self, today: date) -> Path:
        if not self.place.is_dir():
            return self.place
        dated = [(_date_in(path), path) for path in self.place.iterdir() if path.suffix in KINDS]
        known = [(day, path) for day, path in dated if day is not None and day <= today]
        if not known:
            raise CreditRegisterSilent(
                f"目录 {self.place} 中没有注明日期的信用文件(如 credit-20260302.csv);请放入后再核查。",
                f"There is no dated credit file in {self.place} (such as credit-20260302.csv); put one there first.",
            )
        return max(known)[1]


def _date_in(path: Path) -> date | None:
    found = DATED.search(path.name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _of_csv(path: Path, text: str) -> Contents:
    day = _date_in(path)
    if day is None:
        raise _damaged(path, "文件名没有日期,如 credit-20260302.csv", "its name carries no date, as credit-20260302.csv does")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if NEEDED - set(rows.fieldnames or ()):
        raise _damaged(path, f"首行须有 {'、'.join(COLUMNS)}", f"its first line must name {', '.join(COLUMNS)}")
    subjects: dict[str, Listed] = {}
    try:
        for number, row in enumerate(rows, 2):
            identifier, listed = (row["identifier"] or "").strip(), _record(path, number, row)
            if not identifier:
                raise _damaged(path, f"第 {number} 行没有主体标识", f"line {number} names no subject")
            before = subjects.get(identifier, Listed((row.get("name") or "").strip(), ()))
            subjects[identifier] = Listed(before.name, (*before.records, *listed))
    except csv.Error as wrong:
        raise _damaged(path, f"不是合格的 CSV({wrong})", f"it is no CSV ({wrong})") from wrong
    return Contents(f"信用交换文件 {path.name}", start_of(day), False, subjects)


def _of_json(path: Path, text: str) -> Contents:
    try:
        told = json.loads(text)
        as_of = datetime.fromisoformat(told["as_of"])
        subjects = {
            identifier: Listed(
                str(one.get("name", "")),
                tuple(r for n, row in enumerate(one.get("records", ()), 1) for r in _record(path, n, row)),
            )
            for identifier, one in told["subjects"].items()
        }  # fmt: skip
        covers_all = {"dishonest": False, "all": True}[told.get("covers", "dishonest")]
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _damaged(
            path, f"须有 as_of(带时区的时间)与 subjects({wrong})", f"it must hold as_of, with a zone, and subjects ({wrong})"
        ) from wrong
    if as_of.utcoffset() is None:
        raise _damaged(path, "as_of 没有时区", "as_of carries no zone")
    return Contents(str(told.get("source") or f"信用交换文件 {path.name}")[:200], as_of, covers_all, subjects)


def _record(path: Path, number: int, row: dict[str, Any]) -> Iterator[CreditRecord]:
    """The record of a row, unless it was repaired."""
    plain = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if plain["repaired_on"]:
        return
    try:
        yield CreditRecord(
            number=plain["number"], kind=plain["kind"], organ=plain["organ"], statement=plain["statement"],
            recorded_on=date.fromisoformat(plain["recorded_on"]) if plain["recorded_on"] else None,
        )  # fmt: skip
    except (ValidationError, ValueError) as wrong:
        raise _damaged(
            path, f"第 {number} 行的记录不合格:编号、类别必填,日期形如 2026-01-31",
            f"the record in line {number} is not valid: number and kind are needed, dates look like 2026-01-31",
        ) from wrong  # fmt: skip


def _damaged(path: Path, zh: str, en: str) -> CreditRegisterSilent:
    return CreditRegisterSilent(
        f"信用文件 {path.name} 不合格:{zh};请重新交换后再核查。",
        f"The credit file {path.name} cannot be relied on: {en}; exchange it again, then check.",
    )
