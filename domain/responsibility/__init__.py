"""ResponsibilityTable (责任清单): item version, place and date, each with who approves and who supervises.

谁审批谁负责、谁主管谁监管: a table is set in numbered versions with its basis and reason; the narrower place goes
before the wider one. Where nobody or more than one answers for a place the table is in dispute: nothing is published
about the item while the dispute stands, and only the document of the organ that settles powers (机构编制部门) ends it.

``words`` names rows and disputes, ``routing`` finds who is responsible, ``commands`` what may be asked, ``refusals``
why not, ``facts`` what happened, ``table`` the rules themselves."""

from domain.responsibility.table import ResponsibilityTable

__all__ = ["ResponsibilityTable"]
