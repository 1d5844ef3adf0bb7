"""GML 3.2 features as WFS 2.0 carries them: `<wfs:member><POI:POI gml:id="POI.1">…</POI:POI></wfs:member>`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from exports import gml_documents
from exports.gml_documents import XSI
from exports.gml_features import Dialect, GmlEncoder
from release.crs import LAMBERT72, CrsRef
from release.schema import FeatureType

__all__ = ["GML", "MEDIA_TYPE", "TAIL", "WFS", "WFS_SCHEMA", "XSI", "Gml32", "collection_head", "feature_document", "midnight"]

MEDIA_TYPE = "application/gml+xml; version=3.2"
WFS, GML = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/gml/3.2"
WFS_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
"""The exact address that offline validators know (STANDARDS §1: `https://` is not in their catalogues)."""

MEMBER, MEMBER_END = b"<wfs:member>", b"</wfs:member>\n"
TAIL = b"</wfs:FeatureCollection>\n"


class Gml32(GmlEncoder):
    """The encoder `gml32`: GML 3.2.1, gml:id on the feature and on everything in its geometry."""

    name = "gml32"
    dialect = Dialect(
        member=(MEMBER.decode(), MEMBER_END.decode()),
        feature_id="gml:id",
        geometry_id="gml:id",
        default=CrsRef(LAMBERT72, LAMBERT72.urn, lat_lon=False),
        axes=" ",
        position=("<gml:pos>", "</gml:pos>"),
        line=("<gml:posList>", "</gml:posList>"),
        multipolygon="gml:MultiSurface",
        polygon_member="gml:surfaceMember",
        outer="exterior",
        inner="interior",
    )


def collection_head(
    feature_types: Sequence[FeatureType],
    matched: int | None,
    returned: int,
    timestamp: datetime,
    schema_location: str | None,
    next: str | None = None,  # the name of the attribute in wfs.xsd
    previous: str | None = None,
) -> bytes:
    """Start of a wfs:FeatureCollection, up to the first member. `timestamp` is aware; `matched` null is `unknown`.

    `schema_location` is where the XSD of the first feature type is; that one imports those of other namespaces. It is null for features
    that do not fit it.
    """
    # WFS 2.0 §7.7.4.1: numberMatched may be `unknown`, numberReturned may not
    attributes = {
        "numberMatched": "unknown" if matched is None else str(matched),
        "numberReturned": str(returned),
        "timeStamp": gml_documents.moment(timestamp),
        "next": next,
        "previous": previous,
    }
    locations = f"{WFS} {WFS_SCHEMA}" + (f" {feature_types[0].namespace} {schema_location}" if schema_location else "")
    return gml_documents.collection(feature_types, WFS, GML, locations, attributes).encode()


def tail(words: str) -> bytes:
    """End of a wfs:FeatureCollection, and behind it `words` as a comment: no element of WFS 2.0 may hold them.

    Behind it, because to many readers what stands among the members is one, and others look for the namespace in the first kilobyte.
    """
    return TAIL + gml_documents.comment(words).encode()


def feature_document(fragment: bytes, feature_type: FeatureType, schema_location: str, words: str = "") -> bytes:
    """A document whose root is the feature itself, from its fragment (WFS 2.0 §7.9.3.6: GetFeatureById); `words` are a comment."""
    feature = bytes(fragment).removeprefix(MEMBER).removesuffix(MEMBER_END)
    return gml_documents.single(feature, feature_type, GML, schema_location, words)


def midnight(day: date) -> datetime:
    """The time stamp of files and of answers that hold for a day: its first moment, as `T00:00:00Z`."""
    return datetime.combine(day, time.min, UTC)
