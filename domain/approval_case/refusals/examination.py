"""Why a case is not examined, paused or extended so (审查)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


class AcceptorMayNotExamine(Refusal):
    """受理人员 {officer} 不得审查同一办件;请分办给其他审查人员。(受审分离)

    The officer {officer} accepted this case and may not examine it; assign another examiner."""


class ChairMayNotExamine(Refusal):
    """{officer} 主持本件听证,不得审查本件;请分办给其他审查人员。(行政许可法第四十八条第一款第(三)项)

    {officer} chairs the hearing of this case and may not examine it; assign another examiner (Article 48)."""


class TooFewOfficers(Refusal):
    """核实实质内容应当指派 {limit} 名以上工作人员,现为 {officers} 名;请增派人员后再核实。(行政许可法第三十四条第三款)

    The substance is verified by {limit} officers at least, and {officers} are named; send more (Article 34)."""


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
