"""专家抽取的三项政策: commit then reveal, freeze the pool at the start, end the draw with its case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from domain.approval_case.facts import CaseTerminated, CaseWithdrawn
from domain.expert_draw import commands as c
from domain.expert_draw import facts as f
from domain.expert_draw.drawing import commitment_of
from domain.expert_draw.words import RedrawReason
from domain.policies.commit_then_reveal_the_secret_of_a_draw import CommitThenRevealTheSecretOfADraw
from domain.policies.end_the_draw_with_its_case import EndTheDrawWithItsCase
from domain.policies.freeze_the_pool_when_a_draw_starts import FreezeThePoolWhenADrawStarts
from infra.draw_secrets import DerivedSecrets
from infra.settings import Settings
from tests.domain.experts import DRAW, FIRE_EXPERTS, REQUEST, a_round, led, secret_of
from tests.specification import CASE, CASE_NO, EXAMINER, given

OF_CASE = {"case_id": CASE, "case_no": CASE_NO}


class KnownSecrets:
    key_id = "key-1"

    def secret(self, draw_id: UUID, round: int) -> str:
        assert draw_id == DRAW
        return secret_of(round)


COMMIT = CommitThenRevealTheSecretOfADraw(KnownSecrets())


def test_a_request_and_each_redraw_are_answered_with_a_commitment():
    (request,) = led().facts
    given(COMMIT).when(request, stream=DRAW).then(
        c.CommitDrawSecret(draw_id=DRAW, round=1, key_id="key-1", commitment=commitment_of(secret_of(1)))
    )
    again = f.ExpertRedrawRequested(
        **OF_CASE, round=2, reason=RedrawReason.DECLINED, explanation="另抽", replaced=(), without_cause=0, allowed=2,
        beyond=False,
    )  # fmt: skip
    given(COMMIT).when(again, stream=DRAW).then(
        c.CommitDrawSecret(draw_id=DRAW, round=2, key_id="key-1", commitment=commitment_of(secret_of(2)))
    )


def test_the_secret_is_shown_only_once_the_pool_is_frozen():
    decided = led(*a_round()[:3])
    (frozen,) = decided.facts
    given(COMMIT).when(frozen, stream=DRAW).then(c.RevealDrawSecret(draw_id=DRAW, round=1, secret=secret_of(1)))
    for earlier in decided.past[1:]:
        given(COMMIT).when(earlier, stream=DRAW).nothing()


@dataclass
class TwoExperts:
    def in_discipline(self, discipline: str) -> Sequence[str]:
        assert discipline == FIRE_EXPERTS
        return ["E-0001", "E-0002"]

    def open_of_case(self, case_id: UUID) -> Sequence[UUID]:
        return [DRAW] if case_id == CASE else []


def test_when_a_draw_starts_everybody_of_the_discipline_is_named():
    started = f.ExpertDrawStarted(**OF_CASE, round=3, salt="dice 1 2 3", discipline=FIRE_EXPERTS)
    given(FreezeThePoolWhenADrawStarts(TwoExperts())).when(started, stream=DRAW).then(
        c.FreezeExpertPool(draw_id=DRAW, round=3, experts=("E-0001", "E-0002"))
    )


def test_a_case_that_ends_cancels_its_open_draw():
    policy = EndTheDrawWithItsCase(TwoExperts())
    given(policy).when(CaseWithdrawn(reason="不办了"), stream=CASE).then(c.CancelExpertDraw)
    given(policy).when(CaseTerminated(ground="主体注销"), stream=CASE).then(c.CancelExpertDraw)
    given(policy).when(CaseWithdrawn(reason="不办了"), stream=REQUEST.stream).nothing()


def test_the_key_is_made_once_and_gives_the_same_secrets_to_every_process(tmp_path: Path):
    one, other = (DerivedSecrets(Settings(home=tmp_path)) for _ in range(2))
    assert one.secret(DRAW, 1) == other.secret(DRAW, 1) != one.secret(DRAW, 2)
    assert one.key_id == other.key_id
    assert (tmp_path / "draw.key").stat().st_mode & 0o077 == 0
    assert DerivedSecrets(Settings(home=tmp_path / "elsewhere")).key_id != one.key_id
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["draw.key"]


def test_a_key_that_is_set_needs_no_file_and_is_named_without_being_shown(tmp_path: Path):
    key = "a key of thirty-two characters !"
    set_key = DerivedSecrets(Settings(home=tmp_path, draw_key=SecretStr(key)))
    assert len(set_key.secret(DRAW, 1)) == 64
    assert key not in set_key.key_id
    assert list(tmp_path.iterdir()) == []


def test_the_officer_on_duty_is_a_person_and_not_the_platform():
    (request,) = led().facts
    assert request.on_duty == EXAMINER.id  # type: ignore[attr-defined]
