"""办理: whatever is asked, from however many processes at once, is carried out once, whole, and on the true state."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from domain.application import Answer, Order, Receipt
from domain.approval_case import commands as c
from domain.approval_case import facts as f
from domain.approval_case import refusals as r
from domain.approval_case.case import ApprovalCase
from domain.approval_case.words import CaseState, Irregularity, TerminationGround
from domain.kernel.aggregate import Given
from domain.kernel.refusal import (
    OutOfOrder,
    Refusal,
    RequestReused,
    StaleVersion,
    TooManyConflicts,
    UnknownStream,
)
from domain.kernel.words import CaseKind
from domain.parked_message import MessageParked, ParkMessage
from domain.push import ClaimPush
from domain.service_item import RetiredItem, RetireItem, UnknownItem
from domain.store import AlreadyTracked, Tracking, VersionConflict
from tests.application.office import ITEM, PUBLISH, Office, Open, submit, the_rest
from tests.domain.case_file import finding
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    BUREAU,
    HOUSING_OFFICER,
    MONDAY,
    PLATFORM,
    SOURCE,
    STEWARD,
    TUESDAY,
)


def mend(stream, what: str = "误写") -> c.CorrectOnSpot:
    return c.CorrectOnSpot(case_id=stream, what=what)


def accept(stream) -> c.AcceptApplication:
    return c.AcceptApplication(case_id=stream, document_no="受〔2026〕1号")


def step(number: int, case_no: str = "W-1", **changed: Any) -> c.ReportStep:
    fields = {
        "source": SOURCE.id, "source_event_id": f"{case_no}/{number}", "case_no": case_no, "item": ITEM,
        "opened_on": MONDAY.date(), "organ": BUREAU.code, "activity": f"{number:02}", "occurred_at": MONDAY,
    } | changed  # fmt: skip
    return c.ReportStep(**fields)


def kinds(answers: list[Answer]) -> list[str]:
    return [type(answer).__name__ for answer in answers]


def watched(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What is asked of the store from now on: streams, and after which versions."""
    loads: list[tuple[Any, Any]] = []
    load = office.commits.load

    async def counted(asked: Any, after: Any) -> Any:
        loads.append((list(asked), dict(after)))
        return await load(asked, after)

    monkeypatch.setattr(office.commits, "load", counted)
    return loads


# The same request


async def test_the_same_request_twice_is_one_fact_and_the_stored_answer(open_office: Open):
    office, other = open_office(), open_office()
    stream = await office.received()
    first = await office.do(mend(stream), ACCEPTOR, request="r-1")
    await office.do(accept(stream), ACCEPTOR)
    for again in (office, other, open_office()):
        answer = await again.do(mend(stream), ACCEPTOR, request="r-1")
        assert answer.repeated
        assert (answer.stream, answer.version, answer.events, answer.position) == (
            first.stream, first.version, first.events, first.position,
        )  # fmt: skip
    assert office.told(stream).count("OnSpotCorrected") == 1


async def test_the_same_request_is_answered_as_before_even_when_it_would_now_be_refused(office: Office):
    stream = await office.received()
    first = await office.do(accept(stream), ACCEPTOR, request="r-1", if_match=2)
    again = await office.do(accept(stream), ACCEPTOR, request="r-1", if_match=2)
    assert (again.repeated, again.events) == (True, first.events)


async def test_the_same_request_id_with_other_content_is_refused(office: Office):
    stream = await office.received()
    await office.do(mend(stream), ACCEPTOR, request="r-1")
    with pytest.raises(RequestReused):
        await office.do(mend(stream, "另一处"), ACCEPTOR, request="r-1")
    other_organ = ACCEPTOR.model_copy(update={"organ": "OTHER-1"})
    with pytest.raises(RequestReused):
        await office.do(mend(stream), other_organ, request="r-1")
    assert office.told(stream) == ["ApplicationSubmitted", "MaterialReceived", "OnSpotCorrected"]


