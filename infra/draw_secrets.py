"""Secrets of draws (抽取密值): derived from one key of the platform, so that none of them need be kept anywhere."""

from __future__ import annotations

import hmac
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from infra.keys import kept_key
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
        return kept_key(self._settings.draw_key, self._settings.home / FILE)

    @property
    def key_id(self) -> str:
        return sha256(b"shuangtui draw key" + self._key).hexdigest()[:16]

    def secret(self, draw_id: UUID, round: int) -> str:
        return hmac.digest(self._key, f"{draw_id}/{round}".encode(), sha256).hex()
