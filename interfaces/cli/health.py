"""``shuangtui doctor``: looks at everything the platform needs and says what to do about what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from infra.doors import readiness_at
from infra.kafka.errors import KafkaTrouble
from infra.kafka.topics import cluster_id, readable, writable
from infra.settings import Settings
from infra.supervisor import ROLES
from infra.wiring import Place, clock_of
from interfaces.cli.output import Form, FormOption, fail, show_rows
from interfaces.cli.shell import engines
from interfaces.http.health import judged

NEEDS_KAFKA = frozenset({"relay", "intake"})


def doctor(
    role: Annotated[str | None, typer.Option(help="只查一个角色所需 only what one role needs: " + ", ".join(ROLES))] = None,
    topic: Annotated[list[str] | None, typer.Option(help="另查主题权限 also probe the rights on a topic")] = None,
    output: FormOption = Form.TABLE,
) -> None:
    """体检 Look at database, migrations, projections, calendar, Kafka and rights; exit 1 when something failed."""
    if role is not None and role not in ROLES:
        raise fail(f"没有角色「{role}」;可选:{'、'.join(ROLES)}", f"there is no role {role}; one of {', '.join(ROLES)}", 2)
    kafka = role is None or role in NEEDS_KAFKA
    with engines("embedded" if kafka else "none", prepared=False) as (chosen, place):
        checks = list(_checks(place, chosen, kafka=kafka, topics=topic or []))
    show_rows(checks, output, titles={"name": "检查", "verdict": "结论", "zh": "说明", "en": "what"})
    if any(check["verdict"] == "failed" for check in checks):
        raise typer.Exit(1)


def _checks(place: Place, chosen: Settings, *, kafka: bool, topics: list[str]) -> Iterator[dict[str, Any]]:
    for check in judged(readiness_at(place), clock_of(chosen).now()):
        yield check.model_dump()
    if not kafka:
        return
    connection = place.kafka(chosen)
    try:
        with connection.admin() as admin:
            found = cluster_id(admin)
    except KafkaTrouble as away:
        yield {"name": "kafka", "verdict": "failed", "zh": str(away), "en": str(away)}
        return
    yield {"name": "kafka", "verdict": "ok", "zh": f"消息服务可用,集群 {found}", "en": f"the broker answers: {found}"}
    for name in topics:
        for probe in (readable(connection, name), writable(connection, name)):
            yield {"name": name, "verdict": "ok" if probe.ok else "failed", "zh": probe.zh, "en": probe.en}
