"""自然人身份号码: no number of a natural person passes in clear, whichever command brings it."""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.approval_case.commands import ReportStep, SubmitApplication
from domain.kernel.command import COMMANDS
from domain.kernel.persons import NoKeyForPersons, PersonNumbers, _guards
from domain.kernel.refusal import MalformedIdentifier
from domain.kernel.words import Subject, SubjectKind
from domain.parked_message import KEPT, ParkMessage
from domain.rules.identifiers import citizen_check_character, mask_citizen_id
from tests.domain.case_file import SUBMIT
from tests.specification import BUREAU, MONDAY

NUMBER, LOWER, OLD = "11010519491231002X", "11010519491231002x", "110105491231002"
KEY = b"k" * 32
PERSONS = PersonNumbers(lambda: KEY)
DIGEST = hmac.digest(KEY, NUMBER.encode(), sha256).hex()
REPORT = ReportStep(
    source="SYS", source_event_id="1", case_no="2026-0001", opened_on=date(2026, 3, 2), organ=BUREAU.code, activity="受理",
    occurred_at=MONDAY,
)  # fmt: skip


def person(identifier: str, kind: SubjectKind = SubjectKind.NATURAL) -> Subject:
    return Subject(kind=kind, identifier=identifier, name="王小明")


def submitted(identifier: str, kind: SubjectKind = SubjectKind.NATURAL) -> str:
    command = SUBMIT.model_copy(update={"subject": person(identifier, kind)})
    guarded = PERSONS.guarded(command)
    assert isinstance(guarded, SubmitApplication)
    return guarded.subject.identifier


def reported(identifier: str) -> str:
    guarded = PERSONS.guarded(REPORT.model_copy(update={"subject": person(identifier)}))
    assert isinstance(guarded, ReportStep)
    assert guarded.subject is not None
    return guarded.subject.identifier


def test_a_digest_under_the_key_stands_for_a_natural_person():
    assert submitted(NUMBER) == submitted(LOWER) == DIGEST
    assert NUMBER not in DIGEST


def test_the_same_person_has_one_digest_whatever_number_was_given():
    assert reported(OLD) == reported(NUMBER) == DIGEST


def test_another_key_gives_another_digest():
    assert PersonNumbers(lambda: b"x" * 32).digest(NUMBER) != DIGEST


def test_a_number_under_a_wrong_kind_of_subject_is_hidden_all_the_same():
    assert submitted(NUMBER, SubjectKind.ENTERPRISE) == DIGEST


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("91371500MA3X00010C", SubjectKind.ENTERPRISE), ("371500200012345", SubjectKind.ENTERPRISE),
        (DIGEST, SubjectKind.NATURAL), ("E12345678", SubjectKind.NATURAL), ("110105194912310021", SubjectKind.OTHER),
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_person_stays_as_it_is(identifier, kind):
    assert submitted(identifier, kind) == identifier


@pytest.mark.parametrize("wrong", ["110105194912310021", "11010519491331002X", OLD])
def test_whoever_can_still_correct_a_wrong_number_is_told_so_without_repeating_it(wrong):
    command = SUBMIT.model_copy(update={"subject": person(wrong)})
    with pytest.raises(MalformedIdentifier) as refused:
        PERSONS.guarded(command)
    assert wrong not in refused.value.told("zh") + refused.value.told("en")
    assert mask_citizen_id(wrong) in refused.value.told("zh")


def test_a_wrong_number_in_a_report_is_hidden_and_the_report_taken():
    assert len(reported("110105194912310021")) == 64


def test_numbers_among_the_words_of_a_report_are_masked():
    told = {"经办人证件": NUMBER, "备注": f"身份证{NUMBER}已核", "流水号": "20260302000000000001", "错号": "110105194912310021"}
    guarded = PERSONS.guarded(REPORT.model_copy(update={"attributes": told, "case_attributes": {"证件": LOWER}}))
    assert isinstance(guarded, ReportStep)
    assert guarded.attributes == told | {"经办人证件": "110105********002X", "备注": "身份证110105********002X已核"}
    assert guarded.case_attributes == {"证件": "110105********002x"}


def parked(body: str) -> ParkMessage:
    return ParkMessage(
        year=2026, cluster="c", topic="t", partition=0, offset=1, body=body, digest="ab" * 32, length=len(body),
        reason="Malformed", reason_zh="不合规", reason_en="malformed",
    )  # fmt: skip


def test_a_message_that_is_set_aside_can_be_taken_in_again_and_shows_no_number():
    guarded = PERSONS.guarded(parked(f'{{"subject":{{"identifier":"{NUMBER}"}}}}'))
    assert isinstance(guarded, ParkMessage)
    assert guarded.body == f'{{"subject":{{"identifier":"{DIGEST}"}}}}'


def test_a_long_message_stays_within_what_may_be_kept():
    body = f'"{NUMBER}"' * (KEPT // 20)
    guarded = PERSONS.guarded(parked(body))
    assert isinstance(guarded, ParkMessage)
    assert NUMBER not in guarded.body
    assert len(guarded.body) <= KEPT


def test_without_a_key_no_number_is_taken_and_what_is_set_aside_is_masked():
    keyless = PersonNumbers()
    with pytest.raises(NoKeyForPersons):
        keyless.guarded(SUBMIT.model_copy(update={"subject": person(NUMBER)}))
    guarded = keyless.guarded(parked(NUMBER))
    assert isinstance(guarded, ParkMessage)
    assert guarded.body == "110105********002X"


def test_a_command_that_names_nobody_is_left_alone():
    command = SUBMIT
    assert PERSONS.guarded(command) is command


def test_every_command_that_takes_a_subject_is_guarded():
    taking = {name for name, cls in COMMANDS.items() if "Subject" in str(cls.model_fields.get("subject", ""))}
    assert {"case.submit_application", "case.report_step", "finding.report"} <= taking
    assert {name for name in taking if "subject" not in _guards(COMMANDS[name])} == set()


@drawn(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_no_number_that_can_be_one_passes(born, sequence):
    body = f"371502{born:%Y%m%d}{sequence:03}"
    number = body + citizen_check_character(body)
    report = REPORT.model_copy(update={"subject": person(number), "attributes": {"证件": f"({number})"}})
    assert number not in PERSONS.guarded(report).model_dump_json()
