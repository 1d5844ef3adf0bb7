"""Broken deliveries in a folder are refused whole, with the file, the line and the reason, and never with a value."""

from __future__ import annotations

import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl.definitions import DIRECTORY, load
from etl.delivery import Kind
from etl.errors import DeliveryRefused, NoDelivery
from etl.sources.folder import FolderSource, open_folder
from tests.etl.sources.definitions import definition

DAY = date(2026, 11, 21)
BESLUITEN = definition()
SECRET = "Qwrtzmans4821"


def deliver(base: Path, body: bytes, *, name: str = "b.jsonl", count: int = 2, day: date = DAY, **changes: object) -> Path:
    folder = base / day.isoformat() / "besluiten"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(body)
    statement: dict[str, object] = {
        "dataset": "besluiten",
        "soort": "volledig",
        "peildatum": day.isoformat(),
        "volgnummer": 3,
        "bestanden": [{"naam": name, "aantal": count, "sha256": hashlib.sha256(body).hexdigest()}],
    }
    (folder / "levering.json").write_text(json.dumps(statement | changes))
    return folder


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def read(base: Path) -> list[tuple[int, object]]:
    return list(FolderSource(base).pull(BESLUITEN, DAY).records())


def refused(base: Path) -> DeliveryRefused:
    with pytest.raises(DeliveryRefused) as caught:
        read(base)
    assert SECRET not in str(caught.value)
    return caught.value


TWO = lines({"besluitId": "1"}, {"besluitId": "2"})


@pytest.mark.parametrize(("name", "pack"), [("b.jsonl", bytes), ("b.jsonl.gz", gzip.compress)], ids=["plain", "gzip"])
def test_records_come_with_their_line_numbers(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    deliver(tmp_path, pack(TWO), name=name)
    assert read(tmp_path) == [(1, {"besluitId": "1"}), (2, {"besluitId": "2"})]


def test_line_numbers_run_on_over_the_files(tmp_path: Path) -> None:
    folder = deliver(tmp_path, TWO)
    (folder / "c.jsonl").write_bytes(TWO)
    digest = hashlib.sha256(TWO).hexdigest()
    files = [{"naam": name, "aantal": 2, "sha256": digest} for name in ("b.jsonl", "c.jsonl")]
    deliver(tmp_path, TWO, bestanden=files)
    assert [number for number, _ in read(tmp_path)] == [1, 2, 3, 4]


def test_the_header_says_what_levering_json_says(tmp_path: Path) -> None:
    deliver(tmp_path, TWO, soort="mutaties")
    delivery = FolderSource(tmp_path).pull(BESLUITEN, DAY)
    digest = hashlib.sha256(hashlib.sha256(TWO).hexdigest().encode()).hexdigest()
    header = delivery.header
    assert (header.dataset, header.kind, header.day, header.number, header.digest) == ("besluiten", Kind.MUTATIONS, DAY, 3, digest)
    delivery.discard()
    assert delivery.folder.is_dir()


def test_a_wrong_sha256_is_refused_before_any_record_is_given_out(tmp_path: Path) -> None:
    folder = deliver(tmp_path, TWO)
    (folder / "b.jsonl").write_bytes(TWO.replace(b"2", b"3"))
    given = FolderSource(tmp_path).pull(BESLUITEN, DAY).records()
    with pytest.raises(DeliveryRefused) as caught:
        next(given)
    assert (caught.value.code, caught.value.file) == ("delivery.sha256", "b.jsonl")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_aantal_is_refused(tmp_path: Path, count: int) -> None:
    deliver(tmp_path, TWO, count=count)
    assert refused(tmp_path).code == "delivery.count"


@pytest.mark.parametrize(
    "damage", [lambda packed: packed[:-9], lambda packed: packed[:-6] + b"abcdef", lambda _: TWO, lambda packed: packed + b"x"]
)
def test_a_damaged_gzip_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    deliver(tmp_path, damage(gzip.compress(TWO)), name="b.jsonl.gz")
    error = refused(tmp_path)
    assert (error.code, error.file) == ("delivery.gzip", "b.jsonl.gz")


NO_JSON = {
    "half": b'{"naam": "Qwrtzmans4821"',
    "nan": b'{"Qwrtzmans4821": NaN}',
    "infinity": b'{"Qwrtzmans4821": -Infinity}',
    "single quotes": b"{'naam': 'Qwrtzmans4821'}",
    "two values": b'{"naam": "Qwrtzmans4821"} {}',
    "raw control character": b'{"naam": "Qwrtzmans4821\x01"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "deep and unbalanced": b'{"a": ' + b"[" * 5000 + b"]" * 4999 + b"}",
}


@pytest.mark.parametrize("line", NO_JSON.values(), ids=NO_JSON.keys())
def test_a_line_that_is_no_json_is_refused_with_its_number(tmp_path: Path, line: bytes) -> None:
    deliver(tmp_path, b'{"besluitId": "1"}\n' + line + b"\n")
    error = refused(tmp_path)
    assert (error.code, error.file, error.line) == ("delivery.json", "b.jsonl", 2)


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    deliver(tmp_path, TWO + '{"naam": "Réné Qwrtzmans4821"}\n'.encode("latin-1"), count=3)
    error = refused(tmp_path)
    assert (error.code, error.line) == ("delivery.encoding", 3)


ODD_BUT_JSON = {
    "lone surrogate": rb'"\ud800"',
    "giant integer": b"9" * 5000,
    "giant number": b"1e999",
    "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "brackets in deep strings": b'{"a":' * 3000 + rb'"]}\"["' + b"}" * 3000,
    "deep but not too deep": b"[" * 900 + b"]" * 900,
}


