"""Rules of this place (本地规则): every process answers by what was entered here, beside what is shipped."""

from __future__ import annotations

from pathlib import Path

from domain.rules.entering import Entered, enter_rules
from infra.settings import Settings


def rules_directory(settings: Settings) -> Path:
    """Where rule files are entered."""
    return settings.rules or settings.home / "rules"


def answer_by_entered_rules(settings: Settings) -> Entered:
    """Read the entered rules, once, when a process starts. Raises BadRule, OverlappingPeriods: a process that would
    compute other dates than the rest of the platform must not start."""
    return enter_rules(rules_directory(settings))
