"""政策执行: what a fact causes is done exactly once, whatever dies, repeats or fails; what is refused lies where people look."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.approval_case import commands as c
from domain.approval_case.facts import DecisionGranted, MaterialReceived
from domain.approval_case.words import Outcome
from domain.consultation import CancelConsultation, RequestConsultation, consultation_stream
from domain.kernel.identity import stream_id
from domain.kernel.words import Body, Change, ClaimMode
from domain.parked_message import MessageParked
from domain.policies.consult_when_item_or_finding_demands import ConsultWhenItemOrFindingDemands
from domain.policies.note_what_is_overdue import NoteWhatIsOverdue
from domain.policies.policy import Commands, Policy
from domain.policies.push_decision_to_every_regulator import PushDecisionToEveryRegulator
from domain.policies.remind_then_escalate_unclaimed_push import OverduePush, RemindThenEscalateUnclaimedPush
from domain.push import PushDispatched, PushState, push_stream
from domain.store import AlreadyTracked
from domain.subscription import Terms
from infra.workers.policies import PAUSE, EndOfLog, PolicyRunner, TimerRunner, TimersFailed, position_name
from tests.application.office import MARKET, PUBLISH, Office, Open, the_rest
from tests.specification import ACCEPTOR, EXAMINER, FIRE, HEALTH, MONDAY, STEWARD


@dataclass
class Story:
    """A clock that stands where the story stands."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass
class Contracts:
    regulators: tuple[Body, ...] = ()
    mode: ClaimMode = ClaimMode.EXPLICIT

    def of_regulator(self, regulator: str, on: date) -> Terms | None:
        return None

    def covering(self, item: str, region: str | None, change: Change, on: date) -> Sequence[Terms]:
        return [
            Terms(
                regulator=one, purpose="监管", legal_basis="办法", contact="张三", effective_from=date(2026, 1, 1),
                claim_mode=self.mode,
            )
            for one in self.regulators
        ]  # fmt: skip


class RemarkWhatIsReceived(Policy):
    """Planted: reacts to a receipt, and fails while it is told to."""

    ZH = "试验政策"
    failing = False

    def on_receipt(self, fact: MaterialReceived) -> Commands:
        if self.failing:
            raise RuntimeError("planted")
        yield c.NoteConsultation(
            case_id=fact.originator_id, consultation_id=fact.originator_id, cause="planted", outcome=Outcome.SUPPORTED
        )


def runner_of(office: Office, policy: Policy, *, seen: bool = True) -> PolicyRunner:
    return PolicyRunner(office.app, office.recorder, policy, Story(), lambda *_: seen)


def pushing(*more: Body) -> PushDecisionToEveryRegulator:
    return PushDecisionToEveryRegulator(Contracts(more))


async def run_out(runner: PolicyRunner) -> None:
    while await runner.run_once():
        pass


def forget(store: psycopg.Connection[Any], policy: Policy) -> None:
    """The position is lost, so every fact comes again."""
    gone = store.execute("DELETE FROM approval_tracking WHERE application_name = %s", (position_name(policy),))
    assert gone.rowcount == 1


# Exactly once


async def test_what_a_fact_causes_is_done_and_the_position_moves_with_it(
    office: Office, store: psycopg.Connection[Any]
):
    stream = await office.granted()
    decision = office.facts(stream)[-1]
    runner = runner_of(office, pushing(FIRE))
    await run_out(runner)
    pushed = [fact for fact in office.facts() if isinstance(fact, PushDispatched)]
    assert [fact.regulator for fact in pushed] == [MARKET.code, FIRE.code]
    assert {fact.cause_id for fact in pushed} == {decision.id}
    assert {fact.correlation_id for fact in pushed} == {str(stream)}
    assert {fact.actor.id for fact in pushed} == {"push_decision_to_every_regulator"}
    assert {fact.originator_id for fact in pushed} == {
        push_stream(stream, decision.id, code) for code in (MARKET.code, FIRE.code)
    }
    assert (runner.carried_out, runner.refused) == (2, 0)
    assert office.recorder.position("policy:push_decision_to_every_regulator") == office.recorder.head()
    rows = store.execute(
        "SELECT xmin::text FROM approval_events WHERE topic = %s UNION SELECT xmin::text FROM approval_requests"
        " WHERE request_id LIKE %s",
        (PushDispatched.TOPIC, "push_decision%"),
    ).fetchall()
    assert len(rows) == 1, "facts and requests in one commit"


