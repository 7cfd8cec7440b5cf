"""Secrets of draws (抽取密值): derived from one key of the platform, so that none of them need be kept anywhere."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from infra.settings import Settings

FILE = "draw.key"


class DerivedSecrets:
    """A secret per draw and round, HMAC-SHA256 of both under the key; ``key_id`` names the key without showing it.

    The key is as set, or made once for this home directory and kept there, readable by nobody else. It is looked for
    when the first draw needs it: most processes never do, and some may not write."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _key(self) -> bytes:
        if self._settings.draw_key is not None:
            return self._settings.draw_key.get_secret_value().encode()
        path = self._settings.home / FILE
        if not path.exists():
            _make(path)
        return path.read_bytes()

    @property
    def key_id(self) -> str:
        return sha256(b"shuangtui draw key" + self._key).hexdigest()[:16]

    def secret(self, draw_id: UUID, round: int) -> str:
        return hmac.digest(self._key, f"{draw_id}/{round}".encode(), sha256).hex()


def _make(path: Path) -> None:
    """Written whole before it gets its name: two processes that start at once must not read half a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
