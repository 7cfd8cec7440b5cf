"""Refusals of the draw (专家抽取不予办理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class DrawRequestedOtherwise(Refusal):
    """办件 {case_no} 的这次评审已申请过内容不同的抽取;请在原抽取中办理,或以下一次评审序号另行申请。

    Another draw was requested for this review of case {case_no}; go on with that one, or ask for the next review."""

    KIND = Kind.CONFLICTING


class CaseOfDrawUnknown(Refusal):
    """没有编号为 {case_no} 的该办件;请核对办件标识和编号。

    There is no such case with the number {case_no}; check its id and its number."""

    KIND = Kind.UNKNOWN


class ApplicantNotNamed(Refusal):
    """办件 {case_no} 的申请人未列入应回避的当事方;请列明申请人,以便排除有利害关系的专家。

    The applicant of case {case_no} is not among the parties; name it, so that experts tied to it are left out."""


class EarlierDrawNotOver(Refusal):
    """第 {number} 次评审须在第 {earlier} 次抽取办结或取消之后申请;请先办结前一次抽取。

    Review {number} is asked for only when draw {earlier} is over or cancelled; settle that one first."""

    KIND = Kind.OUT_OF_ORDER


class NotInTheList(Refusal):
    """专业类别「{discipline}」在 {on} 无效;可选:{known}。

    The discipline "{discipline}" is not in the list on {on}; choose from {known}."""

    KIND = Kind.MALFORMED


class ReviewHasPassed(Refusal):
    """评审日 {review_on} 早于今天 {today},不能再抽取;请取消后重新申请。

    The review was to be on {review_on}, before today, {today}; cancel this draw and request another."""


class NotOnDuty(Refusal):
    """人员 {officer} 不是本次抽取的在岗人员,不得办理;请由在岗人员办理,或由决定人员增加在岗人员。

    {officer} is not on duty for this draw; let an officer on duty do it, or have one put on duty."""


class SecretCommittedAlready(Refusal):
    """第 {round} 轮已承诺密值,不得更换;确需放弃的,请申请重抽并写明理由。

    A secret is committed for round {round} and may not be changed; to give it up, ask for a redraw with a reason."""

    KIND = Kind.CONFLICTING


class DrawTooEarly(Refusal):
    """评审日为 {review_on},今天抽取最远只能用于 {latest} 的评审;请临近评审时再抽取,以免名单泄露。

    The review is on {review_on}, a draw today may be for {latest} at the latest; draw nearer to the review."""


class PoolNamesUnknownExpert(Refusal):
    """专家池中没有编号 {expert_no};请核对专家名单。

    The pool holds no expert numbered {expert_no}; check the list."""

    KIND = Kind.UNKNOWN


class SecretDoesNotFit(Refusal):
    """揭示的密值与第 {round} 轮承诺的摘要不符,不得用于抽取;请核对平台密钥 {key_id}。

    The secret does not fit what was committed for round {round} and may not draw; check the platform's key {key_id}."""

    KIND = Kind.CONFLICTING


class NotDrawn(Refusal):
    """专家 {expert_no} 不在本次抽中的名单中,或其席位已空出;请核对编号。

    Expert {expert_no} holds no seat of this draw; check the number."""

    KIND = Kind.UNKNOWN


class ReviewNotYet(Refusal):
    """评审日为 {review_on},今天是 {today},尚不能登记未到场;专家事先不来的,请登记谢绝。

    The review is on {review_on} and today is {today}; record a decline when an expert says so beforehand."""

    KIND = Kind.OUT_OF_ORDER


class NothingToRedraw(Refusal):
    """没有因「{reason}」空出的席位,不能据此重抽;请核对原因,或写明换下哪些专家。

    No seat is open because "{reason}", so it is no ground to draw again; check the reason, or name whom to replace."""


class PanelNotOpen(Refusal):
    """没有空缺席位,不能指定专家;请先登记谢绝、回避或未到场。

    No seat is open, so nobody may be named; record a decline, a recusal or a no-show first."""


class ExpertMayNotSit(Refusal):
    """专家 {expert_no} 不得参加本次评审:{why}{because};请另选专家。

    Expert {expert_no} may not sit on this panel: {why}{because}; choose another."""


class SignaturesDoNotFit(Refusal):
    """专家组每位成员应当签字或写明不同意见;缺少:{missing};多出:{extra}。

    Every member signs or dissents; missing: {missing}; not on the panel: {extra}."""

    KIND = Kind.MALFORMED


class PaymentsDoNotFit(Refusal):
    """评审费应当逐人列明,每人一次;缺少:{missing};多出或重复:{extra}。

    Every member is paid once; missing: {missing}; not on the panel, or twice: {extra}."""

    KIND = Kind.MALFORMED
