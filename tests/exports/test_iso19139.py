import pytest
from lxml import etree

from exports.formats import FORMATS, XLSX
from exports.iso19139 import record

SCHEMAS = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.isotc211.org/2005/gmd" schemaLocation="http://schemas.opengis.net/iso/19139/20060504/gmd/gmd.xsd"/>
<xs:import namespace="http://www.isotc211.org/2005/gmx" schemaLocation="http://schemas.opengis.net/iso/19139/20060504/gmx/gmx.xsd"/>
</xs:schema>"""
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture
def make_record(schema, since):
    def make(product="Conformiteitsattest", environment="production", formats=FORMATS, url="http://127.0.0.1:8080/"):
        return etree.fromstring(record(schema.product(product), schema, since, formats, url, environment))

    return make


def test_the_record_of_every_product_is_valid_against_the_official_schemas(schema, make_record, compile_schema):
    official = compile_schema(SCHEMAS)
    for product in schema.products:
        official.assertValid(make_record(product.id))


def test_the_official_schemas_refuse_a_record_without_an_abstract(make_record, compile_schema):
    root = make_record()
    abstract = root.find(".//{*}abstract")
    abstract.getparent().remove(abstract)
    assert not compile_schema(SCHEMAS).validate(root)


def test_licence_access_crs_and_language_are_codes_and_not_free_text(make_record):
    root = make_record()
    anchors = {element.get(XLINK) for element in root.iter("{*}Anchor")}
    assert "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0" in anchors
    assert "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations" in anchors
    assert "http://www.opengis.net/def/crs/EPSG/0/31370" in anchors
    assert "https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden/VLOPENDATA" in anchors
    assert root.find("{*}language/{*}LanguageCode").get("codeListValue") == "dut"
    assert root.findtext("{*}metadataStandardVersion/{*}CharacterString") == "GDI-Vlaanderen Best Practices – versie 2.0"


def test_every_organisation_has_a_name_and_every_date_is_that_of_the_content(make_record, since):
    root = make_record()
    parties = list(root.iter("{*}CI_ResponsibleParty"))
    assert parties and all(party.findtext("{*}organisationName/{*}CharacterString") for party in parties)
    published = {"2014-02-26", "2013-04-18", "2019-05-22"}  # of the thesauri
    assert {element.text for element in root.iter("{*}Date")} - published == {since.isoformat()}


def test_the_state_sentence_and_the_transformation_are_in_the_record(make_record):
    root = make_record()
    assert "Toestand op 21 november 2026" in root.findtext(".//{*}abstract/{*}CharacterString")
    assert "BD72 to ETRS89" in root.findtext(".//{*}statement/{*}CharacterString")


def test_downloads_are_those_that_there_are_and_links_start_at_the_public_address(make_record):
    links = [element.text for element in make_record(formats=FORMATS[:-1]).iter("{*}URL")]
    assert "http://127.0.0.1:8080/downloads/Conformiteitsattest/Conformiteitsattest_GML.zip" in links
    assert not any(XLSX.name in link for link in links)
    assert all(link.startswith("http://127.0.0.1:8080") for link in links)


def test_a_test_installation_says_so(make_record):
    titles = [make_record(environment=name).findtext(".//{*}citation//{*}title/{*}CharacterString") for name in ("production", "test")]
    assert titles == ["Conformiteitsattest", "TEST – Conformiteitsattest"]


def test_inspire_is_not_claimed(make_record):
    assert b"INSPIRE themes" not in etree.tostring(make_record())
    assert b"eli/reg/2010/1089" not in etree.tostring(make_record())
