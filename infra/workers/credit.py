"""Asks the city's credit register about applicants (申请人信用核查), where the practice wants a check before a promise.

Only then, and only about bodies: the identifier of a natural person is a digest here, which no register outside knows.
A check that cannot be had is not recorded; where it is needed the case is refused with what to do (``CreditNotChecked``)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog
from eventsourcing.persistence import Tracking

from domain.application import ApprovalSupervision, Order
from domain.approval_case.applicant import NEEDS_A_CHECK
from domain.approval_case.facts import ApplicationSubmitted
from domain.kernel.identity import standing_stream
from domain.kernel.people import the_platform
from domain.kernel.standing import Step
from domain.kernel.words import Subject, SubjectKind
from domain.rules.dates import business_date
from domain.rules.loader import practice
from domain.standing import SubjectStanding
from domain.standing.commands import RecordCreditCheck
from domain.standing.register import CreditAnswer, CreditRegister, CreditRegisterSilent
from domain.store import AlreadyTracked
from infra.clock import Clock
from infra.event_store.mapper import decode
from infra.event_store.recorder import EventRecorder

log = structlog.get_logger("credit")

POSITION = "credit:applications"
BATCH = 100
PAUSE = 0.5
RETRY = 30.0
"""Seconds before a register that answers nobody is asked again."""


@dataclass(slots=True)
class CreditRunner:
    """Follows applications and records what the register says of who applies. Two of them do no harm."""

    app: ApprovalSupervision
    recorder: EventRecorder
    register: CreditRegister
    clock: Clock
    recorded: int = 0
    silent: int = 0
    trouble: str = ""
    _position: int | None = field(default=None)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a register that is out of reach is asked again, and says so meanwhile."""
        while not stop.is_set():
            try:
                seen = await self.run_once()
                self.trouble, pause = "", 0.0 if seen else PAUSE
            except AlreadyTracked:
                self._position, pause = None, 0.0
            except CreditRegisterSilent as away:
                self.trouble, pause = away.zh, RETRY
                log.warning("credit_register_silent", why=away.zh, position=self._position)
            except Exception as failure:  # noqa: BLE001  whatever it is, the next look tries again
                self._position, self.trouble, pause = None, f"{type(failure).__name__}: {failure}", RETRY
                log.error("credit_checks_stand_still", why=self.trouble)
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue

    async def run_once(self) -> int:
        """Ask about the next applicants; returns how many applications were passed. Raises CreditRegisterSilent while
        the register answers nobody: what was asked before it fell silent is recorded."""
        if self._position is None:
            self._position = await asyncio.to_thread(self.recorder.position, POSITION) or 0
        page = await asyncio.to_thread(self.recorder.read, self._position, BATCH, [ApplicationSubmitted.TOPIC])
        for entry in page.entries:
            fact = decode(entry.topic, entry.state, entry.originator_id, entry.originator_version)
            assert isinstance(fact, ApplicationSubmitted)
            answer = await self._answer(fact) if await self._worth_asking(fact) else None
            await self._passed(entry.id, fact, answer)
        # Stored with the next application: every commit of others would else cost one of ours.
        self._position = page.end
        return len(page.entries)

    async def _worth_asking(self, fact: ApplicationSubmitted) -> bool:
        today = business_date(self.clock.now())
        needed = NEEDS_A_CHECK[str(practice("credit_check_required", on=today).value)]
        promising = fact.terms.commitment_allowed or fact.terms.tolerance_allowed
        if fact.subject.kind is SubjectKind.NATURAL or not (Step.GRANT in needed or (needed and promising)):
            return False
        known = await self.app.replayed(standing_stream(fact.subject.identifier), SubjectStanding)
        return not known.standing.checked_on(today)

    async def _answer(self, fact: ApplicationSubmitted) -> CreditAnswer | None:
        try:
            return await asyncio.to_thread(self.register.look_up, fact.subject.identifier, self.clock.now())
        except CreditRegisterSilent as silent:
            if silent.for_all:
                raise
            self.silent += 1
            log.warning("credit_answer_of_no_use", subject=fact.subject.identifier, why=silent.zh)
            return None

    async def _passed(self, position: int, fact: ApplicationSubmitted, answer: CreditAnswer | None) -> None:
        orders = [self._order(fact, answer)] if answer is not None else []
        await self.app.handle_all(orders, [Tracking(POSITION, position)])
        self.recorded += len(orders)
        self._position = position

    def _order(self, fact: ApplicationSubmitted, answer: CreditAnswer) -> Order:
        command = RecordCreditCheck(
            subject=Subject(
                kind=fact.subject.kind, identifier=fact.subject.identifier, name=answer.name or fact.subject.name
            ),
            source=answer.source, as_of=answer.as_of, result=answer.result, records=answer.records,
        )  # fmt: skip
        by = the_platform("credit_register")
        return Order(command, by, self.clock.now(), f"{POSITION}:{fact.id}", None, fact.id, fact.correlation_id)
