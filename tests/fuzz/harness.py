"""Feeds bytes that libFuzzer makes up to what reads requests: `python -m tests.fuzz.harness cql FOLDER -max_total_time=20`.

Whatever comes, the service answers or refuses: no exception, no crash of the process, no status 500, and never longer than a few
seconds (`-timeout`). FOLDER holds the corpus, which grows; `tests/fuzz/test_fuzz.py` runs every target for a while.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from urllib.parse import quote_from_bytes

import atheris

with atheris.instrument_imports(include=["publish", "release"], enable_loader_override=False):
    from publish.replies import Conditions
    from publish.sending import Stream
    from publish.shelf import Shelf
    from publish.wfs import WfsSettings
    from publish.wfs.service import Call, handle

from tests.fuzz.seeds import CQL, FILTERS, POSTS, QUERIES
from tests.publish.wfs.example import NOON, content, publish

_FEATURES = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=5&"


class Target:
    """One place where outside text comes in; called with the bytes of an attempt."""

    def __init__(self, shelf: Shelf, call: Callable[[bytes], Call]) -> None:
        """`call` makes a request of the bytes."""
        self._shelf, self._call = shelf, call

    def __call__(self, data: bytes) -> None:
        """Raises when the service failed."""
        handled = handle(self._call(data), self._shelf, WfsSettings())
        if handled is None:
            return
        if handled.reply.status >= 500:
            raise AssertionError(f"status {handled.reply.status}")
        if isinstance(handled.reply.body, Stream):
            list(islice(handled.reply.body.pieces, 3))


def get(query: bytes) -> Call:
    """A GET with this query."""
    return Call(None, "/wfs", query, None, False, Conditions())


def post(body: bytes) -> Call:
    """A POST of XML."""
    return Call(None, "/wfs", b"", body or b" ", False, Conditions())


def keyword(name: str) -> Callable[[bytes], Call]:
    """A GetFeature with the text as the value of a keyword."""
    return lambda text: get(f"{_FEATURES}{name}={quote_from_bytes(text)}".encode())


TARGETS: dict[str, tuple[Callable[[bytes], Call], tuple[str, ...]]] = {
    "kvp": (get, QUERIES),
    "xml": (post, POSTS),
    "filter": (keyword("FILTER"), FILTERS),
    "cql": (keyword("CQL_FILTER"), CQL),
}
"""What is made of the bytes, and requests to begin with."""


def main() -> None:
    """Fuzz one target; libFuzzer's options follow the folder of its corpus."""
    name, corpus = sys.argv[1], Path(sys.argv[2])
    call, seeds = TARGETS[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_text(seed, "utf-8")
    with tempfile.TemporaryDirectory() as work:
        shelf = Shelf(publish(Path(work) / "releases", content()), lambda: NOON)
        atheris.Setup([sys.argv[0], str(corpus), *sys.argv[3:]], Target(shelf, call))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
