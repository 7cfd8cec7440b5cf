"""The officers of the approval side (审批人员): each acts over HTTP with a token of their own.

They go through every step of a case, run into what the platform refuses, and answer what regulators say."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from domain.approval_case.facts import ConsultationNoted, FindingAnswered, FindingNoted, InspectionNoted
from domain.consultation import ConsultationEscalated, ConsultationOpinionFiled
from domain.joint_inspection.facts import InspectionFindingRecorded, InspectionInvited
from domain.joint_inspection.words import InspectionResult
from domain.kernel.opinions import BINDING, Opinion
from domain.kernel.people import Role
from domain.push import PushFedBack, PushReturned
from domain.rules.dates import business_date
from domain.supervision_finding import FindingKind, FindingReceived, FindingReported
from infra.clock import Clock
from interfaces.cli.demo.city import AUTHORITY
from interfaces.cli.demo.inbox import Inbox
from interfaces.cli.demo.plan import (
    ACCEPTORS,
    DECIDERS,
    EXAMINERS,
    REASSIGNED_TO,
    Finding,
    Officers,
    PlannedCase,
    Turn,
    Way,
    officers_of,
    told,
)

Say = Callable[[str, str], None]
Who = tuple[str, Role]

NEEDED: tuple[Who, ...] = (
    *((name, Role.ACCEPTOR) for name in ACCEPTORS),
    *((name, Role.EXAMINER) for name in EXAMINERS),
    *((name, Role.DECIDER) for name in (*DECIDERS, *ACCEPTORS)),
)
"""Who needs a token. That somebody who accepts may also decide other cases is real, and is what must be caught."""

AT_ONCE = 12
PATIENCE = 60.0
CLOSED_EVERY = 10


class NotDone(Exception):
    """What an officer asked for was refused. ``code`` names the refusal."""

    def __init__(self, path: str, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{path}: {code}: {zh} {en}")


class Answer(NamedTuple):
    """What the HTTP service answered."""

    status: int
    body: bytes

    @property
    def good(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


class Desk:
    """The HTTP door, as officers use it: the same request key at every try, so nothing happens twice.

    Plain connections, one per thread: a pooled asynchronous client took twice the time of the service it asked."""

    def __init__(self, host: str, port: int, tokens: Mapping[Who, str]) -> None:
        self._host, self._port, self.tokens = host, port, tokens
        self._threads = ThreadPoolExecutor(AT_ONCE + 4, "desk")
        self._own = threading.local()
        self.asked = 0

    async def do(self, who: Who, path: str, key: str, **body: Any) -> dict[str, Any]:
        """Ask for a command; its receipt. Raises NotDone when it is refused."""
        headers = {"authorization": f"Bearer {self.tokens[who]}", "idempotency-key": key}
        answer = await self.post(path, headers, orjson.dumps(body))
        if answer.good:
            return answer.told()
        problem = answer.told()
        raise NotDone(path, problem["code"], problem["detail_zh"], problem["detail_en"])

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send, and send again while the service cannot be reached."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            self.asked += 1
            try:
                answer = await loop.run_in_executor(self._threads, self._post, path, headers, body)
                if answer.status != HTTPStatus.SERVICE_UNAVAILABLE or loop.time() > deadline:
                    return answer
            except (OSError, HTTPException):
                if loop.time() > deadline:
                    raise
            await asyncio.sleep(0.1)

    def _post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        connection: HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request("POST", path, body, {"content-type": "application/json", **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        except (OSError, HTTPException):
            # A kept connection that the service has closed meanwhile; the next try opens another.
            connection.close()
            raise

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass
class Bureau:
    """行政审批服务局: handles its cases, and answers the regulators."""

    desk: Desk
    inbox: Inbox
    clock: Clock
    order_finding: Callable[[Finding], None]
    say: Say
    concluded: int = 0
    first_case: UUID | None = None
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _opinions: dict[UUID, dict[str, Opinion]] = field(default_factory=lambda: defaultdict(dict))
    _uses: dict[UUID, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _invited: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    _signed: dict[UUID, dict[str, InspectionResult]] = field(default_factory=lambda: defaultdict(dict))
    _fed_back: int = 0

    def __post_init__(self) -> None:
        self.inbox.keep(ConsultationNoted, InspectionNoted, FindingNoted, FindingAnswered, FindingReceived)
        self.inbox.on(FindingReported, self.answer_finding)
        self.inbox.on(PushReturned, self.reassign)
        self.inbox.on(PushFedBack, self.close)
        self.inbox.on(ConsultationOpinionFiled, self.note_opinion)
        self.inbox.on(ConsultationEscalated, self.hold_conference)
        self.inbox.on(InspectionInvited, self.note_invitation)
        self.inbox.on(InspectionFindingRecorded, self.have_it_mended)

    @property
    def today(self) -> date:
        return business_date(self.clock.now())

    async def handle(self, case: PlannedCase) -> None:
        """One case, from the application to its conclusion."""
        who, number = officers_of(case), case.number
        async with self._room:
            done = await self.desk.do(
                (who.acceptor, Role.ACCEPTOR), "/v1/cases/submit-application", f"case-{number}-submit",
                case_no=case.case_no(self.today), opened_on=self.today.isoformat(), item=case.item.item,
                materials=[{"name": "申请表"}, {"name": "主体资格证明"}], **told(case),
            )  # fmt: skip
            id = UUID(done["stream"])
            await self._step(case, id, who.acceptor, Role.ACCEPTOR, "receive-material", receipt_no=f"SJ-{number}")
            await self._step(case, id, who.acceptor, Role.ACCEPTOR, "accept-application", document_no=f"SL-{number}")
            await self._step(case, id, who.acceptor, Role.ACCEPTOR, "assign", examiner=who.examiner)
            await self._step(case, id, who.examiner, Role.EXAMINER, "record-examination-opinion",
                             opinion="pass", grounds="材料齐全,符合法定条件")  # fmt: skip
        await self._before_the_decision(case, id, who)
        async with self._room:
            await self._decide(case, id, who)
        self.concluded += 1

    async def _step(self, case: PlannedCase, id: UUID, name: str, role: Role, verb: str, **body: Any) -> None:
        await self.desk.do((name, role), f"/v1/cases/{id}/{verb}", f"case-{case.number}-{verb}", **body)

    async def _decide(self, case: PlannedCase, id: UUID, who: Officers) -> None:
        if case.turn is Turn.DENIED:
            await self._step(case, id, who.decider, Role.DECIDER, "deny-license", document_no=f"BY-{case.number}",
                             reasons="场所不符合法定安全条件,无法在期限内整改", remedy_notice="可依法申请复议或提起诉讼")  # fmt: skip
        else:
            await self._grant(case, id, who.decider)
            license_no = f"鲁聊许〔{self.today.year}〕{case.number}号"
            await self._step(case, id, who.decider, Role.DECIDER, "issue-license", license_no=license_no)
            await self._step(case, id, who.acceptor, Role.ACCEPTOR, "deliver-license", how="窗口领取")
        await self._step(case, id, who.acceptor, Role.ACCEPTOR, "publish-decision", where="市政府网站")
        await self._step(case, id, who.acceptor, Role.ACCEPTOR, "conclude")

    async def _grant(self, case: PlannedCase, id: UUID, name: str) -> None:
        validity = {"valid_from": self.today.isoformat(), "valid_to": f"{self.today.year + 5}-03-01"}
        await self._step(case, id, name, Role.DECIDER, "grant-license", document_no=f"ZY-{case.number}",
                         content=f"准予{case.item.name}", validity=validity, opinion_uses=self._uses[id])  # fmt: skip

    async def _is_refused(self, case: PlannedCase, id: UUID, name: str, code: str, by: str, by_en: str) -> None:
        """A grant that must be refused, and for this reason."""
        try:
            await self._grant(case, id, name)
        except NotDone as refused:
            if refused.code != code:
                raise
            self.say(f"{by}:不予办理 —— {refused.zh}", f"{by_en}: refused, {code}")
        else:
            raise NotDone("grant-license", "Granted", f"本应以 {code} 拒绝", f"it should have been refused: {code}")

    async def _before_the_decision(self, case: PlannedCase, id: UUID, who: Officers) -> None:
        if case.turn is Turn.SAME_OFFICER_TRIES:
            await self._is_refused(case, id, who.acceptor, "AcceptorMayNotDecide", f"{who.acceptor} 受理后又来作决定",
                                   "the officer who accepted tries to decide")  # fmt: skip
        elif case.turn in (Turn.CONSULTED, Turn.OBJECTED):
            if case.turn is Turn.OBJECTED:
                self.first_case = id
                await self._is_refused(case, id, who.decider, "ConsultationOutstanding", "应会商而未会商就作决定",
                                       "a decision before the consultation")  # fmt: skip
            noted = await self.inbox.wait(ConsultationNoted, id)
            self._uses[id] = uses_of({one.body.code: one.opinion for one in noted.heard})
        elif case.turn is Turn.VISITED:
            await self.inbox.wait(InspectionNoted, id)
        elif case.turn is Turn.WARNED:
            self.order_finding(Finding.CONSULT)
            await self.inbox.wait(ConsultationNoted, id)
        elif case.turn is Turn.HELD:
            self.order_finding(Finding.HOLD)
            told = await self.inbox.wait(FindingNoted, id)
            await self._is_refused(case, id, who.decider, "HoldInForce", "监管部门请求暂缓,仍作决定",
                                   "a decision although a regulator asked to hold")  # fmt: skip
            await self.inbox.wait(FindingReceived, told.finding_id)
            await self._handle(told.finding_id, "not_adopted", "经核实与本申请无关,已书面答复")
            await self.inbox.wait(FindingAnswered, id)

    # 回应监管部门

    async def answer_finding(self, fact: FindingReported) -> None:
        """Register what regulators report, and decide on most of it; one proposal is left lying, as happens."""
        if fact.finding_no.endswith(f"-{Finding.REVOKE.value}"):
            return
        id = fact.originator_id
        await self.desk.do((ACCEPTORS[0], Role.ACCEPTOR), f"/v1/findings/{id}/register", f"finding-{id}-register")
        if fact.kind is FindingKind.RECTIFICATION:
            await self._handle(id, "adopted", "已督促持证人整改")
        elif "-check-" in fact.finding_no:
            await self._handle(id, "noted", "知悉,记入信用档案")

    async def _handle(self, finding: UUID, result: str, explanation: str) -> None:
        await self.desk.do((DECIDERS[0], Role.DECIDER), f"/v1/findings/{finding}/handle", f"finding-{finding}-handle",
                           result=result, explanation=explanation)  # fmt: skip

    async def reassign(self, fact: PushReturned) -> None:
        to = AUTHORITY[REASSIGNED_TO].body
        self.say(
            f"{fact.regulator} 退回推送({fact.reason}),改派给{to.name}", f"a push is returned and goes to {to.code}"
        )
        await self.desk.do((EXAMINERS[0], Role.EXAMINER), f"/v1/pushes/{fact.originator_id}/reassign",
                           f"push-{fact.originator_id}-reassign", regulator=to.model_dump(), reason=fact.reason)  # fmt: skip

    async def close(self, fact: PushFedBack) -> None:
        self._fed_back += 1
        if self._fed_back % CLOSED_EVERY == 1:
            await self.desk.do((EXAMINERS[1], Role.EXAMINER), f"/v1/pushes/{fact.originator_id}/close",
                               f"push-{fact.originator_id}-close")  # fmt: skip

    async def note_opinion(self, fact: ConsultationOpinionFiled) -> None:
        self._opinions[fact.originator_id][fact.body.code] = fact.opinion

    async def hold_conference(self, fact: ConsultationEscalated) -> None:
        """The bodies disagree, so they meet; the resolution answers each binding opinion."""
        id = fact.originator_id
        self.say(
            "会商意见不一致,召开联席会议,逐条回应后议定", "bodies disagree; the joint conference answers each opinion"
        )
        await self.desk.do((DECIDERS[0], Role.DECIDER), f"/v1/consultations/{id}/conclude-by-conference",
                           f"consult-{id}-conference", outcome="objection_adopted", uses=uses_of(self._opinions[id]),
                           resolution="采纳部分反对意见,调整后可以许可",
                           minutes_no=f"联席会议纪要〔{self.today.year}〕1号")  # fmt: skip

    async def note_invitation(self, fact: InspectionInvited) -> None:
        self._invited[fact.originator_id].add(fact.body.code)

    async def have_it_mended(self, fact: InspectionFindingRecorded) -> None:
        """When every body has signed and one found problems, tell the applicant once, and report them mended."""
        id = fact.originator_id
        signed = self._signed[id]
        signed[fact.body.code] = fact.result
        if InspectionResult.PROBLEMS not in signed.values() or signed.keys() != self._invited[id]:
            return
        self.say("联合踏勘发现问题,一次性书面告知整改", "a joint inspection finds problems; told once what to mend")
        by = (self.today + timedelta(days=10)).isoformat()
        path = f"/v1/inspections/{id}"
        await self.desk.do((EXAMINERS[2], Role.EXAMINER), f"{path}/issue-rectification-notice", f"inspect-{id}-notice",
                           notice_no=f"ZG-{str(id)[-6:]}", rectify_by=by)  # fmt: skip
        await self.desk.do((ACCEPTORS[1], Role.ACCEPTOR), f"{path}/report-rectified", f"inspect-{id}-rectified",
                           statement="消防通道已清理完毕")  # fmt: skip


def uses_of(opinions: Mapping[str, Opinion]) -> list[dict[str, str]]:
    """How each binding opinion is used."""
    return [
        {"organ": organ, "adoption": "partly_adopted" if opinion is Opinion.OBJECT else "adopted",
         "answer": "已要求调整布局并补充距离论证"}
        for organ, opinion in opinions.items() if opinion in BINDING
    ]  # fmt: skip


def handled_here(cases: tuple[PlannedCase, ...]) -> tuple[list[PlannedCase], list[PlannedCase]]:
    """The cases of the platform: those with a turn of their own begin at once, the others come day by day."""
    mine = [case for case in cases if case.way is Way.PLATFORM]
    first = [case for case in mine if case.turn not in (Turn.ORDINARY, Turn.DENIED)]
    return first, [case for case in mine if case not in first]
