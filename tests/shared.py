"""Material from outside, which lies beside the tree and never in it: tests that need it say so when it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent.parent / "shared"


def shared(name: str) -> Path:
    """The path of a file of it; skips the test where it is not at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} of the outside material beside the tree, which is absent here")
    return path
