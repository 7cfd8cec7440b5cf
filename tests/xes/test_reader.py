"""The reader: every value of the log, whatever its dress, and never more than some cases in memory."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from interfaces.xes.reader import Log, LogDamaged, Trace

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<log xes.version="1.0"{namespace}>
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="trace"><string key="concept:name" value="UNKNOWN"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="concept:name" value="A log"/>
"""


def trace(name: str, *activities: str, extra: str = "") -> str:
    events = "".join(f'<event><string key="concept:name" value="{a}"/>{extra}</event>\n' for a in activities)
    return f'<trace><string key="concept:name" value="{name}"/>\n{events}</trace>\n'


def written(path: Path, *traces: str, namespace: str = "", end: str = "</log>") -> Log:
    path.write_text(HEAD.format(namespace=namespace) + "".join(traces) + end, "utf-8")
    return Log(path)


def read(log: Log) -> tuple[list[Trace], LogDamaged]:
    """What a damaged log gives before it says so."""
    cases: list[Trace] = []
    try:
        for case in log.traces():
            cases.append(case)  # noqa: PERF402 - what came before the error counts
    except LogDamaged as damage:
        return cases, damage
    pytest.fail("it was read to its end")


def test_cases_and_events_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    log = written(tmp_path / "a.xes", trace("c1", "b", "a"), trace("c2", "c"))
    found = [(t.attributes["concept:name"], [e["concept:name"] for e in t.events]) for t in log.traces()]
    assert found == [("c1", ["b", "a"]), ("c2", ["c"])]
    assert log.attributes == {"concept:name": "A log"}
    assert log.read == log.size


@pytest.mark.parametrize("dress", ["plain", "gzip", "byte-order mark", "namespace", "prefix"])
def test_the_dress_of_the_file_does_not_matter(tmp_path: Path, dress: str) -> None:
    text = HEAD.format(namespace=' xmlns="http://www.xes-standard.org/"' if dress == "namespace" else "")
    text += trace("c1", "中文") + "</log>"
    if dress == "prefix":
        text = text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
        text = text.replace("<x:log ", '<x:log xmlns:x="http://www.xes-standard.org/" ')
    raw = (b"\xef\xbb\xbf" if dress == "byte-order mark" else b"") + text.encode()
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(raw) if dress == "gzip" else raw)
    [case] = Log(path).traces()
    assert case.events == [{"concept:name": "中文"}]


def test_nested_and_repeated_attributes_hide_nothing(tmp_path: Path) -> None:
    nested = '<string key="a" value="1"><int key="b" value="2"/></string><string key="a" value="3"/>'
    nested += '<list key="l"><values><string key="x" value="4"/><string key="x" value="5"/></values></list>'
    [case] = written(tmp_path / "a.xes", trace("c1", "e", extra=nested)).traces()
    assert case.events == [
        {"concept:name": "e", "a": "1", "a/b": "2", "a#2": "3", "l": "", "l/x": "4", "l/x#2": "5"}
    ]  # fmt: skip


def test_a_file_that_breaks_off_gives_whole_cases_and_says_where(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.xes", trace("c1", "a"), trace("c2", "b", "c"), trace("c3", "d"))
    text = whole.path.read_bytes()
    cut = tmp_path / "cut.xes"
    cut.write_bytes(text[: text.index(b'value="c"')])
    cases, damage = read(Log(cut))
    assert [case.attributes["concept:name"] for case in cases] == ["c1"]
    assert (damage.cases, damage.last_case, damage.size) == (1, "c1", cut.stat().st_size)
    assert "c1" in damage.zh
    assert "c1" in damage.en


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_gzip_that_breaks_off_gives_what_can_be_unpacked(tmp_path: Path, share: float) -> None:
    text = (HEAD.format(namespace="") + "".join(trace(f"c{n}", "a", f"b{n * 7919}") for n in range(3_000))).encode()
    packed = gzip.compress(text + b"</log>")
    path = tmp_path / "cut.xes.gz"
    path.write_bytes(packed[: int(len(packed) * share)])
    cases, _ = read(Log(path))
    assert [case.attributes["concept:name"] for case in cases] == [f"c{n}" for n in range(len(cases))]
    assert all(len(case.events) == 2 for case in cases)
    assert len(cases) >= 3_000 * share * 0.5


@pytest.mark.parametrize("content", [b"", b"not xml at all", b"<html><body/></html>", b"\x1f\x8bnot gzip"])
def test_what_is_no_log_is_told_apart(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(LogDamaged):
        list(Log(path).traces())


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(cases: int) -> int:
        log = written(tmp_path / "a.xes", *(trace(f"c{n}", *"abcdefgh") for n in range(cases)))
        tracemalloc.start()
        count = sum(len(case.events) for case in log.traces())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == 8 * cases
        return most

    assert peak(8_000) < 1.2 * peak(2_000) + 100_000