@pytest.mark.parametrize("value", ODD_BUT_JSON.values(), ids=ODD_BUT_JSON.keys())
def test_what_is_json_by_the_grammar_is_never_refused(tmp_path: Path, value: bytes) -> None:
    deliver(tmp_path, b'{"opmerking": ' + value + b', "besluitId": "1", "n": 99999999999999999999}\n', count=1)
    [(_, record)] = read(tmp_path)
    assert isinstance(record, dict)
    assert record["besluitId"] == "1"
    assert record["n"] == 1e20
    assert isinstance(record["n"], float)  # as it is on a line without a fault


def test_a_line_that_is_json_but_no_object_is_given_out(tmp_path: Path) -> None:
    deliver(tmp_path, lines([], 4))
    assert read(tmp_path) == [(1, []), (2, 4)]


def test_one_blank_line_may_end_a_file_and_no_other(tmp_path: Path) -> None:
    deliver(tmp_path, TWO + b"\r\n")
    assert len(read(tmp_path)) == 2
    deliver(tmp_path, b'{"besluitId": "1"}\n\n{"besluitId": "2"}\n')
    error = refused(tmp_path)
    assert (error.code, error.line) == ("delivery.json", 2)


def test_a_last_line_without_newline_counts(tmp_path: Path) -> None:
    deliver(tmp_path, TWO.rstrip())
    assert len(read(tmp_path)) == 2


def test_a_line_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    deliver(tmp_path, gzip.compress(b'{"a": "' + b"x" * (1 << 21) + b'"}\n'), name="b.jsonl.gz", count=1)
    error = refused(tmp_path)
    assert (error.code, error.line) == ("delivery.line", 1)


