"""The GML application schema (XSD) of feature types: what DescribeFeatureType answers and what lies beside a GML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from lxml import etree

from exports import gml, gml2, gml31
from release.schema import FeatureType, Field, FieldType, Geometry, Text

MEDIA_TYPE = "application/gml+xml; version=3.2"
GML_SCHEMA = "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
"""The exact address that offline validators know (STANDARDS §1)."""

_XS = "http://www.w3.org/2001/XMLSchema"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_TYPES: dict[FieldType, str] = {
    FieldType.TEXT: "xs:string",
    FieldType.INTEGER: "xs:long",  # OIDN has 48 bits; readers take xs:integer for 32
    FieldType.NUMBER: "xs:decimal",
    FieldType.DATE: "xs:date",
    FieldType.URI: "xs:anyURI",
}
_SURFACES = {Geometry.POINT: "gml:PointPropertyType", Geometry.MULTIPOLYGON: "gml:MultiSurfacePropertyType"}
_POLYGONS = {Geometry.POINT: "gml:PointPropertyType", Geometry.MULTIPOLYGON: "gml:MultiPolygonPropertyType"}


@dataclass(frozen=True, slots=True)
class _Flavour:
    """What a version of WFS says of feature types in its own GML; `keyword` names them in DescribeFeatureType."""

    namespace: str
    schema: str
    feature: str
    geometries: Mapping[Geometry, str]
    keyword: str


_FLAVOURS: Mapping[str, _Flavour] = {
    "2.0.0": _Flavour(gml.GML, GML_SCHEMA, "gml:AbstractFeature", _SURFACES, "TYPENAMES"),
    "1.1.0": _Flavour(gml31.GML, "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd", "gml:_Feature", _SURFACES, "TYPENAME"),
    "1.0.0": _Flavour(gml2.GML, "http://schemas.opengis.net/gml/2.1.2/feature.xsd", "gml:_Feature", _POLYGONS, "TYPENAME"),
}


def application_schema(feature_types: Sequence[FeatureType], base_url: str, version: str = "2.0.0") -> bytes:
    """The schema document of the first feature type's namespace; other namespaces are imported from `base_url`.

    `base_url` is the address of the WFS, without a query; `version` is that of WFS, and decides which GML is described:
    3.2.1, 3.1.1 (1.1.0) or 2.1.2 (1.0.0). Raises `ValueError` for no feature types, `KeyError` for no such version.
    """
    if not feature_types:
        raise ValueError("a schema needs at least one feature type")
    flavour = _FLAVOURS[version]
    target = feature_types[0].namespace
    own = [kind for kind in feature_types if kind.namespace == target]
    others = [kind for kind in feature_types if kind.namespace != target]
    prefixes = {"xs": _XS, "gml": flavour.namespace} | {kind.prefix: kind.namespace for kind in own}
    root = etree.Element(_xs("schema"), nsmap=prefixes, targetNamespace=target, elementFormDefault="qualified", version="1.0")
    etree.SubElement(root, _xs("import"), namespace=flavour.namespace, schemaLocation=flavour.schema)
    for namespace in dict.fromkeys(kind.namespace for kind in others):
        names = ",".join(kind.qualified for kind in others if kind.namespace == namespace)
        query = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "DescribeFeatureType", flavour.keyword: names}
        etree.SubElement(root, _xs("import"), namespace=namespace, schemaLocation=f"{base_url}?{urlencode(query, safe=':,')}")
    for kind in own:
        _feature_type(root, kind, flavour)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _feature_type(root: etree._Element, kind: FeatureType, flavour: _Flavour) -> None:
    """ISO 19136 §21.3: a global element that substitutes gml:AbstractFeature, and its type; before GML 3.2 gml:_Feature."""
    element = etree.SubElement(root, _xs("element"), name=kind.name, type=f"{kind.qualified}Type", substitutionGroup=flavour.feature)
    _document(element, kind.abstract)
    content = etree.SubElement(etree.SubElement(root, _xs("complexType"), name=f"{kind.name}Type"), _xs("complexContent"))
    sequence = etree.SubElement(etree.SubElement(content, _xs("extension"), base="gml:AbstractFeatureType"), _xs("sequence"))
    for field in kind.fields:
        _field(sequence, field)
    if kind.geometry is not None:
        etree.SubElement(sequence, _xs("element"), name=kind.geometry_name, type=flavour.geometries[kind.geometry], minOccurs="0")


def _field(sequence: etree._Element, field: Field) -> None:
    element = etree.SubElement(sequence, _xs("element"), name=field.name, minOccurs="1" if field.required else "0")
    limited = field.length is not None and field.type in (FieldType.TEXT, FieldType.URI)
    if not limited:
        element.set("type", _TYPES[field.type])
    _document(element, field.title)
    if limited:
        restriction = etree.SubElement(etree.SubElement(element, _xs("simpleType")), _xs("restriction"), base=_TYPES[field.type])
        etree.SubElement(restriction, _xs("maxLength"), value=str(field.length))


def _document(element: etree._Element, text: Text) -> None:
    annotation = etree.SubElement(element, _xs("annotation"))
    for language, words in (("nl", text.nl), ("en", text.en)):
        etree.SubElement(annotation, _xs("documentation"), {_XML_LANG: language}).text = words


def _xs(name: str) -> str:
    return f"{{{_XS}}}{name}"
