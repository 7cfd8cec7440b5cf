"""Refusals of the case: each says why, and what to do next."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Kind, Refusal


class CaseAlreadySubmitted(Refusal):
    """办件编号 {case_no} 已有申请在办;请核对编号,勿重复提交。

    Case number {case_no} was submitted already; check the number instead of submitting twice."""

    KIND = Kind.CONFLICTING


class AcceptorMayNotDecide(Refusal):
    """受理人员 {officer} 不得对同一办件作出决定;请由其他有权人员决定。(受审分离)

    The officer {officer} accepted this case and may not decide it; another entitled officer must decide."""


class AcceptorMayNotExamine(Refusal):
    """受理人员 {officer} 不得审查同一办件;请分办给其他审查人员。(受审分离)

    The officer {officer} accepted this case and may not examine it; assign another examiner."""


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


class ToleranceOpen(Refusal):
    """容缺材料尚未补齐:{missing};补齐前不得准予许可。

    Tolerated materials are still missing: {missing}; no grant before they are supplied."""


class ToleranceNotAllowed(Refusal):
    """事项 {item} 不适用容缺受理;请按一般程序办理。

    The item {item} does not allow tolerance acceptance; handle it the ordinary way."""


class ToleranceTooLong(Refusal):
    """容缺补齐期限 {until} 晚于承诺办结之日或者清单允许的期限 {due};请缩短补齐期限。

    The date {until} to supply the missing materials lies after {due}, the promised end or what the list allows; choose an
    earlier one."""


class CommitmentNotAllowed(Refusal):
    """事项 {item} 不适用告知承诺;请按一般程序办理。

    The item {item} does not allow commitment; handle it the ordinary way."""


class CommitmentNotForSafety(Refusal):
    """事项 {item} 涉及国家安全、公共安全、生态环境或人身健康,不适用告知承诺;请按一般程序办理。(国办发〔2020〕42号)

    The item {item} touches security, public safety, ecology or health, where nothing is granted on a promise; handle it
    the ordinary way (国办发〔2020〕42号)."""


class SubjectBarred(Refusal):
    """申请人受限制,不得{step}:{kind},依据 {basis},至 {until} 止;请告知申请人,限制解除后再办理。

    The applicant is barred, so no {step}: {kind}, by {basis}, until {until}; tell the applicant, and go on once the bar
    has ended."""


class CreditNotChecked(Refusal):
    """{step}前须有有效的信用核查,现有核查有效至 {valid_until};请先核查申请人信用并登记结果。(国办发〔2020〕42号)

    A recent credit check is needed before this step ({step}); the one on record was valid until {valid_until}. Check the
    applicant's credit first and record the result (国办发〔2020〕42号)."""


class NotAMaterialOfTheItem(Refusal):
    """事项 {item} 的材料清单中没有:{materials};不得要求申请人提交清单以外的材料,请核对清单。(行政许可法第三十条、第三十一条)

    The item {item} does not list: {materials}; nothing beyond the published list may be asked for, so check the list
    (Articles 30 and 31)."""


class CorrectionToldInParts(Refusal):
    """补正应当一次性告知:{materials} 上次未告知,也不是由新补材料引起;不得再次要求,请受理,或写明由哪份新补材料引起。(行政许可法第三十二条第一款第(四)项)

    Everything missing is told once: {materials} was not asked for before, and no newly supplied material made it needed.
    Accept, or name the supplied material that made it needed (Article 32(4))."""


class MaterialsIncomplete(Refusal):
    """申请材料尚缺:{missing};请一次性告知补正,依法容缺受理,或者注明由共享数据取得、本件不需要的材料。(行政许可法第三十二条)

    Materials are missing: {missing}; tell the applicant once, accept with tolerance where the item allows it, or name
    those that shared data supplies or this case does not need (Article 32)."""


class NotTolerable(Refusal):
    """不在事项 {item} 的可容缺清单之列:{materials};请告知补正。

    Not among the materials that the item {item} lets come later: {materials}; ask for a correction instead."""


class ToleranceWithoutEnd(Refusal):
    """所在年份的工作日历尚未公布,无法推算补齐期限;请写明补齐期限。

    The calendar of that year is not published, so the date to supply the materials cannot be computed; name one."""


