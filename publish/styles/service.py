"""The HTTP side of the styles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from exports.styles.sprite import Sprite, sprite
from exports.symbology import Layer, Style, layers
from publish.access_log import note
from publish.answer import Answer, document
from publish.documents import MEDIA_TYPE as JSON
from publish.documents import Document, Entry, Json, Section, answer, representation
from publish.pages import Pages, language
from publish.replies import Conditions, respond
from publish.sending import Reply
from publish.shelf import Shelf, View
from publish.styles.forms import FORMS, Places
from publish.wording import words
from release.schema import Schema, Text

_UNKNOWN = "Onbekende stijl / there is no such style; see /stijlen"

_RATIOS = {"sprite": 1, "sprite@2x": 2}


@dataclass(frozen=True)
class Service:
    """Answers for the list, the styles and the sprite; `pages` knows whether this is production."""

    shelf: Shelf
    places: Places
    pages: Pages

    def styles(self, request: Request) -> Response:
        """OGC 20-009 §7.2: every style, with the forms that it has; the same as a page."""
        note(request, "styles")
        view, chosen = self.shelf.view(), representation(request)
        return answer(request, view, "styles", self._list(view, language(request)), chosen, self.pages)

    def style(self, request: Request) -> Reply:
        """A style in one form; raises `HTTPException` 404, and `Withdrawn` when a dataset of its layer is not public."""
        name, _, form = request.path_params["file"].rpartition(".")
        view = self.shelf.view()
        layer = next((known for known in layers(view.release.schema) if known.name == request.path_params["layer"]), None)
        style = None if layer is None or not name else layer.style(name)
        if layer is None or style is None or form not in FORMS:
            raise HTTPException(404, _UNKNOWN)
        note(request, f"style.{form}", layer.name)
        representation(request, (form,))
        view.release.require_public(layer.feature_type, layer.predicate, view.day)
        body = FORMS[form].make(layer, style, words(view, layer.product, production=self.pages.production), self.places)
        return self._sent(
            request, view, document(body, FORMS[form].media_type), f"{layer.name}_{style.id}.{form}" if FORMS[form].download else ""
        )

    def sprite(self, request: Request) -> Reply:
        """The image of the symbols, or its index; raises `HTTPException` 404."""
        name, _, form = request.path_params["file"].rpartition(".")
        if name not in _RATIOS or form not in ("json", "png"):
            raise HTTPException(404, _UNKNOWN)
        note(request, "sprite")
        representation(request, (form,))
        view = self.shelf.view()
        made = _sprite(view.release.schema, _RATIOS[name])
        if form == "json":
            return self._sent(request, view, document(made.index, JSON))
        return self._sent(request, view, Answer("image/png", (made.image,), f"sprite-{_RATIOS[name]}", packed=True))

    @staticmethod
    def _sent(request: Request, view: View, made: Answer, filename: str = "") -> Reply:
        reply = respond(made, view, Conditions(request.method == "HEAD", request.headers))
        if filename:
            reply.headers.append((b"content-disposition", f'attachment; filename="{filename}"'.encode()))
        return reply

    def _list(self, view: View, spoken: str) -> Document:
        shown = layers(view.release.schema)
        listed = [self._entry(layer, style, spoken) for layer in shown for style in layer.styles]
        content: Json = {"styles": listed, "default": listed[0]["id"] if listed else None, "links": self._here()}
        sections = [
            Section(f"{_told(layer.title, spoken)}: {_told(style.title, spoken)}", self._forms(layer, style))
            for layer in shown
            for style in layer.styles
        ]
        said = Text(nl="Stijlen", en="Styles")
        lead = Text(
            nl="Zo ziet elke laag eruit zoals op onze kaart: voor MapLibre, voor GeoServer en andere (SLD), en voor QGIS.",
            en="So that each layer looks as on our map: for MapLibre, for GeoServer and others (SLD), and for QGIS.",
        )
        return Document(content, _told(said, spoken), _told(lead, spoken), sections)

    def _entry(self, layer: Layer, style: Style, spoken: str) -> Json:
        title = f"{_told(layer.title, spoken)}: {_told(style.title, spoken)}" if len(layer.styles) > 1 else _told(layer.title, spoken)
        links = [
            {"href": self.places.style(layer, style, form), "rel": "stylesheet", "type": known.media_type, "title": known.title}
            for form, known in FORMS.items()
        ]
        return {"id": f"{layer.name}/{style.id}", "title": title if self.pages.production else f"TEST – {title}", "links": links}

    def _forms(self, layer: Layer, style: Style) -> list[Entry]:
        return [Entry(known.title, self.places.style(layer, style, form), f"{style.id}.{form}") for form, known in FORMS.items()]

    def _here(self) -> list[Json]:
        url = self.places.list
        return [
            {"href": url, "rel": "self", "type": JSON, "title": "Stijlen"},
            {"href": f"{url}?f=html", "rel": "alternate", "type": "text/html", "title": "Stijlen (HTML)"},
        ]


def _told(text: Text, spoken: str) -> str:
    return text.en if spoken == "en" else text.nl


@lru_cache(maxsize=4)
def _sprite(schema: Schema, ratio: int) -> Sprite:
    """Made once; a schema is small and is compared as a value."""
    return sprite(schema, ratio)
