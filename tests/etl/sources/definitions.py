"""Small definitions for the tests of sources."""

from __future__ import annotations

from collections.abc import Sequence

from etl.definitions import DatasetDefinition


def field(path: str, **more: object) -> dict[str, object]:
    return {"path": path} | more


def definition(
    name: str = "besluiten", *, fields: Sequence[dict[str, object]] = (), source: dict[str, object] | None = None, crs: str = "EPSG:31370"
) -> DatasetDefinition:
    text = {"nl": "test", "en": "test"}
    content = {
        "id": name,
        "title": text,
        "cadence": "daily",
        "legal_ground": "geen",
        "licence": "geen",
        "uuid": "00000000-0000-0000-0000-000000000000",
        "source": source or {},
        "record": {"key": "besluitId", "object": "besluitId", "fields": list(fields) or [field("besluitId", required=True)]},
        "position": {"x": "geometry.x", "y": "geometry.y", "default_crs": crs},
        "gate": {"withdraw_after_days": 3},
        "feature_type": {
            "prefix": "T",
            "name": "T",
            "namespace": "https://example.org/t",
            "geometry": "Point",
            "title": text,
            "abstract": text,
            "product": "T",
            "uuid": "00000000-0000-0000-0000-000000000001",
        },
        "product": {"id": "T", "title": text, "abstract": text},
        "public": [{"name": "NAAM", "constant": "test", "title": text, "ground": "geen"}],
    }
    return DatasetDefinition.model_validate(content)
