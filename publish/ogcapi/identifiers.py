"""Identifiers of features: `POI.123`, as in the fragments."""

from __future__ import annotations

import re

from publish.ogcapi.collections import Collection

_NUMBER = re.compile(r"\d{1,18}")


def parse_id(text: str, collection: Collection) -> int | None:
    """The row id of a feature id, with or without the name of its type; null for what cannot be one."""
    number = text.removeprefix(f"{collection.feature_type.name}.")
    return int(number) if _NUMBER.fullmatch(number, endpos=len(number)) else None
