"""``shuangtui import``: brings logs of existing systems in, through the same door that those systems use."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from domain.kernel.people import Role
from infra.doors import PlatformDoors
from infra.settling import settle
from infra.tokens import AccessTokens
from infra.topics import KafkaBroker
from infra.wiring import Platform
from interfaces.cli.output import Form, FormOption, fail, progress, say, show_one
from interfaces.cli.shell import with_platform
from interfaces.http.app import attach, create_app
from interfaces.xes.loading import Counts, Send, Sent, import_log, over_http, over_kafka, source_of
from interfaces.xes.mapping import Mapping, UnknownMapping, mapping_named, mappings
from interfaces.xes.reader import LogDamaged
from projections import case_register

import_ = typer.Typer(help="导入 import: 既有系统的办件日志 logs of existing approval systems.", no_args_is_help=True)


class Via(str, Enum):
    """Which public door the reports take."""

    HTTP = "http"
    KAFKA = "kafka"


@import_.command("xes")
def xes(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XES 日志,可为 .gz the log, may be gzipped")],
    mapping: Annotated[str, typer.Option(help="映射 what its words mean: " + "、".join(mappings()))],
    via: Annotated[Via, typer.Option(help="报送通道 which door: http 或 or kafka")] = Via.HTTP,
    url: Annotated[str | None, typer.Option(help="远端平台地址 a platform elsewhere, with --token")] = None,
    token: Annotated[str | None, typer.Option(help="远端报送令牌 its token", envvar="SHUANGTUI_TOKEN")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只清点,不报送 only count, report nothing")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """导入 XES 办件日志 Import a permit log (IEEE 1849) as reports of the system that wrote it.

    重复导入不会增加任何事实;截断的文件只导入完整的办件并说明缺失。The same log again adds nothing; a truncated file
    leaves whole cases and says what is missing."""
    try:
        chosen = mapping_named(mapping)
        if dry_run:
            counts, recorded = asyncio.run(_reported(file, chosen, _nowhere)), None
        elif url is not None:
            counts, recorded = asyncio.run(_elsewhere(file, chosen, url, token or "")), None
        else:
            counts, recorded = with_platform(
                lambda platform: _here(platform, file, chosen, via), "embedded" if via is Via.KAFKA else "none"
            )
    except (UnknownMapping, LogDamaged) as trouble:
        raise fail(str(trouble), "") from None
    told = counts.told()
    if recorded is not None:
        told |= recorded
    for problem in counts.problems:
        say(f"未受理 {problem}")
    show_one(told, output)
    if counts.missing:
        raise fail(counts.missing, "")
    if not counts.complete:
        raise typer.Exit(1)


async def _reported(file: Path, mapping: Mapping, send: Send) -> Counts:
    with progress(f"导入 {file.name}", file.stat().st_size) as tell:
        return await import_log(file, mapping, send, lambda read, size, events: tell(read))


async def _here(platform: Platform, file: Path, mapping: Mapping, via: Via) -> tuple[Counts, dict[str, Any]]:
    """Report to the platform of this machine, then count what it recorded, in the same words."""
    source = source_of(file, mapping)
    before = case_register.source_counts(platform.read, source)
    if via is Via.KAFKA:
        broker = KafkaBroker(platform.place.kafka(platform.settings))
        broker.ensure(["approval.intake"])
        sender = broker.sender(broker.cluster_id())
        counts = await _reported(file, mapping, over_kafka(sender))
        say("已写入 approval.intake,由 intake 接收", "written to approval.intake; the intake takes it in")
        return counts, {}
    tokens = AccessTokens(platform.read.pool, platform.now)
    expires = platform.now() + timedelta(hours=12)
    bearer = tokens.issue(source, Role.SOURCE, officer=source, purpose=f"import {file.name}", expires_at=expires)
    app = create_app(None)
    attach(app, PlatformDoors(platform))
    transport = httpx.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://platform", headers=headers) as client:
        counts = await _reported(file, mapping, over_http(client))
    say("正在更新读模型……", "folding the read side")
    await settle(platform)
    after = case_register.source_counts(platform.read, source)
    recorded = {name: getattr(after, name) for name in ("cases", "events", "activities", "officers")}
    return counts, recorded | {"added_cases": after.cases - before.cases, "added_events": after.events - before.events}


async def _elsewhere(file: Path, mapping: Mapping, url: str, token: str) -> Counts:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
        return await _reported(file, mapping, over_http(client))


async def _nowhere(batch: list[dict[str, Any]]) -> Sent:
    return Sent()
