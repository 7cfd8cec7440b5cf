"""Supervision item codes (监管事项目录编码) and investment project codes (投资项目统一代码)."""

from __future__ import annotations

import re
from datetime import date

from domain.rules.identifiers.region import known_region
from domain.rules.identifiers.verdict import Verdict, judged
from domain.rules.reason import Reason

_PROJECT = re.compile(r"(?P<year>[0-9]{4})-(?P<region>[0-9]{6})-(?P<a>[0-9]{2})-(?P<b>[0-9]{2})-(?P<number>[0-9]{6})")


def check_supervision_item(text: str, on: date | None = None) -> Verdict:
    """Error: anything but 14 digits."""
    if re.fullmatch(r"[0-9]{14}", text):
        return judged("supervision_item", text, ())
    return judged("supervision_item", text, [Reason("form", "应为 14 位数字", "it must be 14 digits")])


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
