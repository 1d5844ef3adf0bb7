"""RFC 4287 (Atom) and GeoRSS Simple as rules of ours: what they find wrong in a feed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+( *;.+)?")
_TEXTS = ("title", "subtitle", "summary", "rights")
_ONCE = ("id", "title", "updated")
_AT_MOST_ONCE = ("subtitle", "summary", "rights", "generator", "icon", "logo", "content", "published", "source")


def faults(feed: Element) -> list[str]:
    """What is wrong with a feed; nothing for a good one."""
    return [*_feed(feed), *(fault for entry in feed.iterfind(f"{ATOM}entry") for fault in _entry(entry)), *_everywhere(feed)]


def _feed(feed: Element) -> Iterator[str]:
    if feed.tag != f"{ATOM}feed":
        yield "§4.1.1: the root is no feed"
    yield from _container(feed)
    entries = feed.findall(f"{ATOM}entry")
    if feed.find(f"{ATOM}author") is None and not all(entry.find(f"{ATOM}author") is not None for entry in entries):
        yield "§4.1.1: a feed has an author, or each of its entries has"
    if not _links(feed, "self"):
        yield "§4.1.1: a feed should have a link to itself"
    twice = [
        key
        for key, count in Counter((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries).items()
        if count > 1
    ]
    yield from (f"§4.1.1: two entries are {key}" for key in twice)
    if entries and feed.index(entries[-1]) != len(feed) - 1:
        yield "metadata stands after the entries"


def _entry(entry: Element) -> Iterator[str]:
    yield from _container(entry)
    if entry.find(f"{ATOM}content") is None and not _links(entry, "alternate"):
        yield "§4.1.2: an entry without content has an alternate link"


def _container(element: Element) -> Iterator[str]:
    name = etree.QName(element).localname
    counts = Counter(child.tag for child in element if isinstance(child.tag, str))
    yield from (f"§4.1: {name} has {counts[ATOM + each]} {each}" for each in _ONCE if counts[ATOM + each] != 1)
    yield from (f"§4.1: {name} has {counts[ATOM + each]} {each}" for each in _AT_MOST_ONCE if counts[ATOM + each] > 1)
    alternates = Counter((link.get("type"), link.get("hreflang")) for link in _links(element, "alternate"))
    yield from (f"§4.1.1: two alternate links of {kind}" for kind, count in alternates.items() if count > 1)


def _links(element: Element, rel: str) -> list[Element]:
    return [link for link in element.iterfind(f"{ATOM}link") if link.get("rel", "alternate") == rel]


def _everywhere(feed: Element) -> Iterator[str]:
    for element in feed.iter(f"{ATOM}*"):
        name, text = etree.QName(element).localname, (element.text or "").strip()
        if name in ("updated", "published") and not _DATE.fullmatch(text):
            yield f"§3.3: {text} is no date"
        if name == "id" and not re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text):
            yield f"§4.2.6: {text} is no IRI"
        if name in _TEXTS and (not text or len(element)):
            yield f"§3.1: {name} is no text"
        if name in ("author", "contributor") and len(element.findall(f"{ATOM}name")) != 1:
            yield "§3.2: a person has one name"
        if name == "email" and not re.fullmatch(r".+@.+", text):
            yield f"§3.2.3: {text} is no e-mail address"
        if name == "category" and not element.get("term"):
            yield "§4.2.2: a category has a term"
        if name == "link":
            yield from _link(element)


def _link(link: Element) -> Iterator[str]:
    if not re.match(r"https?://\S+$", link.get("href", "")):
        yield f"§4.2.7.1: {link.get('href')} is no address"
    if not _MEDIA_TYPE.fullmatch(link.get("type", "")):
        yield f"§4.2.7.3: {link.get('type')} is no media type"
    if not re.fullmatch(r"\d+", link.get("length", "0")):
        yield "§4.2.7.6: length is a number of bytes"


def polygon(text: str) -> list[tuple[float, float]]:
    """GeoRSS Simple: pairs of latitude and longitude, closed; raises `ValueError`."""
    numbers = [float(number) for number in text.split()]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a polygon is closed and has four points or more")
    return points
