"""Reason (理由): why a day counts or not, why an identifier fails; a stable code and two sentences."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    code: str
    zh: str
    en: str

    def told(self, language: str) -> str:
        return self.zh if language == "zh" else self.en
