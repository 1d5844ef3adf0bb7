"""Capabilities under construction, in the vocabulary of a version."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from publish.wms.versions import Version

Element = etree._Element
"""An element of a document."""

WMS, XLINK, XSI = "http://www.opengis.net/wms", "http://www.w3.org/1999/xlink", "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd"
_DTD = '<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd">'


@dataclass(frozen=True)
class Maker:
    """Elements of a version: WMS 1.3.0 has a namespace, 1.1.1 has none."""

    version: Version

    def root(self) -> Element:
        """The root of a capabilities document."""
        if self.version is Version.V1_1_1:
            return etree.Element("WMT_MS_Capabilities", version=str(self.version))
        names = {None: WMS, "xlink": XLINK, "xsi": XSI}
        root = etree.Element(f"{{{WMS}}}WMS_Capabilities", nsmap=names, version=str(self.version))  # type: ignore[arg-type] # null: default
        root.set(f"{{{XSI}}}schemaLocation", f"{WMS} {_SCHEMA}")
        return root

    def add(self, parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
        """A new last child."""
        full = name if self.version is Version.V1_1_1 else f"{{{WMS}}}{name}"
        element = etree.SubElement(parent, full, attributes)
        element.text = text
        return element

    def link(self, parent: Element, address: str) -> None:
        """`OnlineResource`; the DTD of 1.1.1 wants the prefix declared on each."""
        full = "OnlineResource" if self.version is Version.V1_1_1 else f"{{{WMS}}}OnlineResource"
        attributes = {f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": address}
        etree.SubElement(parent, full, attributes, nsmap={"xlink": XLINK})

    def serialised(self, root: Element) -> bytes:
        """The document, with its declaration."""
        text = etree.tostring(root, encoding="unicode", pretty_print=True)
        doctype = f"{_DTD}\n" if self.version is Version.V1_1_1 else ""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}{text}'.encode()
