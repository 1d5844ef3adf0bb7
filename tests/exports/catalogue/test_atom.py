"""Feeds and their OpenSearch description, against RFC 4287, OpenSearch 1.1 and the requirements of INSPIRE's technical guidance (3.1)."""

from __future__ import annotations

from datetime import date

import feedparser
import pytest
from lxml import etree

from exports.catalogue import atom, opensearch
from tests.exports.catalogue import rfc4287
from tests.exports.catalogue.example import SCHEMA, URL, resources
from tests.exports.catalogue.rfc4287 import ATOM

DLS = "{http://inspire.ec.europa.eu/schemas/inspire_dls/1.0}"
OS = "{http://a9.com/-/spec/opensearch/1.1/}"
LAMBERT72 = "http://www.opengis.net/def/crs/EPSG/0/31370"
FEEDS = ["atom/index.xml", *(f"atom/{product.id}.xml" for product in SCHEMA.products)]

Element = etree._Element


def feed(path: str = "atom/index.xml", environment: str = "production", contact: str | None = None) -> Element:
    return etree.fromstring(dict(atom.documents(resources(environment, contact=contact)))[path])


def described(environment: str = "production") -> Element:
    return etree.fromstring(opensearch.description(resources(environment)))


def links(element: Element, rel: str) -> list[Element]:
    return element.findall(f"{ATOM}link[@rel='{rel}']")


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_is_valid_atom(path: str) -> None:
    assert rfc4287.faults(feed(path)) == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("id", "4.1"),
        ("title", "4.1"),
        ("updated", "4.1"),
        ("author", "4.1.1"),
        ("link[@rel='self']", "4.1.1"),
        ("entry/id", "4.1"),
        ("entry/link[@rel='alternate']", "4.1.2"),
    ],
)
def test_a_feed_that_lacks_what_atom_asks_is_seen(path: str, part: str) -> None:
    damaged = feed()
    found = damaged.find(ATOM + path.replace("/", f"/{ATOM}"))
    assert found is not None
    found.getparent().remove(found)  # type: ignore[union-attr]
    assert any(fault.startswith(f"§{part}:") for fault in rfc4287.faults(damaged))


@pytest.mark.parametrize("path", FEEDS)
def test_a_foreign_reader_reads_every_feed(path: str) -> None:
    read = feedparser.parse(dict(atom.documents(resources()))[path])
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.author_detail == {"name": "Wonen in Vlaanderen", "email": "opendata@example.org"}
    assert read.feed.updated == "2026-11-21T00:00:00+01:00"
    assert read.feed.language == "nl"


def test_the_service_feed_leads_to_its_record_itself_and_the_search() -> None:
    made, service = feed(), atom.service(resources())
    (record,), (own,), (search,) = (links(made, rel) for rel in ("describedby", "self", "search"))
    assert (record.get("href"), record.get("type")) == (f"{URL}/catalogus/iso/{service.uuid}.xml", "application/xml")
    assert own.get("href") == made.findtext(f"{ATOM}id") == service.url
    assert own.get("hreflang") == made.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"
    assert (search.get("href"), search.get("type")) == (f"{URL}/catalogus/atom/opensearch.xml", "application/opensearchdescription+xml")
    assert "modellicentie-gratis-hergebruik" in made.findtext(f"{ATOM}rights", "")


def test_each_data_set_has_an_entry_with_its_identifier_record_feed_wfs_crs_and_box() -> None:
    entries = feed().findall(f"{ATOM}entry")
    identifiers = [
        (entry.findtext(f"{DLS}spatial_dataset_identifier_code"), entry.findtext(f"{DLS}spatial_dataset_identifier_namespace"))
        for entry in entries
    ]
    assert identifiers == [(f"{URL}/catalogus/iso/{product.uuid}.xml", f"{URL}/") for product in SCHEMA.products]
    for entry, product in zip(entries, SCHEMA.products, strict=True):
        (record,), (feed_link,), (wfs,) = (links(entry, rel) for rel in ("describedby", "alternate", "related"))
        assert record.get("href") == f"{URL}/catalogus/iso/{product.uuid}.xml"
        assert feed_link.get("href") == entry.findtext(f"{ATOM}id") == f"{URL}/catalogus/atom/{product.id}.xml"
        assert (feed_link.get("type"), feed_link.get("hreflang")) == ("application/atom+xml", "nl")
        theme = product.feature_type.partition(":")[0]
        assert wfs.get("href", "").startswith(f"{URL}/{theme}/wfs?") and "GetCapabilities" in wfs.get("href", "")
        assert wfs.get("type") == "application/xml"
        assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == [LAMBERT72]
        corners = rfc4287.polygon(entry.findtext("{http://www.georss.org/georss}polygon", ""))
        assert all(50 < latitude < 52 and 2 < longitude < 6 for latitude, longitude in corners)


