"""Sealing: same input, same seal; the successor; dates and files that are lent; nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from release import layout
from release.content import Content
from release.errors import BrokenRelease
from release.manifest import FileEntry, Manifest, ProductEntry, digest
from release.reader import Release, read_arrow
from release.schema import Freshness, Product
from release.table import FROM, UNTIL, to_day
from release.writer import Writer
from tests.release.samples import DAY, KEY, NEXT, POINTS, ROWS, Files, content, opened, point, seal, text

COLUMNS = "tables/T.Punten/columns.arrow"


def test_the_same_content_gives_the_same_seal_in_another_place(tmp_path: Path) -> None:
    one, two = seal(tmp_path / "one", content()), seal(tmp_path / "two", content())
    assert one.seal == two.seal
    assert (one.folder / layout.SEAL).read_bytes() == (two.folder / layout.SEAL).read_bytes()


def test_the_seal_does_not_depend_on_how_the_columns_lie_in_memory(tmp_path: Path) -> None:
    whole = content()
    points = whole.tables[POINTS.qualified].arrow
    parts = pa.concat_tables([points.slice(0, 2), points.slice(2, 1), points.slice(3)])
    other = pa.chunked_array([pa.array(["unused", *points["NAAM"].to_pylist()]).dictionary_encode()[1:]])
    parts = parts.set_column(parts.column_names.index("NAAM"), "NAAM", other)
    tables = whole.tables | {POINTS.qualified: type(whole.tables[POINTS.qualified])(POINTS, parts)}
    assert seal(tmp_path / "one", whole).seal == seal(tmp_path / "two", Content(whole.schema, tables, whole.freshness)).seal


@pytest.mark.parametrize("change", [{"NAAM": "Anderstraat"}, {UNTIL: to_day(DAY) + 40}, {"_x": 140_000.0}], ids=str)
def test_the_seal_covers_rows_positions_and_the_calendar(tmp_path: Path, change: dict[str, object]) -> None:
    assert seal(tmp_path, content()).seal != seal(tmp_path, content([{**ROWS[0], **change}, *ROWS[1:]])).seal


def test_the_content_id_does_not_cover_the_calendar(tmp_path: Path) -> None:
    plain = opened(tmp_path)
    ends = opened(tmp_path, content([{**ROWS[0], UNTIL: to_day(DAY) + 40}, *ROWS[1:]]))
    assert plain.folder != ends.folder
    assert plain.content_id(DAY) == ends.content_id(DAY)


def test_the_content_id_of_a_product_covers_its_rows_only(tmp_path: Path) -> None:
    before = opened(tmp_path).edition(DAY).products
    after = opened(tmp_path, content([{**ROWS[0], "NAAM": "Anderstraat"}, *ROWS[1:]])).edition(DAY).products
    assert {name for name in before if before[name].content_id != after[name].content_id} == {"Een", "Alles"}


def test_the_seal_file_digests_every_file(tmp_path: Path) -> None:
    folder = seal(tmp_path, content()).folder
    digests = json.loads((folder / layout.SEAL).read_text())
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {layout.SEAL}
    assert set(digests) == files
    assert all(digest(folder / name) == expected for name, expected in digests.items())
    assert folder.name == hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:32]


def test_sealing_again_what_is_there_changes_nothing(tmp_path: Path) -> None:
    folder = seal(tmp_path, content()).folder
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    assert seal(tmp_path, content()).folder == folder
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_the_successor_is_what_the_calendar_leaves(tmp_path: Path) -> None:
    release = opened(tmp_path)
    today, tomorrow = release.edition(DAY).products, release.edition(NEXT).products
    assert (today["Een"].public, tomorrow["Een"].public) == (3, 2)
    assert (today["Een"].since, tomorrow["Een"].since) == (DAY, NEXT)
    assert (today["Twee"].since, tomorrow["Twee"].since) == (DAY, DAY)
    text = (layout.downloads_folder(release.folder, NEXT) / "Een" / "rows.txt").read_text()
    assert text.startswith(f"{NEXT}\n")
    assert "-5" not in text


def test_a_candidate_without_successor_has_one_edition(tmp_path: Path) -> None:
    candidate = Writer(tmp_path, Files(), KEY).seal(content(), DAY, successor=False)
    assert Release.open(candidate.folder).days == (DAY,)


def test_what_did_not_change_is_linked_and_not_written_again(tmp_path: Path) -> None:
    suite = Files()
    first = Release.open(seal(tmp_path, content(), suite=suite).folder)
    assert suite.written == [("Een", DAY), ("Twee", DAY), ("Alles", DAY), ("Gebieden", DAY), ("Een", NEXT), ("Alles", NEXT)]
    again = Files()
    second = Release.open(seal(tmp_path, content(), NEXT, suite=again, previous=first).folder)
    assert again.written == []
    inodes = [(layout.downloads_folder(release.folder, NEXT) / "Een" / "rows.txt").stat().st_ino for release in (first, second)]
    assert inodes[0] == inodes[1]
    assert second.edition(NEXT).products == first.edition(NEXT).products


def test_files_of_other_software_are_written_again_with_the_dates_that_were(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    newer = Files("2")
    second = Release.open(seal(tmp_path, content(), NEXT, suite=newer, previous=first).folder)
    assert [name for name, _ in newer.written] == ["Een", "Twee", "Alles", "Gebieden"]
    assert second.edition(NEXT).products["Twee"].since == DAY


def test_a_run_for_an_earlier_day_borrows_no_date_from_a_later_one(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    early = DAY - timedelta(days=3)
    rows = [{**row, FROM: to_day(early)} for row in ROWS]
    second = Release.open(seal(tmp_path, content(rows), early, previous=first).folder)
    assert {entry.since for entry in second.edition(early).products.values()} == {early}


def seen(day: date, **others: date) -> tuple[Freshness, ...]:
    """The registers were seen on `day`, but for some."""
    return tuple(Freshness(dataset=name, peildatum=others.get(name, day)) for name in ("een", "twee", "gebieden"))


def test_the_state_of_a_product_is_its_oldest_register_and_never_after_the_day(tmp_path: Path) -> None:
    fresh = seen(DAY + timedelta(days=9), twee=DAY - timedelta(days=2))
    entries = opened(tmp_path, content(freshness=fresh)).edition(DAY).products
    assert {name: entry.state for name, entry in entries.items()} == {
        "Een": DAY,
        "Twee": DAY - timedelta(days=2),
        "Alles": DAY - timedelta(days=2),
        "Gebieden": DAY,
    }


def test_what_the_calendar_changes_tomorrow_is_of_the_register_of_today(tmp_path: Path) -> None:
    tomorrow = opened(tmp_path).edition(NEXT).products["Een"]
    assert (tomorrow.since, tomorrow.state) == (NEXT, DAY)


def test_a_day_without_change_keeps_state_and_bytes_though_the_register_was_seen_again(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    again = Files()
    second = Release.open(seal(tmp_path, content(freshness=seen(NEXT)), NEXT, suite=again, previous=first).folder)
    assert again.written == []
    assert second.edition(NEXT) == first.edition(NEXT)
    assert {entry.state for entry in second.edition(NEXT).products.values()} == {DAY}


def test_a_changed_product_is_of_the_register_that_changed_it_and_the_others_stay(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    rows = [{**ROWS[0], "NAAM": "Anderstraat"}, *ROWS[1:]]
    second = Release.open(seal(tmp_path, content(rows, freshness=seen(NEXT)), NEXT, previous=first).folder)
    assert {name: entry.state for name, entry in second.edition(NEXT).products.items()} == {
        "Een": NEXT,
        "Twee": DAY,
        "Alles": NEXT,
        "Gebieden": DAY,
    }


def test_files_of_another_state_are_not_lent(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    again = Files()
    seal(tmp_path, content(freshness=seen(DAY, twee=DAY - timedelta(days=1))), suite=again, previous=first)
    assert ("Twee", DAY) in again.written and ("Gebieden", DAY) not in again.written


def test_a_register_that_turns_out_older_makes_the_state_older(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    second = Release.open(seal(tmp_path, content(freshness=seen(DAY - timedelta(days=1))), NEXT, previous=first).folder)
    assert {entry.state for entry in second.edition(NEXT).products.values()} == {DAY - timedelta(days=1)}


def test_a_manifest_from_before_there_was_a_state_opens_and_keeps_what_was_signed(tmp_path: Path) -> None:
    manifest = opened(tmp_path).edition(NEXT)
    bare = {name: entry.model_dump(exclude={"state"}) for name, entry in manifest.products.items()}
    old = manifest.model_copy(update={"products": {name: ProductEntry.model_validate(entry) for name, entry in bare.items()}}).signed(KEY)
    text = old.model_dump_json(indent=1)
    assert '"state"' not in text and '"state"' in manifest.model_dump_json()
    read = Manifest.model_validate_json(text)
    read.verify()
    assert {entry.state == entry.since for entry in read.products.values()} == {True}
    assert read.model_dump_json(indent=1) == text


def test_the_day_of_the_description_stays_while_rows_come_and_go(tmp_path: Path) -> None:
    first = Release.open(seal(tmp_path, content()).folder)
    assert {entry.described for entry in first.edition(NEXT).products.values()} == {DAY}
    assert first.edition(NEXT).products["Een"].since == NEXT
    changed = content()
    kinds = [
        kind.model_copy(update={"abstract": text("Anders")}) if kind.name == "Gebieden" else kind for kind in changed.schema.feature_types
    ]
    other = replace(changed, schema=changed.schema.model_copy(update={"feature_types": tuple(kinds)}))
    second = Release.open(seal(tmp_path, other, NEXT, previous=first).folder)
    described = {name: entry.described for name, entry in second.edition(NEXT).products.items()}
    assert described == {"Een": DAY, "Twee": DAY, "Alles": DAY, "Gebieden": NEXT}


def test_a_manifest_from_before_there_was_a_day_of_the_description_opens_and_keeps_what_was_signed(tmp_path: Path) -> None:
    manifest = opened(tmp_path).edition(NEXT)
    bare = {name: entry.model_dump(exclude={"schema_id", "described"}) for name, entry in manifest.products.items()}
    old = manifest.model_copy(update={"products": {name: ProductEntry.model_validate(entry) for name, entry in bare.items()}}).signed(KEY)
    written = old.model_dump_json(indent=1)
    read = Manifest.model_validate_json(written)
    read.verify()
    assert (read.model_dump_json(indent=1), read.products["Een"].described) == (written, None)


def test_a_day_without_edition_has_the_newest_one(tmp_path: Path) -> None:
    release = opened(tmp_path)
    assert release.latest_edition(DAY) == release.edition(DAY)
    assert release.latest_edition(NEXT + timedelta(days=5)) == release.edition(NEXT)


def test_what_has_ended_is_in_no_column_and_leaves_no_value_behind(tmp_path: Path) -> None:
    gone = point(7, NAAM="Verdwenenstraat", _until=to_day(DAY))
    release = opened(tmp_path, content([*ROWS, gone]))
    assert b"Verdwenenstraat" in (release.folder / COLUMNS).read_bytes()
    later = seal(tmp_path, release.content(), NEXT).folder
    assert not [path for path in later.rglob("*") if path.is_file() and b"Verdwenenstraat" in path.read_bytes()]


def test_a_dictionary_holds_only_what_is_used_in_order(tmp_path: Path) -> None:
    folder = seal(tmp_path, content()).folder
    column = read_arrow(folder / COLUMNS)["NAAM"].chunk(0)
    assert column.dictionary.to_pylist() == ["", "Kerkstraat", "kerkstraat", "Ödestraat %_."]
    assert column.to_pylist() == [row.get("NAAM") for row in ROWS]


class Failing(Files):
    def files(self, product: Product, content: Content, entry: ProductEntry, folder: Path) -> tuple[FileEntry, ...]:
        if product.id == "Twee":
            raise OSError("no space left on device")
        return super().files(product, content, entry, folder)


def test_a_suite_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no space left"):
        seal(tmp_path, content(), suite=Failing())
    assert list(tmp_path.iterdir()) == []


def test_every_file_is_on_disk_before_the_folder_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[str] = set()
    fsync, rename = os.fsync, Path.rename

    def note(descriptor: int) -> None:
        synced.add(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    def check(folder: Path, target: Path) -> Path:
        assert {str(path) for path in folder.rglob("*") if path.is_file() and path.name != layout.SEAL} <= synced
        return rename(folder, target)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", check)
    folder = seal(tmp_path, content()).folder
    assert str(tmp_path) in synced
    assert folder.is_dir()


def test_the_folder_of_releases_is_for_its_owner_alone(tmp_path: Path) -> None:
    seal(tmp_path / "releases", content())
    assert (tmp_path / "releases").stat().st_mode & 0o777 == 0o700


# The manifest


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return opened(tmp_path).edition(DAY)


def test_a_manifest_is_signed_by_the_installation(manifest: Manifest) -> None:
    manifest.verify()
    assert manifest.public_key == KEY.public_key().public_bytes_raw().hex()


def test_a_manifest_survives_its_own_json(manifest: Manifest) -> None:
    again = Manifest.model_validate_json(manifest.model_dump_json())
    assert again == manifest
    again.verify()


@pytest.mark.parametrize(
    "change",
    [
        {"content_id": "0" * 64},
        {"day": NEXT},
        {"software": "mine"},
        {"products": {}},
        {"signature": "00" * 64},
        {"signature": "xyz"},
        {"public_key": Ed25519PrivateKey.from_private_bytes(b"x" * 32).public_key().public_bytes_raw().hex()},
        {"public_key": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_manifest_that_was_changed_does_not_verify(manifest: Manifest, change: dict[str, object]) -> None:
    with pytest.raises(BrokenRelease, match="the signature of the manifest of"):
        manifest.model_copy(update=change).verify()


def test_a_manifest_tells_nothing_of_the_run(manifest: Manifest) -> None:
    assert set(Manifest.model_fields) == {"content_id", "day", "transformation", "software", "products", "public_key", "signature"}
    assert manifest.products["Gebieden"].files[1].note == "left out"
