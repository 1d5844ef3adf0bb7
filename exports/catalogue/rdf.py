"""A graph as bytes that follow from its triples alone, whatever the order in which they came."""

from __future__ import annotations

import json

from lxml import etree
from rdflib import DCAT, FOAF, RDF, SKOS, Graph, Literal
from rdflib.namespace import split_uri
from rdflib.term import Node

Element = etree._Element
Json = str | bool | int | float | None | list["Json"] | dict[str, "Json"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ROOT, _ABOUT, _RESOURCE, _DATATYPE = (f"{{{RDF}}}{name}" for name in ("RDF", "about", "resource", "datatype"))
_REFERRED = frozenset({FOAF.primaryTopic, DCAT.servesDataset, DCAT.accessService})
"""What leads to a node that is described elsewhere; everything else is described where it is used."""


def turtle(graph: Graph) -> bytes:
    """Turtle: rdflib sorts subjects, predicates and objects."""
    return graph.serialize(format="turtle", encoding="utf-8")


def rdf_xml(graph: Graph) -> bytes:
    """RDF/XML in typed, nested elements: the catalogue of Flanders checks it as XML, and looks for a contact, a theme, a code or a licence
    inside the element that has it (metadata-geonetwork, schematron-rules-dcat-ap-vl.sch)."""
    root = etree.Element(_ROOT, nsmap={prefix: str(namespace) for prefix, namespace in sorted(graph.namespaces())})
    for catalogue in sorted(graph.subjects(RDF.type, DCAT.Catalog), key=str):
        _node(root, graph, catalogue)
    etree.indent(root, " ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _node(parent: Element, graph: Graph, node: Node) -> None:
    # A concept that is also of a class that another profile asks for stays a concept.
    kinds = sorted(graph.objects(node, RDF.type), key=lambda kind: (kind != SKOS.Concept, kind))
    element = etree.SubElement(parent, _tag(kinds[0]), {_ABOUT: str(node)})
    for kind in kinds[1:]:
        etree.SubElement(element, _tag(RDF.type), {_RESOURCE: str(kind)})
    for predicate, value in sorted((pair for pair in graph.predicate_objects(node) if pair[0] != RDF.type), key=_order):
        _property(etree.SubElement(element, _tag(predicate)), graph, predicate, value)


def _property(element: Element, graph: Graph, predicate: Node, value: Node) -> None:
    if isinstance(value, Literal):
        element.text = str(value)
        if value.language:
            element.set(_LANG, value.language)
        elif value.datatype:
            element.set(_DATATYPE, str(value.datatype))
    elif predicate in _REFERRED or (value, None, None) not in graph:
        element.set(_RESOURCE, str(value))
    else:
        _node(element, graph, value)


def _order(pair: tuple[Node, Node]) -> tuple[str, bool, str]:
    """Dutch first: some readers take the first text that they find."""
    predicate, value = pair
    return predicate.n3(), isinstance(value, Literal) and value.language != "nl", value.n3()


def _tag(uri: Node) -> str:
    namespace, name = split_uri(str(uri))
    return f"{{{namespace}}}{name}"


def json_ld(graph: Graph) -> bytes:
    """JSON-LD, whose context is in it."""
    prefixes = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    made: Json = json.loads(graph.serialize(format="json-ld", context=prefixes))
    return json.dumps(_sorted(made), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _sorted(value: Json) -> Json:
    """Lists are sets in JSON-LD (but for `@list`, of which there is none)."""
    if isinstance(value, dict):
        return {key: _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
