"""The way of a request through the WMS: read, bind, answer, or a service exception."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

from publish.answer import Answer
from publish.haste import Lengthy
from publish.replies import ROBOTS, Conditions, raw, respond
from publish.sending import Reply, Whole
from publish.shelf import Shelf
from publish.wms import keywords
from publish.wms.capabilities import get_capabilities
from publish.wms.errors import Failure, Unavailable, WmsError
from publish.wms.get_feature_info import get_feature_info
from publish.wms.get_map import get_map
from publish.wms.kvp import Kvp
from publish.wms.legend import get_legend_graphic
from publish.wms.offer import Offer, WmsSettings, offered
from publish.wms.reports import Telling, report
from publish.wms.requests import GetCapabilities, GetFeatureInfo, GetLegendGraphic, GetMap, Request
from release.errors import BrokenRelease, NoRelease, Withdrawn

_log = logging.getLogger("vlok.wms")

RETRY_SECONDS = 600

LARGE = 1 << 21
"""Pixels of all layers of a map together above which it is not drawn in haste: more than a screen, a third of a second (measured)."""


@dataclass(frozen=True)
class Call:
    """One HTTP request; in `haste` no large map is drawn. Its repr is never logged: it may hold an address."""

    theme: str | None
    path: str
    query: bytes
    conditions: Conditions
    haste: bool = False


@dataclass(frozen=True)
class Handled:
    """A reply, with the operation and the layers that it was about, in words of ours."""

    reply: Reply
    operation: str = "refused"
    subject: str = "-"


def handle(call: Call, shelf: Shelf, settings: WmsSettings) -> Handled | None:
    """The reply to a call; null where there is no such theme. Raises `Lengthy` in haste."""
    telling = Telling()
    try:
        kvp = Kvp.parse(call.query)
        telling = Telling.of(kvp)
        if call.haste and keywords.pixels(kvp) > LARGE:
            raise Lengthy
        view = shelf.view()
        offer = offered(view, call.theme, call.path, settings)
        if offer is None:
            return None
        request = keywords.read(kvp)
        given = answer(request, offer)
        return Handled(respond(given, view, call.conditions), type(request).__name__, given.subject)
    except Lengthy:
        raise
    except WmsError as error:
        return Handled(refuse(error, telling, call.conditions.head))
    except Withdrawn as error:
        return Handled(refuse(Unavailable(str(error)), telling, call.conditions.head))
    except (NoRelease, BrokenRelease) as error:
        _log.error("%s", error)  # it names the seal, which is never sent out
        return Handled(refuse(Unavailable("nothing can be answered now: there is no whole release"), telling, call.conditions.head))
    except Exception as error:  # noqa: BLE001 # whatever went wrong, the client gets a report in its own language, without internals
        _log.error("unexpected %s at %s", type(error).__name__, _place(error))
        return Handled(refuse(Failure("the server could not carry out the request"), telling, call.conditions.head))


def answer(request: Request, offer: Offer) -> Answer:
    """The answer of the operation; raises `WmsError`, `Withdrawn`."""
    match request:
        case GetCapabilities():
            return get_capabilities(request, offer)
        case GetMap():
            return get_map(request, offer)
        case GetFeatureInfo():
            return get_feature_info(request, offer)
        case GetLegendGraphic():
            return get_legend_graphic(request, offer)


def refuse(error: WmsError, telling: Telling, head: bool = False) -> Reply:
    """A service exception; never kept in a cache."""
    told = report(error, telling)
    headers = {"Content-Type": told.media_type, "Content-Length": str(len(told.body)), "Cache-Control": "no-store", **ROBOTS}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    return Reply(told.status, raw(headers), Whole() if head else Whole(told.body))


def _place(error: BaseException) -> str:
    """The last lines of ours that it came through, without any value that a client sent."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-3:])
