"""Electronic license identifier (电子证照标识), GB/T 36904-2018, with the check of ISO 7064 MOD 37,36."""

from __future__ import annotations

import re
from datetime import date

from domain.rules.identifiers.uscc import check_uscc
from domain.rules.identifiers.verdict import Verdict, judged, wrong_check
from domain.rules.reason import Reason

ROOT = "1.2.156.3005.2"
_TEXT = re.compile(r"[0-9A-Z]+")


def e_license_check_character(text: str) -> str:
    """ISO 7064 MOD 37,36 over 0-9A-Z without the dots."""
    product = 36
    for character in text:
        product = 2 * ((product + int(character, 36)) % 36 or 36) % 37
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - product) % 36]


def check_e_license(text: str, on: date | None = None) -> Verdict:
    """``1.2.156.3005.2.<type 21>.<issuer 18>.<serial up to 32>.<version 3>.<check>``.

    Errors: form, check character. An issuer of another length, or one that fails its own check, is a warning: the
    identifier was signed into a license and cannot be corrected any more."""
    fields = text.removeprefix(f"{ROOT}.").split(".")
    if not text.startswith(f"{ROOT}.") or len(fields) != 5:
        return judged(
            "e_license", text,
            [Reason("form", f"应为 {ROOT} 加五段,以点分隔", f"it must be {ROOT} and five fields with dots between")],
        )  # fmt: skip
    kind, issuer, serial, version, check = fields
    errors, warnings = [], []
    for name, zh, field, longest in (
        ("type", "类型代码", kind, 21), ("issuer", "颁发机构代码", issuer, 18), ("serial", "流水号", serial, 32),
        ("version", "版本号", version, 3), ("check_character", "校验位", check, 1),
    ):  # fmt: skip
        if not _TEXT.fullmatch(field) or len(field) > longest:
            errors.append(
                Reason(
                    name, f"{zh}应为 1–{longest} 位数字或大写字母", f"{name} must be 1 to {longest} digits or capitals"
                )
            )
    if not re.fullmatch(r"[0-9]{3}", version) and not any(e.code == "version" for e in errors):
        errors.append(Reason("version", "版本号应为 3 位数字", "the version must be three digits"))
    if len(kind) != 21 and not any(e.code == "type" for e in errors):
        errors.append(
            Reason(
                "type", f"类型代码应为 21 位,实为 {len(kind)} 位", f"the type must have 21 characters, not {len(kind)}"
            )
        )
    parts = {"type": kind, "issuer": issuer, "serial": serial, "version": version}
    if errors:
        return judged("e_license", text, errors, (), parts)
    wanted = e_license_check_character(kind + issuer + serial + version)
    if check != wanted:
        errors.append(wrong_check("check_character", wanted, check))
    if len(issuer) != 18:
        warnings.append(
            Reason(
                "issuer",
                f"颁发机构代码应为 18 位,实为 {len(issuer)} 位",
                f"the issuer should have 18 characters, not {len(issuer)}",
            )
        )
    elif not check_uscc(issuer).valid:
        warnings.append(Reason("issuer", "颁发机构代码未通过校验", "the identifier of the issuer fails its check"))
    return judged("e_license", text, errors, warnings, parts)
