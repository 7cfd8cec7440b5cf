"""信用平台: what a register says is taken as it is said; what it does not say is never taken for a clean record."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from domain.standing.register import CreditAnswer, CreditRegisterSilent
from domain.standing.words import CreditResult
from infra.credit import NoCreditRegister, RegisterFile, RegisterService, register_of
from infra.settings import Settings
from tests.specification import HOLDER, MONDAY

THIS = HOLDER.identifier
HEAD = "identifier,name,number,kind,recorded_on,organ,statement,repaired_on\n"
ROW = f"{THIS},{HOLDER.name},失信〔2026〕7号,严重失信主体名单,2026-01-09,市发展改革委,拒不履行,\n"


def written(folder: Path, text: str, name: str = "credit-20260302.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def asked(path: Path, identifier: str = THIS, at: datetime = MONDAY) -> CreditAnswer:
    return RegisterFile(path).look_up(identifier, at)


def silent(path: Path, at: datetime = MONDAY) -> CreditRegisterSilent:
    with pytest.raises(CreditRegisterSilent) as refused:
        asked(path, at=at)
    assert refused.value.zh
    assert refused.value.en.isascii() or any(c.isalpha() for c in refused.value.en)
    return refused.value


# 交换文件


def test_who_is_listed_is_dishonest_with_its_records(tmp_path: Path):
    answer = asked(written(tmp_path, HEAD + ROW))
    assert (answer.result, answer.name) == (CreditResult.DISHONEST, HOLDER.name)
    (record,) = answer.records
    assert (record.number, record.recorded_on, record.organ) == ("失信〔2026〕7号", date(2026, 1, 9), "市发展改革委")
    assert answer.as_of.date() == date(2026, 3, 2)
    assert "credit-20260302.csv" in answer.source


def test_who_is_not_listed_is_clean(tmp_path: Path):
    answer = asked(written(tmp_path, HEAD + ROW), "91371500MA3X00010C")
    assert (answer.result, answer.records) == (CreditResult.CLEAN, ())


def test_a_repaired_record_counts_no_more(tmp_path: Path):
    repaired = ROW.rstrip("\n") + "2026-02-20\n"
    assert asked(written(tmp_path, HEAD + repaired)).result is CreditResult.CLEAN
    both = asked(written(tmp_path, HEAD + repaired + ROW))
    assert (both.result, len(both.records)) == (CreditResult.DISHONEST, 1)


def test_of_a_directory_the_latest_day_is_read_and_none_of_tomorrow(tmp_path: Path):
    written(tmp_path, HEAD + ROW, "credit-20260301.csv")
    written(tmp_path, HEAD, "credit-20260302.csv")
    written(tmp_path, HEAD + ROW, "credit-20260303.csv")
    written(tmp_path, "about the exchange", "README.txt")
    assert asked(tmp_path).result is CreditResult.CLEAN
    assert asked(tmp_path, at=MONDAY + timedelta(days=1)).result is CreditResult.DISHONEST


def test_a_file_that_was_exchanged_meanwhile_is_read_again(tmp_path: Path):
    register = RegisterFile(written(tmp_path, HEAD))
    assert register.look_up(THIS, MONDAY).result is CreditResult.CLEAN
    path = written(tmp_path, HEAD + ROW)
    os.utime(path, ns=(1, 1))
    assert register.look_up(THIS, MONDAY).result is CreditResult.DISHONEST


def test_an_old_file_answers_nothing(tmp_path: Path):
    path = written(tmp_path, HEAD, "credit-20260227.csv")
    assert asked(path).result is CreditResult.CLEAN
    assert "2026-02-27" in silent(path, MONDAY + timedelta(days=1)).zh


DAMAGED = {
    "no date in the name": ("credit.csv", HEAD + ROW),
    "a date that is none": ("credit-20261302.csv", HEAD + ROW),
    "other columns": ("credit-20260302.csv", "code,name\nX,Y\n"),
    "nothing at all": ("credit-20260302.csv", ""),
    "a row without a subject": ("credit-20260302.csv", HEAD + ",甲,1,严重失信主体名单,,,,\n"),
    "a row without a number": ("credit-20260302.csv", HEAD + f"{THIS},甲,,严重失信主体名单,,,,\n"),
    "a date that nobody can read": ("credit-20260302.csv", HEAD + f"{THIS},甲,1,严重失信主体名单,去年,,,\n"),
    "a truncated row": ("credit-20260302.csv", HEAD + f"{THIS},甲"),
    "no JSON": ("credit-20260302.json", "{"),
    "JSON without its time": ("credit-20260302.json", '{"subjects": {}}'),
    "JSON of a time without a zone": ("credit-20260302.json", '{"as_of": "2026-03-02T00:00:00", "subjects": {}}'),
    "JSON that covers something else": (
        "credit-20260302.json", '{"as_of": "2026-03-02T00:00:00+08:00", "subjects": {}, "covers": "some"}'
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_no_clean_record(tmp_path: Path, damage: str):
    name, text = DAMAGED[damage]
    silent(written(tmp_path, text, name))


def test_a_file_that_is_not_there_or_not_text_answers_nothing(tmp_path: Path):
    silent(tmp_path / "credit-20260302.csv")
    silent(tmp_path)
    path = tmp_path / "credit-20260302.csv"
    path.write_bytes(b"\xff\xfe\x00")
    silent(path)


def document(**more: Any) -> str:
    records = [{"number": "1", "kind": "严重失信主体名单"}]
    told = {
        "source": "市公共信用信息平台", "as_of": "2026-03-02T01:00:00+08:00",
        "subjects": {THIS: {"name": HOLDER.name, "records": records}, "CLEAN-1": {"name": "甲"}},
    } | more  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("covers", "identifier", "result"),
    [
        ("dishonest", THIS, CreditResult.DISHONEST), ("dishonest", "CLEAN-1", CreditResult.CLEAN),
        ("dishonest", "NOBODY", CreditResult.CLEAN), ("all", "CLEAN-1", CreditResult.CLEAN),
        ("all", "NOBODY", CreditResult.UNKNOWN),
    ],
)  # fmt: skip
def test_a_json_file_says_whether_it_covers_everybody(tmp_path: Path, covers: str, identifier: str, result: CreditResult):
    answer = asked(written(tmp_path, document(covers=covers), "credit.json"), identifier)
    assert (answer.result, answer.source) == (result, "市公共信用信息平台")


# 接口


@pytest.fixture
def city() -> Iterator[Callable[[int, str], str]]:
    """A register of a city that answers what the test says."""
    answers: list[tuple[int, str]] = []
    release = Event()
    seen: list[tuple[str, str]] = []

    class Register(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers[-1]
            seen.append((self.path, self.headers.get("Authorization", "")))
            if status == 0:
                release.wait(30)
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
    Thread(target=server.serve_forever, daemon=True).start()

    def answering(status: int, body: str = "") -> str:
        answers.append((status, body))
        return f"http://127.0.0.1:{server.server_port}/credit"

    answering.seen = seen  # type: ignore[attr-defined]
    yield answering
    release.set()
    server.shutdown()
    server.server_close()


def told(**more: Any) -> str:
    fields = {
        "source": "市公共信用信息平台", "as_of": "2026-03-02T01:00:00+08:00", "result": "clean", "name": HOLDER.name
    } | more  # fmt: skip
    return json.dumps(fields, ensure_ascii=False)


def test_what_the_service_says_is_taken_as_said(city: Any):
    answer = RegisterService(city(200, told()), "secret", 5).look_up(THIS, MONDAY)
    assert (answer.result, answer.source, answer.name) == (CreditResult.CLEAN, "市公共信用信息平台", HOLDER.name)
    assert city.seen == [(f"/credit/{THIS}", "Bearer secret")]


def test_an_identifier_stays_one_part_of_the_address(city: Any):
    RegisterService(city(200, told()), "", 5).look_up("../a b?c", MONDAY)
    assert city.seen == [("/credit/..%2Fa%20b%3Fc", "")]


def test_a_subject_it_does_not_know_is_unknown_and_not_clean(city: Any):
    answer = RegisterService(city(404), "", 5).look_up(THIS, MONDAY)
    assert (answer.result, answer.as_of) == (CreditResult.UNKNOWN, MONDAY)


@pytest.mark.parametrize(
    ("status", "body"),
    [(401, ""), (500, ""), (302, ""), (200, "<html>"), (200, "{}"), (200, told(result="fine")),
     (200, told(as_of="2026-03-02T01:00:00"))],
)  # fmt: skip
def test_any_other_answer_is_none(city: Any, status: int, body: str):
    with pytest.raises(CreditRegisterSilent) as refused:
        RegisterService(city(status, body), "", 5).look_up(THIS, MONDAY)
    assert refused.value.zh
    assert refused.value.en


def test_a_service_that_hangs_is_not_waited_for(city: Any):
    with pytest.raises(CreditRegisterSilent) as refused:
        RegisterService(city(0), "", 0.2).look_up(THIS, MONDAY)
    assert "0.2" in refused.value.zh


def test_a_service_that_is_away_says_which_setting_to_look_at():
    with pytest.raises(CreditRegisterSilent) as refused:
        RegisterService("http://127.0.0.1:9", "", 1).look_up(THIS, MONDAY)
    assert "SHUANGTUI_CREDIT_REGISTER_URL" in refused.value.zh


# 选择


def test_the_settings_choose_the_register(tmp_path: Path):
    assert isinstance(register_of(Settings(credit_register_file=tmp_path)), RegisterFile)
    both = Settings(credit_register_file=tmp_path, credit_register_url="http://credit.example")
    assert isinstance(register_of(both), RegisterService)


def test_without_a_register_it_says_what_to_set():
    with pytest.raises(NoCreditRegister) as refused:
        register_of(Settings())
    assert "SHUANGTUI_CREDIT_REGISTER_FILE" in str(refused.value)
