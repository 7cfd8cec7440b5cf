"""Seal (集中用章): one stream per seal and year; no use without two officers, a matching decision and its digest.

in_use -> out_of_use -> closed; each use: requested -> used | declined.

Two keys: one officer asks, the keeper of the seal confirms, and they are never the same person. Acceptance and refusal
vouchers (行政许可法第三十二条末款), grants, denials and license documents (第三十九条) are sealed only when the case holds
the decision with this number and digest; an attempt without it is refused and recorded for discipline inspection only.
Requests and uses are numbered densely from 1 in each year, so a missing page of the register shows.

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``seal`` the rules themselves."""

from domain.seal.seal import Seal

__all__ = ["Seal"]
