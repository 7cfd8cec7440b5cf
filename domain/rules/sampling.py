"""Sampling (抽查): which of a pool are drawn, so that anyone can draw again and get the same.

The seed follows from the pool itself: whoever draws can choose neither it nor what it brings. Sorted by
SHA-256(seed, member), the first ones are drawn; no member can be favoured without changing the pool's digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

METHOD = "sha256-rank-1"
"""Name of this way of drawing, recorded with every sample."""


def pool_digest(pool: Iterable[str]) -> str:
    """Digest of a pool, whatever its order."""
    return sha256("\n".join(sorted(pool)).encode()).hexdigest()


def seed_of(pool: Iterable[str], *about: str) -> str:
    """The seed of a sample: what it is about (item, day …) and its pool."""
    return sha256("\n".join([METHOD, *about, pool_digest(pool)]).encode()).hexdigest()


def sample_size(pool: int, percent: int) -> int:
    """How many are drawn: the ratio rounded up, so that a small pool is not left without any."""
    return min(pool, -(-pool * percent // 100))


def drawn(pool: Iterable[str], seed: str, size: int) -> Sequence[str]:
    """The members drawn, in the order of the draw."""
    return sorted(set(pool), key=lambda member: sha256(f"{seed}\n{member}".encode()).digest())[:size]
