"""The official schemas, offline: those in the wheel of pycsw (STANDARDS §1), with the schemas that our own service describes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from lxml import etree

_XS = "http://www.w3.org/2001/XMLSchema"


def official(path: str) -> Path:
    """`gml/3.2.1/gml.xsd`, `ows/1.1.0/owsAll.xsd`; the test is skipped where pycsw is not installed."""
    found = importlib.util.find_spec("pycsw")
    if found is None or found.origin is None:
        pytest.skip("pycsw, whose wheel carries the official schemas, is not installed")
    return Path(found.origin).parent / "core" / "schemas" / "ogc" / path


def compiled(*documents: tuple[str, str]) -> etree.XMLSchema:
    """One schema that imports these: namespace and place."""
    imports = "".join(f'<xs:import namespace="{namespace}" schemaLocation="{place}"/>' for namespace, place in documents)
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{_XS}">{imports}</xs:schema>'))


def application(described: bytes, folder: Path) -> etree.XMLSchema:
    """The schema that DescribeFeatureType gave, with the official GML below it."""
    gml = official("gml/3.2.1/gml.xsd").as_uri()
    root = etree.fromstring(described.replace(b"http://schemas.opengis.net/gml/3.2.1/gml.xsd", gml.encode()))
    target = root.get("targetNamespace", "")
    place = folder / f"{target.rpartition('/')[2]}.xsd"
    place.write_bytes(etree.tostring(root))
    return compiled((target, place.as_uri()))


def require_valid(schema: etree.XMLSchema, element: etree._Element) -> None:
    """Raises with what the schema has against the element, taken as a document of its own."""
    document = etree.fromstring(etree.tostring(element))
    schema.assertValid(document)