def test_the_feed_of_a_data_set_has_an_entry_per_file_that_there_is() -> None:
    made = feed("atom/POI.xml")
    (whole,) = (dataset for dataset in resources().datasets if dataset.product.id == "POI")
    entries = made.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"{URL}/downloads/{form.path(whole.product)}" for form in whole.formats]
    assert not any("XLSX" in (entry.findtext(f"{ATOM}id") or "") for entry in entries), "it was left out"
    for entry in entries:
        (file,) = links(entry, "alternate")
        assert (file.get("href"), file.get("type"), file.get("length"), file.get("hreflang")) == (
            entry.findtext(f"{ATOM}id"),
            "application/zip",
            "1234",
            "nl",
        )
        assert file.get("title")
        assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == [LAMBERT72]
    (up,), (kinds,) = links(made, "up"), links(made, "describedby")
    assert up.get("href") == f"{URL}/catalogus/atom/"
    assert kinds.get("href") == f"{URL}/catalogus/iso/{whole.feature_catalogue}.xml"


def test_a_publisher_without_an_address_is_named_by_a_page() -> None:
    author = feed(contact="https://example.org/contact").find(f"{ATOM}author")
    assert author is not None
    assert (author.findtext(f"{ATOM}email"), author.findtext(f"{ATOM}uri")) == (None, "https://example.org/contact")


@pytest.mark.parametrize("path", FEEDS)
def test_outside_production_every_title_says_test(path: str) -> None:
    made = feed(path, "test")
    assert made.findtext(f"{ATOM}title", "").startswith("TEST – ")
    assert all(entry.findtext(f"{ATOM}title", "").startswith("TEST – ") for entry in made.findall(f"{ATOM}entry"))
    assert b"TEST" not in etree.tostring(feed(path))


def test_only_the_date_of_the_content_moves_the_dates() -> None:
    before, later = (dict(atom.documents(resources(since=day))) for day in (date(2026, 7, 1), date(2026, 12, 1)))
    assert b"<updated>2026-07-01T00:00:00+02:00</updated>" in before["atom/POI.xml"]
    assert b"<updated>2026-12-01T00:00:00+01:00</updated>" in later["atom/POI.xml"]
    assert dict(atom.documents(resources())) == dict(atom.documents(resources()))


def test_the_description_keeps_to_opensearch() -> None:
    """OpenSearch 1.1 draft 6: lengths of the texts, and what an address has to hold."""
    for environment in ("production", "test"):
        made = described(environment)
        for name, longest in (
            ("ShortName", 16),
            ("LongName", 48),
            ("Description", 1024),
            ("Tags", 256),
            ("Developer", 64),
            ("Attribution", 256),
        ):
            (text,) = (element.text or "" for element in made.findall(f"{OS}{name}"))
            assert 0 < len(text) <= longest, (name, text)
        assert made.findtext(f"{OS}Language") == "nl"
        assert made.findtext(f"{OS}Contact") == "opendata@example.org"
    assert described("test").findtext(f"{OS}ShortName", "").startswith("TEST")


def test_the_description_announces_search_description_and_files() -> None:
    urls = [(url.get("rel"), url.get("type"), url.get("template", "")) for url in described().findall(f"{OS}Url")]
    assert ("self", "application/opensearchdescription+xml", f"{URL}/catalogus/atom/opensearch.xml") in urls
    assert ("results", "text/html", f"{URL}/catalogus/atom/search?q={{searchTerms}}") in urls
    (describe,) = (template for rel, _, template in urls if rel == "describedby")
    files = [template for rel, type_, template in urls if (rel, type_) == ("results", "application/zip")]
    assert len(files) == 7
    for template in (describe, *files):
        for name in (
            "{inspire_dls:spatial_dataset_identifier_code?}",
            "{inspire_dls:spatial_dataset_identifier_namespace?}",
            "{inspire_dls:crs?}",
            "{language?}",
        ):
            assert name in template


def test_the_description_has_an_example_for_each_data_set() -> None:
    examples = described().findall(f"{OS}Query[@role='example']")
    assert [query.get(f"{DLS}spatial_dataset_identifier_code") for query in examples] == [
        f"{URL}/catalogus/iso/{p.uuid}.xml" for p in SCHEMA.products
    ]
    assert {query.get(f"{DLS}crs") for query in examples} == {LAMBERT72}
    assert {query.get("language") for query in examples} == {"nl"}
