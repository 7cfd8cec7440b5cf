"""Identifiers (标识): one call each, hard errors and warnings told apart.

An error is something the standard makes impossible (a check digit, a date, a character); a warning is something
that happens in real registers and must not turn a case away (an old entity code, a region that is gone)."""

from collections.abc import Callable
from datetime import date

from domain.rules.identifiers.citizen import (
    check_citizen_id,
    citizen_check_character,
    citizen_digest,
    mask_citizen_id,
)
from domain.rules.identifiers.document import check_document_no
from domain.rules.identifiers.item import SCHEMES, check_case_no, check_item
from domain.rules.identifiers.license import check_e_license, e_license_check_character
from domain.rules.identifiers.project import check_inspection_list, check_project_code, check_supervision_item
from domain.rules.identifiers.region import Region, check_region, region
from domain.rules.identifiers.uscc import check_uscc, entity_check_character, uscc_check_character
from domain.rules.identifiers.verdict import Verdict

CHECKS: dict[str, Callable[[str, date | None], Verdict]] = {
    "uscc": check_uscc,
    "citizen_id": check_citizen_id,
    "region": check_region,
    "item": check_item,
    "case_no": check_case_no,
    "e_license": check_e_license,
    "document_no": check_document_no,
    "supervision_item": check_supervision_item,
    "inspection_list": check_inspection_list,
    "project_code": check_project_code,
}
"""Every kind the command line can check, by its name there: ``CHECKS[kind](text, on)``."""

__all__ = [
    "CHECKS",
    "SCHEMES",
    "Region",
    "Verdict",
    "check_case_no",
    "check_citizen_id",
    "check_document_no",
    "check_e_license",
    "check_inspection_list",
    "check_item",
    "check_project_code",
    "check_region",
    "check_supervision_item",
    "check_uscc",
    "citizen_check_character",
    "citizen_digest",
    "e_license_check_character",
    "entity_check_character",
    "mask_citizen_id",
    "region",
    "uscc_check_character",
]
