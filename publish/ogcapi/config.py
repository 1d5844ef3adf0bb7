"""Configuration of pygeoapi, made from the public schema: for the app from the release, for the file from the definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exports.notice import licence_name
from exports.resources import FLANDERS
from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.parameters import DEFAULT_LIMIT, MAX_LIMIT
from release.crs import CRS84, LAMBERT72
from release.schema import Schema, Text

PROVIDER = "publish.ogcapi.provider.ReleaseProvider"
TEMPLATES = "publish/ogcapi/templates"
LANGUAGES = ("nl-BE", "en-US")

Config = dict[str, Any]
"""The document that pygeoapi reads: its form is pygeoapi's, not ours."""

_HEADER = "# Generated from the dataset definitions; a test says whether it is current. For a plain `pygeoapi serve`.\n"


def pygeoapi_config(schema: Schema, url: str, releases: Path, *, test: bool = True) -> Config:
    """The configuration; `url` is the root of the API without a slash at the end, `releases` the folder with the pointer."""
    return {
        "server": _server(url),
        "logging": {"level": "CRITICAL"},  # below that it logs what clients send (CONTRACT C)
        "metadata": _metadata(schema, url, test=test),
        "resources": {name: _resource(collection, schema, releases) for name, collection in collections(schema).items()},
    }


def config_text(schema: Schema) -> str:
    """The file `pygeoapi-config.yml` at the root, for a plain `pygeoapi serve` there over the default folder of releases."""
    return yaml_text(pygeoapi_config(schema, "http://127.0.0.1:5000", Path("var/releases")))


def yaml_text(config: Config) -> str:
    """A configuration as YAML."""
    return _HEADER + "\n".join(_lines(config)) + "\n"


def _lines(node: Config) -> Iterator[str]:
    """Block style for mappings; everything else as JSON, which is YAML too."""
    for key, value in node.items():
        if isinstance(value, dict) and value:
            yield f"{key}:"
            yield from (f"  {line}" for line in _lines(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{key}:"
            yield from (f"  - {json.dumps(entry, ensure_ascii=False)}" for entry in value)
        else:
            yield f"{key}: {json.dumps(value, ensure_ascii=False)}"


def _server(url: str) -> Config:
    return {
        "bind": {"host": "127.0.0.1", "port": 5000},
        "url": url,
        "mimetype": "application/json; charset=UTF-8",
        "encoding": "utf-8",
        "gzip": False,
        "languages": list(LANGUAGES),
        "pretty_print": False,
        "limits": {"default_items": DEFAULT_LIMIT, "max_items": MAX_LIMIT, "on_exceed": "throttle"},
        "templates": {"path": TEMPLATES},
        "map": {"url": "", "attribution": ""},  # mandatory for pygeoapi; our templates show no map
        # The version that the API description shows: of this API, not of the software.
        "api_rules": {"api_version": "1.0.0", "strict_slashes": False},
    }


def _metadata(schema: Schema, url: str, *, test: bool) -> Config:
    words, mark = schema.words, "TEST – " if test else ""
    contact = {"email": words.contact} if "@" in words.contact else {"url": words.contact}
    return {
        "identification": {
            "title": _text(Text(nl=f"{mark}Woningkwaliteit in Vlaanderen", en=f"{mark}Housing quality in Flanders")),
            "description": _text(_description(schema, mark)),
            "keywords": {"nl-BE": ["Woningkwaliteit", "Vlaanderen"], "en-US": ["housing quality", "Flanders"]},
            "keywords_type": "theme",
            "terms_of_service": words.licence,
            "url": url,
        },
        "license": {"name": licence_name(words.licence), "url": words.licence},
        "provider": {"name": words.publisher, "url": url},
        "contact": {"name": words.publisher, **contact},
    }


def _description(schema: Schema, mark: str) -> Text:
    """What the service is; the sentence for reusers is in Dutch alone (CONTRACT B.3)."""
    titles = [product.title for product in schema.products]
    nl, en = "; ".join(title.nl for title in titles), "; ".join(title.en for title in titles)
    return Text(
        nl=f"{mark}De objecten opvragen en filteren (OGC API Features), als GeoJSON, GML, CSV of FlatGeobuf: {nl}. {schema.words.reuse}",
        en=f"{mark}The features, with filters (OGC API Features), as GeoJSON, GML, CSV or FlatGeobuf: {en}. {schema.words.reuse}",
    )


def _resource(collection: Collection, schema: Schema, releases: Path) -> Config:
    return {
        "type": "collection",
        "title": _text(collection.title),
        "description": _text(collection.abstract),
        "keywords": {language: list(collection.product.keywords) for language in LANGUAGES},
        "links": [{"type": "text/html", "rel": "license", "title": licence_name(schema.words.licence), "href": schema.words.licence}],
        "extents": {"spatial": {"bbox": list(FLANDERS), "crs": CRS84.url}},
        "providers": [_provider(collection, releases)],
    }


def _provider(collection: Collection, releases: Path) -> Config:
    provider: Config = {"type": "feature", "name": PROVIDER, "data": releases.as_posix(), "options": {"collection": collection.id}}
    if collection.feature_type.geometry is not None:
        provider |= {
            "crs": [crs.url for crs in collection.crs],
            "storage_crs": LAMBERT72.url,
            "geom_field": collection.feature_type.geometry_name,
        }
    return provider


def _text(text: Text) -> Config:
    return {"nl-BE": text.nl, "en-US": text.en}
