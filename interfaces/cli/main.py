"""Every command by its name, and how trouble is told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

import typer
from typer.core import TyperGroup

from domain.kernel.refusal import Refusal
from domain.rules.errors import RuleError
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
    from domain.standing.register import CreditRegisterSilent
    from infra.credit import NoCreditRegister
    from infra.embedded.process import EnginesFailed
    from infra.event_store.migrate import MigrationRefused
    from infra.kafka.errors import KafkaTrouble
    from infra.postgres import DatabaseUnreachable
    from infra.settling import NotSettled
    from infra.tokens import NoSuchToken
    from infra.wiring import NothingRuns
    from projections.view import BadCursor, ProjectionsNotCreated, UnknownProjection

    return (
        EnginesFailed, MigrationRefused, KafkaTrouble, DatabaseUnreachable, NoSuchToken, NothingRuns,
        NotSettled, BadCursor, ProjectionsNotCreated, UnknownProjection, CreditRegisterSilent, NoCreditRegister,
    )  # fmt: skip


PLATFORM, READ, WORK = "运行 run the platform", "查看 look", "办事 do"

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (PLATFORM, "running", "up"),
    (PLATFORM, "demo", "demo"),
    (PLATFORM, "running", "serve"),
    (PLATFORM, "running", "relay"),
    (PLATFORM, "running", "intake"),
    (PLATFORM, "running", "policies"),
    (PLATFORM, "running", "timers"),
    (PLATFORM, "running", "migrate"),
    (PLATFORM, "health", "doctor"),
    (PLATFORM, "running", "project"),
    (PLATFORM, "tokens", "token"),
    (READ, "looking", "case"),
    (READ, "looking", "push"),
    (READ, "looking", "finding"),
    (READ, "looking", "consult"),
    (READ, "looking", "inspect"),
    (READ, "licenses", "license"),
    (READ, "licenses", "enterprise"),
    (READ, "experts", "expert"),
    (READ, "bundles", "bundle"),
    (READ, "catalogue", "item"),
    (READ, "catalogue", "responsibility"),
    (READ, "looking", "risk"),
    (READ, "promises", "commitment"),
    (READ, "promises", "tolerance"),
    (READ, "promises", "credit"),
    (READ, "looking", "parked"),
    (READ, "papers", "seal"),
    (READ, "papers", "delegation"),
    (READ, "papers", "attempts"),
    (READ, "looking", "tail"),
    (READ, "rules", "calendar"),
    (READ, "rules", "identifier"),
    (WORK, "papers", "document"),
    (WORK, "importing", "import"),
    (WORK, "telling", "trigger"),
    (WORK, "contracts", "contracts"),
    (WORK, "benches", "bench"),
)
"""Every command: under which heading, and in which module of this package it is told."""


def _nothing_beforehand() -> None:
    pass


def command_line(words: Sequence[str]) -> typer.Typer:
    """The commands. When the first word names one, only its module is imported: six roles start at once, and each
    would otherwise spend a second on what the others need."""
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
    # With one command and no callback typer would take that command for the whole program.
    app.callback()(_nothing_beforehand)
    asked = words[0] if words and words[0] in {name for _, _, name in COMMANDS} else None
    for panel, module, name in COMMANDS:
        if asked is not None and name != asked:
            continue
        told = getattr(import_module(f"interfaces.cli.{module}"), f"{name}_" if iskeyword(name) else name)
        if isinstance(told, typer.Typer):
            app.add_typer(told, name=name, rich_help_panel=panel)
        else:
            app.command(name, rich_help_panel=panel)(told)
    return app


app = command_line(sys.argv[1:])
