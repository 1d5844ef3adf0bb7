"""Elements of XML from their content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

Element = etree._Element


@dataclass(frozen=True)
class Maker:
    """Makes elements of a namespace, empty for none; `prefixes` are declared at each root that it makes."""

    namespace: str = ""
    prefixes: Mapping[str | None, str] = field(default_factory=dict)

    def __call__(self, name: str, /, *content: Element | str, **attributes: str) -> Element:
        """An element with a text or with elements; `class_` stands for `class`."""
        full = f"{{{self.namespace}}}{name}" if self.namespace else name
        made = etree.Element(full, nsmap=dict(self.prefixes))  # type: ignore[arg-type] # the stubs know no default namespace
        for key, value in attributes.items():
            made.set(key.removesuffix("_"), value)
        for part in content:
            if isinstance(part, str):
                made.text = part
            else:
                made.append(part)
        return made


def written(root: Element) -> bytes:
    """A document: UTF-8 with its declaration, indented."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
