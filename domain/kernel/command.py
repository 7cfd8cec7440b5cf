"""Command (办理): what somebody asks the platform to do; imperative, validated, never stored."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.kernel.channel import Channel
from domain.kernel.event import marked, told_by
from domain.kernel.people import Role


class Target:
    """Marks the field that names the stream a command acts on."""


class Command(BaseModel):
    """Base of all commands.

    ``NAME`` is the public name (``case.accept_application``), the same over HTTP and Kafka. ``MAY`` lists the
    roles that may ask for it. ``ARRIVES_ON`` names the Kafka channel on which it may also arrive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    NAME: ClassVar[str] = ""
    ZH: ClassVar[str] = ""
    MAY: ClassVar[frozenset[Role]] = frozenset()
    ARRIVES_ON: ClassVar[Channel | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "NAME" not in cls.__dict__:
            return
        if not cls.ZH or not cls.MAY or not cls.__doc__:
            raise TypeError(f"{cls.__name__} must say its Chinese name, its docstring and who may ask for it")
        known = COMMANDS.get(cls.NAME)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.NAME} is declared by {known.__qualname__} and by {cls.__qualname__}")
        COMMANDS[cls.NAME] = cls

    @property
    def stream(self) -> UUID:
        """The stream the command acts on; commands that open a stream derive it instead."""
        return getattr(self, marked(type(self), Target)[0])  # type: ignore[no-any-return]

    @property
    def zh(self) -> str:
        return self.ZH

    @property
    def en(self) -> str:
        return self.NAME.partition(".")[2].replace("_", " ")


COMMANDS: dict[str, type[Command]] = {}
"""Every declared command by public name, filled by the class declarations themselves."""


def creates(cls: type[Command]) -> bool:
    """Whether the command opens its stream (it derives the id) rather than naming one."""
    return not marked(cls, Target)


__all__ = ["COMMANDS", "Command", "Target", "creates", "told_by"]
