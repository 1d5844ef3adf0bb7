"""CONTRACT B.1: what is public on which day, whether or not a job runs; which record an object takes its values from; its numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from release import layout
from schedules import jobs
from schedules.jobs import Exit
from tests.etl.deliveries import (
    ATTESTS,
    CLAIMS,
    DAY,
    DECISIONS,
    NEXT,
    PARAMETERS,
    PRODUCTS,
    Record,
    World,
    certificate,
    houses,
    municipality,
    record,
    register,
    rule,
    start,
)

LATER = NEXT + timedelta(days=1)


def iso(day: date) -> str:
    return day.isoformat()


# Which records are public on day D


@pytest.mark.parametrize(
    ("dataset", "changes", "days"),
    [
        (ATTESTS, {"afgiftedatum": iso(DAY)}, {DAY, NEXT}),
        (ATTESTS, {"afgiftedatum": iso(NEXT)}, set()),
        (ATTESTS, {"geldigTot": iso(DAY)}, {DAY}),
        (ATTESTS, {"geldigTot": iso(NEXT)}, {DAY, NEXT}),
        (ATTESTS, {"geldigTot": iso(DAY - timedelta(days=1))}, set()),
        (ATTESTS, {"vervallenOp": iso(DAY)}, set()),
        (ATTESTS, {"vervallenOp": iso(NEXT)}, {DAY}),
        (ATTESTS, {"afgiftedatum": "2034-03-02"}, set()),
        (DECISIONS, {"inventarisatiedatum": iso(NEXT)}, set()),
        (DECISIONS, {"opgehevenOp": iso(DAY)}, set()),
        (DECISIONS, {"opgehevenOp": iso(NEXT)}, {DAY}),
        (DECISIONS, {"aard": "overbewoond"}, set()),
        (DECISIONS, {"aard": "ongeschikt_en_onbewoonbaar"}, {DAY, NEXT}),
        (DECISIONS, {"beroep": {"uitspraak": "vernietigd"}}, set()),
        (DECISIONS, {"beroep": {"uitspraak": "verworpen"}}, {DAY, NEXT}),
        (DECISIONS, {"beroep": {"uitspraak": None}}, {DAY, NEXT}),
        (CLAIMS, {"opgemaaktOp": iso(NEXT)}, set()),
        (CLAIMS, {"status": "uitgevoerd"}, set()),
        (CLAIMS, {"status": "ingetrokken"}, set()),
        (CLAIMS, {"status": "gedeeltelijk_uitgevoerd"}, {DAY, NEXT}),
        (CLAIMS, {"uitvoeringVastgesteldOp": iso(DAY)}, set()),
        (CLAIMS, {"uitvoeringVastgesteldOp": iso(NEXT)}, {DAY}),
    ],
)
def test_a_record_is_public_on_the_days_of_the_law(
    dataset: str, changes: dict[str, object], days: set[date], calendar: dict[tuple[str, str], str], calendars: World
) -> None:
    house = calendar[dataset, repr(changes)]
    assert {day for day in (DAY, NEXT) if house in calendars.public(dataset, day)} == days


@pytest.fixture(scope="module")
def calendar(request: pytest.FixtureRequest) -> dict[tuple[str, str], str]:
    """House number of each case of the test above."""
    marks = test_a_record_is_public_on_the_days_of_the_law.pytestmark  # type: ignore[attr-defined] # what parametrize left there
    cases = next(mark for mark in marks if mark.name == "parametrize").args[1]
    return {(dataset, repr(changes)): str(number) for number, (dataset, changes, _) in enumerate(cases, start=101)}


@pytest.fixture(scope="module")
def calendars(tmp_path_factory: pytest.TempPathFactory, calendar: dict[tuple[str, str], str]) -> World:
    """One release of `DAY` that holds every case."""
    world = World(tmp_path_factory.mktemp("calendar"))
    marks = test_a_record_is_public_on_the_days_of_the_law.pytestmark  # type: ignore[attr-defined] # what parametrize left there
    cases = next(mark for mark in marks if mark.name == "parametrize").args[1]
    for dataset in PRODUCTS:
        others = [record(name, int(calendar[name, repr(changes)]), changes) for name, changes, _ in cases if name == dataset]
        world.deliver(dataset, DAY, [*register(dataset), *others])
    world.deliver(PARAMETERS, DAY, register(PARAMETERS))
    assert world.run(DAY).exit == Exit.DONE
    return world


# Midnight needs no job


def csv_houses(world: World, edition: date, dataset: str) -> set[str]:
    """House numbers in the CSV of an edition."""
    name = PRODUCTS[dataset]
    path = layout.downloads_folder(world.release().folder, edition) / name / f"{name}_CSV.zip"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"CSV/{name}.csv").decode("utf-8")
    return {row["HUISNR"] for row in csv.DictReader(io.StringIO(text))}


def test_what_expires_is_gone_on_its_day_from_answers_and_files_without_a_job(tmp_path: Path) -> None:
    world = World(tmp_path, whole=True)
    for dataset in PRODUCTS:
        world.deliver(dataset, DAY, register(dataset))
    assert world.run(DAY).exit == Exit.DONE
    release = world.release()
    assert release.days == (DAY, NEXT)
    for dataset in PRODUCTS:
        assert world.public(dataset, DAY) == csv_houses(world, DAY, dataset) == houses(20)
        assert world.public(dataset, NEXT) == csv_houses(world, NEXT, dataset) == houses(19)
        assert [release.edition(day).products[PRODUCTS[dataset]].public for day in (DAY, NEXT)] == [20, 19]
    assert release.content_id(DAY) != release.content_id(NEXT)


def test_the_purge_seals_the_next_day_from_the_calendar_alone_and_the_state_forgets(world: World) -> None:
    (world.deliveries / "gone").mkdir()
    installation = world.installation(NEXT)
    before = installation.store.count(ATTESTS, NEXT).entries
    report = jobs.run(installation, "purge", NEXT)
    assert (report.exit, report.outcomes) == (Exit.DONE, ())
    release = world.release()
    assert release.days == (NEXT, LATER)
    assert world.public(ATTESTS, NEXT) == houses(19)
    assert len(release.table("POI:POI").table) == 3 * 19, "what has ended is no longer in any column"
    assert installation.store.count(ATTESTS, NEXT).entries == before - 1


def test_a_day_without_change_keeps_its_content_id_and_its_date(world: World) -> None:
    world.run(NEXT)
    first = world.release().edition(NEXT)
    world.run(LATER)
    second = world.release().edition(LATER)
    assert first.content_id == second.content_id
    assert {entry.since for entry in second.products.values()} <= {DAY, NEXT}
    assert {entry.since for entry in second.products.values()} == {entry.since for entry in first.products.values()}


def test_what_begins_later_waits_for_a_run(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS), record(DECISIONS, 21, {"inventarisatiedatum": iso(LATER)})])
    world.run(NEXT)
    assert "21" not in world.public(DECISIONS, LATER)
    world.run(LATER)
    assert "21" in world.public(DECISIONS, LATER)


def test_the_rules_of_municipalities_change_on_their_own_dates(world: World) -> None:
    rules = (
        rule(1, {"tot": iso(NEXT)}),
        rule(2, {"soort": "vergoeding", "waarde": {"bedragEuro": 62.5}, "toepassing": {}, "vanaf": iso(LATER)}),
    )
    world.deliver(PARAMETERS, NEXT, register(PARAMETERS, municipality("44021", *rules)))
    world.run(NEXT, "monthly")

    def ghent(day: date) -> Record:
        return next(row for row in world.rows(PARAMETERS, day) if row["NISCODE"] == "44021")

    assert (ghent(NEXT)["KAMERREGL"], ghent(NEXT)["CAVERGOED"], ghent(NEXT)["AANTREGELS"]) == ("J", None, 1)
    assert (ghent(LATER)["KAMERREGL"], str(ghent(LATER)["CAVERGOED"]), ghent(LATER)["AANTREGELS"]) == (None, "62.50", 1)
    kinds = [
        {row["SOORT"] for row in world.rows("WoningkwaliteitsbeleidRegels", day) if row["NISCODE"] == "44021"} for day in (NEXT, LATER)
    ]
    assert kinds == [{"kamerreglement"}, {"vergoeding"}]


# The object is the dwelling or the pand


def second(number: int, changes: dict[str, object]) -> Record:
    """Another certificate of dwelling `number`, at Attestlaan 500 + `number`."""
    own = {"attestId": f"CA-2025-{number:07d}", "adres.huisnummer": str(500 + number), "gewijzigdOp": "2026-11-10T02:00:00+01:00"}
    return certificate(number, own | changes)


def test_a_dwelling_with_two_records_is_one_object_with_the_values_of_the_latest_change(world: World) -> None:
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), second(1, {})])
    assert world.run(NEXT).exit == Exit.DONE
    assert world.public(ATTESTS, NEXT) == houses(19, 1) | {"501"}


def test_which_change_is_the_latest_does_not_depend_on_how_its_time_is_written(world: World) -> None:
    # 03:00 at +01:00 is 02:00 UTC; 02:30 in UTC comes after it.
    late, early = "2026-11-10T02:30:00Z", "2026-11-10T03:00:00+01:00"
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS, certificate(1, {"gewijzigdOp": late})), second(1, {"gewijzigdOp": early})])
    world.run(NEXT)
    assert "1" in world.public(ATTESTS, NEXT)
    assert "501" not in world.public(ATTESTS, NEXT)


def test_when_the_latest_record_ends_first_the_other_one_takes_its_place_that_day(world: World) -> None:
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), second(1, {"geldigTot": iso(NEXT)})])
    world.run(NEXT)
    assert world.public(ATTESTS, NEXT) == houses(19, 1) | {"501"}
    assert world.public(ATTESTS, LATER) == houses(19)


def test_an_object_is_public_while_one_of_its_records_is(world: World) -> None:
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), second(1, {"vervallenOp": iso(NEXT)}), second(2, {"geldigTot": iso(DAY)})])
    world.run(NEXT)
    assert world.public(ATTESTS, NEXT) == houses(19)


def test_the_order_of_the_records_in_a_delivery_changes_nothing(tmp_path: Path) -> None:
    seals = []
    same = "2026-11-01T02:00:00+01:00"
    records = [*register(ATTESTS), second(1, {"gewijzigdOp": same}), second(2, {}), second(3, {"geldigTot": iso(NEXT)})]
    for name, ordered in (("forth", records), ("back", records[::-1])):
        world = World(tmp_path / name)
        world.deliver_all(DAY, ATTESTS)
        world.deliver(ATTESTS, DAY, ordered)
        world.run(DAY)
        seals.append(world.release().folder.name)
    assert seals[0] == seals[1]


# OIDN and UIDN


def numbers(world: World, house: str, day: date, dataset: str = ATTESTS) -> tuple[int, int]:
    """OIDN and UIDN of the object at a house number."""
    (row,) = (row for row in world.rows(dataset, day) if row["HUISNR"] == house)
    return row["OIDN"], row["UIDN"]


def test_oidn_is_the_same_from_day_to_day_and_when_the_object_returns(world: World) -> None:
    before = numbers(world, "1", DAY)
    world.deliver(ATTESTS, NEXT, register(ATTESTS)[1:])
    world.run(NEXT)
    assert "1" not in world.public(ATTESTS, NEXT)
    world.deliver(ATTESTS, LATER, register(ATTESTS, certificate(1, {"attestId": "CA-2026-0000001"})))
    world.run(LATER)
    assert numbers(world, "1", LATER) == before


def test_the_same_dwelling_has_another_oidn_in_another_product(world: World) -> None:
    world.deliver(
        DECISIONS, NEXT, register(DECISIONS, record(DECISIONS, 1, {"entiteit.entiteitId": "E0000001", "inventarisatiedatum": "2024-01-01"}))
    )
    world.run(NEXT)
    assert numbers(world, "1", NEXT)[0] != numbers(world, "1", NEXT, DECISIONS)[0]


VERSIONS: list[tuple[Record, bool]] = [
    ({"adres.straatnaam": "Attestdreef"}, True),
    ({"adres.busnummer": "2"}, True),
    ({"adres.postcode": "9050"}, True),
    ({"adres.adresId": 77}, True),
    ({"entiteit.gebouwId": 77}, True),
    ({"entiteit.gebouweenheidId": 77}, True),
    ({"positie.x": 105_000.0}, True),
    ({"positie": None}, True),
    ({"adres.gemeentenaam": "GENT"}, False),
    ({"afgiftedatum": "2024-03-02", "geldigTot": "2030-01-01"}, False),
    ({"gewijzigdOp": "2026-11-21T02:00:00+01:00"}, False),
    ({"attestId": "CA-2026-0000001"}, False),
    ({"positie.y": 193_500.251}, False),
    ({"adres.straatnaam": " Attestlaan "}, False),
]


def test_uidn_changes_with_address_identifiers_and_position_and_only_then(world: World) -> None:
    before = {house: numbers(world, house, DAY) for house in houses(len(VERSIONS))}
    world.deliver(ATTESTS, NEXT, [*(certificate(n, changes) for n, (changes, _) in enumerate(VERSIONS, start=1)), *register(ATTESTS)[14:]])
    assert world.run(NEXT).exit == Exit.DONE
    for number, (changes, other) in enumerate(VERSIONS, start=1):
        oidn, uidn = numbers(world, str(number), NEXT)
        assert oidn == before[str(number)][0]
        assert (uidn != before[str(number)][1]) is other, changes


def test_numbers_have_48_bits_and_their_order_tells_no_age(world: World) -> None:
    rows = sorted(world.rows(ATTESTS, DAY), key=lambda row: int(row["HUISNR"]))
    oidns = [row["OIDN"] for row in rows]
    assert all(0 < number < 2**48 for row in rows for number in (row["OIDN"], row["UIDN"]))
    assert oidns != sorted(oidns)
    assert oidns != sorted(oidns, reverse=True)


def test_another_secret_gives_other_numbers(world: World, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret").write_bytes(b"quite another secret for the tests")
    start(tmp_path / "other")
    assert {row["OIDN"] for row in other.rows(ATTESTS, DAY)} & {row["OIDN"] for row in world.rows(ATTESTS, DAY)} == set()


# Position


POSITIONS: list[tuple[Record | None, tuple[float, float] | None]] = [
    ({"crs": "EPSG:31370", "x": 104_000.0, "y": 193_500.0}, (104_000.0, 193_500.0)),
    ({"x": 104_000.0, "y": 193_500.0}, (104_000.0, 193_500.0)),
    ({"crs": "EPSG:31370", "x": 193_500.0, "y": 104_000.0}, (104_000.0, 193_500.0)),
    ({"crs": "EPSG:3812", "x": 640_249.09, "y": 698_793.29}, (140_252.76, 198_794.27)),
    ({"crs": "EPSG:31370", "x": 0, "y": 0}, None),
    ({"crs": "EPSG:31370", "x": 104_000.0, "y": 3_500.0}, None),
    ({"crs": "EPSG:9999", "x": 104_000.0, "y": 193_500.0}, None),
    ({"crs": "EPSG:31370", "x": None, "y": None}, None),
    (None, None),
]


def test_a_position_is_published_when_it_is_plausible_and_a_row_without_one_is_public_all_the_same(world: World) -> None:
    others = [certificate(number, {"positie": position}) for number, (position, _) in enumerate(POSITIONS, start=1)]
    world.deliver(ATTESTS, NEXT, register(ATTESTS, *others))
    assert world.run(NEXT).exit == Exit.DONE
    rows = {row["HUISNR"]: row for row in world.rows(ATTESTS, NEXT)}
    for number, (position, published) in enumerate(POSITIONS, start=1):
        row = rows[str(number)]
        assert (None if row["_x"] is None else (row["_x"], row["_y"])) == (published and pytest.approx(published, abs=0.25)), position
        assert row["POSHERK"] == ("geleverd" if published else "geen")
