"""Item codes (事项编码, GB/T 39554.1-2020) and case numbers (办件编号) built on them.

Basic code 12 = province 2 (00 the nation) + type 2 + sector 2 + main item 3 + sub-item 3; implementation code 31 =
organ identifier 18 + level 1 + basic 12; handling item code 33 = 31 + 2; case number = 31 or 33 + day + sequence 4."""

from __future__ import annotations

import re
from datetime import date

from domain.rules.identifiers.region import known_province
from domain.rules.identifiers.uscc import check_uscc
from domain.rules.identifiers.verdict import Verdict, judged, wrong_length
from domain.rules.loader import rule_book
from domain.rules.reason import Reason

_OLDER = re.compile(r"[0-9A-Z]{10}|[0-9A-Z]{24}")
_DIGITS = re.compile(r"[0-9]+")
SCHEMES = ("national", "older")
LONGEST = 50
"""The national exchange keeps item codes and case numbers in 50 characters."""


def check_item(text: str, on: date | None = None, scheme: str | None = None) -> Verdict:
    """Errors: length, organ identifier, level, digits, province. A type that is not on record is a warning.

    ``scheme``: ``national`` judges by the structure above; ``older`` (GB/T 39046-2020 and provincial codes) is kept
    as opaque text of up to 50 characters; None recognizes the older 10 and 24 character codes and warns."""
    if scheme == "older" or (scheme is None and _OLDER.fullmatch(text)):
        return _opaque(text)
    if len(text) not in (12, 31, 33):
        return judged("item", text, [wrong_length(text, 12, 31, 33)])
    errors, warnings, parts = _national(text)
    return judged("item", text, errors, warnings, parts)


def _opaque(text: str) -> Verdict:
    if not 1 <= len(text) <= LONGEST or not text.isprintable() or text != text.strip():
        reason = Reason(
            "opaque",
            f"旧编码应为 1–{LONGEST} 个可见字符",
            f"an older code is text of 1 to {LONGEST} visible characters",
        )
        return judged("item", text, [reason])
    reason = Reason(
        "older_scheme", "旧编码体系,按原文保存,未核验结构", "an older scheme, kept as it is, structure not checked"
    )
    return judged("item", text, (), [reason], {"scheme": "older"})


def _national(text: str) -> tuple[list[Reason], list[Reason], dict[str, str]]:
    errors: list[Reason] = []
    warnings: list[Reason] = []
    parts = {"scheme": "national"}
    basic = text
    codes = rule_book("identifier_codes")
    if len(text) > 12:
        organ, level, basic, handling = text[:18], text[18], text[19:31], text[31:]
        verdict = check_uscc(organ)
        errors += (
            Reason(f"organ_{e.code}", f"实施主体代码:{e.zh}", f"organ identifier: {e.en}") for e in verdict.errors
        )
        warnings += (
            Reason(f"organ_{w.code}", f"实施主体代码:{w.zh}", f"organ identifier: {w.en}") for w in verdict.warnings
        )
        if level not in codes.latest("exercise_levels").value:
            errors.append(Reason("level", f"行使层级 {level} 不存在", f"there is no level of exercise {level}"))
        parts |= {"organ": organ, "level": level, "implementation_code": text[:31]}
        if handling:
            parts["handling"] = handling
            if not _DIGITS.fullmatch(handling):
                errors.append(Reason("handling", "业务办理项序号应为 2 位数字", "the handling item must be 2 digits"))
    if not _DIGITS.fullmatch(basic):
        errors.append(Reason("digits", "基本编码应为 12 位数字", "the basic code must be 12 digits"))
        return errors, warnings, parts
    province, kind = basic[:2], basic[2:4]
    parts |= {"basic_code": basic, "province": province, "type": kind, "sector": basic[4:6], "main": basic[6:9]}
    parts["sub"] = basic[9:]
    if province != "00" and not known_province(province):
        errors.append(Reason("no_such_province", f"没有省级代码 {province}", f"there is no province {province}"))
    if kind not in codes.latest("item_types").value:
        warnings.append(Reason("type", f"事项类型 {kind} 未登记", f"item type {kind} is not on record"))
    return errors, warnings, parts


def check_case_no(text: str, on: date | None = None) -> Verdict:
    """Errors: length, those of the item code, the day, the sequence. A day after ``on`` is a warning.

    It judges numbers of the national structure; a number that another system gave is a business key all the same
    and is recorded as it came."""
    if len(text) not in (43, 45):
        return judged("case_no", text, [wrong_length(text, 43, 45)])
    item, day, sequence = text[:-12], text[-12:-4], text[-4:]
    errors, warnings, parts = _national(item)
    parts |= {"item": item, "day": day, "sequence": sequence}
    try:
        if not _DIGITS.fullmatch(day):
            raise ValueError(day)
        handled = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        if on is not None and handled > on:
            warnings.append(Reason("future_day", f"日期 {handled} 晚于 {on}", f"the day {handled} lies after {on}"))
    except ValueError:
        errors.append(Reason("day", f"日期 {day} 不存在", f"there is no day {day}"))
    if not _DIGITS.fullmatch(sequence):
        errors.append(Reason("sequence", "流水号应为 4 位数字", "the sequence must be 4 digits"))
    return judged("case_no", text, errors, warnings, parts)
