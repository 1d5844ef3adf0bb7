"""The plugins of QGIS and ArcGIS Pro do with the door what they do with Geopunt's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.etl.deliveries import ATTESTS, DAY, World
from tests.publish.poi.plugins import ArcGis, Qgis

INVENTORY = "Vlaamse inventaris van ongeschikte en onbewoonbare woningen"
LABELS = {
    "Conformiteitsattest": "Conformiteitsattest",
    "Register van herstelvorderingen": "RegisterHerstelvorderingen",
    INVENTORY: "VlaamseInventarisOngeschikteOnbewoonbareWoningen",
}


@pytest.fixture
def qgis(get: Callable[[str], Any]) -> Qgis:
    return Qgis(get)


@pytest.fixture
def arcgis(get: Callable[[str], Any]) -> ArcGis:
    return ArcGis(get)


def test_qgis_fills_its_boxes(qgis: Qgis) -> None:
    assert qgis.listed("themes") == {"Bouwen en wonen": "BouwenEnWonen"}
    assert qgis.listed("categories") == qgis.listed("themes", "BouwenEnWonen", "categories") == {"Woningkwaliteit": "Woningkwaliteit"}
    assert qgis.listed("poitypes") == qgis.listed("themes", "BouwenEnWonen", "categories", "Woningkwaliteit", "poitypes") == LABELS


def test_qgis_lists_what_it_finds_and_makes_a_layer_of_it(qgis: Qgis) -> None:
    answer = qgis.ask("attestlaan 12", theme="BouwenEnWonen", category="Woningkwaliteit", POItype="Conformiteitsattest", region="44021")
    found, rows = qgis.table(answer)
    assert (found, len(rows)) == (1, 1)
    assert rows[0][1:] == (
        "Bouwen en wonen",
        "Woningkwaliteit",
        "Conformiteitsattest",
        "Conformiteitsattest: Attestlaan 12, 9000 Gent",
        "Attestlaan",
        "12",
        "",
        "9000",
        "Gent",
    )
    (feature,) = qgis.layer(answer)
    assert feature["owner"] == "Wonen in Vlaanderen"
    assert str(feature["link"]).startswith("https://www.wonenvlaanderen.be/")
    x, y = feature["xy"]  # type: ignore[misc] # a pair of numbers
    assert (3.7, 51.0) < (x, y) < (3.8, 51.1)


def test_qgis_shows_so_many_and_says_how_many_there_are(qgis: Qgis) -> None:
    found, rows = qgis.table(qgis.ask())
    assert (found, len(rows)) == (60, 32)


def test_qgis_asks_the_map_extent_in_degrees(qgis: Qgis) -> None:
    whole = qgis.table(qgis.ask(bbox="1.17|49.77|7.29|52.35"))[0]
    part = qgis.table(qgis.ask(bbox="3.70|51.04|3.7145|51.06"))[0]
    assert (whole, 0 < part < 60) == (60, True)


def test_qgis_adds_everything_alone_or_in_clusters(qgis: Qgis) -> None:
    alone = qgis.all(qgis.ask(count=1024, whole=False, cluster=False))
    assert len(alone) == 60
    clustered = qgis.all(qgis.ask(count=16, whole=False))
    assert len(clustered) <= 16
    assert sum(int(str(each["count"])) for each in clustered) == 60
    few = qgis.ask(count=1024, whole=False)
    assert (len(few["pois"]), few["clusters"]) == (60, [])


def test_arcgis_walks_from_theme_to_type_and_finds(arcgis: ArcGis) -> None:
    themes = arcgis.themes()
    (category,) = arcgis.categories("Bouwen en wonen")
    types = arcgis.types(themes["Bouwen en wonen"], category)
    assert types == LABELS
    (row,) = arcgis.ask("Besluitplein 7", region="44021", theme="BouwenEnWonen", category=category, poitype=types[INVENTORY])
    assert (row["street"], row["house"], row["category"]) == ("Besluitplein", "7", "Woningkwaliteit")
    assert row["xy"] == (104_000.5 + 10 * 1007, 193_500.25)


def test_arcgis_asks_the_map_extent_in_lambert_72(arcgis: ArcGis) -> None:
    rows = arcgis.ask(bbox="104005.0|193000.0|104025.0|194000.0")
    assert [row["house"] for row in rows] == ["1", "2"]


def test_both_name_an_object_alike(qgis: Qgis, arcgis: ArcGis) -> None:
    (feature,) = qgis.layer(qgis.ask("Attestlaan 5"))
    (row,) = arcgis.ask("Attestlaan 5")
    assert feature["id"] == row["id"]


def test_an_id_of_the_door_is_stable_and_leads_back_to_one_object(get: Callable[[str], Any], world: World) -> None:
    oidns = {int(row["OIDN"]) for row in world.rows(ATTESTS, DAY)}
    for oidn in sorted(oidns)[:5]:
        for number in (oidn, oidn % 2**31):
            (poi,) = get(f"/poi/v1/core?id={number}&maxmodel=true")["pois"]
            assert (poi["oidn"], poi["id"]) == (oidn, str(oidn % 2**31))