@pytest.mark.parametrize("bomb", [b" " * (64 << 20), b"\n" * (64 << 20)], ids=["one line", "blank lines"])
def test_a_gzip_bomb_does_not_go_off(tmp_path: Path, bomb: bytes) -> None:
    deliver(tmp_path, gzip.compress(bomb, 9), name="b.jsonl.gz", count=1)
    del bomb
    tracemalloc.start()
    refused(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_delivery_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    deliver(tmp_path, gzip.compress(lines(*({"a": "x" * 1000} for _ in range(100)))), name="b.jsonl.gz", count=100)
    with pytest.raises(DeliveryRefused, match=r"delivery\.size") as caught:
        list(FolderSource(tmp_path, most_bytes=50_000).pull(BESLUITEN, DAY).records())
    assert caught.value.line == 50


def test_memory_does_not_grow_with_the_delivery(tmp_path: Path) -> None:
    deliver(tmp_path, gzip.compress(b'{"besluitId": "1"}\n' * 50_000), name="b.jsonl.gz", count=50_000)
    tracemalloc.start()
    assert sum(1 for _ in FolderSource(tmp_path).pull(BESLUITEN, DAY).records()) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


@pytest.mark.parametrize("name", ["../b.jsonl", "/etc/b.jsonl", "a/b.jsonl", "..", "b.json", "b.jsonl.gz.exe", "", ".b.jsonl", "b\n.jsonl"])
def test_a_name_that_is_no_plain_file_name_is_refused(tmp_path: Path, name: str) -> None:
    folder = deliver(tmp_path, TWO)
    (folder.parent / "b.jsonl").write_bytes(TWO)
    deliver(tmp_path, TWO, bestanden=[{"naam": name, "aantal": 2, "sha256": hashlib.sha256(TWO).hexdigest()}])
    error = refused(tmp_path)
    assert (error.code, error.file) == ("delivery.header", "levering.json")


def test_a_link_to_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = deliver(tmp_path, TWO)
    (folder / "b.jsonl").rename(tmp_path / "elsewhere.jsonl")
    (folder / "b.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    assert refused(tmp_path).code == "delivery.file"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (deliver(tmp_path, TWO) / "b.jsonl").unlink()
    error = refused(tmp_path)
    assert (error.code, error.file) == ("delivery.file", "b.jsonl")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dataset": "herstelvorderingen"}, "delivery.dataset"),
        ({"peildatum": "2026-11-20"}, "delivery.day"),
        ({"peildatum": "20261121"}, "delivery.header"),
        ({"peildatum": "2026-02-30"}, "delivery.header"),
        ({"peildatum": 1}, "delivery.header"),
        ({"soort": "alles"}, "delivery.header"),
        ({"volgnummer": 0}, "delivery.header"),
        ({"volgnummer": "3"}, "delivery.header"),
        ({"volgnummer": True}, "delivery.header"),
        ({"volgnummer": 3.0}, "delivery.header"),
        ({"bestanden": {}}, "delivery.header"),
        ({"bestanden": [{"naam": "b.jsonl", "aantal": -1, "sha256": "0" * 64}]}, "delivery.header"),
        ({"bestanden": [{"naam": "b.jsonl", "aantal": 1, "sha256": "Z" * 64}]}, "delivery.header"),
        ({"bestanden": [{"naam": "b.jsonl", "aantal": 1, "sha256": "0" * 64}] * 2}, "delivery.header"),
        ({SECRET: SECRET}, "delivery.header"),
    ],
)
def test_a_levering_json_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], code: str) -> None:
    deliver(tmp_path, TWO, **change)
    error = refused(tmp_path)
    assert (error.code, error.file) == (code, "levering.json")


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '"Qwrtzmans4821"', '{"a": ' + "[" * 100_000])
def test_a_levering_json_that_is_no_object_is_refused(tmp_path: Path, text: str) -> None:
    (deliver(tmp_path, TWO) / "levering.json").write_text(text)
    assert refused(tmp_path).code in ("delivery.header", "delivery.json")


def test_a_missing_delivery_names_the_place_where_it_was_expected(tmp_path: Path) -> None:
    with pytest.raises(NoDelivery, match=r"2026-11-21/besluiten/levering\.json"):
        read(tmp_path)


def test_missed_days_are_those_between_that_have_a_delivery(tmp_path: Path) -> None:
    for number in (17, 18, 20, 21):
        deliver(tmp_path, TWO, day=date(2026, 11, number))
    (tmp_path / "2026-11-19" / "herstelvorderingen").mkdir(parents=True)
    (tmp_path / "2026-99-99").mkdir()
    source = FolderSource(tmp_path)
    assert source.missed(BESLUITEN, date(2026, 11, 17), DAY) == (date(2026, 11, 18), date(2026, 11, 20))
    assert source.missed(BESLUITEN, DAY, DAY) == ()


def test_a_delivery_is_reopened_by_its_reference_while_it_is_the_same(tmp_path: Path) -> None:
    deliver(tmp_path, TWO)
    source = FolderSource(tmp_path)
    reference = source.pull(BESLUITEN, DAY).reference
    assert reference.startswith("folder:2026-11-21/besluiten#")
    assert list(source.reopen(BESLUITEN, reference).records()) == read(tmp_path)
    deliver(tmp_path, TWO + TWO, count=4)
    with pytest.raises(NoDelivery, match="has changed since"):
        source.reopen(BESLUITEN, reference)


@pytest.mark.parametrize(
    "reference", ["folder:../../etc#x", "folder:2026-11-21/parameters#x", "spool:besluiten/x", "", "folder:20261121/besluiten#"]
)
def test_a_foreign_reference_opens_nothing(tmp_path: Path, reference: str) -> None:
    deliver(tmp_path, TWO)
    with pytest.raises(NoDelivery):
        FolderSource(tmp_path).reopen(BESLUITEN, reference)


def test_a_single_folder_is_opened_whatever_its_day(tmp_path: Path) -> None:
    folder = deliver(tmp_path, TWO)
    assert open_folder(folder, BESLUITEN, None).header.day == DAY


@pytest.mark.parametrize("dataset", ["conformiteitsattesten", "besluiten", "herstelvorderingen", "parameters"])
def test_the_shared_deliveries_are_read_whole(shared: Path, dataset: str) -> None:
    path = shared / "deliveries"
    delivery = FolderSource(path).pull(load(DIRECTORY / f"{dataset}.toml"), DAY)
    expected = json.loads((path / "2026-11-21" / "EXPECTED.json").read_text())[dataset]["delivered"]
    assert sum(1 for _, record in delivery.records() if isinstance(record, dict)) == expected
