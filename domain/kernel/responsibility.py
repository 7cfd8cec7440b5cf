"""Responsibility (责任归属): who answers for an item at a place on a day, as a decision may look it up."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.kernel.words import Body, Personal, Regulator, Short, Value

Officers = Annotated[tuple[Short, ...], Personal("name"), Field(max_length=50)]


class ResponsibleRegulator(Regulator):
    """监管责任: a regulator with the officers it named for this item."""

    officers: Officers = ()


class Responsible(Value):
    """责任归属 (谁审批谁负责、谁主管谁监管): approver, regulators and officers by one version of the table.

    ``approver`` is none where nobody, or more than one, claims the place; then ``dispute`` is the number of the
    dispute and ``claimants`` are those who must all be told. ``consult`` and ``inspect`` come beside what the item
    itself demands."""

    table: int = Field(ge=1, description="version of the responsibility table")
    approver: Body | None = None
    approver_officers: Officers = ()
    regulators: tuple[ResponsibleRegulator, ...] = ()
    consult: tuple[Body, ...] = ()
    inspect: tuple[Body, ...] = ()
    dispute: int | None = None
    claimants: tuple[Body, ...] = ()
