"""The Basisregisters API, played by a server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from etl.addresses import Address, Basisregisters, Match, Miss, open_register
from etl.addresses.basisregisters import GIVE_UP, LIMITS
from etl.errors import SourceError
from etl.sources.client import Client

TODAY = date(2026, 11, 21)
GML = '<gml:Point srsName="https://www.opengis.net/def/crs/EPSG/0/{0}" xmlns:gml="http://www.opengis.net/gml/3.2"><gml:pos>{1}</gml:pos></gml:Point>'
HERE = GML.format(31370, "140252.76 198794.27")

Json = dict[str, object]


def named(text: str) -> Json:
    return {"geografischeNaam": {"spelling": text, "taal": "nl"}}


def candidate(house: str = "14", box: str | None = None, gml: str | None = HERE, **changes: object) -> Json:
    return {
        "@type": "Adres",
        "identificator": {"objectId": f"{house}-{box}"},
        "gemeente": {"objectId": "44021", "gemeentenaam": named("Gent")},
        "postinfo": {"objectId": "9032"},
        "straatnaam": {"objectId": "69499", "straatnaam": named("Aalbessenlaan")},
        "huisnummer": house,
        **({"busnummer": box} if box else {}),
        **({"adresPositie": {"geometrie": {"type": "Point", "gml": gml}}} if gml else {}),
        "adresStatus": "inGebruik",
        "score": 89.3,
        **changes,
    }


class Api(ThreadingHTTPServer):
    """Answers from lists, the last one for ever; `asked` keeps what was asked: operation, parameters, headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.matches: list[tuple[int, object]] = [(200, {"adresMatches": [candidate()], "warnings": []})]
        self.listed: list[tuple[int, object]] = [(200, {"adressen": []})]
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v2"


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.server.asked.append((url.path, parameters, {name.lower(): value for name, value in self.headers.items()}))
        answers = self.server.matches if url.path.endswith("/adresmatch") else self.server.listed
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("retry-after", "7")
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def register(api: Api, clock: Time) -> Iterator[Basisregisters]:
    with Client(LIMITS, sleep=clock.sleep) as client:
        yield Basisregisters(api.url, TODAY, client=client, sleep=clock.sleep, clock=lambda: clock.now)


def address(street: str = "AALBESSENLAAN", house: str = "14", **changes: str) -> Address:
    return Address(**{"street": street, "house": house, "postcode": "9032", "niscode": "44021", **changes})


def found(match: Match | Miss) -> Match:
    assert isinstance(match, Match)
    return match


def test_an_address_is_given_as_the_register_spells_it(api: Api, register: Basisregisters) -> None:
    match = found(register.find(address()))
    assert (match.street, match.municipality, match.position) == ("Aalbessenlaan", "Gent", (140_252.76, 198_794.27))
    path, parameters, headers = api.asked[0]
    assert path == "/v2/adresmatch"
    assert parameters == {"niscode": "44021", "postcode": "9032", "straatnaam": "AALBESSENLAAN", "huisnummer": "14"}
    assert "x-api-key" not in headers


def test_the_api_key_travels_in_its_header(api: Api) -> None:
    register = open_register(api.url, TODAY, api_key="sleutel")
    found(register.find(address()))
    assert api.asked[0][2]["x-api-key"] == "sleutel"


def test_a_code_from_before_a_merger_or_a_name_is_asked_as_the_code_of_today(api: Api, register: Basisregisters) -> None:
    register.find(address(niscode="44048"))
    register.find(Address(street="Dorp", house="1", postcode="9810", municipality="Nazareth"))
    assert [parameters["niscode"] for _, parameters, _ in api.asked] == ["44086", "44086"]


def test_the_same_house_is_asked_once(api: Api, register: Basisregisters) -> None:
    assert {found(register.find(address(box=box))).street for box in ("1", "2", "3")} == {"Aalbessenlaan"}
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"huisnummer": "15"},
        {"postinfo": {"objectId": "9000"}},
        {"gemeente": {"objectId": "44083", "gemeentenaam": named("Deinze")}},
        {"straatnaam": {"straatnaam": named("Aalbeslaan")}},
        {"adresStatus": "gehistoreerd"},
        {"huisnummer": None},
        {"straatnaam": None},
    ],
)
def test_a_candidate_of_which_a_part_disagrees_is_no_match(api: Api, register: Basisregisters, other: Json) -> None:
    api.matches = [(200, {"adresMatches": [candidate(**other)]})]
    assert register.find(address()) is Miss.UNMATCHED


