"""The proof that every channel gives the same rows (DESIGN decision 3), from the bytes of each.

::

    channels (services: the application asked · files: the zips) ─► decoders ─► Row ─► Rows ─► one hash
    the sealed table ────────────────────────────────────────────────────────► Row ─► Rows ─► the same hash, or no publication

Which channel carries what is in `channels`; docs/parity.md says what is compared, and what is not and why.
"""

from schedules.parity.proof import Proof, prove
from schedules.parity.served import Site

__all__ = ["Proof", "Site", "prove"]
