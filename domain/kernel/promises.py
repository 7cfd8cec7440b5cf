"""Promises (承诺): what both the case and the commitment that outlives it must call by the same name."""

from __future__ import annotations

from domain.kernel.words import Word


class CommitmentKind(Word):
    """告知承诺的种类 (国办发〔2020〕42号; 涉企经营许可事项)."""

    CERTIFICATE = "certificate", "证明事项告知承诺", "in place of a certificate"
    CONDITIONS = "conditions", "涉企经营许可事项告知承诺", "in place of meeting the conditions now"
