"""Citizen identity number (公民身份号码), GB 11643-1999. Personal: store it encrypted, show it masked."""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

from domain.rules.identifiers.region import known_region
from domain.rules.identifiers.verdict import Verdict, judged, wrong_check, wrong_length
from domain.rules.loader import practice, rule_book
from domain.rules.reason import Reason

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def citizen_check_character(first17: str) -> str:
    """The 18th character for the first seventeen digits."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def mask_citizen_id(text: str) -> str:
    """``110105********002X``: region and the last four stay, the birth date goes. Anything short goes whole."""
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) > 10 else "*" * len(text)


def citizen_digest(number: str, key: bytes) -> str:
    """What stands for a person in the store: HMAC-SHA256 of the 18 characters under the key of the platform."""
    return hmac.digest(key, number.encode(), sha256).hex()


def check_citizen_id(text: str, on: date | None = None) -> Verdict:
    """Errors: length, character, birth date, check character. An unknown region is a warning: numbers keep the
    region of first registration, which may be long gone. Fifteen digits are refused or converted by practice
    ``legacy_citizen_id``. ``value`` has the X in upper case."""
    value, warnings = text.upper() if text.isascii() else text, []
    if len(value) == 15 and value.isascii() and value.isdecimal():
        choice = practice("legacy_citizen_id", on=on) if on else rule_book("practices").latest("legacy_citizen_id")
        if choice.value != "convert":
            told = "15 位旧号码不再接受,请提供 18 位号码", "the old number of 15 digits is not taken, give that of 18"
            return judged("citizen_id", value, [Reason("legacy", *told)])
        value = f"{value[:6]}19{value[6:]}"
        value += citizen_check_character(value)
        warnings.append(Reason("converted", "由 15 位旧号码转换", "converted from the old number of 15 digits"))
    if len(value) != 18:
        return judged("citizen_id", value, [wrong_length(value, 18)])
    body, check = value[:17], value[17]
    if not (body.isascii() and body.isdecimal()) or check not in "0123456789X":
        # The message must not repeat the number: it would carry it into logs in clear.
        return judged(
            "citizen_id", value,
            [Reason("character", "前 17 位应为数字,末位为数字或 X", "it must be 17 digits, then a digit or X")],
        )  # fmt: skip
    errors = []
    try:
        born = date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
        if on is not None and born > on:
            errors.append(Reason("birth_date", "出生日期晚于查询日期", "the birth date lies after the day asked about"))
    except ValueError:
        errors.append(Reason("birth_date", "出生日期不存在", "there is no such birth date"))
    wanted = citizen_check_character(body)
    if check != wanted:
        errors.append(wrong_check("check_character", wanted, check))
    if not known_region(body[:6]):
        warnings.append(
            Reason(
                "region", "首次登记地区划未登记或已撤销", "the region of first registration is not on record or is gone"
            )
        )
    return judged("citizen_id", value, errors, warnings, {"region": body[:6]})
