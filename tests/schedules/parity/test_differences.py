"""A difference in what one channel gives, in any one row, is found: every channel, every kind of difference, every product."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial

import pytest

from publish.ogcapi.negotiation import OF_ITEMS
from publish.wfs import formats as wfs_formats
from release import layout
from release.manifest import Part, PartDigest
from release.reader import Release
from schedules.parity import comparison, files, services
from schedules.parity.channels import Channel, Place
from schedules.parity.comparison import Digests, Question
from tests.schedules.parity.worlds import ATTEST, DAY, DIFFERENCES, PRODUCTS, changed, mixed, seal, small

CHANNELS = comparison.channels()
SCHEMA = small().schema
CARRIED = [(channel, name) for name in PRODUCTS for channel in CHANNELS if channel.offers(SCHEMA, SCHEMA.product(name))]
NAMES = [f"{name}-{channel.name}" for channel, name in CARRIED]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return seal(tmp_path_factory.mktemp("sealed"), small())


@pytest.fixture(scope="module")
def same(sealed: Release) -> Iterator[Place]:
    with mixed(sealed, sealed) as place:
        yield place


@pytest.fixture(scope="module")
def expected(same: Place) -> Digests:
    """What the sealed table has, of each product."""
    found: dict[tuple[str, str], PartDigest] = {}
    for product in PRODUCTS:
        digests = comparison.digests({DAY: same}, Question(DAY, product, None))
        assert not isinstance(digests, str)
        found |= digests
    return found


@pytest.fixture(scope="module", params=list(DIFFERENCES))
def planted(request: pytest.FixtureRequest, sealed: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Place]]:
    """The sealed release, with the services and the files of one that differs in one row of each table."""
    difference, root = DIFFERENCES[request.param], tmp_path_factory.mktemp("planted")
    other = seal(root / "other", changed(small(), difference.change, difference.tables))
    copy = shutil.copytree(sealed.folder, root / "mixed")
    shutil.rmtree(layout.downloads_folder(copy, DAY))
    shutil.copytree(layout.downloads_folder(other.folder, DAY), layout.downloads_folder(copy, DAY))
    with mixed(Release.open(copy), other) as place:
        yield request.param, place


@pytest.mark.parametrize(("channel", "product"), CARRIED, ids=NAMES)
def test_a_difference_in_one_row_of_any_channel_is_found(
    channel: Channel, product: str, planted: tuple[str, Place], expected: Digests
) -> None:
    name, place = planted
    difference, sealed = DIFFERENCES[name], place.sealed(place.release.schema.product(product))
    question = Question(DAY, product, channel.name)
    given = comparison.digests({DAY: place}, question)
    differs = isinstance(given, str) or any(expected[what] != digest for what, digest in given.items())
    in_a_table = "table" in name and channel.tables and product != ATTEST
    assert differs is (channel.carries(sealed) not in difference.hidden or in_a_table), given
    if differs and not isinstance(given, str):
        words = comparison.difference({DAY: place}, question)
        assert f"{product}: {channel.name} gives " in words
        assert "read before" not in words


@pytest.mark.parametrize(("channel", "product"), CARRIED, ids=NAMES)
def test_what_is_sealed_is_what_every_channel_gives(channel: Channel, product: str, same: Place, expected: Digests) -> None:
    given = comparison.digests({DAY: same}, Question(DAY, product, channel.name))
    assert not isinstance(given, str), given
    assert given == {what: expected[what] for what in given}
    assert all(digest.rows for digest in given.values())


def test_every_part_is_carried_by_a_channel() -> None:
    assert {channel.part for channel in CHANNELS} | {Part.ATTRIBUTES, Part.SAMPLE_IDS} == set(Part)
    assert {files.format_of(channel) for channel in files.channels()} == {
        "GML", "Shapefile", "CSV", "GeoPackage", "GeoParquet", "FlatGeobuf", "XLSX",
    }  # fmt: skip


def test_every_format_that_is_offered_has_a_channel() -> None:
    asked: dict[str, set[str]] = {}
    for channel in services.channels():
        if isinstance(channel.read, partial):
            asked.setdefault(channel.read.func.__name__, set()).update(map(str, channel.read.args[:2]))
    offered = {form for form in wfs_formats.FORMATS if form.media_type != "application/json"}  # GeoJSON under its other name
    assert {wfs_formats.find(name) for name in asked["_wfs"] if not name[0].isdigit()} == offered
    assert {wfs_formats.find(name) for name in asked["_wfs_file"] if name not in ("shp", "gpkg")} == set(wfs_formats.FILES)
    assert {form.value for form in OF_ITEMS} - {"html"} <= asked["_items"]
