"""What a catalogue describes: data sets with their files, services with the data sets that they give."""

from __future__ import annotations

from datetime import date

from etl.definitions import load_all
from etl.schema import schema
from exports.resources import Resources, ServiceKind
from release.manifest import FileEntry, ProductEntry
from release.schema import Schema

SCHEMA: Schema = schema(load_all(), publisher="Wonen in Vlaanderen", contact="https://example.org", withdraw_after={})
FILES = (
    FileEntry(path="POI/POI_CSV.zip", format="CSV", bytes=10, sha256="00"),
    FileEntry(path="POI/POI_XLSX.zip", format="XLSX", bytes=0, sha256="", note="left out"),
)


def resources(environment: str = "production", since: date = date(2026, 11, 21), url: str = "https://example.org/") -> Resources:
    entries = {
        product.id: ProductEntry(content_id="a", since=since if product.id == "POI" else date(2026, 1, 2), public=3, located=2, files=FILES)
        for product in SCHEMA.products
    }
    return Resources.of(SCHEMA, entries, {}, url, environment)


def test_only_files_that_were_written_are_offered() -> None:
    assert [form.name for form in resources().datasets[0].formats] == ["CSV"]


def test_each_theme_has_its_services_and_the_others_give_everything() -> None:
    found = resources()
    assert [(s.kind, s.url.removeprefix("https://example.org")) for s in found.services if s.kind is ServiceKind.WFS] == [
        (ServiceKind.WFS, "/POI/wfs"),
        (ServiceKind.WFS, "/LWKB/wfs"),
    ]
    (csw,) = (service for service in found.services if service.kind is ServiceKind.CSW)
    assert csw.datasets == found.datasets
    assert {service.kind for service in found.services_of(found.datasets[0])} == set(ServiceKind)


def test_uuids_are_those_of_the_definitions_and_stay() -> None:
    first, later = resources(), resources(since=date(2026, 12, 1))
    assert [d.product.uuid for d in first.datasets] == [p.uuid for p in SCHEMA.products]
    every = [s.uuid for s in first.services] + [d.feature_catalogue for d in first.datasets] + [d.product.uuid for d in first.datasets]
    assert len(set(every)) == len(every)
    assert [s.uuid for s in first.services] == [s.uuid for s in later.services]


def test_a_service_is_as_new_as_the_newest_of_its_data_sets() -> None:
    dates = {service.url: service.since for service in resources().services}
    assert dates["https://example.org/LWKB/wms"] == date(2026, 1, 2)
    assert dates["https://example.org/POI/wms"] == date(2026, 11, 21)


def test_outside_production_everything_says_test() -> None:
    assert resources("test").test
    assert not resources().test