async def test_the_same_log_seen_again_from_the_start_by_another_runner_adds_nothing(
    open_office: Open, store: psycopg.Connection[Any]
):
    office = open_office()
    for number in range(5):
        await office.granted(f"2026-{number:04}")
    await run_out(runner_of(office, pushing(FIRE, HEALTH)))
    head = office.recorder.head()
    for again in (office, open_office()):
        forget(store, pushing())
        runner = runner_of(again, pushing(FIRE, HEALTH))
        await run_out(runner)
        assert (again.recorder.head(), runner.carried_out, runner.refused) == (head, 15, 0)


async def test_a_policy_that_reads_something_else_the_second_time_doubles_and_parks_nothing(
    office: Office, store: psycopg.Connection[Any]
):
    await office.granted()
    await run_out(runner_of(office, pushing(FIRE)))
    forget(store, pushing())
    await run_out(runner_of(office, pushing(HEALTH, FIRE)))
    pushed = [fact.regulator for fact in office.facts() if isinstance(fact, PushDispatched)]
    assert pushed == [MARKET.code, FIRE.code, HEALTH.code]
    assert "MessageParked" not in office.told()


async def test_a_policy_that_would_say_it_otherwise_the_second_time_doubles_and_parks_nothing(
    office: Office, store: psycopg.Connection[Any]
):
    await office.granted()
    await run_out(runner_of(office, pushing(FIRE)))
    head = office.recorder.head()
    forget(store, pushing())
    await run_out(runner_of(office, PushDecisionToEveryRegulator(Contracts((FIRE,), ClaimMode.SIGNATURE))))
    assert office.recorder.head() == head


async def test_a_runner_that_dies_between_decision_and_commit_has_done_nothing_and_the_next_does_it_once(
    open_office: Open,
):
    dying, next_one = open_office(), open_office()
    await dying.granted()
    head = dying.recorder.head()
    dying.commits.failures = [RuntimeError("planted")]
    with pytest.raises(RuntimeError, match="planted"):
        await runner_of(dying, pushing()).run_once()
    assert dying.recorder.head() == head
    assert dying.recorder.position("policy:push_decision_to_every_regulator") is None
    await run_out(runner_of(next_one, pushing()))
    assert next_one.told().count("PushDispatched") == 1


