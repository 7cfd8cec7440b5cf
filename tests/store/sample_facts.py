"""Facts and rows for the tests of the store. The classes are declared, then taken out of the registry again:
the contracts of the platform must not grow because a test ran."""

from typing import Any, ClassVar

from domain.kernel.event import EVENTS, Event
from domain.kernel.identity import stream_id
from domain.store import LoadedEvent, StoredEvent


class StepRecorded(Event):
    """步骤. A step was recorded; a fact for the tests of the store."""

    TOPIC: ClassVar[str] = "storetest.step_recorded"
    ZH: ClassVar[str] = "第 {step} 步"
    EN: ClassVar[str] = "step {step}"

    step: int
    note: str = ""


class StampAffixed(Event):
    """盖章. Once it said `seal` as one text, then `office` and `number`; now the number is a number."""

    TOPIC: ClassVar[str] = "storetest.stamp_affixed"
    class_version: ClassVar[int] = 3
    ZH: ClassVar[str] = "{office} 盖章"
    EN: ClassVar[str] = "{office} affixed its stamp"

    office: str
    number: int

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["office"], _, state["number"] = state.pop("seal").partition("/")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["number"] = int(state["number"])


def row(case: object, version: int, state: bytes = b"{}", *, year: int = 2026, topic: str = "test.step") -> StoredEvent:
    return StoredEvent(stream_id("case", year, case), version, topic, state)


def loaded(*args: Any, **kwargs: Any) -> LoadedEvent:
    """What a load answers where ``row`` of the same was stored."""
    return LoadedEvent(**vars(row(*args, **kwargs)))


SAMPLES = {cls.TOPIC: cls for cls in (StepRecorded, StampAffixed)}
for topic in SAMPLES:
    del EVENTS[topic]
