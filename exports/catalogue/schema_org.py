"""A data set as schema.org describes it, for the pages of data sets: search engines and Google Dataset Search read it."""

from __future__ import annotations

import json

from exports import online, thesauri
from exports.catalogue import vocabulary
from exports.formats import Format
from exports.notice import notice
from exports.online import Online
from exports.resources import FLANDERS, DatasetResource, Resources

Json = str | bool | int | list["Json"] | dict[str, "Json"]

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""What could end the element of HTML that the text stands in; in JSON they only occur inside strings."""


def dataset_jsonld(dataset: DatasetResource, resources: Resources) -> str:
    """JSON-LD to put as it is between `<script type="application/ld+json">` and its end."""
    text = json.dumps(_dataset(dataset, resources), ensure_ascii=False, sort_keys=True)
    return "".join(_UNSAFE.get(char, char) for char in text)


def _dataset(dataset: DatasetResource, resources: Resources) -> Json:
    product, url = dataset.product, resources.public_url
    words = notice(product, resources.schema, dataset.entry.state, resources.environment)
    labels = (concept.label for group in thesauri.of_dataset(dataset, resources) for concept in group.concepts)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{url}/catalogus/dcat#{product.uuid}",
        "name": words.title,
        "description": f"{words.abstract} {words.state} {words.reuse}",
        "url": f"{url}/downloads#{product.id}",
        "identifier": [product.uuid, resources.record_url(product.uuid)],
        "inLanguage": "nl",
        "dateModified": dataset.entry.since.isoformat(),
        "license": vocabulary.licence(words.licence),
        "creditText": words.attribution,
        "isAccessibleForFree": True,
        "keywords": list(dict.fromkeys(labels)),
        "publisher": {"@type": "GovernmentOrganization", "name": words.publisher},
        "spatialCoverage": _flanders(),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{url}/catalogus/dcat#catalogus", "url": f"{url}/catalogus/"},
        "distribution": [
            _download(dataset, words.title, link, link.format) for link in online.of_dataset(dataset, resources) if link.format is not None
        ],
    }


def _flanders() -> Json:
    west, south, east, north = FLANDERS
    return {"@type": "Place", "name": "Vlaams Gewest", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}}


def _download(dataset: DatasetResource, name: str, link: Online, format_: Format) -> Json:
    (file,) = (entry for entry in dataset.entry.files if entry.format == format_.name)
    return {
        "@type": "DataDownload",
        "name": f"{name} – {format_.title}",
        "contentUrl": link.url,
        "encodingFormat": link.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
