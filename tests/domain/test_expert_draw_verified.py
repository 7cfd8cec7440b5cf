"""抽取核验: a draw that was tampered with is found out, and it is said at which step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.expert import DisciplinesChanged, EnrollExpert, Expert, ExpertEnrolled, ExpertSuspended
from domain.expert_draw import facts as f
from domain.expert_draw.drawing import drawn_from
from domain.expert_draw.words import PoolMember, RedrawReason, Seat
from domain.kernel.event import Event
from domain.kernel.experts import expert_stream
from interfaces.draw_audit import Recorded, audited
from tests.domain.experts import TEN, a_round, candidates, decline, drawn
from tests.domain.test_expert_draw import redraw
from tests.specification import CASE_NO, said

START = 1000
"""Positions of the draw begin here; the experts were enrolled long before."""


def enrolled(*, ties: dict[str, tuple] | None = None) -> list[Recorded]:  # type: ignore[type-arg]
    facts = []
    for position, one in enumerate(TEN.standings.values(), 1):
        fact = ExpertEnrolled(
            expert_no=one.expert_no, name=one.name, title="高级工程师", disciplines=one.disciplines,
            ties=(ties or {}).get(one.expert_no, ()),
        )  # fmt: skip
        facts.append(Recorded(position, said(fact, stream=expert_stream(one.expert_no), version=1)))
    return facts


def of_two_rounds() -> list[Recorded]:
    decided = drawn()
    decided = decided.and_when(decline(candidates(decided)[0])).and_when(redraw(RedrawReason.DECLINED))
    for command, by in a_round(2):
        decided = decided.and_when(command, by=by)
    return [Recorded(START + n, fact) for n, fact in enumerate((*decided.past, *decided.facts))]


def changed(draw: list[Recorded], kind: type[Event], **fields: object) -> list[Recorded]:
    """The facts with the first of a kind rewritten, as somebody with the keys of the database might."""
    at = next(n for n, one in enumerate(draw) if isinstance(one.fact, kind))
    return [Recorded(p, x.model_copy(update=fields)) if n == at else Recorded(p, x) for n, (p, x) in enumerate(draw)]


def first(draw: list[Recorded], kind: type[Event]) -> Event:
    return next(one.fact for one in draw if isinstance(one.fact, kind))


def test_an_honest_draw_of_two_rounds_matches_in_every_step():
    verdict = audited(of_two_rounds(), enrolled(), CASE_NO)
    assert verdict["verdict"] == "match", verdict["differs"]
    assert (verdict["rounds"], verdict["drawn"]) == (2, 2)
    assert {step["step"] for step in verdict["steps"]} == {
        "order", "case", "commitment", "pool_known", "pool_complete", "exclusions", "seats", "pool_digest", "seed",
        "candidates",
    }  # fmt: skip


def a_friend(draw: list[Recorded]) -> list[Recorded]:
    """Somebody else sits down in the first seat."""
    fact = first(draw, f.ExpertsDrawn)
    other = next(no for no in TEN.standings if no not in [c.expert_no for c in fact.candidates])  # type: ignore[attr-defined]
    return changed(draw, f.ExpertsDrawn, candidates=(Seat(seat=1, expert_no=other), *fact.candidates[1:]))  # type: ignore[attr-defined]


def another_secret(draw: list[Recorded]) -> list[Recorded]:
    """The secret is chosen after the pool was seen, and everything computed from it."""
    fact, frozen = first(draw, f.ExpertsDrawn), first(draw, f.ExpertPoolFrozen)
    candidates = drawn_from(frozen.pool, "22" * 32, (1, 2, 3))  # type: ignore[attr-defined]
    del fact
    return changed(draw, f.ExpertsDrawn, secret="33" * 32, seed="22" * 32, candidates=candidates)


def a_smaller_pool(draw: list[Recorded]) -> list[Recorded]:
    """An expert is left out of the pool, and nobody says why."""
    frozen = first(draw, f.ExpertPoolFrozen)
    return changed(draw, f.ExpertPoolFrozen, pool=frozen.pool[1:])  # type: ignore[attr-defined]


def an_unknown_version(draw: list[Recorded]) -> list[Recorded]:
    """The pool claims a version of an expert that never was."""
    frozen = first(draw, f.ExpertPoolFrozen)
    rest = frozen.pool[1:]  # type: ignore[attr-defined]
    claimed = PoolMember(expert_no=frozen.pool[0].expert_no, version=9)  # type: ignore[attr-defined]
    return changed(draw, f.ExpertPoolFrozen, pool=(claimed, *rest))


def another_salt(draw: list[Recorded]) -> list[Recorded]:
    return changed(draw, f.ExpertDrawStarted, salt="dice 1 1 1 1")


def fewer_seats(draw: list[Recorded]) -> list[Recorded]:
    return changed(draw, f.ExpertPoolFrozen, seats=(1, 2))


def the_commitment_came_last(draw: list[Recorded]) -> list[Recorded]:
    committed = first(draw, f.DrawSecretCommitted)
    late = committed.model_copy().stamped(originator_version=99)
    return changed(draw, f.DrawSecretCommitted, **late.__dict__)


@pytest.mark.parametrize(
    ("tampered", "found"),
    [
        (a_friend, {"1:candidates"}),
        (another_secret, {"1:commitment", "1:seed", "1:candidates"}),
        (a_smaller_pool, {"1:pool_complete", "1:pool_digest", "1:seed"}),
        (an_unknown_version, {"1:pool_known", "1:exclusions", "1:pool_digest", "1:seed"}),
        (another_salt, {"1:seed"}),
        (fewer_seats, {"1:seats"}),
        (the_commitment_came_last, {"1:order"}),
    ],
)
def test_a_draw_that_was_tampered_with_is_caught_at_the_step_that_differs(
    tampered: Callable[[list[Recorded]], list[Recorded]], found: set[str]
):
    verdict = audited(tampered(of_two_rounds()), enrolled(), CASE_NO)
    assert verdict["verdict"] == "mismatch"
    assert found <= set(verdict["differs"])


def test_a_tied_expert_who_was_not_excluded_is_caught():
    from tests.domain.experts import tie

    verdict = audited(of_two_rounds(), enrolled(ties={"E-0004": (tie(),)}), CASE_NO)
    assert "1:exclusions" in verdict["differs"]


def test_a_draw_for_another_case_than_it_says_is_caught():
    assert "1:case" in audited(of_two_rounds(), enrolled(), "2026-9999")["differs"]


def later(number: int, fact: Event, position: int) -> Recorded:
    return Recorded(position, said(fact, stream=expert_stream(f"E-{number:04d}"), version=2))


def test_who_was_suspended_before_the_start_must_not_be_in_the_pool_and_need_not():
    suspended = later(4, ExpertSuspended(expert_no="E-0004", reason="被投诉"), START - 1)
    verdict = audited(of_two_rounds(), [*enrolled(), suspended], CASE_NO)
    assert "1:pool_known" in verdict["differs"]


def test_what_changed_while_the_pool_was_frozen_may_have_been_seen_or_not():
    moved = later(4, DisciplinesChanged(expert_no="E-0004", disciplines=("GAS",), reason="转行"), START + 2)
    first_round = [one for one in of_two_rounds() if one.position < START + 5]
    places = {type(one.fact): one.position for one in first_round}
    assert places[f.ExpertDrawStarted] == START + 2
    between = moved._replace(position=places[f.ExpertDrawStarted])
    at_start = audited(first_round, [*enrolled(), between], CASE_NO)
    assert "1:pool_known" in at_start["differs"], "at the start itself it was known already"
    spread = [Recorded(one.position * 2, one.fact) for one in first_round]
    during = moved._replace(position=places[f.ExpertDrawStarted] * 2 + 1)
    assert audited(spread, [*enrolled(), during], CASE_NO)["verdict"] == "match"


def test_an_expert_is_known_to_the_audit_as_the_aggregate_itself_tells_it():
    command = EnrollExpert(expert_no="E-0001", name="张三", title="高级工程师", disciplines=("FIRE",))
    assert Expert(command.stream).id == expert_stream("E-0001")
