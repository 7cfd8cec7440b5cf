"""``shuangtui contracts``: writes what integration teams build against, all computed from the classes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.output import Form, FormOption, fail, show_one
from interfaces.contracts import check, generate

GENERATED = Path("docs/generated")


def contracts(
    directory: Annotated[Path, typer.Option(help="写到哪里 where to")] = GENERATED,
    only_check: Annotated[bool, typer.Option("--check", help="只核对是否最新 only say whether they are current")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """契约 OpenAPI, AsyncAPI, JSON Schemas, tables of facts and refusals."""
    if only_check:
        stale = check(directory)
        if stale:
            names = "、".join(stale)
            raise fail(f"以下文档已过时,请运行 shuangtui contracts:{names}", f"stale, run shuangtui contracts: {names}")
        show_one({"directory": directory, "stale": 0}, output)
        return
    show_one({"directory": directory, "written": generate(directory)}, output)