class ToleranceHasLapsed(Refusal):
    """容缺材料已逾期未补齐:{missing};依事项规定只能作出不予许可决定。

    Tolerated materials never came: {missing}; as the item has it, only a denial may follow."""


class NoCommitment(Refusal):
    """本件没有告知承诺,无从撤回;请核对办件编号。

    This case rests on no commitment, so there is none to take back; check the number of the case."""


class OpinionIsNegative(Refusal):
    """审查意见为不通过,不得准予许可;可退回重新审查,或不予许可。

    The examination opinion is negative, so no grant; return it to examination, or deny."""


class ProcedureNotInCatalogue(Refusal):
    """事项 {item} 的目录未列特别程序「{procedure}」,不得以此扣除办理时限;请按目录所列程序办理。(行政许可法第四十五条)

    The catalogue of the item {item} does not list "{procedure}", so it stops no clock; use the procedures it lists
    (Article 45)."""


class ProcedureUnderWay(Refusal):
    """特别程序「{procedure}」正在进行;请先登记其结果。(行政许可法第四十五条)

    The procedure "{procedure}" is under way already; record its result first (Article 45)."""

    KIND = Kind.CONFLICTING


class NoSuchProcedure(Refusal):
    """无法确定结束哪一项特别程序,正在进行的是:{under_way};请写明其中一项。

    It is not clear which special procedure ended; under way are: {under_way}. Name one of them."""


class TooFewOfficers(Refusal):
    """核实实质内容应当指派 {limit} 名以上工作人员,现为 {officers} 名;请增派人员后再核实。(行政许可法第三十四条第三款)

    The substance is verified by {limit} officers at least, and {officers} are named; send more (Article 34)."""


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


class HearingOutOfOrder(Refusal):
    """听证处于「{state}」,不能办理「{command}」;请按告知、申请、安排、举行的次序办理。(行政许可法第四十七条、第四十八条)

    The hearing stands at "{state}", so "{command}" cannot be done; tell, ask, schedule, hold, in this order (Articles 47
    and 48)."""

    KIND = Kind.OUT_OF_ORDER


class NotAPartyToTheHearing(Refusal):
    """{party} 不在已告知听证权利的人员之列;请核对,或者先告知。(行政许可法第四十七条)

    {party} is not among those who were told of the right to a hearing; check the name, or tell them first (Article 47)."""


class HearingAskedTooLate(Refusal):
    """申请听证的期限已于 {ask_by} 届满;请依程序作出决定。(行政许可法第四十七条)

    A hearing could be asked for until {ask_by}; go on to the decision (Article 47)."""


class HearingMayStillBeAsked(Refusal):
    """申请听证的期限至 {ask_by},尚未届满,不能认定逾期;请等待。(行政许可法第四十七条)

    A hearing may be asked for until {ask_by}, so the right has not lapsed; wait (Article 47)."""


class ExaminerMayNotChair(Refusal):
    """{officer} 审查过本件,不得主持听证;请指定审查人员以外的人员主持。(行政许可法第四十八条第一款第(三)项)

    {officer} examined this case and may not chair its hearing; name somebody who did not (Article 48)."""


class ChairMayNotExamine(Refusal):
    """{officer} 主持本件听证,不得审查本件;请分办给其他审查人员。(行政许可法第四十八条第一款第(三)项)

    {officer} chairs the hearing of this case and may not examine it; assign another examiner (Article 48)."""


class HearingNoticeTooShort(Refusal):
    """听证应当提前通知,最早可定于 {earliest};请改期并通知申请人、利害关系人。(行政许可法第四十八条第一款第(一)项)

    The parties are told of a hearing ahead of time; the earliest day is {earliest}. Choose a later day (Article 48)."""


class HearingTooLate(Refusal):
    """听证应当在 {hold_by} 前举行;请提前安排。(行政许可法第四十七条)

    The hearing must be held by {hold_by}; schedule it earlier (Article 47)."""


class HearingNotYet(Refusal):
    """听证定于 {held_on},尚未到期,不能登记为已举行。(行政许可法第四十八条)

    The hearing is set for {held_on} and cannot have been held yet (Article 48)."""


