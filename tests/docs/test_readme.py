"""What the README shows is what happens: its commands exist, its outputs are real, its paths are there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from interfaces.cli.main import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def commands() -> Iterator[tuple[str, str]]:
    """Each command of the console blocks with the output shown under it."""
    for block in BLOCKS:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield re.sub(r"\s+#.*", "", command), shown


SHOWN = [(c, o) for c, o in commands() if o.strip()]
NAMED = sorted({c.split("|")[0].strip() for c, _ in commands() if c.startswith("shuangtui")})


def run(command: str) -> subprocess.CompletedProcess[str]:
    shuangtui = f"{shlex.quote(sys.executable)} -m interfaces.cli"
    return subprocess.run(
        ["bash", "-c", command.replace("shuangtui", shuangtui, 1)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[c for c, _ in SHOWN])
def test_a_command_prints_what_the_readme_shows(command: str, shown: str) -> None:
    answer = run(command)

    assert [line.rstrip() for line in shown.strip().splitlines()] == [
        line.rstrip() for line in answer.stdout.strip().splitlines()[: len(shown.strip().splitlines())]
    ], answer.stderr


@pytest.mark.parametrize("command", NAMED)
def test_a_command_that_the_readme_names_explains_itself(command: str) -> None:
    words = [w for w in shlex.split(command)[1:] if re.fullmatch(r"[a-z]+", w)]
    options = [w for w in shlex.split(command) if w.startswith("--")]

    answer = CliRunner().invoke(app, [*words[:2], "--help"])
    if answer.exit_code:
        answer = CliRunner().invoke(app, [words[0], "--help"])

    assert answer.exit_code == 0, answer.output
    for option in options:
        assert option in answer.stdout


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for target in set(re.findall(r"make (\w+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_path_that_the_readme_names_is_there() -> None:
    for path in re.findall(r"`((?:docs|tests|domain|infra|interfaces|projections)/[\w/.-]*)`", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([\w/.-]+)\)", README):
        assert (ROOT / path).exists(), path
