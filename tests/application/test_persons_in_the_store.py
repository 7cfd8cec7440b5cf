"""自然人身份号码 and the store: wherever a number comes in, it is nowhere to be found afterwards."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from domain.application import Order
from domain.kernel.persons import PersonNumbers
from domain.kernel.refusal import MalformedIdentifier, Refusal
from domain.kernel.words import Body, Subject, SubjectKind
from domain.parked_message import ParkMessage
from domain.supervision_finding import FindingKind, ReportFinding
from tests.application.office import PUBLISH, Office, submit
from tests.specification import APPLICANT, FIRE, FIRE_OFFICER, MONDAY, PLATFORM, STEWARD

NUMBER = "11010519491231002X"
PERSON = Subject(kind=SubjectKind.NATURAL, identifier=NUMBER, name="王小明")


@pytest.fixture
def office(office: Office) -> Office:
    office.app.persons = PersonNumbers(lambda: b"k" * 32)
    return office


def everything(store: psycopg.Connection[Any]) -> str:
    """Every row of every table of the store, as text."""
    tables = store.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    found = []
    for schema, table in tables:
        for (row,) in store.execute(f'SELECT t::text FROM "{schema}"."{table}" AS t').fetchall():
            found.append(row)
            # bytea is shown as hex: what it says must be looked for too.
            found += [bytes.fromhex(part.split('"')[0].split(",")[0].rstrip(")")).decode("utf-8", "replace")
                      for part in row.split("\\x")[1:]]  # fmt: skip
    return "\n".join(found)


async def test_an_application_of_a_natural_person_leaves_no_number_in_the_store(
    office: Office, store: psycopg.Connection[Any]
):
    await office.do(PUBLISH, STEWARD)
    command = submit().model_copy(update={"subject": PERSON})
    order = Order(command, APPLICANT, MONDAY, request="once")
    first = await office.app.handle(order)
    assert (await office.app.handle(order)).repeated
    (fact,) = office.facts(first.stream)
    digest = office.app.persons.digest(NUMBER)
    assert fact.subject.identifier == digest
    assert "王小明" in everything(store)
    assert NUMBER not in everything(store)


async def test_a_report_of_a_regulator_and_what_is_set_aside_leave_none_either(
    office: Office, store: psycopg.Connection[Any]
):
    report = ReportFinding(
        organ=Body(code=FIRE.code, name=FIRE.name), finding_no="F-1", kind=FindingKind.COMPLAINT, subject=PERSON,
        found_on=MONDAY.date(), statement="投诉", legal_basis="行政许可法第六十五条",
    )  # fmt: skip
    await office.do(report, FIRE_OFFICER)
    received = f'{{"identifier":"{NUMBER}"}}'

    def as_it_came(order: Order, refusal: Refusal) -> Order:
        """The message itself, as the intake sets it aside."""
        park = ParkMessage(
            year=2026, cluster="c", topic="supervision", partition=0, offset=1, body=received, digest="ab" * 32,
            length=len(received), reason=refusal.code, reason_zh=refusal.told("zh"), reason_en=refusal.told("en"),
        )  # fmt: skip
        return Order(park, PLATFORM, MONDAY)

    # Asked by nobody entitled, it is refused and set aside with its body.
    await office.app.handle_all([Order(report, PLATFORM, MONDAY, cause_id="test")], instead=as_it_came)
    assert "MessageParked" in office.told()
    assert NUMBER not in everything(store)
    assert office.app.persons.digest(NUMBER) in everything(store)


async def test_a_wrong_number_is_refused_and_the_others_are_carried_out(office: Office, store: psycopg.Connection[Any]):
    await office.do(PUBLISH, STEWARD)
    wrong = submit("2026-0002").model_copy(update={"subject": PERSON.model_copy(update={"identifier": NUMBER[:-1] + "1"})})
    answers = await office.all((submit(), APPLICANT), (wrong, APPLICANT))
    assert isinstance(answers[1], MalformedIdentifier)
    assert office.told().count("ApplicationSubmitted") == 1
    assert NUMBER[:-1] + "1" not in everything(store)
