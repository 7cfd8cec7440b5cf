"""ParkedMessage (退件暂存): a message from outside that could not become a command, kept with the reason.

Nothing that a regulator or an approval system sends is dropped: what is malformed, foreign or refused is set
aside where both sides see it, and is released or skipped by a person, with a reason."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import Role
from domain.kernel.persons import AsReceived
from domain.kernel.refusal import Refusal
from domain.kernel.words import Addressee, Personal, Short, Text, Word

PRACTICE = "双推送对接约定"
KEPT = 64 * 1024
"""Characters of a body that are kept; the digest and the length tell what the whole was."""

Authority = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{1,39})?$")]
"""The authority on whose topic it arrived; empty for reports of approval systems. None is an order of the
platform itself, which concerns nobody outside and so is sent nowhere."""

Body64K = Annotated[str, StringConstraints(max_length=KEPT), Personal("text"), AsReceived(KEPT)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ParkedState(Word):
    NEW = "new", "未暂存", "not parked"
    PARKED = "parked", "已暂存", "parked"
    RELEASED = "released", "已放行", "released"
    SKIPPED = "skipped", "已略过", "skipped"


def parked_stream(year: int, cluster: str, topic: str, partition: int, offset: int) -> UUID:
    """One stream per place in a log; ``cluster`` keeps apart logs that were wiped and filled again."""
    return stream_id("parked", year, cluster, topic, partition, offset)


class ParkMessage(Command):
    """暂存退件。Set a message aside with the reason why it could not be taken in."""

    NAME = "parked.park"
    ZH = "暂存退件"
    MAY = frozenset({Role.SYSTEM})

    year: int = Field(ge=1, le=9999, description="year of the broker's timestamp, 1 where it is unusable")
    cluster: Short
    topic: Short
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)
    authority: Authority | None = ""
    key: Annotated[str, StringConstraints(max_length=400), Personal("text")] = ""
    body: Body64K
    digest: Digest = Field(description="SHA-256 of the whole body")
    length: int = Field(ge=0, description="bytes of the whole body")
    reason: Short = Field(description="stable code of the reason")
    reason_zh: Text
    reason_en: Text

    @property
    def stream(self) -> UUID:
        return parked_stream(self.year, self.cluster, self.topic, self.partition, self.offset)

    @classmethod
    def of_policy(cls, policy: str, order: Command, cause: str, refusal: Refusal, year: int) -> Self:
        """What a policy asked for and was refused. Cause and order stand for the place in a log, so that the
        same refusal met again is parked once."""
        body = order.model_dump_json().encode()
        place = sha256(f"{cause}|{order.NAME}|".encode() + body).digest()
        return cls(
            year=year, cluster="platform", topic=f"policy.{policy}", partition=0,
            offset=int.from_bytes(place[:8]) >> 1, authority=None, key=str(order.stream),
            body=body.decode()[:KEPT], digest=sha256(body).hexdigest(), length=len(body),
            reason=refusal.code, reason_zh=refusal.told("zh")[:2000], reason_en=refusal.told("en")[:2000],
        )  # fmt: skip


class ParkedCommand(Command):
    parked_id: Annotated[UUID, Target()]


class ReleaseParkedMessage(ParkedCommand):
    """放行退件。Take the message in again, after what stood in its way was put right."""

    NAME = "parked.release"
    ZH = "放行退件"
    MAY = frozenset({Role.OPERATOR})

    reason: Text


class SkipParkedMessage(ParkedCommand):
    """略过退件。Give the message up for good, and say why."""

    NAME = "parked.skip"
    ZH = "略过退件"
    MAY = frozenset({Role.OPERATOR})

    reason: Text


class ParkedFact(Event):
    """What every fact of a parked message says: where it lay and whom to tell."""

    authority: Annotated[Authority | None, Addressee()]
    topic: Short
    partition: int
    offset: int


class MessageParked(ParkedFact):
    """退件已暂存。A message could not be taken in and is kept with the reason. 双推送对接约定。"""

    TOPIC = "parked.message_parked"
    ZH = "{topic} 第 {partition} 分区第 {offset} 条消息暂存({reason}):{reason_zh}"
    EN = "the message {offset} of {topic}, partition {partition}, was set aside ({reason}): {reason_en}"
    BASIS = PRACTICE
    CHANNEL = Channel.PARKED

    cluster: Short
    key: Annotated[str, Personal("text")]
    body: Body64K
    digest: Digest
    length: int
    reason: Short
    reason_zh: Text
    reason_en: Text


class ParkedMessageReleased(ParkedFact):
    """退件已放行。A person let the message be taken in again. 双推送对接约定。"""

    TOPIC = "parked.message_released"
    ZH = "{topic} 第 {partition} 分区第 {offset} 条退件放行;原因:{reason}"
    EN = "the parked message {offset} of {topic}, partition {partition}, was released; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.PARKED

    reason: Text


class ParkedMessageSkipped(ParkedFact):
    """退件已略过。A person gave the message up for good. 双推送对接约定。"""

    TOPIC = "parked.message_skipped"
    ZH = "{topic} 第 {partition} 分区第 {offset} 条退件略过;原因:{reason}"
    EN = "the parked message {offset} of {topic}, partition {partition}, was skipped; reason: {reason}"
    BASIS = PRACTICE
    CHANNEL = Channel.PARKED

    reason: Text


class ParkedMessage(Aggregate):
    """退件暂存。"""

    NAME = "parked"
    ZH = "退件"

    parked: MessageParked

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state = ParkedState.NEW

    def park(self, command: ParkMessage, given: Given) -> Facts:
        # The same place in the log again is the same message, delivered again.
        if self.state is ParkedState.NEW:
            yield MessageParked(**command.model_dump(exclude={"year"}))

    def release(self, command: ReleaseParkedMessage, given: Given) -> Facts:
        self.must_be(command, self.state, ParkedState.PARKED)
        yield ParkedMessageReleased(**self._where, reason=command.reason)

    def skip(self, command: SkipParkedMessage, given: Given) -> Facts:
        self.must_be(command, self.state, ParkedState.PARKED)
        yield ParkedMessageSkipped(**self._where, reason=command.reason)

    def was_parked(self, fact: MessageParked) -> None:
        self.parked, self.state = fact, ParkedState.PARKED

    def was_released(self, fact: ParkedMessageReleased) -> None:
        self.state = ParkedState.RELEASED

    def was_skipped(self, fact: ParkedMessageSkipped) -> None:
        self.state = ParkedState.SKIPPED

    @property
    def _where(self) -> dict[str, Any]:
        return {name: getattr(self.parked, name) for name in ("authority", "topic", "partition", "offset")}
