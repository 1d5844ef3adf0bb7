"""The official schemas of WFS 1.0 and 1.1 with the GML and filters below them, of WMS and of SLD 1.0, from `org.jvnet.ogc:ogc-schemas`.

No wheel carries those of WFS 1.0, 1.1 and GML 2.1.2. Fetch the jar once with
`mvn dependency:get -Dartifact=org.jvnet.ogc:ogc-schemas:2.6.1`; without it the tests that need it are skipped.
"""

import importlib.util
import os
import re
import zipfile
from pathlib import Path

import pytest

_VERSION = "2.6.1"
_REPOSITORY = Path.home() / ".m2" / "repository"
_FOLDERS = ("wfs/", "wms/1.3.0/", "gml/2.1.2/", "gml/3.1.1/", "gml/3.2.1/", "filter/", "sld/1.0.0/", "ows/1.", "iso/", "smil", "xlink")

_W3C = {rb"xlinks?\.xsd": "1999/xlink.xsd", rb"/xml\.xsd": "2001/xml.xsd"}
"""One schema for each of these namespaces: libxml2 reads the first that it meets and no other."""

OFFICIAL = "http://schemas.opengis.net/"


def unpacked(folder: Path) -> Path:
    """The schemas below `folder`, with what they import from each other found there; `wfs/1.1.0/wfs.xsd`. Skips without the jar."""
    with zipfile.ZipFile(_jar()) as archive:
        for name in archive.namelist():
            path = name.removeprefix("ogc/")
            if name.endswith(".xsd") and path.startswith(_FOLDERS):
                place = folder / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(located(archive.read(name), folder))
    return folder


def document(path: str) -> bytes:
    """A file of it as it is, `wms/1.1.1/capabilities_1_1_1.dtd`. Skips without the jar."""
    with zipfile.ZipFile(_jar()) as archive:
        return archive.read(f"ogc/{path}")


def _jar() -> Path:
    repository = Path(os.environ.get("MAVEN_REPOSITORY", _REPOSITORY))
    jar = repository / "org" / "jvnet" / "ogc" / "ogc-schemas" / _VERSION / f"ogc-schemas-{_VERSION}.jar"
    if not jar.exists():
        pytest.skip(f"{jar.name} has not been fetched from Maven Central")
    return jar


def located(schema: bytes, folder: Path) -> bytes:
    """A schema whose imports of official ones are found in `folder`, those of the W3C in the wheel of pycsw."""
    w3c = Path(str(importlib.util.find_spec("pycsw").origin)).parent / "core" / "schemas" / "w3c"  # type: ignore[union-attr] # a requirement
    for name, path in _W3C.items():
        schema = re.sub(rb'(schemaLocation=")[^"]*' + name, rb"\g<1>" + (w3c / path).as_uri().encode(), schema)
    return schema.replace(OFFICIAL.encode(), f"{folder.as_uri()}/".encode())
