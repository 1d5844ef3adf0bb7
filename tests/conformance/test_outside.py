"""The network as a suite sees it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import httpx
import pytest

from conformance.archives import Archive, archives
from conformance.outside import Copies, Outside

CATALOGUE = """<?xml version="1.0"?>
<!DOCTYPE catalog PUBLIC "-//OASIS//DTD Entity Resolution XML Catalog V1.0//EN" "http://www.oasis-open.org/catalog.dtd">
<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
<system systemId="http://schemas.opengis.net/wfs/2.0/wfs.xsd" uri="./xsd/wfs.xsd"/>
<system systemId="http://schemas.opengis.net/gone.xsd" uri="./xsd/gone.xsd"/></catalog>"""
FILES = {
    "org/suite/schema-catalog.xml": CATALOGUE,
    "org/suite/xsd/wfs.xsd": "the wfs schema",
    "xsd/ogc/gml/3.1.1/base/gml.xsd": "the gml schema",
    "xsd/w3c/xlink.xsd": "the xlink schema",
}


@pytest.fixture(params=["jar", "folder"])
def archive(request, tmp_path: Path) -> Archive:
    if request.param == "jar":
        with zipfile.ZipFile(tmp_path / "suite.jar", "w") as jar:
            for name, text in FILES.items():
                jar.writestr(name, text)
        return Archive(tmp_path / "suite.jar")
    for name, text in FILES.items():
        (tmp_path / "suite" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "suite" / name).write_text(text)
    return Archive(tmp_path / "suite")


@pytest.mark.parametrize(
    ("address", "document"),
    [
        ("http://schemas.opengis.net/wfs/2.0/wfs.xsd", b"the wfs schema"),
        ("http://schemas.opengis.net/gml/3.1.1/base/gml.xsd", b"the gml schema"),
        ("http://schemas.opengis.net/../../w3c/xlink.xsd", b"the xlink schema"),
        ("http://schemas.opengis.net/gone.xsd", None),
        ("http://schemas.opengis.net/org/suite/xsd/wfs.xsd", None),
    ],
)
def test_a_schema_is_the_copy_that_the_suite_carries(archive, address, document):
    assert Copies([archive]).find(address) == document


def test_it_answers_as_a_proxy_and_remembers_what_it_could_not_answer(archive):
    outside = Outside(Copies([archive]))
    with outside.listening() as port, httpx.Client(proxy=f"http://127.0.0.1:{port}", trust_env=False) as client:
        assert client.get("http://schemas.opengis.net/wfs/2.0/wfs.xsd").content == b"the wfs schema"
        assert b"<!ELEMENT properties" in client.get("http://java.sun.com/dtd/properties.dtd").content
        assert client.get("http://schemas.opengis.net/other.xsd").status_code == 404
        with pytest.raises(httpx.ProxyError):
            client.get("https://example.org/")
    assert outside.missed == {"http://schemas.opengis.net/other.xsd", "example.org:443"}


def test_the_jars_in_a_folder_are_archives_of_their_own(tmp_path):
    (tmp_path / "a.class").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "library.jar", "w") as jar:
        jar.writestr("b.class", b"")
    assert [archive.names for archive in archives(tmp_path)] == [{"a.class"}, {"b.class"}]


def test_nothing_is_unpacked_outside_its_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "suite.jar", "w") as jar:
        jar.writestr("../ctl/main.ctl", b"")
    with pytest.raises(ValueError, match="outside"):
        Archive(tmp_path / "suite.jar").unpack(["../ctl/main.ctl"], tmp_path / "here")
