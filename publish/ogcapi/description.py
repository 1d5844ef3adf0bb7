"""The documents that describe the API, as pygeoapi makes them over the schema of a release, with our links, properties and words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from pygeoapi.api import API, APIRequest, describe_collections, get_collection_schema, landing_page
from pygeoapi.api.itemtypes import get_collection_queryables
from pygeoapi.openapi import get_oas
from starlette.requests import Request

from exports import gml_schema
from exports.resources import WITHDRAWN
from publish.ogcapi.collections import Collection, collections
from publish.ogcapi.config import LANGUAGES, Config, pygeoapi_config
from publish.ogcapi.features import Criteria, page
from publish.ogcapi.openapi import amended
from publish.ogcapi.provider import Opened
from publish.ogcapi.relations import Relations
from publish.ogcapi.schemas import DIALECT, properties, required
from publish.pages import Language
from publish.shelf import Edition, View
from publish.wording import attribution, dated, state_sentence
from release.errors import Withdrawn

Document = dict[str, Any]
"""A JSON document in the form of the standard."""

logging.getLogger("pygeoapi").setLevel(logging.CRITICAL + 1)  # it logs what clients send (CONTRACT C)


@dataclass(frozen=True, eq=False)
class Description:
    """Describes the collections of a view's schema; `url` is the root of the API, `public_url` that of everything."""

    view: View
    url: str
    public_url: str
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

    def _relations(self, language: Language) -> Relations:
        return Relations(self.view, self.url, self.public_url, self.production, language)

    def landing(self, language: Language) -> Document:
        """The landing page."""
        document = self._ask(landing_page, language)
        source = self.view.release.schema.words.attribution.replace("{dataset}", str(document["title"]))
        return document | {"attribution": dated(self.view, source), "links": self._relations(language).of_landing()}

    def all_collections(self, language: Language) -> Document:
        """Every collection."""
        document = self._ask(describe_collections, language)
        relations = self._relations(language)
        described = [self._completed(each, relations) for each in document["collections"]]
        return {"links": relations.of_collections(), "collections": described}

    def collection(self, name: str, language: Language) -> Document:
        """One collection of those that there are."""
        return self._completed(self._ask(describe_collections, language, name), self._relations(language))

    def queryables(self, name: str, language: Language) -> Document:
        """JSON Schema of what can be filtered by. OGC API Features Part 3 §6.2: nothing else can, so no other property is allowed."""
        return self._typed(self._ask(get_collection_queryables, language, name), name, language) | {"additionalProperties": False}

    def schema(self, name: str, language: Language) -> Document:
        """JSON Schema of the features."""
        document = self._typed(self._ask(get_collection_schema, language, name), name, language)
        return document | {"required": required(self.collections[name].feature_type)}

    def application_schema(self, name: str) -> bytes:
        """The XSD of the features in GML."""
        return gml_schema.application_schema([self.collections[name].feature_type], f"{self.public_url}/wfs")

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

    def _completed(self, described: Document, relations: Relations) -> Document:
        """CONTRACT B.3: the attribution goes with every collection; a table is nowhere. QGIS takes the count from `itemCount`."""
        collection = self.collections[described["id"]]
        described["attribution"] = attribution(self.view, collection.product)
        described["description"] += " " + state_sentence(self.view, [collection.product])
        if collection.product.id in self.view.release.withdrawals(self.view.day):
            described["description"] = WITHDRAWN.nl + WITHDRAWN.en + described["description"]
        described["itemType"] = "feature"
        described["links"] = relations.of_collection(collection)
        described["crs"] = [crs.url for crs in collection.crs]
        if collection.feature_type.geometry is None:
            del described["storageCrs"], described["extent"]
        with suppress(Withdrawn):
            described["itemCount"] = page(Edition(self.view), collection, Criteria(count=0)).matched
        return described

    def _typed(self, schema: Document, name: str, language: Language) -> Document:
        """Our properties, in the language that was asked for."""
        kind = self.collections[name].feature_type
        identifier = str(schema["$id"]).partition("?")[0]
        return schema | {"$schema": DIALECT, "$id": identifier, "properties": properties(kind, language)}
