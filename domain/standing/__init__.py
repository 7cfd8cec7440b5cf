"""Standing (主体信用与限制): what stands against a subject, by law or by its own dishonesty, and what its credit is.

One stream per subject. A bar is imposed with its basis, scope and dates, ends by its last day or is lifted (信用修复);
a credit check is recorded with its source and time, and a register that shows serious dishonesty bars at once what
国办发〔2020〕42号 forbids such a subject: commitment and tolerance. Cases ask before they accept, commit, tolerate or
grant; nothing here decides on a case.

``words`` names grounds and results, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``subject_standing`` the rules themselves, ``register`` what a credit register must be able to answer."""

from domain.standing.subject_standing import SubjectStanding

__all__ = ["SubjectStanding"]
