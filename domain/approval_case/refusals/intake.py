"""Why an application is not taken, asked about or accepted so (申请与受理)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class CaseAlreadySubmitted(Refusal):
    """办件编号 {case_no} 已有申请在办;请核对编号,勿重复提交。

    Case number {case_no} was submitted already; check the number instead of submitting twice."""

    KIND = Kind.CONFLICTING


class SiteMissing(Refusal):
    """事项 {item} 须现场踏勘,申请须写明场所;请补充场所后提交。

    The item {item} demands a site inspection, so the application must name the site; add it and submit again."""


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


class NoticeNotYetOverdue(Refusal):
    """告知期限 {due} 尚未届满,不能认定视为受理。

    The time for notice runs until {due}; acceptance cannot be deemed yet."""


class CorrectionNotYetOverdue(Refusal):
    """补正期限 {until} 尚未届满,不能认定逾期;请等待申请人补正。

    The applicant has until {until} to correct; the time is not over yet."""


class DateHasPassed(Refusal):
    """期限 {until} 早于今日 {today};请给申请人今后的期限。

    The date {until} lies before today, {today}; give the applicant a date to come."""


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
