"""People (人员): who acts, for which organ, in which role."""

from __future__ import annotations

from typing import Annotated

from domain.kernel.words import OrganCode, Personal, Short, Value, Word


class Role(Word):
    """What an actor may be here; access tokens are bound to an organ and a role."""

    APPLICANT = "applicant", "申请人", "applicant"
    ACCEPTOR = "acceptor", "受理人员", "acceptance officer"
    EXAMINER = "examiner", "审查人员", "examining officer"
    DECIDER = "decider", "决定人员", "deciding officer"
    STEWARD = "steward", "事项管理员", "catalogue steward"
    REGULATOR = "regulator", "监管人员", "regulator's officer"
    DISCIPLINE = "discipline", "纪检监察人员", "discipline inspector"
    AUDITOR = "auditor", "审计人员", "auditor"
    SOURCE = "source", "报送系统", "reporting approval system"
    OPERATOR = "operator", "运维人员", "operator"
    SYSTEM = "system", "系统", "the platform itself"


APPROVING = frozenset({Role.ACCEPTOR, Role.EXAMINER, Role.DECIDER})
INSPECTING = frozenset({Role.DISCIPLINE, Role.AUDITOR})
"""Who watches those who handle cases."""


class Actor(Value):
    """The person or system that acts; ``on_behalf_of`` names the organ in whose name it does (第二十四条)."""

    id: Annotated[Short, Personal("text")]
    organ: OrganCode
    role: Role
    on_behalf_of: OrganCode | None = None

    def __str__(self) -> str:
        return f"{self.id}@{self.organ}"


def the_platform(part: str) -> Actor:
    """The platform acting by itself, named by its part, for instance a policy."""
    return Actor(id=part, organ="platform", role=Role.SYSTEM)