@pytest.mark.parametrize("status", [400, 404, 410])
def test_what_the_register_does_not_know_is_unmatched_and_not_unreachable(api: Api, register: Basisregisters, status: int) -> None:
    api.matches = [(status, {"type": "urn:be.vlaanderen.basisregisters.api:address:not-found"})]
    assert {register.find(address(house=str(number))) for number in range(1, GIVE_UP + 3)} == {Miss.UNMATCHED}


@pytest.mark.parametrize(
    "changes",
    [
        {"house": "85073003328"},
        {"house": "850730-033.28"},
        {"house": "Jan"},
        {"house": "12 Jan Peeters"},
        {"street": "Kerkstraat 85073003328"},
        {"street": "jan@example.org"},
        {"street": " "},
        {"postcode": "9032 Jan"},
        {"niscode": "21004"},
    ],
)
def test_what_does_not_look_like_an_address_is_never_sent(api: Api, register: Basisregisters, changes: dict[str, str]) -> None:
    assert register.find(address(**changes)) is Miss.UNMATCHED
    assert api.asked == []


def test_a_box_number_is_never_sent_and_its_words_are_looked_for_in_those_of_the_house(api: Api, register: Basisregisters) -> None:
    api.listed = [
        (200, {"adressen": [{"huisnummer": "14", "busnummer": "glvl"}, {"huisnummer": "14"}, {"huisnummer": "140", "busnummer": "x"}]})
    ]
    assert found(register.find(address(box="Geheim"))).words == {"glvl"}
    assert [path for path, _, _ in api.asked] == ["/v2/adresmatch", "/v2/adressen"]
    assert "Geheim" not in str(api.asked)


def test_the_number_of_the_address_chooses_among_those_that_agree(api: Api, register: Basisregisters) -> None:
    far = GML.format(31370, "150252.76 198794.27")
    api.matches = [(200, {"adresMatches": [candidate(box="A", gml=far), candidate(), candidate(identificator={"objectId": "7"}, gml=far)]})]
    assert found(register.find(address())).position is None
    assert found(register.find(address(address_id="7"))).position == (150_252.76, 198_794.27)
    assert found(register.find(address(address_id="14-None"))).position == (140_252.76, 198_794.27)


@pytest.mark.parametrize(
    ("gml", "near"),
    [
        (GML.format(3812, "640249.09 698793.29"), True),
        (GML.format(4326, "51.0991668 4.2296042"), True),
        (GML.format(28992, "1 2"), False),
        (GML.format(31370, "1e5 x"), False),
        (GML.format(31370, "1.2.3 4"), False),
        ("", False),
        (None, False),
    ],
)
def test_the_position_is_read_in_its_own_crs(api: Api, register: Basisregisters, gml: str | None, near: bool) -> None:
    api.matches = [(200, {"adresMatches": [candidate(gml=gml)]})]
    position = found(register.find(address())).position
    assert position == (pytest.approx((140_252.76, 198_794.27), abs=0.25) if near else None)


def test_the_rate_is_kept(api: Api, register: Basisregisters, clock: Time) -> None:
    for number in range(1, 5):
        register.find(address(house=str(number)))
    assert clock.slept == [0.1, 0.1, 0.1]


def test_retry_after_is_waited_for(api: Api, register: Basisregisters, clock: Time) -> None:
    api.matches = [(429, {}), *api.matches]
    found(register.find(address()))
    assert clock.slept == [7.0]


@pytest.mark.parametrize("answer", [(503, {}), (401, {}), (500, {}), (200, b"<html>"), (200, {"resultaat": []})])
def test_a_register_that_does_not_answer_is_not_asked_for_ever(api: Api, register: Basisregisters, answer: tuple[int, object]) -> None:
    api.matches = [answer]
    assert {register.find(address(house=str(number))) for number in range(1, 20)} == {Miss.UNREACHABLE}
    assert len({parameters["huisnummer"] for _, parameters, _ in api.asked}) == GIVE_UP


def test_one_fault_is_forgiven_and_asked_again(api: Api, register: Basisregisters) -> None:
    api.matches = [(500, {}), *api.matches]
    assert register.find(address()) is Miss.UNREACHABLE
    assert found(register.find(address())).street == "Aalbessenlaan"


def test_an_unsafe_address_of_the_api_is_refused() -> None:
    with pytest.raises(SourceError, match="https"):
        open_register("http://api.example.org/v2", TODAY)
