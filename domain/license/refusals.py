"""Refusals of the license: each says why, with the article, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class NoGrantToRegister(Refusal):
    """办件 {case_id} 没有准予新办许可的决定,不能登记证照;请核对办件。(行政许可法第三十九条)

    The case {case_id} has no decision that grants a new license, so there is none to register; check the case
    (Article 39)."""

    KIND = Kind.OUT_OF_ORDER


class LicenseRegisteredAlready(Refusal):
    """该办件已登记证照 {license_no},内容不同;登记有误请用「更正证照登记」。

    This case has registered the license {license_no} with other content; correct that registration instead."""

    KIND = Kind.CONFLICTING


class LicenseHasEnded(Refusal):
    """证照 {license_no} 已「{state}」,不能再「{command}」;终止的许可不能恢复,需要时请重新申请。(行政许可法第七十条)

    The license {license_no} is {state}, so it can no longer be subject to "{command}"; what has ended does not come back,
    apply anew where needed (Article 70)."""

    KIND = Kind.OUT_OF_ORDER


class NotYetInEffect(Refusal):
    """证照 {license_no} 自 {valid_from} 起生效,今日 {today} 尚不能生效。

    The license {license_no} takes effect on {valid_from}; today is {today}."""

    KIND = Kind.OUT_OF_ORDER


class NothingToReissue(Refusal):
    """办件 {case} 没有变更或者延续证照 {license_no},不能据此换发证件;请核对办件。(行政许可法第三十九条)

    The case {case} has neither altered nor renewed the license {license_no}, so no new document follows from it; check
    the case (Article 39)."""

    KIND = Kind.OUT_OF_ORDER


class NotGrantedForThis(Refusal):
    """办件 {case} 没有就证照 {license_no} 作出「{matter}」的准予决定;请核对办件。(行政许可法第四十九条、第五十条)

    The case {case} holds no grant of {matter} for the license {license_no}; check the case (Articles 49 and 50)."""

    KIND = Kind.OUT_OF_ORDER


class RenewalDoesNotExtend(Refusal):
    """延续后的有效期止 {valid_to} 不晚于现有效期止 {expires};延续须延长有效期,请更正决定。(行政许可法第五十条)

    The renewed period would end on {valid_to}, not after {expires}; a renewal must extend it, correct the decision
    (Article 50)."""

    KIND = Kind.CONFLICTING


class LicenseNotYetExpired(Refusal):
    """证照 {license_no} 有效期至 {valid_to},今日 {today} 尚未届满,不能认定失效。(行政许可法第七十条)

    The license {license_no} is valid until {valid_to} and today is {today}: it has not expired (Article 70)."""

    KIND = Kind.OUT_OF_ORDER


class RenewalAwaitsDecision(Refusal):
    """证照 {license_no} 已按期申请延续(办件 {case}),逾期未决定即视为准予延续,不得认定失效。(行政许可法第五十条)

    The renewal of {license_no} was asked in time (case {case}): no decision means that it is renewed, so it does not
    expire (Article 50)."""


class CompensationUnsettled(Refusal):
    """撤回证照须写明补偿案号,或者说明没有损失,两者取其一;请补充。(行政许可法第八条)

    A withdrawal names the file in which the loss is compensated, or says why there is none, and not both; add it
    (Article 8)."""

    KIND = Kind.MALFORMED


class NoCompensationForFraud(Refusal):
    """以欺骗、贿赂等不正当手段取得的许可被撤销,其利益不受保护,不予赔偿;请去掉补偿案号。(行政许可法第六十九条第四款)

    What was obtained by fraud or bribery is not protected, so its revocation is not compensated; leave the reference
    out (Article 69)."""


class ExceptionHasNoCompensation(Refusal):
    """因公共利益不予撤销的,许可继续有效,没有赔偿可言;请去掉补偿案号。(行政许可法第六十九条第三款)

    Where the public interest forbids the revocation the license stands, so nothing is compensated; leave the reference
    out (Article 69)."""

    KIND = Kind.MALFORMED


class PenaltyNotYetDecided(Refusal):
    """处罚决定日期 {decided_on} 晚于今日 {today};处罚决定作出后方可登记。(行政处罚法第九条)

    The penalty would be decided on {decided_on} and today is {today}; record it once it is decided (Administrative
    Penalty Law, Article 9)."""

    KIND = Kind.MALFORMED


class SuspensionHasNoLength(Refusal):
    """暂扣截止日 {until} 早于今日 {today};请核对处罚决定书。(行政处罚法第九条)

    The suspension would end on {until}, before today, {today}; check the penalty's document (Administrative Penalty
    Law, Article 9)."""

    KIND = Kind.MALFORMED


class SuspensionNotYetOver(Refusal):
    """暂扣期限至 {until},尚未届满,不能自动解除;提前解除须由作出处罚的机关决定后登记。

    The suspension runs until {until} and is not over; an earlier end must be decided by the organ that punished."""

    KIND = Kind.OUT_OF_ORDER


class NothingToCancel(Refusal):
    """证照 {license_no} 当前为「{state}」:注销是在失效、撤回、撤销、吊销或者主体、事项终止之后的手续,不能单独进行;请先办理并登记该事由。(行政许可法第七十条)

    The license {license_no} is {state}: a cancellation only follows expiry, withdrawal, revocation, a penalty or the end
    of holder or object; record that first (Article 70)."""

    KIND = Kind.OUT_OF_ORDER


class GroundDoesNotMatch(Refusal):
    """注销事由「{ground}」与证照终止的事实「{happened}」不一致;请按事实填写。(行政许可法第七十条)

    The ground "{ground}" is not what ended the license, which is "{happened}"; name what happened (Article 70)."""

    KIND = Kind.CONFLICTING


class GroundHasItsOwnStep(Refusal):
    """「{ground}」由相应环节自行记录,不能在此登记;此处只登记主体终止、不可抗力和法定其他事由。(行政许可法第七十条)

    "{ground}" is told by a step of its own; only the end of holder or object is recorded here (Article 70)."""

    KIND = Kind.MALFORMED


class NotInTheFuture(Refusal):
    """日期 {day} 晚于今日 {today};尚未发生的事不能登记,请核对日期。

    The date {day} lies after today, {today}; what has not happened cannot be recorded, check the date."""

    KIND = Kind.MALFORMED


class NoSuchFact(Refusal):
    """证照没有可更正的登记 {fact};请填写要更正的那一事实的编号。

    The license has no fact {fact} that could be corrected; name the id of the fact that told it wrongly."""

    KIND = Kind.UNKNOWN


class NothingCorrected(Refusal):
    """更正内容与现登记相同;请写明要更正的内容。

    The correction changes nothing; say what must be different."""

    KIND = Kind.MALFORMED


class NoAnnualCheck(Refusal):
    """事项「{item_name}」不实行年检,无需登记。

    The item "{item_name}" has no annual check, so there is none to record."""


class NotDueForAnnualCheck(Refusal):
    """证照 {license_no} 不需要参加 {year} 年度年检:有效期自 {valid_from} 起,首次年检为次年;请核对年度。

    The license {license_no} is not due for the annual check of {year}: its period began on {valid_from} and the first
    check is that of the year after; check the year."""

    KIND = Kind.OUT_OF_ORDER


class AnnualCheckPassedAlready(Refusal):
    """证照 {license_no} {year} 年度年检已合格,不能再登记其他结论;登记有误请先核实。

    The license {license_no} has passed the annual check of {year}; no other result can follow it."""

    KIND = Kind.CONFLICTING


class NotItsRegulator(ForeignAuthority):
    """{organ} 不是证照的监管部门,不得办理;监管部门为 {owner}。

    {organ} does not supervise this license and may not act on it; its regulators are {owner}."""


class ProposalNotNoted(Refusal):
    """监管信息 {finding_id} 没有登记在该证照名下;请先将监管信息关联到证照。

    The finding {finding_id} is not noted for this license; link it to the license first."""

    KIND = Kind.UNKNOWN
