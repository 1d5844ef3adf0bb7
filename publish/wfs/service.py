"""The routes of the WFS, and the way of a request through it: read, bind, answer, or an exception report."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from publish.access_log import note
from publish.shelf import Shelf
from publish.wfs import keywords, versions, xml
from publish.wfs.answer import Answer
from publish.wfs.capabilities import get_capabilities
from publish.wfs.describe import describe_feature_type
from publish.wfs.documents import parse
from publish.wfs.errors import Failure, ParsingFailed, Unavailable, WfsError
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
from publish.wfs.response import Conditions, refuse, respond
from publish.wfs.stored_queries import describe_stored_queries, list_stored_queries
from publish.wfs.versions import Version
from release.errors import BrokenRelease, NoRelease, Withdrawn

__all__ = ["WfsSettings", "routes"]

_log = logging.getLogger("vlok.wfs")

_PATHS = ("/wfs", "/{theme}/wfs", "/overdrachtdiensten/{theme}/wfs")


@dataclass(frozen=True)
class Call:
    """One HTTP request: `body` is null for GET, `form` says that it holds keywords. Its repr is never logged: it may hold an address."""

    theme: str | None
    path: str
    query: bytes
    body: bytes | None
    form: bool
    conditions: Conditions


@dataclass(frozen=True)
class Handled:
    """A response, with the operation and the feature types that it was about, in words of ours."""

    response: Response
    operation: str = "refused"
    subject: str = "-"


def routes(shelf: Shelf, settings: WfsSettings) -> list[Route]:
    """`/wfs` with every feature type, `/POI/wfs` and `/overdrachtdiensten/POI/wfs` with those of one prefix; 404 for no such prefix."""

    async def endpoint(http: HttpRequest) -> Response:
        theme = http.path_params.get("theme")
        conditions = Conditions(http.method == "HEAD", http.headers)
        try:
            body = await _body(http, settings.max_post_bytes) if http.method == "POST" else None
        except WfsError as error:
            return refuse(error, Version.V2_0_0)
        form = http.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        call = Call(theme, quote(http.scope["path"]), http.scope["query_string"], body, form, conditions)
        handled = await run_in_threadpool(handle, call, shelf, settings)
        if handled is None:
            raise HTTPException(404)
        note(http, f"wfs.{handled.operation}", handled.subject)
        return handled.response

    return [Route(path, endpoint, methods=["GET", "POST"], name=f"wfs {path}") for path in _PATHS]


def handle(call: Call, shelf: Shelf, settings: WfsSettings) -> Handled | None:
    """The response to a call; null where there is no such theme."""
    version = Version.V2_0_0
    try:
        reader, version = _reader(call)
        view = shelf.view()
        offer = offered(view, call.theme, call.path, settings)
        if offer is None:
            return None
        request = reader()
        given = answer(request, offer)
        return Handled(respond(given, view, call.conditions), type(request).__name__, given.subject)
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
            return get_capabilities(request, offer)
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


async def _body(http: HttpRequest, limit: int) -> bytes:
    """The posted bytes; raises `ParsingFailed` as soon as there are too many."""
    parts, size = [], 0
    async for part in http.stream():
        size += len(part)
        if size > limit:
            raise ParsingFailed(f"the request is longer than {limit} bytes", "request")
        parts.append(part)
    return b"".join(parts)


def _place(error: BaseException) -> str:
    """The last lines of ours that it came through, without any value that a client sent."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-3:])
