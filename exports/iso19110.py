"""The ISO 19110 feature catalogue of a data set: its feature types, their fields and the values that these can have."""

from __future__ import annotations

from exports.notice import notice
from exports.readme import templates, type_name
from exports.resources import DatasetResource, Resources
from release.schema import Code, Field, Geometry, Schema

_GEOMETRIES = {Geometry.POINT: "punt (GM_Point)", Geometry.MULTIPOLYGON: "vlakken (GM_MultiSurface)"}


def feature_catalogue(dataset: DatasetResource, resources: Resources) -> bytes:
    """The record as UTF-8 XML; its version is the day from which the description holds: rows that come or go change nothing in it."""
    product, entry, schema = dataset.product, dataset.entry, resources.schema

    def codes(field: Field) -> tuple[Code, ...]:
        return listed(field, dataset, schema)

    text = (
        templates()
        .get_template("iso19110.xml.j2")
        .render(
            uuid=dataset.feature_catalogue,
            notice=notice(product, schema, entry.state, resources.environment),
            since=dataset.described.isoformat(),
            version=version(dataset),
            kinds=[schema.feature_type(name) for name in (product.feature_type, *product.tables)],
            codes=codes,
            type_name=type_name,
            geometry=_GEOMETRIES,
            public_url=resources.public_url,
        )
    )
    return text.lstrip().encode()


def version(dataset: DatasetResource) -> str:
    """The version of a feature catalogue in words."""
    return f"Versie {dataset.described.isoformat()}"


def listed(field: Field, dataset: DatasetResource, schema: Schema) -> tuple[Code, ...]:
    """The values that a field can have: those of its code list, or the products that PRODUCT tells apart."""
    if field.name != "PRODUCT":
        return field.codes
    parts = [each for each in schema.products_of(dataset.feature_type) if each.value is not None]
    named = [each for each in parts if dataset.product.value in (None, each.value)]
    return tuple(Code(value=each.value, title=each.title) for each in named if each.value is not None)
