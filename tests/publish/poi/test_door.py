"""The door as a service: what it refuses, what it keeps out, and what every answer says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from schedules import decisions
from tests.etl.deliveries import ATTESTS, DAY, DECISIONS, GONE, NEXT, World, certificate, noon, record, register

CORE = "/poi/v1/core"
Get = Callable[[str], Any]


def client_on(world: World, day: Any, *, production: bool = True) -> TestClient:
    return TestClient(create_app(ServeSettings(world.home / "releases", production=production), lambda: noon(day)))


def test_without_a_crs_it_speaks_degrees(get: Get) -> None:
    x, y = get(f"{CORE}?Keyword=attestlaan&Theme=BouwenEnWonen")["pois"][0]["location"]["points"][0]["Point"]["coordinates"]
    assert (3, 51) < (x, y) < (4, 52)


@pytest.mark.parametrize("spelled", ["31370", "EPSG:31370", "Lambert72", "lambert72"])
def test_a_crs_has_several_spellings(get: Get, spelled: str) -> None:
    (poi,) = get(f"{CORE}?keyword=attestlaan+3&maxcount=1&crs={spelled}")["pois"]
    assert poi["location"]["points"][0]["Point"]["coordinates"][1] == 193_500.25


def test_srs_out_may_differ_from_srs_in(get: Get) -> None:
    answer = get(f"{CORE}?bbox=3.70|51.04|3.7145|51.06&srsIn=4326&srsOut=31370&maxcount=1")
    assert answer["pois"][0]["location"]["points"][0]["Point"]["coordinates"][0] > 100_000


@pytest.mark.parametrize("term", ["bouwenenwonen", "Bouwen en wonen", "BouwenEnWonen"])
def test_a_theme_is_known_by_its_label_and_by_its_code(get: Get, term: str) -> None:
    assert get(f"{CORE}?theme={term}")["labels"][0]["value"] == "60"


@pytest.mark.parametrize("query", ["theme=Onderwijs", "category=Scholen", "poitype=School", "region=11002", "keyword=nergens"])
def test_what_there_is_not_is_found_nowhere(get: Get, query: str) -> None:
    answer = get(f"{CORE}?{query}")
    assert (answer["labels"][0]["value"], answer["pois"], answer["clusters"]) == ("0", [], [])


def test_every_word_of_a_keyword_is_sought_and_none_is_a_pattern(get: Get) -> None:
    assert get(f"{CORE}?keyword=besluitplein+7")["labels"][0]["value"] == "1"
    assert get(f"{CORE}?keyword=GENT+besluitplein+19")["labels"][0]["value"] == "1"
    for text in ("%25", "_", ".*", "\\"):
        assert get(f"{CORE}?keyword=attest{text}")["labels"][0]["value"] == "0"


@pytest.mark.parametrize(
    "query",
    [
        "maxcount=x",
        "maxcount=-1",
        "id=abc",
        "region=Gent",
        "bbox=1|2|3",
        "bbox=1|2|x|4",
        "bbox=nan|2|3|4",
        "bbox=5|5|1|1",
        "srsOut=32631",
        "srsIn=zzz",
        "maxmodel=perhaps",
        "Clustering=1",
        "keyword=" + "a" * 201,
        "keyword=" + "a+" * 9,
        "keyword=a%00b",
    ],
)
def test_what_cannot_be_read_is_refused_in_json_without_an_echo(client: TestClient, query: str) -> None:
    answer = client.get(f"{CORE}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "InvalidParameterValue"
    assert "aaaa" not in answer.text


@pytest.mark.parametrize(
    "path", ["themes/Onderwijs/categories", "categories/Scholen/poitypes", "themes/BouwenEnWonen/categories/X/poitypes", "x"]
)
def test_an_address_that_is_not_there_is_404_in_json(client: TestClient, path: str) -> None:
    answer = client.get(f"{CORE}/{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


def test_it_can_only_be_read(client: TestClient) -> None:
    assert client.post(CORE, json={}).status_code == 405


def test_no_more_than_the_most_is_given(get: Get) -> None:
    assert len(get(f"{CORE}?maxcount=999999")["pois"]) == 60


def test_what_ends_is_gone_at_midnight(world: World) -> None:
    for day, found in ((DAY, "60"), (NEXT, "57")):
        assert client_on(world, day).get(CORE).json()["labels"][0]["value"] == found


def test_an_object_without_a_place_is_not_shown(world: World) -> None:
    world.deliver(ATTESTS, DAY, register(ATTESTS, certificate(4, {"positie": None})), number=50)
    world.run(DAY)
    answer = client_on(world, DAY).get(f"{CORE}?poitype=Conformiteitsattest&maxcount=100").json()
    assert (answer["labels"][0]["value"], len(answer["pois"])) == ("19", 19)


def test_a_box_number_is_text_and_an_absent_one_too(world: World) -> None:
    world.deliver(
        ATTESTS, DAY, register(ATTESTS, certificate(4, {"adres.busnummer": "0201"}), certificate(5, {"adres.busnummer": GONE})), number=50
    )
    world.run(DAY)
    answer = client_on(world, DAY).get(f"{CORE}?poitype=Conformiteitsattest&maxcount=100").json()
    boxes = {poi["location"]["address"]["streetnumber"]: poi["location"]["address"]["boxnumber"] for poi in answer["pois"]}
    assert (boxes["4"], boxes["5"]) == ("0201", "")


def test_a_withdrawn_register_is_503_and_the_others_stay(world: World) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    client = client_on(world, DAY)
    assert client.get(CORE).status_code == 503
    assert client.get(f"{CORE}?poitype=VlaamseInventarisOngeschikteOnbewoonbareWoningen").json()["code"] == "Withdrawn"
    assert client.get(f"{CORE}?poitype=Conformiteitsattest").json()["labels"][0]["value"] == "20"


def test_every_answer_has_the_fixed_sentences_and_each_object_says_what_it_is(get: Get) -> None:
    answer = get(f"{CORE}?poitype=RegisterHerstelvorderingen&maxmodel=true&maxcount=1")
    assert answer["state"].startswith("Toestand op 20 november 2026. Staat een adres er niet op, dan bewijst dat niets.")
    assert answer["attribution"] == "Bron: Wonen in Vlaanderen – Panden met een herstelvordering, toestand 20 november 2026"
    assert answer["licence"].startswith("https://data.vlaanderen.be/id/licentie/")
    assert "verwijdert wat hier verdwijnt" in answer["reuse"]
    (poi,) = answer["pois"]
    assert "herstelvordering" in poi["description"]["value"] and answer["state"] in poi["description"]["value"]
    assert poi["license"]["href"].startswith("https://data.vlaanderen.be/id/licentie/")


def test_no_date_of_a_record_is_in_an_answer(get: Get) -> None:
    text = json.dumps(get(f"{CORE}?maxmodel=true&maxcount=100"))
    for register_ in (ATTESTS, DECISIONS):
        dates = [value for value in record(register_, 1).values() if isinstance(value, str) and value[:2] == "20"]
        assert dates and not [date for date in dates if date[:10] in text]
    assert '"created"' not in text
    assert {poi["updated"] for poi in get(f"{CORE}?maxmodel=true&maxcount=100")["pois"]} == {f"{DAY}T00:00:00"}


def test_outside_production_it_says_test(world: World) -> None:
    answer = client_on(world, DAY, production=False).get(f"{CORE}?maxmodel=true&maxcount=1").json()
    assert answer["attribution"].count("– TEST – ") == 3
    assert answer["pois"][0]["description"]["value"].startswith("TEST – ")


def test_an_answer_is_kept_until_midnight_and_not_sent_again(client: TestClient, world: World) -> None:
    first = client.get(f"{CORE}?maxcount=1")
    kept = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert first.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert client.get(f"{CORE}?maxcount=1", headers=kept).status_code == 304
    assert client_on(world, NEXT).get(f"{CORE}?maxcount=1", headers=kept).status_code == 200


def test_clusters_do_not_move_with_the_page_and_stay_within_the_points(get: Get) -> None:
    answer = get(f"{CORE}?Clustering=true&maxcount=9&crs=31370")
    xs = [cluster["point"]["Point"]["coordinates"][0] for cluster in answer["clusters"]]
    assert min(xs) >= 104_010.5 and max(xs) <= 104_000.5 + 10 * 2020
    assert answer == get(f"{CORE}?Clustering=true&maxcount=9&crs=31370")


def test_an_empty_day_has_empty_lists(world: World) -> None:
    later = client_on(world, DAY + timedelta(days=400))
    assert later.get(f"{CORE}/themes").status_code == 200
    assert later.get(CORE).status_code == 503


@pytest.mark.parametrize("code", ["44084", "44001", "44029"])
def test_a_code_of_before_a_merger_finds_the_whole_municipality_of_today(world: World, code: str) -> None:
    elsewhere = {"adres.niscode": "44001", "adres.gemeentenaam": "Aalter", "adres.postcode": "9880"}
    world.deliver(ATTESTS, DAY, register(ATTESTS, certificate(4, elsewhere)), number=50)
    world.run(DAY)
    answer = client_on(world, DAY).get(f"{CORE}?region={code}").json()
    assert [poi["location"]["address"]["municipality"] for poi in answer["pois"]] == ["Aalter"]