class HearingOutstanding(Refusal):
    """本件应当听证,目前「{state}」,不得作出决定;请先完成听证程序。(行政许可法第四十六条、第四十七条)

    This case needs its hearing first, which stands at "{state}", so no decision yet (Articles 46 and 47)."""


class InterestedPartyNotHeard(Refusal):
    """利害关系人 {party} 可于 {answer_by} 前陈述和申辩,尚未听取,不得作出决定。(行政许可法第三十六条)

    {party} may be heard until {answer_by} and was not heard yet, so no decision yet (Article 36)."""


class DecisionMustFollowMinutes(Refusal):
    """已举行听证,决定应当根据听证笔录 {minutes_no} 作出;请在决定中写明该笔录。(行政许可法第四十八条第二款)

    A hearing was held and the decision follows its minutes; name the minutes {minutes_no} in it (Article 48)."""


class NoSuchMinutes(Refusal):
    """本件未举行听证,没有笔录 {minutes_no};请删去该笔录编号。

    No hearing was held in this case, so there are no minutes {minutes_no}; leave the number out."""


class NotAnInstantItem(Refusal):
    """事项 {item} 不是即办件,不能当场办结;请按承诺件分环节办理。

    The item {item} is no on-the-spot item; handle the case step by step."""


class NotForOneOfficer(Refusal):
    """事项 {item} 未公布为一人办理,受理、审查、决定不得由一人完成;请分环节由不同人员办理。(受审分离)

    The item {item} is not published for a single officer, who may not accept, examine and decide alone; let different
    officers take the steps."""


class NotForAMachine(Refusal):
    """事项 {item} 未公布机器审批规则,不得由机器作出决定;请由工作人员办理。

    No rules for a decision by machine are published for the item {item}; let officers handle the case."""


class OtherMachineRule(Refusal):
    """机器审批规则 {rule_version} 不是事项现行公布的规则 {rule};请更新规则后再办理。

    The rules {rule_version} are not those published for the item now, {rule}; update the machine first."""

    KIND = Kind.CONFLICTING


class MachineOfAnother(ForeignAuthority):
    """{organ} 的系统不得对 {owner} 的办件作出决定;请由该机关的系统或者人员办理。

    A system of {organ} may not decide a case of {owner}; let that organ's system or officers do it."""


class WithAnOfficerNow(Refusal):
    """本件已转人工办理,机器不得再作决定;请由工作人员继续办理。

    The case was handed to an officer, and no machine decides it any more; let the officer go on."""


class NotProvisional(Refusal):
    """事项 {item} 的新办申请不允许缺 {materials} 先行模拟审批;请告知补正,或者待材料齐全后受理。

    The item {item} allows no provisional approval while {materials} is outstanding, or the case is no new application;
    ask for a correction, or accept once everything is there."""


class ProvisionalOnlyOnce(Refusal):
    """本件已模拟受理一次,材料已补齐;应当依法受理,不得再次模拟受理。(行政许可法第三十二条第一款第(五)项)

    This case went through a provisional approval already and everything came; it must be accepted now, not provisionally
    again (Article 32)."""


class NotYetExamined(Refusal):
    """尚未模拟审查,不能出具模拟审批意见;请先审查。

    Nothing was examined yet, so no provisional opinion; examine first."""


class NoProvisionalOpinion(Refusal):
    """本件没有有效的模拟审批意见;请按一般程序审查、决定。

    There is no provisional opinion in this case; examine and decide it the ordinary way."""


class ProvisionalOpinionExpired(Refusal):
    """模拟审批意见 {opinion_no} 已于 {valid_until} 失效;请按一般程序审查、决定。

    The provisional opinion {opinion_no} was valid until {valid_until}; examine and decide the case the ordinary way."""


class ProvisionalOpinionOutdated(Refusal):
    """模拟审批意见 {opinion_no} 依据的事项版本已变更,受理时为第 {version} 版;请按一般程序重新审查、决定。

    The provisional opinion {opinion_no} was given under another version of the item than the {version} frozen at
    acceptance; examine and decide the case the ordinary way."""


class ProvisionalStillOpen(Refusal):
    """待补材料的期限至 {until},尚未届满,不能认定失效;请等待。

    What is outstanding may come until {until}; nothing has lapsed yet."""


