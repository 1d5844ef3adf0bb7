"""The page of a municipality: how many objects, its policy, and where to see them. It lists no addresses (DESIGN 15)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from publish.access_log import note
from publish.pages import language
from publish.portal.frame import Frame
from publish.portal.places import areas, counts, places, policy, rules
from publish.redirects import moved
from publish.shelf import View


@dataclass(frozen=True)
class MunicipalityPages:
    """Answers for `/gemeente` and `/gemeente/<nis>`."""

    frame: Frame

    def all(self, request: Request) -> Response:
        """Every municipality, to choose one."""
        view = self.frame.shelf.view()
        return self.frame.page(request, view, "municipalities", places=places(view))

    def one(self, request: Request) -> Response:
        """The page of a municipality, to which former codes lead; raises `HTTPException` 404 for a code that is none, and `Withdrawn`."""
        view, nis, chosen = self.frame.shelf.view(), request.path_params["nis"], language(request)
        if (today := view.release.schema.today_code(nis)) != nis:
            note(request, "municipality")
            return moved(request, f"{self.frame.pages.public_url}/gemeente/{today}")
        _require_policy(view)
        place = next((place for place in places(view) if place.nis == nis), None)
        if place is None:
            raise HTTPException(404, "Deze NIS-code is van geen gemeente van vandaag / no municipality of today has this NIS code")
        return self.frame.page(
            request,
            view,
            "municipality",
            place=place,
            counts=tuple(counts(view, nis)),
            policy=policy(view, nis, chosen),
            rules=rules(view, nis, chosen),
        )


def _require_policy(view: View) -> None:
    """A withdrawn dataset answers 503 and says why: "no such municipality" would be untrue."""
    kind = areas(view.release.schema)
    if kind is not None:
        view.release.require_public(kind, None, view.day)
