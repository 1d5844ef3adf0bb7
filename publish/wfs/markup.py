"""Building XML documents of ours, one namespace at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from publish.wfs.documents import Element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Maker:
    """Elements of one namespace."""

    namespace: str

    def __call__(self, name: str) -> str:
        """The full name."""
        return f"{{{self.namespace}}}{name}"

    def add(self, parent: Element, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None) -> Element:
        """A new last child."""
        element = etree.SubElement(parent, self(name), dict(attributes or {}))
        element.text = text
        return element


def serialised(root: Element) -> bytes:
    """The document, with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
