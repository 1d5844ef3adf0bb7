"""The example registers over HTTP, in the contract's form (CONTRACT A.3, DOMAIN 7.1)::

    POST /oauth/token                          client credentials with a signed assertion
    GET  /v1/{dataset}?peildatum=2026-11-21    one page, with the link `volgende` to the next

Now and then a request is answered 503 with `Retry-After` first; which ones follows from the seed.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import orjson
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.authorisation import Authorisation, Clock, Refused
from simulator.dice import Dice
from simulator.dossiers import Record, Sizes
from simulator.keys import read_public
from simulator.registers import DATASETS, number_of, records

CLIENT_ID = "vlok"
CORRELATION = "x-correlation-id"
TOKEN_PATH = "/oauth/token"
PAGE = 500

_BRUSSELS = ZoneInfo("Europe/Brussels")


def utc_now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def scope_of(dataset: str) -> str:
    """CONTRACT A.3: one scope per dataset."""
    return f"vlok_{dataset}_v1_G"


class Registers:
    """The four registers of one seed, as they stand on a day that is not in the future."""

    def __init__(self, seed: int, clock: Clock, sizes: Sizes, trouble: float, page: int) -> None:
        self.seed, self.clock, self.page_size = seed, clock, page
        self._sizes, self._trouble = sizes, trouble
        self._stumbled: set[str] = set()
        self._kept = lru_cache(maxsize=len(DATASETS))(self._list)

    def _list(self, dataset: str, day: date) -> list[Record]:
        return list(records(dataset, self.seed, day, self._sizes))

    def stumbles(self, address: str) -> bool:
        """Whether this request is answered 503: never twice in a row for the same address."""
        if address in self._stumbled:
            self._stumbled.discard(address)
            return False
        stumbles = Dice(self.seed, "trouble", address).below(1000) < self._trouble * 1000
        if stumbles:
            self._stumbled.add(address)
        return stumbles

    def page(self, dataset: str, day: date, number: int) -> tuple[dict[str, object], bool]:
        """One page, numbered from 1, without its link, and whether there is another after it; raises `HTTPException` 404."""
        if dataset not in DATASETS or day > self.clock().astimezone(_BRUSSELS).date():
            raise HTTPException(404, "er is geen levering")
        found = self._kept(dataset, day)
        first = (number - 1) * self.page_size
        if number < 1 or (number > 1 and first >= len(found)):
            raise HTTPException(404, "er is geen blad met dit nummer")
        content: dict[str, object] = {
            "dataset": dataset,
            "soort": "volledig",
            "peildatum": day.isoformat(),
            "volgnummer": number_of(day),
            "aantal": len(found),
            "records": found[first : first + self.page_size],
        }
        return content, first + self.page_size < len(found)


def app(
    seed: int,
    key: RSAPublicKey,
    clock: Clock = utc_now,
    *,
    audience: str = f"http://127.0.0.1:9000{TOKEN_PATH}",
    sizes: Sizes | None = None,
    trouble: float = 0.1,
    page: int = PAGE,
    token_life: int = 300,
) -> Starlette:
    """The server; `audience` is the address of its own token endpoint, `trouble` the share of requests answered 503 first."""
    scopes = frozenset(scope_of(dataset) for dataset in DATASETS)
    authorisation = Authorisation(CLIENT_ID, key, audience, scopes, clock, life=token_life)
    registers = Registers(seed, clock, sizes or Sizes(), trouble, page)

    async def token(request: Request) -> Response:
        return await _token(request, authorisation)

    async def delivery(request: Request) -> Response:
        return _delivery(request, registers, authorisation)

    routes = [Route(TOKEN_PATH, token, methods=["POST"]), Route("/v1/{dataset}", _correlated(delivery), methods=["GET"])]
    return Starlette(routes=routes)


def serve(host: str, port: int, *, seed: int, public_key: Path, clock: Clock = utc_now, trouble: float = 0.1) -> None:
    """Serve until Ctrl-C; the audience that assertions must name is `http://{host}:{port}/oauth/token`."""
    audience = f"http://{host}:{port}{TOKEN_PATH}"
    server = app(seed, read_public(public_key), clock, audience=audience, trouble=trouble)
    uvicorn.run(server, host=host, port=port, log_level="warning", access_log=False)


Endpoint = Callable[[Request], Awaitable[Response]]


def _correlated(endpoint: Endpoint) -> Endpoint:
    """DOMAIN 7.1: x-correlation-id (a uuid) is required, and echoed in every answer, errors included."""

    async def answer(request: Request) -> Response:
        name = request.headers.get(CORRELATION, "")
        try:
            uuid.UUID(name)
        except ValueError:
            return _fault(400, "x-correlation-id ontbreekt of is geen uuid")
        try:
            response = await endpoint(request)
        except HTTPException as error:
            response = _fault(error.status_code, error.detail, dict(error.headers or {}))
        response.headers[CORRELATION] = name
        return response

    return answer


async def _token(request: Request, authorisation: Authorisation) -> Response:
    form = dict(parse_qsl((await request.body()).decode("ascii", errors="replace")))
    headers = {"Cache-Control": "no-store"}
    try:
        grant = authorisation.grant(form)
    except Refused as refusal:
        return JSONResponse({"error": refusal.error}, refusal.status, headers)
    return JSONResponse({"access_token": grant.token, "token_type": "Bearer", "expires_in": grant.seconds}, headers=headers)


def _delivery(request: Request, registers: Registers, authorisation: Authorisation) -> Response:
    dataset, query = str(request.path_params["dataset"]), request.query_params
    scope = authorisation.scope_of(request.headers.get("authorization", ""))
    if scope is None:
        raise HTTPException(401, "geen geldig token", {"WWW-Authenticate": "Bearer"})
    if scope != scope_of(dataset):
        raise HTTPException(403, "het token geeft geen recht op dit register")
    if registers.stumbles(f"{request.url.path}?{request.url.query}"):
        raise HTTPException(503, "even niet beschikbaar", {"Retry-After": "1"})
    try:
        day, number = date.fromisoformat(query.get("peildatum", "")), int(query.get("blad", "1"))
    except ValueError:
        raise HTTPException(400, "peildatum of blad ontbreekt of is fout geschreven") from None
    content, more = registers.page(dataset, day, number)
    content["volgende"] = str(request.url.include_query_params(blad=number + 1)) if more else None
    return Response(orjson.dumps(content), media_type="application/json")


def _fault(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps({"errorMessage": message, "exceptionClass": f"Http{status}"})
    return Response(body, status, headers, "application/json")
