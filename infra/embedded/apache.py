"""真实 Kafka: a single-node Apache Kafka in KRaft mode on the JVM, without a container engine.

Its jars come by Maven once and stay in the user's cache; its data stays below `home` and survives restarts.
"""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.process import (
    EnginesFailed,
    await_ready,
    cluster_answering,
    end_left_over,
    free_port,
    servers_named,
    spawn,
)
from infra.embedded.process import stop as stop_process

VERSION = "4.3.0"
_STOP = ((signal.SIGTERM, 20.0),)

_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shuangtui</groupId><artifactId>apache-kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version>
    </dependency>
    <!-- Without a binding the server logs nothing at all. -->
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.1</version>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
"""

_LOG4J = """\
status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
"""


class ApacheUnavailable(EnginesFailed):
    """本机无法取得 Apache Kafka。Java or Maven is missing, or Maven could not fetch the jars."""


@dataclass(frozen=True)
class Administrator:
    """管理员账号: with one, clients must authenticate (SCRAM-SHA-512) and every right is an ACL."""

    user: str
    password: str


def missing() -> str | None:
    """What this machine lacks for an Apache Kafka, in Chinese and English; None if nothing."""
    absent = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if "mvn" in absent and _complete(_jar_directory()):
        absent.remove("mvn")
    if not absent:
        return None
    names = "、".join(absent)
    return (
        f"启动 Apache Kafka 需要 {names}，本机没有：请安装 Java 17 以上与 Maven（首次需要），或使用默认的内置消息服务。"
        f" Apache Kafka needs {' and '.join(absent)}, not found here: install Java 17 or newer and Maven (for the first"
        " start), or use the embedded broker, which is the default."
    )


def jars() -> Path:
    """The directory of Kafka's jars, fetched by Maven on first use. Raises ApacheUnavailable."""
    directory = _jar_directory()
    if _complete(directory):
        return directory
    if (lack := missing()) is not None:
        raise ApacheUnavailable(lack)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        # Beside the final place, and renamed when complete: a killed download is never taken for a whole one.
        work = Path(tempfile.mkdtemp(prefix="kafka-", dir=directory.parent))
    except OSError as failure:
        raise EnginesFailed(
            f"缓存目录 {directory.parent} 不可写（{failure.strerror}）：请设置 XDG_CACHE_HOME。"
            f" The cache directory {directory.parent} cannot be written ({failure.strerror}): set XDG_CACHE_HOME."
        ) from failure
    try:
        (work / "pom.xml").write_text(_POM)
        fetched = subprocess.run(
            [
                *("mvn", "-q", "-B", "-f", str(work / "pom.xml"), "dependency:copy-dependencies"),
                *("-DincludeScope=runtime", f"-DoutputDirectory={work / 'jars'}"),
            ],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if fetched.returncode != 0:
            raise ApacheUnavailable(
                "Maven 未能取得 Apache Kafka：请检查网络与 Maven 的设置（settings.xml），或使用默认的内置消息服务。"
                " Maven could not fetch Apache Kafka: look at the network and at Maven's settings.xml, or use the"
                f" embedded broker, which is the default.\n{fetched.stdout[-2000:]}{fetched.stderr[-2000:]}"
            )
        try:
            (work / "jars").rename(directory)
        except OSError:
            # Another process was faster; its directory is as good.
            if not _complete(directory):
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return directory


class Apache:
    """One Apache Kafka over one directory; the same cluster id at every start."""

    def __init__(self, home: Path, administrator: Administrator | None = None) -> None:
        self._place = home.resolve() / "kafka"
        self._administrator = administrator
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
        """Format the directory once, start, and wait until a client is answered. `port` is a wish."""
        classpath = f"{jars()}/*"
        properties = self._place / "server.properties"
        self._place.mkdir(parents=True, exist_ok=True)
        end_left_over(lambda: servers_named(str(properties)), _STOP)
        log = self._place / "kafka.log"
        (self._place / "log4j2.properties").write_text(_LOG4J)
        for attempt in (port, None, None):
            self.port = free_port(attempt)
            self._write(properties, self._configuration())
            self.cluster_id = self._formatted(classpath, properties)
            self._process = spawn(
                [
                    *("java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC"),
                    f"-Dlog4j2.configurationFile={self._place / 'log4j2.properties'}",
                    *("-cp", classpath, "kafka.Kafka", str(properties)),
                ],
                log=log,
                on_parent_death=signal.SIGTERM,
            )
            try:
                await_ready("Apache Kafka", self._process, self._answers, log, 120)
            except EnginesFailed as failure:
                self.stop()
                if "Address already in use" not in str(failure):
                    raise
            else:
                return
        raise EnginesFailed("Kafka 连续三次端口被占用。 Apache Kafka found its port taken three times in a row.")

    def stop(self) -> None:
        """Shut down in order; the data stays."""
        if self._process is not None:
            stop_process(self._process, _STOP)
            self._process = None

    def client_settings(self) -> dict[str, str]:
        """What a client of kafka-python needs to come in as administrator."""
        if self._administrator is None:
            return {}
        return {
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": self._administrator.user,
            "sasl_plain_password": self._administrator.password,
        }

    def _answers(self) -> bool:
        return cluster_answering(self.bootstrap, self.client_settings()) == self.cluster_id

    def _formatted(self, classpath: str, properties: Path) -> str:
        kept = self._place / "data" / "meta.properties"
        if kept.exists():
            stored = dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
            return stored["cluster.id"]
        cluster_id = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if cluster_id.startswith("-"):
            # The tool would take it for an option.
            cluster_id = "A" + cluster_id[1:]
        command = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", classpath, "kafka.tools.StorageTool", "format"]
        command += ["-t", cluster_id, "-c", str(properties)]
        if self._administrator is not None:
            credentials = f"name={self._administrator.user},password={self._administrator.password}"
            command += ["--add-scram", f"SCRAM-SHA-512=[{credentials}]"]
        formatted = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if formatted.returncode != 0:
            raise EnginesFailed(
                f"Kafka 数据目录格式化失败（{self._place}）。 Formatting Apache Kafka's directory failed in"
                f" {self._place}:\n{formatted.stdout}{formatted.stderr}"
            )
        return cluster_id

    def _configuration(self) -> dict[str, str | int]:
        controller = free_port()
        name = "SASL_PLAINTEXT" if self._administrator else "PLAINTEXT"
        configuration: dict[str, str | int] = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{name}://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"{name}://127.0.0.1:{self.port}",
            "listener.security.protocol.map": f"CONTROLLER:PLAINTEXT,{name}:{name}",
            "inter.broker.listener.name": name,
            "log.dirs": str(self._place / "data"),
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            # After a kill the old registration must lapse first: 12 s with the default, 3 to 4 with these.
            "broker.session.timeout.ms": 1500,
            "broker.heartbeat.interval.ms": 300,
        }
        if self._administrator is not None:
            user, password = self._administrator.user, self._administrator.password
            configuration |= {
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                # ANONYMOUS is the controller's own listener, which only the loopback reaches.
                "super.users": f"User:{user};User:ANONYMOUS",
                "allow.everyone.if.no.acl.found": "false",
                "sasl.enabled.mechanisms": "SCRAM-SHA-512",
                "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
                "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram."
                f'ScramLoginModule required username="{user}" password="{password}";',
            }
        return configuration

    @staticmethod
    def _write(properties: Path, configuration: dict[str, str | int]) -> None:
        # It may hold the administrator's password.
        with os.fdopen(os.open(properties, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in configuration.items())


def _jar_directory() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "shuangtui" / f"apache-kafka-{VERSION}"


def _complete(directory: Path) -> bool:
    return any(directory.glob(f"kafka_2.13-{VERSION}.jar"))
