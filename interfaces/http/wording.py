"""Wording (措辞): in which language to answer, and what a validation mistake is called in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LANGUAGES = ("zh", "en")


def language(accept: str | None) -> str:
    """``zh`` or ``en`` by Accept-Language; Chinese unless English is preferred."""
    best = {"zh": 0.0, "en": 0.0}
    for part in (accept or "").split(","):
        tag, _, rest = part.strip().partition(";")
        spoken = tag.strip().lower().partition("-")[0]
        if spoken in best:
            try:
                weight = float(rest.strip().removeprefix("q=") or 1)
            except ValueError:
                continue
            best[spoken] = max(best[spoken], weight)
    return "en" if best["en"] > best["zh"] else "zh"


def pointer(place: Sequence[int | str]) -> str:
    """A JSON pointer (RFC 6901) to the place of a mistake."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


_ZH = {
    "missing": "缺少必填内容",
    "extra_forbidden": "多余的内容,请去掉",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "不符合格式 {pattern}",
    "enum": "应为下列之一:{expected}",
    "literal_error": "应为下列之一:{expected}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "整数过大",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期,形如 2026-01-31",
    "date_parsing": "应为日期,形如 2026-01-31",
    "date_from_datetime_parsing": "应为日期,形如 2026-01-31",
    "date_from_datetime_inexact": "应为日期,不带时刻",
    "datetime_type": "应为带时区的时间,形如 2026-01-31T09:30:00+08:00",
    "datetime_parsing": "应为带时区的时间,形如 2026-01-31T09:30:00+08:00",
    "datetime_from_date_parsing": "应为带时区的时间,形如 2026-01-31T09:30:00+08:00",
    "timezone_aware": "时间须带时区,形如 2026-01-31T09:30:00+08:00",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "greater_than_equal": "不得小于 {ge}",
    "greater_than": "须大于 {gt}",
    "less_than_equal": "不得大于 {le}",
    "less_than": "须小于 {lt}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "tuple_type": "应为数组",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "json_invalid": "不是合规的 JSON",
}


def mistake(error: Mapping[str, Any], *, within: str = "") -> dict[str, str]:
    """One pydantic error as a bilingual entry: JSON pointer, code, and what is wrong."""
    context = {k: str(v) for k, v in (error.get("ctx") or {}).items()}
    template = _ZH.get(error["type"])
    try:
        zh = template.format(**context) if template else f"不合要求:{error['msg']}"
    except KeyError:
        zh = f"不合要求:{error['msg']}"
    return {"pointer": within + pointer(error["loc"]), "code": error["type"], "zh": zh, "en": str(error["msg"])}
