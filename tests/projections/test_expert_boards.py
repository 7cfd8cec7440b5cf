"""Who is in the pool, which draws stand where, and how often is each expert drawn?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import pytest
from world import World

from domain import expert as e
from domain.expert_draw import commands as c
from domain.expert_draw.draw import ExpertDraw
from domain.expert_draw.words import RedrawReason
from domain.kernel.experts import DrawSeen, ExpertStanding, expert_stream
from domain.kernel.licensing import CaseSeen
from interfaces.cli.demo.experts import EXPERTS, enrolments
from projections import expert_draws, expert_load, expert_pool
from projections.expert_draws import HIDDEN, ExpertDraws
from projections.expert_load import ExpertLoads, at_least
from projections.expert_pool import ExpertPool
from tests.domain.experts import REQUEST, TEN, commit, confirm, decline, reveal, start, tie
from tests.specification import DECIDER, EXAMINER, MONDAY, PLATFORM, STEWARD, WEDNESDAY


class PoolWorld:
    """A world whose draws look up the experts that were enrolled in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.experts = self.experts  # type: ignore[method-assign]
        world.case = self.case  # type: ignore[method-assign]
        world.draw = lambda draw_id: DrawSeen(over=True)  # type: ignore[method-assign]

    def case(self, case_id: UUID) -> CaseSeen | None:
        return TEN.case(case_id)

    def experts(self, numbers: Iterable[str]) -> tuple[ExpertStanding, ...]:
        known = (self.world.streams.get(expert_stream(no)) for no in numbers)
        return tuple(one.standing for one in known if isinstance(one, e.Expert))

    def enroll(self, count: int = 6, disciplines: tuple[str, ...] = ("FIRE",)) -> None:
        for n in range(1, count + 1):
            enrol = e.EnrollExpert(expert_no=f"E-{n:04d}", name=f"张专家{n}", title="高工", disciplines=disciplines)
            self.world.do(enrol, by=STEWARD)

    def drawn(self, request: c.RequestExpertDraw = REQUEST) -> UUID:
        self.world.do(request, by=EXAMINER)
        self.round(request.stream)
        return request.stream

    def round(self, draw_id: UUID, number: int = 1) -> None:
        numbers = tuple(one.expert_no for one in self.world.streams.values() if isinstance(one, e.Expert))
        for command, by in (
            (commit(number), PLATFORM), (start(f"dice of {number}"), EXAMINER),
            (c.FreezeExpertPool(draw_id=draw_id, round=number, experts=numbers), PLATFORM), (reveal(number), PLATFORM),
        ):  # fmt: skip
            self.world.do(command.model_copy(update={"draw_id": draw_id}), by=by)

    def panel(self, draw_id: UUID) -> list[str]:
        draw = self.world.streams[draw_id]
        assert isinstance(draw, ExpertDraw)
        return [no for _, no in sorted(draw.panel.items())]


@pytest.fixture
def town(world: World) -> PoolWorld:
    made = PoolWorld(world)
    made.enroll()
    return made


def test_the_pool_is_read_by_discipline_state_and_number_and_pages(world: World, town: PoolWorld) -> None:
    stream = expert_stream("E-0002")
    world.do(e.ChangeDisciplines(expert_id=stream, disciplines=("FIRE", "GAS"), reason="增项"), by=STEWARD)
    world.do(e.DeclareTie(expert_id=stream, tie=tie()), by=STEWARD)
    world.do(e.SuspendExpert(expert_id=expert_stream("E-0003"), reason="被投诉"), by=STEWARD)
    world.do(e.RemoveExpert(expert_id=expert_stream("E-0004"), reason="退休"), by=STEWARD)
    read = world.folded(ExpertPool).read
    row = expert_pool.expert(read, "E-0002", masked=False)
    assert row is not None
    assert (row.name, row.disciplines, row.ties, row.version) == ("张专家2", ["FIRE", "GAS"], 1, 3)
    assert expert_pool.expert(read, "E-0002").name == "张***"  # type: ignore[union-attr]
    assert expert_pool.by_id(read, str(stream)) == expert_pool.expert(read, "E-0002")
    assert [r.expert_no for r in expert_pool.find(read, discipline="GAS").rows] == ["E-0002"]
    assert [r.reason for r in expert_pool.find(read, state="suspended").rows] == ["被投诉"]
    first = expert_pool.find(read, number="E-", limit=4)
    assert len(first.rows) == 4
    assert [r.expert_no for r in expert_pool.find(read, cursor=first.next, limit=4).rows] == ["E-0005", "E-0006"]
    assert expert_pool.in_discipline(read, "FIRE") == ["E-0001", "E-0002", "E-0003", "E-0005", "E-0006"]
    sizes = {s.discipline: (s.enrolled, s.suspended) for s in expert_pool.sizes(read)}
    assert sizes == {"FIRE": (4, 1), "GAS": (1, 0)}


