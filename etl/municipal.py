"""Disclosure of the municipalities' policy parameters: one row per municipality and version, and its rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pyarrow as pa
import shapely

from etl.definitions import DatasetDefinition
from etl.disclose import Disclosed
from etl.municipalities import Boundaries, name, today_code
from etl.policy import Version, merge, versions
from etl.register import PublicValues
from etl.store.rows import RegisterBatch
from release.schema import FeatureType
from release.table import FROM, ID, OPEN_END, UNTIL, WKB, arrow_schema, to_day


def municipalities(
    definition: DatasetDefinition,
    kinds: tuple[FeatureType, FeatureType],
    register: Iterable[RegisterBatch],
    day: date,
    peildatum: date,
    boundaries: Boundaries | None,
    approval_needed: bool,
) -> Disclosed:
    """Every municipality on `day` and after it; `kinds` are the feature type and its table of rules."""
    rows: list[dict[str, object]] = []
    rules: list[dict[str, object]] = []
    for code, parts in sorted(_by_municipality(register, day).items()):
        for version in versions(merge(parts, code, name(code)), day, peildatum=peildatum, approval_needed=approval_needed):
            span = {FROM: to_day(version.start), UNTIL: OPEN_END if version.until is None else to_day(version.until)}
            rows.append(_row(definition, code, version, boundaries) | span)
            rules += [{ID: rule.id, **span, **rule.values} for rule in version.rules]
    table = definition.tables[0]
    return Disclosed(_table(rows, kinds[0]), {table.name: _table(rules, kinds[1])}, waiting=0)


def _by_municipality(register: Iterable[RegisterBatch], day: date) -> Mapping[str, Sequence[PublicValues]]:
    """The kept values by today's code: a merger may have come since they were delivered."""
    found: dict[str, list[PublicValues]] = defaultdict(list)
    for batch in register:
        for entry in batch.entries():
            if (code := today_code(str(entry.values["NISCODE"]), day)) is not None:
                found[code].append(entry.values)
    return found


def _row(definition: DatasetDefinition, code: str, version: Version, boundaries: Boundaries | None) -> dict[str, object]:
    constants = {field.name: field.constant for field in definition.public if field.constant}
    polygon = boundaries.multipolygon(code) if boundaries is not None else None
    return {ID: int(code), **constants, **version.row, WKB: shapely.to_wkb(polygon) if polygon is not None else None}


def _table(rows: Sequence[Mapping[str, object]], kind: FeatureType) -> pa.Table:
    """The rows as columns: exactly those of the feature type, whatever a row holds besides."""
    schema = arrow_schema(kind)
    return pa.table({column.name: pa.array([row.get(column.name) for row in rows], column.type) for column in schema}, schema=schema)
