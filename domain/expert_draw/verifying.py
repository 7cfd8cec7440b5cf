"""Verifying (抽取核验): whether a recorded draw is what its own facts, and those of the experts, must have led to.

Nothing here asks the platform: an inspector gives the facts, and is told step by step what fits and what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from domain.expert_draw.drawing import (
    Round,
    Told,
    candidates_of,
    commitment_of,
    digest_of,
    seed_of,
    sorted_out,
    told,
)
from domain.kernel.event import Event
from domain.kernel.experts import ExpertStanding
from domain.kernel.words import Word
from domain.rules.dates import business_date
from domain.rules.loader import time_limit


class Check(Word):
    """核验步骤, in the order in which a draw goes."""

    ORDER = "order", "先承诺、再启动、再冻结、后揭示", "commitment, start, freeze and reveal came in this order"
    CASE = "case", "抽取对应的办件", "the draw is for the case that it names"
    COMMITMENT = "commitment", "密值与承诺摘要相符", "the secret fits its commitment"
    POOL_KNOWN = "pool_known", "池中专家的版本为当时版本", "every expert stood so when the pool was frozen"
    POOL_COMPLETE = "pool_complete", "该专业在库专家无遗漏", "no enrolled expert of the discipline is missing"
    EXCLUSIONS = "exclusions", "排除名单与理由可复算", "who was left out, and why, computes to the same"
    SEATS = "seats", "空缺席位相符", "the open seats were drawn"
    POOL_DIGEST = "pool_digest", "专家池摘要相符", "the digest of the pool"
    SEED = "seed", "种子相符", "the seed"
    CANDIDATES = "candidates", "抽取结果可复算", "the candidates compute to the same"


class PoolThen(NamedTuple):
    """The pool when it was frozen, from the experts' own facts: their standings by number and version, which of
    those versions were current between start and freeze, and who had to be listed."""

    standings: Mapping[tuple[str, int], ExpertStanding]
    current: Mapping[str, range]
    due: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One check of one round: whether it fits, what was recorded and what it computes to."""

    round: int
    check: Check
    match: bool
    recorded: Any
    computed: Any


PoolOf = Callable[[Round], PoolThen]


def verified(facts: Iterable[Event], pool_then: PoolOf, case_no: str | None = None) -> tuple[Step, ...]:
    """Every check of every round that was begun. ``case_no`` is what the case itself says, where it is known.

    Raises ValueError when the facts are not those of a draw."""
    whole = told(facts)
    return tuple(step for one in whole.rounds for step in _checked(one, whole, pool_then, case_no))


def _checked(one: Round, whole: Told, pool_then: PoolOf, case_no: str | None) -> Iterator[Step]:
    def step(check: Check, recorded: Any, computed: Any) -> Step:
        return Step(one.number, check, recorded == computed, recorded, computed)

    parts = (one.committed, one.started, one.frozen, one.drawn)
    came = [part.originator_version if part else None for part in parts]
    begun = [version for version in came if version is not None]
    yield step(Check.ORDER, begun, sorted(came[: len(begun)], key=lambda v: (v is None, v)))
    if case_no is not None:
        yield step(Check.CASE, whole.request.case_no, case_no)
    if one.committed is not None and one.drawn is not None:
        yield step(Check.COMMITMENT, one.committed.commitment, commitment_of(one.drawn.secret))
    if one.frozen is not None:
        yield from _pool(one, whole, pool_then(one), step)
        yield step(Check.SEATS, list(one.frozen.seats), list(one.open_seats))
        yield step(Check.POOL_DIGEST, one.frozen.pool_digest, digest_of(one.frozen.pool))
    if one.committed is not None and one.started is not None and one.frozen is not None and one.drawn is not None:
        digest = digest_of(one.frozen.pool)
        seed = seed_of(
            one.drawn.secret, one.started.salt, one.committed.key_id, whole.request.case_no, one.number, digest
        )
        yield step(Check.SEED, one.drawn.seed, seed)
        again = candidates_of(one, whole.request.case_no)
        yield step(Check.CANDIDATES, *([c.expert_no for c in drawn] for drawn in (one.drawn.candidates, again)))


def _pool(one: Round, whole: Told, then: PoolThen, step: Callable[[Check, Any, Any], Step]) -> Iterator[Step]:
    frozen = one.frozen
    assert frozen is not None
    listed = {m.expert_no: m.version for m in (*frozen.pool, *frozen.excluded)}
    known = {
        no: version for no, version in listed.items()
        if (no, version) in then.standings and version in then.current.get(no, range(0))
    }  # fmt: skip
    yield step(Check.POOL_KNOWN, listed, known)
    missing = sorted(then.due - listed.keys())
    yield Step(one.number, Check.POOL_COMPLETE, not missing, sorted(listed), sorted({*listed, *missing}))
    pool, excluded = sorted_out(
        (then.standings[no, version] for no, version in known.items()), discipline=frozen.discipline,
        parties=whole.request.parties, objections=whole.request.objections, drawn_before=one.drawn_before,
        on=one.review_on or frozen.review_on,
        years=time_limit("expert_recusal", on=business_date(frozen.recorded_at)).value,
    )  # fmt: skip
    recorded = [m.expert_no for m in frozen.pool], {m.expert_no: str(m.reason) for m in frozen.excluded}
    computed = [m.expert_no for m in pool], {m.expert_no: str(m.reason) for m in excluded}
    yield step(Check.EXCLUSIONS, recorded, computed)
