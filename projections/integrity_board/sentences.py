"""How a flag is told: one sentence in Chinese and one in English, from what is stored and the day that is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from domain.kernel.words import LimitUnit


class Told(Protocol):
    """What of a flag is told."""

    rule_id: str
    detail: str
    case_no: str
    regulator: str
    subject_key: str
    started_on: date
    days: int
    unit: str
    extended: int
    due: date | None
    holds_from: date | None
    met_on: date | None


_LIMIT_ZH = "办件 {case_no} 的{which_zh}时限为 {limit_zh},{due} 届满;{until_zh},已用 {used} {used_zh}"
_LIMIT_EN = "case {case_no}: the {which_en} limit of {limit_en} ended on {due}; {until_en}, {used} {used_en} used"

_SENTENCES: dict[str, tuple[str, str]] = {
    "R01": (_LIMIT_ZH, _LIMIT_EN),
    "R02": (_LIMIT_ZH, _LIMIT_EN),
    "R02 notice": (
        "办件 {case_no} 的承诺时限 {limit_zh}已用 {used} {used_zh},{due} 届满,尚未决定",
        "case {case_no}: {used} {used_en} of the promised {limit_en} are used, the limit ends on {due}, not decided yet",
    ),
    "R10": (
        "办件 {case_no} 的决定({decided})早于其所依据的{what_zh}({examined})",
        "case {case_no} was decided ({decided}) before the {what_en} that the decision rests on ({examined})",
    ),
    "R12": (
        "办件 {case_no} 由同一人受理并决定,而事项未公布为独任审核",
        "case {case_no} was accepted and decided by the same officer, and its item is not a single-officer one",
    ),
    "R17": (
        "办件 {case_no} 的专家评审开始后才发现 {seat} 号席位专家存在{tie_zh}关系并回避",
        "case {case_no}: only after the expert review had begun the expert of seat {seat} was recused ({tie_en})",
    ),
    "R18 redraws": (
        "办件 {case_no} 的专家抽取非因专家原因重抽 {without_cause} 次,允许 {allowed} 次",
        "case {case_no}: experts were drawn again {without_cause} times for no expert's sake, {allowed} are allowed",
    ),
    "R18 by hand": (
        "办件 {case_no} 的 {seat} 号席位专家系人工指定(可抽 {pool_size} 名),理由:{reason}",
        "case {case_no}: the expert of seat {seat} was named by hand from a pool of {pool_size}; reason: {reason}",
    ),
    "R19": (
        "办件 {case_no} 的评审专家于 {drawn_on} 抽取,最迟应于 {latest} 评审,评审时已超过",
        "case {case_no}: experts drawn on {drawn_on} were to review by {latest}, and the review began later",
    ),
    "R30 acknowledge": (
        "向 {regulator_name} 推送的办件 {case_no} 应于 {due} 前签收;{until_zh}",
        "the push of case {case_no} to {regulator_name} was to be acknowledged by {due}; {until_en}",
    ),
    "R30 claim": (
        "向 {regulator_name} 推送的办件 {case_no} 应于 {due} 前认领;{until_zh}",
        "the push of case {case_no} to {regulator_name} was to be claimed by {due}; {until_en}",
    ),
    "R32 register": (
        "{regulator_name} 报送的监管信息 {subject_key} 应于 {due} 前登记;{until_zh}",
        "the finding {subject_key} of {regulator_name} was to be registered by {due}; {until_en}",
    ),
    "R32 decide": (
        "{regulator_name} 报送的监管信息 {subject_key} 应于 {due} 前处置;{until_zh}",
        "the finding {subject_key} of {regulator_name} was to be decided by {due}; {until_en}",
    ),
    "R33": (
        "办件 {case_no} 的决定应于 {due} 前推送 {regulator_name};{until_zh}",
        "the decision on case {case_no} was to be pushed to {regulator_name} by {due}; {until_en}",
    ),
    "R37": (
        "办件 {case_no} 先于 {overtaken} 件先受理的办件获准,其中最早为 {first};该许可有数量限制,应按受理先后决定",
        "case {case_no} was granted before {overtaken} accepted earlier, {first} first of them; the number is limited and"
        " whoever was accepted first is decided first",
    ),
    "R39": (
        "办件 {case_no} 依{cause_zh}应当会商,作出决定前未有会商结论",
        "case {case_no} had to be consulted on because of {cause_en}, and was decided before any conclusion",
    ),
    "R39 cancelled": (
        "办件 {case_no} 依{cause_zh}应当会商,会商取消(原因:{reason})后作出决定,请核实是否属紧急情形",
        "case {case_no} had to be consulted on because of {cause_en}; it was cancelled ({reason}) and then decided,"
        " check whether it was an emergency",
    ),
}


_COUNTED: dict[str, LimitUnit] = {
    "minutes": LimitUnit.MINUTES, "hours": LimitUnit.MINUTES, "half_days": LimitUnit.MINUTES,
    "working_days": LimitUnit.WORKING_DAYS,
}  # fmt: skip
"""In which unit it is counted how much of a limit is used."""


def _limit(flag: Told, language: str) -> str:
    unit = LimitUnit.of(flag.unit)
    if unit is LimitUnit.WORKING_DAYS:
        return f"{flag.days + flag.extended} {unit.zh if language == 'zh' else unit.en}"
    longer = {"zh": f",延长 {flag.extended} 个工作日", "en": f" and {flag.extended} working days more"}
    amount = f"{flag.days} {unit.zh if language == 'zh' else unit.en}"
    return amount + (longer[language] if flag.extended else "")


def told(flag: Told, as_of: date, observed: dict[str, Any]) -> tuple[str, str]:
    """The flag in Chinese and in English, as it stands on a day."""
    kind = str(observed.get("sentence", flag.rule_id))
    if flag.rule_id == "R02" and (flag.holds_from is None or as_of < flag.holds_from):
        kind = "R02 notice"
    late = flag.met_on is not None and flag.met_on <= as_of
    said = {
        "regulator_name": flag.regulator,
        **observed,
        "case_no": flag.case_no or "(编号未知 number unknown)",
        "subject_key": flag.subject_key,
        "limit_zh": _limit(flag, "zh"),
        "limit_en": _limit(flag, "en"),
        "used_zh": _COUNTED.get(flag.unit, LimitUnit.CALENDAR_DAYS).zh,
        "used_en": _COUNTED.get(flag.unit, LimitUnit.CALENDAR_DAYS).en,
        "due": flag.due,
        "which_zh": "法定" if flag.rule_id == "R01" else "承诺",
        "which_en": "statutory" if flag.rule_id == "R01" else "promised",
        "until_zh": f"{flag.met_on} 才完成" if late else f"截至 {as_of} 仍未完成",
        "until_en": f"it was done on {flag.met_on}" if late else f"not done as of {as_of}",
    }
    if said.get("used") is None:
        said["used"] = "?"
    zh, en = _SENTENCES[kind]
    return zh.format(**said), en.format(**said)
