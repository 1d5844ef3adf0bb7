"""The date of the sentences: that of the files, in every service, on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from exports.bundle import DownloadSuite
from exports.notice import notice
from publish.shelf import View
from publish.wording import attribution, sentences, state, state_sentence, words
from release.content import Content
from release.pointer import Pointer
from release.reader import Release
from release.writer import Writer
from tests.publish.conftest import client_of
from tests.publish.example import ATTEST, CLAIMS, DAY, DWELLINGS, INVENTORY, KEY, POI, PUBLIC_URL, Clock, content, poi_table

NEXT = DAY + timedelta(days=1)


def sealed(root: Path, what: Content, day: date = DAY, previous: Release | None = None) -> Release:
    return Release.open(Writer(root, DownloadSuite(PUBLIC_URL), KEY, previous).seal(what, day).folder)


def seen(what: Content, **days: date) -> Content:
    """With another day of some registers."""
    fresh = (each.model_copy(update={"peildatum": days.get(each.dataset, each.peildatum)}) for each in what.freshness)
    return replace(what, freshness=tuple(fresh))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    what = seen(content(), besluiten=DAY - timedelta(days=2), parameters=DAY - timedelta(days=20))
    return sealed(tmp_path_factory.mktemp("wording"), what)


@pytest.mark.parametrize("day", [DAY, NEXT, NEXT + timedelta(days=1)], ids=["today", "tomorrow", "without an edition"])
def test_the_sentences_are_those_of_the_files(release: Release, day: date) -> None:
    view, products = View(release, day, 0), release.schema.products
    entries = release.edition(min(day, NEXT)).products
    for product in products:
        for production, environment in ((True, "production"), (False, "test")):
            assert words(view, product, production=production) == notice(product, release.schema, entries[product.id].state, environment)
    assert {product.id: state(view, [product]) for product in products} == {
        ATTEST: DAY,
        INVENTORY: DAY - timedelta(days=2),
        CLAIMS: DAY,
        "POI": DAY - timedelta(days=2),
        "Woningkwaliteitsbeleid": DAY - timedelta(days=20),
    }


def test_a_sentence_about_several_products_is_of_the_oldest(release: Release) -> None:
    view, schema = View(release, DAY, 0), release.schema
    both = [schema.product(ATTEST), schema.product(INVENTORY)]
    found = sentences(view, both, production=True)
    assert found.state == state_sentence(view, both) and found.state.startswith("Toestand op 19 november 2026.")
    assert found.attribution == "; ".join(attribution(view, product) for product in both)
    assert state_sentence(view).startswith("Toestand op 1 november 2026.")


def test_a_register_that_is_seen_again_without_a_change_changes_no_answer(tmp_path: Path) -> None:
    first = sealed(tmp_path / "one", content())
    second = sealed(tmp_path / "two", seen(content(), besluiten=NEXT, conformiteitsattesten=NEXT), NEXT, first)
    assert second.edition(NEXT) == first.edition(NEXT)
    assert View(second, NEXT, 0).etag_base == View(first, NEXT, 0).etag_base


def test_the_same_content_with_another_state_is_another_answer(tmp_path: Path) -> None:
    """A change that is taken back within the day: the content is that of before, its files are not."""
    first = sealed(tmp_path / "one", content(peildatum=DAY - timedelta(days=1)))
    between = content()
    between.tables[POI.qualified] = poi_table(DWELLINGS[1:])
    third = sealed(tmp_path / "three", content(), DAY, sealed(tmp_path / "two", between, DAY, first))
    assert third.content_id(DAY) == first.content_id(DAY)
    assert View(third, DAY, 0).etag_base != View(first, DAY, 0).etag_base


def test_how_fresh_each_register_is_stays_apart_from_the_sentences(tmp_path: Path, clock: Clock) -> None:
    first = sealed(tmp_path, content())
    clock.now = clock.now.replace(day=22)
    second = sealed(tmp_path, seen(content(), besluiten=NEXT), NEXT, first)
    Pointer(tmp_path).move(second.folder.name, datetime.now(UTC))
    client = client_of(tmp_path, clock)
    assert client.get("/status?f=json").json()["datasets"]["besluiten"]["peildatum"] == NEXT.isoformat()
    assert "Toestand op 21 november 2026." in client.get("/").text
