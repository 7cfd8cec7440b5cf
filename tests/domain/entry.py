"""A whole catalogue entry for the specifications: every mandatory element is there."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.kernel.words import Regulator
from domain.service_item import ItemElements, PublishItemVersion
from domain.service_item.elements import elements_of

CODE = "11371500MB2862819G3370117003000"
MARKET = Regulator(code="MARKET-371500", name="市市场监督管理局")
BASIS = {"law": "食品安全法", "article": "第三十五条"}

WHOLE: dict[str, Any] = {
    "identity": {
        "name": "食品经营许可", "basic_code": "370117003000", "implementation_code": CODE, "item_type": "01",
        "legal_basis": [BASIS], "duty": ["受理、审查、决定"], "duty_basis": [BASIS], "power_source": "1",
    },
    "body": {
        "implementing_body": "市行政审批服务局", "implementing_body_code": "11371500MB2862819G",
        "implementing_body_kind": "1", "exercise_level": "3", "region": "371500", "regulators": [MARKET.model_dump()],
    },
    "clock": {
        "case_kind": "2", "statutory_limit": {"value": 20}, "promised_limit": {"value": 10}, "special_procedures": [],
        "stage_quotas": [{"stage": "受理", "days": 2}, {"stage": "审查", "days": 8}],
    },
    "conditions": {
        "acceptance_conditions": [{"text": "有固定经营场所"}, {"text": "有健康证明"}],
        "flow": [{"stage": "受理", "role": "受理人员"}, {"stage": "审查"}, {"stage": "决定"}],
        "examination_points": [{"stage": "审查", "check": "场所布局合理"}],
    },
    "materials": [
        {"name": "申请书", "necessity": "required", "source": "applicant", "basis": "办法第十条"},
        {"name": "营业执照", "necessity": "required", "source": "shared", "basis": "办法第十条"},
    ],
    "service": {
        "service_objects": ["2"], "handling_forms": ["1", "2"], "visits_max": 1, "place": "政务服务中心一楼",
        "hours": "工作日 9:00-17:00", "consult_channel": "12345", "complaint_channel": "12345",
    },
    "result": {"result_kind": "证照"},
    "fee": {"is_charged": False},
}  # fmt: skip


def elements(**said: Any) -> ItemElements:
    """The whole entry with some elements said otherwise: ``elements(clock__stage_quotas=[])``."""
    told = {group: dict(one) if isinstance(one, dict) else one for group, one in WHOLE.items()}
    for path, value in said.items():
        group, _, name = path.partition("__")
        if name:
            told[group][name] = value
        else:
            told[group] = value
    return ItemElements.model_validate(told)


def publishing(entry: ItemElements | None = None, **more: Any) -> PublishItemVersion:
    """The command that publishes a whole entry, on the terms that it says."""
    told: dict[str, Any] = {
        "item": CODE, "name": "食品经营许可", "effective_from": date(2026, 1, 1), "promised_days": 10,
        "regulators": (MARKET,), "legal_basis": "食品安全法第三十五条", "elements": entry or elements(),
    }  # fmt: skip
    return PublishItemVersion.model_validate(told | more)


MANDATORY = tuple(path for path, element in elements_of().items() if element.must)
