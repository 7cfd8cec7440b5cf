"""访问令牌: opaque, bound to organ and role, stored as a hash, and revocable."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from town import Composition

from domain.kernel.people import Role
from infra import tokens
from infra.tokens import NoSuchToken
from interfaces.http.doors import Bearer


async def test_a_token_opens_for_its_organ_and_role_and_nothing_else_does(platform: Composition) -> None:
    token = platform.tokens.issue("LC-SCJG", Role.REGULATOR, officer="zhang", purpose="test")
    assert await platform.tokens.look_up(token) == Bearer("LC-SCJG", Role.REGULATOR, "zhang")
    assert await platform.tokens.look_up(token[:-1]) is None
    assert await platform.tokens.look_up("") is None


async def test_the_table_holds_no_token(platform: Composition) -> None:
    token = platform.tokens.issue("LC-SCJG", Role.REGULATOR, purpose="test")
    with psycopg.connect(platform.url) as connection:
        stored = connection.execute("SELECT t::text FROM public.access_tokens AS t").fetchall()
    assert token not in str(stored)
    assert token.removeprefix(tokens.PREFIX) not in str(stored)
    assert len(token.removeprefix(tokens.PREFIX)) * 6 >= tokens.BITS


async def test_an_expired_token_opens_nothing(platform: Composition) -> None:
    ends = platform.now() + timedelta(days=1)
    token = platform.tokens.issue("LC-SCJG", Role.REGULATOR, purpose="test", expires_at=ends)
    assert await platform.tokens.look_up(token) is not None
    platform.clock.at = ends
    assert await platform.tokens.look_up(token) is None


async def test_a_revoked_token_opens_nothing_here_at_once_and_elsewhere_soon(
    platform: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tokens.AccessTokens(platform.pool, platform.now)
    token = platform.tokens.issue("LC-SCJG", Role.REGULATOR, purpose="test")
    assert await platform.tokens.look_up(token) is not None
    assert await elsewhere.look_up(token) is not None
    number = tokens.hashed(token).hex()
    assert platform.tokens.revoke(number[:12]).number == number
    assert await platform.tokens.look_up(token) is None
    monkeypatch.setattr(tokens, "REMEMBERED", 0.0)
    assert await elsewhere.look_up(token) is None
    assert platform.tokens.issued()[0].revoked_at == platform.now()


def test_a_number_that_names_no_token_or_several_revokes_none(platform: Composition) -> None:
    platform.tokens.issue("LC-SCJG", Role.REGULATOR, purpose="test")
    for number in ("", "zz"):
        with pytest.raises(NoSuchToken):
            platform.tokens.revoke(number)


def test_a_token_for_an_impossible_organ_is_not_issued(platform: Composition) -> None:
    with pytest.raises(ValueError, match="organ"):
        platform.tokens.issue("不是代码", Role.REGULATOR, purpose="test")
