"""Pushes (推送样本): realistic published facts for the measurements of relay and latency."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import the_platform
from domain.kernel.words import Change, ClaimMode, Site, Subject
from domain.push import PushContent, PushDispatched, push_stream
from domain.store import Unit
from infra.event_store.mapper import stored
from infra.event_store.recorder import EventRecorder

AT = datetime(2026, 3, 2, 1, 2, 3, 4, UTC)
BY = the_platform("push_decision_to_every_regulator")


def pushed(number: int, authority: str) -> Event:
    """The push of one decision, about as long as a real one."""
    case = stream_id("case", 2026, "bench", authority, number)
    decision = f"{case}:9"
    stream = push_stream(case, decision, authority)
    return PushDispatched(
        push_id=stream, case_id=case, regulator=authority, regulator_name="聊城市市场监督管理局",
        decision_id=decision, claim_mode=ClaimMode.EXPLICIT, named_by="事项第 3 版",
        content=PushContent(
            change=Change.GRANT, case_no=f"LC2026{number:08}", item="11371500004361102XN4000131001000",
            item_name="食品经营许可(餐饮服务)", item_version=3,
            subject=Subject(identifier="91371500MA3C000000", name="聊城市东昌府区某餐饮管理有限公司"),
            site=Site(region="371502", address="东昌府区柳园街道花园路 18 号", place="garden-road-18"),
            document_no=f"聊审食许字〔2026〕{number} 号", content="准予食品经营许可", valid_from=date(2026, 3, 2),
            valid_to=date(2031, 3, 1), decided_on=date(2026, 3, 2),
        ),
        acknowledge_due=date(2026, 3, 3), claim_due=date(2026, 3, 4), feedback_due=date(2026, 3, 16),
    ).stamped(
        originator_id=stream, originator_version=1, occurred_at=AT, recorded_at=AT, actor=BY, cause_id=decision,
        correlation_id=str(case),
    )  # fmt: skip


def store_pushes(recorder: EventRecorder, count: int, authority: str, first: int = 0) -> None:
    """Commit so many pushes, some hundred at a time."""
    for start in range(first, first + count, 500):
        numbers = range(start, min(start + 500, first + count))
        recorder.append([Unit([stored(pushed(number, authority)) for number in numbers])])


def an_authority() -> str:
    """A code nobody else uses, so that its topics are empty."""
    return f"bench-{uuid4().hex[:10]}"
