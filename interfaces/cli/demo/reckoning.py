"""The reckoning (对账): what the store says was sent, against what the regulators say they took in.

Nothing here is counted while the story runs: both sides are read again at the end, the store fact by fact and the
regulators' books line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from domain.kernel.channel import Channel
from domain.kernel.event import EVENTS, addressees
from domain.push import PushDispatched
from interfaces.topics.envelope import Row

Delivery = tuple[str, str]
"""An authority and the id of an event: what stands once in its books."""

BEGIN_CASES = frozenset({"case.application_submitted", "case.reported"})
CONCLUDED = frozenset({"consultation.concluded", "consultation.concluded_by_conference"})


@dataclass(slots=True)
class Store:
    """What the store holds: facts by name, whom each published one was for, which pushes were opened."""

    facts: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[Delivery] = field(default_factory=Counter)
    pushes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Per decision and regulator."""

    def add(self, rows: Iterable[Row]) -> None:
        for _, stream, version, name, state in rows:
            event = EVENTS[name]
            self.facts[name] += 1
            if event.CHANNEL is Channel.PRIVATE:
                continue
            fields = orjson.loads(state)
            for authority in addressees(event, fields):
                self.deliveries[authority, f"{stream}:{version}"] += 1
            if event is PushDispatched:
                self.pushes[fields["decision_id"], fields["regulator"]] += 1

    def addressed_to(self, authorities: Collection[str]) -> set[Delivery]:
        return {one for one in self.deliveries if one[0] in authorities}

    @property
    def told(self) -> dict[str, int]:
        """The numbers of the last line."""
        count = self.facts
        return {
            "cases": sum(count[name] for name in BEGIN_CASES),
            "events": count.total(), "pushes": count["push.dispatched"],
            "acknowledged": count["push.acknowledged"], "claimed": count["push.claimed"],
            "findings": count["finding.reported"], "consultations": sum(count[name] for name in CONCLUDED),
            # A re-inspection belongs to the inspection before it, which notes how it ended.
            "inspections": count["inspection.concluded"] - count["inspection.reinspection_noted"], "parked": count["parked.message_parked"],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The result: deliveries that never arrived, that were entered again, and decisions pushed twice."""

    lost: tuple[Delivery, ...]
    entered_again: tuple[Delivery, ...]
    pushed_again: tuple[tuple[str, str], ...]

    @property
    def doubled(self) -> int:
        return len(self.entered_again) + len(self.pushed_again)

    @property
    def clean(self) -> bool:
        return not self.lost and not self.doubled


def reckon(store: Store, books: Mapping[Delivery, int], authorities: Collection[str]) -> Reckoning:
    """Compare. ``authorities`` are those who keep books; what goes to anybody else is not looked for there."""
    return Reckoning(
        lost=tuple(sorted(one for one in store.addressed_to(authorities) if not books.get(one))),
        entered_again=tuple(sorted(one for one, times in books.items() for _ in range(times - 1))),
        pushed_again=tuple(sorted(one for one, times in store.pushes.items() for _ in range(times - 1))),
    )
