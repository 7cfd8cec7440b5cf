"""Audit of draws (抽取核验): gathers what a verification needs from the recorded facts alone, and tells the verdict."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.expert import Expert, ExpertEnrolled
from domain.expert_draw import ExpertDraw
from domain.expert_draw.drawing import Round, told
from domain.expert_draw.facts import DrawFact, ExpertDrawRequested
from domain.expert_draw.verifying import PoolThen, Step, verified
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import EVENTS, Event
from domain.kernel.experts import ExpertState


class Recorded(NamedTuple):
    """A fact and its place in the store."""

    position: int
    fact: Event


class Log(Protocol):
    """The recorded facts, and nothing else of the platform."""

    def facts_of(self, stream: UUID) -> Awaitable[Sequence[Event]]:
        """All facts of one stream, in order of version."""

    def events_after(self, position: int, limit: int, topics: Sequence[str] | None = None) -> Awaitable[Any]:
        """The next facts in order of commit, with their positions."""


PAGE = 5_000


def topics_of(*aggregates: type[Aggregate]) -> list[str]:
    return sorted(topic for topic in EVENTS if topic.partition(".")[0] in {one.NAME for one in aggregates})


async def audit(log: Log, draw_id: UUID) -> dict[str, Any] | None:
    """The verdict on a recorded draw, from the log alone; none when there is no such draw."""
    facts = await log.facts_of(draw_id)
    if not facts or not isinstance(facts[0], ExpertDrawRequested):
        return None
    case = await log.facts_of(facts[0].case_id)
    draw, experts, position = [], [], 0
    while True:
        page = await log.events_after(position, PAGE, topics_of(Expert, ExpertDraw))
        for happened in page.facts:
            if happened.fact.originator_id == draw_id:
                draw.append(Recorded(happened.position, happened.fact))
            elif not isinstance(happened.fact, DrawFact):
                experts.append(Recorded(happened.position, happened.fact))
        if len(page.facts) < PAGE or len(draw) == len(facts):
            return audited(draw, experts, getattr(case[0], "case_no", "") if case else "")
        position = page.end


def pool_of(one: Round, draw: Sequence[Recorded], experts: Sequence[Recorded]) -> PoolThen:
    """The pool of a round as the experts' own facts make it, between the start of the round and its freezing."""
    places = {recorded.fact.id: recorded.position for recorded in draw}
    assert one.frozen is not None
    until = places[one.frozen.id]
    since = places[one.started.id] if one.started is not None else until
    streams: dict[UUID, list[Recorded]] = {}
    for recorded in experts:
        if recorded.position < until:
            streams.setdefault(recorded.fact.originator_id, []).append(recorded)
    standings, current, due = {}, {}, set()
    for stream, facts in streams.items():
        if not isinstance(facts[0].fact, ExpertEnrolled):
            continue
        expert, first, always = Expert(stream), 1, facts[0].position <= since
        for recorded in facts:
            expert.fold(recorded.fact)
            standing = expert.standing
            standings[standing.expert_no, standing.version] = standing
            first = standing.version if recorded.position <= since else first
        for version in range(first, expert.version + 1):
            then = standings[expert.expert_no, version]
            always = always and then.state is ExpertState.ENROLLED and one.frozen.discipline in then.disciplines
        current[expert.expert_no] = range(first, expert.version + 1)
        if always:
            due.add(expert.expert_no)
    return PoolThen(standings, current, frozenset(due))


def audited(draw: Iterable[Recorded], experts: Iterable[Recorded], case_no: str | None = None) -> dict[str, Any]:
    """The verdict on a draw: match or mismatch, with the steps that differ. Raises ValueError when it is no draw."""
    ours, theirs = list(draw), list(experts)
    facts = [recorded.fact for recorded in ours]
    steps = verified(facts, lambda one: pool_of(one, ours, theirs), case_no)
    rounds = told(facts).rounds
    return {
        "draw_id": facts[0].originator_id,
        "verdict": "match" if all(step.match for step in steps) else "mismatch",
        "rounds": len(rounds),
        "drawn": sum(one.drawn is not None for one in rounds),
        "differs": [f"{step.round}:{step.check}" for step in steps if not step.match],
        "steps": [shown(step) for step in steps],
    }


def shown(step: Step) -> dict[str, Any]:
    """A step as it is told: where it fits, what was recorded says it all."""
    fields = {"round": step.round, "step": str(step.check), "match": step.match,
              "zh": step.check.zh, "en": step.check.en}  # fmt: skip
    return fields if step.match else fields | {"recorded": step.recorded, "computed": step.computed}
