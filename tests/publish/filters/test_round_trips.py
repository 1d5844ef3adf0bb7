"""One predicate, written in every language, is read back as that same predicate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from publish.filters.effort import bounded
from publish.ogcapi.cql import parse_cql
from publish.wfs import cql
from publish.wfs.documents import parse_keyword
from publish.wfs.envelopes import DEFAULT
from publish.wfs.fes import FilterReader
from release.predicate import Predicate
from tests.publish.filters.languages import WRITERS
from tests.publish.filters.strategies import THING, meant, written

BINDINGS = {"POI": THING.namespace}


def _xml(text: str) -> Predicate:
    return FilterReader(THING, BINDINGS).read(parse_keyword(text, "filter"))


def _ecql(text: str) -> Predicate:
    return cql.CqlReader(THING, BINDINGS).read(cql.parse(text))


READERS: dict[str, list[Callable[[str], Predicate]]] = {
    "FES 2.0": [_xml],
    "Filter 1.1": [_xml],
    "Filter 1.0": [_xml],
    "CQL2 text": [_ecql, lambda text: parse_cql(text, THING, DEFAULT)],
    "CQL2 JSON": [lambda text: parse_cql(text, THING, DEFAULT, json=True)],
}


@pytest.mark.parametrize("language", list(WRITERS))
@settings(max_examples=80)
@given(predicate=written)
def test_what_is_written_is_what_is_read(language: str, predicate: Predicate) -> None:
    text = WRITERS[language](predicate)
    for read in READERS[language]:
        assert bounded(read(text)) == bounded(meant(predicate)), text
