"""Pages by hand say what the program does: settings, exit statuses, codes, tables, times and grounds."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from etl.definitions import DatasetDefinition, RecordType, load_all
from etl.pages.uses import Use, uses
from etl.records import RecordReader, used_paths
from etl.rules.catalogue import Consequence, load
from etl.source_api import scope_of
from etl.store.tables import metadata
from schedules.cadence import load as cadence
from schedules.jobs import Exit
from settings import Settings

DEFINITIONS = load_all()
KINDS = "delivery|field|count|schema|address|municipality|position|personal|text|link|certificate"
CODE = re.compile(rf"((?:{KINDS})\.[a-z0-9-]+)(?::.*)?")


def pages(root: Path) -> Iterator[Path]:
    yield from [root / "README.md", *(root / "docs").rglob("*.md")]


def test_every_setting_is_on_its_page_and_no_page_names_another(root: Path) -> None:
    known = {f"VLOK_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"^\| `(VLOK_\w+)`", (root / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)) == known
    named = {name for page in pages(root) for name in re.findall(r"VLOK_[A-Z_]*[A-Z]", page.read_text("utf-8"))}
    assert named - known == set()


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_exit_status_is_explained(root: Path) -> None:
    section = (root / "docs" / "operations.md").read_text("utf-8").split("## Exit statuses")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\d) \| (\w+) \|", section, re.MULTILINE)
    assert {(int(number), name) for number, name in rows} == {(status.value, status.name.lower()) for status in Exit}


def codes_in_the_program(root: Path) -> set[str]:
    """Codes as they stand in the source: whole texts, or the beginning of one that names more."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (root / "etl").rglob("*.py") if not {"pages", "store"} & set(path.parts)]
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    found = {match[1] for text in texts if (match := CODE.fullmatch(text.strip()))}
    return found | {wait.code for definition in DEFINITIONS for wait in definition.waits}


def test_every_code_of_the_program_is_explained_and_no_other(root: Path) -> None:
    assert {entry.code for entry in load()} == codes_in_the_program(root)


@pytest.mark.parametrize("page", ["findings.md", "aansluiten/bevindingen.md"])
def test_every_code_is_on_both_pages_of_findings(root: Path, page: str) -> None:
    listed = re.findall(r"^\| `([a-z0-9.-]+)` \|", (root / "docs" / page).read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(entry.code for entry in load())


def test_a_code_does_what_its_place_in_the_program_does() -> None:
    for entry in load():
        assert (Consequence.REFUSE in entry.effects) == entry.code.startswith("delivery.")
        assert (Consequence.HOLD in entry.effects) == entry.code.startswith(("field.", "count."))


def test_the_data_protection_page_has_every_table_and_column_of_the_state(root: Path) -> None:
    sections = (root / "docs" / "data-protection.md").read_text("utf-8").split("\n### `")[1:]
    said = {section.split("`")[0]: re.findall(r"^\| `(\w+)` \|", section.split("\n## ")[0], re.MULTILINE) for section in sections}
    assert said == {table.name: [column.name for column in table.columns] for table in metadata.sorted_tables}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.id)
def test_what_the_pages_call_dropped_is_what_the_reader_drops(definition: DatasetDefinition) -> None:
    dropped = {item.field.path for item in uses(definition) if item.use is Use.DROPPED}
    personal = {field.path for field in definition.record.fields if field.personal and not field.used}
    assert dropped == personal
    poisoned: dict[str, object] = {path: object() for path in dropped if "." not in path}
    reading = RecordReader(definition).read(1, poisoned)
    assert reading.unknown == frozenset()
    assert {finding.rule for finding in reading.findings} <= {"schema.required"}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.id)
def test_every_field_of_a_record_has_one_use_and_what_is_kept_is_said(definition: DatasetDefinition) -> None:
    found = uses(definition)
    leaves = [field for field in definition.record.fields if field.type not in (RecordType.OBJECT, RecordType.LIST)]
    assert [item.field.path for item in found if item.field in leaves] == [field.path for field in leaves]
    kept = {item.field.path for item in found if item.use in (Use.PUBLISHED, Use.DECIDES)}
    assert kept <= used_paths(definition)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.id)
