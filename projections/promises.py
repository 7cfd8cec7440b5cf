"""Who promised what, until when, and was it kept? (承诺与容缺) Seen by the organ that decided and by who supervises."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.approval_case import facts as c
from domain.commitment import facts as f
from domain.commitment.words import CheckResult, CommitmentDuty, CommitmentState, Severity
from domain.kernel.event import Event
from domain.kernel.words import Word
from domain.rules.dates import business_date
from domain.supervision_finding import FindingKind, FindingReported
from projections.view import Page, Projection, Reader, Table


class BeforeTheGrant(Word):
    """States of a commitment that is not followed yet, or never will be (批前状态)."""

    FILED = "filed", "已提交", "filed, not decided yet"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn before the decision"
    VOID = "void", "未据以许可", "the case ended without a grant on it"


class ToleranceState(Word):
    """容缺状态."""

    OPEN = "open", "待补齐", "to be supplied"
    CLEARED = "cleared", "已补齐", "supplied"
    LAPSED = "lapsed", "逾期未补齐", "never supplied"
    ENDED = "ended", "办件已终结", "the case ended otherwise"


@dataclass(slots=True)
class CommitmentRow:
    """One commitment, from its filing to its end. ``overdue`` holds what was noted, such as ``check:yellow``;
    ``commitment_id`` is none until a grant rests on it."""

    case_id: UUID
    commitment_id: UUID | None
    case_no: str
    item: str
    item_name: str
    organ: str
    subject_id: str
    subject_name: str
    kind: str
    promise: str
    state: str
    filed_on: date
    check_by: date
    first_position: int
    position: int
    version: int = 0
    regulators: list[str] = field(default_factory=list)
    checker: str = ""
    decided_on: date | None = None
    red_on: date | None = None
    samples: list[str] = field(default_factory=list)
    checked_on: date | None = None
    checked_by: str = ""
    method: str = ""
    result: str = ""
    statement: str = ""
    rectify_by: date | None = None
    ground: str = ""
    broken_on: date | None = None
    proposal_id: UUID | None = None
    outcome: str = ""
    overdue: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ToleranceRow:
    """One tolerance acceptance: what is still missing, until when it must come, and how it ended."""

    case_id: UUID
    case_no: str
    item: str
    item_name: str
    organ: str
    subject_id: str
    subject_name: str
    regulators: list[str]
    promised: list[str]
    missing: list[str]
    accepted_on: date
    until: date
    state: str
    first_position: int
    position: int
    ended_on: date | None = None


@dataclass(slots=True)
class _Item:
    item: str


_COMMITMENT = "SELECT * FROM projections.commitment"
_TOLERANCE = "SELECT * FROM projections.tolerance"
_UNVERIFIED = "state IN ('open', 'deferred')"
_OVERDUE = (
    f"({_UNVERIFIED} AND check_by < %(on)s AND NOT overdue ? '{CommitmentDuty.CHECK}:{Severity.YELLOW}'"
    f" OR {_UNVERIFIED} AND red_on < %(on)s AND NOT overdue ? '{CommitmentDuty.CHECK}:{Severity.RED}'"
    f" OR state = 'rectifying' AND rectify_by < %(on)s AND NOT overdue ? '{CommitmentDuty.RECTIFY}:{Severity.YELLOW}')"
)


def commitment(read: Reader, id: UUID) -> CommitmentRow | None:
    """A commitment by its own id or by that of its case."""
    return read.one(CommitmentRow, _COMMITMENT + " WHERE commitment_id = %(id)s OR case_id = %(id)s", {"id": id})


def commitments(
    read: Reader,
    *,
    organ: str = "",
    regulator: str = "",
    item: str = "",
    subject: str = "",
    state: str = "",
    due_before: date | None = None,
    sampled: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CommitmentRow]:
    """Commitments, newest first; ``organ`` decided, ``regulator`` supervises. ``due_before`` leaves what waits for its
    check and should have had it before a day, ``sampled`` what a sample drew."""
    exact = {"organ": organ, "item": item, "subject_id": subject, "state": state}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if regulator:
        where.append("regulators ? %(regulator)s")
        params["regulator"] = regulator
    if due_before is not None:
        where.append(f"{_UNVERIFIED} AND check_by < %(due_before)s")
        params["due_before"] = due_before
    if sampled:
        where.append("samples <> '[]'")
    return read.page(
        CommitmentRow, _COMMITMENT + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def open_of_item(read: Reader, item: str, *, limit: int) -> list[CommitmentRow]:
    """The commitments of an item that wait for their check: the pool of a sample, oldest first."""
    return read.rows(
        CommitmentRow, _COMMITMENT + f" WHERE item = %s AND {_UNVERIFIED} ORDER BY first_position LIMIT %s", (item, limit)
    )


def items_waiting(read: Reader) -> list[str]:
    """The items of which a commitment waits for its check."""
    found = read.rows(
        _Item, "SELECT DISTINCT item FROM projections.commitment WHERE state IN ('open', 'deferred') ORDER BY item"
    )
    return [row.item for row in found]


def overdue(read: Reader, on: date, *, limit: int = 200) -> list[CommitmentRow]:
    """Commitments of which something is overdue on a day and not noted yet: what NoteCommitmentOverdue is due for."""
    return read.rows(
        CommitmentRow, _COMMITMENT + f" WHERE {_OVERDUE} ORDER BY check_by, case_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )  # fmt: skip


def tolerance(read: Reader, case_id: UUID) -> ToleranceRow | None:
    return read.one(ToleranceRow, _TOLERANCE + " WHERE case_id = %s", (case_id,))


def tolerances(
    read: Reader,
    *,
    organ: str = "",
    regulator: str = "",
    item: str = "",
    subject: str = "",
    state: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ToleranceRow]:
    """Tolerance acceptances, newest first."""
    exact = {"organ": organ, "item": item, "subject_id": subject, "state": state}
    params: dict[str, object] = {name: value for name, value in exact.items() if value}
    where = [f"{name} = %({name})s" for name in params]
    if regulator:
        where.append("regulators ? %(regulator)s")
        params["regulator"] = regulator
    return read.page(
        ToleranceRow, _TOLERANCE + (" WHERE " + " AND ".join(where) if where else ""), params,
        order=("first_position",), cursor=cursor, limit=limit, descending=True,
    )  # fmt: skip


def _case_of(event: Event) -> tuple[UUID, ...]:
    if isinstance(event, (f.CommitmentFact, FindingReported)):
        return (event.case_id,) if event.case_id else ()
    return (event.originator_id,)


EndedWithoutGrant = (
    c.DecisionDenied | c.CaseWithdrawn | c.CaseTerminated | c.CorrectionLapsed | c.PermitNotRequired
    | c.AcceptanceRefused
)  # fmt: skip


class Promises(Projection):
    """Commitments and tolerances: what was promised, and what became of it."""

    NAME = "promises"
    ZH = "承诺与容缺"
    commitments = Table(
        "commitment", CommitmentRow, key=("case_id",), touched=_case_of,
        indexes=(
            "(first_position)", "(commitment_id)", "(organ, first_position)", "(item, first_position)", "(subject_id)",
            "(check_by) WHERE state IN ('open', 'deferred')", "USING gin (regulators)",
        ),
    )  # fmt: skip
    tolerances = Table(
        "tolerance", ToleranceRow, key=("case_id",), touched=_case_of,
        indexes=("(first_position)", "(organ, first_position)", "(subject_id)", "USING gin (regulators)"),
    )  # fmt: skip

    # 批前

    def filed(self, fact: c.CommitmentFiled) -> None:
        subject = fact.subject
        self.commitments.put(
            CommitmentRow(
                case_id=fact.originator_id, commitment_id=None, case_no=fact.case_no, item=fact.item,
                item_name=fact.item_name, organ=fact.actor.on_behalf_of or fact.actor.organ,
                subject_id=subject.identifier if subject else "", subject_name=subject.name if subject else "",
                kind=fact.kind, promise=fact.commitment, state=BeforeTheGrant.FILED,
                filed_on=business_date(fact.occurred_at), check_by=fact.check_by, first_position=self.position,
                position=self.position,
            )
        )  # fmt: skip

    def ended(self, fact: EndedWithoutGrant) -> None:
        self._before(fact, BeforeTheGrant.VOID)
        self._tolerance_ended(fact, ToleranceState.ENDED)

    def withdrawn(self, fact: c.CommitmentWithdrawn) -> None:
        self._before(fact, BeforeTheGrant.WITHDRAWN)

    def _before(self, fact: Event, state: BeforeTheGrant) -> None:
        row = self.commitments.get(fact.originator_id)
        if row is not None and row.state == BeforeTheGrant.FILED:
            row.state, row.position = state, self.position

    # 容缺

    def tolerated(self, fact: c.ToleranceAccepted) -> None:
        region = fact.site.region if fact.site else None
        self.tolerances.put(
            ToleranceRow(
                case_id=fact.originator_id, case_no=fact.case_no, item=fact.terms.item, item_name=fact.terms.name,
                organ=fact.actor.on_behalf_of or fact.actor.organ, subject_id=fact.subject.identifier,
                subject_name=fact.subject.name, regulators=[r.code for r in fact.terms.regulators_at(region)],
                promised=list(fact.missing), missing=list(fact.missing), accepted_on=business_date(fact.occurred_at),
                until=min(fact.due_of.values()), state=ToleranceState.OPEN, first_position=self.position, position=self.position,
            )
        )  # fmt: skip

    def cleared(self, fact: c.ToleranceCleared) -> None:
        row = self.tolerances.get(fact.originator_id)
        if row is not None:
            row.missing, row.position = [m for m in row.missing if m not in fact.materials], self.position
            row.until = fact.until or row.until
            if not row.missing:
                self._tolerance_ended(fact, ToleranceState.CLEARED)

    def lapsed(self, fact: c.ToleranceLapsed) -> None:
        self._before(fact, BeforeTheGrant.VOID)
        self._tolerance_ended(fact, ToleranceState.LAPSED)

    def _tolerance_ended(self, fact: Event, state: ToleranceState) -> None:
        row = self.tolerances.get(fact.originator_id)
        if row is not None and row.state == ToleranceState.OPEN:
            row.state, row.ended_on, row.position = state, business_date(fact.occurred_at), self.position

    # 批后

    def opened(self, fact: f.CommitmentOpened) -> None:
        known = self.commitments.peek(fact.case_id)
        self.commitments.put(
            CommitmentRow(
                case_id=fact.case_id, commitment_id=fact.originator_id, case_no=fact.case_no, item=fact.item,
                item_name=fact.item_name, organ=fact.organ, subject_id=fact.subject.identifier,
                subject_name=fact.subject.name, kind=fact.kind, promise=fact.promise, state=CommitmentState.OPEN,
                filed_on=known.filed_on if known else fact.decided_on, check_by=fact.check_by,
                first_position=known.first_position if known else self.position, position=self.position,
                version=fact.originator_version, regulators=[r.code for r in fact.regulators], checker=fact.checker,
                decided_on=fact.decided_on, red_on=fact.red_on,
            )
        )  # fmt: skip

    def sampled(self, fact: f.CommitmentSampled) -> None:
        row = self._row(fact)
        row.samples = [*row.samples, fact.sample_no]

    def checked(self, fact: f.CommitmentChecked) -> None:
        row = self._row(fact)
        row.checked_on, row.checked_by, row.method = fact.checked_on, fact.by.name, fact.method
        row.result, row.statement, row.overdue, row.rectify_by = fact.result, fact.statement, [], None
        if fact.result is CheckResult.KEPT:
            row.state = CommitmentState.KEPT
        elif fact.next_check_by is not None:
            row.state, row.check_by, row.red_on = CommitmentState.DEFERRED, fact.next_check_by, fact.red_on
        else:
            row.state = CommitmentState.FAILED

    def ordered(self, fact: f.CommitmentRectificationOrdered) -> None:
        row = self._row(fact)
        row.state, row.rectify_by = CommitmentState.RECTIFYING, fact.rectify_by

    def rectified(self, fact: f.CommitmentRectified) -> None:
        self._row(fact).state = CommitmentState.RECTIFIED

    def broken(self, fact: f.CommitmentBroken) -> None:
        row = self._row(fact)
        row.state, row.broken_on = CommitmentState.BROKEN, fact.broken_on
        row.ground = fact.ground

    def proposed(self, fact: FindingReported) -> None:
        """The proposal that follows from a breach; another one about the same case says nothing of the promise."""
        if fact.kind is FindingKind.PROPOSAL_TO_REVOKE and fact.case_id is not None:
            row = self.commitments.get(fact.case_id)
            if row is not None and row.state == CommitmentState.BROKEN and row.proposal_id is None:
                row.proposal_id, row.position = fact.originator_id, self.position

    def noted_overdue(self, fact: f.CommitmentOverdue) -> None:
        row = self._row(fact)
        row.overdue = [*row.overdue, f"{fact.duty}:{fact.severity}"]

    def settled(self, fact: f.CommitmentSettled) -> None:
        row = self._row(fact)
        row.state, row.outcome = CommitmentState.SETTLED, fact.result

    def closed(self, fact: f.CommitmentClosed) -> None:
        row = self._row(fact)
        row.state, row.outcome = CommitmentState.CLOSED, fact.reason

    def _row(self, fact: f.CommitmentFact) -> CommitmentRow:
        row = self.commitments[fact.case_id]
        row.position, row.version = self.position, fact.originator_version
        return row
