"""Commands of the standing (主体信用与限制命令)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.kernel.command import Command
from domain.kernel.identity import standing_stream
from domain.kernel.people import APPROVING, Role
from domain.kernel.standing import BarKind
from domain.kernel.words import ItemCode, Short, Subject, Text
from domain.standing.words import BarCause, CreditRecord, CreditResult, LiftGround


class AboutSubject(Command):
    """A command about one subject; the first of them opens its stream."""

    subject: Subject

    @property
    def stream(self) -> UUID:
        return standing_stream(self.subject.identifier)


class ImposeBar(AboutSubject):
    """限制主体。Bar a subject, with the legal basis, for which items, and until when.

    ``until`` none takes the period that the law gives the kind; a kind without one stands until it is lifted."""

    NAME = "standing.impose_bar"
    ZH = "限制主体"
    MAY = frozenset({Role.SYSTEM, Role.DECIDER})

    kind: BarKind
    basis: Short
    items: tuple[ItemCode, ...] = Field((), max_length=500)
    since: date
    until: date | None = None
    cause: BarCause
    organ: Short = Field(description="the organ that answers for the bar and alone may lift it")


class LiftBar(AboutSubject):
    """解除限制。Lift a bar on a document: the credit was repaired, or what it rested on was set aside."""

    NAME = "standing.lift_bar"
    ZH = "解除限制"
    MAY = frozenset({Role.DECIDER})

    bar_no: int = Field(ge=1, description="number of the bar among those of the subject")
    ground: LiftGround
    document_no: Short
    reason: Text


class RecordCreditCheck(AboutSubject):
    """登记信用核查。Record what a credit register answered, with its source and time.

    ``checked_at`` is when it was asked, ``as_of`` the state of the register that answered."""

    NAME = "standing.record_credit_check"
    ZH = "登记信用核查"
    MAY = APPROVING | {Role.SYSTEM, Role.OPERATOR}

    source: Short
    as_of: AwareDatetime
    result: CreditResult
    records: tuple[CreditRecord, ...] = Field((), max_length=200)
