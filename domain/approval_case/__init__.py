"""ApprovalCase (办件): from application to archive, handled here or reported by an existing system.

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``file`` what the case remembers, ``reporting`` what is irregular about reports, ``case`` the rules themselves."""

from domain.approval_case.case import ApprovalCase

__all__ = ["ApprovalCase"]