class NothingForwarded(Refusal):
    """办件 {case} 不存在,或者下级机关尚未审查报送;请核对,或者等待下级机关报送。(行政许可法第三十五条、第四十三条)

    There is no case {case}, or the lower level has not examined and forwarded it yet; check the number, or wait for it
    (Articles 35 and 43)."""


class ForwardedElsewhere(Refusal):
    """下级机关将本件报送 {to};请由该机关办理。(行政许可法第三十五条)

    The lower level sent this case to {to}; that organ handles it (Article 35)."""


class ForwardedForAnother(Refusal):
    """下级办件 {case_no} 的申请人与本申请不同;请核对申请人或者办件。(行政许可法第三十五条)

    The applicant of the lower level's case {case_no} is somebody else; check the applicant or the case (Article 35)."""


class ForwardedAlready(Refusal):
    """下级机关已报送 {materials};上级机关不得要求申请人重复提供。(行政许可法第三十五条)

    The lower level has sent {materials} already, and the level above may not ask the applicant for it again (Article
    35)."""


class ExtendedAlready(Refusal):
    """本件已延期一次,不得再次延期。(行政许可法第四十二条)

    The limit was extended once already and may not be extended again (Article 42)."""


class ExtensionTooLong(Refusal):
    """延长 {days} 个工作日超过上限 {limit} 个工作日;请缩短。(行政许可法第四十二条)

    An extension of {days} working days exceeds the cap of {limit}; shorten it (Article 42)."""


class ApplicantNotYetTold(Refusal):
    """延期须先告知申请人:告知日期 {told_on} 晚于今日 {today};告知后再延期。(行政许可法第四十二条)

    The applicant must be told first: {told_on} lies after today, {today}; extend once that is done (Article 42)."""


class WrongApproverLevel(Refusal):
    """本件延期应由{needed}批准;请报其批准后再延期。(行政许可法第四十二条)

    This extension needs the approval of the {needed}; obtain it first (Article 42)."""


class ExtensionAfterExpiry(Refusal):
    """时限已于 {due} 届满,不得再延期。

    The limit expired on {due}; it can no longer be extended."""


class NoticeNotYetOverdue(Refusal):
    """告知期限 {due} 尚未届满,不能认定视为受理。

    The time for notice runs until {due}; acceptance cannot be deemed yet."""


class CorrectionNotYetOverdue(Refusal):
    """补正期限 {until} 尚未届满,不能认定逾期;请等待申请人补正。

    The applicant has until {until} to correct; the time is not over yet."""


class ToleranceNotYetOverdue(Refusal):
    """容缺补齐期限 {until} 尚未届满,不能认定逾期;请等待申请人补齐。

    The applicant has until {until} to supply the materials; the time is not over yet."""


class DateHasPassed(Refusal):
    """期限 {until} 早于今日 {today};请给申请人今后的期限。

    The date {until} lies before today, {today}; give the applicant a date to come."""


class SiteMissing(Refusal):
    """事项 {item} 须现场踏勘,申请须写明场所;请补充场所后提交。

    The item {item} demands a site inspection, so the application must name the site; add it and submit again."""


class LicenseNotIssued(Refusal):
    """尚未颁发证件,不能送达;请先颁发证件。(行政许可法第四十四条)

    No license document has been issued, so there is nothing to serve; issue it first (Article 44)."""


class SourceReserved(Refusal):
    """来源名 {source} 为平台自办件保留,不得用于报送;请为该审批系统另取名称。

    The source name {source} is kept for cases handled here; give the reporting system another name."""


class NotTheSource(ForeignAuthority):
    """{organ} 不得以 {owner} 的名义报送;请使用本系统的报送凭据。

    {organ} may not report in the name of {owner}; use the credentials of that system."""


class LicenseNotNamed(Refusal):
    """申请「{matter}」须写明所涉证照(license_id);请补充后提交。(行政许可法第四十九条、第五十条)

    An application for {matter} must name the license that it is about (license_id); add it and submit again
    (Articles 49 and 50)."""

    KIND = Kind.MALFORMED


class LicenseUnknown(Refusal):
    """没有登记证照 {license};请核对证照标识。(行政许可法第四十九条、第五十条)

    No license {license} is registered; check its id (Articles 49 and 50)."""

    KIND = Kind.UNKNOWN


