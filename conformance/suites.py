"""The suites that judge us, with their pinned versions, and why they skip what they skip."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import takewhile
from urllib.parse import urlencode

from conformance import ctl, testng
from conformance.example import DOWNLOADS, FEATURE_TYPES, Example
from conformance.sample_records import serving_records
from conformance.suite import Excuse, Subject, Suite, only

_READ_ONLY = "The service is for reading: registers are changed where they are kept."
_NO_LINES = "No feature is a line."


WFS20 = Suite(
    code="wfs20",
    title="WFS 2.0.0",
    artefact="ets-wfs20",
    versions=("1.43", "1.42"),
    main="org.opengis.cite.iso19142.TestNGController",
    read=testng.read,
    subjects=only(lambda url: {"wfs": f"{url}/wfs?{urlencode({'service': 'WFS', 'version': '2.0.0', 'request': 'GetCapabilities'})}"}),
    groups=("Preconditions", "All GML *", "GML *", "Simple WFS", "Basic WFS", "Spatial filter", "Response paging"),
    excuses=(
        Excuse("Transactional WFS/*", _READ_ONLY),
        Excuse("Locking WFS/*", _READ_ONLY),
        Excuse("Manage stored queries/*", "The stored queries are those of the service; clients add none."),
        Excuse("Feature versions/*", "Only the current release is public: there are no versions to ask for."),
        Excuse("Spatial joins/*", "Joins are not offered."),
        Excuse("Basic WFS/PropertyIsNilOperatorTests.*", "No property is nillable: what has no value has no element."),
        Excuse("Spatial filter/IntersectsTests.*", "The suite leaves points out of these tests; our polygons are tested.", "*point*"),
        Excuse("Temporal filter/*", "The points have no dates.", "*has no temporal properties*POI"),
        Excuse("Temporal filter/*", "Dates of the registers are days, without a time zone as the suite wants it.", "*without timezone*"),
    ),
)

WFS11 = Suite(
    code="wfs11",
    title="WFS 1.1.0",
    artefact="ets-wfs11",
    versions=("1.38",),
    main="org.opengis.cite.wfs11.CtlController",
    read=ctl.read,
    subjects=only(
        lambda url: {
            "capabilities-url": f"{url}/wfs?{urlencode({'service': 'WFS', 'version': '1.1.0', 'request': 'GetCapabilities'})}",
            "profile": "sf-0",
        }
    ),
    groups=("run-GetCapabilities-*", "run-DescribeFeatureType-*", "run-GetFeature-*"),
)


def _documents(example: Example) -> Sequence[Subject]:
    """Per feature type: its schema, the features that the service answers, and the file that can be downloaded."""
    asked = {"service": "WFS", "version": "2.0.0"}
    subjects = []
    for name in FEATURE_TYPES:
        schema = urlencode(asked | {"request": "DescribeFeatureType", "typenames": name})
        features = urlencode(asked | {"request": "GetFeature", "typenames": name, "count": "50"})
        subjects.append(Subject(f"{name}: schema", {"gml": example.save(f"/wfs?{schema}", f"{name.partition(':')[2]}.xsd").as_uri()}))
        subjects.append(Subject(f"{name}: features", {"gml": f"{example.url}/wfs?{features}"}))
        subjects.append(Subject(f"{name}: download", {"gml": example.download(DOWNLOADS[name]).as_uri()}))
    return subjects


GML32 = Suite(
    code="gml32",
    title="GML 3.2.1",
    artefact="ets-gml32",
    versions=("1.33",),
    main="org.opengis.cite.iso19136.TestNGController",
    read=testng.read,
    subjects=_documents,
    groups=("*: schema, All GML *", "*: features, GML Documents", "*: download, GML Documents"),
    schemas=True,
    excuses=(
        Excuse("*: schema, GML Documents/*", "A schema holds no data."),
        Excuse("*/SchematronTests.checkSchematronConstraints", "No Schematron rules go with the documents, only their schema."),
        Excuse("POI:POI: *, GML Documents/SurfaceTests.*", "These features are points."),
        Excuse("LWKB:*, GML Documents/PointTests.*", "These features are polygons."),
        Excuse("*/CompositeCurveTests.*", _NO_LINES),
        Excuse("*/LineStringTests.*", _NO_LINES),
        Excuse("*/CurveTests.*", _NO_LINES),
        Excuse("*/EnvelopeTests.*", "Features carry no gml:boundedBy."),
    ),
)


def _with_geometry(example: Example) -> Sequence[Subject]:
    """The collections with a geometry, which come first.

    `FeatureCrsParameterTransform` of 1.9 compares the geometries of a feature without looking whether it has one, which Abstract Test 7 of
    Part 2 asks of spatial collections alone.
    """
    described = json.loads(example.save("/ogc/features/v1/collections?f=json", "collections.json").read_bytes())["collections"]
    first = list(takewhile(lambda collection: "extent" in collection, described))
    return (Subject("", {"iut": f"{example.url}/ogc/features/v1", "noofcollections": str(len(first))}),)


FEATURES10 = Suite(
    code="features10",
    title="OGC API Features, Part 1 and Part 2",
    artefact="ets-ogcapi-features10",
    versions=("1.9", "1.8"),
    main="org.opengis.cite.ogcapifeatures10.TestNGController",
    read=testng.read,
    subjects=_with_geometry,
    groups=("Core", "Coordinate Reference Systems by Reference"),
    excuses=(
        Excuse(
            "Core/FeaturesBBox.validateFeaturesWithBoundingBoxResponse",
            "These boxes lie at the equator, the poles, the antimeridian and Greenwich, where Flanders is not.",
            "No features were returned*",
        ),
    ),
    note="The tables, without geometry, are left out (`noofcollections`): version 1.9 fails on them with a null pointer of its own in "
    "`FeatureCrsParameterTransform`. Our own tests look at them.",
)

TILES10 = Suite(
    code="tiles10",
    title="OGC API Tiles, Part 1",
    artefact="ets-ogcapi-tiles10",
    versions=("1.2", "1.1"),
    main="org.opengis.cite.ogcapitiles10.TestNGController",
    read=testng.read,
    subjects=only(
        lambda url: {
            "iut": f"{url}/ogc/tiles/v1",
            "noofcollections": "-1",
            "tilematrixsetdefinitionuri": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
            "urltemplatefortiles": f"{url}/ogc/tiles/v1/collections/POI/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
            # The tiles of Flanders at this zoom.
            "tilematrix": "7",
            "mintilerow": "42",
            "maxtilerow": "42",
            "mintilecol": "64",
            "maxtilecol": "65",
        }
    ),
    groups=("Core", "*"),
    excuses=(Excuse("Dataset Tilesets/*", "Tiles are made of each collection; there is none of all collections together."),),
)

CSW20 = Suite(
    code="csw20",
    title="CSW 2.0.2",
    artefact="ets-csw20",
    versions=("1.19",),
    main="org.opengis.cite.csw20.CtlController",
    read=ctl.read,
    subjects=only(lambda url: {"capabilities.url": f"{url}/catalogus/csw?service=CSW&version=2.0.2&request=GetCapabilities"}),
    groups=("*",),
    schemas=True,
    host=serving_records,
)

SUITES = (WFS20, WFS11, GML32, FEATURES10, TILES10, CSW20)
