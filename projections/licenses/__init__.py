"""Which licenses does a subject hold, and in which state? (证照) What expires soon, and who is due for the annual check.

``rows`` holds the licenses and the queries, ``checks`` the yearly list (年检清单), ``register`` how facts change them."""

from projections.licenses.checks import AnnualCheck, CheckRow, annual_checks, checks_of
from projections.licenses.register import Licenses
from projections.licenses.rows import (
    LicenseRow,
    RenewalRow,
    concerning,
    expired,
    expiring,
    find,
    license,
    numbered,
    renewals_of,
    renewals_unanswered,
    suspensions_over,
    to_take_effect,
)

__all__ = [
    "AnnualCheck",
    "CheckRow",
    "LicenseRow",
    "Licenses",
    "RenewalRow",
    "annual_checks",
    "checks_of",
    "concerning",
    "expired",
    "expiring",
    "find",
    "license",
    "numbered",
    "renewals_of",
    "renewals_unanswered",
    "suspensions_over",
    "to_take_effect",
]
