"""What all commands of the case share: who may ask, and which stream they act on."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from domain.kernel.command import Command, Target
from domain.kernel.identity import stream_id
from domain.kernel.people import Role

ACCEPTORS = frozenset({Role.ACCEPTOR})
EXAMINERS = frozenset({Role.EXAMINER})
DECIDERS = frozenset({Role.DECIDER})
OFFICERS = ACCEPTORS | EXAMINERS | DECIDERS
BY_ITSELF = frozenset({Role.SYSTEM})

PLATFORM = "platform"
"""The source of cases that are handled here; no reporting system may use it."""


def case_stream(source: str, opened_on: date, case_no: str) -> UUID:
    """The stream of a case: an external number can be wrong, late or re-issued, so the id is ours."""
    return stream_id("case", opened_on.year, source, case_no)


class CaseCommand(Command):
    case_id: Annotated[UUID, Target()]
