from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cli import main
from etl.definitions import DatasetDefinition, load_all
from etl.pages.faults import faulty_samples
from etl.pages.samples import Sample, samples

DEFINITIONS = load_all()
GOOD = tuple(samples(DEFINITIONS))
BAD = tuple(faulty_samples(DEFINITIONS))
EXIT = {"publish": 0, "refuse": 1, "hold": 3}


@pytest.fixture
def kit(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The committed kit; commands run at the root of the repository, as its texts say."""
    monkeypatch.chdir(root)
    return root / "docs" / "aansluiten"


def check(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check-delivery", *arguments])
    return result.exit_code, result.stdout


def schema(kit: Path, name: str) -> Draft202012Validator:
    document = json.loads((kit / "schema" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)


def lines(folder: Path) -> list[object]:
    return [json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("sample", GOOD, ids=lambda sample: sample.path)
def test_a_good_example_is_accepted_with_every_record(kit: Path, sample: Sample) -> None:
    status, answer = check("--json", f"docs/aansluiten/voorbeelden/{sample.path}")
    report = json.loads(answer)
    assert (status, report["verdict"], report["reasons"], report["kept_out"]) == (0, "publish", [], 0)
    assert {finding["rule"] for finding in report["findings"]} <= {"position.missing"}
    assert report["delivered"] == len(lines(kit / "voorbeelden" / sample.path)) > 0
    assert report["publishable"] > 0


@pytest.mark.parametrize("sample", GOOD, ids=lambda sample: sample.path)
def test_a_good_example_fits_its_schemas(kit: Path, sample: Sample) -> None:
    folder = kit / "voorbeelden" / sample.path
    schema(kit, "levering").validate(json.loads((folder / "levering.json").read_text("utf-8")))
    records = schema(kit, f"{sample.dataset}-mutaties" if sample.folder == "mutaties" else sample.dataset)
    for record in lines(folder):
        records.validate(record)


def test_every_dataset_that_is_delivered_has_its_examples() -> None:
    delivered = {definition.id for definition in DEFINITIONS if definition.source.kind == "delivery"}
    for folder in ("minimaal", "uitgebreid", "mutaties"):
        assert {sample.dataset for sample in GOOD if sample.folder == folder} == delivered
    assert {sample.dataset for sample in BAD} == delivered


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.folder)
def test_a_faulty_example_gets_the_answer_that_its_text_says(kit: Path, sample: Sample) -> None:
    text = (kit / "voorbeelden" / sample.folder / "ANTWOORD.txt").read_text("utf-8")
    shows, command, rest = text.split("\n", 3)[0], text.split("\n", 3)[2], text.split("\n", 3)[3]
    status, answer = check(*command.removeprefix("$ vlok check-delivery ").split())
    assert shows == sample.shows
    assert rest == f"{answer}\nAfsluitcode: {status}\n"


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.folder)
def test_a_faulty_example_shows_the_one_fault_that_it_is_named_for(kit: Path, sample: Sample) -> None:
    status, answer = check("--json", f"docs/aansluiten/voorbeelden/{sample.path}")
    report = json.loads(answer)
    codes = {reason.split(":")[0].split(" ")[0] for reason in report["reasons"]} | {finding["rule"] for finding in report["findings"]}
    assert (status, report["verdict"]) == (EXIT[sample.verdict], sample.verdict)
    assert codes == {sample.code}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.id)
def test_the_examples_leave_out_what_is_personal_and_say_that_their_keys_are_examples(kit: Path, definition: DatasetDefinition) -> None:
    personal = {field.path for field in definition.record.fields if field.personal and not field.used}
    for sample in GOOD:
        if sample.dataset == definition.id:
            for record in lines(kit / "voorbeelden" / sample.path):
                assert not personal & set(paths(record))
                assert definition.projection == "policy" or "VOORBEELD" in str(record)


def paths(value: object, prefix: str = "") -> Iterator[str]:
    """Every path of a record, in the form of the definitions."""
    if isinstance(value, dict):
        for name, part in value.items():
            path = f"{prefix}.{name}".removeprefix(".")
            yield path
            yield from paths(part, path)
    elif isinstance(value, list):
        for part in value:
            yield from paths(part, f"{prefix}[]")
