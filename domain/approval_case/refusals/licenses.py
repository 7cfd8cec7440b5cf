"""Why a license is not altered, renewed or cancelled so (变更、延续、注销)."""

from __future__ import annotations

from domain.kernel.refusal import Kind, Refusal


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
