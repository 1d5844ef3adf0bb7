"""Adding a dataset is adding a file: the real vacancy register of Antwerp, from its CSV to WFS, OGC API and the download."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from release import layout
from schedules.jobs import Exit
from tests.etl.deliveries import World, noon

pytestmark = pytest.mark.shared

DAY = date(2026, 11, 21)
DEFINITION = """
id = "leegstand"
title = { nl = "Leegstandsregister", en = "Vacancy register" }
cadence = "monthly"
legal_ground = "Vlaamse Codex Wonen 2021, art. 2.9"
licence = "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0"
uuid = "2f3f6a50-5d0c-4f52-9d0a-6d1f0a6f9a01"

public = [
    { name = "UIDN", type = "integer", required = true, derived = "uidn", title = { nl = "nummer van deze versie", en = "number of this version" }, ground = "VCW art. 2.9" },
    { name = "OIDN", type = "integer", required = true, derived = "oidn", title = { nl = "nummer", en = "number" }, ground = "VCW art. 2.9" },
    { name = "NAAM", length = 254, required = true, derived = "title", prefix = "Leegstand: ", title = { nl = "titel", en = "title" }, ground = "VCW art. 2.9" },
    { name = "STRAAT", length = 80, required = true, derived = "street", identifies = true, title = { nl = "straat", en = "street" }, ground = "VCW art. 2.9" },
    { name = "HUISNR", length = 11, required = true, derived = "house", identifies = true, title = { nl = "huisnummer", en = "house" }, ground = "VCW art. 2.9" },
    { name = "BUSNR", length = 35, derived = "box", identifies = true, title = { nl = "busnummer", en = "box" }, ground = "VCW art. 2.9" },
    { name = "POSTCODE", length = 4, required = true, derived = "postcode", title = { nl = "postcode", en = "postcode" }, ground = "VCW art. 2.9" },
    { name = "GEMEENTE", length = 40, required = true, derived = "municipality", title = { nl = "gemeente", en = "municipality" }, ground = "VCW art. 2.9" },
    { name = "NISCODE", length = 5, required = true, derived = "niscode", title = { nl = "NIS-code", en = "NIS code" }, ground = "VCW art. 2.9" },
    { name = "AARD", length = 40, path = "reg_aarden", title = { nl = "gebouw of woning", en = "building or home" }, ground = "VCW art. 2.9" },
    { name = "SINDS", type = "date", path = "eerste_opnamedatum", title = { nl = "opgenomen op", en = "listed since" }, ground = "VCW art. 2.9" },
    { name = "POSHERK", length = 13, required = true, derived = "position_source", title = { nl = "herkomst", en = "origin" }, ground = "VCW art. 2.9" },
]

[source]
kind = "vector"
location = "register.csv"

[record]
key = "pnd_ids"
object = "pnd_ids"
fields = [
    { path = "pnd_ids", required = true, personal = true, used = true },
    { path = "pva_straat", required = true, max_length = 80 },
    { path = "pva_huisnr1", required = true, max_length = 11 },
    { path = "pva_huisnr2", type = "any", personal = true },
    { path = "pva_busnr", max_length = 35 },
    { path = "pva_postcode", required = true, pattern = "[1-9][0-9]{3}" },
    { path = "reg_aarden", codes = ["woning", "gebouw", "gebouw | woning", "woning | gebouw", "kamer"] },
    { path = "eerste_opnamedatum", type = "date", required = true },
    { path = "x_lambert72", type = "number" },
    { path = "y_lambert72", type = "number" },
    { path = "adres" }, { path = "pnd_district" }, { path = "unieke_pnd_ids_count" }, { path = "reg_statussen" },
    { path = "laatste_opnamedatum" }, { path = "geocode_status" }, { path = "geocode_quality" }, { path = "geocode_formatted_address" },
    { path = "geocode_location_type" }, { path = "lat_wgs84" }, { path = "lon_wgs84" },
]

[validity]
start = "eerste_opnamedatum"

[address]
street = "pva_straat"
house = "pva_huisnr1"
box = "pva_busnr"
postcode = "pva_postcode"
niscode_constant = "11002"

[position]
x = "x_lambert72"
y = "y_lambert72"

[gate]
withdraw_after_days = 62

[feature_type]
prefix = "LEEG"
name = "Leegstand"
namespace = "https://geo.api.vlaanderen.be/LEEG"
geometry = "Point"
product = "Leegstand"
uuid = "2f3f6a50-5d0c-4f52-9d0a-6d1f0a6f9a02"
title = { nl = "Leegstand", en = "Vacancy" }
abstract = { nl = "Leegstaande gebouwen en woningen.", en = "Vacant buildings and homes." }

