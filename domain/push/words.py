"""Words of the push: its states, and what a regulator is told."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.time import place_of
from domain.kernel.words import Change, Personal, Short, Site, Subject, Value, Word

PRACTICE = "审管互动推送约定"


class PushState(Word):
    """推送状态."""

    NEW = "new", "未推送", "not yet dispatched"
    DISPATCHED = "dispatched", "已推送", "dispatched"
    DELIVERED = "delivered", "已送达", "delivered"
    ACKNOWLEDGED = "acknowledged", "已签收", "acknowledged"
    CLAIMED = "claimed", "已认领", "claimed"
    IN_SUPERVISION = "in_supervision", "监管中", "in supervision"
    FED_BACK = "fed_back", "已反馈", "fed back"
    CLOSED = "closed", "已销号", "closed"
    RETURNED = "returned", "已退回", "returned"
    REASSIGNED = "reassigned", "已改派", "reassigned"
    SUPERSEDED = "superseded", "已被更正", "superseded"


P = PushState
OPEN = (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED, P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK, P.RETURNED)
UNCLAIMED = (P.DISPATCHED, P.DELIVERED, P.ACKNOWLEDGED)


class PushContent(Value):
    """What the regulator is told. Composed, and masked as its contract says, when the push is opened."""

    change: Change
    case_no: Short
    item: str
    item_name: str
    item_version: int | None = None
    subject: Subject | None = None
    site: Site | None = None
    document_no: str = ""
    license_id: UUID | None = None
    license_no: str = Field("", description="of a change of a license: which license it is")
    license_version: int | None = Field(None, description="its version after the change; a later change has more")
    license_digest: str = ""
    license_code: str = Field("", description="its state after the change, in the codes of the national exchange")
    content: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    by_commitment: bool = False
    with_tolerance: bool = False
    decided_on: date
    accepted_by: Annotated[str, Personal("text")] = ""
    decided_by: Annotated[str, Personal("text")] = ""
    masked: bool = True

    def place_of(self, regulator: str) -> str | None:
        """Whose calendar counts what a regulator owes on it: where the regulator sits, else where the site lies."""
        return place_of(regulator, self.site)
