"""Requests that fuzzing begins with: one of each kind, so that it soon reaches every branch."""

# ruff: noqa: E501 # a request is easier to read on one line
from __future__ import annotations

_OGC = 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'
_FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'

QUERIES = (
    "SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.1.0&SECTIONS=FeatureTypeList",
    "service=WFS&version=1.0.0&request=DescribeFeatureType&typename=POI:POI&outputformat=XMLSCHEMA",
    "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=POI:POI&COUNT=5&STARTINDEX=10&RESULTTYPE=hits",
    "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=(POI:POI)(LWKB:Woningkwaliteitsbeleid)&SORTBY=(NAAM D)(NAAM)&SRSNAME=EPSG:4326",
    "SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=a:POI&NAMESPACE=xmlns(a=https://geo.api.vlaanderen.be/POI)&MAXFEATURES=3",
    "REQUEST=GetFeature&TYPENAME=POI&BBOX=140000,198000,141000,199000,urn:ogc:def:crs:EPSG::31370&PROPERTYNAME=POI:NAAM,SHAPE",
    "REQUEST=GetPropertyValue&TYPENAMES=POI:POI&VALUEREFERENCE=POI:POI/@gml:id&COUNT=3",
    "REQUEST=GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID=POI.35184372088833",
    "REQUEST=GetFeature&RESOURCEID=POI.35184372088833,POI.35184372088834&OUTPUTFORMAT=application/gml%2Bxml;%20version=3.2&RESOLVE=local",
    "REQUEST=GetFeature&TYPENAMES=POI:POI&RELEASE=0123456789abcdef.20261121&STARTINDEX=3",
)

POSTS = (
    '<GetCapabilities xmlns="http://www.opengis.net/wfs/2.0" service="WFS"/>',
    f'<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" {_FES} service="WFS" version="2.0.0" count="3"><wfs:Query typeNames="POI">'
    "<wfs:PropertyName>NAAM</wfs:PropertyName><fes:Filter><fes:PropertyIsLike wildCard='*' singleChar='?' escapeChar='!'>"
    "<fes:ValueReference>NAAM</fes:ValueReference><fes:Literal>*e!*?</fes:Literal></fes:PropertyIsLike></fes:Filter>"
    "<fes:SortBy><fes:SortProperty><fes:ValueReference>OIDN</fes:ValueReference></fes:SortProperty></fes:SortBy></wfs:Query></wfs:GetFeature>",
    f'<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs" {_OGC} service="WFS" version="1.1.0"><wfs:Query typeName="POI:POI"/></wfs:GetFeature>',
    '<DescribeStoredQueries xmlns="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"><StoredQueryId>x</StoredQueryId></DescribeStoredQueries>',
)

FILTERS = (
    f"<fes:Filter {_FES}><fes:And><fes:PropertyIsEqualTo matchCase='false'><fes:ValueReference>PRODUCT</fes:ValueReference>"
    "<fes:Literal>x</fes:Literal></fes:PropertyIsEqualTo><fes:BBOX><gml:Envelope srsName='EPSG:31370'><gml:lowerCorner>1 2</gml:lowerCorner>"
    "<gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></fes:BBOX></fes:And></fes:Filter>",
    f"<ogc:Filter {_OGC}><ogc:Intersects><ogc:PropertyName>SHAPE</ogc:PropertyName><gml:Polygon srsName='urn:ogc:def:crs:EPSG::4326'><gml:exterior>"
    "<gml:LinearRing><gml:posList>50 3 51 3 51 4 50 3</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ogc:Intersects></ogc:Filter>",
    f"<ogc:Filter {_OGC}><ogc:DWithin><ogc:PropertyName>SHAPE</ogc:PropertyName><gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>"
    "<ogc:Distance units='m'>100</ogc:Distance></ogc:DWithin></ogc:Filter>",
    f"<fes:Filter {_FES}><fes:ResourceId rid='POI.1'/></fes:Filter>",
    f"<fes:Filter {_FES}><fes:During><fes:ValueReference>CAVERPLVAN</fes:ValueReference><gml:TimePeriod gml:id='a'><gml:beginPosition>2024-01-01"
    "</gml:beginPosition><gml:endPosition>2025-01-01</gml:endPosition></gml:TimePeriod></fes:During></fes:Filter>",
    "<Filter><Or><PropertyIsNull><PropertyName>BUSNR</PropertyName></PropertyIsNull><PropertyIsBetween><PropertyName>OIDN</PropertyName>"
    "<LowerBoundary><Literal>1</Literal></LowerBoundary><UpperBoundary><Literal>2</Literal></UpperBoundary></PropertyIsBetween></Or></Filter>",
)

CQL = (
    "POI:PRODUCT='Conformiteitsattest' AND NOT (NAAM LIKE 'a%' OR BUSNR IS NULL)",
    "BBOX(SHAPE,140000,198000,141000,199000,'EPSG:31370')",
    "INTERSECTS(SHAPE, POLYGON((0 0, 1 0, 1 1, 0 0)))",
    "S_DWITHIN(SHAPE, POINT(1 2), 100, meters)",
    "DWITHIN(SHAPE, POINT(1 2), 100, meters)",
    "OIDN IN (1, 2, 3) AND OIDN BETWEEN 1 AND 3",
    "NAAM ILIKE '%straat' AND CASEI(STRAAT) = CASEI('x')",
    "CAVERPLVAN AFTER 2024-01-01T00:00:00Z",
    "T_DURING(CAVERPLVAN, INTERVAL('2024-01-01', '..'))",
)
