"""Atom feeds of the downloads, as the run wrote them, and what their OpenSearch description announces (INSPIRE TG 3.1, Req 39-45).

::

    /catalogus/atom/                    the service feed       /catalogus/atom/<product>.xml   the feed of a data set
    /catalogus/atom/opensearch.xml      the description
    /catalogus/atom/search?q=…          a page, or with f=atom the service feed with what was found
    /catalogus/atom/describe?<dataset>  the feed of a data set
    /catalogus/atom/get?<dataset>       to its file
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from lxml import etree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from exports import thesauri
from exports.catalogue import atom, opensearch
from exports.formats import Format
from exports.resources import DatasetResource, Resources
from publish.access_log import note
from publish.answer import digest
from publish.catalogue.current import folder
from publish.catalogue.documents import Documents
from publish.conditional import is_current, lifetime
from publish.pages import Pages, language
from release.crs import LAMBERT72, parse_crs
from release.errors import QueryError

_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_UNKNOWN = "Onbekende dataset / unknown data set; see /catalogus/atom/"


@dataclass(frozen=True)
class Feeds:
    """Answers with feeds. They hold no object, so that they stay there when a dataset is withdrawn: without its files, which answer 503."""

    documents: Documents
    pages: Pages

    def index(self, request: Request) -> Response:
        """The service feed."""
        note(request, "atom")
        return self.documents.reply(request, f"atom/{atom.INDEX}", atom.MEDIA_TYPE)

    def description(self, request: Request) -> Response:
        """The OpenSearch description."""
        note(request, "atom")
        return self.documents.reply(request, opensearch.PATH, opensearch.MEDIA_TYPE)

    def dataset(self, request: Request) -> Response:
        """The feed of a data set by the name of its product; raises `HTTPException` 404."""
        name = request.path_params["product"]
        found = next((dataset for dataset in self._resources().datasets if dataset.product.id == name), None)
        if found is None:
            raise HTTPException(404, _UNKNOWN)
        return self._feed(request, found)

    def describe(self, request: Request) -> Response:
        """Describe Spatial Data Set: the feed of the data set of this identifier."""
        return self._feed(request, _identified(request, self._resources()))

    def get(self, request: Request) -> Response:
        """Get Spatial Data Set: leads to the file; raises `QueryError`, `Withdrawn`, and `HTTPException` 404 for what there is not.

        Without `format` it is the first that there is. There is one language, so that `language` changes nothing.
        """
        resources = self._resources()
        dataset = _identified(request, resources)
        note(request, "atom", dataset.product.id)
        view = self.documents.catalogue.view()
        view.release.require_product(dataset.product, view.day)  # CONTRACT A.4: the file is not unknown, it is withdrawn
        _in_crs(request.query_params.get("crs", ""))
        path = _format(dataset, request.query_params.get("format", "")).path(dataset.product)
        headers = {"Cache-Control": view.cache_control}
        return RedirectResponse(f"{resources.public_url}/downloads/{path}", 302, headers)

    def search(self, request: Request) -> Response:
        """The data sets in whose title, text or keywords every word of `q` is; raises `QueryError` for another `f`."""
        note(request, "atom")
        asked, form = request.query_params.get("q", ""), request.query_params.get("f", "html")
        if form not in ("html", "atom"):
            raise QueryError("f is html or atom")
        view, chosen = self.documents.catalogue.view(), language(request)
        tag = digest(asked, form, chosen, *(request.query_params.get(name, "") for name in (opensearch.CODE, opensearch.NAMESPACE)))
        headers = lifetime(view, f"atom-search-{tag}", weak=True)
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        found = _found(request, self._resources())
        if form == "atom":
            return Response(self._results(asked, found), headers=headers, media_type=atom.MEDIA_TYPE)
        page = self.pages.render("search.html", chosen, asked=asked, found=found)
        return HTMLResponse(page, headers=headers | {"Content-Language": chosen})

    def routes(self) -> list[Route]:
        """The routes; with and without the slash, since nothing is redirected to the host that a client names (DESIGN 16)."""
        return [
            Route("/catalogus/atom/", self.index, name="atom"),
            Route("/catalogus/atom", self.index, name="atom"),
            Route(f"/catalogus/{opensearch.PATH}", self.description, name="atom"),
            Route("/catalogus/atom/search", self.search, name="atom"),
            Route("/catalogus/atom/describe", self.describe, name="atom"),
            Route("/catalogus/atom/get", self.get, name="atom"),
            Route("/catalogus/atom/{product}.xml", self.dataset, name="atom"),
        ]

    def _resources(self) -> Resources:
        return self.documents.catalogue.resources(self.documents.catalogue.view())

    def _feed(self, request: Request, dataset: DatasetResource) -> Response:
        note(request, "atom", dataset.product.id)
        return self.documents.reply(request, f"atom/{dataset.product.id}.xml", atom.MEDIA_TYPE)

    def _results(self, asked: str, found: list[DatasetResource]) -> bytes:
        """The service feed without the entries that were not found, under an address of its own."""
        resources = self._resources()
        feed = etree.fromstring((folder(self.documents.catalogue.view()) / "atom" / atom.INDEX).read_bytes())
        kept = {atom.feed_url(dataset, resources) for dataset in found}
        for entry in feed.findall(f"{{{atom.ATOM}}}entry"):
            if entry.findtext(f"{{{atom.ATOM}}}id") not in kept:
                feed.remove(entry)
        address = f"{atom.service(resources).url}search?{urlencode({'f': 'atom', 'q': asked})}"
        for element in feed.findall(f"{{{atom.ATOM}}}id") + feed.findall(f"{{{atom.ATOM}}}link[@rel='self']"):
            if element.get("href"):
                element.set("href", address)
            else:
                element.text = address
        for name, number in (("totalResults", len(found)), ("startIndex", 1), ("itemsPerPage", len(found))):
            feed.insert(0, counted := etree.Element(f"{{{_SEARCH}}}{name}"))
            counted.text = str(number)
        return etree.tostring(feed, xml_declaration=True, encoding="UTF-8")


def _identified(request: Request, resources: Resources) -> DatasetResource:
    """The data set of the identifier in a request, as its metadata, its UUID or its product names it; an identifier of another
    namespace is another data set's."""
    code = request.query_params.get(opensearch.CODE, "")
    if not code:
        raise QueryError(f"{opensearch.CODE} is missing")
    if request.query_params.get(opensearch.NAMESPACE, "") in ("", atom.namespace(resources)):
        for dataset in resources.datasets:
            if code in (resources.record_url(dataset.product.uuid), dataset.product.uuid, dataset.product.id):
                return dataset
    raise HTTPException(404, _UNKNOWN)


def _in_crs(asked: str) -> None:
    if asked and parse_crs(asked).crs is not LAMBERT72:
        raise HTTPException(404, f"De bestanden zijn in {LAMBERT72.short}; andere: /wfs / files are in {LAMBERT72.short}; others: /wfs")


def _format(dataset: DatasetResource, asked: str) -> Format:
    for format_ in dataset.formats:
        if asked in ("", format_.name):
            return format_
    raise HTTPException(404, f"Dit formaat is er niet / there is no such format; see /catalogus/atom/{dataset.product.id}.xml")


def _found(request: Request, resources: Resources) -> list[DatasetResource]:
    if request.query_params.get(opensearch.CODE):
        return [_identified(request, resources)]
    words = request.query_params.get("q", "").casefold().split()
    return [dataset for dataset in resources.datasets if all(word in _text(dataset, resources) for word in words)]


def _text(dataset: DatasetResource, resources: Resources) -> str:
    product = dataset.product
    labels = (concept.label for group in thesauri.of_dataset(dataset, resources) for concept in group.concepts)
    return " ".join((product.id, product.title.nl, product.title.en, product.abstract.nl, product.abstract.en, *labels)).casefold()
