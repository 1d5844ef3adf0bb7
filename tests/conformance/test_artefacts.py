"""Where suites come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.artefacts import FROM_FOLDER, FROM_MAVEN, FROM_SOURCE, SCHEMAS, NotHad, Places
from conformance.suites import GML32, WFS11, WFS20

MAVEN = """
import pathlib, sys
asked = dict(argument[2:].split("=") for argument in sys.argv[1:] if argument.startswith("-D"))
group, artefact, version, packaging, *classifier = asked["artifact"].split(":")
goal = next(argument for argument in sys.argv if argument.startswith("dependency:"))
with open(pathlib.Path(__file__).with_name("asked"), "a") as log:
    print(goal, asked["artifact"], asked.get("transitive", ""), file=log)
if version == "1.43":
    sys.exit("no such artefact")
if goal == "dependency:copy":
    pathlib.Path(asked["outputDirectory"], "-".join([artefact, version, *classifier]) + ".jar").write_bytes(b"jar")
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_maven_is_asked_for_one_jar_without_its_dependencies_and_for_the_version_before_it_where_it_has_none(programs, cache):
    folder = programs(mvn=MAVEN)
    artefact = Places(None, cache).find(WFS20)
    assert (artefact.version, artefact.had, artefact.path) == ("1.42", FROM_MAVEN, cache / "ets-wfs20-1.42-aio.jar")
    assert artefact.class_path == (str(artefact.path),)
    assert (folder / "asked").read_text().splitlines() == [
        "dependency:get org.opengis.cite:ets-wfs20:1.43:jar:aio false",
        "dependency:get org.opengis.cite:ets-wfs20:1.42:jar:aio false",
        "dependency:copy org.opengis.cite:ets-wfs20:1.42:jar:aio ",
    ]


def test_what_maven_gave_is_kept_in_the_cache(programs, cache):
    folder = programs(mvn=MAVEN)
    first = Places(None, cache).find(WFS11)
    (folder / "mvn").unlink()
    assert Places(None, cache).find(WFS11) == first


def test_a_suite_that_maven_does_not_have_is_not_had(programs, cache):
    programs(mvn="import sys; sys.exit('no such artefact')")
    with pytest.raises(NotHad, match=r"Maven finds no ets-wfs20-1\.43-aio\.jar or ets-wfs20-1\.42-aio\.jar"):
        Places(None, cache).find(WFS20)
    assert "no such artefact" in (cache / "ets-wfs20-1.42-aio.jar.log").read_text()


def test_without_maven_a_suite_is_not_had(programs, cache):
    programs()
    with pytest.raises(NotHad, match="Maven is not there"):
        Places(None, cache).find(WFS20)


def test_a_jar_in_the_given_folder_needs_no_maven(programs, cache, tmp_path):
    programs()
    (tmp_path / "ets-wfs20-1.42-aio.jar").write_bytes(b"jar")
    artefact = Places(tmp_path, cache).find(WFS20)
    assert (artefact.version, artefact.had) == ("1.42", FROM_FOLDER)


def test_a_folder_of_classes_is_a_suite_too(programs, cache, tmp_path):
    programs()
    (tmp_path / "ets-wfs20-1.43").mkdir()
    artefact = Places(tmp_path, cache).find(WFS20)
    assert (artefact.version, artefact.had) == ("1.43", FROM_SOURCE)
    assert artefact.class_path == (str(artefact.path), f"{artefact.path}/*")


def test_a_suite_that_lacks_official_schemas_gets_them(programs, cache):
    programs(mvn=MAVEN)
    assert Places(None, cache).find(GML32).schemas == cache / SCHEMAS.file