def test_until_the_review_starts_only_those_on_duty_read_who_was_drawn(world: World, town: PoolWorld) -> None:
    draw_id = town.drawn()
    read = world.folded(ExpertDraws).read
    numbers = town.panel(draw_id)
    for officer, seen in ((EXAMINER.id, numbers), (DECIDER.id, [HIDDEN] * 3), ("", [HIDDEN] * 3)):
        row = expert_draws.draw(read, draw_id, officer=officer)
        assert row is not None
        assert [one["expert_no"] for one in row.candidates] == seen
        (listed,) = expert_draws.find(read, officer=officer).rows
        assert [one["expert_no"] for one in listed.candidates] == seen
    whole = expert_draws.draw(read, draw_id, everything=True)
    assert whole is not None
    assert [one["expert_no"] for one in whole.candidates] == numbers
    world.do(c.AssignDrawDuty(draw_id=draw_id, officer=DECIDER.id, reason="分管"), by=DECIDER)
    read = world.folded(ExpertDraws).read
    assert HIDDEN not in str(expert_draws.draw(read, draw_id, officer=DECIDER.id))
    for no in numbers:
        world.do(c.ConfirmExpert(draw_id=draw_id, expert_no=no), by=EXAMINER)
    world.do(c.StartExpertReview(draw_id=draw_id), by=EXAMINER, at=WEDNESDAY)
    assert HIDDEN not in str(expert_draws.draw(world.folded(ExpertDraws).read, draw_id))


def test_a_draw_is_followed_from_the_request_to_the_redraw(world: World, town: PoolWorld) -> None:
    world.do(REQUEST, by=EXAMINER)
    read = world.folded(ExpertDraws).read
    assert expert_draws.open_of_case(read, REQUEST.case_id) == [REQUEST.stream]
    (row,) = expert_draws.find(read, open_only=True, discipline="FIRE", state="requested").rows
    assert (row.seats, row.review_on, row.on_duty) == (3, REQUEST.review_on, [EXAMINER.id])
    town.round(REQUEST.stream)
    gone = town.panel(REQUEST.stream)[0]
    world.do(decline(gone), by=EXAMINER)
    redraw = c.RedrawExperts(draw_id=REQUEST.stream, reason=RedrawReason.DECLINED, explanation="另抽")
    world.do(redraw, by=EXAMINER)
    town.round(REQUEST.stream, 2)
    found = expert_draws.draw(world.folded(ExpertDraws).read, REQUEST.stream, officer=EXAMINER.id)
    assert found is not None
    assert (found.state, found.round, found.rounds_drawn, found.pool_size) == ("drawn", 2, 2, 3)
    assert found.excluded == {"drawn_before": 3}
    assert [(one["answer"], one["round"]) for one in found.candidates] == [
        ("declined", 1), ("awaited", 1), ("awaited", 1), ("awaited", 2),
    ]  # fmt: skip
    assert (found.without_cause, found.beyond, found.by_hand) == (0, False, 0)


