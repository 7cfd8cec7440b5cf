"""License (证照): what was granted, as it stands after everything that happened to it.

issued -> valid; valid -> suspended (暂扣) -> valid; valid -> altered (变更), renewed (延续) -> valid; valid -> expired (失效);
valid or suspended -> withdrawn (撤回) | revoked (撤销) | revoked as a penalty (吊销); the holder or the object ends;
then cancelled (注销), a formality that follows one of these and never stands alone (行政许可法第七十条).

The approving side alone changes a license. Regulators propose, by findings; a penalty is decided by the organ that
punishes, and entered here with its document. Every fact carries the license as it stands after it.

``words`` names grounds and codes, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``license`` the rules themselves."""

from domain.license.license import License

__all__ = ["License"]
