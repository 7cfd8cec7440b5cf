"""JointInspection (联合踏勘): one visit for every body that must see a site, and one notice of what is wrong.

planned -> invited -> confirmed -> checked_in -> findings_recorded -> passed | rectification_issued ->
rectified -> reinspected -> passed | failed; cancelled, rescheduled.

One lead, at least two of its staff (行政许可法第三十四条), every body signs its own result, problems are told
once in writing. A body that stays away may not ask for another visit; 缺席默认 (``absence_default``) stays
off, so its absence is noted and a person concludes in its place. A visit that did take place outside the
announced days is recorded as it was: refusing to write it down would only hide it.

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``inspection`` the rules themselves."""

from domain.joint_inspection.inspection import JointInspection

__all__ = ["JointInspection"]
