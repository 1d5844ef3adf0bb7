"""Rules of the house that an import graph cannot see."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import MODULES, PACKAGES, Module, product

MAKERS_OF_PUBLIC_TABLES = {"etl/disclose.py", "release/table.py", "release/reader.py"}
OURS = {*PACKAGES, *(name.removesuffix(".py") for name in MODULES)}
SERVING = ("exports/", "publish/", "release/")
VAGUE = {"common", "helper", "helpers", "manager", "misc", "process", "util", "utils"}


def calling(name: str) -> set[str]:
    return {module.path for module in product() if name in module.calls()}


def imported(path: str) -> set[str]:
    return {name for module in product() if module.path == path for name in module.imports()}


def test_only_disclosure_makes_a_public_table_and_only_release_reads_one_back() -> None:
    assert calling("PublicTable") <= MAKERS_OF_PUBLIC_TABLES


def test_a_public_table_that_is_made_elsewhere_would_be_seen() -> None:
    module = Module("etl/planted.py", "import release.table\ntable = release.table.PublicTable(kind, rows)\n")
    assert "PublicTable" in set(module.calls())


def test_only_publication_moves_the_pointer() -> None:
    movers = {module.path for module in product() if "release.pointer.Pointer" in set(module.imports()) and "move" in module.calls()}
    assert movers == {"schedules/publication.py"}


def test_serving_code_imports_no_http_client_of_the_standard_library() -> None:
    clients = {"http.client", "urllib.request"}
    assert {module.path for module in product() if module.path.startswith(SERVING) and clients & set(module.imports())} == set()


def test_settings_are_a_leaf() -> None:
    assert {name for name in imported("settings.py") if name.partition(".")[0] in OURS} == set()


def test_the_command_line_leaves_writing_sql_and_serving_details_to_the_packages() -> None:
    forbidden = ("release.writer", "pygeoapi", "sqlalchemy", "sqlite3", "psycopg")
    assert {name for name in imported("cli.py") if name.startswith(forbidden)} == set()


def test_serving_loads_nothing_of_the_private_side() -> None:
    private = ("etl", "schedules", "simulator", "cli", "release.writer", "geopandas", "rdflib")
    program = f"import sys, publish.app; print([name for name in {private!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert result.stdout.splitlines()[-1:] == ["[]"], result.stdout + result.stderr


@pytest.mark.parametrize("module", product(), ids=lambda module: module.path)
def test_a_module_is_one_noun_of_modest_length(module: Module) -> None:
    assert module.text.count("\n") <= 400
    assert not VAGUE & set(Path(module.path).with_suffix("").parts)


def test_no_function_is_longer_than_sixty_lines() -> None:
    functions = [
        (module.path, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for module in product()
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [function for function in functions if function[2] > 60] == []
