"""Drawing (抽取算法): the arithmetic of a draw, and the draw computed again from its facts alone.

    key    = HMAC-SHA256(secret, salt)                the platform's half and the officer's half
    digest = SHA-256 of one line per member, ``expert_no version``, sorted by expert_no
    seed   = HMAC-SHA256(key, key_id ␟ case_no ␟ round ␟ digest)
    drawn  = the first ``seats`` members in the order of HMAC-SHA256(seed, expert_no)

Every order of the pool is equally likely, whoever numbered the experts; ␟ is the unit separator U+001F."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from domain.expert_draw import facts as f
from domain.expert_draw.words import HOLDING, Exclusion, ExclusionReason, Objection, Party, PoolMember, Seat, SeatAnswer
from domain.kernel.event import Event
from domain.kernel.experts import ExpertStanding, ExpertState


def commitment_of(secret: str) -> str:
    """What is published of a secret before it is used. ``secret`` is hexadecimal."""
    return sha256(bytes.fromhex(secret)).hexdigest()


def digest_of(pool: Iterable[PoolMember]) -> str:
    lines = sorted(f"{member.expert_no} {member.version}" for member in pool)
    return sha256("\n".join(lines).encode()).hexdigest()


def seed_of(secret: str, salt: str, key_id: str, case_no: str, round: int, pool_digest: str) -> str:
    key = hmac.digest(bytes.fromhex(secret), salt.encode(), sha256)
    said = "\x1f".join([key_id, case_no, str(round), pool_digest])
    return hmac.digest(key, said.encode(), sha256).hex()


def drawn_from(pool: Iterable[PoolMember], seed: str, seats: Sequence[int]) -> tuple[Seat, ...]:
    """Who takes the open seats; fewer where the pool is smaller."""
    key = bytes.fromhex(seed)
    order = sorted((m.expert_no for m in pool), key=lambda no: (hmac.digest(key, no.encode(), sha256), no))
    return tuple(Seat(seat=seat, expert_no=no) for seat, no in zip(seats, order, strict=False))


def sorted_out(
    standings: Iterable[ExpertStanding],
    *,
    discipline: str,
    parties: Iterable[Party],
    objections: Iterable[Objection],
    drawn_before: Iterable[str],
    on: date,
    years: int,
) -> tuple[tuple[PoolMember, ...], tuple[Exclusion, ...]]:
    """Who may be drawn, and who may not and why, both sorted by number. ``on`` is the day of the review."""
    tied = {party.identifier: party for party in parties}
    objected = {one.expert_no: one.reason for one in objections}
    before = set(drawn_before)
    pool: list[PoolMember] = []
    left_out: list[Exclusion] = []
    for one in sorted(standings, key=lambda s: s.expert_no):
        found = _excluded(one, discipline, tied, objected, before, on, years)
        if found is None:
            pool.append(PoolMember(expert_no=one.expert_no, version=one.version))
        else:
            reason, because = found
            left_out.append(
                Exclusion(expert_no=one.expert_no, version=one.version, reason=reason, because=because[:2000])
            )
    return tuple(pool), tuple(left_out)


def _excluded(
    one: ExpertStanding, discipline: str, tied: dict[str, Party], objected: dict[str, str], before: set[str],
    on: date, years: int,
) -> tuple[ExclusionReason, str] | None:  # fmt: skip
    if one.state is not ExpertState.ENROLLED:
        gone = one.state is ExpertState.REMOVED
        return (ExclusionReason.REMOVED if gone else ExclusionReason.SUSPENDED), ""
    if discipline not in one.disciplines:
        return ExclusionReason.OTHER_DISCIPLINE, "、".join(one.disciplines)
    binding = [tie for tie in one.ties if tie.party in tied and tie.binds(on, years)]
    if binding:
        return ExclusionReason.TIE, "; ".join(f"{tied[tie.party].role}: {tie}" for tie in binding)
    if one.expert_no in objected:
        return ExclusionReason.OBJECTED, objected[one.expert_no]
    if one.expert_no in before:
        return ExclusionReason.DRAWN_BEFORE, ""
    return None


@dataclass(slots=True)
class Round:
    """One round as its facts tell it; a part is none until its fact was recorded."""

    number: int
    committed: f.DrawSecretCommitted | None = None
    started: f.ExpertDrawStarted | None = None
    frozen: f.ExpertPoolFrozen | None = None
    drawn: f.ExpertsDrawn | None = None
    open_seats: tuple[int, ...] = ()
    drawn_before: tuple[str, ...] = ()
    review_on: date | None = None


class Told(NamedTuple):
    """A whole draw, read back."""

    request: f.ExpertDrawRequested
    rounds: tuple[Round, ...]


def told(facts: Iterable[Event]) -> Told:
    """The facts of one draw, round by round. Raises ValueError when they do not begin with its request."""
    request: f.ExpertDrawRequested | None = None
    review_on: date | None = None
    rounds: list[Round] = [Round(1)]
    seats: dict[int, str] = {}
    answers: dict[str, SeatAnswer] = {}
    for fact in facts:
        match fact:
            case f.ExpertDrawRequested():
                request, review_on = fact, fact.review_on
            case f.ExpertReviewRescheduled():
                review_on = fact.review_on
            case f.DrawSecretCommitted():
                rounds[-1].committed = rounds[-1].committed or fact
            case f.ExpertDrawStarted():
                rounds[-1].started = fact
            case f.ExpertPoolFrozen():
                assert request is not None
                rounds[-1].frozen = fact
                held = {seat for seat, no in seats.items() if answers[no] in HOLDING}
                rounds[-1].open_seats = tuple(n for n in range(1, request.seats + 1) if n not in held)
                rounds[-1].drawn_before, rounds[-1].review_on = tuple(answers), review_on
            case f.ExpertsDrawn():
                rounds[-1].drawn = fact
                for one in fact.candidates:
                    seats[one.seat], answers[one.expert_no] = one.expert_no, SeatAnswer.AWAITED
            case f.ExpertPickedByHand():
                seats[fact.seat], answers[fact.expert_no] = fact.expert_no, SeatAnswer.AWAITED
            case f.ExpertRedrawRequested():
                answers |= dict.fromkeys(fact.replaced, SeatAnswer.SET_ASIDE)
                rounds.append(Round(fact.round))
            case f.SeatAnswered():
                answers[fact.expert_no] = fact.ANSWER
            case _:
                continue
    if request is None:
        raise ValueError("这不是一次专家抽取的事实。These are not the facts of a draw.")
    return Told(request, tuple(rounds))


def recomputed(facts: Iterable[Event]) -> tuple[Seat, ...]:
    """Who must have been drawn in the last round that was drawn, computed from the facts of the draw alone.

    Raises ValueError when nothing was drawn yet."""
    whole = told(facts)
    for one in reversed(whole.rounds):
        if one.drawn is not None:
            return candidates_of(one, whole.request.case_no)
    raise ValueError("尚未抽取。Nothing was drawn yet.")


def candidates_of(one: Round, case_no: str) -> tuple[Seat, ...]:
    """Who must have been drawn in a round; nobody where a part of it is missing."""
    if one.committed is None or one.started is None or one.frozen is None or one.drawn is None:
        return ()
    digest = digest_of(one.frozen.pool)
    seed = seed_of(one.drawn.secret, one.started.salt, one.committed.key_id, case_no, one.number, digest)
    return drawn_from(one.frozen.pool, seed, one.open_seats)
