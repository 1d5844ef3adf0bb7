"""What must never leave: the difference test and the canary test (CONTRACT A.1, part C)."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import logging
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from cli import main
from etl.definitions import DatasetDefinition, load_all
from publish.app import ServeSettings, create_app
from simulator import registers
from simulator.dossiers import Sizes
from simulator.persons import persons
from tests.canaries import files, search, secrets
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DAY,
    DECISIONS,
    GONE,
    NEXT,
    PARAMETERS,
    PERSON,
    Record,
    World,
    changed,
    noon,
    record,
    register,
    restate,
    write,
)

SEED = 7
SIZES = Sizes(certificates=150, decisions=60, claims=40)
DATASETS = (ATTESTS, DECISIONS, CLAIMS, PARAMETERS)


def example(dataset: str, day: date = DAY) -> list[Record]:
    return list(registers.records(dataset, SEED, day, SIZES))


# The difference test: changing or leaving out only personal fields leaves every byte as it was

OTHER: list[object] = [
    GONE,
    None,
    "Pieter-Jan Ööst 85.07.30-033.28",
    0,
    -1.5e300,
    True,
    [],
    {},
    [[None, {"insz": "85073003328"}]],
    {"voornaam": {"diep": [PERSON]}, "nieuw": 1},
    '=HYPERLINK("http://example.org")\u0000',
]


def personal_paths(definition: DatasetDefinition) -> list[str]:
    """The fields marked ⚠ in the contract that B.1 does not use."""
    return [field.path for field in definition.record.fields if field.personal and not field.used]


def of_the_same_class(dataset: str, item: Record) -> Record:
    """Other values of the used ⚠ fields that B.1 puts in the same class."""
    if dataset == CLAIMS:
        others = {"uitgevoerd": "ingetrokken", "ingetrokken": "uitgevoerd", "vonnis": "opgemaakt"}
        return item | {"status": others.get(str(item["status"]), "vonnis")}
    if dataset == DECISIONS:
        appeal = item["beroep"]
        annulled = isinstance(appeal, Mapping) and appeal.get("uitspraak") == "vernietigd"
        return item | {"beroep": {"uitspraak": "vernietigd", "advocaat": PERSON} if annulled else {"uitspraak": "verworpen", "rol": [1]}}
    return item


def disguised(definition: DatasetDefinition, items: list[Record]) -> Iterator[Record]:
    """The same register with every personal field changed, replaced by another type, or left out."""
    others = itertools.cycle(OTHER)
    for item in items:
        paths = [path for path in personal_paths(definition) if not path.startswith("beroep.")]
        yield of_the_same_class(definition.id, changed(item, {path: next(others) for path in paths}))


def test_the_personal_fields_of_the_definitions_are_those_of_the_contract() -> None:
    assert {definition.id: sorted(personal_paths(definition)) for definition in load_all()} == {
        ATTESTS: ["controleur", "entiteit.aard", "houder", "maxBewoners", "opmerking", "vervalreden"],
        DECISIONS: sorted(
            [
                "beroep.ingediendOp",
                "bewoners",
                "dossiernummer",
                "eigenaars",
                "entiteit.aard",
                "gebreken",
                "opmerking",
                "schrappingsreden",
                "technischVerslag",
            ]
        ),
        CLAIMS: ["notitienummer", "opmerking", "overtreders", "parket"],
        PARAMETERS: ["contact"],
    }


def released(world: World) -> dict[str, bytes]:
    """Every byte below the folder of releases."""
    root = world.home / "releases"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def published(folder: Path, make: Callable[[DatasetDefinition, list[Record]], list[Record]]) -> World:
    """A whole publication of the example registers, as `make` gives them."""
    world = World(folder, whole=True)
    for definition in load_all():
        world.deliver(definition.id, DAY, make(definition, example(definition.id)))
    World(folder).run(DAY, "monthly")  # what it takes in is in the files of the other
    world.run(DAY, "daily")
    return world


def test_changing_or_leaving_out_only_personal_fields_leaves_every_byte_of_the_release_as_it_was(tmp_path: Path) -> None:
    plain = published(tmp_path / "plain", lambda _, items: items)
    other = published(tmp_path / "other", lambda definition, items: list(disguised(definition, items)))
    ours, theirs = released(plain), released(other)
    assert sum(len(plain.rows(dataset, DAY)) for dataset in DATASETS) > 400
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_the_difference_test_sees_a_difference(tmp_path: Path) -> None:
    seals = []
    for name, street in (("here", "Attestlaan"), ("there", "Attestdreef")):
        world = World(tmp_path / name)
        world.deliver(ATTESTS, DAY, register(ATTESTS, record(ATTESTS, 1, {"adres.straatnaam": street})))
        world.run(DAY)
        seals.append(world.release().folder.name)
    assert seals[0] != seals[1]


# The canary test. First: the search can find something.


def zipped(text: bytes) -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep.txt", b"x" * 500 + text + b"x" * 500)
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.xlsx", inner.getvalue())
    return outer.getvalue()


def parquet(text: bytes) -> bytes:
    sink = io.BytesIO()
    noise = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(250))
    table = pa.table({"a": [noise + text.decode() + noise]})
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue()


def free_page(text: bytes, folder: Path) -> bytes:
    path = folder / "free.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA secure_delete = OFF; CREATE TABLE kept (a); CREATE TABLE gone (a);")
    connection.execute("INSERT INTO gone VALUES (?)", (text.decode() * 200,))
    connection.commit()
    connection.execute("DROP TABLE gone")
    connection.commit()
    connection.close()
    return path.read_bytes()


def over_two_pages(text: bytes, folder: Path) -> bytes:
    """A cell so long that the text lies across the border of two pages."""
    path = folder / "long.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE long (a)")
    connection.executemany(
        "INSERT INTO long VALUES (?)", (("y" * (4070 + shift) + text.decode() + "y" * 5000,) for shift in range(0, 40, 3))
    )
    connection.commit()
    connection.close()
    return path.read_bytes()


NEEDLE = "Xanthippa-Zz0001 Vrxkboer0001"


@pytest.mark.parametrize("pack", [zipped, gzip.compress, parquet, free_page, over_two_pages], ids=lambda pack: pack.__name__)
def test_the_search_finds_what_is_planted(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    arguments = (tmp_path,) if pack in (free_page, over_two_pages) else ()
    data = pack(NEEDLE.encode(), *arguments)
    others = [f"not here {number:05d}" for number in range(20_000)]
    assert search([("planted", data)], [*others, NEEDLE]) != []
    assert search([("planted", data)], others) == []
    if pack in (zipped, gzip.compress, parquet):
        assert NEEDLE.encode() not in data, "the bytes as they are do not show it"


def test_the_search_finds_a_short_needle_at_either_end_and_names_of_files(tmp_path: Path) -> None:
    (tmp_path / "Jan Smet.csv").write_bytes(b"")
    assert search(files(tmp_path), ["Jan Smet"]) == ["name of Jan Smet.csv: Jan Smet"]
    for data in (b"12345678", b"..12345678", b"12345678.."):
        assert search([("here", data)], ["12345678"]) == ["here: 12345678"]
    assert search([("here", b"1234567")], ["12345678", "567"]) == ["here: 567"]


def test_the_secrets_of_a_record_are_known_in_every_spelling() -> None:
    found = secrets([record(DECISIONS, 1)])
    assert {"85073003328", "85.07.30-033.28", "BE71096123456769", "BE71 0961 2345 6769", "+32470123456", "0470123456"} <= found
    assert {"BO-2025-0000001", "BO20250000001", "E0005001", "D74000001"} <= found
    assert {"Xanthippa-Qq Vrxkboermans", "Vrxkboermans, Xanthippa-Qq", "xanthippa.vrxkboermans@example.org"} <= found


# Then: nothing is found in a whole home folder, in answers, nor in what the commands print, good run or bad


def vlok(world: World, day: date, *arguments: str) -> tuple[int, str]:
    """Exit status, and everything that a command prints."""
    environment = {
        "VLOK_HOME": str(world.home),
        "VLOK_SOURCE": f"folder:{world.deliveries}",
        "VLOK_CLOCK": day.isoformat(),
    }
    result = CliRunner().invoke(main, list(arguments), env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def needles() -> set[str]:
    """Every secret of two days of the example registers, and every marker of their persons."""
    found = {marker for person in persons(SEED) for marker in person.markers()}
    return found | secrets(item for dataset in DATASETS for day in (DAY, NEXT) for item in example(dataset, day))


def answers(world: World, day: date) -> Iterator[tuple[str, bytes]]:
    client = TestClient(create_app(ServeSettings(world.home / "releases"), lambda: noon(day)))
    wfs = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames="
    paths = [f"{wfs}POI:POI", f"{wfs}POI:POI&outputFormat=application/json", f"{wfs}LWKB:Woningkwaliteitsbeleid"]
    paths += [
        f"/ogc/features/v1/collections/{name}/items?f={form}&limit=1000"
        for name in ("POI", "WoningkwaliteitsbeleidRegels")
        for form in ("json", "html")
    ]
    for path in (*paths, "/", "/status", "/downloads"):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
        yield path, answer.content


def test_nothing_personal_is_in_any_byte_of_the_home_folder_the_answers_or_what_was_printed(
    tmp_path: Path, needles: set[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    world = World(tmp_path)
    for day in (DAY, NEXT):
        registers.write_deliveries(world.deliveries, day, SEED, SIZES)
    printed = [vlok(world, DAY, "publish"), vlok(world, NEXT, "run", "daily"), vlok(world, NEXT, "status")]
    assert {status for status, _ in printed} == {0}
    assert search(files(world.deliveries), needles), "the deliveries are full of them"
    assert search(files(world.home), needles) == []
    assert search(answers(world, NEXT), needles) == []

    # A bad day: a field that is unknown, a line that breaks off in a person, a store without its register.
    bad = NEXT + timedelta(days=1)
    unknown = [item | {str(persons(SEED)[3].insz): 1, "nieuw": persons(SEED)[3].record} for item in example(DECISIONS, NEXT)]
    write(world.deliveries, DECISIONS, bad, unknown, number=registers.number_of(bad))
    cut = ('{"attestId": "CA-1", "houder": {"voornaam": "' + persons(SEED)[5].full + '", "insz": "' + persons(SEED)[5].insz).encode()
    write(world.deliveries, ATTESTS, bad, [*example(ATTESTS, NEXT), cut], number=registers.number_of(bad))
    restate(write(world.deliveries, CLAIMS, bad, example(CLAIMS, NEXT), number=registers.number_of(bad)), dataset=persons(SEED)[7].full)
    printed += [
        vlok(world, bad, "check-delivery", str(world.deliveries / bad.isoformat())),
        vlok(world, bad, "run", "daily", "--dry-run"),
        vlok(world, bad, "run", "daily"),
        vlok(world, bad, "release", "list"),
        vlok(world, bad, "release", "show", str(world.installation(bad).store.ledger.holds()[0].id)),
    ]
    assert [status for status, _ in printed[3:]] == [1, 1, 1, 0, 0]
    assert search(files(world.home), needles) == []
    with sqlite3.connect(world.home / "state.sqlite") as state:
        state.execute("ALTER TABLE entry RENAME TO elsewhere")
    broken = vlok(world, bad, "run", "daily")
    assert broken[0] == 1
    assert "vlok: cannot" in broken[1]
    printed.append(broken)
    out, err = capfd.readouterr()
    texts = [text for _, text in printed] + [out, err, caplog.text]
    assert search([(f"printed {number}", text.encode()) for number, text in enumerate(texts)], needles) == []
    assert search(files(world.home), needles) == []
