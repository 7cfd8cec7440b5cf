"""``shuangtui trigger``: plays a small story and says what the platform did about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from infra.event_store.mapper import decode
from infra.settling import settle
from infra.wiring import Platform
from interfaces.cli.output import Form, FormOption, fail, out, show_one, show_rows
from interfaces.cli.shell import with_platform
from interfaces.cli.stories import STORIES, Teller


def trigger(
    story: Annotated[str | None, typer.Argument(help="故事名 name of the story")] = None,
    listed: Annotated[bool, typer.Option("--list", help="列出全部故事 name them all")] = False,
    output: FormOption = Form.TABLE,
) -> None:
    """演一段小故事 Play a small story on the platform, through the commands that people use."""
    if listed or story is None:
        rows = [{"story": name, "tells": " ".join((told.__doc__ or "").split())} for name, told in STORIES.items()]
        show_rows(rows, output, titles={"story": "故事 story", "tells": "内容 what it tells"})
        return
    if story not in STORIES:
        raise fail(f"没有故事「{story}」;用 --list 查看", f"there is no story {story}; see --list", 2)
    told = with_platform(lambda platform: play(story, platform))
    if output is Form.TABLE:
        for line in told.pop("timeline"):
            out.print(f"{line['zh']}\n   [dim]{line['en']}[/dim]")
    show_one(told, output)


async def play(story: str, platform: Platform) -> dict[str, Any]:
    """Play one story and settle; then what it was about, the stored names in order, and how it is told."""
    since = await asyncio.to_thread(platform.recorder.head)
    teller = Teller(platform, lambda: settle(platform), story)
    await STORIES[story](teller)
    await settle(platform)
    facts = await asyncio.to_thread(_facts_since, platform, since, {str(s) for s in teller.streams})
    return {
        "story": story,
        "cases": teller.cases,
        "events": [fact.TOPIC for fact in facts],
        "pushes": sum(fact.TOPIC == "push.dispatched" for fact in facts),
        "timeline": [{"zh": fact.telling("zh"), "en": fact.telling("en")} for fact in facts],
    }


def _facts_since(platform: Platform, since: int, ours: set[str]) -> Sequence[Any]:
    """What happened since, as far as it has to do with the story: what was acted on, and what was caused by it."""
    found, position = [], since
    while entries := platform.recorder.read(position, 5_000).entries:
        position = entries[-1].id
        found += [decode(e.topic, e.state, e.originator_id, e.originator_version) for e in entries]
    told = []
    for fact in found:
        caused = fact.cause_id.rpartition(":")[0]
        if str(fact.originator_id) in ours or fact.correlation_id in ours or caused in ours:
            ours.add(str(fact.originator_id))
            told.append(fact)
    return told
