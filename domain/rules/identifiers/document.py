"""Document number (文书号): organ short name 〔year〕 number 号, one counter per organ, document kind and year."""

from __future__ import annotations

import re
from datetime import date

from domain.rules.identifiers.verdict import Verdict, judged
from domain.rules.reason import Reason

_NUMBER = re.compile(r"(?P<organ>[\u4e00-\u9fa5]{2,16})〔(?P<year>(19|20)[0-9]{2})〕第?(?P<number>[1-9][0-9]{0,5})号")
_LOOSE = re.compile(
    r"(?P<organ>.*?)(?P<opens>[〔\[(（【])(?P<year>[^〕\])）】]*)(?P<closes>[〕\])）】])第?(?P<number>.*)号"
)


def check_document_no(text: str, on: date | None = None) -> Verdict:
    """Errors: brackets, year, padding, organ, number, form. A year after that of ``on`` is a warning."""
    exact = _NUMBER.fullmatch(text)
    if exact is None:
        return judged("document_no", text, _faults(text))
    warnings = []
    if on is not None and int(exact["year"]) > on.year:
        warnings.append(
            Reason("future_year", f"年份 {exact['year']} 晚于 {on}", f"the year {exact['year']} lies after {on}")
        )
    return judged("document_no", text, (), warnings, {key: exact[key] for key in ("organ", "year", "number")})


def _faults(text: str) -> list[Reason]:
    """Which part is wrong, so that the person who typed it can mend it."""
    loose = _LOOSE.fullmatch(text)
    if loose is None:
        return [Reason("form", "应形如 聊行审许字〔2026〕37号", "it must look like 聊行审许字〔2026〕37号")]
    faults = []
    if (loose["opens"], loose["closes"]) != ("〔", "〕"):
        faults.append(Reason("brackets", "年份应使用六角括号〔〕", "the year must stand in the brackets 〔〕"))
    if not re.fullmatch(r"(19|20)[0-9]{2}", loose["year"]):
        faults.append(Reason("year", "年份应为四位数字", "the year must have four digits"))
    if re.fullmatch(r"0[0-9]*", loose["number"]):
        faults.append(Reason("padding", "序号不得以 0 开头", "the number may not begin with 0"))
    elif not re.fullmatch(r"[1-9][0-9]{0,5}", loose["number"]):
        faults.append(Reason("number", "序号应为 1–6 位数字", "the number must be 1 to 6 digits"))
    if not re.fullmatch(r"[\u4e00-\u9fa5]{2,16}", loose["organ"]):
        faults.append(
            Reason("organ", "机关代字应为 2–16 个汉字", "the organ's short name must be 2 to 16 Chinese characters")
        )
    return faults or [Reason("form", "应形如 聊行审许字〔2026〕37号", "it must look like 聊行审许字〔2026〕37号")]
