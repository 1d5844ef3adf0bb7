"""What every page of the portal has around it: words, licence, state; language, cache and log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from exports.notice import licence_name
from publish.access_log import note
from publish.pages import Pages, language
from publish.shelf import Shelf, View
from publish.wording import state_sentence


@dataclass(frozen=True)
class Frame:
    """Renders the pages of the portal over the current release."""

    shelf: Shelf
    pages: Pages

    def page(self, request: Request, view: View, name: str, headers: Mapping[str, str] | None = None, **context: object) -> HTMLResponse:
        """The page `name`.html in the language that is asked for; `headers` are added to those of every page."""
        note(request, name)
        schema, chosen = view.release.schema, language(request)
        contact = schema.words.contact
        shared = {
            "words": schema.words,
            "datasets": schema.datasets,
            "licence": licence_name(schema.words.licence),
            "state": state_sentence(view),
            "contact": f"mailto:{contact}" if "@" in contact else contact,
        }
        text = self.pages.render(f"{name}.html", chosen, **shared, **context)
        return HTMLResponse(text, headers=kept(view) | {"Content-Language": chosen} | dict(headers or {}))


def kept(view: View) -> dict[str, str]:
    """How long an answer of the portal may be kept; a page may also be asked for as JSON."""
    return {"Cache-Control": view.cache_control, "Vary": "Accept"}
