"""`fes:Filter_Capabilities`: the operators that filters may hold, from the table that reads them."""

from __future__ import annotations

from publish.wfs.documents import FES, OWS, Element
from publish.wfs.fes import OPERATORS
from publish.wfs.markup import Maker
from publish.wfs.offer import Offer

CONFORMANCE: dict[str, bool] = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": False,
    "ImplementsMinTemporalFilter": False,
    "ImplementsTemporalFilter": False,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
"""FES 2.0 table 1."""

_FES, _OWS = Maker(FES), Maker(OWS)


def filter_capabilities(root: Element, _: Offer) -> None:
    """Add the section."""
    section = _FES.add(root, "Filter_Capabilities")
    conformance = _FES.add(section, "Conformance")
    for name, true in CONFORMANCE.items():
        constraint = _FES.add(conformance, "Constraint", None, {"name": name})
        _OWS.add(constraint, "NoValues")
        _OWS.add(constraint, "DefaultValue", "TRUE" if true else "FALSE")
    _FES.add(_FES.add(section, "Id_Capabilities"), "ResourceIdentifier", None, {"name": "fes:ResourceId"})
    scalar = _FES.add(section, "Scalar_Capabilities")
    _FES.add(scalar, "LogicalOperators")
    comparison = _FES.add(scalar, "ComparisonOperators")
    for name in OPERATORS:
        _FES.add(comparison, "ComparisonOperator", None, {"name": name})
    spatial = _FES.add(section, "Spatial_Capabilities")
    _FES.add(_FES.add(spatial, "GeometryOperands"), "GeometryOperand", None, {"name": "gml:Envelope"})
    _FES.add(_FES.add(spatial, "SpatialOperators"), "SpatialOperator", None, {"name": "BBOX"})
