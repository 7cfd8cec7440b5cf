"""Health (健康): whether the process lives, whether it is ready to serve, and what it measures."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from domain.kernel.people import Role
from domain.kernel.words import Term
from domain.rules.dates import business_date
from domain.rules.entering import entered
from domain.rules.loader import time_limit
from domain.rules.working_days import working_calendar
from interfaces.http import metrics
from interfaces.http.access import doors_of, whoever_asks
from interfaces.http.doors import Readiness
from interfaces.http.wording import language

FAR_BEHIND = 50_000
"""Positions a projection may lag before reads are called stale: some seconds of catching up."""

Verdict = Literal["ok", "warning", "failed"]


class Check(BaseModel):
    """One thing looked at; a warning does not take the process out of service."""

    name: str
    verdict: Verdict
    zh: str
    en: str


class Ready(BaseModel):
    """就绪情况."""

    ready: bool
    checks: list[Check]


def routes() -> APIRouter:
    router = APIRouter(tags=["health"])
    router.add_api_route("/livez", livez, methods=["GET"], operation_id="livez",
                         response_model=dict[str, str], summary="进程存活 The process lives")  # fmt: skip
    router.add_api_route("/readyz", readyz, methods=["GET"], operation_id="readyz",
                         response_model=Ready, summary="可以服务 Ready to serve",
                         responses={503: {"model": Ready, "description": "not ready"}})  # fmt: skip
    router.add_api_route(
        "/metrics", exposed, methods=["GET"], operation_id="metrics", response_class=Response, response_model=None,
        summary="运行指标 Metrics of this process",
        description="Prometheus 文本格式;仅限本机直接访问,或持运维令牌。"
        "In Prometheus' text form; for the machine itself, or with an operator's token.",
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    return router


async def livez() -> Response:
    """Says nothing but that the event loop turns: restarting the process would not mend an absent database."""
    return Response(b'{"status":"ok"}', media_type="application/json")


async def readyz(request: Request) -> Response:
    """503 while a check has failed; warnings are told and do not count."""
    doors = doors_of(request)
    checks = judged(await doors.readiness(), doors.now())
    ready = all(check.verdict != "failed" for check in checks)
    body = Ready(ready=ready, checks=checks).model_dump()
    spoken = language(request.headers.get("accept-language"))
    headers = {"Cache-Control": "no-store", "Content-Language": spoken}
    return Response(orjson.dumps(body), 200 if ready else 503, headers, "application/json")


def judged(facts: Readiness, now: Any) -> list[Check]:
    """Each check with its verdict and the reason in both languages."""
    if facts.trouble:
        database = Check(name="database", verdict="failed", zh=f"数据库不可用:{facts.trouble}",
                         en=f"the database does not answer: {facts.trouble}")  # fmt: skip
        return [database, *rules(now)]
    today = business_date(now)
    checks = [Check(name="database", verdict="ok", zh="数据库可用", en="the database answers")]
    lacking = "、".join(facts.pending_migrations)
    checks.append(
        Check(name="migrations", verdict="failed", zh=f"库表变更未执行:{lacking};请运行 shuangtui migrate",
              en=f"migrations are missing: {lacking}; run shuangtui migrate")
        if lacking else Check(name="migrations", verdict="ok", zh="库表变更齐全", en="all migrations are applied")
    )  # fmt: skip
    there = today.year + 1 in facts.years
    checks.append(
        Check(name="partition", verdict="ok" if there else "warning",
              zh=f"{today.year + 1} 年分区{'已建' if there else '未建,请运行 shuangtui migrate'}",
              en=f"the partition of {today.year + 1} {'exists' if there else 'is missing; run shuangtui migrate'}")
    )  # fmt: skip
    for name, position in sorted(facts.projections.items()):
        behind = max(facts.head - position, 0)
        metrics.LAG.labels(name).set(behind)
        checks.append(
            Check(name=f"projection:{name}", verdict="warning" if behind > FAR_BEHIND else "ok",
                  zh=f"投影 {name} 落后 {behind}", en=f"the projection {name} is {behind} behind")
        )  # fmt: skip
    metrics.HEAD.set(facts.head)
    return [*checks, *rules(now)]


def rules(now: Any) -> list[Check]:
    """What the process computes by: the calendar, and whether rules were entered after it started."""
    stale = entered().changed()
    return [
        calendar(now),
        Check(
            name="rules", verdict="warning" if stale else "ok",
            zh="本进程启动后规则文件有变,请重启本进程" if stale else "规则文件与本进程启动时一致",
            en="rule files changed since this process started; start it again"
            if stale else "the rule files are those this process started with",
        ),
    ]  # fmt: skip


def calendar(now: Any) -> Check:
    ends, today = working_calendar().coverage_ends(), business_date(now)
    early = (ends - today).days >= time_limit("calendar_warning", on=today).value
    return Check(
        name="calendar", verdict="ok" if early else "warning",
        zh=f"工作日历已录入至 {ends}" + ("" if early else ";请用 shuangtui calendar enter 录入下一年节假日安排通知"),
        en=f"the working calendar is known until {ends}"
        + ("" if early else "; enter the notice for the next year: shuangtui calendar enter FILE"),
    )  # fmt: skip


async def who_may_measure(request: Request) -> None:
    """The machine itself, reached directly, or an operator.

    A forwarded request comes from a proxy on the same machine and would look local although it is not."""
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if not forwarded and request.client is not None and _local(request.client.host):
        return
    caller = await whoever_asks(request)
    caller.may(Term("运行指标", "the metrics"), Role.OPERATOR)


def _local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def exposed(_: Annotated[None, Depends(who_may_measure)]) -> Response:
    text, kind = metrics.exposition()
    return Response(text, headers={"Content-Type": kind, "Cache-Control": "no-store"})
