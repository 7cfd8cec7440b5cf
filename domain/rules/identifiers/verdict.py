"""Verdict (核验结论): what a check found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.rules.reason import Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """``value`` is the identifier in its normal form; ``parts`` are what it is made of, as far as it could be read."""

    kind: str
    value: str
    errors: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return not self.errors

    def shown(self) -> dict[str, Any]:
        """The verdict as plain values for programs: ``valid``, ``errors`` and ``warnings``, nothing else."""
        return {
            "valid": self.valid,
            "errors": [reason._asdict() for reason in self.errors],
            "warnings": [reason._asdict() for reason in self.warnings],
        }


def judged(
    kind: str,
    value: str,
    errors: Iterable[Reason],
    warnings: Iterable[Reason] = (),
    parts: Mapping[str, str] | None = None,
) -> Verdict:
    return Verdict(kind, value, tuple(errors), tuple(warnings), parts or {})


def wrong_length(text: str, *lengths: int) -> Reason:
    wanted = "、".join(map(str, lengths)), " or ".join(map(str, lengths))
    return Reason(
        "length", f"应为 {wanted[0]} 位,实为 {len(text)} 位", f"it must have {wanted[1]} characters, not {len(text)}"
    )


def wrong_character(where: int, character: str) -> Reason:
    """``where`` counts from 1, as people do."""
    return Reason(
        "character", f"第 {where} 位「{character}」不是允许的字符", f'character {where}, "{character}", is not allowed'
    )


def wrong_check(code: str, wanted: str, found: str) -> Reason:
    return Reason(code, f"校验位应为 {wanted},实为 {found}", f"the check character must be {wanted}, not {found}")