def test_a_complete_panel_that_loses_a_member_is_open_again(world: World, town: PoolWorld) -> None:
    draw_id = town.drawn()
    for no in town.panel(draw_id):
        world.do(confirm(no), by=EXAMINER)
    assert expert_draws.draw(world.folded(ExpertDraws).read, draw_id).state == "panel_complete"  # type: ignore[union-attr]
    world.do(c.NoteExpertNoShow(draw_id=draw_id, expert_no=town.panel(draw_id)[0]), by=EXAMINER, at=WEDNESDAY)
    assert expert_draws.draw(world.folded(ExpertDraws).read, draw_id).state == "drawn"  # type: ignore[union-attr]


def test_set_aside_named_by_hand_and_cancelled_are_on_the_board(world: World, town: PoolWorld) -> None:
    draw_id = town.drawn()
    first = town.panel(draw_id)[0]
    world.do(c.AssignDrawDuty(draw_id=draw_id, officer=DECIDER.id, reason="分管"), by=DECIDER)
    world.do(
        c.RedrawExperts(draw_id=draw_id, reason=RedrawReason.SET_ASIDE, explanation="换人", replace=(first,)),
        by=EXAMINER,
    )
    town.round(draw_id, 2)
    world.do(decline(town.panel(draw_id)[0]), by=EXAMINER)
    free = next(n for n in ("E-0001", "E-0002", "E-0003", "E-0004", "E-0005", "E-0006")
                if n not in world.streams[draw_id].answers)  # type: ignore[attr-defined]  # fmt: skip
    pick = c.PickExpertByHand(draw_id=draw_id, expert_no=free, reason="其余专家均不能到场评审")
    world.do(pick, by=DECIDER)
    world.do(c.CancelExpertDraw(draw_id=draw_id, reason="申请人撤回"), by=EXAMINER)
    read = world.folded(ExpertDraws, ExpertLoads).read
    row = expert_draws.draw(read, draw_id)
    assert row is not None
    assert (row.state, row.without_cause, row.by_hand, row.reason) == ("cancelled", 1, 1, "申请人撤回")
    assert expert_draws.open_of_case(read, REQUEST.case_id) == []
    day = MONDAY.date()
    loads = {one.expert_no: one for one in expert_load.load(read, day, day).rows}
    assert (loads[first].set_aside, loads[first].draws) == (1, 1)
    assert (loads[free].by_hand, loads[free].draws) == (1, 0)


def test_the_load_counts_only_what_a_started_review_has_made_known(world: World, town: PoolWorld) -> None:
    draw_id = town.drawn()
    day = MONDAY.date()
    assert expert_load.load(world.folded(ExpertLoads).read, day, day).rows == []
    panel = town.panel(draw_id)
    for no in panel:
        world.do(confirm(no), by=EXAMINER)
    world.do(c.StartExpertReview(draw_id=draw_id), by=EXAMINER, at=WEDNESDAY)
    read = world.folded(ExpertLoads).read
    found = expert_load.load(read, day, day).rows
    assert sorted(one.expert_no for one in found) == sorted(panel)
    for one in found:
        assert (one.draws, one.confirmed, one.reviews, one.expected, one.repeated) == (1, 1, 1, 0.5, False)
        assert one.chance == pytest.approx(0.5)
    assert expert_load.load(read, day + timedelta(days=1), day + timedelta(days=9)).rows == []
    assert expert_load.load(read, day, day, discipline="GAS").rows == []
    (mine,) = expert_load.load(read, day, day, expert_no=panel[0]).rows
    assert mine.expert_no == panel[0]
    first = expert_load.load(read, day, day, limit=2)
    assert len([*first.rows, *expert_load.load(read, day, day, limit=2, cursor=first.next).rows]) == 3
    (detail,) = expert_load.of_expert(read, panel[0], day, day)
    assert (detail.applicant, detail.reviewed_on) == (REQUEST.parties[0].identifier, WEDNESDAY.date())


