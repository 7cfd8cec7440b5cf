"""Reader of XES logs: streamed, so that memory does not grow with the file.

Plain or gzip, with or without byte-order mark and namespace. A file that breaks off gives every case that is
whole, then says where it broke."""

from __future__ import annotations

import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

CHUNK = 1 << 17
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id", "list", "container"))

Attributes = dict[str, str]


@dataclass(slots=True)
class Trace:
    """One case: its attributes and its events in the order of the file. Nested attributes are named ``a/b``; a
    key that stands twice is named ``key#2`` the second time, so nothing hides anything."""

    attributes: Attributes = field(default_factory=dict)
    events: list[Attributes] = field(default_factory=list)


class LogDamaged(Exception):
    """日志文件不完整。The file breaks off or is not XES; the cases before that were given whole."""

    def __init__(self, path: Path, cases: int, last_case: str, read: int, size: int, reason: object) -> None:
        self.cases, self.last_case, self.read, self.size, self.reason = cases, last_case, read, size, str(reason)
        whole = f"最后一个完整办件 {last_case}" if cases else "没有完整办件"
        last = f"the last whole case is {last_case}" if cases else "no case is whole"
        self.zh = (
            f"{path.name} 在第 {read} 字节(共 {size} 字节)处中断:{reason};已取 {cases} 件完整办件,{whole}。"
            "请重新获取完整文件后再导入,已导入的不会重复。"
        )
        self.en = (
            f"{path.name} breaks off at byte {read} of {size} ({reason}); {cases} whole cases were taken, {last}."
            " Get the whole file and import it again: nothing is taken twice."
        )
        super().__init__(f"{self.zh} {self.en}")


class Log:
    """A log being read: ``attributes`` are filled before the first case is given, ``read`` of ``size`` bytes of
    the file as it lies on the disk tell the progress."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.read = 0
        self.cases = 0
        self.last_case = ""
        self.attributes: Attributes = {}

    def traces(self) -> Iterator[Trace]:
        """The cases, in the order of the file. Raises LogDamaged after the last whole one."""
        parsing = _Parsing(self.attributes)
        with self.path.open("rb") as raw:
            stream: BinaryIO | gzip.GzipFile = raw
            if raw.peek(2)[:2] == b"\x1f\x8b":
                stream = gzip.GzipFile(fileobj=raw)
            broken: object = None
            while broken is None:
                try:
                    # read1: a longer read would lose what it already had when the end of the file is missing.
                    chunk = stream.read1(CHUNK)  # type: ignore[union-attr]
                    parsing.feed(chunk)
                except (EOFError, OSError, zlib.error, expat.ExpatError, _NotXes) as failure:
                    broken = str(failure) or type(failure).__name__
                self.read = raw.tell()
                while parsing.whole:
                    trace = parsing.whole.popleft()
                    self.cases += 1
                    self.last_case = trace.attributes.get("concept:name", f"#{self.cases}")
                    yield trace
                if broken is None and not chunk:
                    return
        raise LogDamaged(self.path, self.cases, self.last_case, self.read, self.size, broken)


class _NotXes(ValueError):
    pass


class _Parsing:
    """Turns the stream of elements into traces; one call per element, so it holds as little as it can."""

    def __init__(self, log: Attributes) -> None:
        self.whole: deque[Trace] = deque()
        self._trace: Trace | None = None
        self._here: Attributes | None = None
        self._log = log
        self._path: list[str] = []
        self._aside = 0
        self._root = False
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        self._parser = parser

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, not chunk)

    def _begin(self, tag: str, found: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if self._aside:
            self._aside += 1
        elif tag in _VALUES:
            here, path = self._here, self._path
            key = found.get("key", "")
            path.append(key)
            if here is not None:
                if len(path) > 1:
                    key = "/".join(path)
                if key in here:
                    key = _another(here, key)
                    path[-1] = key.rpartition("/")[2]
                here[key] = found.get("value", "")
        elif tag == "event":
            trace = self._trace
            if trace is not None:
                event: Attributes = {}
                trace.events.append(event)
                self._here = event
        elif tag == "trace":
            self._trace = Trace()
            self._here = self._trace.attributes
        elif tag == "log":
            self._root = True
            self._here = self._log
        elif not self._root:
            raise _NotXes(f"根元素为 <{tag}> 而非 <log> (the root is <{tag}>, not <log>)")
        elif tag != "values":
            # Declarations (extension, global, classifier) hold defaults, which are not values of any case.
            self._aside = 1

    def _end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag in _VALUES:
            self._path.pop()
        elif tag == "event":
            self._here = self._trace.attributes if self._trace is not None else self._log
        elif tag == "trace":
            if self._trace is not None:
                self.whole.append(self._trace)
            self._trace, self._here = None, self._log


def _another(here: Attributes, key: str) -> str:
    number = 2
    while f"{key}#{number}" in here:
        number += 1
    return f"{key}#{number}"


Progress = Callable[[int, int, int], None]
"""Told now and then: bytes read, bytes in all, events reported so far."""