async def test_a_refused_request_may_be_asked_again_when_things_have_changed(office: Office):
    stream = await office.received()
    assign = c.AssignCase(case_id=stream, examiner="examiner-1")
    with pytest.raises(OutOfOrder):
        await office.do(assign, ACCEPTOR, request="r-1")
    await office.do(accept(stream), ACCEPTOR)
    assert (await office.do(assign, ACCEPTOR, request="r-1")).repeated is False


async def test_the_same_request_twice_in_one_batch_is_carried_out_once(office: Office):
    stream = await office.received()
    order = Order(mend(stream), ACCEPTOR, MONDAY, request="r-1")
    other = Order(mend(stream, "另一处"), ACCEPTOR, MONDAY, request="r-1")
    first, twin, reused = await office.all(order, order, other)
    assert isinstance(first, Receipt)
    assert isinstance(twin, Receipt)
    assert (twin.events, twin.repeated, first.repeated) == (first.events, True, False)
    assert isinstance(reused, RequestReused)
    assert office.told(stream).count("OnSpotCorrected") == 1


async def test_the_same_request_twice_in_one_batch_that_came_before_is_answered_twice(office: Office):
    stream = await office.received()
    order = Order(mend(stream), ACCEPTOR, MONDAY, request="r-1")
    await office.all(order)
    answers = await office.all(order, order, (mend(stream, "另一处"), ACCEPTOR))
    assert [a.repeated for a in answers if isinstance(a, Receipt)] == [True, True, False]
    assert office.told(stream).count("OnSpotCorrected") == 2