def test_every_public_field_is_disclosed_with_its_ground(root: Path, definition: DatasetDefinition) -> None:
    disclosure = (root / "docs" / "disclosure.md").read_text("utf-8").split(f"## {definition.title.en}")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z0-9]+)` \|.*\| ([^|]+) \|$", disclosure.split("\nTable ")[0], re.MULTILINE))
    assert rows == {field.name: field.ground for field in definition.public} | {"SHAPE": rows["SHAPE"]}


def test_a_field_without_an_article_is_in_the_decision_that_it_cites(root: Path) -> None:
    fields = {
        field for definition in DEFINITIONS for field in (*definition.public, *(f for table in definition.tables for f in table.fields))
    }
    cited = {(field.name, match[1]) for field in fields if (match := re.match(r"VLOK besluit (\d{4})", field.ground))}
    assert cited
    for name, number in cited:
        (record,) = (root / "docs" / "decisions").glob(f"{number}-*.md")
        assert re.search(rf"^\| [^|]*\b{name}\b", record.read_text("utf-8"), re.MULTILINE), (name, number)


def test_a_ground_cites_an_article_or_a_decision() -> None:
    grounds = {field.ground for definition in DEFINITIONS for field in definition.public}
    assert [ground for ground in grounds if not re.search(r"art\. \d|besluit \d{4}", ground)] == []


def test_decision_records_are_numbered_one_after_the_other_and_short(root: Path) -> None:
    records = sorted((root / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert text.count("\n") <= 50


def unit_times(root: Path) -> Iterator[tuple[str, time, int | None]]:
    for path in (root / "schedules" / "units").glob("*.timer"):
        match = re.search(r"^OnCalendar=\*-\*-(\*|\d\d) (\S+) Europe/Brussels$", path.read_text("utf-8"), re.MULTILINE)
        assert match is not None, path.name
        yield path.stem.partition("@")[2], time.fromisoformat(match[2]), None if match[1] == "*" else int(match[1])


def cron_times(root: Path) -> Iterator[tuple[str, time, int | None]]:
    text = (root / "schedules" / "units" / "crontab").read_text("utf-8")
    assert "CRON_TZ=Europe/Brussels" in text
    for minute, hour, day, job in re.findall(r"^(\d+) (\d+) (\d+|\*) \* \* .* run (\w+)$", text, re.MULTILINE):
        yield job, time(int(hour), int(minute)), None if day == "*" else int(day)


@pytest.mark.parametrize("times", [unit_times, cron_times])
def test_units_run_the_jobs_when_the_cadence_says(root: Path, times: object) -> None:
    assert callable(times)
    assert set(times(root)) == {(slot.job, slot.at, slot.day) for slot in cadence()}


def test_a_serving_unit_gets_nothing_private(root: Path) -> None:
    unit = (root / "schedules" / "units" / "vlok-serve.service").read_text("utf-8")
    hidden = next(line for line in unit.splitlines() if line.startswith("InaccessiblePaths="))
    assert all(name in hidden for name in ("jobs.env", "secret", "spool", "state.sqlite", "client-key.pem"))
    assert "EnvironmentFile=/etc/vlok/jobs.env" not in unit


def test_the_kit_says_the_grounds_scopes_and_days_of_the_definitions(root: Path) -> None:
    text = (root / "docs" / "aansluiten" / "README.md").read_text("utf-8")
    for definition in DEFINITIONS:
        row = next(line for line in text.splitlines() if line.startswith(f"| {definition.id} |"))
        assert definition.legal_ground.rpartition(": ")[2] in row
        assert scope_of(definition) in text
        days = re.search(r"teruggetrokken: (.+)\.", text)
        assert days is not None
        assert re.search(rf"\b{definition.gate.withdraw_after_days}\b[^,]*{definition.id}", days[1])


def test_the_requirements_that_the_readme_names_are_those_of_the_project(root: Path) -> None:
    wanted = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert wanted == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in (root / "README.md").read_text("utf-8")
