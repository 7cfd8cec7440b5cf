"""Delegation (首席代表授权): the letters by which the head of an organ lets an officer decide in the organ's name.

One stream per organ and officer. A letter says which items, which places, which levels, up to which amount, and from
when to when. A decision outside every letter is refused where it is asked; that it was attempted is recorded here, for
discipline inspection only. 行政许可法第二十三至二十六条。"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import Command, Target
from domain.kernel.delegation import Beyond, Letter, LetterNo, RecordDelegationExceeded, Scope
from domain.kernel.documents import DocumentKind
from domain.kernel.event import Event
from domain.kernel.identity import delegation_stream
from domain.kernel.people import INSPECTING, Role
from domain.kernel.refusal import ForeignAuthority, Kind, Refusal
from domain.kernel.words import ItemCode, OrganCode, Personal, Short, Text

BASIS = "行政许可法第二十六条"
KEEPERS = frozenset({Role.STEWARD})
"""Who enters what the head of the organ has signed."""

Officer = Annotated[Short, Personal("text")]


class GrantDelegation(Command):
    """授权首席代表。Enter a letter by which the head of the organ delegates decisions to an officer."""

    NAME = "delegation.grant"
    ZH = "授权首席代表"
    MAY = KEEPERS

    organ: OrganCode
    officer: Officer
    head: Officer = Field(description="the head of the organ who signed the letter")
    letter_no: LetterNo
    scope: Scope
    valid_from: date
    valid_to: date
    retroactive_because: str = Field("", max_length=2000, description="why a letter that begins in the past came late")

    @property
    def stream(self) -> UUID:
        return delegation_stream(self.organ, self.officer)


class DelegationCommand(Command):
    delegation_id: Annotated[UUID, Target()]
    letter_no: LetterNo


class AlterDelegation(DelegationCommand):
    """变更授权。Change the scope or the end of a letter, from today on."""

    NAME, ZH, MAY = "delegation.alter", "变更授权", KEEPERS
    scope: Scope
    valid_to: date
    reason: Text


class WithdrawDelegation(DelegationCommand):
    """收回授权。Withdraw a letter from a day on; decisions before that day keep resting on it."""

    NAME, ZH, MAY = "delegation.withdraw", "收回授权", KEEPERS
    effective_on: date
    reason: Text


class LetterNumberTaken(Refusal):
    """授权书编号 {letter_no} 已登记且内容不同;请核对编号,变更授权请用「变更授权」。

    The letter {letter_no} is on record with other content; check its number, or alter that letter."""

    KIND = Kind.CONFLICTING


class HeadMayNotBeDelegate(Refusal):
    """授权人与被授权人同为 {officer};首席代表不得自行授权,请由机关负责人签发。

    {officer} signed the letter for themselves; the head of the organ must delegate to another officer."""


class LetterEndsBeforeItBegins(Refusal):
    """授权书 {valid_from} 起、{valid_to} 止,止期早于起期或已过;请核对日期。

    The letter runs from {valid_from} to {valid_to}, which is over or ends before it begins; check its dates."""

    KIND = Kind.MALFORMED


class LetterCameLate(Refusal):
    """授权书自 {valid_from} 起生效,早于今日 {today};补签须写明原因(补签原因),并公开留痕。

    The letter begins on {valid_from}, before today, {today}; a retroactive letter must say why it came late."""


class NoSuchLetter(Refusal):
    """没有编号为 {letter_no} 的授权书;请核对编号。

    There is no letter numbered {letter_no}; check the number."""

    KIND = Kind.UNKNOWN


class LetterIsWithdrawn(Refusal):
    """授权书 {letter_no} 已自 {since} 起收回;需要授权请另行签发。

    The letter {letter_no} is withdrawn from {since} on; a new letter must be signed."""


class WithdrawalMayNotBeBackdated(Refusal):
    """收回日期 {effective_on} 早于今日 {today};已作出的决定以当时的授权为准,请从今日起收回。

    {effective_on} lies before today, {today}: decisions rest on the letter of their time; withdraw from today on."""


class LetterFact(Event):
    """What every fact of a letter says."""

    organ: OrganCode
    officer: Officer
    letter_no: LetterNo


class DelegationGranted(LetterFact):
    """首席代表已授权。The head of the organ delegated decisions to an officer by a letter."""

    TOPIC = "delegation.granted"
    ZH = "{head} 授权 {officer} 为首席代表,授权书 {letter_no},{valid_from} 至 {valid_to};补签原因:{retroactive_because}"
    EN = (
        "{head} delegated decisions to {officer} by letter {letter_no}, {valid_from} to {valid_to}; "
        "retroactive because: {retroactive_because}"
    )
    BASIS = BASIS

    head: Officer
    scope: Scope
    valid_from: date
    valid_to: date
    retroactive: bool = False
    retroactive_because: str = ""


class DelegationAltered(LetterFact):
    """授权已变更。The scope or the end of a letter changed from that day on."""

    TOPIC = "delegation.altered"
    ZH = "授权书 {letter_no} 变更,至 {valid_to} 止,原因:{reason}"
    EN = "the letter {letter_no} was altered, it runs to {valid_to}: {reason}"
    BASIS = BASIS

    scope: Scope
    valid_to: date
    reason: Text


class DelegationWithdrawn(LetterFact):
    """授权已收回。A letter ends before its time."""

    TOPIC = "delegation.withdrawn"
    ZH = "授权书 {letter_no} 自 {effective_on} 起收回,原因:{reason}"
    EN = "the letter {letter_no} is withdrawn from {effective_on}: {reason}"
    BASIS = BASIS

    effective_on: date
    reason: Text


class DecisionBeyondDelegation(Event):
    """首席代表越权未遂。A decision beyond every letter was attempted and refused; for discipline inspection only."""

    TOPIC = "delegation.exceeded"
    ZH = "{officer} 试图就办件 {case_no} 作出{decision} {document_no},越权:{beyond};授权书 {letter_no};已拒绝"
    EN = (
        "{officer} attempted the {decision} {document_no} in case {case_no} beyond the delegation: {beyond}; "
        "letter {letter_no}; it was refused"
    )
    BASIS = "行政许可法第六十九条第一款第(二)项"
    ONLY_FOR = INSPECTING

    organ: OrganCode
    officer: Officer
    case_id: UUID
    case_no: Short
    item: ItemCode
    decision: DocumentKind
    document_no: Short
    letter_no: str = ""
    beyond: tuple[Beyond, ...]


class Delegation(Aggregate):
    """首席代表授权。"""

    NAME = "delegation"
    ZH = "首席代表授权"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.letters: dict[str, Letter] = {}
        self.granted: dict[str, DelegationGranted] = {}

    def grant(self, command: GrantDelegation, given: Given) -> Facts:
        _own(command.organ, given)
        if command.head == command.officer:
            raise HeadMayNotBeDelegate(officer=command.officer)
        if (known := self.granted.get(command.letter_no)) is not None:
            if all(getattr(known, name) == getattr(command, name) for name in _SAID):
                return
            raise LetterNumberTaken(letter_no=command.letter_no)
        if command.valid_to < max(command.valid_from, given.today):
            raise LetterEndsBeforeItBegins(valid_from=command.valid_from, valid_to=command.valid_to)
        late = command.valid_from < given.today
        if late and not command.retroactive_because.strip():
            raise LetterCameLate(valid_from=command.valid_from, today=given.today)
        yield DelegationGranted(
            organ=command.organ, officer=command.officer, letter_no=command.letter_no, head=command.head,
            scope=command.scope, valid_from=command.valid_from, valid_to=command.valid_to, retroactive=late,
            retroactive_because=command.retroactive_because if late else "",
        )  # fmt: skip

    def alter(self, command: AlterDelegation, given: Given) -> Facts:
        letter, told = self._letter(command, given)
        if command.valid_to < max(letter.valid_from, given.today):
            raise LetterEndsBeforeItBegins(valid_from=letter.valid_from, valid_to=command.valid_to)
        if (letter.scope, letter.valid_to) != (command.scope, command.valid_to):
            yield DelegationAltered(
                organ=told.organ, officer=told.officer, letter_no=command.letter_no, scope=command.scope,
                valid_to=command.valid_to, reason=command.reason,
            )  # fmt: skip

    def withdraw(self, command: WithdrawDelegation, given: Given) -> Facts:
        _, told = self._letter(command, given)
        if command.effective_on < given.today:
            raise WithdrawalMayNotBeBackdated(effective_on=command.effective_on, today=given.today)
        yield DelegationWithdrawn(
            organ=told.organ, officer=told.officer, letter_no=command.letter_no, effective_on=command.effective_on,
            reason=command.reason,
        )  # fmt: skip

    def record_exceeded(self, command: RecordDelegationExceeded, given: Given) -> Facts:
        yield DecisionBeyondDelegation(**command.model_dump())

    def was_granted(self, fact: DelegationGranted) -> None:
        self.granted[fact.letter_no] = fact
        self.letters[fact.letter_no] = Letter(
            letter_no=fact.letter_no, scope=fact.scope, valid_from=fact.valid_from, valid_to=fact.valid_to,
            retroactive=fact.retroactive,
        )  # fmt: skip

    def was_altered(self, fact: DelegationAltered) -> None:
        letter = self.letters[fact.letter_no]
        self.letters[fact.letter_no] = letter.model_copy(update={"scope": fact.scope, "valid_to": fact.valid_to})

    def was_withdrawn(self, fact: DelegationWithdrawn) -> None:
        letter = self.letters[fact.letter_no]
        self.letters[fact.letter_no] = letter.model_copy(update={"ends_before": fact.effective_on})

    def _letter(self, command: DelegationCommand, given: Given) -> tuple[Letter, DelegationGranted]:
        letter = self.letters.get(command.letter_no)
        if letter is None:
            raise NoSuchLetter(letter_no=command.letter_no)
        told = self.granted[command.letter_no]
        _own(told.organ, given)
        if letter.ends_before is not None:
            raise LetterIsWithdrawn(letter_no=command.letter_no, since=letter.ends_before)
        return letter, told


_SAID = ("organ", "officer", "head", "scope", "valid_from", "valid_to")


def _own(organ: str, given: Given) -> None:
    mine = given.by.on_behalf_of or given.by.organ
    if organ != mine:
        raise ForeignAuthority(organ=mine, owner=organ)