async def test_two_processes_that_get_the_same_request_at_once_store_it_once(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    for number in range(10):
        answers = await asyncio.gather(
            *(office.do(mend(stream, str(number)), ACCEPTOR, request=f"r-{number}") for office in (one, two, one, two))
        )
        assert len({answer.events for answer in answers}) == 1
        assert sorted(answer.repeated for answer in answers) == [False, True, True, True]
    assert one.told(stream).count("OnSpotCorrected") == 10


# If-Match


async def test_a_stale_version_is_refused_and_nothing_is_stored(office: Office):
    stream = await office.received()
    with pytest.raises(StaleVersion) as refused:
        await office.do(mend(stream), ACCEPTOR, if_match=1)
    assert refused.value.facts == {"expected": 1, "version": 2}
    assert (await office.do(mend(stream), ACCEPTOR, if_match=2)).version == 3


async def test_a_version_that_this_process_has_not_seen_yet_is_not_called_stale(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    await two.do(mend(stream), ACCEPTOR)
    assert (await one.do(mend(stream), ACCEPTOR, if_match=3)).version == 4


async def test_a_version_that_another_process_left_behind_is_called_stale(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    await two.do(mend(stream), ACCEPTOR)
    with pytest.raises(StaleVersion):
        await one.do(mend(stream), ACCEPTOR, if_match=2)


# Several processes on one case


async def test_of_two_processes_that_end_a_case_at_once_one_wins_and_the_other_is_told_the_new_state(
    open_office: Open,
):
    one, two = open_office(), open_office()
    for number in range(12):
        stream = await one.received(f"N-{number}")
        await two.do(mend(stream), ACCEPTOR)
        answers = await asyncio.gather(
            one.do(c.WithdrawApplication(case_id=stream, reason="撤"), APPLICANT),
            two.do(
                c.TerminateCase(case_id=stream, ground_code=TerminationGround.APPLICANT_ENDED, ground="死亡"), ACCEPTOR
            ),
            return_exceptions=True,
        )
        [refusal] = [answer for answer in answers if isinstance(answer, Refusal)]
        assert isinstance(refusal, OutOfOrder)
        assert refusal.facts["state"] in (CaseState.WITHDRAWN, CaseState.TERMINATED)
        assert one.told(stream)[3:] in (["CaseWithdrawn"], ["CaseTerminated"])


async def test_two_processes_that_both_may_are_both_done_one_after_the_other(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    rounds = [
        await asyncio.gather(*(office.do(mend(stream, f"{n}"), ACCEPTOR) for office in (one, two))) for n in range(12)
    ]
    versions = [answer.version for answers in rounds for answer in answers]
    assert sorted(versions) == list(range(3, 27))
    assert [fact.originator_version for fact in one.facts(stream)] == list(range(1, 27))


async def test_many_callers_of_one_process_on_one_case_are_served_one_after_the_other(office: Office):
    stream = await office.received()
    answers = await asyncio.gather(*(office.do(mend(stream, str(n)), ACCEPTOR) for n in range(30)))
    assert sorted(answer.version for answer in answers) == list(range(3, 33))


async def test_what_another_process_did_meanwhile_never_makes_a_refusal_wrong(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    await two.do(accept(stream), ACCEPTOR)
    assert (await one.do(c.AssignCase(case_id=stream, examiner="e"), ACCEPTOR)).version == 4


async def test_what_another_process_did_meanwhile_is_never_taken_for_nothing_to_do(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    warning = finding().model_copy(update={"case_id": stream})
    await two.do(warning, PLATFORM)
    answer = c.NoteFindingAnswered(case_id=stream, finding_id=warning.finding_id, result="已整改")
    assert len((await one.do(answer, PLATFORM)).events) == 1


async def test_a_refusal_that_still_holds_is_given_after_one_look_at_the_store(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    stream = await office.received()
    loads = watched(office, monkeypatch)
    with pytest.raises(OutOfOrder):
        await office.do(c.ConcludeCase(case_id=stream), ACCEPTOR)
    assert loads == [([stream], {stream: 2})]


async def test_whoever_loses_every_race_is_told_so(office: Office):
    stream = await office.received()
    office.commits.failures = [VersionConflict([(stream, 3)])] * 5
    with pytest.raises(TooManyConflicts):
        await office.do(mend(stream), ACCEPTOR)
    assert (await office.do(mend(stream), ACCEPTOR)).version == 3


# Batches


async def test_a_batch_and_its_position_are_one_commit(office: Office, store: psycopg.Connection[Any]):
    stream = await office.received()
    before = office.recorder.head()
    answers = await office.all((mend(stream), ACCEPTOR), (accept(stream), ACCEPTOR), tracking=[Tracking("intake-0", 7)])
    assert kinds(answers) == ["Receipt", "Receipt"]
    query = "SELECT array_agg(DISTINCT xmin::text), count(*) FROM approval_events WHERE notification_id > %s"
    transactions, count = store.execute(query, (before,)).fetchone() or ((), 0)
    tracked = store.execute(
        "SELECT xmin::text, notification_id FROM approval_tracking WHERE application_name = 'intake-0'"
    ).fetchall()
    assert (tracked, count) == ([(*transactions, 7)], 2)


async def test_a_position_that_was_passed_stores_nothing_and_leaves_memory_as_the_store_has_it(office: Office):
    stream = await office.received()
    await office.all((mend(stream), ACCEPTOR), tracking=[Tracking("intake-0", 7)])
    for position in (7, 6):
        with pytest.raises(AlreadyTracked):
            await office.all((accept(stream), ACCEPTOR), tracking=[Tracking("intake-0", position)])
    assert office.told(stream)[2:] == ["OnSpotCorrected"]
    assert (await office.do(mend(stream), ACCEPTOR, if_match=3)).version == 4


async def test_a_position_alone_may_move(office: Office):
    assert await office.all(tracking=[Tracking("intake-0", 1)]) == []
    assert office.recorder.position("intake-0") == 1


async def test_a_commit_that_fails_leaves_memory_as_the_store_has_it(office: Office):
    stream = await office.received()
    office.commits.failures = [RuntimeError("planted")]
    with pytest.raises(RuntimeError, match="planted"):
        await office.all((accept(stream), ACCEPTOR), (submit("2026-0002"), APPLICANT))
    assert office.told(stream) == ["ApplicationSubmitted", "MaterialReceived"]
    assert (await office.do(mend(stream), ACCEPTOR)).version == 3
    assert (await office.do(submit("2026-0002"), APPLICANT)).version == 1


async def test_a_caller_that_gives_up_leaves_memory_as_the_store_has_it(office: Office):
    stream = await office.received()
    office.commits.gate = asyncio.Event()
    caller = asyncio.create_task(office.do(accept(stream), ACCEPTOR))
    await office.commits.waiting.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert (await office.do(mend(stream), ACCEPTOR)).version == 3


async def test_a_refused_order_leaves_its_neighbours_alone(office: Office):
    stream = await office.received()
    answers = await office.all(
        (mend(stream), ACCEPTOR),
        (c.ConcludeCase(case_id=stream), ACCEPTOR),
        (submit("2026-0002", item="NOBODY-KNOWS"), APPLICANT),
        (c.ReceiveMaterial(case_id=submit("2026-0009").stream, receipt_no="1"), ACCEPTOR),
        (accept(stream), ACCEPTOR),
    )
    assert kinds(answers) == ["Receipt", "OutOfOrder", "UnknownItem", "UnknownStream", "Receipt"]
    assert office.told(stream)[2:] == ["OnSpotCorrected", "ApplicationAccepted"]


async def test_half_of_a_refused_decision_is_thrown_away(office: Office, monkeypatch: pytest.MonkeyPatch):
    def half(case: ApprovalCase, command: c.CorrectOnSpot, given: Given):
        yield f.OnSpotCorrected(what=command.what)
        if command.what == "planted":
            raise r.LicenseNotIssued

    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, half)
    stream = await office.received()
    answers = await office.all(
        (mend(stream, "一"), ACCEPTOR), (mend(stream, "planted"), ACCEPTOR), (mend(stream, "二"), ACCEPTOR)
    )
    assert kinds(answers) == ["Receipt", "LicenseNotIssued", "Receipt"]
    assert [fact.what for fact in office.facts(stream)[2:]] == ["一", "二"]
    assert (await office.do(accept(stream), ACCEPTOR)).version == 5


async def test_what_is_done_instead_of_a_refused_order_is_in_the_same_commit(
    office: Office, store: psycopg.Connection[Any]
):
    stream = await office.received()
    refused = Order(c.ConcludeCase(case_id=stream), ACCEPTOR, MONDAY, cause_id="cause-1")

    def instead(order: Order, refusal: Refusal) -> Order:
        parked = ParkMessage.of_policy("planted", order.command, order.cause_id, refusal, 2026)
        return Order(parked, PLATFORM, MONDAY, cause_id=order.cause_id)

    for _ in range(2):
        answers = await office.all(
            Order(mend(stream), ACCEPTOR, MONDAY, request="r-1"), refused, tracking=(), instead=instead
        )
        assert kinds(answers) == ["Receipt", "OutOfOrder"]
    assert office.told()[-2:] == ["OnSpotCorrected", "MessageParked"], "and only once"
    [parked] = [fact for fact in office.facts() if isinstance(fact, MessageParked)]
    assert (parked.reason, parked.cause_id) == ("OutOfOrder", "cause-1")
    query = "SELECT count(DISTINCT xmin::text) FROM approval_events WHERE topic IN (%s, %s)"
    assert store.execute(query, (f.OnSpotCorrected.TOPIC, MessageParked.TOPIC)).fetchone() == (1,)


async def test_an_on_the_spot_case_is_one_commit_and_every_fact_is_written(
    office: Office, store: psycopg.Connection[Any]
):
    await office.do(
        PUBLISH.model_copy(update={"single_officer": True, "kind": CaseKind.INSTANT, "promised_days": 0}), STEWARD
    )
    stream = submit().stream
    answers = await office.all(
        (submit(), ACCEPTOR), (c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR),
        *the_rest(stream, officer=ACCEPTOR.id),
    )  # fmt: skip
    assert set(kinds(answers)) == {"Receipt"}
    assert office.told(stream) == [
        "ApplicationSubmitted", "MaterialReceived", "ApplicationAccepted", "CaseAssigned",
        "ExaminationOpinionRecorded", "DecisionGranted",
    ]  # fmt: skip
    query = "SELECT count(DISTINCT xmin::text) FROM approval_events WHERE originator_id = %s"
    assert store.execute(query, (stream,)).fetchone() == (1,)


async def test_reports_of_several_cases_in_one_batch_keep_the_order_of_each(office: Office):
    await office.do(PUBLISH, STEWARD)
    mixed = [step(n, f"W-{n * 7 % 5}") for n in range(60)]
    for start in range(0, 60, 25):
        await office.all(*((one, SOURCE) for one in mixed[start : start + 25]))
    told = [fact for fact in office.facts() if isinstance(fact, f.StepReported)]
    assert [fact.source_event_id for fact in told] == [one.source_event_id for one in mixed]
    for case_no in {one.case_no for one in mixed}:
        versions = [fact.originator_version for fact in told if fact.case_no == case_no]
        assert versions == list(range(2, 2 + len(versions)))


async def test_the_same_reports_again_add_nothing_from_any_process(open_office: Open):
    one = open_office()
    await one.do(PUBLISH, STEWARD)
    steps = [(step(n, f"W-{n % 3}"), SOURCE) for n in range(30)]
    await one.all(*steps)
    head = one.recorder.head()
    for office in (one, open_office()):
        assert all(isinstance(a, Receipt) and not a.events for a in await office.all(*steps))
    assert one.recorder.head() == head


async def test_a_whole_catalogue_goes_in_at_once(office: Office):
    orders = [
        Order(PUBLISH.model_copy(update={"item": f"ITEM-{n:04}"}), STEWARD, MONDAY, request=f"load/{n}")
        for n in range(4_683)
    ]
    for start in range(0, len(orders), 500):
        answers = await office.all(*orders[start : start + 500])
        assert set(kinds(answers)) == {"Receipt"}
    assert office.recorder.head() == 4_683
    assert all(a.repeated for a in await office.all(*orders[:500]) if isinstance(a, Receipt))
    assert office.recorder.head() == 4_683


# What is looked up elsewhere


async def test_an_item_that_another_process_retired_takes_no_more_applications_here(open_office: Open):
    one, two = open_office(), open_office()
    await one.received()
    await two.do(RetireItem(item=ITEM, effective_on=MONDAY.date(), reason="取消"), STEWARD)
    with pytest.raises(RetiredItem):
        await one.do(submit("2026-0002"), APPLICANT)
    [answer] = await one.all((step(1), SOURCE))
    assert isinstance(answer, Receipt)
    assert one.facts(answer.stream)[0].irregularities == (Irregularity.RETIRED_ITEM,)


async def test_a_version_that_another_process_published_is_the_one_that_is_frozen_here(open_office: Open):
    one, two = open_office(), open_office()
    await one.received()
    await two.do(PUBLISH.model_copy(update={"effective_from": date(2026, 2, 1)}), STEWARD)
    await one.do(submit("2026-0002"), APPLICANT)
    [answer] = await one.all((step(1), SOURCE))
    assert isinstance(answer, Receipt)
    assert one.facts(submit("2026-0002").stream)[0].terms.version == 2
    assert one.facts(answer.stream)[0].terms.version == 2


async def test_an_item_may_be_published_and_applied_for_in_one_batch(office: Office):
    answers = await office.all((submit(), APPLICANT), (PUBLISH, STEWARD), (submit(), APPLICANT))
    assert kinds(answers) == ["UnknownItem", "Receipt", "Receipt"]


async def test_a_version_is_in_force_for_others_only_when_it_is_stored(office: Office):
    await office.received()
    later = PUBLISH.model_copy(update={"effective_from": date(2026, 2, 1)})
    office.commits.gate = gate = asyncio.Event()
    office.commits.failures = [RuntimeError("planted")]
    publishing = asyncio.create_task(office.do(later, STEWARD))
    await office.commits.waiting.wait()
    half = asyncio.create_task(office.do(submit("2026-0002"), APPLICANT))
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(RuntimeError, match="planted"):
        await publishing
    await half
    await office.do(submit("2026-0003"), APPLICANT)
    await office.do(later, STEWARD)
    await office.do(submit("2026-0004"), APPLICANT)
    versions = [office.facts(submit(f"2026-000{n}").stream)[0].terms.version for n in (2, 3, 4)]
    assert versions == [1, 1, 2]


async def test_a_command_that_names_a_stream_of_another_kind_is_refused(office: Office):
    stream = await office.received()
    with pytest.raises(UnknownStream):
        await office.do(ClaimPush(push_id=stream, officer="李四"), HOUSING_OFFICER)
    with pytest.raises(UnknownStream):
        await office.do(mend(PUBLISH.stream), ACCEPTOR)
    answers = await office.all((ClaimPush(push_id=stream, officer="李四"), HOUSING_OFFICER), (mend(stream), ACCEPTOR))
    assert kinds(answers) == ["UnknownStream", "Receipt"]


def looking_at(other, kept: list[int]):
    """A decision that looks at another case and keeps the version it saw."""

    def decide(case: ApprovalCase, command: c.CorrectOnSpot, given: Given):
        seen = given.look.of(other, ApprovalCase)
        kept.append(seen.version if seen else 0)
        yield f.OnSpotCorrected(what=command.what)

    return decide


async def test_a_decision_sees_another_stream_as_another_process_left_it(
    open_office: Open, monkeypatch: pytest.MonkeyPatch
):
    one, two = open_office(), open_office()
    stream, other = await one.received(), await two.received("2026-0002")
    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, looking_at(other, seen := []))
    await one.do(mend(stream), ACCEPTOR)
    await one.do(mend(stream), ACCEPTOR)
    assert seen == [2, 2], "the second time from memory, compared with the store"
    await two.do(accept(other), ACCEPTOR)
    await one.do(mend(stream), ACCEPTOR)
    assert seen[-1] == 3
    assert one.told(stream).count("OnSpotCorrected") == 3


async def test_a_decision_does_not_see_what_another_one_has_not_stored_yet(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    stream, other = await office.received(), await office.received("2026-0002")
    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, looking_at(other, seen := []))
    office.commits.gate = gate = asyncio.Event()
    accepting = asyncio.create_task(office.do(accept(other), ACCEPTOR))
    await office.commits.waiting.wait()
    await office.do(mend(stream), ACCEPTOR)
    gate.set()
    await accepting
    await office.do(mend(stream), ACCEPTOR)
    assert (seen[0], seen[-1]) == (2, 3)


async def test_a_decision_sees_what_its_own_batch_decided_before(office: Office, monkeypatch: pytest.MonkeyPatch):
    stream, other = await office.received(), await office.received("2026-0002")
    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, looking_at(other, seen := []))
    await office.all((mend(stream), ACCEPTOR), (accept(other), ACCEPTOR), (mend(stream), ACCEPTOR))
    assert seen[-2:] == [2, 3]


async def test_a_stream_that_did_not_exist_is_seen_once_it_does(open_office: Open, monkeypatch: pytest.MonkeyPatch):
    one, two = open_office(), open_office()
    stream, other = await one.received(), submit("2026-0002").stream
    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, looking_at(other, seen := []))
    await one.do(mend(stream), ACCEPTOR)
    await two.received("2026-0002")
    await one.do(mend(stream), ACCEPTOR)
    assert (seen[0], seen[-1]) == (0, 2)


# What a refusal leaves behind


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mending on the spot is refused, and a message about it is set aside as the trace."""

    def refuse(case: ApprovalCase, command: c.CorrectOnSpot, given: Given):
        why = r.LicenseNotIssued()
        raise why.leaving(ParkMessage.of_policy("planted", command, command.what, why, 2026))

    monkeypatch.setitem(ApprovalCase._decides, c.CorrectOnSpot, refuse)


@pytest.mark.usefixtures("forbidden")
async def test_a_refusal_may_leave_a_trace_and_stays_a_refusal(office: Office):
    stream = await office.received()
    with pytest.raises(r.LicenseNotIssued):
        await office.do(mend(stream), ACCEPTOR)
    answers = await office.all((mend(stream, "另一处"), ACCEPTOR), (accept(stream), ACCEPTOR))
    assert kinds(answers) == ["LicenseNotIssued", "Receipt"]
    assert office.told(stream) == ["ApplicationSubmitted", "MaterialReceived", "ApplicationAccepted"]
    assert office.told().count("MessageParked") == 2


@pytest.mark.usefixtures("forbidden")
async def test_a_refused_request_that_is_sent_again_leaves_no_second_trace(open_office: Open):
    one, two = open_office(), open_office()
    stream = await one.received()
    for number, office in enumerate((one, one, two)):
        with pytest.raises(r.LicenseNotIssued):
            await office.do(mend(stream, f"第 {number} 次"), ACCEPTOR, request="r-1")
    assert one.told().count("MessageParked") == 1


# Memory


@pytest.mark.parametrize("cached", [1, 3])
async def test_a_memory_smaller_than_the_batch_changes_no_answer(open_office: Open, cached: int):
    office = open_office(cached=cached)
    await office.do(PUBLISH, STEWARD)
    numbers = [f"2026-{n:04}" for n in range(12)]
    streams = [submit(number).stream for number in numbers]
    batches = [
        [(submit(number), APPLICANT) for number in numbers],
        [(c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR) for stream in streams],
        [(accept(stream), ACCEPTOR) for stream in streams],
    ]
    for batch in batches:
        assert set(kinds(await office.all(*batch))) == {"Receipt"}
    assert set(kinds(await office.all(*batches[2]))) == {"OutOfOrder"}
    assert office.recorder.head() == 1 + 3 * 12
    assert len(office.app._memory.aggregates) <= cached


@pytest.mark.parametrize("cached", [1, 2])
async def test_a_report_is_never_called_irregular_because_memory_let_go_of_its_item(open_office: Open, cached: int):
    office = open_office(cached=cached)
    await office.do(PUBLISH, STEWARD)
    for start in range(0, 12, 4):
        await office.all(*((step(1, f"W-{n}"), SOURCE) for n in range(start, start + 4)))
    opened = [fact for fact in office.facts() if isinstance(fact, f.CaseReported)]
    assert [fact.irregularities for fact in opened] == [()] * 12
    assert {fact.terms.version for fact in opened if fact.terms} == {1}


async def test_memory_lets_go_of_what_was_used_least_recently(open_office: Open, monkeypatch: pytest.MonkeyPatch):
    office = open_office(cached=3)
    first = await office.received("2026-0001")
    loads = watched(office, monkeypatch)
    for number in range(2, 6):
        await office.received(f"2026-{number:04}")
        await office.do(mend(first), ACCEPTOR)
    assert len(office.app._memory.aggregates) == 3
    assert first not in {stream for asked, _ in loads for stream in asked}, "it was used all the time"


async def test_what_is_replayed_from_the_store_is_what_memory_holds(office: Office):
    stream = await office.granted()
    again = await office.app.replayed(stream, ApprovalCase)
    assert vars(again) == vars(office.app._memory.aggregates[stream])
    assert (await office.app.replayed(stream, ApprovalCase, version=2)).state is CaseState.RECEIVED


async def test_positions_and_versions_of_receipts_lead_to_the_facts(office: Office):
    stream = await office.received()
    at = TUESDAY + timedelta(hours=1)
    receipt = await office.do(accept(stream), ACCEPTOR, at, cause_id="cause-1", correlation_id="case-1")
    fact = office.facts(stream)[-1]
    assert receipt.events == (fact.id,)
    assert (receipt.version, receipt.position) == (3, office.recorder.head())
    assert (fact.occurred_at, fact.recorded_at, fact.actor) == (at, at, ACCEPTOR)
    assert (fact.cause_id, fact.correlation_id) == ("cause-1", "case-1")


async def test_what_would_be_answered_is_told_and_nothing_of_it_is_stored(office: Office):
    await office.do(PUBLISH, STEWARD)
    before = office.told()
    orders = [Order(submit("2026-0001"), APPLICANT, MONDAY), Order(submit("2026-0001"), APPLICANT, MONDAY),
              Order(submit("2026-0002", "UNKNOWN"), APPLICANT, MONDAY)]  # fmt: skip
    first, again, unknown = await office.app.would(orders)
    assert isinstance(first, Receipt)
    assert (first.version, first.position) == (1, 0)
    assert isinstance(again, r.CaseAlreadySubmitted), "a later order sees what an earlier one would have left"
    assert isinstance(unknown, UnknownItem)
    assert office.told() == before
    done = await office.do(submit("2026-0001"), APPLICANT)
    assert done.version == 1, "memory kept nothing of what was only tried"
