"""Small stories (故事), each played through the same commands that people use; ``shuangtui trigger`` tells them.

A story is a public coroutine of a module here that takes a ``Teller``; its docstring is what it tells."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from interfaces.cli.stories.teller import Teller

Story = Callable[[Teller], Awaitable[None]]


def _told() -> Iterator[Story]:
    for module in iter_modules(__path__):
        for name, told in vars(import_module(f"{__name__}.{module.name}")).items():
            if inspect.iscoroutinefunction(told) and not name.startswith("_"):
                yield told


STORIES: dict[str, Story] = {told.__name__: told for told in _told()}

__all__ = ["STORIES", "Story", "Teller"]
