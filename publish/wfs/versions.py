"""Versions of WFS: which are offered, and which one a request gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from publish.wfs.errors import InvalidParameter, VersionNegotiation


class Version(StrEnum):
    """A version of the standard that is answered."""

    V1_0_0 = "1.0.0"
    V1_1_0 = "1.1.0"
    V2_0_0 = "2.0.0"

    @property
    def legacy_order(self) -> bool:
        """Whether coordinates are x, y in every spelling of a CRS: WFS 1.0.0 knows no axis order of the authority."""
        return self is Version.V1_0_0


OFFERED: tuple[Version, ...] = (Version.V2_0_0, Version.V1_1_0, Version.V1_0_0)
"""Versions whose operations are answered, the best first."""

_NUMBER = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.\d{1,2})?")


def spoken(text: str | None) -> Version:
    """The version whose language a client reads: of a made-up number (`2.2.2`) the nearest below, without any 2.0.0."""
    match = _NUMBER.fullmatch(text or "")
    if match is None:
        return Version.V2_0_0
    number = (int(match[1]), int(match[2]))
    return Version.V2_0_0 if number >= (2, 0) else Version.V1_1_0 if number >= (1, 1) else Version.V1_0_0


def of_request(text: str | None) -> Version:
    """The version of any operation but GetCapabilities; raises `InvalidParameter` for what is no version.

    A client of the Flemish POI service sends VERSION=2.2.2 and is answered (DOMAIN 1.2).
    """
    if text is not None and _NUMBER.fullmatch(text) is None:
        raise InvalidParameter(f"VERSION has the form 2.0.0; offered are {', '.join(OFFERED)}", "version")
    return spoken(text)


def negotiated(accepted: Sequence[str], asked: str | None) -> Version:
    """The first version that the client accepts and we offer (OWS Common 1.1 §7.3.2); raises `VersionNegotiation`.

    Without a list, the one that VERSION asks for, or the nearest below it (WFS 1.0.0 §6.2.4); without that, the best.
    """
    if not accepted:
        return of_request(asked)
    for text in accepted:
        if text in OFFERED:
            return Version(text)
    raise VersionNegotiation(f"none of the versions in AcceptVersions is offered; offered are {', '.join(OFFERED)}", "AcceptVersions")
