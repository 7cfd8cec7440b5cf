"""ApprovalCase (办件): from application to archive, handled here or reported by an existing system.

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``file`` what the case remembers. The rules are chapters: ``intake``, ``demands`` (what others must say first),
``examination``, ``deciding`` and ``reporting``; ``case`` joins them."""

from domain.approval_case.case import ApprovalCase

__all__ = ["ApprovalCase"]
