"""Which pushes wait for whom? (推送看板) Per regulator, the oldest unacknowledged first, and why none was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain import push as p
from domain.kernel.time import due_by
from domain.kernel.words import Change
from domain.push import PushState
from domain.rules.dates import business_date
from domain.subscription import why
from projections import case_register, catalogue
from projections.view import Page, Projection, Reader, Table

P = PushState
UNANSWERED, UNCLAIMED, CLAIMED, SETTLED = 0, 1, 2, 3
"""``rank`` of a push on the board: what waits longest for its first answer stands first."""


@dataclass(slots=True)
class PushRow:
    """One push. Its subject is shown as the regulator's contract allows, masked when the push was composed."""

    push_id: UUID
    case_id: UUID
    case_no: str
    decision_id: str
    regulator: str
    regulator_name: str
    change: str
    item: str
    item_name: str
    subject_id: str
    subject_name: str
    region: str
    state: str
    rank: int
    claim_mode: str
    named_by: str
    decided_on: date
    dispatched_at: datetime
    first_position: int
    position: int
    version: int
    acknowledge_due: date | None
    claim_due: date | None
    feedback_due: date | None
    escalate_due: date | None
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    claimed_at: datetime | None = None
    officer: str = ""
    automatic: bool = False
    supervised_since: date | None = None
    returned_for: str = ""
    reassigned_to: str = ""
    fed_back_at: datetime | None = None
    closed_at: datetime | None = None
    reminded: list[str] = field(default_factory=list)
    escalated: bool = False


@dataclass(slots=True)
class PushCount:
    regulator: str
    regulator_name: str
    state: str
    pushes: int


@dataclass(slots=True)
class Overdue:
    """A push whose ``overdue`` step (acknowledged or claimed) did not come by ``due``."""

    push_id: UUID
    case_id: UUID
    regulator: str
    overdue: str
    due: date


@dataclass(slots=True)
class Explanation:
    """One rule that decides whether a regulator gets a push, and how it stood: ``met`` or not.

    ``source`` says where the rule stands: the case, the item version, a contract (by number), or the push itself."""

    source: str
    rule: str
    met: bool
    zh: str
    en: str


_PUSH = "SELECT * FROM projections.push_board"


def push(read: Reader, push_id: UUID) -> PushRow | None:
    return read.one(PushRow, _PUSH + " WHERE push_id = %s", (push_id,))


def of_case(read: Reader, case_id: UUID) -> list[PushRow]:
    """Every push of a case, oldest first."""
    return read.rows(PushRow, _PUSH + " WHERE case_id = %s ORDER BY first_position", (case_id,))


def of_decision(read: Reader, case_id: UUID, decision_id: str) -> list[PushRow]:
    """Every push of one decision or change of a license."""
    return read.rows(
        PushRow, _PUSH + " WHERE case_id = %s AND decision_id = %s ORDER BY first_position", (case_id, decision_id)
    )


def board(
    read: Reader,
    regulator: str = "",
    *,
    states: Iterable[str] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PushRow]:
    """The board of one regulator (or of all): unacknowledged, then unclaimed, then the rest, each oldest first."""
    wanted = [str(s) for s in states]
    where = [w for w, on in (("regulator = %(regulator)s", regulator), ("state = ANY(%(states)s)", wanted)) if on]
    return read.page(
        PushRow, _PUSH + (" WHERE " + " AND ".join(where) if where else ""),
        {"regulator": regulator, "states": wanted},
        order=("rank", "first_position"), cursor=cursor, limit=limit,
    )  # fmt: skip


def counts(read: Reader, regulator: str = "") -> list[PushCount]:
    """How many pushes each regulator has in each state."""
    return read.rows(
        PushCount,
        "SELECT regulator, max(regulator_name) AS regulator_name, state, count(*) AS pushes FROM projections.push_board"
        " WHERE %(regulator)s IN ('', regulator) GROUP BY regulator, state ORDER BY regulator, state",
        {"regulator": regulator},
    )


