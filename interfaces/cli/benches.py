"""``shuangtui bench``: ours against the stock library and the raw limit, in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from infra.bench import SUBJECTS, run
from infra.embedded.engines import Engines
from infra.kafka import Connection
from infra.settings import Settings
from infra.wiring import keep_what_was_loaded
from interfaces.cli.output import Form, FormOption, fail, say, show_one, show_rows
from interfaces.cli.shell import engines, settings

ON_BROKERS = frozenset({"relay", "latency"})


def bench(
    subject: Annotated[str, typer.Argument(help="比什么 one of: " + ", ".join(SUBJECTS))] = "append",
    rounds: Annotated[int, typer.Option(min=1, max=50, help="轮数 rounds, interleaved")] = 5,
    broker: Annotated[list[str] | None, typer.Option(help="embedded、apache; 默认两者 default: both")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """性能比对 Measure in rounds that take turns; ratios are medians of the ratios inside the rounds.

    绝对数字随机器而变,请看比值。Absolute numbers move with the machine; read the ratios."""
    if subject not in SUBJECTS:
        raise fail(f"没有「{subject}」;可选:{'、'.join(SUBJECTS)}", f"no such subject; one of {', '.join(SUBJECTS)}", 2)
    wanted = broker or ["embedded", "apache"]
    with engines("none", prepared=False) as (chosen, place), _brokers(chosen, subject, wanted) as brokers:
        keep_what_was_loaded()  # for both sides, as in every process that serves
        told = run(subject, database_url=place.owner_url, rounds=rounds, brokers=brokers, said=lambda text: say(text))
    if output is Form.TABLE:
        rows = told.pop("rows", [])
        titles = dict.fromkeys(name for row in rows for name in row)
        show_rows(rows, output, titles={name: name for name in titles})
    show_one(told, output)


@contextmanager
def _brokers(chosen: Settings, subject: str, wanted: list[str]) -> Iterator[dict[str, Connection]]:
    """Throw-away brokers for the subjects that need them, each in a home of its own."""
    if subject not in ON_BROKERS:
        yield {}
        return
    started: dict[str, Engines] = {}
    alone = settings().model_copy(update={"database_url": "postgresql://unused", "kafka_bootstrap": None})
    try:
        for name in wanted:
            home = chosen.home / f"bench-{name}"
            started[name] = Engines.start(home, "apache" if name == "apache" else "embedded", alone)
        yield {n: Connection.of(alone, e.kafka_bootstrap, e.profile) for n, e in started.items()}
    finally:
        for engine in started.values():
            engine.stop()
