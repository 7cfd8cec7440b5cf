"""What all commands of the case share: who may ask, and which stream they act on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from domain.kernel.command import Command, Target
from domain.kernel.identity import PLATFORM, case_stream
from domain.kernel.people import Role

ACCEPTORS = frozenset({Role.ACCEPTOR})
EXAMINERS = frozenset({Role.EXAMINER})
DECIDERS = frozenset({Role.DECIDER})
OFFICERS = ACCEPTORS | EXAMINERS | DECIDERS
BY_ITSELF = frozenset({Role.SYSTEM})

__all__ = ["ACCEPTORS", "BY_ITSELF", "DECIDERS", "EXAMINERS", "OFFICERS", "PLATFORM", "CaseCommand", "case_stream"]


class CaseCommand(Command):
    case_id: Annotated[UUID, Target()]
