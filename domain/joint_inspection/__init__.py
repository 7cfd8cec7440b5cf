"""JointInspection (联合踏勘、联合审图、联合验收): one look for every body that must look, and one notice of what is wrong.

planned -> invited -> confirmed -> checked_in -> findings_recorded -> passed | rectification_issued ->
rectified -> reinspected -> passed | failed; cancelled, rescheduled.

One lead, at least two of its staff (行政许可法第三十四条), every body signs its own result, problems are told
once in writing. Within the window the hour is negotiated: the lead proposes, each body answers, the lead fixes.

A re-inspection (复核) is an inspection of its own, chained to the one whose problems it looks at; only the first of a
chain speaks to the cases. Drawings are reviewed without a place to check in to, by version, digest and discipline;
a joint acceptance ends with one merged opinion.

A body that stays away may not ask for another visit. 缺席默认 (``absence_default``) is off: its absence is noted and a
person concludes in its place. Only where a clause allows it, and the invitation told that clause, does a fact of its
own deem it to consent, and never in a matter of safety. A visit that did take place outside the announced days is
recorded as it was: refusing to write it down would only hide it.

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``file`` what is remembered; ``planning``, ``looking`` and ``ending`` are the rules, joined by ``inspection``."""

from domain.joint_inspection.inspection import JointInspection

__all__ = ["JointInspection"]
