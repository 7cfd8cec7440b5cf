"""Every command by its name, and how trouble is told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from domain.kernel.refusal import Refusal
from domain.rules.errors import RuleError
from interfaces.cli import benches, contracts, demo, health, importing, looking, rules, running, telling, tokens
from interfaces.cli.output import err


class InTwoLanguages(TyperGroup):
    """Tells known trouble in Chinese and English instead of a traceback."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except (Refusal, RuleError) as refused:
            err.print(f"[red]不予办理[/red] {refused.told('zh')}\n[dim]{refused.told('en')}[/dim]")
            sys.exit(1)
        except telling_trouble() as trouble:
            err.print(f"[red]错误[/red] {trouble}")
            sys.exit(1)


def telling_trouble() -> tuple[type[Exception], ...]:
    """Exceptions whose text already says in both languages what happened and what to do."""
    from infra.embedded.process import EnginesFailed
    from infra.event_store.migrate import MigrationRefused
    from infra.kafka.errors import KafkaTrouble
    from infra.postgres import DatabaseUnreachable
    from infra.tokens import NoSuchToken
    from infra.wiring import NothingRuns
    from projections.view import BadCursor, ProjectionsNotCreated, UnknownProjection

    return (
        EnginesFailed, MigrationRefused, KafkaTrouble, DatabaseUnreachable, NoSuchToken, NothingRuns,
        BadCursor, ProjectionsNotCreated, UnknownProjection,
    )  # fmt: skip


app = typer.Typer(
    name="shuangtui",
    cls=InTwoLanguages,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="双推送 shuangtui:审管互动事件平台 the event-sourced backend between approval and supervision.\n\n"
    "先试 begin with [bold]shuangtui demo[/bold](演示)或 or [bold]shuangtui up[/bold](启动并保持运行 run it).",
)

PLATFORM, READ, WORK = "运行 run the platform", "查看 look", "办事 do"


def _add(panel: str, *commands: Callable[..., Any], **named: Callable[..., Any]) -> None:
    for command in commands:
        app.command(command.__name__.replace("_", "-"), rich_help_panel=panel)(command)
    for name, command in named.items():
        app.command(name, rich_help_panel=panel)(command)


_add(PLATFORM, running.up, demo.demo, running.serve, running.relay, running.intake, running.policies, running.timers,
     running.migrate, health.doctor)  # fmt: skip
app.add_typer(running.project, name="project", rich_help_panel=PLATFORM)
app.add_typer(tokens.token, name="token", rich_help_panel=PLATFORM)
app.add_typer(looking.case, name="case", rich_help_panel=READ)
app.add_typer(looking.push, name="push", rich_help_panel=READ)
app.add_typer(looking.finding, name="finding", rich_help_panel=READ)
app.add_typer(looking.consult, name="consult", rich_help_panel=READ)
app.add_typer(looking.inspect, name="inspect", rich_help_panel=READ)
app.add_typer(looking.risk, name="risk", rich_help_panel=READ)
app.add_typer(looking.parked, name="parked", rich_help_panel=READ)
_add(READ, looking.tail)
app.add_typer(importing.importing, name="import", rich_help_panel=WORK)
app.add_typer(rules.calendar, name="calendar", rich_help_panel=READ)
app.add_typer(rules.identifier, name="identifier", rich_help_panel=READ)
_add(WORK, telling.trigger, contracts.contracts, benches.bench)
