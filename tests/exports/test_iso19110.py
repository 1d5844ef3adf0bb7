"""Feature catalogues, judged by the order of ISO 19110 and by a real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lxml import etree

from exports.iso19110 import feature_catalogue
from exports.iso19139 import record
from tests.exports.test_iso19139 import resources
from tests.gdi_rules import NS

ORDER = {
    "FC_FeatureCatalogue": ["name", "scope", "fieldOfApplication", "versionNumber", "versionDate", "language", "producer", "featureType"],
    "FC_FeatureType": ["typeName", "definition", "code", "isAbstract", "aliases", "featureCatalogue", "carrierOfCharacteristics"],
    "FC_FeatureAttribute": ["memberName", "definition", "cardinality", "code", "valueMeasurementUnit", "valueType", "listedValue"],
    "FC_ListedValue": ["label", "code", "definition"],
}
"""Children of each class in the order of gfc.xsd, which no wheel or jar carries."""


def catalogue(name):
    found = resources()
    (dataset,) = (each for each in found.datasets if each.product.id == name)
    return dataset, etree.fromstring(feature_catalogue(dataset, found))


def test_elements_stand_in_the_order_of_iso_19110():
    for name in ("POI", "RegisterHerstelvorderingen", "Woningkwaliteitsbeleid"):
        _, root = catalogue(name)
        for kind, order in ORDER.items():
            for element in root.iter(f"{{{NS['gfc']}}}{kind}"):
                places = [order.index(etree.QName(child).localname) for child in element]
                assert places == sorted(places)


def test_every_element_is_one_that_a_real_catalogue_has_too(shared):
    real = etree.parse(shared / "metadata-examples" / "iso19110-feature-catalogue.xml")
    known = {(element.getparent().tag, element.tag) for element in real.iter() if element.getparent() is not None}
    _, root = catalogue("POI")
    ours = {(e.getparent().tag, e.tag) for e in root.iter() if e.getparent() is not None and NS["gfc"] in e.tag}
    more = {"definition", "listedValue", "FC_ListedValue", "label", "code"}
    assert {pair for pair in ours - known if etree.QName(pair[1]).localname not in more} == set()


def test_every_field_is_described_with_its_type_and_cardinality():
    dataset, root = catalogue("Conformiteitsattest")
    found = {
        each.findtext("{*}memberName/{*}LocalName"): (
            each.findtext(".//{*}lower/{*}Integer"),
            each.findtext(".//{*}aName/{*}CharacterString"),
        )
        for each in root.iter("{*}FC_FeatureAttribute")
    }
    assert set(found) == {field.name for field in dataset.feature_type.fields} | {"SHAPE"}
    assert found["OIDN"] == ("1", "geheel getal")
    assert found["BUSNR"] == ("0", "tekst (35)")
    assert all(each.findtext("{*}definition/{*}CharacterString") for each in root.iter("{*}FC_FeatureAttribute"))


def codes(root, name):
    (attribute,) = (each for each in root.iter("{*}FC_FeatureAttribute") if each.findtext("{*}memberName/{*}LocalName") == name)
    return [each.findtext("{*}code/{*}CharacterString") for each in attribute.iter("{*}FC_ListedValue")]


def test_values_are_listed_where_a_field_has_codes():
    _, whole = catalogue("POI")
    _, policy = catalogue("Woningkwaliteitsbeleid")
    assert codes(whole, "POSHERK") == ["geleverd", "adresregister", "geen"]
    assert codes(policy, "CAVERPL") == ["J", "D", "N"]
    assert len(codes(whole, "PRODUCT")) == 3


def test_a_product_lists_its_own_code_alone():
    _, root = catalogue("Conformiteitsattest")
    assert codes(root, "PRODUCT") == ["Conformiteitsattest"]


def test_tables_that_go_with_a_product_are_feature_types_without_geometry():
    _, root = catalogue("RegisterHerstelvorderingen")
    first, second = root.iter("{*}FC_FeatureType")
    assert [each.findtext("{*}typeName/{*}LocalName") for each in (first, second)] == ["POI:POI", "POI:RegisterHerstelvorderingen_Adressen"]
    assert "SHAPE" not in [each.text for each in second.iter("{*}LocalName")]


def test_the_version_is_the_day_of_the_content():
    _, root = catalogue("POI")
    assert root.findtext("{*}versionDate/{*}Date") == "2026-11-21"
    assert root.findtext("{*}producer//{*}organisationName/{*}CharacterString") == "Wonen in Vlaanderen"


def test_its_version_is_the_day_of_the_description_also_in_the_record_that_cites_it():
    found = resources()
    old = date(2026, 3, 1)
    (dataset,) = (each for each in found.datasets if each.product.id == "POI")
    dataset = replace(dataset, entry=dataset.entry.model_copy(update={"described": old}))
    root = etree.fromstring(feature_catalogue(dataset, found))
    assert root.findtext("{*}versionDate/{*}Date") == "2026-03-01"
    assert root.findtext("{*}versionNumber/{*}CharacterString") == "Versie 2026-03-01"
    cited = etree.fromstring(record(dataset, replace(found, datasets=(dataset,)))).find(".//{*}featureCatalogueCitation")
    assert cited.findtext(".//{*}date//{*}Date") == "2026-03-01"
    later = replace(dataset, entry=dataset.entry.model_copy(update={"since": date(2026, 11, 22), "state": date(2026, 11, 22), "public": 7}))
    assert feature_catalogue(later, found) == feature_catalogue(dataset, found)
