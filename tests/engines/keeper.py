"""Keeps one engine for all test processes of a run, and ends with the last of them. Run as a program."""

import fcntl
import json
import shutil
import sys
import time
from pathlib import Path

from infra.embedded.apache import Administrator, Apache
from infra.embedded.broker import Broker
from infra.embedded.postgres import Postgres
from infra.embedded.process import EnginesFailed


def keep(name: str, room: Path) -> None:
    home = room / name
    home.mkdir()
    with (room / f"{name}.keeper").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        engine: Postgres | Broker | Apache
        told: dict[str, str | None]
        try:
            if name == "postgres":
                engine = Postgres(home)
                engine.start()
                told = {"database_url": engine.url}
            elif name == "embedded":
                engine = Broker(home)
                engine.start()
                told = {"bootstrap": engine.bootstrap}
            else:
                administrator = Administrator("admin", "admin-password") if name == "secured" else None
                engine = Apache(home, administrator)
                engine.start()
                told = {"bootstrap": engine.bootstrap}
                if administrator:
                    told |= {"user": administrator.user, "password": administrator.password}
        except EnginesFailed as reason:
            _tell(room / f"{name}.json", {"failed": str(reason)})
            return
        _tell(room / f"{name}.json", told)
        with (room / "users.lock").open() as users:
            while True:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.1)
            engine.stop()
            shutil.rmtree(home, ignore_errors=True)
            (room / f"{name}.keeper").unlink()
            if not list(room.glob("*.keeper")):
                # Nobody is left to clear up when the whole run was killed.
                shutil.rmtree(room, ignore_errors=True)


def _tell(path: Path, told: object) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(told))
    unfinished.replace(path)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
