"""Access tokens (访问令牌): opaque, 256 random bits, bound to an organ and a role; only their hash is stored.

Opaque rather than signed: a token can then be revoked, and nobody can read from it for whom it was made."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.kernel.people import Role
from interfaces.http.doors import Bearer

PREFIX = "st_"
"""Lets scanners of leaked secrets recognise a token."""
BITS = 256
REMEMBERED = 5.0
"""Seconds for which a look-up is remembered, so also the longest time a revoked token still opens."""
MOST = 10_000
PATIENCE = 3.0
"""Seconds a look-up waits for a connection."""

Pool = ConnectionPool[Connection[tuple[Any, ...]]]


class NoSuchToken(Exception):
    """没有编号以此开头的令牌,或不止一个。No token's number begins so, or several do: give more of its digits."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"没有编号以 {number} 开头的有效令牌,或不止一个;请用完整编号。"
            f" No valid token, or several, have a number that begins with {number}; give the whole number."
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as the operator sees it afterwards; ``number`` is the hash, which opens nothing."""

    number: str
    bearer: Bearer
    purpose: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class AccessTokens:
    """Issues, looks up, lists and revokes tokens. ``now`` is the one clock of the process."""

    def __init__(self, pool: Pool, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, Bearer, datetime | None]] = OrderedDict()

    def issue(
        self, organ: str, role: Role, *, officer: str = "", purpose: str, expires_at: datetime | None = None
    ) -> str:
        """A new token; this is the only time it can be read. An empty officer means the whole organ.

        For a reporting approval system the officer is the name under which it reports (its source)."""
        bearer = Bearer(organ, role, officer)
        bearer.acting()  # an organ or officer that no actor may have is refused here, not at the first request
        token = PREFIX + secrets.token_urlsafe(BITS // 8)
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO public.access_tokens (token_hash, organ, role, officer, purpose, created_at, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (hashed(token), organ, str(role), officer, purpose, self._now(), expires_at),
            )
        return token

    async def look_up(self, token: str) -> Bearer | None:
        """Whom a token stands for; none when it is unknown, expired or revoked."""
        if not token.startswith(PREFIX):
            return None
        key = hashed(token)
        found = self._known.get(key)
        if found is None or time.monotonic() - found[0] > REMEMBERED:
            row = await asyncio.to_thread(self._read, key)
            if row is None:
                self._known.pop(key, None)
                return None
            # Only tokens that exist are remembered: guesses must not push them out of the cache.
            found = self._known[key] = (time.monotonic(), *row)
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        _, bearer, expires_at = found
        return bearer if expires_at is None or self._now() < expires_at else None

    def revoke(self, number: str) -> Issued:
        """Revoke the token whose number begins so; it opens nothing from ``REMEMBERED`` seconds later on.

        Raises ``NoSuchToken``."""
        found = [one for one in self.issued() if one.number.startswith(number) and one.revoked_at is None]
        if len(found) != 1 or not number:
            raise NoSuchToken(number)
        key = bytes.fromhex(found[0].number)
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE public.access_tokens SET revoked_at = %s WHERE token_hash = %s", (self._now(), key)
            )
        self._known.pop(key, None)
        return found[0]

    def issued(self) -> list[Issued]:
        """All tokens, the newest first; the tokens themselves are not known any more."""
        with self._pool.connection() as connection:
            rows = connection.execute(
                "SELECT token_hash, organ, role, officer, purpose, created_at, expires_at, revoked_at"
                " FROM public.access_tokens ORDER BY created_at DESC, token_hash"
            ).fetchall()
        return [Issued(bytes(h).hex(), _bearer(o, r, f), p, c, e, v) for h, o, r, f, p, c, e, v in rows]

    def _read(self, key: bytes) -> tuple[Bearer, datetime | None] | None:
        # Every request waits here first: an absent database must be told soon, not after the pool's half minute.
        with self._pool.connection(timeout=PATIENCE) as connection:
            row = connection.execute(
                "SELECT organ, role, officer, expires_at FROM public.access_tokens"
                " WHERE token_hash = %s AND revoked_at IS NULL",
                (key,),
            ).fetchone()
        return (_bearer(*row[:3]), row[3]) if row else None


def _bearer(organ: str, role: str, officer: str) -> Bearer:
    return Bearer(organ, next(one for one in Role if one == role), officer)


def hashed(token: str) -> bytes:
    # Plain SHA-256 is enough: there is nothing to guess in 256 random bits, and a slow hash would slow each request.
    return sha256(token.encode()).digest()
