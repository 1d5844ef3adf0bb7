"""Versions of WMS: which are offered, and which one a request gets."""

from __future__ import annotations

import re
from enum import StrEnum

from publish.wms.errors import InvalidCrs, InvalidParameter, InvalidSrs, WmsError


class Version(StrEnum):
    """A version of the standard that is answered."""

    V1_1_1 = "1.1.1"
    V1_3_0 = "1.3.0"

    @property
    def crs_keyword(self) -> str:
        """The keyword of the CRS."""
        return "CRS" if self is Version.V1_3_0 else "SRS"

    @property
    def place_keywords(self) -> tuple[str, str]:
        """The keywords of the column and the row that GetFeatureInfo asks about."""
        return ("I", "J") if self is Version.V1_3_0 else ("X", "Y")

    @property
    def authority_order(self) -> bool:
        """Whether BBOX has the axis order of the authority (WMS 1.3.0 §6.7.2); in 1.1.1 it is always x, y (§6.5.5.1)."""
        return self is Version.V1_3_0

    @property
    def not_served(self) -> type[WmsError]:
        """The error of a CRS that is not offered."""
        return InvalidCrs if self is Version.V1_3_0 else InvalidSrs


OFFERED: tuple[Version, ...] = (Version.V1_3_0, Version.V1_1_1)
"""Versions that are answered, the best first."""

_NUMBER = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.\d{1,4})?")


def negotiated(text: str | None) -> Version:
    """The version of an answer to GetCapabilities: the highest that is not above the one asked for; raises `InvalidParameter`.

    WMS 1.3.0 §6.2.4: without a number the highest, below the lowest the lowest. So 1.1.0 and 1.0.0 are answered as 1.1.1.
    """
    if text is None:
        return Version.V1_3_0
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InvalidParameter(f"VERSION has the form 1.3.0; offered are {', '.join(OFFERED)}", "version")
    return Version.V1_3_0 if (int(match[1]), int(match[2])) >= (1, 3) else Version.V1_1_1


def spoken(text: str | None) -> Version:
    """The version in which a client reads an exception, whatever it sent."""
    match = _NUMBER.fullmatch(text or "")
    return Version.V1_3_0 if match is None else negotiated(text)
