"""Routes of the styles at `/stijlen`."""

from __future__ import annotations

from starlette.routing import Route

from publish.pages import Pages
from publish.shelf import Shelf
from publish.styles.forms import Places
from publish.styles.service import Service

ROOT = "/stijlen"


def routes(shelf: Shelf, public_url: str, *, production: bool) -> list[Route]:
    """Every route; links are made from `public_url`, which has no slash at the end."""
    service = Service(shelf, Places(public_url, ROOT), Pages(public_url, production))
    return [
        Route(ROOT, service.styles, name="styles"),
        Route(f"{ROOT}/{{file}}", service.sprite, name="sprite"),
        Route(f"{ROOT}/{{layer}}/{{file}}", service.style, name="style"),
    ]
