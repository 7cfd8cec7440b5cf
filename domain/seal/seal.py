"""The seal itself (印章): who may ask, who may confirm, and on which decision each use rests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.documents import Document, DocumentKind
from domain.kernel.event import ENVELOPE
from domain.kernel.refusal import ForeignAuthority, Refusal
from domain.seal import commands as c
from domain.seal import facts as f
from domain.seal import refusals as r
from domain.seal.words import Fault, SealState, UseState

S = SealState
CLOSING = "印章停用,申请退回"


class Seal(Aggregate):
    """印章。"""

    NAME = "seal"
    ZH = "印章"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state: SealState = S.NEW
        self.opened: f.SealYearOpened | None = None
        self.keeper = self.custody = ""
        self.requests: list[f.SealUseRequested] = []
        self.settled: dict[int, UseState] = {}
        self.uses = 0
        self.sealed: dict[tuple[UUID, DocumentKind, str], tuple[str, int]] = {}

    def open_year(self, command: c.OpenSealYear, given: Given) -> Facts:
        _own(command.organ, given)
        if self.opened is not None:
            if all(getattr(self.opened, name) == value for name, value in command.model_dump().items()):
                return
            raise r.SealYearOpenAlready(seal_no=command.seal_no, year=command.year)
        if command.year != given.today.year:
            raise r.SealYearIsNotThis(year=command.year, today=given.today)
        yield f.SealYearOpened(**command.model_dump())

    def request_use(self, command: c.RequestSealUse, given: Given) -> Facts:
        self._in_use(command, given)
        asked = (command.case_id, command.kind, command.document_no)
        if any((one.case_id, one.kind, one.document_no) == asked and one.digest == command.digest
               for one in self._waiting()):  # fmt: skip
            return
        self._rests_on(command.case_id, command.kind, command.document_no, command.digest, given)
        if asked in self.sealed:
            raise r.SealedAlready(kind=command.kind, document_no=command.document_no, number=self.sealed[asked][1])
        yield f.SealUseRequested(
            **self._seal, request=len(self.requests) + 1, **command.model_dump(exclude={"seal_id"})
        )

    def confirm_use(self, command: c.ConfirmSealUse, given: Given) -> Facts:
        self._in_use(command, given)
        asked = self._open(command.request)
        if given.by.id == asked.actor.id:
            raise r.SameHandTwice(officer=given.by.id)
        if given.by.id != self.keeper:
            raise r.NotTheKeeper(officer=given.by.id)
        # The decision is looked at again: between the two keys it may have been corrected, or another file brought.
        rests_on = self._rests_on(asked.case_id, asked.kind, asked.document_no, asked.digest, given)
        yield f.SealUsed(
            **self._use(asked), number=self.uses + 1, requested_by=asked.actor.id, rests_on=rests_on.fact
        )

    def decline_use(self, command: c.DeclineSealUse, given: Given) -> Facts:
        self._own_seal(given)
        self.must_be(command, self.state, S.IN_USE)
        yield f.SealUseDeclined(**self._use(self._open(command.request)), reason=command.reason)

    def hand_over(self, command: c.HandOverSeal, given: Given) -> Facts:
        self._own_seal(given)
        self.must_be(command, self.state, S.IN_USE)
        if (self.custody, self.keeper) != (command.custody, command.keeper):
            yield f.SealHandedOver(
                **self._seal, custody=command.custody, keeper=command.keeper, reason=command.reason
            )

    def take_out_of_use(self, command: c.TakeSealOutOfUse, given: Given) -> Facts:
        self._own_seal(given)
        self.must_be(command, self.state, S.IN_USE)
        for asked in self._waiting():
            yield f.SealUseDeclined(**self._use(asked), reason=CLOSING)
        yield f.SealTakenOutOfUse(**self._seal, reason=command.reason)

    def close_year(self, command: c.CloseSealYear, given: Given) -> Facts:
        self._own_seal(given)
        self.must_be(command, self.state, S.IN_USE, S.OUT_OF_USE)
        assert self.opened is not None
        if self.state is S.IN_USE and given.today.year <= self.opened.year:
            raise r.SealYearIsNotOver(year=self.opened.year)
        if waiting := tuple(asked.request for asked in self._waiting()):
            raise r.SealRequestsWait(requests=waiting)
        yield f.SealYearClosed(**self._seal, requests=len(self.requests), uses=self.uses)

    def record_attempt(self, command: c.RecordSealAttempt, given: Given) -> Facts:
        yield f.SealUseAttempted(**self._seal, **command.model_dump(exclude={"seal_id"}))

    def was_opened(self, fact: f.SealYearOpened) -> None:
        self.state, self.opened, self.keeper, self.custody = S.IN_USE, fact, fact.keeper, fact.custody

    def was_requested(self, fact: f.SealUseRequested) -> None:
        self.requests.append(fact)

    def was_used(self, fact: f.SealUsed) -> None:
        self.uses = fact.number
        self.settled[fact.request] = UseState.USED
        self.sealed[fact.case_id, fact.kind, fact.document_no] = (fact.digest, fact.number)

    def was_declined(self, fact: f.SealUseDeclined) -> None:
        self.settled[fact.request] = UseState.DECLINED

    def was_handed_over(self, fact: f.SealHandedOver) -> None:
        self.keeper, self.custody = fact.keeper, fact.custody

    def was_taken_out_of_use(self, fact: f.SealTakenOutOfUse) -> None:
        self.state = S.OUT_OF_USE

    def was_closed(self, fact: f.SealYearClosed) -> None:
        self.state = S.CLOSED

    @property
    def _seal(self) -> dict[str, Any]:
        assert self.opened is not None
        return {"organ": self.opened.organ, "seal_no": self.opened.seal_no, "year": self.opened.year}

    def _use(self, asked: f.SealUseRequested) -> dict[str, Any]:
        return {name: getattr(asked, name) for name in f.SealUse.model_fields if name not in ENVELOPE}

    def _in_use(self, command: c.SealCommand, given: Given) -> None:
        self._own_seal(given)
        self.must_be(command, self.state, S.IN_USE)
        assert self.opened is not None
        if given.today.year != self.opened.year:
            raise r.SealYearIsNotThis(year=self.opened.year, today=given.today)

    def _own_seal(self, given: Given) -> None:
        assert self.opened is not None
        _own(self.opened.organ, given)

    def _waiting(self) -> list[f.SealUseRequested]:
        return [asked for asked in self.requests if asked.request not in self.settled]

    def _open(self, request: int) -> f.SealUseRequested:
        if request > len(self.requests):
            raise r.NoSuchSealRequest(request=request)
        if (state := self.settled.get(request)) is not None:
            raise r.SealRequestSettled(request=request, state=state)
        return self.requests[request - 1]

    def _rests_on(
        self, case_id: UUID, kind: DocumentKind, document_no: str, digest: str, given: Given
    ) -> Document:
        """The document on record that is to be sealed. Raises why there is none, and leaves the attempt behind."""

        def refused(cls: Callable[..., Refusal], fault: Fault) -> Refusal:
            attempt = c.RecordSealAttempt(
                seal_id=self.id, officer=given.by.id, case_id=case_id, kind=kind, document_no=document_no,
                digest=digest, fault=fault,
            )  # fmt: skip
            return cls(kind=kind, document_no=document_no).leaving(attempt)

        assert self.opened is not None
        found = [
            one for one in given.look.documents(case_id)
            if one.kind is kind and one.organ == self.opened.organ and one.document_no in ("", document_no)
        ]  # fmt: skip
        if not found:
            raise refused(r.SealWithoutDecision, Fault.NO_DECISION)
        sealed = self.sealed.get((case_id, kind, document_no))
        if found[-1].digest not in ("", digest) or (sealed is not None and sealed[0] != digest):
            raise refused(r.DigestDiffers, Fault.DIGEST_DIFFERS)
        return found[-1]


def _own(organ: str, given: Given) -> None:
    mine = given.by.on_behalf_of or given.by.organ
    if organ != mine:
        raise ForeignAuthority(organ=mine, owner=organ)
