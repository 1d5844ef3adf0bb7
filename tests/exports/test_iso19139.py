"""Records of data sets and services, judged by the official schemas and by the rules of the GDI-Vlaanderen."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from etl.definitions import load_all
from etl.schema import schema as made_of
from exports.iso19139 import documents, record, service_record
from exports.resources import Resources, ServiceKind
from release.manifest import FileEntry, ProductEntry
from tests.gdi_rules import HREF, NS, faults

SCHEMAS = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.isotc211.org/2005/gmd" schemaLocation="http://schemas.opengis.net/iso/19139/20060504/gmd/gmd.xsd"/>
<xs:import namespace="http://www.isotc211.org/2005/gmx" schemaLocation="http://schemas.opengis.net/iso/19139/20060504/gmx/gmx.xsd"/>
<xs:import namespace="http://www.isotc211.org/2005/srv" schemaLocation="http://schemas.opengis.net/iso/19139/20060504/srv/srv.xsd"/>
</xs:schema>"""
DAY = date(2026, 11, 21)
URL = "http://127.0.0.1:8080"


def resources(environment="production", since=DAY, inspire=False, formats=("GML", "CSV")):
    found = made_of(load_all(), publisher="Wonen in Vlaanderen", contact="opendata@example.org", withdraw_after={})
    if inspire:
        found = found.model_copy(update={"datasets": tuple(each.model_copy(update={"inspire": True}) for each in found.datasets)})
    entries = {}
    for product in found.products:
        files = tuple(FileEntry(path=f"{product.id}/{product.id}_{name}.zip", format=name, bytes=9, sha256="00") for name in formats)
        entries[product.id] = ProductEntry(content_id="a", since=since, public=1234, located=1200, files=files)
    return Resources.of(found, entries, {}, f"{URL}/", environment)


def parsed(found):
    return {path: etree.fromstring(text) for path, text in documents(found)}


def of_product(name, **how):
    found = resources(**how)
    (dataset,) = (each for each in found.datasets if each.product.id == name)
    return etree.fromstring(record(dataset, found))


def of_service(kind, **how):
    found = resources(**how)
    service = next(each for each in found.services if each.kind is kind)
    return etree.fromstring(service_record(service, found))


def metadata(found):
    return {path: root for path, root in parsed(found).items() if root.tag == f"{{{NS['gmd']}}}MD_Metadata"}


@pytest.mark.parametrize("inspire", [False, True])
def test_the_record_of_every_data_set_and_service_is_valid_against_the_official_schemas(compile_schema, inspire):
    official, found = compile_schema(SCHEMAS), metadata(resources(inspire=inspire))
    assert len(found) == 5 + 9
    for root in found.values():
        official.assertValid(root)


def test_the_official_schemas_refuse_a_record_without_an_abstract(compile_schema):
    official = compile_schema(SCHEMAS)
    for root in (of_product("POI"), of_service(ServiceKind.WFS)):
        abstract = root.find(".//{*}abstract")
        abstract.getparent().remove(abstract)
        assert not official.validate(root)


@pytest.mark.parametrize("inspire", [False, True])
@pytest.mark.parametrize("environment", ["production", "test"])
def test_no_record_breaks_a_rule_of_the_gdi_vlaanderen(environment, inspire):
    assert {path: faults(root) for path, root in metadata(resources(environment, inspire=inspire)).items() if faults(root)} == {}


