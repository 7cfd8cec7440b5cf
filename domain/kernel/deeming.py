"""视为无意见: where a clause lets silence or absence count as no objection, and which clause that is.

The platform itself never reads silence as consent. A city that has such a clause enters it as dated data; the body
is told the clause in its invitation, and the fact that deems it cites the clause."""

from __future__ import annotations

from datetime import date

from domain.kernel.words import covers
from domain.rules.deeming import deeming_clauses

SILENCE = "silence_default"
ABSENCE = "absence_default"


def clause_for(practice: str, *, organ: str, region: str | None, on: date) -> str | None:
    """The clause that deems the silence or absence of an organ at a place, in force on a date; usually none.

    A clause that names regions holds in those only, so a place that is not known is under none of them."""
    for one in deeming_clauses(practice, on=on):
        if (not one.organs or organ in one.organs) and (not one.regions or any(covers(r, region) for r in one.regions)):
            return one.clause
    return None
