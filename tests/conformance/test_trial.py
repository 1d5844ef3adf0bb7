"""A suite that is run: what Java is given, and what becomes of what it says."""

from __future__ import annotations

import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest

from conformance import java
from conformance.artefacts import FROM_FOLDER, Artefact
from conformance.example import Example
from conformance.results import Failure
from conformance.suite import Subject, Suite
from conformance.testng import read
from conformance.trial import Court

PROVIDERS = "org/apache/sis/internal/referencing/provider"
FILES = (
    "wfs/1.1.0/ctl/main.ctl",
    "com/occamlab/te/scripts/parsers.ctl",
    f"{PROVIDERS}/LambertConformal2SP.class",
    f"{PROVIDERS}/AbstractLambert.class",
)
SAYS = """
import pathlib, sys
place = pathlib.Path(sys.argv[-1]).parent
results = place / "testng results.xml"
results.write_text(f'<testng-results><test name="Simple"><class name="a.Tests"><test-method name="t" status="FAIL"><exception>'
    f'<message>no {place}/x</message></exception></test-method></class></test></testng-results>')
(place / "argv").write_text("\\n".join(sys.argv[1:]))
print("INFO: Test results:", results.as_uri())
"""


def subjects(example: Example) -> tuple[Subject, ...]:
    return Subject("one", {"gml": f"{example.url}/a?b&c"}), Subject("two", {"gml": ""})


SUITE = Suite("suite", "Suite", "ets-suite", ("1.0",), "org.example.Controller", read, subjects, ())


@pytest.fixture
def hold(tmp_path, programs):
    with zipfile.ZipFile(tmp_path / "suite.jar", "w") as jar:
        for name in FILES:
            jar.writestr(name, name)

    def held(limit: int = 20, **sources: str):
        programs(**sources)
        court = Court(tmp_path / "build", limit, date(2026, 11, 22), print)
        return court.hold(SUITE, Artefact(tmp_path / "suite.jar", "1.0", FROM_FOLDER), Example("http://127.0.0.1:1", tmp_path / "example"))

    return held


def test_every_subject_has_a_run_of_its_own_and_its_name_before_the_group(hold):
    result = hold(java=SAYS)
    assert result.failures == tuple(
        Failure(group=f"{name}, Simple", test="Tests.t", message=f"no (folder)/{number}/x") for number, name in enumerate(("one", "two"))
    )
    assert (result.version, result.had, result.date) == ("1.0", FROM_FOLDER, date(2026, 11, 22))


def test_java_keeps_to_its_folder_and_sees_no_network(hold, tmp_path):
    hold(java=SAYS)
    folder = tmp_path / "build" / "suite" / "0"
    argv = (folder / "argv").read_text().splitlines()
    assert {f"-Duser.home={folder}", f"-Djava.io.tmpdir={folder}", "-Dhttp.proxyHost=127.0.0.1", "-Dhttps.proxyHost=127.0.0.1"} <= {*argv}
    assert argv[-4:] == ["-cp", f"{folder / 'before'}:{tmp_path / 'suite.jar'}", "org.example.Controller", f"{folder / 'arguments.xml'}"]


def test_the_arguments_are_properties_without_a_dtd_that_would_be_fetched(hold, tmp_path):
    hold(java=SAYS)
    text = (tmp_path / "build" / "suite" / "0" / "arguments.xml").read_bytes()
    assert b"DOCTYPE" not in text
    assert {entry.get("key"): entry.text for entry in ElementTree.fromstring(text)} == {"gml": "http://127.0.0.1:1/a?b&c"}


def test_what_a_jar_lost_by_being_packed_stands_before_it(hold, tmp_path):
    hold(java=SAYS)
    before = tmp_path / "build" / "suite" / "0" / "before"
    service = before / "META-INF" / "services" / "org.opengis.referencing.operation.OperationMethod"
    assert service.read_text() == "org.apache.sis.internal.referencing.provider.LambertConformal2SP\n"
    scripts = {path.relative_to(before).as_posix() for path in before.rglob("*.ctl")}
    assert scripts == {"wfs/1.1.0/ctl/main.ctl", "com/occamlab/te/scripts/parsers.ctl"}


def test_a_suite_that_ends_without_results_has_failed(hold):
    with pytest.raises(java.Failed, match="it ended without results"):
        hold(java="print('Test results: file:/nowhere/testng-results.xml')")


def test_a_suite_that_does_not_end_has_failed(hold):
    with pytest.raises(java.Failed, match="it did not end within 1 seconds"):
        hold(limit=1, java="import time; time.sleep(600)")
