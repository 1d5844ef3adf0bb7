"""Outside XML, read safely: no entities, no network, bounded in size and depth; and lenient where real clients err."""

from __future__ import annotations

import re

from lxml import etree

from publish.filters.errors import Unreadable

Element = etree._Element
"""An element of a parsed document."""

MAX_DEPTH = 40
MAX_ELEMENTS = 20_000

FES = "http://www.opengis.net/fes/2.0"
OGC = "http://www.opengis.net/ogc"
GML32 = "http://www.opengis.net/gml/3.2"
GML31 = "http://www.opengis.net/gml"

_KNOWN = {
    "fes": FES,
    "ogc": OGC,
    "gml": GML31,
    "wfs": "http://www.opengis.net/wfs/2.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
}
_FORGOTTEN = re.compile("^(Namespace prefix .* is not defined|Attribute xmlns.* redefined)")

_TAG = re.compile(r"<[^<>]*>")
_BINDING = re.compile(r"""\s(xmlns(?::[\w.-]+)?)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def parse(text: bytes) -> Element:
    """The root of a document; raises `Unreadable`."""
    try:
        root = etree.fromstring(text, _parser())
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the XML cannot be read: {error.msg}") from error
    except (ValueError, LookupError) as error:
        raise Unreadable("the XML cannot be read: its encoding is not known") from error
    _bounded(root)
    return root


def parse_keyword(text: str, locator: str) -> Element:
    """The root of a document that came as the value of a keyword, which `locator` names; raises `Unreadable`.

    What clients forget is put right: prefixes that are never declared (the POI service's users), bindings given twice (QGIS #66263).
    """
    document = _DECLARATION.sub("", text)
    for mend in (None, _bind_once, _bind_known):
        document = mend(document) if mend else document
        try:
            root = etree.fromstring(document.encode(), _parser())
        except etree.XMLSyntaxError as error:
            if error.msg and _FORGOTTEN.search(error.msg) and mend is not _bind_known:
                continue
            raise Unreadable(f"{locator} cannot be read: {error.msg}", locator) from error
        except ValueError as error:
            raise Unreadable(f"{locator} cannot be read", locator) from error
        _bounded(root)
        return root[0] if mend is _bind_known and len(root) == 1 else root
    raise Unreadable(f"{locator} cannot be read", locator)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return _name(element).rpartition("}")[2]


def _name(element: Element) -> str:
    """`{namespace}name`; the namespace may be any text, with braces too, which `etree.QName` cannot bear."""
    return str(element.tag)


def namespace(element: Element) -> str | None:
    """The namespace of an element's name."""
    return _name(element)[1:].rpartition("}")[0] or None


def children(element: Element) -> list[Element]:
    """The elements in an element."""
    return [child for child in element if isinstance(child.tag, str)]


def text_of(element: Element) -> str:
    """The text of an element that holds nothing else."""
    return element.text or ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)


def _bounded(root: Element) -> None:
    """No document type, so no entities (billion laughs); not too deep, not too many elements."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a document type declaration is not accepted")
    level, count = [root], 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for element in level for child in element]
        if not level or count > MAX_ELEMENTS:
            break
    if level or count > MAX_ELEMENTS:
        raise Unreadable(f"the XML is nested more than {MAX_DEPTH} deep or has more than {MAX_ELEMENTS} elements")


def _bind_once(document: str) -> str:
    """Each prefix bound once in a tag, as it was bound first."""

    def mended(tag: re.Match[str]) -> str:
        seen: set[str] = set()

        def first(binding: re.Match[str]) -> str:
            known = binding[1] in seen
            seen.add(binding[1])
            return "" if known else binding[0]

        return _BINDING.sub(first, tag[0])

    return _TAG.sub(mended, document)


def _bind_known(document: str) -> str:
    """The document inside an element that binds the usual prefixes."""
    bindings = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _KNOWN.items())
    return f"<keyword{bindings}>{document}</keyword>"
