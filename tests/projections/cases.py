"""Cases for the specifications of projections, led by commands to where a test begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from world import World

from domain.approval_case import commands as c
from domain.approval_case.facts import DecisionGranted
from domain.approval_case.words import Material, Opinion, Outcome, Validity
from domain.kernel.event import Event
from domain.kernel.people import Actor, Role
from domain.kernel.words import Body, Change, ClaimMode, ItemTerms, Regulator, Site, Subject
from domain.push import DispatchPush, PushContent, push_stream
from tests.specification import ACCEPTOR, APPLICANT, BUREAU, DECIDER, EXAMINER, HOLDER, HOUSING, MONDAY, PLATFORM, SHOP

ITEM = "370100-0001"
HOUSING_HERE = Regulator(code=HOUSING.code, name=HOUSING.name)


def terms(**more: Any) -> ItemTerms:
    told: dict[str, Any] = {
        "item": ITEM, "version": 1, "name": "食品经营许可", "promised_days": 10, "regulators": (HOUSING_HERE,),
    }  # fmt: skip
    return ItemTerms.model_validate(told | more)


def day(number: int, hour: int = 10) -> datetime:
    """A working day after MONDAY: 0 is MONDAY itself, 5 the Monday after."""
    weeks, rest = divmod(number, 5)
    return MONDAY.replace(hour=hour) + timedelta(days=7 * weeks + rest)


def submitted(
    world: World,
    item: ItemTerms | None = None,
    *,
    case_no: str = "2026-0001",
    subject: Subject = HOLDER,
    site: Site | None = SHOP,
    at: datetime = MONDAY,
) -> UUID:
    item = world.offer(item or terms())
    brought = tuple(Material(name=one) for one in item.materials)
    command = c.SubmitApplication(
        case_no=case_no, opened_on=at.date(), item=item.item, subject=subject, site=site, materials=brought
    )
    world.do(command, by=APPLICANT, at=at)
    return command.stream


def received(world: World, item: ItemTerms | None = None, *, at: datetime = MONDAY, **told: Any) -> UUID:
    case = submitted(world, item, at=at, **told)
    world.do(c.ReceiveMaterial(case_id=case, receipt_no="R-1"), by=ACCEPTOR, at=at)
    return case


def accepted(world: World, item: ItemTerms | None = None, *, at: datetime = MONDAY, **told: Any) -> UUID:
    case = received(world, item, at=at, **told)
    world.do(c.AcceptApplication(case_id=case, document_no="A-1"), by=ACCEPTOR, at=at)
    return case


def examined(world: World, item: ItemTerms | None = None, *, at: datetime = MONDAY, **told: Any) -> UUID:
    case = accepted(world, item, at=at, **told)
    world.do(c.AssignCase(case_id=case, examiner=EXAMINER.id), by=ACCEPTOR, at=at)
    world.do(c.RecordExaminationOpinion(case_id=case, opinion=Opinion.PASS, grounds="符合条件"), by=EXAMINER, at=at)
    return case


def grant(world: World, case: UUID, *, by: Actor = DECIDER, at: datetime = MONDAY) -> DecisionGranted:
    decided = world.do(
        c.GrantLicense(case_id=case, document_no="D-1", content="准予经营", validity=Validity(valid_from=at.date())),
        by=by, at=at,
    )  # fmt: skip
    assert isinstance(decided[0], DecisionGranted)
    return decided[0]


def granted(
    world: World, item: ItemTerms | None = None, *, at: datetime = MONDAY, decided_at: datetime | None = None,
    **told: Any,
) -> tuple[UUID, DecisionGranted]:  # fmt: skip
    case = examined(world, item, at=at, **told)
    return case, grant(world, case, at=decided_at or at)


def pushed(
    world: World,
    case: UUID,
    decision: Event,
    *,
    to: Body = HOUSING,
    at: datetime = MONDAY,
    claim_mode: ClaimMode = ClaimMode.EXPLICIT,
    case_no: str = "2026-0001",
) -> UUID:
    content = PushContent(
        change=Change.GRANT, case_no=case_no, item=ITEM, item_name="食品经营许可", decided_on=at.date(),
        subject=HOLDER, site=SHOP,
    )  # fmt: skip
    world.do(
        DispatchPush(
            case_id=case, decision_id=decision.id, regulator=to, claim_mode=claim_mode, named_by="事项第 1 版",
            content=content,
        ),
        by=PLATFORM, at=at,
    )  # fmt: skip
    return push_stream(case, decision.id, to.code)


def reporter(source: str = "source-1") -> Actor:
    return Actor(id=source, organ=BUREAU.code, role=Role.SOURCE)


def a_report(number: int, **more: Any) -> c.ReportStep:
    told: dict[str, Any] = {
        "source": "source-1", "source_event_id": str(number), "case_no": "N-1", "opened_on": MONDAY.date(),
        "organ": BUREAU.code, "activity": "look", "occurred_at": MONDAY - timedelta(hours=1),
    }  # fmt: skip
    return c.ReportStep.model_validate(told | more)


__all__ = [
    "ITEM", "Outcome", "a_report", "accepted", "date", "day", "examined", "grant", "granted", "pushed", "received",
    "reporter", "submitted", "terms",
]  # fmt: skip
