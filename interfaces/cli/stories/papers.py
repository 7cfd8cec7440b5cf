"""Stories of papers: the chief representative's letter, and the seal under two keys."""

from __future__ import annotations

from hashlib import sha256

from domain.approval_case import commands as case
from domain.approval_case.words import Validity
from domain.delegation import GrantDelegation
from domain.kernel.command import Command
from domain.kernel.delegation import Scope
from domain.kernel.documents import DocumentKind
from domain.kernel.people import Actor, Role
from domain.kernel.refusal import Refusal
from domain.kernel.words import Site
from domain.seal.commands import ConfirmSealUse, OpenSealYear, RequestSealUse
from domain.seal.words import SealKind
from interfaces.cli.stories.teller import ACCEPTOR, BUREAU, DECIDER, STEWARD, Teller

CHIEF = Actor(id="郑首席", organ=BUREAU, role=Role.DECIDER)
HERE = Site(region="371502", address="柳园南路 1 号")
ELSEWHERE = Site(region="371521", address="谷山路 8 号")
KEEPER = Actor(id="冯保管", organ=BUREAU, role=Role.STEWARD)


async def _is_refused(tell: Teller, command: Command, by: Actor, why: str) -> None:
    """Somebody asks for what may not be; the story goes on only if the platform says no, and why."""
    try:
        await tell.do(command, by)
    except Refusal as refusal:
        if refusal.code == why:
            return
        raise
    raise AssertionError(f"应当不予办理({why}),却办理了。It should have been refused ({why}) and was not.")


def _grant(tell: Teller, case_id: object, number: int, *, chief: bool = False, digest: str = "") -> case.GrantLicense:
    return case.GrantLicense(
        case_id=case_id, document_no=f"聊行审许字〔{tell.today.year}〕{number}号", content="准予食品经营",
        validity=Validity(valid_from=tell.today), as_chief_representative=chief, document_digest=digest,
    )  # fmt: skip


async def delegation_exceeded(tell: Teller) -> None:
    """首席代表授权 A chief representative decides inside the letter; outside it the decision is refused, and the attempt
    is recorded for discipline inspection only."""
    item = await tell.item()
    letter = GrantDelegation(
        organ=BUREAU, officer=CHIEF.id, head="局长", letter_no=f"聊行审授〔{tell.today.year}〕{tell.mark}",
        scope=Scope(items=(item,), places=(HERE.region,)), valid_from=tell.today,
        valid_to=tell.today.replace(month=12, day=31),
    )  # fmt: skip
    await tell.do(letter, STEWARD)
    first = await tell.accepted(item, site=HERE)
    await tell.examined(first)
    await tell.do(_grant(tell, first, 41, chief=True), CHIEF)
    second = await tell.accepted(item, site=ELSEWHERE)
    await tell.examined(second)
    await _is_refused(tell, _grant(tell, second, 42, chief=True), CHIEF, "DelegationExceeded")
    await tell.do(_grant(tell, second, 42), DECIDER)
    await tell.settle()


async def seal_without_decision(tell: Teller) -> None:
    """集中用章 No seal without a matching decision and its digest, and never by one hand; what was attempted is recorded
    for discipline inspection only."""
    seal = OpenSealYear(
        organ=BUREAU, seal_no=f"3715-{tell.mark}", year=tell.today.year, name="审批专用章", kind=SealKind.APPROVAL,
        custody=BUREAU, keeper=KEEPER.id,
    )  # fmt: skip
    await tell.do(seal, STEWARD)

    def sealing(kind: DocumentKind, document_no: str, file: str) -> RequestSealUse:
        digest = sha256(f"{tell.mark}/{file}".encode()).hexdigest()
        return RequestSealUse(
            seal_id=seal.stream, case_id=case_id, kind=kind, document_no=document_no, digest=digest
        )  # fmt: skip

    case_id = await tell.accepted(await tell.item())
    voucher = sealing(DocumentKind.ACCEPTANCE_NOTICE, f"聊行审受〔{tell.today.year}〕1号", "受理通知书")
    await tell.do(voucher, ACCEPTOR)
    await tell.do(ConfirmSealUse(seal_id=seal.stream, request=1), KEEPER)

    decision = sealing(DocumentKind.GRANT, f"聊行审许字〔{tell.today.year}〕43号", "决定书")
    await _is_refused(tell, decision, DECIDER, "SealWithoutDecision")
    await tell.examined(case_id)
    await tell.do(_grant(tell, case_id, 43, digest=decision.digest), DECIDER)
    exchanged = sealing(DocumentKind.GRANT, decision.document_no, "另一份文书")
    await _is_refused(tell, exchanged, DECIDER, "DigestDiffers")
    await tell.do(decision, DECIDER)
    await _is_refused(tell, ConfirmSealUse(seal_id=seal.stream, request=2), DECIDER, "SameHandTwice")
    await tell.do(ConfirmSealUse(seal_id=seal.stream, request=2), KEEPER)
    await tell.settle()
