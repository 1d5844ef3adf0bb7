"""DescribeFeatureType: the GML application schema of the feature types asked for."""

from __future__ import annotations

from exports import gml_schema
from publish.wfs import formats
from publish.wfs.answer import Answer, document
from publish.wfs.offer import Offer
from publish.wfs.requests import DescribeFeatureType

_XSD = ("XMLSCHEMA", "text/xml; subtype=xsd", "application/xml; subtype=xsd", "application/xsd+xml")


def describe_feature_type(request: DescribeFeatureType, offer: Offer) -> Answer:
    """One `xs:schema`, that imports those of other namespaces; raises `InvalidParameter`.

    FME asks for it in the words of GetFeature's GML 3.2; WFS 1.0 clients for XMLSCHEMA.
    """
    if request.output_format not in _XSD:
        formats.require_gml(request.output_format)
    named = [offer.names.feature_type(text, request.namespaces, "typeName") for text in request.type_names]
    return document(gml_schema.application_schema(tuple(dict.fromkeys(named)) or offer.kinds, offer.url), gml_schema.MEDIA_TYPE)
