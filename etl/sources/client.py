"""A patient, bounded HTTP client: time-outs, retries with `Retry-After`, byte limits, no redirects, one origin."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urljoin

import httpx

from etl.errors import SourceError

# httpx logs every URL with its query at INFO; a source's links may hold anything.
logging.getLogger("httpx").setLevel(logging.WARNING)

_AGAIN = frozenset({429, 502, 503, 504})
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait and how much to take: seconds and bytes (after unpacking)."""

    timeout: float = 60.0  # to connect, and between two pieces of an answer
    answer_seconds: float = 600.0  # for one whole answer
    answer_bytes: int = 32 << 20
    total_bytes: int = 2_000_000_000
    attempts: int = 6
    first_wait: float = 1.0  # doubled at each further attempt
    longest_wait: float = 120.0  # also for what Retry-After asks


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers of request and answer, body."""

    status: int
    sent: httpx.Headers
    headers: httpx.Headers
    body: bytes


class Client:
    """Fetches from one service for one delivery; `total_bytes` counts over its whole life."""

    def __init__(
        self,
        limits: Limits,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Now = utc_now,
    ) -> None:
        self._limits, self._sleep, self._now, self._taken = limits, sleep, now, 0
        self._client = httpx.Client(
            transport=transport,
            timeout=limits.timeout,
            follow_redirects=False,
            mounts={f"all://{host}": None for host in _THIS_MACHINE},  # no proxy of the environment in between
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def fetch(self, build: Callable[[], httpx.Request], place: str) -> Answer:
        """The answer to the request, which is built anew for each attempt; `place` names it in errors, without query.

        Tries again on 429, 502, 503, 504, time-outs and broken connections. Every other status is the caller's to judge.
        Raises `SourceError`.
        """
        wait = self._limits.first_wait
        for attempt in range(1, self._limits.attempts + 1):
            answer, trouble, asked = self._attempt(build(), place)
            if answer is not None:
                return answer
            if attempt < self._limits.attempts:
                self._sleep(min(wait if asked is None else asked, self._limits.longest_wait))
                wait *= 2
        raise SourceError(f"{place}: {trouble}, after {self._limits.attempts} attempts; see whether the service is up")

    def _attempt(self, request: httpx.Request, place: str) -> tuple[Answer | None, str, float | None]:
        request.headers.setdefault("user-agent", "vlok")
        request.headers.setdefault("accept-encoding", "gzip")
        try:
            response = self._client.send(request, stream=True)
            try:
                if response.status_code in _AGAIN:
                    return None, f"answered {response.status_code}", self._asked_wait(response)
                return Answer(response.status_code, request.headers, response.headers, self._body(response, place)), "", None
            finally:
                response.close()
        except httpx.TimeoutException:
            return None, "did not answer in time", None
        except httpx.DecodingError:
            raise SourceError(f"{place}: the answer cannot be unpacked") from None
        except httpx.TransportError as error:
            return None, f"cannot be reached ({type(error).__name__})", None

    def _body(self, response: httpx.Response, place: str) -> bytes:
        body = bytearray()
        deadline = time.monotonic() + self._limits.answer_seconds
        for piece in response.iter_bytes():
            body += piece
            self._taken += len(piece)
            if len(body) > self._limits.answer_bytes or self._taken > self._limits.total_bytes:
                raise SourceError(f"{place}: sends more bytes than allowed")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("", request=response.request)
        return bytes(body)

    def _asked_wait(self, response: httpx.Response) -> float | None:
        """`Retry-After` in seconds from now (RFC 9110 §10.2.3: seconds or a date); null when absent or unreadable."""
        text = response.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - self._now()).total_seconds())


def check_base(url: str) -> str:
    """The address of a service without a slash at its end; raises `SourceError` for what is no safe http(s) address.

    Personal data and tokens travel over TLS; plain http is for this machine only.
    """
    origin = _origin(url)
    if origin is None or "#" in url:
        raise SourceError("the address of the source must be http(s)://host/path, without a name or password in it")
    if origin.scheme == "http" and origin.host not in (*_THIS_MACHINE, "::1"):
        raise SourceError(f"http://{origin.host}: use https; plain http is for this machine only")
    return url.rstrip("/")


def follow(link: str, page: str, base: str, seen: set[str], place: str) -> str:
    """The next page's address; raises `SourceError` for another origin, a step down to http, or a link seen before."""
    try:
        url = urljoin(page, link)
    except ValueError:
        url = ""
    if _origin(url) is None or _origin(url) != _origin(base):
        raise SourceError(f"{place}: the link to the next page leads to another origin")
    if url in seen:
        raise SourceError(f"{place}: the link to the next page leads back to a page already read")
    seen.add(url)
    return url


class _Origin(NamedTuple):
    scheme: str
    host: str
    port: int


def _origin(url: str) -> _Origin | None:
    """Scheme, host and port; null for what is no http(s) address, or has a name or password in it."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    if parts.scheme not in ("http", "https") or not parts.host or parts.userinfo:
        return None
    return _Origin(parts.scheme, parts.host, parts.port or {"http": 80, "https": 443}[parts.scheme])
