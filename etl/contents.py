"""From the state to the content of a release: every feature type, disclosed for a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from etl import disclose
from etl.definitions import DatasetDefinition
from etl.disclose import Disclosed, Waiting
from etl.job import Job
from etl.municipal import municipalities
from etl.municipalities import former_codes
from release.content import Content
from release.schema import FormerCode, Freshness
from release.table import to_day


@dataclass(frozen=True)
class Contents:
    """What may be sealed, and how many records wait for their source, by dataset and rule."""

    content: Content
    waiting: Mapping[tuple[str, str], int]


def contents(job: Job, day: date) -> Contents:
    """Every public row of a day and what the calendar makes of it; raises `Collision`."""
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    waiting: dict[tuple[str, str], int] = {}
    for definition in job.definitions:
        disclosed = _disclosed(job, definition, day)
        waiting |= {(definition.id, wait.code): disclosed.waiting for wait in definition.waits if disclosed.waiting}
        spec = definition.feature_type
        parts[f"{spec.prefix}:{spec.name}"].append(disclosed.rows)
        for name, rows in disclosed.tables.items():
            parts[f"{spec.prefix}:{name}"].append(rows)
    tables = {kind.qualified: disclose.public_table(kind, parts.pop(kind.qualified)) for kind in job.schema.feature_types}
    # DOMAIN 4.4: clients go on sending codes from before a merger; what serving needs of the crosswalk is that of the rows' own day.
    former = tuple(FormerCode(code=code, now=now) for code, now in former_codes(day).items())
    schema = job.schema.model_copy(update={"former_codes": former})
    return Contents(Content(schema, tables, tuple(_freshness(job))), waiting)


def _disclosed(job: Job, definition: DatasetDefinition, day: date) -> Disclosed:
    spec = definition.feature_type
    kind = job.schema.feature_type(f"{spec.prefix}:{spec.name}")
    if definition.projection == "policy":
        last = job.store.ledger.last_accepted(definition.id)
        rules = job.schema.feature_type(f"{spec.prefix}:{definition.tables[0].name}")
        register, peildatum = job.store.entries(definition.id), last.day if last else day
        return municipalities(definition, (kind, rules), register, day, peildatum, job.boundaries, job.options.approval_needed)
    waiting = [Waiting(job.store.subjects_current(wait.dataset, day)) for wait in definition.waits]
    return disclose.dwellings(definition, kind, lambda: job.store.entries(definition.id), to_day(day), waiting)


def _freshness(job: Job) -> Iterator[Freshness]:
    """Age of each dataset that was ever accepted, and whether a delivery of it is held."""
    held = {hold.dataset for hold in job.store.ledger.holds()}
    for definition in job.definitions:
        last = job.store.ledger.last_accepted(definition.id)
        if last is not None:
            yield Freshness(dataset=definition.id, peildatum=last.day, held=definition.id in held)
