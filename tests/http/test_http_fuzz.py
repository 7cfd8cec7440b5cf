"""Anything that the document allows, and much that it does not, is answered: with a result or a problem, never a 5xx.

Over a real socket, with tokens of every role and addresses of things that exist, so that commands are decided
and not only turned away."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import requests
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from psycopg import sql
from schemathesis import Case
from schemathesis.generation import GenerationMode
from town import ITEM, Composition, application, item

from domain.application import Order
from domain.approval_case.commands import ReceiveMaterial, SubmitApplication
from domain.kernel.people import Actor, Role, the_platform
from domain.kernel.words import Body, Change
from domain.push import DispatchPush, PushContent
from domain.service_item import PublishItemVersion
from infra.postgres import APP_ROLE, in_role
from interfaces.http.app import attach, create_app, openapi_document
from interfaces.http.reads import question

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
ENDLESS = "GET /v1/events"
ORGAN = "LC-SCJG"

OPERATIONS = [
    found.ok() for found in schemathesis.openapi.from_dict(openapi_document()).get_all_operations()
    if found.ok().label != ENDLESS
]  # fmt: skip


@dataclass
class Live:
    """The served application, what exists in it, and a token for every role."""

    url: str
    tokens: dict[Role, str]
    ids: list[UUID]


@pytest.fixture(scope="module")
def live(postgres_server: str, migrated: str) -> Iterator[Live]:
    name = f"fuzz_{uuid4().hex[:10]}"
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(migrated.rpartition("/")[2])
            )
        )
    told: dict[str, Any] = {}
    # Most positions that are made up lie far ahead; waiting for them is not what is tried here.
    patience, question.PATIENCE = question.PATIENCE, 0.0

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        platform = Composition(in_role(f"{postgres_server.rpartition('/')[0]}/{name}", APP_ROLE))
        attach(app, platform)
        told["ids"] = await _furnished(platform)
        told["tokens"] = {role: platform.tokens.issue(ORGAN, role, officer="somebody", purpose="fuzz") for role in Role}
        yield
        await platform.aclose()

    server = uvicorn.Server(uvicorn.Config(create_app(None, lifespan=opened), port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Live(f"http://127.0.0.1:{port}", told["tokens"], told["ids"])
    question.PATIENCE = patience
    server.should_exit = True
    thread.join(20)
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


async def _furnished(platform: Composition) -> list[UUID]:
    """A catalogue entry, a case and a push, so that there is something to act on."""
    steward, officer = (Actor(id="somebody", organ=ORGAN, role=role) for role in (Role.STEWARD, Role.ACCEPTOR))

    async def do(command: Any, by: Actor) -> UUID:
        return (await platform.app.handle(Order(command, by, platform.now()))).stream

    entry = await do(PublishItemVersion.model_validate(item()), steward)
    case = await do(SubmitApplication.model_validate(application()), officer)
    await do(ReceiveMaterial(case_id=case, receipt_no="S-1"), officer)
    content = PushContent(
        change=Change.GRANT, case_no="LC1", item=ITEM, item_name="食品经营许可", decided_on=platform.now().date()
    )
    push = await do(
        DispatchPush(
            case_id=case, decision_id="d-1", regulator=Body(code=ORGAN, name="市场监管局"), named_by="item",
            content=content,
        ), the_platform("test"),
    )  # fmt: skip
    await asyncio.to_thread(platform.runner.run_once)
    return [entry, case, push]


# The served application runs in threads of this process, and its pool of connections draws its jitter from the same
# module: that looks as if a strategy had.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_is_answered_with_a_server_error(live: Live, operation: Any) -> None:
    @seed(1)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],  # shrinking a request takes minutes
    )  # fmt: skip
    @given(
        st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        st.sampled_from(sorted(live.tokens)), st.sampled_from([*live.ids, None]),
    )  # fmt: skip
    def try_it(case: Case, role: Role, id: UUID | None) -> None:
        if id is not None and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = str(id)
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {live.tokens[role]}"}
        answer = case.call(base_url=live.url, session=session)
        assert answer.status_code < 500 or answer.status_code == 503, (answer.status_code, answer.text[:500])
        if answer.status_code >= 400 and answer.status_code != 503:
            assert answer.headers["content-type"] == ["application/problem+json"], answer.text[:300]

    with requests.Session() as session:
        try_it()
