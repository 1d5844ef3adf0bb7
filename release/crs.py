"""Coordinate reference systems that are served, and every spelling of them that clients use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from release.errors import UnknownCrs


class Spelling(StrEnum):
    """The form in which a client wrote a CRS; answers echo it."""

    SHORT = "short"  # EPSG:31370
    URN = "urn"  # urn:ogc:def:crs:EPSG::31370
    URL = "url"  # http://www.opengis.net/def/crs/EPSG/0/31370
    GML2 = "gml2"  # http://www.opengis.net/gml/srs/epsg.xml#31370


@dataclass(frozen=True, slots=True)
class Crs:
    """One CRS: `code` is the EPSG number as text, or `CRS84`; `lat_lon` says that the authority's order is latitude first."""

    code: str
    name: str
    columns: str  # which stored coordinate columns hold it: l72, l08, lonlat or merc
    decimals: int
    lat_lon: bool = False

    @property
    def urn(self) -> str:
        """`urn:ogc:def:crs:EPSG::31370`, or `urn:ogc:def:crs:OGC:1.3:CRS84`."""
        return "urn:ogc:def:crs:OGC:1.3:CRS84" if self.code == "CRS84" else f"urn:ogc:def:crs:EPSG::{self.code}"

    @property
    def url(self) -> str:
        """`http://www.opengis.net/def/crs/EPSG/0/31370`, the form of OGC API."""
        base = "http://www.opengis.net/def/crs"
        return f"{base}/OGC/1.3/CRS84" if self.code == "CRS84" else f"{base}/EPSG/0/{self.code}"

    @property
    def gml2(self) -> str:
        """`http://www.opengis.net/gml/srs/epsg.xml#31370`, the form of GML 2, always x, y; CRS84 is EPSG:4326 there."""
        return f"http://www.opengis.net/gml/srs/epsg.xml#{'4326' if self.code == 'CRS84' else self.code}"

    @property
    def short(self) -> str:
        """`EPSG:31370`, or `CRS:84`."""
        return "CRS:84" if self.code == "CRS84" else f"EPSG:{self.code}"


LAMBERT72 = Crs("31370", "BD72 / Belgian Lambert 72", "l72", 2)
LAMBERT2008 = Crs("3812", "ETRS89 / Belgian Lambert 2008", "l08", 2)
ETRS89 = Crs("4258", "ETRS89", "lonlat", 7, lat_lon=True)
WGS84 = Crs("4326", "WGS 84", "lonlat", 7, lat_lon=True)
CRS84 = Crs("CRS84", "WGS 84 (longitude, latitude)", "lonlat", 7)
WEB_MERCATOR = Crs("3857", "WGS 84 / Pseudo-Mercator", "merc", 2)

SERVED: tuple[Crs, ...] = (LAMBERT72, LAMBERT2008, ETRS89, WGS84, CRS84, WEB_MERCATOR)
"""The CRSs of every service; the first is the one of storage."""

_BY_CODE = {crs.code: crs for crs in SERVED} | {"102100": WEB_MERCATOR, "900913": WEB_MERCATOR}

_SPELLINGS: tuple[tuple[Spelling, re.Pattern[str]], ...] = (
    (Spelling.URN, re.compile(r"urn:(?:x-)?ogc:def:crs:EPSG:(?:[^:]*:)?(\d+)", re.IGNORECASE)),
    (Spelling.URN, re.compile(r"urn:(?:x-)?ogc:def:crs:OGC:[^:]*:(CRS84)", re.IGNORECASE)),
    (Spelling.URL, re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[^/]+/(\d+)", re.IGNORECASE)),
    (Spelling.URL, re.compile(r"https?://www\.opengis\.net/def/crs/OGC/[^/]+/(CRS84)", re.IGNORECASE)),
    (Spelling.GML2, re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d+)", re.IGNORECASE)),
    (Spelling.SHORT, re.compile(r"EPSG:(\d+)", re.IGNORECASE)),
    (Spelling.SHORT, re.compile(r"(?:(?:OGC:|CRS:)(?:CRS)?84|CRS84)()", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class CrsRef:
    """A CRS as a client wrote it: `text` is echoed, `lat_lon` is the order of coordinates in requests and answers."""

    crs: Crs
    text: str
    lat_lon: bool


@lru_cache(maxsize=256)
def parse_crs(text: str, *, legacy_order: bool = False) -> CrsRef:
    """Read any spelling in circulation; raises `UnknownCrs`.

    URN and URL spellings have the authority's axis order, the short and GML 2 spellings are x, y (DOMAIN 6.1, the rule
    that the clients of the Flemish services rely on); `legacy_order` (WFS 1.0) makes every spelling x, y.
    """
    for spelling, pattern in _SPELLINGS:
        if match := pattern.fullmatch(text.strip()):
            crs = _BY_CODE.get((match[1] or "CRS84").upper())
            if crs is None:
                break
            authority_order = spelling in (Spelling.URN, Spelling.URL) and not legacy_order
            return CrsRef(crs, text.strip(), crs.lat_lon and authority_order)
    raise UnknownCrs(f"CRS not served: {text[:80]!r}; served are {', '.join(crs.short for crs in SERVED)}")
