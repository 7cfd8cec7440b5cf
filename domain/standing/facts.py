"""Facts of the standing (主体信用与限制事实)."""

from __future__ import annotations

from datetime import date, datetime

from domain.kernel.event import Event
from domain.kernel.standing import BarKind
from domain.kernel.words import ItemCode, Short, Subject, Term, Text
from domain.standing.words import BarCause, CreditRecord, CreditResult, LiftGround


class StandingFact(Event):
    """What every fact of a standing says: whose it is."""

    subject: Subject


class BarImposed(StandingFact):
    """主体已受限制。A subject is barred from something for a time. 行政许可法第七十八条、第七十九条。"""

    TOPIC = "standing.barred"
    ZH = "{subject} 受限制(第 {bar_no} 号):{kind},自 {since} 至 {ends},{scope};依据 {basis};事由:{cause}"
    EN = "{subject} is barred (number {bar_no}): {kind}, from {since} until {ends}, for {scope}; by {basis}; {cause}"
    BASIS = "行政许可法第七十八条、第七十九条;国办发〔2020〕42号"

    bar_no: int
    kind: BarKind
    basis: Short
    items: tuple[ItemCode, ...]
    since: date
    until: date | None
    cause: BarCause
    organ: Short

    @property
    def ends(self) -> Term | date:
        return self.until or Term("解除之日", "it is lifted")

    @property
    def scope(self) -> Term:
        if not self.items:
            return Term("适用于全部事项", "every item")
        return Term(f"适用于事项 {'、'.join(self.items)}", f"the items {', '.join(self.items)}")


class BarLifted(StandingFact):
    """限制已解除。A bar was lifted on a document. 国办发〔2020〕42号(信用修复)。"""

    TOPIC = "standing.bar_lifted"
    ZH = "{subject} 的第 {bar_no} 号限制解除:{ground},文书 {document_no};{reason}"
    EN = "bar {bar_no} of {subject} was lifted: {ground}, document {document_no}; {reason}"
    BASIS = "国办发〔2020〕42号"

    bar_no: int
    ground: LiftGround
    document_no: Short
    reason: Text


class CreditChecked(StandingFact):
    """信用已核查。A credit register was asked; its answer, source and time. 国办发〔2020〕42号。"""

    TOPIC = "standing.checked"
    ZH = "对 {subject} 的信用核查:{result}(来源 {source},数据截至 {as_of},有效至 {valid_until});记录:{records}"
    EN = "credit of {subject}: {result} (by {source}, as of {as_of}, valid until {valid_until}); records: {records}"
    BASIS = "国办发〔2020〕42号"

    source: Short
    checked_at: datetime
    as_of: datetime
    result: CreditResult
    records: tuple[CreditRecord, ...]
    valid_until: date