def to_remind(read: Reader, on: date, *, limit: int = 200) -> list[Overdue]:
    """Steps that are overdue on a day and of which the regulator was not reminded, oldest first."""
    return read.rows(
        Overdue,
        "SELECT push_id, case_id, regulator, 'acknowledged' AS overdue, acknowledge_due AS due"
        " FROM projections.push_board WHERE rank = 0 AND acknowledge_due < %(on)s AND NOT reminded ? 'acknowledged'"
        " UNION ALL SELECT push_id, case_id, regulator, 'claimed', claim_due"
        " FROM projections.push_board WHERE rank <= 1 AND claim_due < %(on)s AND NOT reminded ? 'claimed'"
        " ORDER BY due, push_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )


def to_escalate(read: Reader, on: date, *, limit: int = 200) -> list[Overdue]:
    """Pushes still unclaimed after a reminder and past the day of escalation, oldest first."""
    return read.rows(
        Overdue,
        "SELECT push_id, case_id, regulator, 'claimed' AS overdue, escalate_due AS due FROM projections.push_board"
        " WHERE rank <= 1 AND NOT escalated AND reminded <> '[]' AND escalate_due < %(on)s"
        " ORDER BY escalate_due, push_id LIMIT %(limit)s",
        {"on": on, "limit": limit},
    )


def why_not(read: Reader, case_no: str, regulator: str) -> list[Explanation]:
    """Why a regulator got a push of a case, or did not: every rule that decides it, and how it stood."""
    cases = case_register.cases_numbered(read, case_no)
    if not cases:
        return [Explanation("case", "case", False, f"没有办件 {case_no}", f"there is no case {case_no}")]
    return [answer for case in cases for answer in _why(read, case, regulator)]


def _why(read: Reader, case: case_register.CaseRow, regulator: str) -> Iterator[Explanation]:
    told = f"{case.source}:{case.case_no}"
    pushes = [push for push in of_case(read, case.case_id) if push.regulator == regulator]
    for sent in pushes:
        yield Explanation(
            "push", "pushed", True,
            f"已于 {sent.dispatched_at:%Y-%m-%d} 推送(状态 {PushState.of(sent.state).zh}),依据:{sent.named_by}",
            f"pushed on {sent.dispatched_at:%Y-%m-%d} ({PushState.of(sent.state).en}), because: {sent.named_by}",
        )  # fmt: skip
    if not case.decision or case.decided_on is None:
        yield Explanation(
            "case", "decided", False, f"办件 {told} 尚未作出决定,决定后才推送",
            f"case {told} is not decided yet; only a decision is pushed",
        )  # fmt: skip
        return
    change = Change.of(case.decision)
    yield Explanation(
        "case", "decided", True, f"办件 {told} 已于 {case.decided_on} 决定:{change.zh}",
        f"case {told} was decided on {case.decided_on}: {change.en}",
    )  # fmt: skip
    named = regulator in case.named
    yield Explanation(
        "item", "named", named and change is Change.GRANT,
        f"事项版本或报送系统{'' if named else '未'}指定该部门监管(仅准予许可据此推送)",
        f"the item version or the reporting system {'names' if named else 'does not name'} this regulator"
        " (only a grant is pushed for that)",
    )  # fmt: skip
    contracts = catalogue.subscriptions(read, regulator=regulator, limit=500).rows
    if not contracts:
        yield Explanation("contract", "exists", False, "该部门没有订阅合同", "this regulator has no contract")
    for row in contracts:
        for rule in why(row.contract(), item=case.item, region=case.region or None, change=change, on=case.decided_on):
            yield Explanation(f"contract {row.number}", rule.rule, rule.met, rule.zh, rule.en)


def _ranked(state: PushState) -> int:
    if state in (P.DISPATCHED, P.DELIVERED):
        return UNANSWERED
    if state is P.ACKNOWLEDGED:
        return UNCLAIMED
    return CLAIMED if state in (P.CLAIMED, P.IN_SUPERVISION, P.FED_BACK) else SETTLED


class PushBoard(Projection):
    """Every push as it stands at its regulator."""

    NAME = "push_board"
    ZH = "推送看板"
    VERSION = 2
    pushes = Table(
        "push_board", PushRow, key=("push_id",),
        indexes=(
            "(regulator, rank, first_position)", "(rank, first_position)", "(case_id, first_position)",
            "(acknowledge_due) WHERE rank = 0", "(claim_due) WHERE rank <= 1",
        ),
    )  # fmt: skip

    def dispatched(self, fact: p.PushDispatched) -> None:
        content, subject, site = fact.content, fact.content.subject, fact.content.site
        self.pushes.put(
            PushRow(
                push_id=fact.originator_id, case_id=fact.case_id, case_no=content.case_no,
                decision_id=fact.decision_id, regulator=fact.regulator, regulator_name=fact.regulator_name,
                change=content.change, item=content.item, item_name=fact.item_name,
                subject_id=subject.identifier if subject else "", subject_name=subject.name if subject else "",
                region=site.region if site else "", state=P.DISPATCHED, rank=UNANSWERED, claim_mode=fact.claim_mode,
                named_by=fact.named_by, decided_on=content.decided_on, dispatched_at=fact.occurred_at,
                first_position=self.position, position=self.position, version=fact.originator_version,
                acknowledge_due=fact.acknowledge_due, claim_due=fact.claim_due, feedback_due=fact.feedback_due,
                escalate_due=due_by(
                    "push_escalation", business_date(fact.occurred_at), content.place_of(fact.regulator)
                ),
            )
        )  # fmt: skip

    def delivered(self, fact: p.PushDelivered) -> None:
        self._became(fact, P.DELIVERED).delivered_at = fact.occurred_at

    def acknowledged(self, fact: p.PushAcknowledged) -> None:
        self._became(fact, P.ACKNOWLEDGED).acknowledged_at = fact.occurred_at

    def claimed(self, fact: p.PushClaimed) -> None:
        push = self._became(fact, P.CLAIMED)
        push.claimed_at, push.officer, push.automatic = fact.occurred_at, fact.officer, fact.automatic
        # Where the delivery is the claim nobody acknowledges separately.
        push.acknowledged_at = push.acknowledged_at or fact.occurred_at

    def supervision_begun(self, fact: p.SupervisionBegun) -> None:
        self._became(fact, P.IN_SUPERVISION).supervised_since = fact.begun_on

    def returned(self, fact: p.PushReturned) -> None:
        self._became(fact, P.RETURNED).returned_for = fact.reason

    def reassigned(self, fact: p.PushReassigned) -> None:
        self._became(fact, P.REASSIGNED).reassigned_to = fact.to.code

    def fed_back(self, fact: p.PushFedBack) -> None:
        self._became(fact, P.FED_BACK).fed_back_at = fact.occurred_at

    def closed(self, fact: p.PushClosed) -> None:
        self._became(fact, P.CLOSED).closed_at = fact.occurred_at

    def superseded(self, fact: p.PushSuperseded) -> None:
        self._became(fact, P.SUPERSEDED).closed_at = fact.occurred_at

    def reminded(self, fact: p.PushReminded) -> None:
        push = self._became(fact, None)
        push.reminded = [*push.reminded, str(fact.overdue)]

    def escalated(self, fact: p.PushEscalated) -> None:
        self._became(fact, None).escalated = True

    def _became(self, fact: p.PushFact, state: PushState | None) -> PushRow:
        push = self.pushes[fact.originator_id]
        push.position, push.version = self.position, fact.originator_version
        if state is not None:
            push.state, push.rank = state, _ranked(state)
        return push
