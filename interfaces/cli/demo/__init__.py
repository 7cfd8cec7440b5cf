"""``shuangtui demo`` (演示): a story at the shape of 聊城, on real engines, with a reckoning at its end."""

from __future__ import annotations


def demo() -> None:
    """演示 Not told yet."""
