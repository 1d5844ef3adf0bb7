"""The documents that describe the API, as pygeoapi makes them over the schema of a release, with what is not true taken out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from pygeoapi.api import API, APIRequest, describe_collections, get_collection_schema, landing_page
from pygeoapi.api.itemtypes import get_collection_queryables
from pygeoapi.openapi import get_oas
from starlette.requests import Request

from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.config import LANGUAGES, Config, pygeoapi_config
from publish.ogcapi.openapi import amended
from publish.ogcapi.provider import Opened
from publish.pages import Language
from publish.shelf import View
from publish.wording import attribution, state_sentence
from release.schema import Geometry

Document = dict[str, Any]
"""A JSON document in the form of the standard."""

_OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"
_ABSENT_RELS = frozenset(f"{_OGC_REL}/{name}" for name in ("processes", "job-list", "tiling-schemes"))
_GEOMETRIES = {Geometry.POINT: "geometry-point", Geometry.MULTIPOLYGON: "geometry-multipolygon"}

logging.getLogger("pygeoapi").setLevel(logging.CRITICAL + 1)  # it logs what clients send (CONTRACT C)


@dataclass(frozen=True, eq=False)
class Description:
    """Describes the collections of a view's schema; `url` is the root of the API."""

    view: View
    url: str
    production: bool

    @cached_property
    def collections(self) -> dict[str, Collection]:
        """The collections by id."""
        return collections(self.view.release.schema)

    @cached_property
    def _config(self) -> Config:
        config = pygeoapi_config(self.view.release.schema, self.url, Path("releases"), test=not self.production)
        for resource in config["resources"].values():
            resource["providers"][0]["data"] = Opened(self.view)
        return config

    @cached_property
    def _api(self) -> API:
        return API(self._config, {})

    def landing(self, language: Language) -> Document:
        """The landing page."""
        return _pruned(self._ask(landing_page, language))

    def all_collections(self, language: Language) -> Document:
        """Every collection."""
        document = self._ask(describe_collections, language)
        document["collections"] = [self._completed(described) for described in document["collections"]]
        return _pruned(document)

    def collection(self, name: str, language: Language) -> Document:
        """One collection of those that there are."""
        return self._completed(self._ask(describe_collections, language, name))

    def queryables(self, name: str, language: Language) -> Document:
        """JSON Schema of what can be filtered by. OGC API Features Part 3 §6.2: nothing else can, so no other property is allowed."""
        return self._typed(self._ask(get_collection_queryables, language, name), name, language) | {"additionalProperties": False}

    def schema(self, name: str, language: Language) -> Document:
        """JSON Schema of the features."""
        return self._typed(self._ask(get_collection_schema, language, name), name, language)

    @cached_property
    def openapi(self) -> Document:
        """The OpenAPI document, without references to other hosts."""
        return amended(get_oas(self._config), self.collections)

    def _ask(self, document: Callable[..., tuple[Any, Any, str | bytes]], language: Language, *arguments: str) -> Document:
        """Call pygeoapi with a request of our own: what the client sent never reaches it."""
        locale = LANGUAGES[0 if language == "nl" else 1]
        scope = {"type": "http", "path": "/", "query_string": f"f=json&lang={locale}".encode(), "headers": []}
        _, status, body = document(self._api, APIRequest(Request(scope), self._api.locales), *arguments)
        if int(status) != 200:
            raise RuntimeError(f"pygeoapi answers {int(status)} for a collection that there is")
        parsed: Document = orjson.loads(body)
        return parsed

    def _completed(self, described: Document) -> Document:
        """CONTRACT B.3: the attribution goes with every collection; a table has no CRS."""
        collection = self.collections[described["id"]]
        described["attribution"] = attribution(self.view, collection.product)
        described["description"] += " " + state_sentence(self.view, collection.product.datasets)
        if collection.feature_type.geometry is None:
            del described["crs"], described["storageCrs"], described["extent"]
        items = f"{self.url}/collections/{collection.id}/items?f=csv"
        described["links"].append({"type": "text/csv", "rel": "items", "title": "Items as CSV", "href": items})
        return _pruned(described)

    def _typed(self, schema: Document, name: str, language: Language) -> Document:
        """The kind of geometry, and titles in the language that was asked for."""
        kind = self.collections[name].feature_type
        properties = schema["properties"]
        for field in kind.fields:
            properties[field.name]["title"] = field.title.nl if language == "nl" else field.title.en
        if kind.geometry is None:
            del properties["geometry"]
        else:
            properties["geometry"]["format"] = _GEOMETRIES[kind.geometry]
        schema["$id"] = str(schema["$id"]).partition("?")[0]
        return schema


def _pruned(document: Document) -> Document:
    """Without links to what this service does not have."""
    kept = [link for link in document["links"] if link["rel"] not in _ABSENT_RELS and link["type"] != "application/ld+json"]
    return document | {"links": kept}
