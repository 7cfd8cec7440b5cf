"""Which licenses does a subject hold, what expires, and who is due for the annual check?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from cases import ITEM, examined, terms
from world import World

from domain.approval_case import commands as c
from domain.approval_case.words import Validity
from domain.kernel.identity import license_stream
from domain.kernel.words import Matter, Subject, SubjectKind
from domain.license import commands as k
from domain.license.words import AnnualCheckResult, CancellationGround, Penalty, RevocationGround
from domain.rules.dates import SHANGHAI
from domain.supervision_finding import FindingKind, ReportFinding
from projections import enterprises, licenses, timeline
from projections.case_register import CaseRegister
from projections.findings import Findings
from projections.licenses import Licenses
from projections.timeline import Timeline
from tests.specification import (
    ACCEPTOR,
    APPLICANT,
    DECIDER,
    FIRE,
    FIRE_OFFICER,
    HOLDER,
    HOUSING,
    HOUSING_OFFICER,
    MONDAY,
    PLATFORM,
    SHOP,
)

CHECKED = terms(annual_check=True, license_type="食品经营许可证")
BEGAN = datetime(2025, 5, 12, 10, 0, tzinfo=SHANGHAI)


def issued(
    world: World, number: str = "2025-0001", *, at: datetime = BEGAN, until: date | None = date(2026, 5, 11),
    subject: Subject = HOLDER, license_no: str = "",
) -> UUID:  # fmt: skip
    """A license that was granted, issued and registered."""
    case = examined(world, CHECKED, at=at, case_no=number, subject=subject)
    validity = Validity(valid_from=at.date(), valid_to=until)
    world.do(
        c.GrantLicense(case_id=case, document_no=f"D-{number}", content="准予经营", validity=validity), by=DECIDER, at=at
    )
    license_no = license_no or f"JY-{number}"
    world.do(c.IssueLicense(case_id=case, license_no=license_no, digest="ab" * 32), by=DECIDER, at=at)
    world.do(k.RegisterLicense(case_id=case, license_no=license_no, digest="ab" * 32), by=PLATFORM, at=at)
    return license_stream(case)


def renewal(world: World, license_id: UUID, *, at: datetime, number: str = "2026-0009") -> UUID:
    submit = c.SubmitApplication(
        case_no=number, opened_on=at.date(), item=ITEM, subject=HOLDER, site=SHOP, matter=Matter.RENEWAL,
        license_id=license_id,
    )  # fmt: skip
    world.do(submit, by=APPLICANT, at=at)
    world.do(c.ReceiveMaterial(case_id=submit.stream, receipt_no="R-9"), by=ACCEPTOR, at=at)
    asked = world.case(submit.stream)
    assert asked is not None
    world.do(
        k.NoteRenewalAsked(license_id=license_id, case=submit.stream, case_no=number, ask_by=None, in_time=True),
        by=PLATFORM, at=at,
    )  # fmt: skip
    return submit.stream


def row(world: World, license_id: UUID) -> licenses.LicenseRow:
    found = licenses.license(world.folded(Licenses).read, license_id)
    assert found is not None
    return found


def test_a_license_is_found_by_holder_number_state_organ_and_regulator(world: World) -> None:
    first, second = issued(world), issued(world, "2025-0002", subject=Subject(identifier="OTHER-1", name="另一家"))
    found = row(world, first)
    assert (found.license_no, found.state, found.exchange_code, found.license_version) == ("JY-2025-0001", "valid", "01", 1)
    assert (found.license_type, found.item, found.regulators) == ("食品经营许可证", ITEM, [HOUSING.code])
    assert (found.valid_from, found.valid_to) == (BEGAN.date(), date(2026, 5, 11))
    asked: list[tuple[dict[str, str], list[UUID]]] = [
        ({}, [second, first]), ({"subject": HOLDER.identifier}, [first]), ({"license_no": "JY-2025-0002"}, [second]),
        ({"license_no": "JY-2025"}, [second, first]), ({"state": "expired"}, []), ({"authority": FIRE.code}, []),
        ({"authority": HOUSING.code, "item": ITEM}, [second, first]), ({"organ": "nobody"}, []),
    ]  # fmt: skip
    for by, expected in asked:
        assert [one.license_id for one in licenses.find(world.read, **by).rows] == expected, by
    assert [one.license_id for one in licenses.numbered(world.read, "JY-2025-0001")] == [first]
    page = licenses.find(world.read, limit=1)
    assert [one.license_id for one in licenses.find(world.read, limit=1, cursor=page.next).rows] == [first]


def test_the_name_of_a_person_is_masked_unless_it_is_asked_for(world: World) -> None:
    person = Subject(kind=SubjectKind.NATURAL, identifier="digest-of-a-number", name="王小明")
    license_id = issued(world, subject=person)
    assert row(world, license_id).subject_name == "王**"
    plain = licenses.license(world.read, license_id, masked=False)
    assert plain is not None
    assert plain.subject_name == "王小明"


def test_each_ending_shows_its_own_state_code_and_day(world: World) -> None:
    license_id = issued(world)
    penalty = Penalty(organ=FIRE, document_no="罚1", decided_on=MONDAY.date(), legal_basis="消防法")
    until = MONDAY.date() + timedelta(days=3)
    world.do(k.RecordSuspension(license_id=license_id, penalty=penalty, until=until), by=DECIDER)
    suspended = row(world, license_id)
    assert (suspended.state, suspended.exchange_code, suspended.suspended_until) == ("suspended", "02", until)
    assert licenses.suspensions_over(world.read, until) == []
    assert [one.license_id for one in licenses.suspensions_over(world.read, until + timedelta(days=1))] == [license_id]
    revoke = k.RevokeLicense(
        license_id=license_id, ground=RevocationGround.FRAUD_OR_BRIBERY, reasons="以虚假材料骗取行政许可", document_no="撤1"
    )
    world.do(revoke, by=DECIDER)
    revoked = row(world, license_id)
    assert (revoked.state, revoked.exchange_code, revoked.ended_on) == ("revoked", "03", MONDAY.date())
    assert revoked.suspended_until is None
    cancel = k.CancelLicense(license_id=license_id, ground=CancellationGround.REVOKED, document_no="注1")
    world.do(cancel, by=DECIDER, at=MONDAY + timedelta(days=2))
    cancelled = row(world, license_id)
    assert (cancelled.state, cancelled.exchange_code, cancelled.ended_on) == ("cancelled", "04", MONDAY.date())


def test_what_expires_soon_is_listed_the_earliest_first_and_what_has_expired_is_due_once(world: World) -> None:
    may, june = issued(world), issued(world, "2025-0002", until=date(2026, 6, 1))
    endless = issued(world, "2025-0003", until=None)
    read = world.folded(Licenses).read
    ends = licenses.expiring(read, date(2026, 5, 1), date(2026, 6, 30))
    assert [one.license_id for one in ends.rows] == [may, june]
    page = licenses.expiring(read, date(2026, 5, 1), date(2026, 6, 30), limit=1)
    after = licenses.expiring(read, date(2026, 5, 1), date(2026, 6, 30), limit=1, cursor=page.next)
    assert [one.license_id for one in after.rows] == [june]
    assert licenses.expiring(read, date(2026, 5, 1), date(2026, 6, 30), authority=FIRE.code).rows == []
    assert licenses.expired(read, date(2026, 5, 11)) == []
    assert [one.license_id for one in licenses.expired(read, date(2026, 5, 12))] == [may]
    world.do(k.ExpireLicense(license_id=may), by=PLATFORM, at=datetime(2026, 5, 12, tzinfo=SHANGHAI))
    assert licenses.expired(world.folded(Licenses).read, date(2026, 5, 12)) == []
    assert row(world, endless).valid_to is None


def test_a_timely_renewal_that_nobody_decided_is_due_to_be_deemed_and_holds_the_expiry_back(world: World) -> None:
    license_id = issued(world)
    case = renewal(world, license_id, at=MONDAY)
    read = world.folded(Licenses).read
    asked = licenses.renewals_of(read, license_id)
    assert [(one.case_id, one.in_time, one.open, one.ask_by) for one in asked] == [
        (case, True, True, date(2026, 4, 11))
    ]  # fmt: skip
    after = datetime(2026, 5, 12, 0, 5, tzinfo=SHANGHAI)
    assert licenses.renewals_unanswered(read, date(2026, 5, 11)) == []
    assert [one.case_id for one in licenses.renewals_unanswered(read, after.date())] == [case]
    assert licenses.expired(read, after.date()) == []
    world.do(c.DeemRenewalGranted(case_id=case), by=PLATFORM, at=after)
    between = world.folded(Licenses).read
    assert licenses.renewals_unanswered(between, after.date()) == []
    assert licenses.expired(between, after.date()) == [], "granted, and about to be entered here"
    world.do(k.RenewLicense(license_id=license_id, case=case), by=PLATFORM, at=after)
    renewed = row(world, license_id)
    assert (renewed.state, renewed.valid_from, renewed.valid_to) == ("valid", date(2026, 5, 12), date(2027, 5, 11))
    assert (renewed.license_version, renewed.renewal_case, renewed.silence_waits) == (2, None, False)


@pytest.mark.parametrize("how", ["late", "withdrawn", "correcting"])
def test_a_license_whose_renewal_nobody_owes_an_answer_expires(world: World, how: str) -> None:
    license_id = issued(world)
    case = renewal(world, license_id, at=datetime(2026, 4, 20, 10, tzinfo=SHANGHAI) if how == "late" else MONDAY)
    if how == "withdrawn":
        world.do(c.WithdrawApplication(case_id=case, reason="不再经营"), by=APPLICANT)
    elif how == "correcting":
        request = c.RequestCorrection(case_id=case, missing=("平面图",), until=date(2026, 6, 1))
        world.do(request, by=ACCEPTOR)
    read = world.folded(Licenses).read
    assert licenses.renewals_unanswered(read, date(2026, 5, 12)) == []
    assert [one.license_id for one in licenses.expired(read, date(2026, 5, 12))] == [license_id]
    if how == "correcting":
        world.do(c.SubmitCorrection(case_id=case, materials=("平面图",)), by=APPLICANT)
        assert licenses.expired(world.folded(Licenses).read, date(2026, 5, 12)) == []


def test_an_issued_license_is_due_to_take_effect_on_its_first_day(world: World) -> None:
    case = examined(world, CHECKED)
    first = MONDAY.date() + timedelta(days=3)
    grant = c.GrantLicense(case_id=case, document_no="D", content="准予", validity=Validity(valid_from=first))
    world.do(grant, by=DECIDER)
    world.do(c.IssueLicense(case_id=case, license_no="JY-1"), by=DECIDER)
    world.do(k.RegisterLicense(case_id=case, license_no="JY-1"), by=PLATFORM)
    read = world.folded(Licenses).read
    assert row(world, license_stream(case)).exchange_code == "99"
    assert licenses.to_take_effect(read, first - timedelta(days=1)) == []
    assert [one.license_id for one in licenses.to_take_effect(read, first)] == [license_stream(case)]


def test_the_list_of_annual_checks_comes_from_the_dates_of_the_licenses(world: World) -> None:
    may = issued(world, until=None)
    october = issued(world, "2025-0002", at=BEGAN.replace(month=10), until=date(2027, 10, 11))
    issued(world, "2026-0003", at=MONDAY, until=None)
    issued(world, "2025-0004", until=date(2025, 12, 31))
    read = world.folded(Licenses).read
    today = date(2026, 6, 15)
    listed = licenses.annual_checks(read, 2026, today).rows
    assert [(one.license_id, one.opens_on, one.due_on, one.overdue) for one in listed] == [
        (may, date(2026, 5, 1), date(2026, 5, 31), True), (october, date(2026, 10, 1), date(2026, 10, 31), False),
    ]  # fmt: skip
    assert [one.license_id for one in licenses.annual_checks(read, 2026, today, month=10).rows] == [october]
    assert licenses.annual_checks(read, 2025, today).rows == []
    page = licenses.annual_checks(read, 2026, today, limit=1)
    after = licenses.annual_checks(read, 2026, today, limit=1, cursor=page.next)
    assert [one.license_id for one in after.rows] == [october]


def test_a_check_is_done_when_it_passed_and_shows_what_was_found_until_then(world: World) -> None:
    license_id = issued(world, until=None)
    day = datetime(2026, 5, 20, 10, tzinfo=SHANGHAI)
    for result, done in ((AnnualCheckResult.FAILED, False), (AnnualCheckResult.PASSED, True)):
        check = k.RecordAnnualCheck(
            license_id=license_id, year=2026, checked_on=day.date(), result=result, statement="现场核查"
        )
        world.do(check, by=HOUSING_OFFICER, at=day)
        read = world.folded(Licenses).read
        [one] = licenses.annual_checks(read, 2026, date(2026, 6, 15), done=done).rows
        assert (one.result, one.checked_on, one.overdue) == (result, day.date(), not done)
        assert licenses.annual_checks(read, 2026, date(2026, 6, 15), done=not done).rows == []
    [recorded] = licenses.checks_of(world.read, license_id)
    assert (recorded.year, recorded.result, recorded.by) == (2026, "passed", HOUSING.code)


def proposed(world: World, license_id: UUID) -> UUID:
    report = ReportFinding(
        organ=HOUSING, finding_no="F-1", kind=FindingKind.PROPOSAL_TO_REVOKE, subject=HOLDER, license_no="JY-2025-0001",
        found_on=MONDAY.date(), statement="场所证明系伪造", legal_basis="行政许可法第六十九条",
    )  # fmt: skip
    world.do(report, by=HOUSING_OFFICER)
    note = k.NoteProposal(
        license_id=license_id, finding_id=report.stream, finding_no="F-1", revision=1, organ=HOUSING, kind="建议撤销",
        kind_en="proposal to revoke", asks_for_change=True, statement="场所证明系伪造",
    )  # fmt: skip
    world.do(note, by=PLATFORM)
    return report.stream


def test_a_proposal_stands_on_the_license_until_it_is_answered_and_carried_out(world: World) -> None:
    license_id = issued(world)
    finding = proposed(world, license_id)
    assert row(world, license_id).open_proposals == [str(finding)]
    assert [one.license_id for one in licenses.find(world.read, proposed=True).rows] == [license_id]
    answer = k.NoteProposalAnswered(license_id=license_id, finding_id=finding, adopted=True, result="拟撤销")
    world.do(answer, by=PLATFORM)
    adopted = row(world, license_id)
    assert (adopted.open_proposals, adopted.adopted) == ([], [str(finding)])
    revoke = k.RevokeLicense(
        license_id=license_id, ground=RevocationGround.FRAUD_OR_BRIBERY, reasons="以虚假材料骗取行政许可", document_no="撤1",
        finding_id=finding,
    )  # fmt: skip
    world.do(revoke, by=DECIDER)
    assert row(world, license_id).adopted == []
    assert licenses.find(world.read, proposed=True).rows == []


# 企业时间线

ALL = (Licenses, Findings, CaseRegister, Timeline)


def told(world: World, **asked) -> list[str]:
    return [entry.topic for entry in enterprises.of_subject(world.folded(*ALL).read, HOLDER.identifier, **asked).rows]


def test_the_timeline_of_an_enterprise_runs_over_its_licenses_findings_and_commitments(world: World) -> None:
    license_id = issued(world)
    proposed(world, license_id)
    committing = terms(item="C-1", commitment_allowed=True, name="告知承诺事项")
    world.offer(committing)
    submit = c.SubmitApplication(
        case_no="2026-0005", opened_on=MONDAY.date(), item="C-1", subject=HOLDER, site=SHOP
    )  # fmt: skip
    world.do(submit, by=APPLICANT)
    world.do(c.ReceiveMaterial(case_id=submit.stream, receipt_no="R-5"), by=ACCEPTOR)
    promise = c.FileCommitment(case_id=submit.stream, commitment="符合消防条件", check_by=date(2026, 4, 30))
    world.do(promise, by=APPLICANT)
    issued(world, "2025-0007", subject=Subject(identifier="OTHER-1", name="另一家"))
    assert told(world) == [
        "license.registered", "license.took_effect", "finding.reported", "license.proposal_noted",
        "case.commitment_filed",
    ]  # fmt: skip
    page = enterprises.of_subject(world.read, HOLDER.identifier, limit=3)
    rest = enterprises.of_subject(world.read, HOLDER.identifier, limit=3, cursor=page.next)
    assert [one.topic for one in (*page.rows, *rest.rows)] == told(world)
    first = page.rows[0]
    assert "证照 JY-2025-0001 已登记" in first.zh
    assert "was registered" in first.en
    assert enterprises.of_subject(world.read, "nobody").rows == []


def test_a_regulator_reads_its_own_remit_of_an_enterprise(world: World) -> None:
    license_id = issued(world)
    proposed(world, license_id)
    report = ReportFinding(
        organ=FIRE, finding_no="F-2", kind=FindingKind.PENALTY, subject=HOLDER, found_on=MONDAY.date(),
        statement="消防通道堵塞,罚款", legal_basis="消防法第六十条",
    )  # fmt: skip
    world.do(report, by=FIRE_OFFICER)
    assert told(world, authority=HOUSING.code) == ["license.registered", "license.took_effect", "finding.reported"]
    assert told(world, authority=FIRE.code) == ["finding.reported"]
    assert told(world, organ="BUREAU-371500")[-1] == "finding.reported"


def test_a_renewal_shows_in_the_stories_of_both_cases(world: World) -> None:
    license_id = issued(world)
    case = renewal(world, license_id, at=MONDAY)
    after = datetime(2026, 5, 12, 0, 5, tzinfo=SHANGHAI)
    world.do(c.DeemRenewalGranted(case_id=case), by=PLATFORM, at=after)
    world.do(k.RenewLicense(license_id=license_id, case=case), by=PLATFORM, at=after)
    read = world.folded(Timeline).read
    granting = next(one.case_id for one in licenses.find(world.folded(Licenses).read).rows)
    for one in (granting, case):
        topics = [entry.topic for entry in timeline.of_case(read, one).rows]
        assert topics.count("license.renewed_by_silence") == 1
    silent = next(e for e in timeline.of_case(read, case).rows if e.topic == "case.renewal_deemed_granted")
    assert silent.occurred_at < silent.recorded_at
    assert "视为准予" in silent.zh


