"""Stock (原库对照): the comparison application, written the way the library's documentation shows.

Default aggregate with ``@event``, default mapper, default recorder, tables made by the library itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from infra.postgres import parts


class StockCase(Aggregate):
    """A case that carries about as much in each event as ours does."""

    @event("Accepted")
    def __init__(self, case_no: str, organ: str, officer: str, at: datetime) -> None:
        self.case_no = case_no
        self.organ = organ
        self.examiner = officer
        self.reasons = 0
        self.at = at

    @event("Reassigned")
    def reassign(self, examiner: str, reason: str, officer: dict[str, Any], at: datetime, cause: str) -> None:
        self.examiner = examiner
        self.reasons += 1
        self.at = at


class StockCases(Application[UUID]):
    name = "stock"

    def accept(self, number: int, at: datetime, *, events: int) -> StockCase:
        """A stored case with so many events."""
        case = StockCase(f"2026-{number:07}", "lc-bureau", "officer-1", at)
        for step in range(events - 1):
            reassign(case, step, at)
        self.save(case)
        return case


def reassign(case: StockCase, step: int, at: datetime) -> None:
    officer = {"id": "officer-2", "organ": "lc-bureau", "role": "acceptor", "on_behalf_of": None}
    case.reassign(f"examiner-{step % 7}", REASON, officer, at, "")


REASON = "原审查人员因公外出,按轮岗安排改由他人继续审查,已告知申请人并记入案卷。" * 2


def stock_environment(owner_url: str, *, pool: int = 5) -> dict[str, str]:
    """The library's own settings for this database."""
    known = parts(owner_url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(known["dbname"]),
        "POSTGRES_HOST": str(known["host"]),
        "POSTGRES_PORT": str(known.get("port", 5432)),
        "POSTGRES_USER": str(known.get("user", "")),
        "POSTGRES_PASSWORD": str(known.get("password", "")),
        "POSTGRES_POOL_SIZE": str(pool),
        "POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT": "60",
    }


def stock_app(owner_url: str, **more: str) -> StockCases:
    """The application on tables of its own in the same database; close it."""
    return StockCases(cast("Any", stock_environment(owner_url) | more))
