"""Follows every address of ours that an answer names, as a search engine or a curious person would."""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from starlette.testclient import TestClient

OURS = "http://127.0.0.1:8080"
"""The public URL from which every link is made."""
_EACH = 3
"""Addresses of one pattern (numbers and names of products apart) that are followed."""
_ADDRESS = re.compile(rb"https?://127\.0\.0\.1:8080[^\s\"'<>\\)\]]*")
_TEMPLATE = re.compile(r"[{}]|%7B|\$\{")
_LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_LOADING_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "preconnect", "dns-prefetch"})


@dataclass(frozen=True)
class Page:
    """An answer, and the address that it was asked at."""

    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass
class _Links(HTMLParser):
    """What a page of HTML points to, and what a browser loads for it."""

    base: str
    followed: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        if (name := _LOADED.get(tag)) and name in given:
            self.loaded.append(urljoin(self.base, given[name]))
        if tag == "link" and "href" in given and set(given.get("rel", "").split()) & _LOADING_LINKS:
            self.loaded.append(urljoin(self.base, given["href"]))
        if tag in ("a", "link", "area") and "href" in given:
            self.followed.append(urljoin(self.base, given["href"]))


def loaded(page: Page) -> list[str]:
    """What a browser loads for a page."""
    links = _Links(page.address)
    links.feed(page.body.decode())
    return links.loaded


def crawl(client: TestClient, *starts: str) -> Iterator[Page]:
    """Every answer that can be reached; addresses that differ in numbers or in a product alone are followed a few times."""
    waiting, seen, patterns = deque(f"{OURS}{start}" for start in starts), set[str](), Counter[str]()
    while waiting:
        address = waiting.popleft()
        pattern = _pattern(address)
        if address in seen or patterns[pattern] >= _EACH:
            continue
        seen.add(address)
        patterns[pattern] += 1
        answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.1"}, follow_redirects=False)
        page = Page(address, answer.status_code, dict(answer.headers), answer.content)
        yield page
        waiting.extend(_named(page))


def _named(page: Page) -> Iterator[str]:
    """Addresses of ours in an answer, whatever its format; not templates, which want to be filled in."""
    found = [unquote_markup(text) for text in _ADDRESS.findall(page.body)] if _is_text(page) else []
    if page.media_type == "text/html":
        links = _Links(page.address)
        links.feed(page.body.decode())
        found += links.followed + links.loaded
    if location := page.headers.get("location"):
        found.append(urljoin(page.address, location))
    for address in found:
        bare = address.partition("#")[0].rstrip(".,;")
        if bare.startswith(OURS) and not _TEMPLATE.search(bare):
            yield bare


def unquote_markup(text: bytes) -> str:
    """An address as it stands in XML or HTML."""
    return html.unescape(text.decode("utf-8", "replace"))


def _is_text(page: Page) -> bool:
    return any(word in page.media_type for word in ("text", "json", "xml", "yaml", "turtle", "javascript"))


def _pattern(address: str) -> str:
    """The address without what counts or identifies."""
    parts = urlsplit(unquote(address))
    path = re.sub(r"\d+", "0", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "uuid", parts.path))
    query = re.sub(r"=[^&]*", "=", parts.query) if "cursor" in parts.query.lower() or "startindex" in parts.query.lower() else parts.query
    return f"{path}?{re.sub(r'[0-9]+', '0', query)}"
