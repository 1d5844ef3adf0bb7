"""The command, with programs of our own where Java and Maven would be: no suite is needed to know what it does with what a suite says."""

from __future__ import annotations

import zipfile

import pytest
from click.testing import CliRunner

from conformance.__main__ import main
from conformance.artefacts import FROM_FOLDER
from conformance.results import kept
from conformance.suites import WFS20

# It asks the server for the document of which it was given the address, as a suite would, and says how that went.
JAVA = """
import pathlib, sys, urllib.request
from xml.etree import ElementTree
if sys.argv[1:] == ["-version"]:
    sys.exit('openjdk version "17.0.1"')
given = dict(argument[2:].split("=", 1) for argument in sys.argv if argument.startswith("-D"))
(address,) = (entry.text for entry in ElementTree.parse(sys.argv[-1]).iter("entry"))
status = "PASS" if b"WFS_Capabilities" in urllib.request.urlopen(address).read() else "FAIL"
results = pathlib.Path(given["user.home"], "testng-results.xml")
groups = ("Preconditions", "All GML schemas", "GML schemas", "Simple WFS", "Basic WFS", "Spatial filter", "Response paging")
results.write_text("<testng-results>" + "".join(f'<test name="{group}"><class name="org.example.Capabilities">'
    f'<test-method name="get" status="{status}"/></class></test>' for group in groups) + "</testng-results>")
print("Test results:", results.as_uri())
"""


@pytest.fixture
def folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "ets-wfs20-1.43-aio.jar", "w") as jar:
        jar.writestr("org/example/Capabilities.class", b"")
    return tmp_path


@pytest.fixture
def run(folder, programs):
    """Run one suite; the answer, and the page."""
    page = folder / "conformance.md"
    page.write_text("as it was", "utf-8")

    def asked(**sources: str):
        programs(**sources)
        places = {"suites": folder, "build": folder / "build", "results": folder / "results", "document": page}
        arguments = [part for name, place in places.items() for part in (f"--{name}", str(place))]
        return CliRunner().invoke(main, ["--only", "wfs20", *arguments]), page.read_text("utf-8")

    return asked


def test_without_java_nothing_is_run_and_the_page_stays_as_it_was(run):
    result, page = run()
    assert (result.exit_code, result.stdout, page) == (0, "wfs20: not run: Java is not there\n", "as it was")


def test_an_old_java_is_none(run):
    result, _ = run(java="import sys; sys.exit('java version \"1.8.0_392\"')")
    assert (result.exit_code, result.stdout) == (0, 'wfs20: not run: it needs Java 17, and this one says: java version "1.8.0_392"\n')


def test_without_a_suite_nothing_is_run(run, folder):
    (folder / "ets-wfs20-1.43-aio.jar").unlink()
    result, page = run(java=JAVA)
    assert (result.exit_code, page) == (0, "as it was")
    assert result.stdout == "wfs20: not run: Maven is not there to fetch ets-wfs20, and no folder holds it (--suites)\n"


def test_a_suite_runs_against_a_server_with_the_example_registers_and_its_result_is_kept(run, folder):
    result, page = run(java=JAVA)
    assert (result.exit_code, result.stdout) == (0, "wfs20: ets-wfs20 1.43: 7 passed, 0 failed, 0 skipped\n")
    last = kept(WFS20, folder / "results")
    assert last is not None and (last.passed, last.had) == (7, FROM_FOLDER)
    assert "**7 passed, 0 failed, 0 skipped**" in page and "`ets-wfs11` has not run yet." in page
