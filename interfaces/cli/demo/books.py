"""The regulators' books (收文登记): what each authority took in, each event once, kept in a file.

The reckoning reads the file and nothing else of the regulators: what is not in it did not arrive."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

LOST_ONE, TWICE_ONE = "lost", "doubled"
"""Faults that can be planted, so that the reckoning is seen to find them."""
PLANTED_AT = {10: (LOST_ONE, 0), 20: (TWICE_ONE, 2)}
"""At which entry a fault is planted, and how often that entry is then written."""


class Books:
    """Enters each event of an authority once. Safe for several threads."""

    def __init__(self, path: Path, *, faults: Collection[str] = ()) -> None:
        self._seen: set[tuple[str, str]] = set()
        self._file = path.open("w", encoding="utf-8")
        self._lock = threading.Lock()
        self._faults = frozenset(faults)
        self.taken = self.redelivered = 0

    def enter(self, authority: str, id: str) -> bool:
        """Enter an event; false when it is there already, and so was delivered again."""
        with self._lock:
            if (authority, id) in self._seen:
                self.redelivered += 1
                return False
            self._seen.add((authority, id))
            self.taken += 1
            fault, lines = PLANTED_AT.get(self.taken, ("", 1))
            self._file.write(f"{authority}\t{id}\n" * (lines if fault in self._faults else 1))
            return True

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read(path: Path) -> Counter[tuple[str, str]]:
    """How often each event stands in the books of each authority."""
    return Counter(_entries(path))


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            authority, _, id = line.rstrip("\n").partition("\t")
            yield authority, id