def test_an_expert_drawn_far_more_often_than_chance_gives_is_a_lead(world: World, town: PoolWorld) -> None:
    """Recorded as somebody with the keys might have written it: one and the same expert, five times of sixty."""
    from domain.expert_draw import facts as f
    from domain.expert_draw.words import PanelMember, Seat

    for number in range(1, 6):
        request = REQUEST.model_copy(update={"number": number})
        (asked,) = world.do(request, by=EXAMINER)
        case = {"case_id": request.case_id, "case_no": request.case_no}
        world.versions[request.stream] = asked.originator_version
        drawn = f.ExpertsDrawn(
            **case, round=1, discipline="FIRE", secret="11" * 32, seed="22" * 32, pool_digest="33" * 32, pool_size=60,
            candidates=(Seat(seat=1, expert_no="E-0001"), Seat(seat=2, expert_no=f"E-{100 + number}")), wanted=2,
            review_on=request.review_on,
        )  # fmt: skip
        began = f.ExpertReviewStarted(
            **case, panel=(PanelMember(seat=1, expert_no="E-0001", name="张三"),), discipline="FIRE",
            drawn_on=date(2026, 3, 2), latest=None, too_early=False,
        )  # fmt: skip
        world.record(drawn, began, stream=request.stream)
    read = world.folded(ExpertLoads).read
    day = MONDAY.date()
    rows = expert_load.load(read, day, day).rows
    assert [one.expert_no for one in rows if one.repeated] == ["E-0001"]
    assert rows[0].draws == 5
    assert rows[0].expected == pytest.approx(5 * 2 / 60, abs=1e-4)
    assert rows[0].chance == pytest.approx((2 / 60) ** 5)


def test_an_expert_in_three_cases_of_one_applicant_in_a_row_is_a_lead(world: World, town: PoolWorld) -> None:
    from domain.expert_draw import facts as f
    from domain.expert_draw.words import Seat

    seats = ["E-0001", "E-0001", "E-0002", "E-0001", "E-0001", "E-0001"]
    for number, expert_no in enumerate(seats, 1):
        request = REQUEST.model_copy(update={"number": number})
        (asked,) = world.do(request, by=EXAMINER)
        world.versions[request.stream] = asked.originator_version
        case = {"case_id": request.case_id, "case_no": f"C-{number}"}
        drawn = f.ExpertsDrawn(
            **case, round=1, discipline="FIRE", secret="11" * 32, seed="22" * 32, pool_digest="33" * 32, pool_size=60,
            candidates=(Seat(seat=1, expert_no=expert_no),), wanted=1, review_on=request.review_on,
        )  # fmt: skip
        world.record(drawn, f.ExpertDrawCancelled(**case, reason="例", rounds_drawn=1), stream=request.stream)
    day = MONDAY.date()
    loads = {one.expert_no: one for one in expert_load.load(world.folded(ExpertLoads).read, day, day).rows}
    assert (loads["E-0001"].in_a_row, loads["E-0001"].repeated) == (3, True)
    assert (loads["E-0002"].in_a_row, loads["E-0002"].repeated) == (1, False)


@pytest.mark.parametrize(
    ("times", "chances", "probability"),
    [(0, [], 1.0), (1, [], 0.0), (1, [0.5], 0.5), (2, [0.5, 0.5], 0.25), (1, [0.5, 0.5], 0.75), (1, [0.2, 1.0], 1.0)],
)
def test_the_probability_of_being_drawn_so_often(times: int, chances: list[float], probability: float) -> None:
    assert at_least(times, chances) == pytest.approx(probability)


def test_the_sample_pool_has_1304_experts_in_20_disciplines_and_is_the_same_for_the_same_seed() -> None:
    pool = list(enrolments())
    assert pool == list(enrolments())
    assert pool != list(enrolments(21))
    assert len(pool) == EXPERTS == 1304
    assert len({one.expert_no for one in pool}) == EXPERTS
    firsts = [one.disciplines[0] for one in pool]
    assert len(set(firsts)) == 20
    assert {firsts.count(d) for d in set(firsts)} == {65, 66}


def test_the_whole_sample_pool_is_enrolled_and_counted(world: World) -> None:
    for enrol in enrolments():
        world.do(enrol, by=STEWARD)
    sizes = expert_pool.sizes(world.folded(ExpertPool).read)
    assert len(sizes) == 20
    assert sum(one.enrolled for one in sizes) > EXPERTS
    assert min(one.enrolled for one in sizes) >= 65
