"""视为无意见的依据 (silence_default, absence_default): off, or the clauses that allow it.

The value of the practice is ``false``, or a list of clauses, each ``{"clause": …, "organs": […], "regions": […]}``:
the text and number of the rule that allows it, and whom and where it binds (left out: everybody, everywhere)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from domain.rules.errors import BadRule
from domain.rules.loader import Provision, practice

OWN_DEFAULT = "默认"


@dataclass(frozen=True, slots=True)
class DeemingClause:
    """One clause (条款) under which silence or absence counts as no objection."""

    clause: str
    organs: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def deeming_clauses(key: str, *, on: date) -> tuple[DeemingClause, ...]:
    """The clauses of ``silence_default`` or ``absence_default`` in force on a date; none where it is off.

    Raises BadRule when somebody turned it on without naming what allows it: then nothing may be deemed at all."""
    return clauses_of(practice(key, on=on))


def clauses_of(provision: Provision) -> tuple[DeemingClause, ...]:
    """The clauses of one provision. Raises BadRule as ``deeming_clauses``."""
    if provision.value is False:
        return ()
    found = provision.value if isinstance(provision.value, list) else []
    if not found or not all(_is_clause(one) for one in found) or provision.legal_basis.startswith(OWN_DEFAULT):
        raise BadRule(
            file=provision.file, key=provision.key, zh="开启须逐条写明允许的条款(clause),依据不得为默认",
            en="turning it on takes the clauses that allow it, and a legal basis that is no default of ours",
        )  # fmt: skip
    return tuple(
        DeemingClause(one["clause"], tuple(one.get("organs", ())), tuple(one.get("regions", ()))) for one in found
    )


def _is_clause(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.keys() <= {"clause", "organs", "regions"}
        and isinstance(one.get("clause"), str)
        and bool(one["clause"].strip())
    )
