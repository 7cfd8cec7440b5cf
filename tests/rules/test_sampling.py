"""抽查: anyone who draws again gets the same, and nobody can choose what is drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.sampling import drawn, pool_digest, sample_size, seed_of

POOLS = st.sets(st.text("0123456789abcdef", min_size=4, max_size=8), min_size=1, max_size=60)


@given(POOLS, st.randoms(use_true_random=False))
def test_the_order_of_the_pool_changes_nothing(pool, random):
    shuffled = sorted(pool)
    random.shuffle(shuffled)
    assert pool_digest(shuffled) == pool_digest(pool)
    seed = seed_of(pool, "ITEM", "2026-03-02")
    assert seed == seed_of(shuffled, "ITEM", "2026-03-02")
    assert drawn(pool, seed, 5) == drawn(shuffled, seed, 5)


@given(POOLS, st.integers(0, 70))
def test_members_of_the_pool_are_drawn_each_once(pool, size):
    chosen = drawn(pool, seed_of(pool, "ITEM"), size)
    assert len(chosen) == len(set(chosen)) == min(size, len(pool))
    assert set(chosen) <= pool


@given(POOLS)
def test_another_member_makes_another_seed(pool):
    assert seed_of(pool, "ITEM") != seed_of(pool | {"zz"}, "ITEM")
    assert seed_of(pool, "ITEM") != seed_of(pool, "ITEM-2")


@pytest.mark.parametrize(
    ("pool", "percent", "size"), [(1, 10, 1), (10, 10, 1), (11, 10, 2), (100, 10, 10), (3, 100, 3), (5, 0, 0), (0, 10, 0)]
)
def test_the_ratio_is_rounded_up_and_never_beyond_the_pool(pool, percent, size):
    assert sample_size(pool, percent) == size


def test_no_place_in_the_pool_is_favoured():
    pool = [f"{n:03}" for n in range(100)]
    counted = dict.fromkeys(pool, 0)
    for day in range(400):
        for member in drawn(pool, seed_of(pool, "ITEM", str(day)), 10):
            counted[member] += 1
    # 40 draws are expected of each; ten standard deviations would be a way of drawing that prefers somebody.
    assert min(counted.values()) > 5
    assert max(counted.values()) < 100


def test_a_draw_is_the_same_on_every_machine():
    """Recorded once: a change of the method must take another name, or old samples can no longer be drawn again."""
    pool = ["a", "b", "c", "d"]
    seed = seed_of(pool, "ITEM", "2026-03-02")
    assert seed == SEED
    assert drawn(pool, seed, 2) == DRAWN


SEED = "ba7666a3ecc97c12bc2cd8c35f3d9ddc839d0879c5e659635435ba738f52f2a3"
DRAWN = ["b", "d"]
