"""Policy (政策): what the platform does by itself when something happened, or when time has passed.

Pure: facts come in, commands go out. A policy sees other streams only through the small read interfaces it
declares; the receiving aggregate checks again. The request id of each command is derived from its cause, so
replaying the same fact carries nothing out twice."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, get_type_hints

from domain.application import Order
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.people import Actor, the_platform
from domain.rules.dates import business_date

Commands = Iterator[Command]


class Policy:
    """Base of all policies. A method annotated with a fact reacts to it; ``when_time_passes`` to the clock."""

    NAME: ClassVar[str] = ""
    ZH: ClassVar[str] = ""
    READS: ClassVar[tuple[str, ...]] = ()
    """Projections whose answers the policy relies on: they must have seen the fact before it reacts."""
    READS_ITS_OWN: ClassVar[bool] = False
    """Whether those answers contain what the policy itself asked for before; see ``rests_on``."""
    _reactions: ClassVar[dict[type[Event], Callable[[Any, Any], Iterable[Command]]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.NAME = cls.__module__.rpartition(".")[2]
        cls._reactions = {}
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("_"):
                continue
            for hint in get_type_hints(method).values():
                for kind in getattr(hint, "__args__", (hint,)):
                    if isinstance(kind, type) and issubclass(kind, Event):
                        cls._reactions[kind] = method

    @classmethod
    def reacts_to(cls) -> tuple[type[Event], ...]:
        return tuple(cls._reactions)

    @property
    def actor(self) -> Actor:
        return the_platform(self.NAME)

    def acting(self, event: Event, command: Command) -> Actor:
        """Who asks for a command: the platform, in the name of another organ where the policy says so."""
        return self.actor

    def rests_on(self, event: Event) -> str | None:
        """What of its own earlier asks a reaction rests on. Facts with the same answer are taken one after another,
        each after the read side has seen what came of the one before."""
        return None

    def react(self, event: Event) -> list[Command]:
        reaction = self._reactions.get(type(event))
        return list(reaction(self, event)) if reaction else []

    def when_time_passes(self, at: datetime) -> Commands:
        """Commands that are due because time has passed; most policies have none."""
        return iter(())

    def orders_for(self, event: Event, at: datetime) -> list[Order]:
        """The reaction to a fact as orders whose request ids derive from that fact and from what is asked of whom.

        Never from the place in the list: a policy that reads may list others when it sees the fact again, and
        then one order would be taken for another."""
        seen: Counter[str] = Counter()
        orders = []
        for command in self.react(event):
            asked = f"{self.NAME}:{event.id}:{command.NAME}:{command.stream}"
            seen[asked] += 1
            request = asked if seen[asked] == 1 else f"{asked}:{seen[asked]}"
            by = self.acting(event, command)
            orders.append(Order(command, by, at, request, None, event.id, event.correlation_id))
        return orders

    def orders_at(self, at: datetime) -> list[Order]:
        """What is due at a time. No request id: the aggregate itself does each only once, on its own facts.

        The cause is the day: an order refused at every beat is then set aside once a day and not once a second."""
        cause = f"time:{business_date(at).isoformat()}"
        return [Order(command, self.actor, at, cause_id=cause) for command in self.when_time_passes(at)]
