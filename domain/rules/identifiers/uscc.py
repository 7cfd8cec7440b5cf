"""Unified social credit identifier (统一社会信用代码), GB 32100-2015: 18 characters of a 31-character alphabet."""

from __future__ import annotations

from datetime import date

from domain.rules.identifiers.region import known_region
from domain.rules.identifiers.verdict import Verdict, judged, wrong_character, wrong_check, wrong_length
from domain.rules.loader import rule_book
from domain.rules.reason import Reason

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ENTITY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check_character(first17: str) -> str:
    """The 18th character for the first seventeen."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def entity_check_character(first8: str) -> str:
    """The ninth character of the entity code (组织机构代码, GB 11714) inside."""
    total = sum(int(character, 36) * weight for character, weight in zip(first8, _ENTITY_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def check_uscc(text: str, on: date | None = None) -> Verdict:
    """Errors: length, character, check character. Warnings: the inner entity code, a region, department or kind
    that is not on record; old registrations break these and are real all the same."""
    if len(text) != 18:
        return judged("uscc", text, [wrong_length(text, 18)])
    strange = [wrong_character(place, c) for place, c in enumerate(text, 1) if c not in _VALUE]
    if strange:
        return judged("uscc", text, strange)
    wanted = uscc_check_character(text[:17])
    parts = {"department": text[0], "kind": text[1], "region": text[2:8], "entity": text[8:17]}
    if text[17] != wanted:
        return judged("uscc", text, [wrong_check("check_character", wanted, text[17])], (), parts)
    return judged("uscc", text, (), _warnings(text), parts)


def _warnings(text: str) -> list[Reason]:
    warnings = []
    inner = entity_check_character(text[8:16])
    if text[16] != inner:
        warnings.append(
            Reason(
                "entity_check_character",
                f"主体标识码校验位应为 {inner},实为 {text[16]}(旧码常见,不影响使用)",
                f"the check of the entity code must be {inner}, not {text[16]} (seen in old codes, accepted)",
            )
        )
    codes = rule_book("identifier_codes")
    if text[0] not in codes.latest("uscc_departments").value:
        warnings.append(
            Reason(
                "department", f"登记管理部门代码 {text[0]} 未登记", f"registering department {text[0]} is not on record"
            )
        )
    kinds = codes.latest("uscc_kinds").value.get(text[0])
    if kinds is not None and text[1] not in kinds:
        warnings.append(Reason("kind", f"机构类别代码 {text[1]} 未登记", f"kind of body {text[1]} is not on record"))
    # 100000 is the nation itself, used for bodies registered with a central department.
    if text[2:8] != "100000" and not known_region(text[2:8]):
        warnings.append(
            Reason(
                "region", f"登记地区划 {text[2:8]} 未登记或已撤销", f"region {text[2:8]} is not on record or is gone"
            )
        )
    return warnings
