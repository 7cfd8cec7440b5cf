"""Words of the finding: its kinds, what it demands, its states, duties and results."""

from __future__ import annotations

from domain.kernel.words import Word

PRACTICE = "审管互动监管信息回推约定"


class FindingKind(Word):
    """监管信息类别."""

    INSPECTION = "inspection", "行政检查", "inspection"
    RECTIFICATION = "rectification", "责令改正", "order to rectify"
    PENALTY = "penalty", "行政处罚", "penalty"
    SUSPENSION = "suspension", "暂扣许可证件", "suspension of the license"
    PENALTY_REVOCATION = "penalty_revocation", "吊销许可证件", "revocation as a penalty"
    CREDIT_CHANGE = "credit_change", "信用状况变化", "credit change"
    COMPLAINT = "complaint", "投诉举报", "complaint"
    COMMITMENT_CHECK = "commitment_check", "承诺核查", "verification of a commitment"
    POLICY_CHANGE = "policy_change", "政策变化", "policy change"
    PROPOSAL_TO_ALTER = "proposal_to_alter", "建议变更", "proposal to alter"
    PROPOSAL_TO_WITHDRAW = "proposal_to_withdraw", "建议撤回", "proposal to withdraw"
    PROPOSAL_TO_REVOKE = "proposal_to_revoke", "建议撤销", "proposal to revoke"
    PROPOSAL_TO_CANCEL = "proposal_to_cancel", "建议注销", "proposal to cancel"
    HOLD_REQUEST = "hold_request", "请求暂缓办理", "request to hold decisions"


class Demand(Word):
    """What a finding asks the approving side to do (要求事项)."""

    CONSULTATION = "consultation", "要求会商", "a consultation"
    SITE_VISIT = "site_visit", "要求现场踏勘", "a site visit"
    RECTIFICATION = "rectification", "要求督促整改", "rectification"
    LICENSE_CHANGE = "license_change", "要求变动许可", "a change of the license"
    HOLD = "hold", "要求暂缓办理", "a hold on decisions"


DEMANDED_BY_KIND: dict[FindingKind, Demand] = {
    FindingKind.RECTIFICATION: Demand.RECTIFICATION,
    FindingKind.SUSPENSION: Demand.LICENSE_CHANGE,
    FindingKind.PENALTY_REVOCATION: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_ALTER: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_WITHDRAW: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_REVOKE: Demand.LICENSE_CHANGE,
    FindingKind.PROPOSAL_TO_CANCEL: Demand.LICENSE_CHANGE,
    FindingKind.HOLD_REQUEST: Demand.HOLD,
}
"""What a kind demands by its nature, whether the regulator says so or not."""


class FindingState(Word):
    NEW = "new", "未报送", "not yet reported"
    REPORTED = "reported", "已报送", "reported"
    RECEIVED = "received", "已登记", "registered"
    HANDLED = "handled", "已处置", "handled"


class FindingDuty(Word):
    """A duty of a finding that has a due date."""

    REGISTER = "register", "登记", "register"
    DECIDE = "decide", "处置", "decide"
    RECTIFY = "rectify", "整改", "rectify"


class FindingResult(Word):
    """处置结果."""

    ADOPTED = "adopted", "采纳", "adopted"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳", "partly adopted"
    NOT_ADOPTED = "not_adopted", "不采纳", "not adopted"
    NOTED = "noted", "知悉备案", "noted for the file"
    REFERRED = "referred", "移送有权机关", "referred to the competent organ"
