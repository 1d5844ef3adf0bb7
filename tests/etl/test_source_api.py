"""The message specification says what the definitions say, and the example registers keep to it."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker

from etl.definitions import DatasetDefinition, load_all
from etl.records import RecordReader
from etl.source_api import line_schema, openapi, record_schema, scope_of, statement_schema
from simulator.dossiers import Sizes
from simulator.registers import DATASETS, records
from tests.etl.sources.definitions import definition, field

DAY = date(2026, 11, 21)
DEFINITIONS = {found.id: found for found in load_all()}
FIELDS = [
    field("besluitId", required=True, personal=True, used=True),
    field("aard", required=True, codes=["a", "b"]),
    field("soort", codes=["c"], pattern="c+", max_length=3, example="c"),
    field("adres.straat", required=True),
    field("adres.bus"),
    field("regels", type="list"),
    field("regels[].nummer", type="integer", required=True),
    field("regels[].waarde.ja", type="boolean"),
    field("sinds", type="date"),
    field("houder", type="any", personal=True, title="houder"),
]
SMALL = definition(fields=FIELDS)
GOOD: dict[str, Any] = {"besluitId": "1", "aard": "a", "adres": {"straat": "x"}}


def fits(it: DatasetDefinition, record: object) -> bool:
    return Draft202012Validator(record_schema(it), format_checker=FormatChecker()).is_valid(record)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"soort": None, "sinds": None, "regels": None},
        {"soort": "c", "sinds": "2026-11-21"},
        {"adres": {"straat": "x", "bus": None}},
        {"regels": [{"nummer": 1, "waarde": {"ja": True}}, {"nummer": 2, "waarde": None}]},
        {"houder": {"voornaam": ["x"]}},
        {"houder": None},
    ],
)
def test_a_good_record_fits(change: dict[str, object]) -> None:
    assert fits(SMALL, GOOD | change)


@pytest.mark.parametrize(
    "change",
    [
        {"aard": None},
        {"aard": "z"},
        {"soort": "z"},
        {"adres": None},
        {"adres": {}},
        {"adres": {"straat": "x", "nieuw": 1}},
        {"regels": {}},
        {"regels": [{"nummer": "1"}]},
        {"regels": [{"nummer": 1, "waarde": {"ja": "ja"}}]},
        {"sinds": "gisteren"},
        {"sinds": 3},
        {"nieuw": 1},
    ],
)
def test_a_record_that_breaks_its_definition_does_not_fit(change: dict[str, object]) -> None:
    assert not fits(SMALL, GOOD | change)


def test_a_personal_field_says_to_leave_it_out() -> None:
    parts = record_schema(SMALL)["properties"]
    assert isinstance(parts, dict)
    assert parts["houder"] == {"description": "houder. Persoonlijk of vertrouwelijk: laat dit veld weg. Het wordt ongelezen verwijderd."}


def test_a_line_is_a_record_or_a_removal() -> None:
    validator = Draft202012Validator(line_schema(SMALL))
    assert validator.is_valid(GOOD)
    assert validator.is_valid({"besluitId": "1", "verwijderd": True})
    assert not validator.is_valid({"besluitId": "1", "verwijderd": False})
    assert not validator.is_valid({"besluitId": "1"})


def test_the_statement_knows_the_datasets() -> None:
    validator = Draft202012Validator(statement_schema(DEFINITIONS.values()))
    file = {"naam": "b.jsonl.gz", "aantal": 0, "sha256": "0" * 64}
    statement = {"dataset": "besluiten", "soort": "volledig", "peildatum": "2026-11-21", "volgnummer": 1, "bestanden": [file]}
    assert validator.is_valid(statement)
    for change in ({"dataset": "x"}, {"volgnummer": 0}, {"soort": "alles"}, {"bestanden": [file | {"naam": "../b.jsonl"}]}, {"x": 1}):
        assert not validator.is_valid(statement | change)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_example_registers_keep_to_the_specification_as_the_reader_does(dataset: str) -> None:
    it = DEFINITIONS[dataset]
    validator, reader = Draft202012Validator(record_schema(it), format_checker=FormatChecker()), RecordReader(it)
    for number, record in enumerate(records(dataset, 7, DAY, Sizes(400, 100, 60)), start=1):
        content = json.loads(json.dumps(record))
        reading = reader.read(number, content)
        assert not reading.unknown
        assert validator.is_valid(content) == (not reading.findings)


def test_the_openapi_document_is_valid_and_always_the_same() -> None:
    document = openapi(DEFINITIONS.values())
    assert document == openapi(reversed(list(DEFINITIONS.values())))
    content = json.loads(document)
    (place,) = Path(str(files("pygeoapi"))).rglob("openapi-3.0.x.json")  # its folder differs from version to version
    schema = json.loads(place.read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(content)] == []
    assert set(content["paths"]) == {f"/v1/{dataset}" for dataset in DATASETS}
    for dataset in DATASETS:
        operation = content["paths"][f"/v1/{dataset}"]["get"]
        assert operation["security"] == [{"magda": [f"vlok_{dataset}_v1_G"]}]
        assert set(operation["responses"]) == {"200", "400", "401", "403", "404", "429", "503"}
        assert "pattern" in document.decode()


def test_a_scope_is_the_dataset_s_own_or_by_the_rule() -> None:
    assert scope_of(definition()) == "vlok_besluiten_v1_G"
    assert scope_of(definition(source={"scope": "eigen"})) == "eigen"
