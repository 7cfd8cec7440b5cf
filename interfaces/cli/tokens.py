"""``shuangtui token``: access tokens, bound to an organ and a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer

from domain.kernel.people import Role
from infra.tokens import AccessTokens
from infra.wiring import clock_of, reader_at
from interfaces.cli.output import Form, FormOption, show_one, show_rows
from interfaces.cli.shell import engines

token = typer.Typer(help="访问令牌 access tokens: 绑定部门与角色 bound to an organ and a role.", no_args_is_help=True)


@contextmanager
def _tokens() -> Iterator[AccessTokens]:
    with engines() as (chosen, place), reader_at(place) as reader:
        yield AccessTokens(reader.pool, clock_of(chosen).now)


@token.command("issue")
def issue(
    organ: Annotated[str, typer.Option(help="部门代码 code of the organ")],
    role: Annotated[Role, typer.Option(help="角色 role")],
    purpose: Annotated[str, typer.Option(help="用途 what it is for")],
    officer: Annotated[str, typer.Option(help="人员,留空为整个部门 officer; empty for the whole organ")] = "",
    days: Annotated[int, typer.Option(min=1, help="有效天数 days it is valid")] = 365,
    output: FormOption = Form.TABLE,
) -> None:
    """签发令牌 Issue a token; it is shown this once."""
    with engines() as (chosen, place), reader_at(place) as reader:
        clock = clock_of(chosen)
        expires = clock.now() + timedelta(days=days)
        made = AccessTokens(reader.pool, clock.now).issue(
            organ, role, officer=officer, purpose=purpose, expires_at=expires
        )
    show_one({"token": made, "organ": organ, "role": str(role), "officer": officer, "expires_at": expires}, output)


@token.command("list")
def listed(output: FormOption = Form.TABLE) -> None:
    """列出令牌 List the tokens; none can be read again."""
    with _tokens() as tokens:
        rows = [
            {"number": t.number[:12], "organ": t.bearer.organ, "role": str(t.bearer.role), "officer": t.bearer.officer,
             "purpose": t.purpose, "created_at": t.created_at, "expires_at": t.expires_at, "revoked_at": t.revoked_at}
            for t in tokens.issued()
        ]  # fmt: skip
    titles = {"number": "编号", "organ": "部门", "role": "角色", "officer": "人员", "purpose": "用途",
              "expires_at": "到期", "revoked_at": "吊销"}  # fmt: skip
    show_rows(rows, output, titles=titles)


@token.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(help="令牌编号的开头 first digits of its number")],
    output: FormOption = Form.TABLE,
) -> None:
    """吊销令牌 Revoke a token."""
    with _tokens() as tokens:
        gone = tokens.revoke(number)
    show_one({"number": gone.number, "organ": gone.bearer.organ, "purpose": gone.purpose}, output)
