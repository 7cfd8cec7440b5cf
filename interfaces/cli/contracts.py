"""``shuangtui contracts``: writes what integration teams build against, all computed from the classes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic.fields import FieldInfo

from infra.settings import Settings
from interfaces.cli.output import Form, FormOption, fail, show_one
from interfaces.http.app import openapi_document
from interfaces.topics.asyncapi import check, generate

GENERATED = Path("docs/generated")


def contracts(
    directory: Annotated[Path, typer.Option(help="写到哪里 where to")] = GENERATED,
    only_check: Annotated[bool, typer.Option("--check", help="只核对 only say whether they are current")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """契约 OpenAPI, AsyncAPI, JSON Schemas, tables of facts, refusals and settings."""
    beside = {"openapi.json": _openapi(), "settings.md": _settings_table()}
    if only_check:
        stale = check(directory, beside)
        if stale:
            names = "、".join(stale)
            raise fail(f"以下文档已过时,请运行 shuangtui contracts:{names}", f"stale, run shuangtui contracts: {names}")
        show_one({"directory": directory, "stale": 0}, output)
        return
    show_one({"directory": directory, "written": generate(directory, beside)}, output)


def _openapi() -> bytes:
    return orjson.dumps(openapi_document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _settings_table() -> bytes:
    """The settings, from their own descriptions."""
    prefix = Settings.model_config["env_prefix"]
    rows = [
        f"| `{prefix}{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = ["# 设置 Settings", "", "Read from the environment, once, at start.", ""]
    return "\n".join([*head, "| name | default | meaning |", "|---|---|---|", *rows, ""]).encode()


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    return "–" if value is None or value == "" else f"`{value}`"
