"""GML 2.1.2 features as WFS 1.0 carries them: `<gml:featureMember><POI:POI fid="POI.1">…</POI:POI></gml:featureMember>`.

They are encoded on demand; coordinates are `x,y x,y`, in the order that the `CrsRef` says (in WFS 1.0 always x, y).
"""

from __future__ import annotations

from collections.abc import Sequence

from exports import gml, gml31, gml_documents
from exports.gml_features import Dialect, GmlEncoder
from release.crs import LAMBERT72, CrsRef
from release.schema import FeatureType

MEDIA_TYPE = "text/xml; subtype=gml/2.1.2"
WFS, GML = gml31.WFS, gml31.GML
WFS_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd"

MEMBER, MEMBER_END = gml31.MEMBER, gml31.MEMBER_END
TAIL = gml.TAIL

_COORDINATES = ('<gml:coordinates decimal="." cs="," ts=" ">', "</gml:coordinates>")


class Gml2(GmlEncoder):
    """The encoder `gml2`: GML 2.1.2, an id on the feature alone."""

    name = "gml2"
    dialect = Dialect(
        member=(MEMBER.decode(), MEMBER_END.decode()),
        feature_id="fid",
        geometry_id=None,
        default=CrsRef(LAMBERT72, f"http://www.opengis.net/gml/srs/epsg.xml#{LAMBERT72.code}", lat_lon=False),
        axes=",",
        position=_COORDINATES,
        line=_COORDINATES,
        multipolygon="gml:MultiPolygon",
        polygon_member="gml:polygonMember",
        outer="outerBoundaryIs",
        inner="innerBoundaryIs",
    )


def collection_head(feature_types: Sequence[FeatureType], schema_location: str, words: str = "") -> bytes:
    """Start of a wfs:FeatureCollection, up to the first member; `schema_location` as in `exports.gml`; `words` describe it."""
    locations = f"{WFS} {WFS_SCHEMA} {feature_types[0].namespace} {schema_location}"
    described = gml_documents.description(words) if words else ""
    opening = gml_documents.collection(feature_types, WFS, GML, locations, {}) + described
    # GML 2.1.2 feature.xsd: a collection must have boundedBy; the extent of what is copied is not known here
    return f"{opening}<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>\n".encode()


def feature_document(fragment: bytes, feature_type: FeatureType, schema_location: str) -> bytes:
    """A document whose root is the feature itself, from its fragment of `gml2`."""
    return gml_documents.single(bytes(fragment).removeprefix(MEMBER).removesuffix(MEMBER_END), feature_type, GML, schema_location)
