"""Deliveries over HTTP, page by page, in the manner of the MAGDA REST services (CONTRACT A.3, DOMAIN 7.1)::

    GET {base}/v1/{dataset}?peildatum=2026-11-21      Authorization: Bearer …, x-correlation-id: <uuid>
    200 {"dataset", "soort", "peildatum", "volgnummer", "aantal", "records": […], "volgende": "…" | null}
    404 there is no delivery for this day

Everything is fetched into the spool before a record is given out.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import httpx

from etl.definitions import DatasetDefinition
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.source_api import scope_of
from etl.sources.client import Answer, Client, Limits, Now, check_base, follow, utc_now
from etl.sources.json_text import parse
from etl.sources.levering import Page, check_statement, read_statement
from etl.sources.spool import KEEP, Draft, Spool, SpooledDelivery
from etl.sources.tokens import Credentials, Tokens

_MOST_PAGES = 100_000


class HttpSource:
    """`VLOK_SOURCE=http:URL`: fetches into the spool, so that a delivery can be read twice and kept while it is held."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        spool: Spool,
        *,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        now: Now = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base, self._credentials, self._spool = check_base(base_url), credentials, spool
        self._limits, self._transport, self._now, self._sleep = limits or Limits(), transport, now, sleep

    def pull(self, definition: DatasetDefinition, day: date) -> SpooledDelivery:
        """Fetch the delivery of this day; raises `NoDelivery` naming the address, `SourceError`, `DeliveryRefused`."""
        source = definition.source
        limits = replace(self._limits, total_bytes=source.max_bytes, timeout=source.timeout_seconds)
        with Client(limits, transport=self._transport, sleep=self._sleep, now=self._now) as client:
            tokens = Tokens(self._credentials, client, self._now)
            pages = _Pages(client, tokens, self._base, definition, day)
            first = pages.first()
            draft = Draft(first.dataset, first.soort, first.peildatum, first.volgnummer, first.aantal)
            return self._spool.write(draft, pages.records(first))

    def missed(self, definition: DatasetDefinition, after: date, before: date) -> tuple[date, ...]:
        """None: over HTTP only the newest is taken (CONTRACT A)."""
        return ()

    def reopen(self, definition: DatasetDefinition, reference: str) -> SpooledDelivery:
        """A fetched delivery from the spool; raises `NoDelivery` when it is gone."""
        return self._spool.open(definition.id, reference)

    def sweep(self, older_than: timedelta = KEEP) -> int:
        """Delete what was fetched longer ago (CONTRACT C: seven days at most); the number deleted."""
        return self._spool.sweep(self._now(), older_than)


@dataclass
class _Pages:
    """The pages of one delivery; all must state the same delivery."""

    client: Client
    tokens: Tokens
    base: str
    definition: DatasetDefinition
    day: date
    _url: str = field(init=False, default="")
    _seen: set[str] = field(init=False, default_factory=set)

    @property
    def place(self) -> str:
        return f"{self.base}/v1/{self.definition.id}"

    def first(self) -> Page:
        self._url = f"{self.place}?peildatum={self.day}"
        self._seen.add(self._url)
        page = self._page(1)
        check_statement(page, self.definition.id, self.day, place=self.place)
        return page

    def records(self, first: Page) -> Iterator[object]:
        page = first
        yield from page.records
        for number in range(2, _MOST_PAGES):
            if page.volgende is None:
                return
            place = f"{self.place} (page {number})"
            if not page.records:
                raise SourceError(f"{place}: an empty page has a link to a next one")
            self._url = follow(page.volgende, self._url, self.base, self._seen, place)
            page = self._page(number)
            if _stated(page) != _stated(first):
                raise DeliveryRefused("delivery.header", "states another delivery than page 1", file=place)
            yield from page.records
        raise SourceError(f"{self.place}: more than {_MOST_PAGES} pages")

    def _page(self, number: int) -> Page:
        place = self.place if number == 1 else f"{self.place} (page {number})"
        answer = self._authorised(place)
        if answer.status == 404 and number == 1:
            raise NoDelivery(f"no delivery of {self.definition.id} for {self.day}: {place} answered 404")
        if answer.status != 200:
            raise SourceError(f"{place}: answered {answer.status}{_ADVICE.get(answer.status, '')}")
        if answer.headers.get("x-correlation-id") != answer.sent["x-correlation-id"]:
            raise SourceError(f"{place}: does not echo x-correlation-id, so the answer may be another's")
        return read_statement(Page, parse(answer.body, file=place), place=place)

    def _authorised(self, place: str) -> Answer:
        """With a token; once more with a new one when the server no longer knows it."""
        answer = self.client.fetch(self._request, place)
        if answer.status == 401:
            self.tokens.forget(scope_of(self.definition))
            answer = self.client.fetch(self._request, place)
        return answer

    def _request(self) -> httpx.Request:
        headers = {
            "accept": "application/json",
            "authorization": f"Bearer {self.tokens.get(scope_of(self.definition))}",
            "x-correlation-id": str(uuid.uuid4()),
        }
        return httpx.Request("GET", self._url, headers=headers)


_ADVICE = {
    401: " twice to a new token; check the audience and the clock",
    403: "; the client has no right to this dataset: ask the source for the scope",
}


def _stated(page: Page) -> tuple[object, ...]:
    return page.dataset, page.soort, page.peildatum, page.volgnummer, page.aantal
