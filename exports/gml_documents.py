"""Documents around GML features, in text: the opening tag of a collection, and a feature as the root."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from release.schema import FeatureType

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_HYPHENS = re.compile("-(?=-)")
_SPECIAL = re.compile(r"""[&<>"\n\r\t]""")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def collection(feature_types: Sequence[FeatureType], wfs: str, gml: str, locations: str, attributes: Mapping[str, str | None]) -> str:
    """The declaration and the start tag of a wfs:FeatureCollection; an attribute that is null is left out.

    `wfs` and `gml` are namespaces; `locations` is the value of xsi:schemaLocation: pairs of a namespace and an address.
    """
    start = _collection(wfs, gml, tuple(dict.fromkeys((kind.prefix, kind.namespace) for kind in feature_types)))
    return f"{start}{_attributes(attributes)} xsi:schemaLocation={_quoted(locations)}>\n"


@lru_cache(maxsize=64)  # it begins every answer
def _collection(wfs: str, gml: str, kinds: tuple[tuple[str, str], ...]) -> str:
    return f"{_DECLARATION}<wfs:FeatureCollection{_declared({'wfs': wfs, 'gml': gml, 'xsi': XSI} | dict(kinds))}"


def single(feature: bytes, feature_type: FeatureType, gml: str, schema_location: str, words: str = "") -> bytes:
    """A document whose root is the feature itself. `feature` is its element; `schema_location` is where the XSD of its namespace is.

    `words` stand behind it as a comment: `gml:description` would be of the object that the feature is.
    """
    tag = f"<{feature_type.qualified}".encode()
    namespaces = {"gml": gml, "xsi": XSI, feature_type.prefix: feature_type.namespace}
    head = _declared(namespaces) + _attributes({"xsi:schemaLocation": f"{feature_type.namespace} {schema_location}"})
    after = f"\n{comment(words)}" if words else "\n"
    return b"".join((_DECLARATION.encode(), tag, head.encode(), feature.removeprefix(tag), after.encode()))


@lru_cache(maxsize=64)
def comment(text: str) -> str:
    """A text for people where no element may hold it; XML 1.0 §2.5: no two hyphens."""
    return f"<!-- {escape(_HYPHENS.sub('- ', text))} -->\n"


@lru_cache(maxsize=64)
def description(text: str) -> str:
    """`gml:description`, in GML 2 and 3.1 the first property of a collection."""
    return f"<gml:description>{escape(text)}</gml:description>\n"


def moment(timestamp: datetime) -> str:
    """An aware time as `2026-11-21T00:00:00Z`."""
    return f"{timestamp.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def escaped(text: str) -> str:
    """A text as it stands inside the double quotes of an attribute."""
    return escape(text, {'"': "&quot;"})


def _declared(namespaces: Mapping[str, str]) -> str:
    return "".join(f" xmlns:{prefix}={_quoted(uri)}" for prefix, uri in namespaces.items())


def _attributes(attributes: Mapping[str, str | None]) -> str:
    return "".join(f" {name}={_quoted(value)}" for name, value in attributes.items() if value is not None)


def _quoted(text: str) -> str:
    """In quotes; most texts need nothing more, and looking is cheaper than replacing."""
    return quoteattr(text) if _SPECIAL.search(text) else f'"{text}"'
