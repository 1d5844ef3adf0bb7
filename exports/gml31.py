"""GML 3.1.1 features as WFS 1.1 carries them: `<gml:featureMember><POI:POI gml:id="POI.1">…</POI:POI></gml:featureMember>`.

Within its member a feature of ours is the same text in GML 3.1.1 and 3.2.1: the namespace of `gml:` is declared by the
collection. So nothing is encoded: the members of `gml32` get another name on their way out, at 2 GB/s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from exports import gml, gml_documents
from release.schema import FeatureType

MEDIA_TYPE = "text/xml; subtype=gml/3.1.1"
WFS, GML = "http://www.opengis.net/wfs", "http://www.opengis.net/gml"
WFS_SCHEMA = "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd"

MEMBER, MEMBER_END = b"<gml:featureMember>", b"</gml:featureMember>\n"
TAIL = gml.TAIL

_BLOCK = 1 << 16
_BETWEEN = gml.MEMBER_END + gml.MEMBER


def collection_head(
    feature_types: Sequence[FeatureType], features: int, timestamp: datetime, schema_location: str, words: str = ""
) -> bytes:
    """Start of a wfs:FeatureCollection, up to the first member. `timestamp` is aware; `schema_location` as in `exports.gml`.

    `words` describe the collection.

    WFS 1.1 §9.3: `features` is how many follow or, in an answer to resultType=hits, how many there are.
    """
    attributes = {"numberOfFeatures": str(features), "timeStamp": gml_documents.moment(timestamp)}
    locations = f"{WFS} {WFS_SCHEMA} {feature_types[0].namespace} {schema_location}"
    opening = gml_documents.collection(feature_types, WFS, GML, locations, attributes)
    return (opening + gml_documents.description(words) if words else opening).encode()


def members(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Fragments of the encoder `gml32`, cut anywhere, as members of a collection of GML 3.1.1.

    No value can hold what is replaced: in values `<` is an entity.
    """
    waiting: list[bytes | memoryview] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _BLOCK:
            whole = b"".join(waiting)
            end = whole.rfind(gml.MEMBER)
            yield _renamed(whole[:end])
            waiting, size = [whole[end:]], len(whole) - end
    yield _renamed(b"".join(waiting))


def feature_document(fragment: bytes, feature_type: FeatureType, schema_location: str) -> bytes:
    """A document whose root is the feature itself, from its fragment of `gml32` (WFS 1.1 §10: GetGmlObject)."""
    feature = bytes(fragment).removeprefix(gml.MEMBER).removesuffix(gml.MEMBER_END)
    return gml_documents.single(feature, feature_type, GML, schema_location)


def _renamed(fragments: bytes) -> bytes:
    """Whole members, or nothing."""
    inner = fragments.removeprefix(gml.MEMBER).removesuffix(gml.MEMBER_END)
    return b"".join((MEMBER, inner.replace(_BETWEEN, MEMBER_END + MEMBER), MEMBER_END)) if inner else b""
