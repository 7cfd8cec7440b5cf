"""``shuangtui``: the command line of the platform."""

from interfaces.cli.main import app


def main() -> None:
    app()


__all__ = ["main"]
