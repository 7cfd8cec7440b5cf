"""证照与推送: what cases decide reaches the license and each regulator once; a new document replaces the push before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from domain.approval_case import commands as c
from domain.approval_case.words import Opinion, Validity
from domain.kernel.identity import license_stream
from domain.kernel.words import Body, Change, Matter
from domain.license import facts as f
from domain.license.commands import CorrectLicense, RecordSuspension
from domain.license.words import Penalty
from domain.parked_message import MessageParked
from domain.push import Push, PushDispatched, PushState, PushSuperseded
from infra.settling import settle
from tests.application.office import MARKET, PUBLISH, submit
from tests.application.test_policies_on_the_read_side import Town, town
from tests.specification import ACCEPTOR, APPLICANT, DECIDER, EXAMINER, MONDAY, STEWARD

__all__ = ["town"]

PERIOD = Validity(valid_from=MONDAY.date(), valid_to=MONDAY.date() + timedelta(days=40))
NEXT = Validity(valid_from=MONDAY.date() + timedelta(days=41), valid_to=MONDAY.date() + timedelta(days=400))


async def granted(town: Town, asked: c.SubmitApplication, validity: Validity, license_no: str) -> UUID:
    stream = asked.stream
    for command, by in (
        (asked, APPLICANT), (c.ReceiveMaterial(case_id=stream, receipt_no="1"), ACCEPTOR),
        (c.AcceptApplication(case_id=stream, document_no="受1"), ACCEPTOR),
        (c.AssignCase(case_id=stream, examiner=EXAMINER.id), ACCEPTOR),
        (c.RecordExaminationOpinion(case_id=stream, opinion=Opinion.PASS, grounds="材料齐全"), EXAMINER),
        (c.GrantLicense(case_id=stream, document_no="许1", content="准予", validity=validity), DECIDER),
        (c.IssueLicense(case_id=stream, license_no=license_no), DECIDER),
    ):  # fmt: skip
        await town.do(command, by)
    return stream


def about(number: str, matter: Matter, license_id: UUID) -> c.SubmitApplication:
    return submit(number).model_copy(update={"matter": matter, "license_id": license_id})


async def test_every_change_reaches_the_regulator_once_and_a_new_document_replaces_the_push_before(town: Town):
    await town.do(PUBLISH, STEWARD)
    license_id = license_stream(await granted(town, submit(), PERIOD, "JY-1"))
    renewal = await granted(town, about("2026-0002", Matter.RENEWAL, license_id), NEXT, "JY-1-2")
    penalty = Penalty(
        organ=Body(code=MARKET.code, name=MARKET.name), document_no="罚1", decided_on=MONDAY.date(), legal_basis="第九条"
    )
    await town.do(RecordSuspension(license_id=license_id, penalty=penalty), DECIDER)
    told = [(fact.content.change, fact.content.license_no) for fact in town.facts(PushDispatched)]
    assert told == [
        (Change.GRANT, ""), (Change.RENEWAL, "JY-1"), (Change.RENEWAL, "JY-1-2"), (Change.SUSPENSION, "JY-1-2"),
    ]  # fmt: skip
    pushes = town.facts(PushDispatched)
    assert (pushes[1].case_id, pushes[2].case_id) == (renewal, license_id_case(town))
    [replaced] = town.facts(PushSuperseded)
    assert (replaced.originator_id, replaced.by_push) == (pushes[1].originator_id, pushes[2].originator_id)
    states = [(await town.platform.app.replayed(one.originator_id, Push)).state for one in pushes]
    assert states == [PushState.DISPATCHED, PushState.SUPERSEDED, PushState.DISPATCHED, PushState.DISPATCHED]
    assert len(town.facts(f.LicenseRegistered)) == 1, "a renewal makes no second license"
    assert town.facts(MessageParked) == []


def license_id_case(town: Town) -> UUID:
    case: UUID = town.facts(f.LicenseRegistered)[0].case_id
    return case


async def test_a_correction_replaces_the_push_of_the_grant_and_the_next_one_that_of_the_correction(town: Town):
    await town.do(PUBLISH, STEWARD)
    license_id = license_stream(await granted(town, submit(), PERIOD, "JY-1"))
    for wrong, right in ((f"{license_id}:1", "JY-01"), (f"{license_id}:3", "JY-001")):
        await town.do(CorrectLicense(license_id=license_id, corrects=wrong, reason="录入有误", license_no=right), DECIDER)
    pushes = town.facts(PushDispatched)
    assert [fact.content.license_no for fact in pushes] == ["", "JY-01", "JY-001"]
    assert [fact.originator_id for fact in town.facts(PushSuperseded)] == [one.originator_id for one in pushes[:2]]
    assert {fact.content.change for fact in pushes} == {Change.GRANT}


async def test_time_renews_by_silence_what_was_asked_in_time_and_ends_what_was_not(town: Town):
    await town.do(PUBLISH, STEWARD)
    asked = license_stream(await granted(town, submit(), PERIOD, "JY-1"))
    silent = license_stream(await granted(town, submit("2026-0003"), PERIOD, "JY-3"))
    renewal = about("2026-0002", Matter.RENEWAL, asked)
    await town.do(renewal, APPLICANT)
    await town.do(c.ReceiveMaterial(case_id=renewal.stream, receipt_no="2"), ACCEPTOR)
    await town.do(c.AcceptApplication(case_id=renewal.stream, document_no="受2"), ACCEPTOR)
    town.at = MONDAY + timedelta(days=41)
    for _ in range(3):
        await settle(town.platform)
    assert [fact.originator_id for fact in town.facts(f.LicenseRenewedBySilence)] == [asked]
    assert [fact.originator_id for fact in town.facts(f.LicenseExpired)] == [silent]
    assert [fact.content.change for fact in town.facts(PushDispatched)[2:]] in (
        [Change.RENEWAL, Change.EXPIRY], [Change.EXPIRY, Change.RENEWAL],
    )  # fmt: skip
    assert town.facts(MessageParked) == []
