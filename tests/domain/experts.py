"""A small pool of experts, and a draw led to where a specification begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.expert_draw import commands as c
from domain.expert_draw.drawing import commitment_of
from domain.expert_draw.words import Party, PartyRole
from domain.kernel.aggregate import Look
from domain.kernel.command import Command
from domain.kernel.experts import DrawSeen, ExpertStanding, ExpertState, Tie, TieKind
from domain.kernel.licensing import CaseSeen
from domain.kernel.people import Actor
from tests.specification import CASE, CASE_NO, EXAMINER, HOLDER, MONDAY, PLATFORM, Decided, given

FIRE_EXPERTS = "FIRE"
REVIEW_ON = date(2026, 3, 4)
"""The Wednesday after MONDAY: two working days ahead."""
APPLICANT_PARTY = Party(role=PartyRole.APPLICANT, identifier=HOLDER.identifier, name=HOLDER.name)


def standing(number: int, **more: Any) -> ExpertStanding:
    told: dict[str, Any] = {
        "expert_no": f"E-{number:04d}", "version": 1, "name": f"专家{number}", "state": ExpertState.ENROLLED,
        "disciplines": (FIRE_EXPERTS,), "ties": (),
    }  # fmt: skip
    return ExpertStanding.model_validate(told | more)


def tie(until: date | None = None, party: str = HOLDER.identifier, kind: TieKind = TieKind.EMPLOYMENT) -> Tie:
    return Tie(kind=kind, party=party, party_name="聊城市柳园商贸有限公司", since=date(2015, 1, 1), until=until)


@dataclass(frozen=True)
class Pool(Look):
    """The pool as a draw may look it up."""

    standings: Mapping[str, ExpertStanding] = field(default_factory=dict)
    earlier: DrawSeen | None = None

    def case(self, case_id: UUID) -> CaseSeen | None:
        return CaseSeen(case_id=CASE, undecided=True, case_no=CASE_NO, subject=HOLDER) if case_id == CASE else None

    def draw(self, draw_id: UUID) -> DrawSeen | None:
        return self.earlier

    def experts(self, numbers: Iterable[str]) -> tuple[ExpertStanding, ...]:
        return tuple(self.standings[no] for no in numbers if no in self.standings)


def pool(*standings: ExpertStanding) -> Pool:
    return Pool({one.expert_no: one for one in standings})


TEN = pool(*(standing(n) for n in range(1, 11)))

REQUEST = c.RequestExpertDraw(
    case_id=CASE, case_no=CASE_NO, discipline=FIRE_EXPERTS, seats=3, review_on=REVIEW_ON,
    parties=(APPLICANT_PARTY,), purpose="消防设计专家评审",
)  # fmt: skip
DRAW = REQUEST.stream


def secret_of(round: int) -> str:
    return sha256(f"secret {round}".encode()).hexdigest()


def commit(round: int = 1) -> c.CommitDrawSecret:
    return c.CommitDrawSecret(draw_id=DRAW, round=round, key_id="key-1", commitment=commitment_of(secret_of(round)))


def start(salt: str = "dice 3 1 6 6") -> c.StartExpertDraw:
    return c.StartExpertDraw(draw_id=DRAW, salt=salt)


def freeze(look: Pool = TEN, round: int = 1) -> c.FreezeExpertPool:
    return c.FreezeExpertPool(draw_id=DRAW, round=round, experts=tuple(look.standings))


def reveal(round: int = 1) -> c.RevealDrawSecret:
    return c.RevealDrawSecret(draw_id=DRAW, round=round, secret=secret_of(round))


def confirm(expert_no: str) -> c.ConfirmExpert:
    return c.ConfirmExpert(draw_id=DRAW, expert_no=expert_no)


def decline(expert_no: str, reason: str = "出差") -> c.DeclineExpert:
    return c.DeclineExpert(draw_id=DRAW, expert_no=expert_no, reason=reason)


def a_round(round: int = 1, look: Pool = TEN) -> tuple[tuple[Command, Actor], ...]:
    """From the commitment to the candidates."""
    return (
        (commit(round), PLATFORM), (start(f"dice of round {round}"), EXAMINER), (freeze(look, round), PLATFORM),
        (reveal(round), PLATFORM),
    )  # fmt: skip


def led(*steps: tuple[Command, Actor], look: Pool = TEN, at: datetime = MONDAY) -> Decided:
    """What came of the request and of what followed; nothing of it may be refused."""
    decided = given(look=look).when(REQUEST, by=EXAMINER, at=at)
    for command, by in steps:
        decided = decided.and_when(command, by=by, at=at)
    assert decided.refusal is None, decided.refusal
    return decided


def drawn(look: Pool = TEN) -> Decided:
    return led(*a_round(look=look), look=look)


def candidates(decided: Decided) -> list[str]:
    """Who was drawn last, by seat."""
    last = decided.facts[-1]
    return [one.expert_no for one in last.candidates]  # type: ignore[attr-defined]


def complete(look: Pool = TEN) -> tuple[Decided, list[str]]:
    """A panel whose every member confirmed."""
    decided = drawn(look)
    panel = candidates(decided)
    for no in panel:
        decided = decided.and_when(confirm(no), by=EXAMINER)
    return decided, panel
