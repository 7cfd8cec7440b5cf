"""Specification of identifiers: hard errors and warnings told apart, each check digit able to catch a slip."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import IDENTIFIERS, d, shared_vectors

from domain.rules.errors import OverlappingPeriods
from domain.rules.identifiers import (
    CHECKS,
    Verdict,
    check_case_no,
    check_citizen_id,
    check_document_no,
    check_e_license,
    check_inspection_list,
    check_item,
    check_project_code,
    check_region,
    check_supervision_item,
    check_uscc,
    citizen_check_character,
    e_license_check_character,
    entity_check_character,
    mask_citizen_id,
    region,
    uscc_check_character,
)
from domain.rules.identifiers.region import read_regions
from domain.rules.identifiers.uscc import ALPHABET

VECTORS = [
    (kind, verdict, value)
    for kind, verdicts in IDENTIFIERS.items()
    for verdict, values in verdicts.items()
    for value in values
]


def check(kind: str, value: str) -> Verdict:
    text, _, on = value.partition(" ")
    return CHECKS[kind](text, d(on) if on else None)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.errors]


def warned(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.warnings]


# 公布的算例 published vectors


@pytest.mark.parametrize(("kind", "wanted", "value"), VECTORS)
def test_a_published_identifier_is_judged_as_published(kind: str, wanted: str, value: str) -> None:
    found = check(kind, value)
    assert found.valid == (wanted != "invalid")
    if wanted == "warn":
        assert found.warnings
    for reason in (*found.errors, *found.warnings):
        assert reason.zh
        assert reason.en


def test_every_shared_identifier_vector_is_judged_as_published() -> None:
    vectors = shared_vectors()
    if vectors is None:
        pytest.skip("the shared vectors are not beside this checkout; the literal copies above were tested")
    for kind, verdicts in vectors["identifiers"].items():
        for wanted, values in verdicts.items():
            for value in values:
                text = value if isinstance(value, str) else " ".join(value)
                assert (text, check(kind, text).valid) == (text, wanted != "invalid")


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize(
    "text", ["", " ", "\n", "0" * 400, "二〇二六", "１１３７１５００ＭＢ２８６２８１９Ｇ", "\x00" * 18, "聊" * 18]
)
def test_nonsense_is_invalid_and_never_an_exception(kind: str, text: str) -> None:
    found = CHECKS[kind](text, d("2026-01-01"))
    assert not found.valid
    json.dumps(found.shown())


@pytest.mark.parametrize("kind", CHECKS)
@given(text=st.text(max_size=50))
def test_any_text_gets_a_verdict(kind: str, text: str) -> None:
    found = CHECKS[kind](text, d("2026-01-01"))
    assert found.valid == (not found.errors)


@pytest.mark.parametrize(("kind", "wanted", "value"), [v for v in VECTORS if v[1] != "invalid" and v[0] != "region"])
def test_blanks_and_line_ends_around_an_identifier_are_not_accepted(kind: str, wanted: str, value: str) -> None:
    for text in (f" {value}", f"{value} ", f"{value}\n"):
        assert not CHECKS[kind](text, None).valid


def test_a_verdict_shows_itself_as_plain_values() -> None:
    found = check_uscc("91371500MA3X000198")
    assert list(found.shown()) == ["valid", "errors", "warnings"]
    assert (found.shown()["valid"], found.shown()["errors"]) == (True, [])
    assert [warning["code"] for warning in found.shown()["warnings"]] == ["entity_check_character"]
    assert found.parts["region"] == "371500"


# 统一社会信用代码 unified social credit identifier

uscc_bodies = st.text(ALPHABET, min_size=17, max_size=17)


@given(uscc_bodies)
def test_one_wrong_character_anywhere_invalidates_a_social_credit_identifier(body: str) -> None:
    good = body + uscc_check_character(body)
    assert check_uscc(good).valid
    for place in range(18):
        for other in string.ascii_uppercase + string.digits + "a":
            if other != good[place]:
                assert not check_uscc(good[:place] + other + good[place + 1 :]).valid


@given(uscc_bodies, st.integers(0, 16), st.integers(0, 16))
def test_two_swapped_characters_of_the_body_invalidate_it(body: str, one: int, other: int) -> None:
    swapped = list(body)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    if "".join(swapped) != body:
        assert not check_uscc("".join(swapped) + uscc_check_character(body)).valid


def test_the_check_characters_are_those_worked_out_in_the_standard() -> None:
    assert uscc_check_character("91350100M000100Y4") == "3"
    assert uscc_check_character("11371500MB2862819") == "G"
    assert entity_check_character("MA3X0001") == "0"
    assert citizen_check_character("11010519491231002") == "X"
    assert e_license_check_character("11100000000013338W01111430000006122244L20230000403001") == "U"


def test_what_real_registers_hold_is_warned_about_and_not_refused() -> None:
    gone = "91999999MA3X0001" + entity_check_character("MA3X0001")
    assert warned(check_uscc(gone + uscc_check_character(gone))) == ["region"]
    central = "11100000000013338W"
    assert check_uscc(central).valid
    assert "region" not in warned(check_uscc(central))
    odd = "Q1371500MA3X0001" + entity_check_character("MA3X0001")
    assert warned(check_uscc(odd + uscc_check_character(odd))) == ["department"]


# 公民身份号码 citizen identity number


@given(st.dates(d("1900-01-01"), d("2026-01-01")), st.integers(0, 999))
def test_one_wrong_digit_invalidates_a_citizen_number(born, sequence: int) -> None:
    body = f"371502{born:%Y%m%d}{sequence:03}"
    good = body + citizen_check_character(body)
    assert check_citizen_id(good).valid
    for place in range(17):
        for other in "0123456789":
            if other != good[place]:
                assert not check_citizen_id(good[:place] + other + good[place + 1 :]).valid


def test_the_final_x_may_come_in_lower_case_and_is_kept_in_upper_case() -> None:
    found = check_citizen_id("11010519491231002x")
    assert found.valid
    assert found.value == "11010519491231002X"


def test_a_region_that_is_long_gone_is_a_warning_on_a_citizen_number() -> None:
    assert warned(check_citizen_id("440524188001010014")) == ["region"]
    assert warned(check_citizen_id("11010519491231002X")) == []


def test_a_day_that_does_not_exist_and_a_birth_in_the_future_are_errors() -> None:
    assert codes(check_citizen_id("110105194902310026")) == ["birth_date"]
    body = "37150220260301001"
    number = body + citizen_check_character(body)
    assert check_citizen_id(number, d("2026-03-01")).valid
    assert codes(check_citizen_id(number, d("2026-02-28"))) == ["birth_date"]


def test_the_old_number_of_fifteen_digits_is_refused_unless_practice_converts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert codes(check_citizen_id("110105491231002")) == ["legacy"]

    class Converting:
        value = "convert"

    monkeypatch.setattr("domain.rules.identifiers.citizen.practice", lambda key, on: Converting)
    found = check_citizen_id("110105491231002", d("2026-01-01"))
    assert (found.valid, found.value, warned(found)) == (True, "11010519491231002X", ["converted"])


def test_a_citizen_number_is_masked_and_its_verdict_does_not_repeat_it() -> None:
    assert mask_citizen_id("11010519491231002X") == "110105********002X"
    assert mask_citizen_id("110105491231002") == "110105*****1002"
    assert mask_citizen_id("1101051949") == "**********"
    for text in ("11010519491231002Y", "11010519491331002X", "11010519491231002"):
        shown = json.dumps(check_citizen_id(text).shown()["errors"], ensure_ascii=False)
        assert text not in shown


# 行政区划 regions


def test_a_retired_region_names_its_successor_and_its_day() -> None:
    assert check_region("371523", d("2019-08-01")).valid
    found = check_region("371523", d("2019-08-02"))
    assert codes(found) == ["retired"]
    assert "371503" in found.errors[0].zh
    assert "371503" in found.errors[0].en
    assert codes(check_region("371503", d("2019-08-01"))) == ["not_yet_valid"]
    assert check_region("371503", d("2019-08-02")).parts["name"] == "茌平区"


def test_a_region_fails_for_the_reason_that_is_wrong_with_it() -> None:
    assert codes(check_region("991500", d("2026-01-01"))) == ["no_such_province"]
    assert codes(check_region("371599", d("2026-01-01"))) == ["unknown_region"]
    assert codes(check_region("37150", d("2026-01-01"))) == ["length"]
    assert codes(check_region("37150a", d("2026-01-01"))) == ["digits"]
    assert codes(check_region("3７1500", d("2026-01-01"))) == ["digits"]


def test_without_a_date_a_region_must_exist_today() -> None:
    assert check_region("371503").valid
    assert codes(check_region("371523")) == ["retired"]


def test_town_and_village_digits_are_taken_with_a_warning() -> None:
    assert warned(check_region("371502001", d("2026-01-01"))) == ["below_county"]
    assert check_region("371502001201", d("2026-01-01")).valid
    assert not check_region("371523001", d("2026-01-01")).valid


def test_the_shipped_regions_are_whole() -> None:
    assert region("370000").name == "山东省"
    assert region("371500").name == "聊城市"
    assert region("710000").name == "台湾省"
    assert region("310101").name == "黄浦区"
    assert region("999999") is None


def test_a_region_code_that_would_mean_two_places_at_once_is_refused() -> None:
    period = {"name": "旧名", "valid_from": None, "valid_to": "2019-08-01", "successor": None}
    with pytest.raises(OverlappingPeriods):
        read_regions(json.dumps({"codes": {"371503": "茌平区"}, "dated": {"371503": [period]}}))


# 事项编码、办件编号 items and cases


def test_an_item_code_is_read_into_its_parts() -> None:
    parts = check_item("11370800MB285591843370117002011").parts
    assert parts["organ"] == "11370800MB28559184"
    assert (parts["level"], parts["province"], parts["type"], parts["sector"], parts["main"], parts["sub"]) == (
        "3", "37", "01", "17", "002", "011",
    )  # fmt: skip
    assert check_item("370117002011").valid
    assert check_item("000117002011").valid
    assert check_item("11371500MB2862819G337011700300001").parts["handling"] == "01"


def test_an_item_code_fails_for_the_reason_that_is_wrong_with_it() -> None:
    assert codes(check_item("11371500MB2862819H3370117003000")) == ["organ_check_character"]
    assert codes(check_item("11371500MB2862819G9370117003000")) == ["level"]
    assert codes(check_item("11371500MB2862819G3990117003000")) == ["no_such_province"]
    assert codes(check_item("11371500MB2862819G337011700300A")) == ["digits"]
    assert codes(check_item("11371500MB2862819G3370117003000AB")) == ["handling"]
    assert warned(check_item("11371500MB2862819G3379917003000")) == ["type"]


def test_an_older_scheme_is_kept_as_it_is_and_said_to_be_unchecked() -> None:
    assert warned(check_item("XK37001000")) == ["older_scheme"]
    assert warned(check_item("XK37-001", scheme="older")) == ["older_scheme"]
    assert codes(check_item("XK37001000", scheme="national")) == ["length"]
    assert codes(check_item("X" * 51, scheme="older")) == ["opaque"]


def test_a_case_number_fails_for_the_reason_that_is_wrong_with_it() -> None:
    item = "11371500MB2862819G3370117003000"
    assert codes(check_case_no(f"{item}202613180001")) == ["day"]
    assert codes(check_case_no(f"{item}20260918000A")) == ["sequence"]
    assert codes(check_case_no(f"{item}20260918001")) == ["length"]
    assert warned(check_case_no(f"{item}202609180001", d("2026-09-17"))) == ["future_day"]
    assert check_case_no(f"{item}202609180001").parts["sequence"] == "0001"


# 电子证照标识、文书号 licenses and documents


@given(
    st.text(string.digits + string.ascii_uppercase, min_size=21, max_size=21),
    st.text(string.digits + string.ascii_uppercase, min_size=1, max_size=32),
    st.integers(0, 999),
    st.data(),
)
def test_one_wrong_character_invalidates_a_license_identifier(kind: str, serial: str, version: int, data) -> None:
    issuer = "11371500MB2862819G"
    body = kind + issuer + serial + f"{version:03}"
    good = f"1.2.156.3005.2.{kind}.{issuer}.{serial}.{version:03}.{e_license_check_character(body)}"
    assert check_e_license(good).valid
    place = data.draw(st.integers(len("1.2.156.3005.2."), len(good) - 1))
    if good[place] != ".":
        other = data.draw(st.sampled_from([c for c in string.digits + string.ascii_uppercase if c != good[place]]))
        assert not check_e_license(good[:place] + other + good[place + 1 :]).valid


def test_a_license_identifier_fails_for_the_reason_that_is_wrong_with_it() -> None:
    good = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
    assert codes(check_e_license(good.replace(".001.", ".1."))) == ["version"]
    assert codes(check_e_license(good.replace("1.2.156.3005.2", "1.2.156.3005.3"))) == ["form"]
    assert codes(check_e_license(good.replace("W011", "W11"))) == ["type"]
    assert codes(check_e_license(good.replace(".20230000403.", f".{'1' * 33}."))) == ["serial"]
    assert codes(check_e_license(good[:-1] + "V")) == ["check_character"]
    short = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"
    assert warned(check_e_license(short)) == ["issuer"]


def test_a_document_number_fails_for_the_reason_that_is_wrong_with_it() -> None:
    told = {
        text: codes(check_document_no(text))
        for text in (
            "聊行审许字[2026]37号", "聊行审许字〔26〕37号", "聊行审许字〔2026〕0037号", "聊行审许字〔2026〕1234567号",
            "LXS〔2026〕37号", "聊行审许字2026-37", "聊行审许字(26)037号", "聊行审许字〔20２６〕37号",
            "聊行审许字〔2026〕3７号",
        )
    }  # fmt: skip
    assert told == {
        "聊行审许字[2026]37号": ["brackets"],
        "聊行审许字〔26〕37号": ["year"],
        "聊行审许字〔2026〕0037号": ["padding"],
        "聊行审许字〔2026〕1234567号": ["number"],
        "LXS〔2026〕37号": ["organ"],
        "聊行审许字2026-37": ["form"],
        "聊行审许字(26)037号": ["brackets", "year", "padding"],
        "聊行审许字〔20２６〕37号": ["year"],
        "聊行审许字〔2026〕3７号": ["number"],
    }
    assert warned(check_document_no("聊行审许字〔2027〕1号", d("2026-12-31"))) == ["future_year"]
    assert check_document_no("济行审规划〔2025〕第5号").parts == {"organ": "济行审规划", "year": "2025", "number": "5"}


def test_supervision_items_and_project_codes_are_judged_by_their_form() -> None:
    assert check_supervision_item("01370100000001").valid
    assert codes(check_supervision_item("0137010000001")) == ["form"]
    assert check_project_code("2026-371500-01-01-123456").valid
    assert codes(check_project_code("2026-371500-01-01-12345")) == ["form"]
    assert warned(check_project_code("2026-999999-01-01-123456")) == ["region"]


def test_an_inspection_list_code_fails_for_the_reason_that_is_wrong_with_it() -> None:
    found = check_inspection_list("11371500MB2862819G301060012000")
    assert (found.valid, found.parts["level"], found.parts["rest"]) == (True, "3", "01060012000")
    assert codes(check_inspection_list("11371500MB2862819H301060012000")) == ["organ_check_character"]
    assert codes(check_inspection_list("11371500MB2862819G601060012000")) == ["level"]
    assert codes(check_inspection_list("11371500MB2862819G3")) == ["form"]
    assert codes(check_inspection_list("11371500MB2862819G3" + "1" * 32)) == ["form"]
    # An old entity code inside the organ's identifier is a warning here too.
    assert warned(check_inspection_list("91371500MA3X000198301060012000")) == ["organ_entity_check_character"]
