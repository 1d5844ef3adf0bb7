"""The ISO 19139 record of a product: `metadata.xml` in every zip, after the GDI-Vlaanderen Best Practices 2.0 (DOMAIN 5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from exports.formats import Format
from exports.notice import notice
from exports.readme import templates
from exports.resources import Resources
from release.crs import LAMBERT72
from release.schema import Product, Schema
from release.transform import transformation_name

MEDIA_TYPE = "application/xml"

_KEYWORDS = (
    ("VLOPENDATA", "Vlaamse Open data"),
    ("KOSTELOOS", "Kosteloos"),
    ("HERBRUIKBAAR", "Herbruikbaar"),
    ("GEODATA", "Geografische gegevens"),
)
_FREQUENCIES = {"daily": "daily", "monthly": "monthly"}


def documents(resources: Resources) -> Iterator[tuple[str, bytes]]:
    """`iso/<uuid>.xml` for every data set."""
    for dataset in resources.datasets:
        text = record(dataset.product, resources.schema, dataset.entry.since, dataset.formats, resources.public_url, resources.environment)
        yield f"iso/{dataset.product.uuid}.xml", text


def record(product: Product, schema: Schema, since: date, formats: Sequence[Format], public_url: str, environment: str) -> bytes:
    """The record as UTF-8 XML. Every date in it is `since`; `formats` are the downloads that there are; links start at `public_url`.

    INSPIRE is not claimed here (DESIGN decision 17).
    """
    datasets = [dataset for dataset in schema.datasets if dataset.id in product.datasets]
    text = (
        templates()
        .get_template("iso19139.xml.j2")
        .render(
            product=product,
            notice=notice(product, schema, since, environment),
            since=since.isoformat(),
            feature_type=schema.feature_type(product.feature_type),
            frequency=_FREQUENCIES[min((dataset.cadence for dataset in datasets), key=list(_FREQUENCIES).index)],
            datasets=datasets,
            formats=formats,
            crs=LAMBERT72,
            gdi_keywords=_KEYWORDS,
            public_url=public_url.rstrip("/"),
            transformation=transformation_name(),
        )
    )
    return text.encode()
