"""Memory (内存中的聚合): what a process remembers of the streams, and what one try to decide holds of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from domain.application.aggregates import aggregate_class
from domain.application.orders import Order
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.sight import NotAtHand
from domain.store import Row


class Memory:
    """Aggregates as this process knows them. The store may be ahead of it, so nothing that follows from it alone is
    ever answered: facts are checked by the commit, and everything else by one more look."""

    def __init__(self, made: Callable[[Row], Event], size: int) -> None:
        self._made = made
        self._size = size
        self.aggregates: OrderedDict[UUID, Aggregate] = OrderedDict()
        self.seen: OrderedDict[UUID, Aggregate | None] = OrderedDict()
        """What decisions looked at beside their own streams, as the store has it. Apart from ``aggregates``, which may
        hold what is decided and not yet stored: nobody else may see that."""

    def version_seen(self, stream: UUID) -> int:
        """Up to which version a stream was looked at."""
        seen = self.seen.get(stream)
        return seen.version if seen is not None else 0

    def saw(self, stream: UUID, stored: Sequence[Row]) -> Aggregate | None:
        """Remember a stream that a decision looks at, with what was stored since; none when there is no such stream."""
        seen = self.seen.get(stream)
        if stored:
            seen = self.folded(seen, stream, stored)
        self.seen[stream] = seen
        self.seen.move_to_end(stream)
        while len(self.seen) > self._size:
            self.seen.popitem(last=False)
        return seen

    def folded(self, aggregate: Aggregate | None, stream: UUID, stored: Sequence[Row]) -> Aggregate:
        """The aggregate with stored facts added; facts that it knows are passed over."""
        if aggregate is None:
            aggregate = aggregate_class(stored[0].topic)(stream)
        aggregate.fold_all(self.facts(stored, aggregate.version))
        return aggregate

    def facts(self, stored: Iterable[Row], after: int = 0) -> Iterator[Event]:
        """The facts of a stream after a version, each the next of the one before."""
        made = self._made
        for row in stored:
            if row.originator_version == after + 1:
                after += 1
                yield made(row)

    def keep(self, *aggregates: Aggregate) -> None:
        """Remember aggregates, where no newer state of them is known; those used least recently are let go."""
        for aggregate in aggregates:
            known = self.aggregates.get(aggregate.id)
            if aggregate.version and (known is None or known.version <= aggregate.version):
                self.aggregates[aggregate.id] = aggregate
                self.aggregates.move_to_end(aggregate.id)
        while len(self.aggregates) > self._size:
            self.aggregates.popitem(last=False)

    def evict(self, streams: Iterable[UUID]) -> None:
        """Forget streams whose state here may not be what the store has."""
        for stream in streams:
            self.aggregates.pop(stream, None)


class Hand:
    """What one try holds: the aggregates it decides on, what it looks at beside them, and what it took from memory.

    ``seen`` are streams that belong to others; ``from_memory`` the versions of those that nobody has compared with
    the store during this try."""

    def __init__(self, memory: Mapping[UUID, Aggregate | None]) -> None:
        self.memory = memory
        self.aggregates: dict[UUID, Aggregate] = {}
        self.known: dict[UUID, int] = {}
        self.read: set[UUID] = set()
        self.seen: dict[UUID, Aggregate | None] = {}
        self.from_memory: dict[UUID, int] = {}

    def at(self, stream: UUID) -> Aggregate | None:
        """A stream as it is stored and as this batch left it; none when there is no such stream.

        Raises NotAtHand when it must be read first."""
        found = self.aggregates.get(stream) or self.seen.get(stream)
        if found is None and stream not in self.seen:
            self.must_hold([stream])
            found = self.seen[stream] = self.memory[stream]
            self.from_memory[stream] = found.version if found is not None else 0
        return found

    def must_hold(self, streams: Iterable[UUID]) -> None:
        """Raises NotAtHand for those that nobody has read."""
        absent = [s for s in streams if s not in self.aggregates and s not in self.seen and s not in self.memory]
        if absent:
            raise NotAtHand(*absent)

    def unread(self, order: Order) -> set[UUID]:
        """What the order was decided on from memory alone, though another process may have gone on."""
        return {order.stream} & self.known.keys() - self.read
