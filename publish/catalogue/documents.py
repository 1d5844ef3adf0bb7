"""Documents of the catalogue as the run wrote them: copied, never made again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from exports import iso19139
from publish.access_log import note
from publish.catalogue.current import Catalogue, folder
from publish.conditional import is_current, lifetime

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FEATURE_CATALOGUE = "application/xml"


@dataclass(frozen=True)
class Documents:
    """Serves documents; they hold no object, so that those of a dataset stay there when it is withdrawn, and say so."""

    catalogue: Catalogue

    def reply(self, request: Request, path: str, media_type: str) -> Response:
        """The document at a path below the folder of the catalogue, or 304.

        Raises `DayOver`, and `HTTPException` 404 when the run wrote none.

        `path` is ours: what a client sent has been checked before.
        """
        view = self.catalogue.view()
        try:
            body = (folder(view) / path).read_bytes()
        except FileNotFoundError as error:
            raise HTTPException(404, "Onbekend document / unknown document; see /catalogus/") from error
        # Of the bytes: a withdrawal that is undone within a day leaves another date stamp with the same content.
        headers = lifetime(view, f"{path.replace('/', '-')}-{hashlib.sha256(body).hexdigest()[:16]}")
        if is_current(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=media_type)

    def iso(self, request: Request) -> Response:
        """`/catalogus/iso/<uuid>.xml`: a record of ISO 19139, or the feature catalogue of ISO 19110."""
        uuid = request.path_params["uuid"]
        note(request, "iso")
        if not _UUID.fullmatch(uuid):
            raise HTTPException(404, "Onbekend metadatarecord / unknown metadata record; see /catalogus/")
        resources = self.catalogue.resources(self.catalogue.view())
        of_features = uuid in {dataset.feature_catalogue for dataset in resources.datasets}
        return self.reply(request, iso19139.path(uuid), _FEATURE_CATALOGUE if of_features else iso19139.MEDIA_TYPE)

    def routes(self) -> list[Route]:
        """The records at the addresses that they name themselves."""
        return [Route("/catalogus/iso/{uuid}.xml", self.iso, name="iso")]
