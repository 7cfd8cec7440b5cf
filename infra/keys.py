"""Keys of the platform (密钥): as they are set, or made once for a home directory and kept there."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from domain.kernel.persons import PersonNumbers
from infra.settings import Settings


def kept_key(chosen: SecretStr | None, path: Path) -> bytes:
    """The key that was set, else the one kept at ``path``, made there if there is none; readable by nobody else."""
    if chosen is not None:
        return chosen.get_secret_value().encode()
    if not path.exists():
        _make(path)
    return path.read_bytes()


def persons_of(settings: Settings) -> PersonNumbers:
    """How numbers of natural persons are kept out of the store. The key is looked for when the first one comes."""
    return PersonNumbers(cache(lambda: kept_key(settings.person_key, settings.home / "person.key")))


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
