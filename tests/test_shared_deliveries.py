"""The shared deliveries end to end: three days, the counts that were agreed, in every channel and every file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import fiona
import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from etl.findings import Effect
from etl.keys import Keys
from publish.app import ServeSettings, create_app
from release import layout
from release.manifest import Manifest
from release.reader import Release
from schedules.jobs import Exit, JobReport
from tests.canaries import files, search, secrets
from tests.etl.deliveries import ATTESTS, CLAIMS, DECISIONS, PARAMETERS, PRODUCTS, SECRET, Record, World, noon

pytestmark = pytest.mark.shared

DAYS = (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21))
NAMES = {**PRODUCTS, PARAMETERS: "Woningkwaliteitsbeleid"}
LOCATED_ONLY = {"FlatGeobuf"}


@dataclass(frozen=True)
class Day:
    """What one day brought."""

    reports: tuple[JobReport, ...]
    manifest: Manifest
    release: Path
    objects: Mapping[str, Mapping[int, int]]  # UIDN by OIDN, by dataset
    hits: Mapping[str, int]
    matched: Mapping[str, int]
    files: Mapping[tuple[str, str], int]  # objects by product and format, of the last day: the proof has counted them on each


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> World:
    settings = {"source": f"folder:{shared / 'deliveries'}", "municipalities": str(polygons(shared))}
    return World(tmp_path_factory.mktemp("shared"), whole=True, settings=settings)


def polygons(shared: Path) -> Path:
    return next(path for path in sorted((shared / "municipalities").iterdir()) if "2025" in path.name)


@pytest.fixture(scope="module")
def days(world: World) -> dict[date, Day]:
    """Three days of both jobs; after each, everything is counted while it is current."""
    return {day: _run(world, day) for day in DAYS}


def _run(world: World, day: date) -> Day:
    reports = (world.run(day, "daily"), world.run(day, "monthly"))
    release = world.release()
    return Day(
        reports=reports,
        manifest=release.edition(day),
        release=release.folder,
        objects={dataset: {row["OIDN"]: row["UIDN"] for row in world.rows(dataset, day)} for dataset in PRODUCTS},
        hits=dict(_hits(world, day)),
        matched=dict(_matched(world, day)),
        files=dict(_counted(release, day)) if day == DAYS[-1] else {},
    )


def _client(world: World, day: date) -> TestClient:
    return TestClient(create_app(ServeSettings(world.home / "releases"), lambda: noon(day)))


def _hits(world: World, day: date) -> Iterator[tuple[str, int]]:
    for dataset, name in NAMES.items():
        query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "resultType": "hits", "typeNames": "POI:POI"}
        query |= {"typeNames": "LWKB:Woningkwaliteitsbeleid"} if dataset == PARAMETERS else {"cql_filter": f"PRODUCT='{name}'"}
        matched = re.search(r'numberMatched="(\d+)"', _client(world, day).get("/wfs", params=query).text)
        yield dataset, int(matched[1]) if matched else -1


def _matched(world: World, day: date) -> Iterator[tuple[str, int]]:
    for dataset, name in NAMES.items():
        answer = _client(world, day).get(f"/ogc/features/v1/collections/{name}/items", params={"f": "json", "limit": 1})
        yield dataset, answer.json()["numberMatched"]


def _counted(release: Release, day: date) -> Iterator[tuple[tuple[str, str], int]]:
    """Objects in every download of the day, counted by libraries that did not write them where there is another."""
    downloads = layout.downloads_folder(release.folder, day)
    for product in release.edition(day).products:
        for path in sorted((downloads / product).glob("*.zip")):
            form = path.stem.rpartition("_")[2]
            yield (product, form), _objects(path, product, form)


def _objects(path: Path, product: str, form: str) -> int:
    with zipfile.ZipFile(path) as archive:
        if form == "CSV":
            return sum(1 for _ in csv.DictReader(io.TextIOWrapper(archive.open(f"CSV/{product}.csv"), "utf-8")))
        if form == "GeoParquet":
            return int(pq.ParquetFile(io.BytesIO(archive.read(f"GeoParquet/{product}.parquet"))).metadata.num_rows)
        if form == "XLSX":
            book = openpyxl.load_workbook(io.BytesIO(archive.read(f"XLSX/{product}.xlsx")), read_only=True)
            return sum(1 for row in book.worksheets[1].iter_rows(values_only=True) if any(row)) - 1
    extension = {"GML": "gml", "Shapefile": "shp", "GeoPackage": "gpkg", "FlatGeobuf": "fgb"}[form]
    layer = {"layer": product} if form == "GeoPackage" else {}
    with fiona.open(f"zip://{path}!{form}/{product}.{extension}", ignore_geometry=True, **layer) as collection:
        return sum(1 for _ in collection)


def expected(shared: Path, day: date) -> dict[str, Record]:
    found: dict[str, Record] = json.loads((shared / "deliveries" / day.isoformat() / "EXPECTED.json").read_text())
    return found


def delivered(shared: Path, dataset: str, day: date) -> list[Record]:
    with gzip.open(shared / "deliveries" / day.isoformat() / dataset / f"{dataset}.jsonl.gz") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_counts_of_the_manifest_the_services_and_the_files_are_those_agreed(shared: Path, days: dict[date, Day], day: date) -> None:
    found = days[day]
    public = {dataset: counts["public_objects"] for dataset, counts in expected(shared, day).items()}
    assert [report.exit for report in found.reports] == [Exit.DONE, Exit.DONE]
    assert {dataset: found.manifest.products[name].public for dataset, name in NAMES.items()} == public
    assert found.hits == public
    assert found.matched == public
    assert found.manifest.products["POI"].public == sum(public[dataset] for dataset in PRODUCTS)


def test_every_file_of_the_last_day_holds_what_the_manifest_says(days: dict[date, Day]) -> None:
    found = days[DAYS[-1]]
    assert len(found.files) == 5 * 7
    for (product, form), count in found.files.items():
        entry = found.manifest.products[product]
        assert count == (entry.located if form in LOCATED_ONLY else entry.public), (product, form)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_is_kept_out_and_why_is_as_agreed(shared: Path, days: dict[date, Day], day: date) -> None:
    wanted = expected(shared, day)
    for outcome in (outcome for report in days[day].reports for outcome in report.outcomes):
        assert outcome.delivered == wanted[outcome.dataset]["delivered"]
        if outcome.dataset == PARAMETERS:  # there it is rules that are kept out
            continue
        kept_out = {number for tally in outcome.findings if tally.effect is Effect.KEEP_OUT for number in tally.records}
        records = delivered(shared, outcome.dataset, day)
        missed = [number for number in kept_out if lawful(outcome.dataset, records[number - 1], day.isoformat())]
        assert len(missed) == wanted[outcome.dataset]["records_kept_out"]["personal value in address"]
    assert days[day].reports[0].waiting == {
        (ATTESTS, "certificate.declared-unfit-since"): wanted[ATTESTS]["records_kept_out"]["declared unfit since"]
    }


def lawful(dataset: str, item: Record, day: str) -> bool:
    """CONTRACT B.1, written once more from its text."""
    if dataset == ATTESTS:
        return item["afgiftedatum"] <= day <= item["geldigTot"] and not (item.get("vervallenOp") and item["vervallenOp"] <= day)
    if dataset == DECISIONS:
        annulled = (item.get("beroep") or {}).get("uitspraak") == "vernietigd"
        lifted = item.get("opgehevenOp") and item["opgehevenOp"] <= day
        return item["aard"] != "overbewoond" and item["inventarisatiedatum"] <= day and not lifted and not annulled
    executed = item.get("uitvoeringVastgesteldOp") and item["uitvoeringVastgesteldOp"] <= day
    return item["opgemaaktOp"] <= day and item["status"] not in ("uitgevoerd", "ingetrokken") and not executed


def object_of(dataset: str, item: Record) -> str:
    return str(item["pand"]["pandId"] if dataset == CLAIMS else item["entiteit"]["entiteitId"])


@pytest.mark.parametrize("dataset", PRODUCTS)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_was_lifted_expired_executed_or_vanished_is_gone_and_what_stays_keeps_its_oidn(
    shared: Path, days: dict[date, Day], day: date, dataset: str
) -> None:
    keys, counts = Keys(SECRET), expected(shared, day)[dataset]
    records = delivered(shared, dataset, day)
    allowed = {keys.oidn(PRODUCTS[dataset], object_of(dataset, item)) for item in records if lawful(dataset, item, day.isoformat())}
    public = set(days[day].objects[dataset])
    assert public <= allowed
    assert len(allowed - public) <= sum(counts["records_kept_out"].values())
    assert len(public) == counts["public_objects"]


@pytest.mark.parametrize("dataset", PRODUCTS)
def test_a_uidn_changes_only_with_what_is_public(shared: Path, days: dict[date, Day], dataset: str) -> None:
    def places(day: date) -> dict[int, set[str]]:
        found = defaultdict(set)
        for item in delivered(shared, dataset, day):
            own = {name: item.get(name) for name in ("adres", "adressen", "positie", "entiteit", "pand")}
            found[Keys(SECRET).oidn(PRODUCTS[dataset], object_of(dataset, item))].add(json.dumps(own, sort_keys=True))
        return found

    first, second = places(DAYS[1]), places(DAYS[2])
    before, after = days[DAYS[1]].objects[dataset], days[DAYS[2]].objects[dataset]
    same = [oidn for oidn in before.keys() & after.keys() if len(first[oidn]) == 1 and first[oidn] == second[oidn]]
    assert len(same) > 500
    assert [oidn for oidn in same if before[oidn] != after[oidn]] == []


def test_the_successor_of_a_day_is_what_the_calendar_leaves_of_it(world: World, days: dict[date, Day]) -> None:
    release, last = world.release(), DAYS[-1]
    today, tomorrow = (release.edition(day).products for day in (last, last + timedelta(days=1)))
    assert all(tomorrow[name].public <= today[name].public for name in NAMES.values())
    assert sum(tomorrow[name].public for name in NAMES.values()) < sum(today[name].public for name in NAMES.values())


def test_no_secret_of_the_shared_deliveries_is_in_any_byte_of_the_home_folder(shared: Path, world: World, days: dict[date, Day]) -> None:
    needles = {text for dataset in NAMES for day in DAYS for text in secrets(delivered(shared, dataset, day))}
    assert len(needles) > 100_000
    assert search(files(shared / "deliveries" / DAYS[0].isoformat()), needles)
    assert search(files(world.home), needles) == []


def test_a_purge_of_the_next_day_publishes_the_successor(world: World, days: dict[date, Day]) -> None:
    day = DAYS[-1] + timedelta(days=1)
    planned = world.release().edition(day)
    assert World(world.folder, settings=world.settings).run(day, "purge").exit == Exit.DONE
    assert world.release().edition(day).content_id == planned.content_id
