"""Filter_Capabilities of FES 2.0, Filter 1.1 and Filter 1.0: the operators that filters may hold, from the tables that read them."""

from __future__ import annotations

from collections.abc import Iterable

from publish import fes
from publish.fes import comparisons, spatial, temporal, times
from publish.fes.geometries import ENVELOPES, GEOMETRIES
from publish.filters.periods import Temporal
from publish.wfs.documents import FES, OGC, OWS, Element
from publish.wfs.markup import Maker
from publish.wfs.offer import Offer
from release.schema import FeatureType, FieldType

_FES, _OGC, _OWS = Maker(FES), Maker(OGC), Maker(OWS)

_NOT_IN_GML32 = {"Box", "MultiLineString", "MultiPolygon"}
"""Geometries of GML 2 and 3.1 that GML 3.2 dropped; they are read all the same."""

_IN_FILTER_11 = ("Envelope", "Point", "LineString", "Polygon")
"""Filter 1.1 filterCapabilities.xsd, GeometryOperandType: the others are read, but cannot be named."""

_UNNAMED = Temporal.INTERACTS
"""FES 2.0 filterCapabilities.xsd, TemporalOperatorNameType, leaves out the operator that filter.xsd has; it is read all the same."""

_COMPARISONS_11 = {
    "PropertyIsLessThan": "LessThan",
    "PropertyIsGreaterThan": "GreaterThan",
    "PropertyIsLessThanOrEqualTo": "LessThanEqualTo",
    "PropertyIsGreaterThanOrEqualTo": "GreaterThanEqualTo",
    "PropertyIsEqualTo": "EqualTo",
    "PropertyIsNotEqualTo": "NotEqualTo",
    "PropertyIsLike": "Like",
    "PropertyIsBetween": "Between",
    "PropertyIsNull": "NullCheck",
}
"""Names of comparison operators in Filter 1.1; the first six are Simple_Comparisons in Filter 1.0."""


def conformance(kinds: Iterable[FeatureType]) -> dict[str, bool]:
    """FES 2.0 table 1, as true as the feature types make it: operators on dates need a field of type date."""
    kinds = tuple(kinds)
    located = any(kind.geometry is not None for kind in kinds)
    dated = _dated(kinds)
    return {
        "ImplementsQuery": True,
        "ImplementsAdHocQuery": True,
        "ImplementsFunctions": False,
        "ImplementsResourceId": True,
        "ImplementsMinStandardFilter": True,
        "ImplementsStandardFilter": True,
        "ImplementsMinSpatialFilter": located,
        "ImplementsSpatialFilter": located and len(spatial.OPERATORS) > 1,
        "ImplementsMinTemporalFilter": dated and "During" in temporal.OPERATORS,
        "ImplementsTemporalFilter": dated and len(temporal.OPERATORS) > 1,
        "ImplementsVersionNav": False,
        "ImplementsSorting": True,
        "ImplementsExtendedOperators": False,
        "ImplementsMinimumXPath": True,
        "ImplementsSchemaElementFunc": False,
    }


def filter_capabilities(root: Element, offer: Offer) -> None:
    """Add `fes:Filter_Capabilities` (FES 2.0 §7.15)."""
    section = _FES.add(root, "Filter_Capabilities")
    classes = _FES.add(section, "Conformance")
    for name, true in conformance(offer.kinds).items():
        constraint = _FES.add(classes, "Constraint", None, {"name": name})
        _OWS.add(constraint, "NoValues")
        _OWS.add(constraint, "DefaultValue", "TRUE" if true else "FALSE")
    _FES.add(_FES.add(section, "Id_Capabilities"), "ResourceIdentifier", None, {"name": "fes:ResourceId"})
    scalar = _FES.add(section, "Scalar_Capabilities")
    _FES.add(scalar, "LogicalOperators")
    _named(scalar, "ComparisonOperator", fes.OPERATORS)
    space = _FES.add(section, "Spatial_Capabilities")
    _named(space, "GeometryOperand", (f"gml:{name}" for name in (*ENVELOPES, *GEOMETRIES) if name not in _NOT_IN_GML32))
    _named(space, "SpatialOperator", spatial.OPERATORS)
    if _dated(offer.kinds):
        time = _FES.add(section, "Temporal_Capabilities")
        _named(time, "TemporalOperand", (f"gml:{name}" for name in times.TIMES))
        _named(time, "TemporalOperator", (name for name in temporal.OPERATORS if name != _UNNAMED))


def filter_capabilities_11(root: Element) -> None:
    """Add `ogc:Filter_Capabilities` of Filter 1.1 (OGC 04-095 §19); `root` binds the prefix gml."""
    section = _OGC.add(root, "Filter_Capabilities")
    space = _OGC.add(section, "Spatial_Capabilities")
    operands = _OGC.add(space, "GeometryOperands")
    for name in (*ENVELOPES, *GEOMETRIES):
        if name in _IN_FILTER_11:
            _OGC.add(operands, "GeometryOperand", f"gml:{name}")
    operators = _OGC.add(space, "SpatialOperators")
    for name in spatial.OPERATORS:
        _OGC.add(operators, "SpatialOperator", None, {"name": name})
    scalar = _OGC.add(section, "Scalar_Capabilities")
    _OGC.add(scalar, "LogicalOperators")
    compared = _OGC.add(scalar, "ComparisonOperators")
    for name in comparisons.OPERATORS:
        if name in _COMPARISONS_11:
            _OGC.add(compared, "ComparisonOperator", _COMPARISONS_11[name])
    ids = _OGC.add(section, "Id_Capabilities")
    _OGC.add(ids, "EID")
    _OGC.add(ids, "FID")


def filter_capabilities_10(root: Element) -> None:
    """Add `ogc:Filter_Capabilities` of Filter 1.0 (OGC 02-059 §16), where each operator is an empty element."""
    section = _OGC.add(root, "Filter_Capabilities")
    operators = _OGC.add(_OGC.add(section, "Spatial_Capabilities"), "Spatial_Operators")
    spellings = {name: spelling for spelling, name in spatial.SPELLINGS.items()}
    for name in spatial.OPERATORS:
        _OGC.add(operators, spellings.get(name, name))
    scalar = _OGC.add(section, "Scalar_Capabilities")
    _OGC.add(scalar, "Logical_Operators")
    compared = _OGC.add(scalar, "Comparison_Operators")
    _OGC.add(compared, "Simple_Comparisons")
    for name in comparisons.OPERATORS:
        if name not in comparisons.COMPARISONS and name in _COMPARISONS_11:
            _OGC.add(compared, _COMPARISONS_11[name])


def _named(parent: Element, element: str, names: Iterable[str]) -> None:
    """`<fes:SpatialOperators><fes:SpatialOperator name="BBOX"/>…`."""
    group = _FES.add(parent, f"{element}s")
    for name in names:
        _FES.add(group, element, None, {"name": name})


def _dated(kinds: Iterable[FeatureType]) -> bool:
    return any(field.type is FieldType.DATE for kind in kinds for field in kind.fields)
