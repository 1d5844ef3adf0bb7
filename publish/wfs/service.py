"""The way of a request through the WFS: read, bind, answer, or an exception report."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from publish.answer import Answer
from publish.haste import Lengthy
from publish.replies import Conditions, respond
from publish.sending import Reply
from publish.shelf import Shelf
from publish.wfs import keywords, versions, xml
from publish.wfs.capabilities import get_capabilities_20
from publish.wfs.capabilities_10 import get_capabilities_10
from publish.wfs.capabilities_11 import get_capabilities_11
from publish.wfs.describe import describe_feature_type
from publish.wfs.documents import parse
from publish.wfs.errors import Failure, Unavailable, WfsError
from publish.wfs.get_feature import get_feature
from publish.wfs.kvp import Kvp
from publish.wfs.offer import Offer, WfsSettings, offered
from publish.wfs.property_value import get_property_value
from publish.wfs.requests import (
    DescribeFeatureType,
    DescribeStoredQueries,
    GetCapabilities,
    GetFeature,
    GetPropertyValue,
    ListStoredQueries,
    Request,
)
from publish.wfs.response import refuse
from publish.wfs.stored_queries import describe_stored_queries, list_stored_queries
from publish.wfs.turns import hurried
from publish.wfs.versions import Version
from release.errors import BrokenRelease, NoRelease, Withdrawn

_log = logging.getLogger("vlok.wfs")

CAPABILITIES = {
    Version.V2_0_0: get_capabilities_20,
    Version.V1_1_0: get_capabilities_11,
    Version.V1_0_0: get_capabilities_10,
}


@dataclass(frozen=True)
class Call:
    """One HTTP request: `body` is null for GET, `form` says that it holds keywords. Its repr is never logged: it may hold an address.

    In `haste` it is only answered when that is sure to be quick (`turns`).
    """

    theme: str | None
    path: str
    query: bytes
    body: bytes | None
    form: bool
    conditions: Conditions
    haste: bool = False


@dataclass(frozen=True)
class Handled:
    """A reply, with the operation and the feature types that it was about, in words of ours."""

    reply: Reply
    operation: str = "refused"
    subject: str = "-"


def handle(call: Call, shelf: Shelf, settings: WfsSettings) -> Handled | None:
    """The reply to a call; null where there is no such theme. Raises `Lengthy` in haste."""
    version = Version.V2_0_0
    try:
        reader, version = _reader(call)
        view = shelf.view()
        offer = offered(shelf, view, call.theme, call.path, settings)
        if offer is None:
            return None
        request = reader()
        if call.haste:
            offer = hurried(request, offer)
        given = answer(request, offer)
        return Handled(respond(given, view, call.conditions), type(request).__name__, given.subject)
    except Lengthy:
        raise
    except WfsError as error:
        return Handled(refuse(error, version, call.conditions.head))
    except Withdrawn as error:
        return Handled(refuse(Unavailable(str(error)), version, call.conditions.head))
    except (NoRelease, BrokenRelease) as error:
        _log.error("%s", error)  # it names the seal, which is never sent out
        return Handled(refuse(Unavailable("nothing can be answered now: there is no whole release"), version, call.conditions.head))
    except Exception as error:  # noqa: BLE001 # whatever went wrong, the client gets a report in its own language, without internals
        _log.error("unexpected %s at %s", type(error).__name__, _place(error))
        return Handled(refuse(Failure("the server could not carry out the request"), version, call.conditions.head))


def answer(request: Request, offer: Offer) -> Answer:
    """The answer of the operation; raises `WfsError`, `Withdrawn`."""
    match request:
        case GetCapabilities():
            return CAPABILITIES[request.version](request, offer)
        case DescribeFeatureType():
            return describe_feature_type(request, offer)
        case ListStoredQueries():
            return list_stored_queries(request, offer)
        case DescribeStoredQueries():
            return describe_stored_queries(request, offer)
        case GetFeature():
            return get_feature(request, offer)
        case GetPropertyValue():
            return get_property_value(request, offer)


def _reader(call: Call) -> tuple[Callable[[], Request], Version]:
    """What reads the request, and the version in which the client understands an exception report."""
    if not call.body or call.form:
        kvp = Kvp.parse(call.body, len(call.body)) if call.body else Kvp.parse(call.query)
        return lambda: keywords.read(kvp), versions.spoken(kvp.last("VERSION"))
    root = parse(call.body)
    return lambda: xml.read(root), versions.spoken(xml.version(root))


def _place(error: BaseException) -> str:
    """The last lines of ours that it came through, without any value that a client sent."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-3:])
