"""Expert (专家): one stream per expert of the pool, from enrolment to removal.

| from | fact | to | guard |
| --- | --- | --- | --- |
| - | ExpertEnrolled | enrolled | disciplines of the list in force, the number is free |
| enrolled, suspended | DisciplinesChanged | same | disciplines of the list in force, with a reason |
| enrolled, suspended | TieDeclared, TieEnded | same | a tie is ended only once, and only one that was declared |
| enrolled | ExpertSuspended | suspended | with a reason |
| suspended | ExpertReinstated | enrolled | with a reason |
| enrolled, suspended | ExpertRemoved | removed | with a reason; a removed expert does not come back under the number |

Ties are kept with their dates, because a draw excludes whoever had one within the years of the rule
(``expert_recusal``). Only numbers travel into a draw; the name stays here."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.experts import Discipline, ExpertNo, ExpertStanding, ExpertState, Tie, expert_stream
from domain.kernel.people import Role
from domain.kernel.refusal import Kind, Refusal
from domain.kernel.words import Personal, Short, Text
from domain.rules.errors import RuleError
from domain.rules.loader import expert_discipline, expert_disciplines

S = ExpertState
KEEPERS = frozenset({Role.STEWARD})
WATCHERS = KEEPERS | {Role.DISCIPLINE}
Disciplines = Annotated[tuple[Discipline, ...], Field(min_length=1, max_length=5)]
Ties = Annotated[tuple[Tie, ...], Field(max_length=200)]


class EnrollExpert(Command):
    """专家入库。Enroll an expert under a number of its own; the same enrolment again changes nothing."""

    NAME = "expert.enroll"
    ZH = "专家入库"
    MAY = KEEPERS

    expert_no: ExpertNo
    name: Annotated[Short, Personal("name")]
    title: Short
    disciplines: Disciplines
    ties: Ties = ()

    @property
    def stream(self) -> UUID:
        return expert_stream(self.expert_no)


class ExpertCommand(Command):
    expert_id: Annotated[UUID, Target()]


class ChangeDisciplines(ExpertCommand):
    """变更专业类别。Change the disciplines for which an expert may be drawn."""

    NAME, ZH, MAY = "expert.change_disciplines", "变更专业类别", KEEPERS
    disciplines: Disciplines
    reason: Text


class DeclareTie(ExpertCommand):
    """申报利害关系。Declare a tie that excludes the expert from reviews about that party."""

    NAME, ZH, MAY = "expert.declare_tie", "申报利害关系", WATCHERS
    tie: Tie


class EndTie(ExpertCommand):
    """终止利害关系。Record on which day a declared tie ended; it still excludes for the years of the rule."""

    NAME, ZH, MAY = "expert.end_tie", "终止利害关系", KEEPERS
    tie: Tie
    until: date


class SuspendExpert(ExpertCommand):
    """暂停专家资格。Keep an expert out of draws, with a reason."""

    NAME, ZH, MAY = "expert.suspend", "暂停专家资格", WATCHERS
    reason: Text


class ReinstateExpert(ExpertCommand):
    """恢复专家资格。Let a suspended expert be drawn again, with a reason."""

    NAME, ZH, MAY = "expert.reinstate", "恢复专家资格", KEEPERS
    reason: Text


class RemoveExpert(ExpertCommand):
    """专家出库。Take an expert out of the pool for good, with a reason."""

    NAME, ZH, MAY = "expert.remove", "专家出库", KEEPERS
    reason: Text


class ExpertNumberTaken(Refusal):
    """专家编号 {expert_no} 已登记了不同的内容;请换用新编号,或办理专业、利害关系变更。

    The expert number {expert_no} is enrolled with other content; use a new number, or change disciplines and ties."""

    KIND = Kind.CONFLICTING


class UnknownDiscipline(Refusal):
    """专业类别「{discipline}」在 {on} 无效;可选:{known}。

    The discipline "{discipline}" is not in the list on {on}; choose from {known}."""

    KIND = Kind.MALFORMED


class TieNotDeclared(Refusal):
    """没有申报过与 {party} 的这项利害关系,或其已终止;请先申报,或核对种类与起始日。

    No such tie with {party} is declared and open; declare it first, or check its kind and its first day."""

    KIND = Kind.UNKNOWN


class TieEndsBeforeItBegins(Refusal):
    """终止日 {until} 早于利害关系的开始日 {since};请更正。

    The tie would end on {until}, before it began on {since}; correct the date."""

    KIND = Kind.MALFORMED


POOL = "专家库管理制度"
REVIEW = "行政许可法第四十五条;专家库管理制度"


class ExpertEnrolled(Event):
    """专家已入库。An expert may be drawn in the named disciplines. 专家库管理制度。"""

    TOPIC = "expert.enrolled"
    ZH = "专家 {expert_no}「{name}」入库,专业:{disciplines}"
    EN = 'expert {expert_no} "{name}" was enrolled for {disciplines}'
    BASIS = REVIEW

    expert_no: ExpertNo
    name: Annotated[Short, Personal("name")]
    title: Short
    disciplines: tuple[Discipline, ...]
    ties: tuple[Tie, ...] = ()


class DisciplinesChanged(Event):
    """专业类别已变更。The disciplines of an expert changed. 专家库管理制度。"""

    TOPIC = "expert.disciplines_changed"
    ZH = "专家 {expert_no} 的专业变更为 {disciplines};原因:{reason}"
    EN = "expert {expert_no} is now enrolled for {disciplines}; reason: {reason}"
    BASIS = POOL

    expert_no: ExpertNo
    disciplines: tuple[Discipline, ...]
    reason: Text


class TieDeclared(Event):
    """利害关系已申报。A tie of the expert became known; draws about that party leave the expert out. 专家库管理制度。"""

    TOPIC = "expert.tie_declared"
    ZH = "专家 {expert_no} 申报利害关系:{tie}"
    EN = "expert {expert_no} has a tie: {tie}"
    BASIS = POOL

    expert_no: ExpertNo
    tie: Tie


class TieEnded(Event):
    """利害关系已终止。A tie ended; it excludes for some years more. 专家库管理制度。"""

    TOPIC = "expert.tie_ended"
    ZH = "专家 {expert_no} 的利害关系于 {until} 终止:{tie}"
    EN = "a tie of expert {expert_no} ended on {until}: {tie}"
    BASIS = POOL

    expert_no: ExpertNo
    tie: Tie
    until: date


class ExpertSuspended(Event):
    """专家资格已暂停。The expert is left out of draws. 专家库管理制度。"""

    TOPIC = "expert.suspended"
    ZH = "专家 {expert_no} 被暂停;原因:{reason}"
    EN = "expert {expert_no} was suspended; reason: {reason}"
    BASIS = POOL

    expert_no: ExpertNo
    reason: Text


class ExpertReinstated(Event):
    """专家资格已恢复。The expert may be drawn again. 专家库管理制度。"""

    TOPIC = "expert.reinstated"
    ZH = "专家 {expert_no} 恢复资格;原因:{reason}"
    EN = "expert {expert_no} was reinstated; reason: {reason}"
    BASIS = POOL

    expert_no: ExpertNo
    reason: Text


class ExpertRemoved(Event):
    """专家已出库。The expert left the pool for good. 专家库管理制度。"""

    TOPIC = "expert.removed"
    ZH = "专家 {expert_no} 出库;原因:{reason}"
    EN = "expert {expert_no} was removed from the pool; reason: {reason}"
    BASIS = POOL

    expert_no: ExpertNo
    reason: Text


class Expert(Aggregate):
    """专家。"""

    NAME = "expert"
    ZH = "专家"

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.expert_no = ""
        self.enrolled: ExpertEnrolled | None = None
        self.state: ExpertState = S.REMOVED
        self.disciplines: tuple[str, ...] = ()
        self.ties: tuple[Tie, ...] = ()

    @property
    def standing(self) -> ExpertStanding:
        """How the expert stands now, for a draw that looks."""
        assert self.enrolled is not None
        return ExpertStanding(
            expert_no=self.expert_no, version=self.version, name=self.enrolled.name, state=self.state,
            disciplines=self.disciplines, ties=self.ties,
        )  # fmt: skip

    def enroll(self, command: EnrollExpert, given: Given) -> Facts:
        stated = command.model_dump()
        if self.enrolled is not None:
            if stated != {name: self.enrolled.model_dump()[name] for name in stated}:
                raise ExpertNumberTaken(expert_no=command.expert_no)
            return
        _in_the_list(command.disciplines, given)
        yield ExpertEnrolled(**stated)

    def change_disciplines(self, command: ChangeDisciplines, given: Given) -> Facts:
        self.must_be(command, self.state, S.ENROLLED, S.SUSPENDED)
        _in_the_list(command.disciplines, given)
        if set(command.disciplines) != set(self.disciplines):
            yield DisciplinesChanged(
                expert_no=self.expert_no, disciplines=command.disciplines, reason=command.reason
            )  # fmt: skip

    def declare_tie(self, command: DeclareTie, given: Given) -> Facts:
        self.must_be(command, self.state, S.ENROLLED, S.SUSPENDED)
        if command.tie not in self.ties:
            yield TieDeclared(expert_no=self.expert_no, tie=command.tie)

    def end_tie(self, command: EndTie, given: Given) -> Facts:
        self.must_be(command, self.state, S.ENROLLED, S.SUSPENDED)
        if command.tie.model_copy(update={"until": command.until}) in self.ties:
            return
        if command.tie not in self.ties or command.tie.until is not None:
            raise TieNotDeclared(party=command.tie.party)
        if command.until < command.tie.since:
            raise TieEndsBeforeItBegins(since=command.tie.since, until=command.until)
        yield TieEnded(expert_no=self.expert_no, tie=command.tie, until=command.until)

    def suspend(self, command: SuspendExpert, given: Given) -> Facts:
        if self.state is S.SUSPENDED:
            return
        self.must_be(command, self.state, S.ENROLLED)
        yield ExpertSuspended(expert_no=self.expert_no, reason=command.reason)

    def reinstate(self, command: ReinstateExpert, given: Given) -> Facts:
        if self.state is S.ENROLLED:
            return
        self.must_be(command, self.state, S.SUSPENDED)
        yield ExpertReinstated(expert_no=self.expert_no, reason=command.reason)

    def remove(self, command: RemoveExpert, given: Given) -> Facts:
        if self.state is S.REMOVED:
            return
        yield ExpertRemoved(expert_no=self.expert_no, reason=command.reason)

    def was_enrolled(self, fact: ExpertEnrolled) -> None:
        self.enrolled, self.expert_no, self.state = fact, fact.expert_no, S.ENROLLED
        self.disciplines, self.ties = fact.disciplines, fact.ties

    def disciplines_changed(self, fact: DisciplinesChanged) -> None:
        self.disciplines = fact.disciplines

    def tie_was_declared(self, fact: TieDeclared) -> None:
        self.ties = (*self.ties, fact.tie)

    def tie_was_ended(self, fact: TieEnded) -> None:
        ended = fact.tie.model_copy(update={"until": fact.until})
        self.ties = tuple(ended if tie == fact.tie else tie for tie in self.ties)

    def was_suspended(self, fact: ExpertSuspended) -> None:
        self.state = S.SUSPENDED

    def was_reinstated(self, fact: ExpertReinstated) -> None:
        self.state = S.ENROLLED

    def was_removed(self, fact: ExpertRemoved) -> None:
        self.state = S.REMOVED


def _in_the_list(disciplines: tuple[str, ...], given: Given) -> None:
    for code in disciplines:
        try:
            expert_discipline(code, on=given.today)
        except RuleError as unknown:
            raise UnknownDiscipline(discipline=code, on=given.today, known=expert_disciplines()) from unknown
