"""Lawful entries (目录合法性): what an entry may not say, and the terms on which its cases run.

Applicants read the elements and are treated by the terms: the two may never say different things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.kernel.words import Body, CaseKind, Handling, ItemTerms, LimitUnit, TolerableMaterial
from domain.rules.identifiers import check_item
from domain.rules.limits import TimeLimit, earlier
from domain.rules.loader import Unit, special_procedure_kinds, time_limit
from domain.rules.working_days import working_calendar
from domain.service_item import refusals as r
from domain.service_item.commands import PublishItemVersion
from domain.service_item.elements import CoHandlingPart, HandlingKind, ItemElements, Necessity, titled
from domain.service_item.words import CodeScheme

SAID_IN: dict[str, str] = {
    "name": "identity.name", "kind": "clock.case_kind", "promised_days": "clock.promised_limit",
    "promised_unit": "clock.promised_limit", "statutory_days": "clock.statutory_limit",
    "statutory_unit": "clock.statutory_limit", "organ": "body.implementing_body_code", "regulators": "body.regulators",
    "consult": "body.co_handling_bodies", "inspect": "body.co_handling_bodies", "level": "body.exercise_level",
    "single_officer": "conditions.single_officer", "commitment_allowed": "conditions.commitment",
    "commitment_days": "conditions.commitment", "tolerance_allowed": "conditions.tolerance",
    "limited_number": "conditions.quantity_limit", "special_procedures": "clock.special_procedures",
    "materials": "materials", "conditional": "materials", "tolerable": "materials", "renewal_days": "result.renewal_days",
    "annual_check": "result.annual_check", "fee_basis": "fee.fee_items",
}  # fmt: skip
"""Which element says what a case freezes."""


def terms_said(elements: ItemElements) -> dict[str, Any]:
    """What an entry says of how its cases are handled, by the names of the terms; what it leaves open is left out."""
    body, clock, conditions = elements.body, elements.clock, elements.conditions
    said: dict[str, Any] = {
        "name": elements.identity.name, "organ": organ_said(elements), "regulators": body.regulators or None,
        "level": body.exercise_level, "single_officer": conditions.single_officer,
        "commitment_allowed": conditions.commitment.allowed, "commitment_days": conditions.commitment.check_days,
        "tolerance_allowed": conditions.tolerance.allowed, "limited_number": conditions.quantity_limit is not None,
        "renewal_days": elements.result.renewal_days or None, "annual_check": elements.result.annual_check,
    }  # fmt: skip
    if clock.case_kind is not None:
        said["kind"] = CaseKind.INSTANT if clock.case_kind is HandlingKind.INSTANT else CaseKind.PROMISED
    for name, limit in (("promised", clock.promised_limit), ("statutory", clock.statutory_limit)):
        if limit is not None:
            said |= {f"{name}_days": limit.value, f"{name}_unit": limit.unit}
    if clock.special_procedures is not None:
        said["special_procedures"] = tuple(procedure.kind for procedure in clock.special_procedures)
    for part, name in ((CoHandlingPart.CONSULT, "consult"), (CoHandlingPart.INSPECT, "inspect")):
        named = tuple(Body(code=one.code, name=one.name) for one in body.co_handling_bodies if one.part is part)
        said[name] = named or None
    if elements.materials:
        days = conditions.tolerance.days
        said["materials"] = tuple(one.name for one in elements.materials)
        some = tuple(one.name for one in elements.materials if one.necessity is Necessity.CONDITIONAL)
        said["conditional"] = some or None
        said["tolerable"] = tuple(
            TolerableMaterial(name=one.name, days=one.tolerance_days or days)
            for one in elements.materials if one.tolerable
        ) or None  # fmt: skip
    if elements.fee.is_charged:
        said["fee_basis"] = ";".join(fee.basis or "" for fee in elements.fee.fee_items)[:2000] or None
    return {name: value for name, value in said.items() if value is not None}


def organ_said(elements: ItemElements) -> Body | None:
    code = elements.body.implementing_body_code
    return Body(code=code, name=elements.body.implementing_body or code) if code else None


def terms_of(command: PublishItemVersion, number: int) -> ItemTerms:
    """The terms of a version: what the command says, and where it is silent what its entry says.

    Raises ``ElementsContradictTerms``."""
    fields: dict[str, Any] = {n: getattr(command, n) for n in ItemTerms.model_fields if n != "version"}
    if command.elements is not None:
        for name, value in terms_said(command.elements).items():
            if name not in command.model_fields_set:
                fields[name] = value
            elif not _says(fields[name], value):
                raise r.ElementsContradictTerms(
                    item=command.item, element=titled(SAID_IN[name]), said=value, terms=fields[name]
                )
    return ItemTerms.model_validate(fields | {"version": number})


def _says(terms: Any, said: Any) -> bool:
    """Whether two say the same; an organ is its code, however its name was written."""
    if isinstance(terms, Body) and isinstance(said, Body):
        return terms.code == said.code
    return bool(terms == said)


def check_limits(terms: ItemTerms, begins: date) -> None:
    """Raises ``PromiseLongerThanLaw`` and ``InstantPromisesDays``. Limits in different units are compared by the days
    on which they would end if they began with the version."""
    statutory, unit = terms.statutory_days, terms.statutory_unit
    if statutory is None:
        law = time_limit("statutory_joint" if terms.handling is Handling.JOINT else "statutory_single", on=begins)
        statutory, unit = law.value, LimitUnit.of(law.unit.value)
    if _longer(terms.promised_days, terms.promised_unit, statutory, unit, begins):
        raise r.PromiseLongerThanLaw(
            promised=terms.promised_days, unit=terms.promised_unit, statutory=statutory, statutory_unit=unit
        )
    if terms.kind is CaseKind.INSTANT and terms.promised_days:
        raise r.InstantPromisesDays(promised=terms.promised_days)


def _longer(amount: int, unit: LimitUnit, than: int, than_unit: LimitUnit, begins: date) -> bool:
    one, other = TimeLimit(begins, amount, Unit(unit.value)), TimeLimit(begins, than, Unit(than_unit.value))
    return earlier(one, other, working_calendar()) is not one


def check_entry(command: PublishItemVersion, elements: ItemElements, terms: ItemTerms, basic_code: str) -> None:
    """Raises the refusal of the first thing an entry may not say; ``basic_code`` is the one it has had so far."""
    _codes(command, elements, basic_code)
    promised, unit, begins = terms.promised_days, terms.promised_unit, command.effective_from
    quotas = sum(quota.days for quota in elements.clock.stage_quotas)
    if quotas > promised:
        raise r.StageQuotasExceedPromise(quotas=quotas, promised=promised, unit=unit)
    days = [elements.conditions.tolerance.days, *(one.tolerance_days for one in elements.materials or ())]
    longest = max((one for one in days if one is not None), default=0)
    if longest and _longer(longest, LimitUnit.WORKING_DAYS, promised, unit, begins):
        raise r.ToleranceLongerThanPromise(days=longest, promised=promised, unit=unit)
    for fee in elements.fee.fee_items if elements.fee.is_charged else ():
        if not fee.basis:
            raise r.FeeWithoutBasis(fee=fee.name)
    if elements.fee.is_charged and not elements.fee.fee_items:
        raise r.FeeWithoutBasis(fee=command.name)
    for service in elements.intermediary:
        if not service.basis:
            raise r.IntermediaryWithoutBasis(service=service.name)


def check_procedures(kinds: Iterable[str]) -> None:
    """Raises ``NoSuchSpecialProcedure`` for one that Article 45 does not list."""
    known = special_procedure_kinds()
    for kind in kinds:
        if kind not in known:
            raise r.NoSuchSpecialProcedure(kind=kind, kinds=known)


def _codes(command: PublishItemVersion, elements: ItemElements, basic_code: str) -> None:
    said = elements.identity
    if basic_code and said.basic_code and said.basic_code != basic_code:
        raise r.BasicCodeIsFixed(item=command.item, known=basic_code, said=said.basic_code)
    own = [code for code in (said.handling_item_code, said.implementation_code) if code]
    if own and command.item not in own:
        raise r.CodesDisagree(item=command.item, element=titled("identity.implementation_code"), said=own[0])
    if command.scheme is CodeScheme.NATIONAL:
        parts = check_item(command.item, scheme="national").parts
        for name, part in (("basic_code", "basic_code"), ("item_type", "type")):
            value = getattr(said, name)
            if value is not None and part in parts and value != parts[part]:
                raise r.CodesDisagree(item=command.item, element=titled(f"identity.{name}"), said=value)
