"""Real permit logs through the public reporting path."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from domain.approval_case.facts import CaseReported, StepReported
from domain.approval_case.words import Means
from interfaces.xes import mapping_named
from tests.shared import shared
from tests.xes.conftest import LOGS, Door


def expected(file: str) -> dict[str, int]:
    counts = json.loads(shared(f"{LOGS}/expected-counts.json").read_text())
    shape = (counts["receipt"] if file == "receipt" else counts["bpic15"][file[-1]])["shape"]
    return {
        "cases": shape["cases"], "events": shape["events"],
        "activities": shape["activities"], "officers": shape["resources"],
    }  # fmt: skip


def told(counts: Any) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("cases", "events", "activities", "officers")}


@pytest.mark.parametrize(("file", "name"), [("receipt", "receipt"), ("BPIC15_1", "bpic15"), ("BPIC15_2", "bpic15")])
async def test_a_real_log_is_recorded_whole(door: Door, file: str, name: str) -> None:
    shape = expected(file)
    counts = await door.takes(shared(f"{LOGS}/{file}.xes.gz"), mapping_named(name))
    assert told(counts) == shape == door.recorded()
    assert (counts.added, counts.refused, counts.missing) == (shape["events"], 0, "")
    steps = door.facts(StepReported)
    if file.startswith("BPIC15"):
        rules = json.loads(shared(f"{LOGS}/expected-counts.json").read_text())["bpic15"][file[-1]]
        assert sum(step.precision == "day" for step in steps) == rules["date_only_events"]["events"]
        decisions = [step for step in steps if step.means in (Means.GRANTED, Means.DENIED)]
        assert len(decisions) == len({step.originator_id for step in decisions}) == rules["four_eyes_375_490_1"]["of"]
        with_parts = {c.originator_id for c in door.facts(CaseReported) if "parts" in c.attributes}
        assert all(step.departments for step in decisions if step.originator_id in with_parts)


async def test_the_same_log_again_adds_nothing(door: Door) -> None:
    log = shared(f"{LOGS}/receipt.xes.gz")
    await door.takes(log, mapping_named("receipt"))
    head = door.platform.recorder.head()
    again = await door.takes(log, mapping_named("receipt"))
    assert (again.added, again.already_there) == (0, again.events)
    assert door.platform.recorder.head() == head


async def test_a_truncated_log_leaves_whole_cases_and_the_whole_log_completes_it(door: Door, tmp_path: Path) -> None:
    log = shared(f"{LOGS}/receipt.xes.gz")
    cut = tmp_path / "another-name.gz"
    cut.write_bytes(log.read_bytes()[:90_000])
    part = await door.takes(cut, mapping_named("receipt"))
    assert 0 < part.cases < expected("receipt")["cases"]
    assert "90000" in part.missing
    assert not part.complete
    assert told(part) == door.recorded()
    whole = await door.takes(log, mapping_named("receipt"))
    assert whole.added == whole.events - part.events
    assert door.recorded() == expected("receipt")


async def test_an_unseen_municipality_goes_in_with_its_unseen_words(door: Door, tmp_path: Path) -> None:
    text = gzip.decompress(shared(f"{LOGS}/BPIC15_2.xes.gz").read_bytes()).decode("utf-8-sig")
    text = text.replace('value="BPIC15_2.xes"', 'value="BPIC15_3.xes"')
    text = re.sub(r'(key="concept:name" value=")(\d{7,8})"', r'\g<1>9\2"', text)
    text = text.replace("01_BB_", "01_ZZ_").replace('value="Kap"', 'value="Kap,Ruimtevaart"')
    text = re.sub(r'(key="org:resource" value=")5605', r"\g<1>7705", text)
    end = text.index("<trace>", len(text) // 3)
    text = text[:end] + "</log>"
    other = tmp_path / "municipality.xes"
    other.write_text(text, "utf-8")
    counts = await door.takes(other, mapping_named("bpic15"))
    events = re.findall(r"<event>.*?</event>", text, re.S)
    assert counts.source == "BPIC15_3"
    assert told(counts) == door.recorded() == {
        "cases": text.count("<trace>"), "events": len(events),
        "activities": len({re.search(r'key="concept:name" value="([^"]*)"', e)[1] for e in events}),  # type: ignore[index]
        "officers": len({re.search(r'key="org:resource" value="([^"]*)"', e)[1] for e in events}),  # type: ignore[index]
    }  # fmt: skip
    codes = {body.code for case in door.facts(CaseReported) for body in case.departments}
    assert "nl-ruimtevaart" in codes


async def test_progress_is_told_in_bytes_and_ends_at_the_end(door: Door) -> None:
    seen: list[tuple[int, int, int]] = []
    log = shared(f"{LOGS}/receipt.xes.gz")
    await door.takes(log, mapping_named("receipt"), progress=lambda *told: seen.append(told))
    assert seen == sorted(seen)
    assert seen[-1] == (log.stat().st_size, log.stat().st_size, expected("receipt")["events"])
