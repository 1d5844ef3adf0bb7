"""`vlok check-delivery` and `vlok run --dry-run`: the whole report, and nothing is kept or published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from tests.etl.deliveries import (
    ATTESTS,
    DAY,
    DECISIONS,
    NEXT,
    PARAMETERS,
    PERSON,
    World,
    municipality,
    record,
    register,
    restate,
    rule,
)


@pytest.fixture
def empty(tmp_path: Path) -> World:
    return World(tmp_path)


def check(world: World, path: Path, *options: str) -> Result:
    environment = {"VLOK_HOME": str(world.home), "VLOK_CLOCK": NEXT.isoformat()}
    return CliRunner().invoke(main, ["check-delivery", str(path), *options], env=environment)


def test_a_good_delivery_would_be_accepted(empty: World) -> None:
    result = check(empty, empty.deliver(DECISIONS, DAY, register(DECISIONS)))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "besluiten: would be accepted",
        "  records delivered           20",
        "  publishable today           20",
        "  kept out                     0",
    ]
    assert not empty.home.exists(), "nothing is kept"


def test_the_report_names_every_finding_with_its_records_and_no_value(empty: World) -> None:
    others = [
        record(DECISIONS, 2, {"adres.huisnummer": PERSON["insz"]}),
        record(DECISIONS, 5, {"adres.busnummer": "bij Vrxkboermans"}),
        record(DECISIONS, 6, {"aard": "geheim"}),
        record(DECISIONS, 7, {"positie": None}),
    ]
    result = check(empty, empty.deliver(DECISIONS, DAY, register(DECISIONS, *others)))
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()[1:]]
    assert ["kept", "out", "3"] in lines
    assert ["kept", "out", "address.unknown-word", "adres.busnummer", "1", "×", "records", "5"] in lines
    assert ["kept", "out", "personal.insz", "adres.huisnummer", "1", "×", "records", "2"] in lines
    assert ["kept", "out", "schema.code", "aard", "1", "×", "records", "6"] in lines
    assert ["note", "position.missing", "positie", "1", "×", "records", "7"] in lines
    assert not any(value in result.output for value in (str(PERSON["insz"]), "Vrxk", "geheim"))


def test_the_report_as_json_says_the_same(empty: World) -> None:
    bad = rule(2, {"toepassing.tekst": PERSON["email"]})
    result = check(empty, empty.deliver(PARAMETERS, DAY, register(PARAMETERS, municipality("44021", rule(1), bad))), "--json")
    report = json.loads(result.output)
    assert result.exit_code == 0
    assert report["header"] == {"dataset": PARAMETERS, "soort": "volledig", "peildatum": "2026-11-20", "volgnummer": 19}
    assert (report["verdict"], report["delivered"], report["publishable"], report["kept_out"]) == ("publish", 12, 12, 0)
    assert report["findings"] == [
        {"rule": "personal.email", "field": "regels[].toepassing.tekst", "effect": "keep_out", "count": 1, "records": [1]}
    ]


def test_an_unknown_field_would_be_held(empty: World) -> None:
    result = check(empty, empty.deliver(ATTESTS, DAY, register(ATTESTS, record(ATTESTS, 1, {"nieuw": 1}))))
    assert result.exit_code == 3
    assert "would be held: a person decides" in result.output
    assert "field.unknown: nieuw" in result.output


def test_a_broken_delivery_would_be_refused_with_file_and_line(empty: World) -> None:
    broken = b'{"besluitId": "BO-2025-0000003", "insz": "85073003328"'
    result = check(empty, empty.deliver(DECISIONS, DAY, [record(DECISIONS, 1), broken]))
    assert result.exit_code == 1
    assert "would be refused" in result.output
    assert "delivery.json in besluiten.jsonl, line 2" in result.output
    assert "85073003328" not in result.output


def test_a_whole_day_can_be_checked_at_once(empty: World) -> None:
    empty.deliver_all(DAY)
    restate(empty.deliveries / DAY.isoformat() / ATTESTS, aantal=3)
    result = check(empty, empty.deliveries / DAY.isoformat())
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.output.splitlines() if "would be" in line] == [
        "besluiten",
        "conformiteitsattesten",
        "herstelvorderingen",
        "parameters",
    ]


@pytest.mark.parametrize("statement", ['{"dataset": "andere"}', "[" * 100_000, "5"], ids=["another dataset", "deep", "number"])
def test_a_folder_that_is_no_delivery_is_said_to_be_none(empty: World, statement: str) -> None:
    folder = empty.folder / "somewhere"
    folder.mkdir()
    (folder / "levering.json").write_text(statement)
    result = check(empty, folder)
    assert result.exit_code == 1
    assert "names no dataset that is known; known are besluiten, conformiteitsattesten" in result.output
    assert check(empty, empty.folder).exit_code == 1


def test_a_dry_run_reports_and_publishes_and_keeps_nothing(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS, record(DECISIONS, 1, {"nieuw": 1}))])
    before = {path: path.stat().st_mtime_ns for path in (world.home / "releases").rglob("*")}
    environment = {
        "VLOK_HOME": str(world.home),
        "VLOK_SOURCE": f"folder:{world.deliveries}",
        "VLOK_SECRET_FILE": str(world.folder / "secret"),
        "VLOK_CLOCK": NEXT.isoformat(),
    }
    result = CliRunner().invoke(main, ["run", "daily", "--dry-run"], env=environment)
    assert result.exit_code == 3
    assert "besluiten: would be held" in result.output
    assert {path: path.stat().st_mtime_ns for path in (world.home / "releases").rglob("*")} == before
    assert world.installation(NEXT).store.ledger.holds() == ()
