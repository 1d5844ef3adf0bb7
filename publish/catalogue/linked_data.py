"""DCAT-AP Vlaanderen as the run wrote it, in the form that is asked for.

::

    /catalogus/dcat.ttl | .rdf | .jsonld   the document
    /catalogus/dcat                        the one that Accept names; a browser goes to the page of the catalogue
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from publish.access_log import note
from publish.catalogue.documents import Documents

MEDIA_TYPES = {"ttl": "text/turtle; charset=utf-8", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}
"""By extension; the first is what is given to who asks for nothing that there is."""

_OFFERED = {media_type.partition(";")[0]: name for name, media_type in MEDIA_TYPES.items()} | {"text/html": "html"}


@dataclass(frozen=True)
class LinkedData:
    """Answers with the documents."""

    documents: Documents

    def negotiated(self, request: Request) -> Response:
        """`/catalogus/dcat`, which every name in the documents leads to; 303 is how something leads to what describes it."""
        form = _chosen(request.headers.get("accept", ""))
        if form == "html":
            note(request, "dcat")
            catalogue = self.documents.catalogue
            headers = {"Cache-Control": catalogue.view().cache_control, "Vary": "Accept"}
            return RedirectResponse(f"{catalogue.public_url}/catalogus/", 303, headers)
        answer = self._reply(request, form)
        answer.headers["Vary"] = "Accept"
        return answer

    def _reply(self, request: Request, form: str) -> Response:
        note(request, "dcat")
        return self.documents.reply(request, f"dcat.{form}", MEDIA_TYPES[form])

    def routes(self) -> list[Route]:
        """The routes; another extension is an unknown address."""
        forms = [Route(f"/catalogus/dcat.{form}", partial(self._reply, form=form), name="dcat") for form in MEDIA_TYPES]
        return [*forms, Route("/catalogus/dcat", self.negotiated, name="dcat")]


def _chosen(accept: str) -> str:
    """RFC 9110 §12.5.1: the form of the highest weight; what cannot be given is answered with the first."""
    weights = dict(_weighted(part) for part in accept.split(","))
    best = max(_OFFERED, key=lambda known: weights.get(known, weights.get(f"{known.partition('/')[0]}/*", weights.get("*/*", 0.0))))
    return _OFFERED[best]


def _weighted(part: str) -> tuple[str, float]:
    """`text/turtle;q=0.5`; a weight that is none counts as nothing."""
    name, *parameters = (word.strip() for word in part.lower().split(";"))
    weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
