"""The server checks the login in full, keeps registers apart, pages, and stumbles as its seed says."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from simulator import keys
from simulator.dossiers import Sizes
from simulator.registers import DATASETS, records
from simulator.server import app, scope_of

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # half past eleven in the evening in Brussels
AUDIENCE = "http://127.0.0.1:9000/oauth/token"
SIZES = Sizes(60, 20, 10)


class World:
    """A server, its clock and the client's key."""

    def __init__(self, pair: keys.KeyPair, **options: Any) -> None:
        self.now = NOW
        self.key: Any = load_pem_private_key(pair.private.read_bytes(), None)
        arguments = {"trouble": 0.0, "page": 25, "sizes": SIZES} | options
        self.transport = httpx.ASGITransport(app(7, keys.read_public(pair.public), lambda: self.now, **arguments))

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://127.0.0.1:9000") as client:
                return await client.request(method, path, **more)

        return asyncio.run(sent())

    def assertion(self, *, key: object = None, algorithm: str = "RS256", drop: str = "", **changes: object) -> str:
        claims: dict[str, object] = {"iss": "vlok", "sub": "vlok", "aud": AUDIENCE, "jti": str(uuid.uuid4())}
        claims |= {"iat": int(self.now.timestamp()), "exp": int(self.now.timestamp()) + 60} | changes
        claims.pop(drop, None)
        return jwt.encode(claims, key or self.key, algorithm=algorithm)

    def login(self, assertion: str, scope: str = "vlok_besluiten_v1_G", **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        return self.send("POST", "/oauth/token", data=form | changes)

    def token(self, dataset: str = "besluiten") -> str:
        return str(self.login(self.assertion(), scope_of(dataset)).json()["access_token"])

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        sent = {"x-correlation-id": str(uuid.uuid4())} | ({"authorization": f"Bearer {token}"} if token else {}) | headers
        return self.send("GET", path, headers={name: value for name, value in sent.items() if value})


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> keys.KeyPair:
    return keys.make(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def world(pair: keys.KeyPair) -> World:
    return World(pair)


PAGE = "/v1/besluiten?peildatum=2026-11-21"


def test_a_good_assertion_gets_a_token(world: World) -> None:
    answer = world.login(world.assertion())
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"


BAD: dict[str, Callable[[World], str]] = {
    "another key": lambda world: world.assertion(key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    "a shared secret": lambda world: world.assertion(key="x" * 64, algorithm="HS256"),
    "another algorithm": lambda world: world.assertion(algorithm="RS512"),
    "another audience": lambda world: world.assertion(aud="http://elsewhere.example/token"),
    "another issuer": lambda world: world.assertion(iss="iemand"),
    "another subject": lambda world: world.assertion(sub="iemand"),
    "expired": lambda world: world.assertion(exp=int(world.now.timestamp())),
    "valid for too long": lambda world: world.assertion(exp=int(world.now.timestamp()) + 3600),
    "issued in the future": lambda world: world.assertion(iat=int(world.now.timestamp()) + 3600),
    **{f"without {name}": lambda world, name=name: world.assertion(drop=name) for name in ("iss", "sub", "aud", "exp", "iat", "jti")},
    "no assertion": lambda _: "x.y.z",
}


@pytest.mark.parametrize("assertion", BAD.values(), ids=BAD.keys())
def test_a_bad_assertion_gets_nothing(world: World, assertion: Callable[[World], str]) -> None:
    answer = world.login(assertion(world))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_an_assertion_serves_once(world: World) -> None:
    assertion = world.assertion()
    assert world.login(assertion).status_code == 200
    assert world.login(assertion).status_code == 401


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"scope": "vlok_epc_v1_G"}, "invalid_scope"),
    ],
)
def test_a_form_that_does_not_fit_is_refused(world: World, change: dict[str, str], error: str) -> None:
    answer = world.login(world.assertion(), **change)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize("name", ["", "x", "1234"])
def test_a_correlation_id_is_required(world: World, name: str) -> None:
    assert world.get(PAGE, world.token(), **{"x-correlation-id": name}).status_code == 400


def test_the_correlation_id_is_echoed_in_every_answer(world: World) -> None:
    name = str(uuid.uuid4())
    for path, token, status in ((PAGE, world.token(), 200), (PAGE, None, 401), ("/v1/besluiten", world.token(), 400)):
        answer = world.get(path, token, **{"x-correlation-id": name})
        assert (answer.status_code, answer.headers["x-correlation-id"]) == (status, name)


def test_a_token_opens_one_register_for_a_while(world: World) -> None:
    token = world.token()
    assert world.get(PAGE, token).status_code == 200
    assert world.get("/v1/parameters?peildatum=2026-11-21", token).status_code == 403
    assert world.get(PAGE, "x").status_code == 401
    world.now += timedelta(seconds=301)
    assert world.get(PAGE, token).status_code == 401


@pytest.mark.parametrize("dataset", DATASETS)
def test_pages_hold_the_register_together(world: World, dataset: str) -> None:
    token, path, found = world.token(dataset), f"/v1/{dataset}?peildatum=2026-11-21", []
    while path:
        page = world.get(path, token).json()
        found += page["records"]
        path = page["volgende"]
    expected = list(records(dataset, 7, NOW.date(), SIZES))
    assert found == expected
    assert page["aantal"] == len(expected) > 0
    assert (page["dataset"], page["soort"], page["peildatum"]) == (dataset, "volledig", "2026-11-21")


@pytest.mark.parametrize(("day", "status"), [("2026-11-20", 200), ("2026-11-21", 200), ("2026-11-22", 404), ("gisteren", 400), ("", 400)])
def test_only_days_that_have_come_in_brussels_have_a_delivery(world: World, day: str, status: int) -> None:
    assert world.get(f"/v1/besluiten?peildatum={day}", world.token()).status_code == status


@pytest.mark.parametrize(("page", "status"), [("0", 404), ("-1", 404), ("99", 404), ("x", 400)])
def test_a_page_that_is_not_there_is_refused(world: World, page: str, status: int) -> None:
    assert world.get(f"{PAGE}&blad={page}", world.token()).status_code == status


def test_trouble_comes_first_and_passes_and_follows_from_the_seed(pair: keys.KeyPair) -> None:
    always = World(pair, trouble=1.0)
    token = always.token()
    first = always.get(PAGE, token)
    assert (first.status_code, first.headers["retry-after"]) == (503, "1")
    assert always.get(PAGE, token).status_code == 200
    worlds = [World(pair, trouble=0.5, page=1) for _ in range(2)]
    patterns = []
    for world in worlds:
        token = world.token()
        patterns.append([world.get(f"{PAGE}&blad={number}", token).status_code for number in range(1, 15)])
    assert patterns[0] == patterns[1]
    assert {200, 503} == set(patterns[0])


def test_the_demo_keys_are_private_and_made_once(tmp_path: Path) -> None:
    pair = keys.make(tmp_path / "keys")
    assert pair.private.stat().st_mode & 0o777 == 0o600
    before = pair.private.read_bytes()
    assert keys.make(tmp_path / "keys") == pair
    assert pair.private.read_bytes() == before
    assert keys.read_public(pair.public).key_size == 2048
