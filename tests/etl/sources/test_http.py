"""Deliveries over HTTP: the login, the pages, the retries and the limits, against the simulator and against servers that misbehave."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
import pytest

from etl.definitions import DIRECTORY, DatasetDefinition, load
from etl.delivery import Kind
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.sources.client import Limits
from etl.sources.http import HttpSource
from etl.sources.spool import Spool
from etl.sources.tokens import Credentials
from simulator import keys
from simulator.dossiers import Sizes
from simulator.registers import DATASETS, records
from simulator.server import app
from tests.etl.sources.definitions import definition
from tests.simulator.serving import free_socket, serving

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
BASE = "https://registers.example/api"
TOKENS = "https://login.example/token"
BESLUITEN = definition()


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> keys.KeyPair:
    return keys.make(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def credentials(pair: keys.KeyPair) -> Credentials:
    return Credentials.read("vlok", pair.private, TOKENS, key_id="k1")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", b"k" * 32)


def page(found: list[object], **changes: object) -> dict[str, object]:
    content = {
        "dataset": "besluiten",
        "soort": "volledig",
        "peildatum": "2026-11-21",
        "volgnummer": 3,
        "aantal": len(found),
        "records": found,
    }
    return content | {"volgende": None} | changes


Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Wire:
    """A server that answers the pages given, in order; each is a response, an exception or the content of a page."""

    pages: list[object]
    tokens: list[httpx.Response] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    logins: list[dict[str, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    echo: bool = True
    now: datetime = NOW

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.example":
            self.logins.append({name: values[0] for name, values in parse_qs(request.read().decode()).items()})
            default = httpx.Response(200, json={"access_token": f"t{len(self.logins)}", "token_type": "bearer", "expires_in": 300})
            return self.tokens.pop(0) if self.tokens else default
        self.asked.append(request)
        answer = self.pages.pop(0)
        if isinstance(answer, Exception):
            raise answer
        response = answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        if self.echo:
            response.headers["x-correlation-id"] = request.headers["x-correlation-id"]
        return response

    def source(self, spool: Spool, credentials: Credentials, **limits: Any) -> HttpSource:
        transport = httpx.MockTransport(self)
        return HttpSource(
            BASE, credentials, spool, transport=transport, sleep=self.waits.append, now=lambda: self.now, limits=Limits(**limits)
        )


Pull = Callable[..., list[tuple[int, object]]]


@pytest.fixture
def pull(spool: Spool, credentials: Credentials) -> Pull:
    def run(wire: Wire, *, of: DatasetDefinition = BESLUITEN, **limits: Any) -> list[tuple[int, object]]:
        return list(wire.source(spool, credentials, **limits).pull(of, DAY).records())

    return run


# the whole way, against the simulator


@pytest.fixture(scope="module")
def registers(pair: keys.KeyPair) -> Iterator[tuple[str, Credentials]]:
    bound = free_socket()
    address = f"http://127.0.0.1:{bound.getsockname()[1]}"
    audience = f"{address}/oauth/token"
    server = app(7, keys.read_public(pair.public), lambda: NOW, audience=audience, sizes=Sizes(60, 20, 10), trouble=0.5, page=25)
    with serving(server, bound):
        yield address, Credentials.read("vlok", pair.private, audience)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_registers_come_whole_over_http(registers: tuple[str, Credentials], spool: Spool, dataset: str) -> None:
    address, credentials = registers
    waits: list[float] = []
    source = HttpSource(address, credentials, spool, now=lambda: NOW, sleep=waits.append)
    delivery = source.pull(load(DIRECTORY / f"{dataset}.toml"), DAY)
    assert [record for _, record in delivery.records()] == list(records(dataset, 7, DAY, Sizes(60, 20, 10)))
    assert delivery.header.kind is Kind.FULL
    assert set(waits) <= {1.0}


def test_a_day_that_has_not_come_has_no_delivery(registers: tuple[str, Credentials], spool: Spool) -> None:
    address, credentials = registers
    source = HttpSource(address, credentials, spool, now=lambda: NOW, sleep=lambda _: None)
    with pytest.raises(NoDelivery, match=r"/v1/besluiten answered 404$"):
        source.pull(load(DIRECTORY / "besluiten.toml"), date(2026, 11, 22))


# the login


def test_the_login_is_a_signed_assertion(pull: Pull, pair: keys.KeyPair) -> None:
    wire = Wire([page([])])
    pull(wire)
    [form] = wire.logins
    assert form["grant_type"] == "client_credentials"
    assert form["scope"] == "vlok_besluiten_v1_G"
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    key = keys.read_public(pair.public)
    claims = jwt.decode(
        form["client_assertion"], key, algorithms=["RS256"], audience=TOKENS, options={"verify_exp": False, "verify_iat": False}
    )
    assert (claims["iss"], claims["sub"], claims["iat"], claims["exp"]) == ("vlok", "vlok", NOW.timestamp(), NOW.timestamp() + 120)
    assert claims["jti"]
    assert jwt.get_unverified_header(form["client_assertion"])["kid"] == "k1"


def test_one_token_serves_all_pages_until_it_expires(pull: Pull) -> None:
    class Slow(Wire):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            self.now += timedelta(seconds=100)
            return super().__call__(request)

    wire = Slow([page([{}], aantal=4, volgende="?blad=2"), page([{}], aantal=4, volgende="?blad=3"), page([{}, {}], aantal=4)])
    pull(wire)
    assert [request.headers["authorization"] for request in wire.asked] == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_after_a_401_a_new_token_is_asked_once(pull: Pull) -> None:
    wire = Wire([httpx.Response(401), page([{}])])
    assert len(pull(wire)) == 1
    assert [request.headers["authorization"] for request in wire.asked] == ["Bearer t1", "Bearer t2"]
    with pytest.raises(SourceError, match="answered 401"):
        pull(Wire([httpx.Response(401), httpx.Response(401)]))


def test_every_attempt_has_its_own_jti_and_correlation_id(pull: Pull) -> None:
    wire = Wire(
        [httpx.Response(503), page([])],
        tokens=[httpx.Response(503), httpx.Response(200, json={"access_token": "a", "token_type": "Bearer"})],
    )
    pull(wire)
    assertions = [jwt.decode(form["client_assertion"], options={"verify_signature": False})["jti"] for form in wire.logins]
    assert len(set(assertions)) == 2
    assert len({request.headers["x-correlation-id"] for request in wire.asked}) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "invalid_client", "error_description": "Qwrtzmans4821"}),
        httpx.Response(200, text="Qwrtzmans4821"),
        httpx.Response(200, json={"access_token": "", "token_type": "Bearer"}),
        httpx.Response(200, json={"access_token": "Qwrtzmans4821\r\nx: y", "token_type": "Bearer"}),
        httpx.Response(200, json={"access_token": "Qwrtzmans4821", "token_type": "mac"}),
    ],
)
def test_a_login_that_fails_is_told_without_what_was_answered(pull: Pull, answer: httpx.Response) -> None:
    with pytest.raises(SourceError, match=r"login\.example/token") as caught:
        pull(Wire([], tokens=[answer]))
    assert "Qwrtzmans4821" not in str(caught.value)


def test_credentials_do_not_show_their_key(pair: keys.KeyPair) -> None:
    assert "key=" not in repr(Credentials.read("vlok", pair.private, TOKENS))


def test_a_key_that_cannot_sign_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k.pem").write_text("no key")
    with pytest.raises(SourceError, match=r"k\.pem"):
        Credentials.read("vlok", tmp_path / "k.pem", TOKENS)


# pages


def test_pages_follow_the_link_and_all_records_are_counted(pull: Pull) -> None:
    first = page([{"n": 1}, {"n": 2}], aantal=3, volgende=f"{BASE}/v1/besluiten?blad=2")
    wire = Wire([first, page([{"n": 3}], aantal=3)])
    assert pull(wire) == [(1, {"n": 1}), (2, {"n": 2}), (3, {"n": 3})]
    assert [str(request.url) for request in wire.asked] == [f"{BASE}/v1/besluiten?peildatum=2026-11-21", f"{BASE}/v1/besluiten?blad=2"]


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/api/v1/besluiten?blad=2",
        "http://registers.example/api/v1/besluiten?blad=2",
        "https://registers.example:444/x",
        "//elsewhere.example/x",
        "https://x@registers.example/api",
        "file:///etc/passwd",
        "https://[",
        "",
        "?peildatum=2026-11-21",
    ],
)
def test_a_link_to_another_origin_or_back_is_not_followed(pull: Pull, link: str) -> None:
    wire = Wire([page([{}], aantal=2, volgende=link), page([{}], aantal=2)])
    with pytest.raises(SourceError, match="next page leads"):
        pull(wire)
    assert len(wire.asked) == 1


def test_an_empty_page_with_a_next_one_is_refused(pull: Pull) -> None:
    with pytest.raises(SourceError, match="empty page"):
        pull(Wire([page([], aantal=1, volgende="?blad=2")]))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_aantal_is_refused(pull: Pull, count: int) -> None:
    with pytest.raises(DeliveryRefused, match=r"delivery\.count"):
        pull(Wire([page([{}, {}], aantal=count)]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dataset": "parameters"}, "delivery.dataset"),
        ({"peildatum": "2026-11-20"}, "delivery.day"),
        ({"volgnummer": "3"}, "delivery.header"),
        ({"records": {}}, "delivery.header"),
        ({"Qwrtzmans4821": 1}, "delivery.header"),
    ],
)
def test_a_page_that_does_not_fit_is_refused(pull: Pull, change: dict[str, object], code: str) -> None:
    with pytest.raises(DeliveryRefused) as caught:
        pull(Wire([page([], **change)]))
    assert caught.value.code == code
    assert "Qwrtzmans4821" not in str(caught.value)


def test_all_pages_must_state_the_same_delivery(pull: Pull) -> None:
    with pytest.raises(DeliveryRefused, match="another delivery than page 1"):
        pull(Wire([page([{}], aantal=2, volgende="?blad=2"), page([{}], aantal=2, volgnummer=4)]))


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"dataset": NaN}', b"\xff"])
def test_a_page_that_is_no_json_is_refused(pull: Pull, body: bytes) -> None:
    with pytest.raises(DeliveryRefused, match=r"delivery\.(json|encoding)"):
        pull(Wire([httpx.Response(200, content=body)]))


def test_odd_json_comes_through_the_spool_as_it_is(pull: Pull) -> None:
    odd = '{"a": "\\ud800", "b": 1e999, "c": ' + "[" * 900 + "]" * 900 + ', "d": 99999999999999999999, "é": "\\n"}'
    body = json.dumps(page(["X"])).replace('"X"', odd).encode()
    [(_, record)] = pull(Wire([httpx.Response(200, content=body)]))
    assert isinstance(record, dict)
    assert (record["a"], record["b"], record["d"], record["é"]) == ("\ud800", float("inf"), 1e20, "\n")


def test_the_answer_must_echo_the_correlation_id(pull: Pull) -> None:
    with pytest.raises(SourceError, match="x-correlation-id"):
        pull(Wire([page([])], echo=False))


# patience


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_longer_and_longer_waits(pull: Pull, status: int) -> None:
    wire = Wire([*(httpx.Response(status) for _ in range(4)), page([{}])])
    assert len(pull(wire)) == 1
    assert wire.waits == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("99999", 120.0),
        ("9" * 400, 120.0),
        ("Sat, 21 Nov 2026 05:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 04:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 05:00:00 GMT", 120.0),
        ("straks", 1.0),
        ("-5", 1.0),
        ("²", 1.0),
    ],
)
def test_retry_after_is_honoured_up_to_a_limit(pull: Pull, asked: str, waited: float) -> None:
    wire = Wire([httpx.Response(503, headers=[(b"Retry-After", asked.encode())]), page([])])
    pull(wire)
    assert wire.waits == [waited]


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("x"), httpx.ConnectTimeout("x"), httpx.ConnectError("x"), httpx.RemoteProtocolError("x")]
)
def test_a_broken_connection_is_tried_again_and_given_up_in_the_end(pull: Pull, trouble: Exception) -> None:
    assert len(pull(Wire([trouble, page([{}])]))) == 1
    with pytest.raises(SourceError, match="after 3 attempts"):
        pull(Wire([trouble] * 3), attempts=3)


def test_an_answer_that_drips_is_given_up(pull: Pull) -> None:
    with pytest.raises(SourceError, match="did not answer in time, after 2 attempts"):
        pull(Wire([page([{}]), page([{}])]), answer_seconds=-1.0, attempts=2)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 403, 405, 410, 500])
def test_any_other_answer_ends_it_at_once_and_redirects_are_not_followed(pull: Pull, status: int) -> None:
    wire = Wire([httpx.Response(status, headers={"Location": "https://elsewhere.example/"}, text="Qwrtzmans4821")])
    with pytest.raises(SourceError, match=f"answered {status}") as caught:
        pull(wire)
    assert "Qwrtzmans4821" not in str(caught.value)
    assert wire.waits == []


def test_no_delivery_names_the_address_without_its_query(pull: Pull) -> None:
    with pytest.raises(NoDelivery, match=r"https://registers\.example/api/v1/besluiten answered 404$"):
        pull(Wire([httpx.Response(404)]))


# limits


def test_a_page_that_is_too_large_is_refused(pull: Pull) -> None:
    with pytest.raises(SourceError, match="more bytes than allowed"):
        pull(Wire([page(["x" * 5000])]), answer_bytes=4000)


def test_pages_that_are_too_much_together_are_refused(pull: Pull) -> None:
    small = definition(source={"max_bytes": 5000})
    pages: list[object] = [page(["x" * 1000], aantal=9, volgende=f"?blad={number}") for number in range(2, 10)]
    with pytest.raises(SourceError, match="more bytes than allowed"):
        pull(Wire(pages), of=small)


def test_a_packed_page_is_measured_unpacked(pull: Pull) -> None:
    body = gzip.compress(json.dumps(page(["x" * 100_000])).encode())
    with pytest.raises(SourceError, match="more bytes than allowed"):
        pull(Wire([httpx.Response(200, content=body, headers={"content-encoding": "gzip"})]), answer_bytes=50_000)


def test_a_page_that_cannot_be_unpacked_is_an_error(pull: Pull) -> None:
    response = httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"content-encoding": "gzip"})
    with pytest.raises(SourceError, match="cannot be unpacked"):
        pull(Wire([response]))


@pytest.mark.parametrize(
    "url", ["http://registers.example", "ftp://registers.example", "https://", "https://u:p@registers.example", "registers.example"]
)
def test_an_address_that_is_not_safe_is_refused(spool: Spool, pair: keys.KeyPair, url: str) -> None:
    with pytest.raises(SourceError):
        HttpSource(url, credentials, spool)


def test_plain_http_is_for_this_machine(spool: Spool, credentials: Credentials) -> None:
    for host in ("127.0.0.1:9000", "localhost", "[::1]:9000"):
        HttpSource(f"http://{host}", credentials, spool)


def test_a_login_over_plain_http_is_refused(pair: keys.KeyPair) -> None:
    with pytest.raises(SourceError, match="use https"):
        Credentials.read("vlok", pair.private, "http://login.example/token")


# what is kept


def test_nothing_is_left_of_a_delivery_that_failed(pull: Pull, tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused):
        pull(Wire([page([{"naam": "Qwrtzmans4821"}], aantal=2)]))
    assert [path for path in (tmp_path / "spool").rglob("*") if path.is_file()] == []


def test_a_fetched_delivery_is_reopened_discarded_and_swept(spool: Spool, credentials: Credentials) -> None:
    wire = Wire([page([{"n": 1}]), page([{"n": 1}])], now=datetime.now(UTC) + timedelta(days=8))
    source = wire.source(spool, credentials)
    one, two = source.pull(BESLUITEN, DAY), source.pull(BESLUITEN, DAY)
    assert one.header == two.header
    assert list(source.reopen(BESLUITEN, one.reference).records()) == [(1, {"n": 1})]
    one.discard()
    with pytest.raises(NoDelivery):
        source.reopen(BESLUITEN, one.reference)
    assert source.reopen(BESLUITEN, two.reference).header == two.header
    assert source.sweep(timedelta(days=9)) == 0
    assert source.sweep() == 1
    with pytest.raises(NoDelivery):
        source.reopen(BESLUITEN, two.reference)


def test_the_digest_does_not_depend_on_pages_or_spelling(spool: Spool, credentials: Credentials) -> None:
    one = Wire([page([{"a": 1, "b": "é"}, {"a": 2}])])
    two = Wire(
        [httpx.Response(200, text=json.dumps(page([{"b": "é", "a": 1}], aantal=2, volgende="?b=2"), indent=3)), page([{"a": 2}], aantal=2)]
    )
    three = Wire([page([{"a": 1, "b": "é"}, {"a": 3}])])
    digests = [wire.source(spool, credentials).pull(BESLUITEN, DAY).header.digest for wire in (one, two, three)]
    assert digests[0] == digests[1] != digests[2]


def test_nothing_is_caught_up_over_http(spool: Spool, credentials: Credentials) -> None:
    assert Wire([]).source(spool, credentials).missed(BESLUITEN, date(2026, 11, 1), DAY) == ()
