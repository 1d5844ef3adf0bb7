"""DescribeFeatureType: the GML application schema of the feature types asked for."""

from __future__ import annotations

from exports import gml_schema
from publish.answer import XML, Answer, document
from publish.wfs import formats
from publish.wfs.errors import InvalidParameter
from publish.wfs.offer import Offer
from publish.wfs.requests import DescribeFeatureType

_XSD = ("XMLSCHEMA", "text/xml; subtype=xsd", "application/xml; subtype=xsd", "application/xsd+xml")


def describe_feature_type(request: DescribeFeatureType, offer: Offer) -> Answer:
    """One `xs:schema` in the GML of the version, that imports those of other namespaces; raises `InvalidParameter`.

    FME asks for it in the words of GetFeature's GML; WFS 1.0 clients for XMLSCHEMA.
    """
    form = formats.OWN[request.version] if request.output_format in _XSD else formats.find(request.output_format, request.version)
    if all(form is not own for own in formats.OWN.values()):
        raise InvalidParameter(f"this operation answers in {form.spellings[0]}", "outputFormat")
    named = [offer.names.feature_type(text, request.namespaces, "typeName") for text in request.type_names]
    schema = gml_schema.application_schema(tuple(dict.fromkeys(named)) or offer.kinds, offer.url, version=form.version)
    return document(schema, XML if form is not formats.GML32 else gml_schema.MEDIA_TYPE)
