"""Why a report is not taken (报送)."""

from __future__ import annotations

from domain.kernel.refusal import ForeignAuthority, Refusal


class SourceReserved(Refusal):
    """来源名 {source} 为平台自办件保留,不得用于报送;请为该审批系统另取名称。

    The source name {source} is kept for cases handled here; give the reporting system another name."""


class NotTheSource(ForeignAuthority):
    """{organ} 不得以 {owner} 的名义报送;请使用本系统的报送凭据。

    {organ} may not report in the name of {owner}; use the credentials of that system."""
