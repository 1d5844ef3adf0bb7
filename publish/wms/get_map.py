"""GetMap: a picture of layers."""

from __future__ import annotations

from publish.answer import Answer, digest
from publish.wms.binding import bind
from publish.wms.images import Look, encoded, format_of
from publish.wms.offer import Offer
from publish.wms.requests import GetMap
from publish.wms.sheets import drawn


def get_map(request: GetMap, offer: Offer) -> Answer:
    """The picture; raises `WmsError`, `Withdrawn`."""
    look = Look(format_of(request.format), request.transparent, request.background)
    asked = bind(request.map, offer)
    picture = encoded(drawn(asked, offer.view), look)
    return Answer(look.format, (picture,), f"map-{digest(repr(request))}", asked.subject, packed=True)