class LicenseHeldByAnother(Refusal):
    """证照 {license_no} 的持证人不是本件申请人;变更、延续、注销由被许可人申请。(行政许可法第四十九条、第五十条)

    The license {license_no} is not the applicant's own; alteration, renewal and cancellation are asked by the licensee
    (Articles 49 and 50)."""


class LicenseNotInForce(Refusal):
    """证照 {license_no} 当前为「{state}」,不能办理「{matter}」;需要时请申请新办。(行政许可法第四十九条、第五十条)

    The license {license_no} is {state}, so {matter} is not possible; apply for a new license where one is needed
    (Articles 49 and 50)."""

    KIND = Kind.OUT_OF_ORDER


class NothingToRenew(Refusal):
    """证照 {license_no} 长期有效,无需延续。(行政许可法第五十条)

    The license {license_no} does not expire, so there is nothing to renew (Article 50)."""


class RenewalAfterExpiry(Refusal):
    """证照 {license_no} 已于 {valid_to} 届满,不能再申请延续;请申请新办。(行政许可法第五十条)

    The license {license_no} expired on {valid_to} and can no longer be renewed; apply for a new one (Article 50)."""

    KIND = Kind.OUT_OF_ORDER


class RenewalAskedAlready(Refusal):
    """证照 {license_no} 的延续申请正在办理(办件 {case});请勿重复申请。(行政许可法第五十条)

    The renewal of {license_no} is being handled in the case {case}; do not ask twice (Article 50)."""

    KIND = Kind.CONFLICTING


class RenewalMustExtend(Refusal):
    """准予延续的有效期止 {valid_to} 不晚于现有效期止 {expires};请填写延续后的有效期。(行政许可法第五十条)

    The renewed period would end on {valid_to}, not after {expires}; give the period after the renewal (Article 50)."""


class RenewalGrantedBySilence(Refusal):
    """证照 {license_no} 的延续申请在有效期届满({valid_to})前未作决定,已视为准予延续,不得再不予许可;确有问题的,依第六十九条撤销。(行政许可法第五十条第二款)

    No decision was made before {license_no} expired on {valid_to}, so its renewal counts as granted and can no longer be
    denied; what is wrong with it is a matter of revocation under Article 69 (Article 50)."""


class RenewalStillToDecide(Refusal):
    """证照 {license_no} 有效期至 {valid_to},届满前仍可作出决定,不能认定视为准予延续。(行政许可法第五十条第二款)

    The license {license_no} is valid until {valid_to} and can still be decided on, so nothing is deemed yet (Article
    50)."""

    KIND = Kind.OUT_OF_ORDER


class RenewalNotAskedInTime(Refusal):
    """办件 {case_no} 不是按期提出的延续申请,逾期未决定不视为准予延续。(行政许可法第五十条)

    The case {case_no} is no renewal that was asked in time, so silence grants nothing (Article 50)."""


class NothingToIssue(Refusal):
    """注销办件不颁发证件;送达决定后即可办结。(行政许可法第七十条)

    A case of cancellation issues no license; serve the decision and conclude (Article 70)."""


class LicenseNotSealed(Refusal):
    """证件 {license_no} 尚未用印入卷,不得颁发;请先办理用印,用印入卷后再颁发。(行政许可法第三十九条)

    The license document {license_no} does not bear the seal yet; have it sealed, then issue it (Article 39)."""


class SealedAnotherLicense(Refusal):
    """证件 {license_no} 的摘要与用印时的不一致,不得颁发;请核对是否为同一份证件。(行政许可法第三十九条)

    The digest of the license document {license_no} is not that of the sealed one; check the file (Article 39)."""


class DocumentNumberNotIssued(Refusal):
    """{kind}文书号 {document_no} 不是为本件编发的,或已作废;请先编文书号再作出决定。

    The number {document_no} was not given out for this case's {kind}, or was voided; have a number issued first."""


class DelegationExceeded(Refusal):
    """{officer} 无权以首席代表身份作出该决定:{beyond}(授权书:{letter});请由有权人员决定,或先依法变更授权。

    {officer} may not take this decision as chief representative: {beyond} (letter: {letter}); let someone entitled
    decide, or have the letter altered first (Articles 23 to 26)."""
