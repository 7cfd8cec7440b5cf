"""Commitment (告知承诺): what a grant rests on until somebody has looked. It outlives its case.

open -> kept; open -> failed -> rectifying -> rectified -> kept | broken -> settled; deferred while the holder does not
operate yet; closed when the license ended. 国办发〔2020〕42号: the organ decides at once on the promise, and the promise
is checked within the item's period, by the organ or by a regulator's random or routine checks. Not true or not kept:
an order to rectify; still not: the license is proposed for revocation, which the approving side alone decides.

``words`` names states and results, ``commands`` what may be asked, ``refusals`` why not, ``facts`` what happened,
``commitment`` the rules themselves."""

from domain.commitment.commitment import Commitment

__all__ = ["Commitment"]
