"""Why a document does not stand so (文书、用章与签发权限)."""

from __future__ import annotations

from domain.kernel.refusal import Refusal


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
