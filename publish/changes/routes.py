"""Routes of the feed and of the lists of ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publish.access_log import note
from publish.changes.atom import MEDIA_TYPE as ATOM
from publish.changes.atom import atom
from publish.changes.document import Words, document
from publish.changes.feed import Feed, Moment
from publish.changes.lists import Lists
from publish.conditional import is_current, lifetime
from publish.shelf import Shelf
from release.journal import Change

JSON = "application/json"

Render = Callable[[Moment, tuple[Change, ...], Words], bytes]


@dataclass(frozen=True)
class Feeds:
    """Answers with the feed, whole or after a cursor."""

    feed: Feed
    words: Words

    def json(self, request: Request) -> Response:
        """`/wijzigingen.json`."""
        return self._answer(request, "json", JSON, document)

    def atom(self, request: Request) -> Response:
        """`/wijzigingen.atom`."""
        return self._answer(request, "atom", ATOM, atom)

    def _answer(self, request: Request, name: str, media_type: str, render: Render) -> Response:
        """The feed, or 304; raises `HTTPException` 400, and 410 for a cursor that the feed does not go back to."""
        note(request, "changes")
        moment = self.feed.now()
        journal = moment.journal
        cursor = request.query_params.get("since", str(journal.oldest))
        if not re.fullmatch(r"[0-9]{1,15}", cursor):
            raise HTTPException(
                400, "since: het volgnummer van de laatste verwerkte wijziging / the number of the last change that was followed"
            )
        changes = journal.after(int(cursor))
        if changes is None:
            raise HTTPException(410, _GONE)
        headers = lifetime(moment.view, f"changes-{name}-{journal.sequence}-{journal.oldest}")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(render(moment, changes, self.words), headers=headers, media_type=media_type)


_GONE = (
    "De feed gaat niet zo ver terug: vergelijk met de volledige lijst van elk product en ga verder met het volgnummer van nu / "
    "the feed does not go back that far: compare with the full list of each product, /downloads/<product>/<product>_ids.txt, "
    "delete what is not in it, and go on with the sequence that /wijzigingen.json has now"
)


def routes(shelf: Shelf, releases: Path, public_url: str, days: int, *, production: bool) -> list[Route]:
    """The feed, which goes back `days`, and the lists; `releases` is the folder in which the journal lies."""
    feeds = Feeds(Feed(shelf, releases, days), Words(public_url, production))
    return [
        Route("/wijzigingen.json", feeds.json, name="changes"),
        Route("/wijzigingen.atom", feeds.atom, name="changes-atom"),
        Route("/downloads/{product}/{name}_ids.txt", Lists(shelf).answer, name="ids"),
    ]
