"""The import contracts hold, cover everything, and break when they are violated."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NOT_SHIPPED = {"benchmarks", "conformance", "scripts", "tests"}

VIOLATIONS = [
    ("house", "etl/planted.py", "import publish.shelf"),
    ("house", "publish/wfs/planted.py", "from etl import definitions"),
    ("house", "etl/planted.py", "import schedules"),
    ("house", "exports/planted.py", "import etl.table"),
    ("house", "release/planted.py", "import exports"),
    ("house", "schedules/planted.py", "import simulator"),
    ("simulator", "simulator/planted.py", "import release.table"),
    ("siblings", "publish/wfs/planted.py", "import publish.ogcapi"),
    ("siblings", "publish/shelf.py", "import publish.portal"),
    ("siblings", "publish/planted.py", "NEW = 'not listed'"),
    ("cli", "schedules/planted.py", "import cli"),
    ("settings", "publish/wfs/planted.py", "import settings"),
    ("http", "publish/portal/planted.py", "import httpx"),
    ("http", "exports/planted.py", "from requests import get"),
    ("geopandas", "publish/planted.py", "def load():\n    import geopandas"),
    ("rdf", "publish/catalogue/planted.py", "import exports.catalogue.documents"),
    ("rdf", "release/planted.py", "import rdflib"),
    ("pygeoapi", "publish/wfs/planted.py", "import pygeoapi.provider.base"),
    ("sql", "etl/planted.py", "import sqlalchemy"),
    ("sql", "exports/planted.py", "import sqlite3"),
    ("writer", "etl/planted.py", "from release.writer import Writer"),
    ("writer", "release/planted.py", "import release.writer"),
    ("writer", "publish/planted.py", "import release.writer"),
]


@pytest.fixture(scope="module")
def contracts(root: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(root / ".importlinter")
    return parser


@pytest.fixture(scope="module")
def copy(root: Path, contracts: configparser.ConfigParser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for name in contracts["importlinter"]["root_packages"].split():
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".importlinter", "cli.py", "settings.py"):
        shutil.copy(root / name, folder)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path, line = request.param
    file = copy / path
    before = file.read_text("utf-8") if file.exists() else None
    file.write_text((before or "") + f"\n{line}\n", "utf-8")
    yield copy
    if before is None:
        file.unlink()
    else:
        file.write_text(before, "utf-8")


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache", "--no-logo", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_hold(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("contract", "planted"),
    [pytest.param(contract, (path, line), id=f"{contract}-{number}") for number, (contract, path, line) in enumerate(VIOLATIONS)],
    indirect=["planted"],
)
def test_a_planted_violation_breaks_its_contract(contract: str, planted: Path) -> None:
    result = lint(planted, "--contract", contract)
    assert result.returncode == 1
    assert "0 kept, 1 broken" in result.stdout


def test_every_contract_has_a_planted_violation(contracts: configparser.ConfigParser) -> None:
    stated = {section.rpartition(":")[2] for section in contracts.sections() if ":contract:" in section}
    assert stated == {contract for contract, _, _ in VIOLATIONS}


def test_every_package_has_its_place_in_the_house(root: Path, contracts: configparser.ConfigParser) -> None:
    packages = {path.parent.name for path in root.glob("*/__init__.py")} - NOT_SHIPPED
    house = contracts["importlinter:contract:house"]["layers"].replace("|", " ").split()
    assert packages == set(house) == set(contracts["importlinter"]["root_packages"].split())


def test_every_module_of_publish_has_its_place(root: Path, contracts: configparser.ConfigParser) -> None:
    siblings = contracts["importlinter:contract:siblings"]
    named = set(siblings["layers"].translate(str.maketrans("|:()", "    ")).split())
    assert siblings.getboolean("exhaustive")
    assert {path.stem for path in (root / "publish").glob("*.py")} - {"__init__"} <= named
    assert {path.parent.name for path in (root / "publish").glob("*/__init__.py")} <= named
