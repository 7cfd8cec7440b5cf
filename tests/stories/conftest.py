"""Stories are played on a real PostgreSQL, as ``shuangtui trigger`` plays them on a platform that runs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from infra.postgres import in_role
from infra.settings import Settings
from infra.wiring import Place, Platform, platform_at, prepare
from interfaces.cli.telling import play
from tests.conftest import make_database

Played = Callable[[str], Awaitable[dict[str, Any]]]

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="session")
def stage(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Settings]:
    """One platform for all stories of this worker, each under a mark of its own; in a database of theirs, for what
    they play must not be in the empty one that the other tests copy."""
    postgres_url = make_database(postgres_server)
    home: Path = tmp_path_factory.mktemp("home")
    settings = Settings(database_url=postgres_url, home=home, database_pool_max=4)
    place = Place(postgres_url, in_role(postgres_url, settings.database_app_role), None, "embedded", home)
    prepare(place, settings)
    return place, settings


@pytest.fixture
async def platform(stage: tuple[Place, Settings]) -> AsyncIterator[Platform]:
    async with platform_at(*stage) as opened:
        yield opened


@pytest.fixture
def played(platform: Platform) -> Played:
    """`await played("name")` plays the story and says what `shuangtui trigger name -o json` would."""

    async def play_and_read(story: str) -> dict[str, Any]:
        told = await play(story, platform)
        assert told["events"]
        for line in told["timeline"]:
            assert CHINESE.search(line["zh"]), f"not told in Chinese: {line}"
            assert re.search(r"[A-Za-z]{2,}", line["en"]), f"not told in English: {line}"
            assert not re.search(r"[{}]", line["zh"] + line["en"]), f"a placeholder was left: {line}"
        return told | {"timeline": [f"{line['zh']}\n{line['en']}" for line in told["timeline"]]}

    return play_and_read