BROKEN = {
    "SC-1": ("gmd:fileIdentifier", None),
    "SC-2": ("gmd:referenceSystemInfo", None),
    "SC-3": ("//gmd:CI_ResponsibleParty/gmd:organisationName/*", ""),
    "SC-4": ("//gmd:featureCatalogueCitation/@uuidref", ""),
    "profile": ("gmd:metadataStandardVersion/*", "GDI-Vlaanderen Best Practices - versie 2.0"),
    "constraints": ("//gmd:MD_LegalConstraints/gmd:accessConstraints/..", None),
    "keywords": ("//gmd:keyword/gmx:Anchor[text()='Vlaamse Open data']/../..", None),
    "online": ("//gmd:CI_OnlineResource/gmd:protocol/*", "OGC:WFS"),
    "dates": ("//gmd:lineage", None),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_rule_finds_what_breaks_it(code):
    path, text = BROKEN[code]
    root = of_product("POI")
    found = root.xpath(path, namespaces=NS)
    assert found
    for each in found:
        if path.endswith("@uuidref"):
            each.getparent().set("uuidref", text)
        elif text is None:
            each.getparent().remove(each)
        else:
            each.text = text
    assert {fault.partition(":")[0] for fault in faults(root)} == {code}


@pytest.mark.parametrize("part", ["srv:couplingType", "srv:operatesOn", "srv:containsOperations", "srv:serviceType"])
def test_the_rules_of_services_find_what_breaks_them(part):
    root = of_service(ServiceKind.WMS)
    for each in root.xpath(f"//{part}", namespaces=NS):
        each.getparent().remove(each)
    assert {fault.partition(":")[0] for fault in faults(root)} == {"service"}


def test_a_period_that_ends_before_it_begins_is_found():
    root = of_product("POI")
    period = etree.SubElement(root, "{http://www.opengis.net/gml}TimePeriod")
    for name, day in (("beginPosition", "2026-02-01"), ("endPosition", "2026-01-01")):
        etree.SubElement(period, f"{{http://www.opengis.net/gml}}{name}").text = day
    assert [fault.partition(":")[0] for fault in faults(root)] == ["periods"]


def test_licence_access_crs_and_language_are_codes_and_not_free_text():
    root = of_product("Conformiteitsattest")
    anchors = {element.get(HREF) for element in root.iter("{*}Anchor")}
    assert "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0" in anchors
    assert "http://www.opengis.net/def/crs/EPSG/0/31370" in anchors
    assert "http://vocab.belgif.be/auth/datatheme/SOCI" in anchors
    assert root.find("{*}language/{*}LanguageCode").get("codeListValue") == "dut"


def test_every_date_is_that_of_the_content_or_of_a_thesaurus():
    for root in metadata(resources()).values():
        published = {date_.text for date_ in root.xpath("//gmd:thesaurusName//gco:Date", namespaces=NS)}
        assert {element.text for element in root.iter("{*}Date")} - published == {DAY.isoformat()}


def test_the_same_content_gives_the_same_bytes_and_another_day_moves_the_date_stamp_alone():
    first, again, later = (dict(documents(resources(since=since))) for since in (DAY, DAY, date(2026, 12, 1)))
    assert first == again
    assert set(first) == set(later) and all(first[path] != later[path] for path in first)


def test_the_state_sentence_the_counts_and_the_transformation_are_in_the_record():
    root = of_product("Conformiteitsattest")
    assert "Toestand op 21 november 2026" in root.findtext(".//{*}abstract/{*}CharacterString")
    assert "BD72 to ETRS89" in root.findtext(".//{*}statement/{*}CharacterString")
    assert root.findtext(".//{*}geometricObjectCount/{*}Integer") == "1234"
    assert "1200" in root.findtext(".//{*}supplementalInformation/{*}CharacterString")


def test_downloads_are_those_that_there_are_and_links_start_at_the_public_address():
    links = [element.text for element in of_product("Conformiteitsattest", formats=("GML",)).iter("{*}URL")]
    assert f"{URL}/downloads/Conformiteitsattest/Conformiteitsattest_GML.zip" in links
    assert not any("XLSX" in link or "CSV" in link for link in links)
    assert all(link.startswith(URL) for link in links)


def test_services_are_named_with_the_protocols_that_portals_recognise():
    pairs = [
        (element.findtext("{*}protocol/{*}CharacterString"), element.findtext("{*}name/{*}CharacterString"))
        for element in of_product("Conformiteitsattest").xpath("//gmd:onLine/*", namespaces=NS)
    ]
    assert ("OGC:WFS-2.0.0-http-get-feature", "POI:POI") in pairs
    assert ("OGC:WMS-1.3.0-http-get-map", "Conformiteitsattest") in pairs


def test_what_a_data_set_and_its_feature_catalogue_say_of_each_other_agrees():
    found = parsed(resources())
    for root in found.values():
        for citation in root.iter("{*}featureCatalogueCitation"):
            catalogue = found[f"iso/{citation.get('uuidref')}.xml"]
            assert catalogue.get("uuid") == citation.get("uuidref")
            names = [each.text for each in root.xpath("//gmd:featureTypes/*", namespaces=NS)]
            assert [each.text for each in catalogue.xpath("//gfc:typeName/*", namespaces=NS)] == names


def test_a_service_operates_on_records_that_there_are():
    found = parsed(resources())
    for root in found.values():
        for dataset in root.iter("{*}operatesOn"):
            assert dataset.get(HREF) == f"{URL}/catalogus/iso/{dataset.get('uuidref')}.xml"
            assert f"iso/{dataset.get('uuidref')}.xml" in found


def test_a_service_record_says_what_the_service_is():
    root = of_service(ServiceKind.WFS)
    assert root.findtext(".//{*}serviceType/{*}LocalName") == "download"
    assert [each.findtext("{*}CharacterString") for each in root.iter("{*}serviceTypeVersion")] == ["2.0.0", "1.1.0", "1.0.0"]
    points = [each.text for each in root.xpath("//srv:connectPoint//gmd:URL", namespaces=NS)]
    assert points[0] == f"{URL}/POI/wfs?service=WFS&version=2.0.0&request=GetCapabilities"
    assert {each.text for each in root.iter("{*}ScopedName")} == {"POI:POI"}


def test_a_test_installation_says_so_in_every_record():
    for environment, says in (("production", False), ("test", True)):
        for root in parsed(resources(environment)).values():
            title = root.findtext(".//{*}citation//{*}title/{*}CharacterString") or root.findtext("{*}name/{*}CharacterString")
            assert title.startswith("TEST") is says


def test_inspire_is_claimed_only_where_a_definition_says_so():
    for path, text in documents(resources()):
        for claim in (b"inspire.ec.europa.eu/theme", b"eli/reg/2010/1089", b"eli/reg/2008/1205", b"MDINSPIRECONFORM", b"LIJSTMRINSPIRE"):
            assert claim not in text, path
    reported = dict(documents(resources(inspire=True)))
    assert sum(b"eli/reg/2010/1089" in text for text in reported.values()) == 5
    assert sum(b"eli/reg/2008/1205" in text for text in reported.values()) == 9


def test_marks_that_others_give_are_not_claimed():
    for _, text in documents(resources(inspire=True)):
        assert b"TOEGEVOEGDGDIVL" not in text and b"MDGDICONFORM" not in text


def test_a_data_set_names_the_ogc_api_as_the_plugin_of_geopunt_knows_one():
    for name, theme in (("POI", "POI"), ("Conformiteitsattest", "POI"), ("Woningkwaliteitsbeleid", "LWKB")):
        links = [each.text for each in of_product(name).xpath("//gmd:onLine//gmd:URL", namespaces=NS)]
        assert [link for link in links if link.endswith("ogc/features")] == [f"{URL}/{theme}/ogc/features"]
        assert f"{URL}/ogc/features/v1/collections/{name}" in links


def test_a_format_has_the_version_of_its_standard_where_there_is_one():
    root = of_product("POI", formats=("GML", "Shapefile", "CSV", "GeoPackage", "GeoParquet", "FlatGeobuf", "XLSX"))
    versions = {each.findtext("{*}name/{*}CharacterString"): each.find("{*}version") for each in root.iter("{*}MD_Format")}
    found = {name: version.findtext("{*}CharacterString") for name, version in versions.items()}
    assert [text for text in found.values() if text] == ["3.2.1", "1.4", "1.1.0", "3"]
    assert found["GML 3.2"] == "3.2.1"
    assert {versions[name].get(f"{{{NS['gco']}}}nilReason") for name, text in found.items() if text is None} == {"inapplicable"}


def test_the_flemish_region_is_the_one_of_the_thesaurus_of_today():
    (region,) = (each for each in of_product("POI").iter("{*}Anchor") if each.text == "Vlaams Gewest")
    assert region.get(HREF).endswith("/GDI-Vlaanderen-Vlaamse-Administratieve-Eenheden/2025/gewest/vlaanderen")
