"""How often is each expert drawn, and is that more than a fair draw gives? (专家负荷)

Only draws whose review has started, or that were cancelled, are counted: a count that rises by one on the eve of a
review would tell who was drawn for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.expert_draw import facts as f
from domain.expert_draw.words import PartyRole, SeatAnswer
from domain.rules.dates import business_date
from domain.rules.loader import threshold
from projections.view import Page, Projection, Reader, Table


@dataclass(slots=True)
class DrawnRow:
    """An expert in one draw: drawn or named, what the answer was, and whether the review was held with them."""

    draw_id: UUID
    expert_no: str
    discipline: str
    case_no: str
    applicant: str
    drawn_on: date
    by_hand: bool
    answer: str
    position: int
    reviewed_on: date | None = None
    opened: bool = False


@dataclass(slots=True)
class RoundRow:
    """A drawn round: how many seats of how large a pool."""

    draw_id: UUID
    round: int
    discipline: str
    drawn_on: date
    drawn: int
    pool_size: int
    opened: bool = False


@dataclass(slots=True)
class ApplicantRow:
    draw_id: UUID
    applicant: str


@dataclass(slots=True)
class ExpertLoad:
    """What one expert did within a window. ``expected`` is how often a fair draw takes an expert of the disciplines
    drawn for, ``chance`` the probability of being drawn this often or more, ``in_a_row`` the longest run of reviews of
    one applicant with this expert, ``repeated`` whether rule R16 asks a person to look: never a verdict."""

    expert_no: str
    draws: int
    confirmed: int
    declined: int
    recused: int
    no_shows: int
    set_aside: int
    by_hand: int
    reviews: int
    expected: float = 0.0
    chance: float = 1.0
    in_a_row: int = 0
    repeated: bool = False


_LOAD = """
    SELECT expert_no, count(*) FILTER (WHERE NOT by_hand) AS draws,
        count(*) FILTER (WHERE answer = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE answer = 'declined') AS declined,
        count(*) FILTER (WHERE answer = 'recused') AS recused,
        count(*) FILTER (WHERE answer = 'no_show') AS no_shows,
        count(*) FILTER (WHERE answer = 'set_aside') AS set_aside,
        count(*) FILTER (WHERE by_hand) AS by_hand,
        count(reviewed_on) AS reviews, 0.0::float8 AS expected, 1.0::float8 AS chance,
        0::int8 AS in_a_row, false AS repeated
    FROM projections.expert_drawn
    WHERE opened AND drawn_on BETWEEN %(since)s AND %(until)s
        AND (%(discipline)s = '' OR discipline = %(discipline)s) AND (%(expert)s = '' OR expert_no = %(expert)s)
    GROUP BY expert_no"""

_ROUNDS = """
    SELECT * FROM projections.expert_round
    WHERE opened AND drawn_on BETWEEN %(since)s AND %(until)s AND discipline = ANY(%(disciplines)s) AND pool_size > 0"""


_REVIEWS = """
    SELECT applicant, case_no, min(position) AS position, bool_or(expert_no = %(expert)s AND NOT by_hand) AS with_them
    FROM projections.expert_drawn
    WHERE opened AND drawn_on BETWEEN %(since)s AND %(until)s AND applicant <> '' AND applicant IN (
        SELECT applicant FROM projections.expert_drawn WHERE expert_no = %(expert)s)
    GROUP BY applicant, case_no ORDER BY applicant, min(position)"""


@dataclass(slots=True)
class ReviewRow:
    """A reviewed case of an applicant, and whether the expert was drawn for it."""

    applicant: str
    case_no: str
    position: int
    with_them: bool


def _longest_run(reviews: Iterable[ReviewRow]) -> int:
    """How many reviewed cases of one applicant followed each other with the same expert."""
    longest = run = 0
    applicant = ""
    for one in reviews:
        run = (run if one.applicant == applicant else 0) + 1 if one.with_them else 0
        applicant, longest = one.applicant, max(longest, run)
    return longest


def load(
    read: Reader,
    since: date,
    until: date,
    *,
    discipline: str = "",
    expert_no: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ExpertLoad]:
    """Load per expert within a window, the most often drawn first. Raises BadCursor."""
    asked = {"since": since, "until": until, "discipline": discipline, "expert": expert_no}
    found = read.page(
        ExpertLoad, _LOAD, asked, order=("draws", "expert_no"), cursor=cursor, limit=limit, descending=True
    )
    rule = threshold("R16", on=until)
    for row in found.rows:
        disciplines = [one.discipline for one in of_expert(read, row.expert_no, since, until) if not one.by_hand]
        rounds = read.rows(RoundRow, _ROUNDS, asked | {"disciplines": sorted(set(disciplines))})
        chances = [min(1.0, one.drawn / one.pool_size) for one in rounds]
        row.expected, row.chance = round(sum(chances), 4), at_least(row.draws, chances)
        smallest = min((one.pool_size for one in rounds), default=0)
        row.in_a_row = _longest_run(read.rows(ReviewRow, _REVIEWS, asked | {"expert": row.expert_no}))
        row.repeated = (
            (
                (row.draws >= rule["draws"] and row.chance * 1000 < rule["probability"])
                or row.in_a_row >= rule["consecutive_cases"]
            )
            and smallest >= rule["small_pool"]
        )  # fmt: skip
    return found


def of_expert(read: Reader, expert_no: str, since: date, until: date) -> list[DrawnRow]:
    """The draws of one expert within a window, oldest first."""
    return read.rows(
        DrawnRow,
        "SELECT * FROM projections.expert_drawn WHERE opened AND expert_no = %s AND drawn_on BETWEEN %s AND %s"
        " ORDER BY drawn_on, position",
        (expert_no, since, until),
    )


def at_least(times: int, chances: Iterable[float]) -> float:
    """Probability of at least so many successes in independent draws of unequal chances (Poisson binomial)."""
    exactly = [1.0]
    for chance in chances:
        without = [*(p * (1 - chance) for p in exactly), 0.0]
        exactly = [p + q * chance for p, q in zip(without, [0.0, *exactly], strict=True)]
    return min(1.0, sum(exactly[times:])) if times else 1.0


class ExpertLoads(Projection):
    """Who was drawn when, and from how large a pool."""

    NAME = "expert_load"
    ZH = "专家负荷"

    applicants = Table("expert_draw_applicant", ApplicantRow, key=("draw_id",))
    taken = Table(
        "expert_drawn", DrawnRow, key=("draw_id", "expert_no"),
        indexes=("(expert_no, drawn_on)", "(discipline, drawn_on)"),
    )  # fmt: skip
    rounds = Table("expert_round", RoundRow, key=("draw_id", "round"), indexes=("(discipline, drawn_on)",))

    def requested(self, fact: f.ExpertDrawRequested) -> None:
        named = [one.identifier for one in fact.parties if one.role is PartyRole.APPLICANT]
        self.applicants.put(ApplicantRow(fact.originator_id, (named or [""])[0]))

    def drawn(self, fact: f.ExpertsDrawn) -> None:
        day = business_date(fact.occurred_at)
        opened = any(one.opened for one in self.rounds.family(fact.originator_id))
        self.rounds.put(
            RoundRow(fact.originator_id, fact.round, fact.discipline, day, len(fact.candidates), fact.pool_size, opened)
        )
        for one in fact.candidates:
            self._takes(fact, one.expert_no, fact.discipline, day, by_hand=False, opened=opened)

    def picked(self, fact: f.ExpertPickedByHand) -> None:
        opened = any(one.opened for one in self.rounds.family(fact.originator_id))
        day = business_date(fact.occurred_at)
        self._takes(fact, fact.expert_no, fact.discipline, day, by_hand=True, opened=opened)

    def answered(self, fact: f.SeatAnswered) -> None:
        self.taken[fact.originator_id, fact.expert_no].answer = fact.ANSWER

    def redraw_requested(self, fact: f.ExpertRedrawRequested) -> None:
        for no in fact.replaced:
            self.taken[fact.originator_id, no].answer = SeatAnswer.SET_ASIDE

    def review_started(self, fact: f.ExpertReviewStarted) -> None:
        self._opened(fact)
        for one in fact.panel:
            self.taken[fact.originator_id, one.expert_no].reviewed_on = business_date(fact.occurred_at)

    def cancelled(self, fact: f.ExpertDrawCancelled) -> None:
        self._opened(fact)

    def _opened(self, fact: f.DrawFact) -> None:
        for one in self.rounds.family(fact.originator_id):
            one.opened = True
        for taken in self.taken.family(fact.originator_id):
            taken.opened = True

    def _takes(
        self, fact: f.DrawFact, expert_no: str, discipline: str, day: date, *, by_hand: bool, opened: bool
    ) -> None:  # fmt: skip
        applicant = self.applicants.peek(fact.originator_id)
        self.taken.put(
            DrawnRow(
                draw_id=fact.originator_id, expert_no=expert_no, discipline=discipline, case_no=fact.case_no,
                applicant=applicant.applicant if applicant else "", drawn_on=day, by_hand=by_hand,
                answer=SeatAnswer.AWAITED, position=self.position, opened=opened,
            )
        )  # fmt: skip