[product]
id = "Leegstand"
title = { nl = "Leegstaande gebouwen en woningen", en = "Vacant buildings and homes" }
abstract = { nl = "Het leegstandsregister van Antwerpen.", en = "The vacancy register of Antwerp." }
keywords = ["leegstand"]
"""  # noqa: E501 # TOML has one line for a field


@pytest.fixture(scope="module")
def register(shared: Path) -> list[dict[str, str]]:
    with (shared / "vacancy-register-antwerp" / "buildings_geocoded_lambert72.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> World:
    """An installation with the one file more; nothing but the register is delivered."""
    folder = tmp_path_factory.mktemp("fifth")
    source = shared / "vacancy-register-antwerp" / "buildings_geocoded_lambert72.csv"
    (folder / "leegstand.toml").write_text(DEFINITION.replace("register.csv", str(source)), "utf-8")
    made = World(folder, whole=True, settings={"definitions": folder})
    report = made.run(DAY, "monthly")
    (outcome,) = (outcome for outcome in report.outcomes if outcome.dataset == "leegstand")
    assert outcome.fate == "accepted", outcome
    assert report.exit == Exit.FAILED, "the parameters were never delivered"
    return made


@pytest.fixture(scope="module")
def client(world: World) -> TestClient:
    return TestClient(create_app(ServeSettings(world.home / "releases"), lambda: noon(DAY)))


def test_the_register_is_public_as_its_file_says(world: World, register: list[dict[str, str]]) -> None:
    table = world.release().table("LEEG:Leegstand").table
    rows = table.arrow.to_pylist()
    assert len(rows) == len(register) == 771
    assert Counter(row["STRAAT"] for row in rows) == Counter(item["pva_straat"] for item in register)
    assert Counter(row["AARD"] for row in rows) == Counter(item["reg_aarden"] for item in register)
    assert {row["GEMEENTE"] for row in rows} == {"Antwerpen"}
    assert sorted((row["_x"], row["_y"]) for row in rows) == sorted((float(i["x_lambert72"]), float(i["y_lambert72"])) for i in register)
    assert min(row["SINDS"].isoformat() for row in rows) == min(i["eerste_opnamedatum"][:10].replace("/", "-") for i in register)


def test_it_comes_out_of_wfs(client: TestClient) -> None:
    query = "service=WFS&version=2.0.0&request=GetFeature&typeNames=LEEG:Leegstand"
    for path in ("/wfs", "/LEEG/wfs"):
        assert 'numberMatched="771"' in client.get(f"{path}?{query}&resultType=hits").text
    answer = client.get(f"/wfs?{query}&count=2&cql_filter=STRAAT='BREDABAAN'").text
    assert 'numberMatched="21"' in answer
    assert len(re.findall("<LEEG:Leegstand[ >]", answer)) == 2
    assert "LEEG:Leegstand" in client.get("/wfs?service=WFS&request=GetCapabilities").text


def test_it_comes_out_of_the_ogc_api(client: TestClient) -> None:
    answer = client.get("/ogc/features/v1/collections/Leegstand/items?f=json&limit=3&AARD=woning").json()
    assert (answer["numberMatched"], answer["numberReturned"]) == (461, 3)
    assert {feature["properties"]["AARD"] for feature in answer["features"]} == {"woning"}
    assert client.get("/ogc/features/v1/collections/Leegstand").json()["title"].startswith("Leegsta")


def test_it_comes_out_as_csv(world: World) -> None:
    path = layout.downloads_folder(world.release().folder, DAY) / "Leegstand" / "Leegstand_CSV.zip"
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("CSV/Leegstand.csv"), "utf-8")))
    assert len(rows) == 771
    assert {"STRAAT", "AARD", "SINDS", "X_L72"} <= set(rows[0])


def test_a_field_that_no_article_allows_is_in_no_public_column(world: World) -> None:
    names = set(world.release().table("LEEG:Leegstand").table.arrow.column_names)
    assert not names & {"reg_statussen", "pnd_ids", "adres", "geocode_quality"}


def test_the_other_datasets_answer_that_they_were_never_delivered(client: TestClient) -> None:
    answer = client.get("/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=POI:POI&resultType=hits")
    assert answer.status_code == 503
    assert "nog niet geleverd" in answer.text


def test_the_next_month_changes_nothing_when_the_file_is_the_same(world: World) -> None:
    before = world.release().content_id(DAY)
    later = DAY.replace(month=12)
    world.run(later, "monthly")
    assert world.release().content_id(later) == before
