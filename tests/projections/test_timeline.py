"""What happened to a case, told in order, to those who may see names and to those who may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cases import a_report, accepted, day, granted, pushed, reporter, terms
from world import World

from domain.joint_inspection.commands import PlanJointInspection, inspection_stream
from domain.joint_inspection.words import SiteVisitNeed, Window
from domain.kernel.event import EVENTS, Event, personal
from domain.kernel.time import Precision
from domain.kernel.words import Personal
from domain.push import ClaimPush
from domain.supervision_finding import FindingKind, ReportFinding
from infra.event_store.mapper import decode
from projections import timeline
from projections.timeline import Timeline, shown
from tests.specification import FIRE, HOLDER, HOUSING, HOUSING_OFFICER, MONDAY, PLATFORM, SHOP

GOLDEN = Path(__file__).parent.parent / "golden"


def test_the_timeline_tells_the_case_its_pushes_its_findings_and_its_visits_in_order(world: World) -> None:
    case, decision = granted(world)
    push = pushed(world, case, decision)
    world.do(ClaimPush(push_id=push, officer="王小二"), by=HOUSING_OFFICER, at=day(1))
    report = ReportFinding(
        organ=HOUSING, finding_no="F-1", kind=FindingKind.INSPECTION, subject=HOLDER, case_id=case,
        found_on=MONDAY.date(), statement="检查", legal_basis="法",
    )  # fmt: skip
    world.do(report, by=HOUSING_OFFICER, at=day(2))
    other = accepted(world, case_no="2026-0002")
    read = world.folded(Timeline).read
    told = timeline.of_case(read, case, masked=False).rows
    topics = [e.topic for e in told]
    assert topics[0] == "case.application_submitted"
    assert topics[-4:] == ["push.dispatched", "push.acknowledged", "push.claimed", "finding.reported"]
    assert [e.position for e in told] == sorted(e.position for e in told)
    claimed = told[-2]
    assert (claimed.zh, claimed.basis) == ("HOUSING-371500 的 王小二 已认领(自动认领:否)", "审管互动推送约定")
    assert claimed.event_id == f"{push}:3"
    assert timeline.length(read, case) == len(told)
    assert {e.stream for e in timeline.of_case(read, other).rows} == {other}
    assert [e.topic for e in timeline.of_stream(read, push)] == topics[-4:-1]


def test_a_visit_that_serves_two_cases_is_told_in_both(world: World) -> None:
    first, second = (accepted(world, terms(inspect=(HOUSING, FIRE)), case_no=f"2026-000{n}") for n in (1, 2))
    needs = tuple(
        SiteVisitNeed(case_id=case, case_no=f"2026-000{n}", bodies=(HOUSING,)) for n, case in ((1, first), (2, second))
    )
    window = Window(first=day(3).date(), last=day(6).date())
    world.do(PlanJointInspection(cause="c", site=SHOP, window=window, cases=needs, lead=HOUSING), by=PLATFORM)
    read = world.folded(Timeline).read
    for case in (first, second):
        streams = {e.stream for e in timeline.of_case(read, case).rows}
        assert streams == {case, inspection_stream(first, "c")}


def test_a_timeline_can_be_read_as_it_was_known_at_a_time_and_page_by_page(world: World) -> None:
    case, decision = granted(world, decided_at=day(3))
    read = world.folded(Timeline).read
    known = timeline.of_case(read, case, until=day(2)).rows
    assert decision.id not in {e.event_id for e in known}
    assert len(known) == timeline.length(read, case) - 1
    pages, cursor = [], None
    while True:
        page = timeline.of_case(read, case, cursor=cursor, limit=2)
        pages += [e.event_id for e in page.rows]
        if (cursor := page.next) is None:
            break
    assert pages == [e.event_id for e in timeline.of_case(read, case).rows]


def test_a_reported_step_keeps_the_precision_it_came_with(world: World) -> None:
    midnight = MONDAY.replace(hour=0, minute=0) - timedelta(days=3)
    world.do(a_report(1, occurred_at=midnight, precision=Precision.DAY), by=reporter())
    read = world.folded(Timeline).read
    entry = timeline.of_case(read, next(iter(world.streams))).rows[-1]
    assert (entry.precision, entry.occurred_at, entry.recorded_at) == ("day", midnight, MONDAY)


def test_text_that_looks_like_a_field_does_not_put_an_event_into_another_case(world: World) -> None:
    victim = accepted(world)
    case, decision = granted(world, case_no="2026-0002")
    push = pushed(world, case, decision)
    lie = f'"case_id":"{victim}" \\"case_id\\":\\"{victim}\\"'
    world.do(ClaimPush(push_id=push, officer=lie[:200]), by=HOUSING_OFFICER)
    read = world.folded(Timeline).read
    assert {e.stream for e in timeline.of_case(read, victim).rows} == {victim}


SECRET = "机密姓名某某"


def _secretly(value: Any, mark: Any) -> Any:
    if isinstance(mark, Personal):
        return [SECRET for _ in value] if isinstance(value, list) else SECRET if isinstance(value, str) else value
    if isinstance(value, list):
        return [_secretly(one, mark) for one in value]
    if isinstance(value, dict):
        return {name: _secretly(v, mark[name]) if name in mark else v for name, v in value.items()}
    return value


def _samples() -> Iterator[Event]:
    """Every golden fact, with a telling secret in each personal field."""
    for topic, cls in sorted(EVENTS.items()):
        for file in sorted((GOLDEN / topic).glob("v*.json")):
            content = json.loads(file.read_text("utf-8"))
            marks = personal(cls)
            secret = {name: _secretly(v, marks[name]) if name in marks else v for name, v in content.items()}
            yield decode(topic, json.dumps(secret).encode(), UUID(int=1), 1)


@pytest.mark.parametrize("fact", list(_samples()), ids=lambda fact: fact.TOPIC)
def test_no_personal_field_comes_through_a_masked_telling(fact: Event) -> None:
    assert SECRET in repr(fact), "every fact names at least who acted"
    hidden = shown(fact)
    said = [hidden.telling("zh"), hidden.telling("en"), hidden.actor.id, repr(hidden)]
    assert all(SECRET not in text for text in said)
