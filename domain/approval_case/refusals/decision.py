"""Why nothing is decided, charged, published or filed so (决定)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class AcceptorMayNotDecide(Refusal):
    """受理人员 {officer} 不得对同一办件作出决定;请由其他有权人员决定。(受审分离)

    The officer {officer} accepted this case and may not decide it; another entitled officer must decide."""


class ConsultationOutstanding(Refusal):
    """应会商的事由「{cause}」尚未完成会商,不得作出决定;请等待或催办会商。

    The consultation demanded by "{cause}" is not concluded, so no decision yet; wait for it or press for it."""


class OpinionUseNotCited(Refusal):
    """部门「{body}」的会商意见为「{opinion}」({stated}),决定须说明如何采纳;请在决定中逐条写明采纳情况和理由。

    {body} {opinion} ({stated}), and the decision does not say how that is used; state its adoption and the answer."""


class OpinionNeverHeard(Refusal):
    """部门 {organ} 在本件会商中没有发表意见,不能引用其意见;请核对部门代码。

    {organ} gave no opinion in a consultation of this case, so none can be cited; check the code of the authority."""


class AdoptedObjectionForbidsGrant(Refusal):
    """决定写明采纳「{body}」的反对意见,却准予许可,前后矛盾;请不予许可,或写明部分采纳、不采纳及理由。

    The decision says that the objection of {body} is adopted and grants all the same; deny, or say that it is adopted
    in part or not, and why."""


class InspectionOutstanding(Refusal):
    """应踏勘的现场尚无结论,或结论不支持准予许可,不得作出该决定;请等待联合踏勘结论。

    The site inspection has no conclusion yet, or none that allows a grant; wait for the joint inspection."""


class HoldInForce(Refusal):
    """监管部门请求暂缓办理,至 {until} 有效;请先处置该监管信息。

    A regulator asked to hold decisions until {until}; handle that finding first."""


class OpinionIsNegative(Refusal):
    """审查意见为不通过,不得准予许可;可退回重新审查,或不予许可。

    The examination opinion is negative, so no grant; return it to examination, or deny."""


class NoFeeBasis(Refusal):
    """事项 {item} 没有法律、行政法规规定的收费依据,不得收费;请免费办理。(行政许可法第五十八条、第五十九条)

    No law or administrative regulation lets a fee be charged for the item {item}; handle it free of charge (Articles 58
    and 59)."""


class PublishedAlready(Refusal):
    """决定已公示,不能再定为不予公开;如须撤下,请在公示网站撤回并另行记录。(行政许可法第五条第二款)

    The decision was published already and can no longer be withheld; take it down where it stands (Article 5)."""

    KIND = Kind.CONFLICTING


class PublicationExcluded(Refusal):
    """该决定因{secrecy}不予公开,不得公示。(行政许可法第五条第二款)

    The decision is withheld as a {secrecy} and may not be published (Article 5)."""


class FileIncomplete(Refusal):
    """案卷不完整,不能归档;尚缺:{missing}。(国务院令第716号)

    The file is incomplete and cannot be archived; missing: {missing} (State Council Decree 716)."""


class LicenseNotIssued(Refusal):
    """尚未颁发证件,不能送达;请先颁发证件。(行政许可法第四十四条)

    No license document has been issued, so there is nothing to serve; issue it first (Article 44)."""


class NothingToIssue(Refusal):
    """注销办件不颁发证件;送达决定后即可办结。(行政许可法第七十条)

    A case of cancellation issues no license; serve the decision and conclude (Article 70)."""
