"""SupervisionFinding (监管信息): what a regulator tells the approving side, and the duty that it opens there.

reported -> received (接收登记) -> handled; the result goes back to the regulator. Rectification runs beside it.
The approving side alone changes a license; the regulator proposes, with materials.

A finding is never refused because nobody knows its case or license: it is kept unresolved and linked later.
The same number again with the same content is nothing new; with other content it is a further revision,
which must be registered again. A finding whose ``found_on`` moves into another year is another finding."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from domain.kernel.aggregate import Aggregate, Facts, Given
from domain.kernel.channel import Channel
from domain.kernel.command import Command, Target
from domain.kernel.event import Event
from domain.kernel.identity import stream_id
from domain.kernel.people import APPROVING, Role
from domain.kernel.refusal import ForeignAuthority, FutureTime, Kind, Refusal
from domain.kernel.time import due_by
from domain.kernel.words import Addressee, Body, OrderedBy, Short, Site, Subject, Text, Word

PRACTICE = "审管互动监管信息回推约定"


class FindingKind(Word):
    """监管信息类别."""

    INSPECTION = "inspection", "行政检查", "inspection"
    RECTIFICATION = "rectification", "责令改正", "order to rectify"
    PENALTY = "penalty", "行政处罚", "penalty"
    SUSPENSION = "suspension", "暂扣许可证件", "suspension of the license"
    PENALTY_REVOCATION = "penalty_revocation", "吊销许可证件", "revocation as a penalty"
    CREDIT_CHANGE = "credit_change", "信用状况变化", "credit change"
    COMPLAINT = "complaint", "投诉举报", "complaint"
    COMMITMENT_CHECK = "commitment_check", "承诺核查", "verification of a commitment"
    POLICY_CHANGE = "policy_change", "政策变化", "policy change"
    PROPOSAL_TO_ALTER = "proposal_to_alter", "建议变更", "proposal to alter"
    PROPOSAL_TO_WITHDRAW = "proposal_to_withdraw", "建议撤回", "proposal to withdraw"
    PROPOSAL_TO_REVOKE = "proposal_to_revoke", "建议撤销", "proposal to revoke"
    PROPOSAL_TO_CANCEL = "proposal_to_cancel", "建议注销", "proposal to cancel"
    HOLD_REQUEST = "hold_request", "请求暂缓办理", "request to hold decisions"


class Demand(Word):
    """What a finding asks the approving side to do (要求事项)."""

    CONSULTATION = "consultation", "要求会商", "a consultation"
    SITE_VISIT = "site_visit", "要求现场踏勘", "a site visit"
    RECTIFICATION = "rectification", "要求督促整改", "rectification"
    LICENSE_CHANGE = "license_change", "要求变动许可", "a change of the license"
    HOLD = "hold", "要求暂缓办理", "a hold on decisions"


DEMANDED_BY_KIND: dict[FindingKind, Demand] = {
    FindingKind.RECTIFICATION: Demand.RECTIFICATION,
    FindingKind.SUSPENSION: Demand.LICENSE_CHANGE,
    FindingKind.PENALTY_REVOCATION: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_ALTER: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_WITHDRAW: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_REVOKE: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_CANCEL: Demand.LICENSE_CHANGE,
    FindingKind.HOLD_REQUEST: Demand.HOLD,
}
"""What a kind demands by its nature, whether the regulator says so or not."""


class FindingState(Word):
    NEW = "new", "未报送", "not yet reported"
    REPORTED = "reported", "已报送", "reported"
    RECEIVED = "received", "已登记", "registered"
    HANDLED = "handled", "已处置", "handled"


class FindingDuty(Word):
    """A duty of a finding that has a due date."""

    REGISTER = "register", "登记", "register"
    DECIDE = "decide", "处置", "decide"
    RECTIFY = "rectify", "整改", "rectify"


class FindingResult(Word):
    """处置结果."""

    ADOPTED = "adopted", "采纳", "adopted"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳", "partly adopted"
    NOT_ADOPTED = "not_adopted", "不采纳", "not adopted"
    NOTED = "noted", "知悉备案", "noted for the file"
    REFERRED = "referred", "移送有权机关", "referred to the competent organ"


class ReportFinding(Command):
    """报送监管信息。A regulator reports what it found and what it asks for."""

    NAME = "finding.report"
    ZH = "报送监管信息"
    MAY = frozenset({Role.REGULATOR})
    ARRIVES_ON = Channel.SUPERVISION

    organ: Body = Field(description="the reporting regulator; the sender's own")
    finding_no: Short = Field(description="the regulator's own number of the finding")
    kind: FindingKind
    subject: Subject
    case_id: UUID | None = None
    case_no: Short | None = None
    license_no: Short | None = None
    push_id: UUID | None = None
    found_on: date
    statement: Text
    legal_basis: Text
    site: Site | None = None
    demands: tuple[Demand, ...] = Field((), max_length=5)
    rectify_by: date | None = None
    hold_until: date | None = None

    @property
    def stream(self) -> UUID:
        return stream_id("finding", self.found_on.year, self.organ.code, self.finding_no)


class FindingCommand(Command):
    finding_id: Annotated[UUID, Target()]


class RegisterFinding(FindingCommand):
    """接收登记。The approving side takes the finding in; the regulator is told who has it."""

    NAME = "finding.register"
    ZH = "接收登记监管信息"
    MAY = APPROVING


class HandleFinding(FindingCommand):
    """处置监管信息。Say what was decided on the finding and why; the regulator gets the answer."""

    NAME = "finding.handle"
    ZH = "处置监管信息"
    MAY = frozenset({Role.EXAMINER, Role.DECIDER})

    result: FindingResult
    explanation: Text


class OpenRectification(FindingCommand):
    """督促整改。Open the rectification that a standing finding asks for."""

    NAME = "finding.open_rectification"
    ZH = "督促整改"
    MAY = frozenset({Role.SYSTEM, Role.EXAMINER, Role.DECIDER, Role.REGULATOR})

    requirement: Text | None = Field(None, description="none takes what the finding states")
    rectify_by: date | None = Field(None, description="none takes the date that the finding names")


class RectificationDone(FindingCommand):
    """确认整改完成。The reporting regulator, or the approving side, confirms that it is mended."""

    NAME = "finding.rectification_done"
    ZH = "确认整改完成"
    MAY = frozenset({Role.REGULATOR, Role.EXAMINER, Role.DECIDER})
    ARRIVES_ON = Channel.SUPERVISION

    statement: Text


class NoteFindingOverdue(FindingCommand):
    """登记监管信息逾期。Note that a duty of the finding was not met by its date; each duty once."""

    NAME = "finding.note_overdue"
    ZH = "登记监管信息逾期"
    MAY = frozenset({Role.SYSTEM})

    duty: FindingDuty


class LinkFindingToCase(FindingCommand):
    """关联办件。Link a finding to the case or license that it is about."""

    NAME = "finding.link_to_case"
    ZH = "监管信息关联办件"
    MAY = frozenset({Role.SYSTEM, Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER})

    case_id: UUID
    case_no: Short
    license_no: Short | None = None


class HoldNeedsExpiry(Refusal):
    """请求暂缓办理必须写明晚于发现日 {found_on} 的截止日期;请补充后再报送。

    A request to hold decisions must name an end later than {found_on}, the day of the finding; add it."""

    KIND = Kind.MALFORMED


class NotYourFinding(ForeignAuthority):
    """该监管信息由 {owner} 报送,{organ} 不得办理;请核对监管信息编号。

    This finding was reported by {owner}; {organ} may not act on it. Check the number."""


class NoDateToRectify(Refusal):
    """监管信息 {finding_no} 没有写明整改期限;请在督促整改时填写期限。

    The finding {finding_no} names no date for its rectification; give one when opening it."""

    KIND = Kind.MALFORMED


class NoRectificationOpen(Refusal):
    """监管信息 {finding_no} 没有正在进行的整改,不能确认完成;请先督促整改。

    The finding {finding_no} has no rectification open, so none can be confirmed; open it first."""

    KIND = Kind.OUT_OF_ORDER


class FindingNotYetDue(Refusal):
    """监管信息 {finding_no} 的「{duty}」期限为 {due_on},今天是 {today},尚未逾期;请核对计时任务。

    The finding {finding_no} has until {due_on} to {duty} and today is {today}, so nothing is overdue;
    check the timer."""

    KIND = Kind.OUT_OF_ORDER


class FindingFact(Event):
    """What every fact of a finding says: whose it is, and which case it is about as far as is known."""

    organ: Body
    finding_no: Short
    case_id: Annotated[UUID | None, OrderedBy()]


class FindingReported(FindingFact):
    """监管信息已报送。A regulator reported a finding; a later revision replaces it. 行政许可法第六十四条。"""

    TOPIC = "finding.reported"
    ZH = "「{organ}」报送监管信息 {finding_no}({kind},第 {revision} 次):{subject},{statement};要求:{demands}"
    EN = "{organ} reported {finding_no} ({kind}, revision {revision}): {subject}, {statement}; asks: {demands}"
    BASIS = "行政许可法第六十四条、第六十五条"

    revision: int
    kind: FindingKind
    subject: Subject
    case_no: Short | None
    license_no: Short | None
    push_id: UUID | None
    found_on: date
    statement: Text
    legal_basis: Text
    site: Site | None
    demands: tuple[Demand, ...]
    rectify_by: date | None
    hold_until: date | None
    resolved: bool = Field(description="whether the case it is about is named")
    register_by: date | None
    decide_by: date | None


class FindingReceived(FindingFact):
    """监管信息已接收登记。The approving side has the finding; the regulator is told. 监管信息回推约定。"""

    TOPIC = "finding.received"
    ZH = "监管信息 {finding_no} 已接收登记,承办 {officer},处置期限 {decide_by}"
    EN = "the finding {finding_no} was registered by {officer}, to be decided by {decide_by}"
    BASIS = PRACTICE
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    decide_by: date | None

    @property
    def officer(self) -> str:
        return str(self.actor)


class FindingHandled(FindingFact):
    """监管信息已处置。The approving side decided on the finding; the answer goes back. 行政许可法第六十九条。"""

    TOPIC = "finding.handled"
    ZH = "监管信息 {finding_no} 处置结果:{result};{explanation}"
    EN = "the finding {finding_no} was handled: {result}; {explanation}"
    BASIS = "行政许可法第六十四条、第六十九条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    kind: FindingKind
    subject: Subject
    result: FindingResult
    explanation: Text
    late: bool


class RectificationOpened(FindingFact):
    """整改已督促。The holder is to mend what the finding says, by a date. 行政许可法第六十六条、第六十八条。"""

    TOPIC = "finding.rectification_opened"
    ZH = "就监管信息 {finding_no} 督促整改,限 {rectify_by} 前完成:{requirement}"
    EN = "rectification was opened for the finding {finding_no}, due {rectify_by}: {requirement}"
    BASIS = "行政许可法第六十六条、第六十八条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    requirement: Text
    rectify_by: date


class RectificationConfirmed(FindingFact):
    """整改已确认。What the finding asked to mend is mended. 行政许可法第六十八条。"""

    TOPIC = "finding.rectification_confirmed"
    ZH = "监管信息 {finding_no} 整改完成:{statement}"
    EN = "the rectification for the finding {finding_no} is confirmed: {statement}"
    BASIS = "行政许可法第六十八条"
    CHANNEL = Channel.APPROVAL

    organ: Annotated[Body, Addressee()]
    statement: Text
    late: bool


class FindingOverdue(FindingFact):
    """监管信息逾期。A duty of the finding was not met by its date (rule R32). 监管信息回推约定。"""

    TOPIC = "finding.overdue"
    ZH = "监管信息 {finding_no} 未在 {due_on} 前{duty}"
    EN = "the finding {finding_no} missed its duty to {duty} by {due_on}"
    BASIS = PRACTICE

    duty: FindingDuty
    due_on: date


class FindingLinked(FindingFact):
    """监管信息已关联办件。The case that the finding is about was found. 监管信息回推约定。"""

    TOPIC = "finding.linked"
    ZH = "监管信息 {finding_no} 关联到办件 {case_no}"
    EN = "the finding {finding_no} was linked to case {case_no}"
    BASIS = PRACTICE

    case_no: Short
    license_no: Short | None


class SupervisionFinding(Aggregate):
    """监管信息。"""

    NAME = "finding"
    ZH = "监管信息"

    reported: FindingReported

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.state = FindingState.NEW
        self.content: dict[str, Any] = {}
        self.linked: FindingLinked | None = None
        self.rectification: RectificationOpened | None = None
        self.overdue: set[FindingDuty] = set()

    def report(self, command: ReportFinding, given: Given) -> Facts:
        if given.by.organ != command.organ.code:
            raise NotYourFinding(organ=given.by.organ, owner=command.organ)
        if command.found_on > given.today:
            raise FutureTime(time=command.found_on)
        if command.kind is FindingKind.HOLD_REQUEST and (
            command.hold_until is None or command.hold_until <= command.found_on
        ):
            raise HoldNeedsExpiry(found_on=command.found_on)
        content = self._content_of(command)
        if content == self.content:
            return
        yield FindingReported(
            **content, revision=self.reported.revision + 1 if self.version else 1,
            resolved=content["case_id"] is not None,
            register_by=due_by("finding_register", given.today), decide_by=due_by("finding_decide", given.today),
        )  # fmt: skip

    def register(self, command: RegisterFinding, given: Given) -> Facts:
        if self.state is FindingState.RECEIVED:
            return
        self.must_be(command, self.state, FindingState.REPORTED)
        yield FindingReceived(**self._of, decide_by=self.reported.decide_by)

    def handle(self, command: HandleFinding, given: Given) -> Facts:
        self.must_be(command, self.state, FindingState.RECEIVED)
        yield FindingHandled(
            **self._of, kind=self.reported.kind, subject=self.reported.subject, result=command.result,
            explanation=command.explanation,
            late=self.reported.decide_by is not None and given.today > self.reported.decide_by,
        )  # fmt: skip

    def open_rectification(self, command: OpenRectification, given: Given) -> Facts:
        if given.by.role is Role.REGULATOR:
            self._must_be_the_reporter(given)
        if self.rectification is not None:
            return
        rectify_by = command.rectify_by or self.reported.rectify_by
        if rectify_by is None:
            raise NoDateToRectify(finding_no=self.reported.finding_no)
        requirement = command.requirement or self.reported.statement
        yield RectificationOpened(**self._of, requirement=requirement, rectify_by=rectify_by)

    def confirm_rectification(self, command: RectificationDone, given: Given) -> Facts:
        if given.by.role is Role.REGULATOR:
            self._must_be_the_reporter(given)
        if self.rectification is None:
            raise NoRectificationOpen(finding_no=self.reported.finding_no)
        yield RectificationConfirmed(
            **self._of, statement=command.statement, late=given.today > self.rectification.rectify_by
        )

    def note_overdue(self, command: NoteFindingOverdue, given: Given) -> Facts:
        # A timer may fire after the duty was met: then there is nothing to note, and nothing is wrong.
        due_on = self.open_duties.get(command.duty)
        if due_on is None or command.duty in self.overdue:
            return
        if given.today <= due_on:
            raise FindingNotYetDue(
                finding_no=self.reported.finding_no, duty=command.duty, due_on=due_on, today=given.today
            )
        yield FindingOverdue(**self._of, duty=command.duty, due_on=due_on)

    def link(self, command: LinkFindingToCase, given: Given) -> Facts:
        stated = {name: getattr(command, name) for name in _LINK}
        if stated != {name: self.content[name] for name in _LINK}:
            yield FindingLinked(**self._of | stated)

    def was_reported(self, fact: FindingReported) -> None:
        self.reported, self.state = fact, FindingState.REPORTED
        self.content = {name: getattr(fact, name) for name in _STATED}
        self.linked = None
        self.overdue -= {FindingDuty.REGISTER, FindingDuty.DECIDE}

    def was_received(self, fact: FindingReceived) -> None:
        self.state = FindingState.RECEIVED

    def was_handled(self, fact: FindingHandled) -> None:
        self.state = FindingState.HANDLED

    def was_opened(self, fact: RectificationOpened) -> None:
        self.rectification = fact

    def was_confirmed(self, fact: RectificationConfirmed) -> None:
        self.rectification = None
        self.overdue.discard(FindingDuty.RECTIFY)

    def was_overdue(self, fact: FindingOverdue) -> None:
        self.overdue.add(fact.duty)

    def was_linked(self, fact: FindingLinked) -> None:
        self.linked = fact
        self.content |= {name: getattr(fact, name) for name in _LINK}

    @property
    def open_duties(self) -> dict[FindingDuty, date | None]:
        """What is still owed, and by when."""
        duties: dict[FindingDuty, date | None] = {}
        if self.state is FindingState.REPORTED:
            duties[FindingDuty.REGISTER] = self.reported.register_by
        if self.state in (FindingState.REPORTED, FindingState.RECEIVED):
            duties[FindingDuty.DECIDE] = self.reported.decide_by
        if self.rectification is not None:
            duties[FindingDuty.RECTIFY] = self.rectification.rectify_by
        return duties

    @property
    def _of(self) -> dict[str, Any]:
        return {name: self.content[name] for name in ("organ", "finding_no", "case_id")}

    def _must_be_the_reporter(self, given: Given) -> None:
        if given.by.organ != self.reported.organ.code:
            raise NotYourFinding(organ=given.by.organ, owner=self.reported.organ)

    def _content_of(self, command: ReportFinding) -> dict[str, Any]:
        """What is reported, with what its kind demands by nature, and with the case it was linked to meanwhile:
        a regulator that sends its finding again does not know of the link."""
        content = {name: getattr(command, name) for name in _STATED}
        implied = DEMANDED_BY_KIND.get(command.kind)
        if implied is not None and implied not in command.demands:
            content["demands"] = (*command.demands, implied)
        if self.linked is not None and command.case_id is None:
            content |= {name: getattr(self.linked, name) for name in _LINK}
        return content


_STATED = tuple(ReportFinding.model_fields)
"""What a report states: two reports are the same when all of this is."""

_LINK = ("case_id", "case_no", "license_no")
