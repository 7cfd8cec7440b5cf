"""Bundle (一件事): several items that are one matter for the applicant: 一链办理, 一业一证, 并联审批.

The parent coordinates and decides nothing: every part is a case of its own, with its own clock, its own organ, its own
decision and its own pushes. So nothing is counted twice, and each regulator is told of its own part only.

| from | fact | to | guard |
| --- | --- | --- | --- |
| - | BundleSubmitted | running | chain in force, shared materials there by digest, only optional parts left out |
| running | StageOpened | running | the stage before has joined; every part's item is in force |
| running | PartNotOpened | same | its item is not in force any more; it counts as not granted |
| running, halted, withdrawn | PartGranted | same | the case of the part says so; once |
| running, halted, withdrawn | PartNotGranted | same | the case of the part ended without a grant; with the reason |
| running | BundleHalted | halted | a part was not granted without which the whole does not go on |
| running | StageJoined | running | every part of the stage is settled (并联会合) |
| running | BundleJoined | joined | the last stage has joined, something was granted, the chain has a composite license |
| joined | CompositeLicenseIssued | concluded | by the lead; lists the parts that it joins and those it is without: not granted, left out, or ended already |
| concluded | CompositePartChanged | same | a composite was issued, and the license of a part it lists changed its state |
| concluded | CompositeLicenseIssued | same | by the lead, without what has ended; something is left to join |
| running, halted | BundleConcluded | concluded | nothing is open any more; says why there is no composite license |
| running, halted, joined | BundleWithdrawn | withdrawn | by the applicant; undecided parts are withdrawn with it |

``words`` names states and terms, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``bundle`` the rules themselves."""

from domain.bundle.bundle import Bundle

__all__ = ["Bundle"]
