"""Codes of supervision (监管事项目录编码, 检查实施清单编码) and of investment projects (投资项目统一代码)."""

from __future__ import annotations

import re
from datetime import date

from domain.rules.identifiers.region import known_region
from domain.rules.identifiers.uscc import check_uscc
from domain.rules.identifiers.verdict import Verdict, judged
from domain.rules.loader import rule_book
from domain.rules.reason import Reason

_PROJECT = re.compile(r"(?P<year>[0-9]{4})-(?P<region>[0-9]{6})-(?P<a>[0-9]{2})-(?P<b>[0-9]{2})-(?P<number>[0-9]{6})")


def check_supervision_item(text: str, on: date | None = None) -> Verdict:
    """Error: anything but 14 digits."""
    if re.fullmatch(r"[0-9]{14}", text):
        return judged("supervision_item", text, ())
    return judged("supervision_item", text, [Reason("form", "应为 14 位数字", "it must be 14 digits")])


_INSPECTION_LIST = re.compile(r"(?P<organ>[0-9A-Z]{18})(?P<level>[0-9A-Z])(?P<rest>[0-9A-Z]{1,31})")


def check_inspection_list(text: str, on: date | None = None) -> Verdict:
    """Inspection implementation list code (检查实施清单编码): identifier of the organ 18, level 1, and the rest.

    Errors: form, organ identifier, level. How long the rest is differs between the lists in use: only the
    exchange's 50 characters bound it."""
    found = _INSPECTION_LIST.fullmatch(text)
    if found is None:
        zh = "应为 18 位实施机构代码、1 位层级和 1–31 位数字或大写字母"
        en = "it must be the organ's 18 characters, a level, and 1 to 31 digits or capitals"
        return judged("inspection_list", text, [Reason("form", zh, en)])
    organ, level = found["organ"], found["level"]
    verdict = check_uscc(organ)
    errors = [Reason(f"organ_{e.code}", f"实施机构代码:{e.zh}", f"organ identifier: {e.en}") for e in verdict.errors]
    warnings = [Reason(f"organ_{w.code}", f"实施机构代码:{w.zh}", f"organ identifier: {w.en}") for w in verdict.warnings]
    if level not in rule_book("identifier_codes").latest("inspection_list_levels").value:
        errors.append(Reason("level", f"清单层级 {level} 不存在(1–5)", f"there is no level {level} of a list (1 to 5)"))
    return judged("inspection_list", text, errors, warnings, {"organ": organ, "level": level, "rest": found["rest"]})


def check_project_code(text: str, on: date | None = None) -> Verdict:
    """Error: form. The second part is a region code; one that is not on record is a warning, because the structure
    itself has not been compared with its standard yet."""
    found = _PROJECT.fullmatch(text)
    if found is None:
        reason = Reason("form", "应形如 2026-371500-01-01-123456", "it must look like 2026-371500-01-01-123456")
        return judged("project_code", text, [reason])
    warnings = []
    if not known_region(found["region"]):
        warnings.append(
            Reason("region", f"区划代码 {found['region']} 未登记", f"region {found['region']} is not on record")
        )
    return judged("project_code", text, (), warnings, {"region": found["region"], "number": found["number"]})