async def test_two_runners_of_one_policy_at_once_do_each_thing_once(open_office: Open):
    one, two = open_office(), open_office()
    for number in range(6):
        await one.granted(f"2026-{number:04}")
    runners = [runner_of(office, pushing(FIRE)) for office in (one, two)]
    answers = await asyncio.gather(*(runner.run_once() for runner in runners), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyTracked", "int"]
    for runner, answer in zip(runners, answers, strict=True):
        if isinstance(answer, AlreadyTracked):
            runner.start_over()
        await run_out(runner)
    assert one.told().count("PushDispatched") == 12


async def test_policies_look_at_the_log_only_when_it_has_grown_and_then_miss_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    await office.granted()
    end = EndOfLog(office.recorder)
    runner = runner_of(office, pushing(FIRE))
    runner.end_of_log = end
    reads: list[int] = []
    read = office.recorder.read
    monkeypatch.setattr(office.recorder, "read", lambda after, *more: reads.append(after) or read(after, *more))
    stop = asyncio.Event()
    running = asyncio.create_task(runner.run(stop))
    try:
        async with asyncio.timeout(30):
            while office.told().count("PushDispatched") < 2 or await end.lies_beyond(runner._position or 0):
                await asyncio.sleep(0.02)
            seen = len(reads)
            await asyncio.sleep(5 * PAUSE)
            assert len(reads) == seen, "nothing was recorded, so nothing was read"
            await office.granted("2026-0009")
            while office.told().count("PushDispatched") < 4:
                await asyncio.sleep(0.02)
    finally:
        stop.set()
        await running


async def test_a_policy_does_not_act_on_answers_that_have_not_seen_the_fact(office: Office):
    await office.granted()
    runner = runner_of(office, pushing(), seen=False)
    with pytest.raises(Exception, match="catalogue"):
        await runner.run_once()
    assert "PushDispatched" not in office.told()


# What is refused


async def withdrawn_from_an_unknown_case(office: Office) -> UUID:
    """A consultation on a case that nobody knows, cancelled: the policy will want to tell that case."""
    nowhere = stream_id("case", 2026, "platform", "nobody")
    request = RequestConsultation(
        case_id=nowhere, case_no="nobody", item_name="食品经营许可", invited=(FIRE,), question="?", cause="item"
    )
    await office.do(request, EXAMINER)
    cancel = CancelConsultation(consultation_id=consultation_stream(nowhere, "item"), reason="撤回")
    await office.do(cancel, EXAMINER)
    return nowhere


async def test_an_order_of_a_policy_that_is_refused_is_parked_with_the_reason_and_the_next_one_is_done(
    office: Office, store: psycopg.Connection[Any]
):
    nowhere = await withdrawn_from_an_unknown_case(office)
    await office.do(PUBLISH.model_copy(update={"consult": (FIRE,)}), STEWARD)
    stream = await office.received()
    await office.all(*the_rest(stream)[:1])
    policy = ConsultWhenItemOrFindingDemands()
    runner = runner_of(office, policy)
    await run_out(runner)
    [parked] = [fact for fact in office.facts() if isinstance(fact, MessageParked)]
    assert (parked.topic, parked.reason, parked.key) == (
        "policy.consult_when_item_or_finding_demands", "UnknownStream", str(nowhere),
    )  # fmt: skip
    assert str(nowhere) in parked.reason_zh
    assert parked.authority is None, "it concerns nobody outside"
    assert "ConsultationRequested" in office.told(consultation_stream(stream, "item"))
    assert (runner.refused, runner.carried_out) == (1, 1)
    forget(store, policy)
    await run_out(runner_of(office, policy))
    assert office.told().count("MessageParked") == 1


# A policy that fails


async def until(what: Any) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


async def test_a_policy_that_raises_stands_still_and_tells_why_while_others_go_on(office: Office):
    await office.granted()
    policy = RemarkWhatIsReceived()
    policy.failing = True
    failing, other = runner_of(office, policy), runner_of(office, pushing())
    stop = asyncio.Event()
    running = [asyncio.create_task(runner.run(stop)) for runner in (failing, other)]
    await until(lambda: failing.trouble and "PushDispatched" in office.told())
    assert failing.trouble == "RuntimeError: planted"
    assert other.trouble == ""
    assert office.recorder.position(position_name(policy)) is None, "it stands before the fact that it fails on"
    policy.failing = False
    await until(lambda: "ConsultationNoted" in office.told() or failing.carried_out)
    await until(lambda: not failing.trouble)
    stop.set()
    await asyncio.gather(*running)


async def test_a_runner_that_another_one_overtook_goes_on_behind_it(open_office: Open):
    one, two = open_office(), open_office()
    await one.received("2026-0001")
    slow, fast = runner_of(one, RemarkWhatIsReceived()), runner_of(two, RemarkWhatIsReceived())
    await run_out(slow)
    await one.received("2026-0002")
    await run_out(fast)
    await one.received("2026-0003")
    stop = asyncio.Event()
    running = asyncio.create_task(slow.run(stop))
    await until(lambda: one.told().count("ConsultationNoted") == 3)
    stop.set()
    await running
    assert slow.trouble == ""


# Timers


@dataclass
class Lying:
    """A read side that lags: it names the same cases at every beat."""

    cases: list[UUID] = field(default_factory=list)
    asked: int = 0

    def intakes(self, on: date) -> Sequence[UUID]:
        self.asked += 1
        return self.cases

    def corrections(self, on: date) -> Sequence[UUID]:
        return ()

    tolerances = provisionals = hearing_requests = hearings = consultations = corrections
    inspections = inspection_results = findings = commitments = corrections


@dataclass
class Pushes:
    overdue: list[OverduePush] = field(default_factory=list)

    def to_remind(self, on: date) -> Sequence[OverduePush]:
        return self.overdue

    def to_escalate(self, on: date) -> Sequence[OverduePush]:
        return self.overdue


class Broken(Policy):
    """Planted: never knows what is due."""

    ZH = "试验政策"

    def when_time_passes(self, at: datetime) -> Commands:
        raise RuntimeError("planted")


def parked_orders(office: Office) -> list[MessageParked]:
    return [fact for fact in office.facts() if isinstance(fact, MessageParked)]


async def test_a_timer_does_each_thing_once_and_a_lagging_read_side_makes_no_flood(office: Office):
    cases = [await office.received(f"2026-{number:04}") for number in range(3)]
    clock = Story(MONDAY + timedelta(days=8))
    timers = TimerRunner(office.app, [NoteWhatIsOverdue(Lying(cases))], clock)
    for _ in range(4):
        assert await timers.run_once() == 3
        clock.at += timedelta(seconds=1)
    assert office.told().count("AcceptanceDeemed") == 3
    assert timers.carried_out == 3
    assert len(parked_orders(office)) == 3, "refused at every beat, set aside once"
    clock.at += timedelta(days=1)
    await timers.run_once()
    assert len(parked_orders(office)) == 6, "and once more the next day"


async def test_two_timers_at_once_do_each_thing_once(open_office: Open):
    one, two = open_office(), open_office()
    cases = [await one.received(f"2026-{number:04}") for number in range(5)]
    clock = Story(MONDAY + timedelta(days=8))
    timers = [TimerRunner(office.app, [NoteWhatIsOverdue(Lying(cases))], clock) for office in (one, two)]
    await asyncio.gather(*(timer.run_once() for timer in timers))
    assert one.told().count("AcceptanceDeemed") == 5


async def test_a_push_is_reminded_of_and_escalated_once_however_often_the_timer_beats(office: Office):
    stream = await office.granted()
    await run_out(runner_of(office, pushing()))
    [decision] = [fact for fact in office.facts() if isinstance(fact, DecisionGranted)]
    push = push_stream(stream, decision.id, MARKET.code)
    overdue = [OverduePush(push, PushState.CLAIMED, False)]
    clock = Story(MONDAY + timedelta(days=4))
    timers = TimerRunner(office.app, [RemindThenEscalateUnclaimedPush(Pushes(overdue))], clock)
    for _ in range(3):
        await timers.run_once()
    assert office.told(push) == ["PushDispatched", "PushReminded", "PushEscalated"]
    assert parked_orders(office) == []


async def test_a_policy_that_fails_does_not_hide_the_deadlines_of_the_others(office: Office):
    case = await office.received()
    lying = Lying([case])
    timers = TimerRunner(
        office.app, [Broken(), NoteWhatIsOverdue(lying)], Story(MONDAY + timedelta(days=8)), every=0.01
    )
    with pytest.raises(TimersFailed, match="planted"):
        await timers.run_once()
    assert "AcceptanceDeemed" in office.told(case)
    beat = timers.beat_at
    stop = asyncio.Event()
    running = asyncio.create_task(timers.run(stop))
    await until(lambda: lying.asked >= 3 and timers.trouble)
    stop.set()
    await running
    assert "RuntimeError: planted" in timers.trouble
    assert timers.beat_at == beat, "a beat that failed is a beat missed"


async def test_what_is_due_in_great_number_goes_in_chunks(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("infra.workers.policies.BATCH", 2)
    cases = [await office.received(f"2026-{number:04}") for number in range(5)]
    timers = TimerRunner(office.app, [NoteWhatIsOverdue(Lying(cases))], Story(MONDAY + timedelta(days=8)))
    assert await timers.run_once() == 5
    assert office.told().count("AcceptanceDeemed") == 5


async def test_a_case_that_was_accepted_in_time_is_not_deemed_accepted_by_a_late_beat(office: Office):
    case = await office.received()
    await office.do(c.AcceptApplication(case_id=case, document_no="1"), ACCEPTOR)
    timers = TimerRunner(office.app, [NoteWhatIsOverdue(Lying([case]))], Story(MONDAY + timedelta(days=8)))
    await timers.run_once()
    assert "AcceptanceDeemed" not in office.told(case)
    assert [parked.reason for parked in parked_orders(office)] == ["OutOfOrder"]
