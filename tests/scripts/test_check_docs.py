from __future__ import annotations

from pathlib import Path

import click
import pytest

from scripts.check_docs import check


@click.group()
def vlok() -> None:
    pass


@vlok.command()
@click.argument("cadence", type=click.Choice(["daily"]))
def run(cadence: str) -> None:
    pass


@click.group()
def stale() -> None:
    pass


@stale.command()
@click.option("--check", is_flag=True)
def docs(check: bool) -> None:
    raise click.ClickException("docs/disclosure.md is not what the definitions say")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("# A page\n\n## Its second part: more\n", "utf-8")
    (tmp_path / "Makefile").write_text("demo: setup\n\ttrue\nsetup:\n\ttrue\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[page](docs/page.md)", None),
        ("[page](docs/page.md#its-second-part-more)", None),
        ("[page](docs/page.md#its-third-part)", "leads nowhere"),
        ("[page](docs/absent.md)", "leads nowhere"),
        ("[away](https://example.org/absent.md)", None),
        ("`[x](absent.md)`", None),
        ("# Here\n\n[up](#here)", None),
        ("[up](#nowhere)", "leads nowhere"),
        ("```sh\nmake setup demo\n```", None),
        ("```sh\nVLOK_HOME=x make deploy\n```", "make deploy does not exist"),
        ("Say `make deploy`.", "make deploy does not exist"),
        ("Sources make mistakes.", None),
        ("```\n.venv/bin/vlok run daily --date 2026-11-21\n```", None),
        ("Say `vlok fly`.", "vlok fly does not exist"),
    ],
)
def test_what_the_documentation_names_must_exist(repository: Path, text: str, fault: str | None) -> None:
    (repository / "README.md").write_text(text + "\n", "utf-8")
    faults = check(repository, vlok).faults
    assert [fault is not None and fault in found for found in faults] == ([] if fault is None else [True])


def test_what_was_looked_at_is_counted(repository: Path) -> None:
    (repository / "README.md").write_text("[a](docs/page.md) `make demo` `vlok run daily`\n", "utf-8")
    assert check(repository, vlok).counts == {"links": 1, "make targets": 1, "vlok commands": 1}


def test_a_generated_page_that_is_not_current_is_a_fault(repository: Path) -> None:
    assert check(repository, stale).faults == ["Error: docs/disclosure.md is not what the definitions say"]
