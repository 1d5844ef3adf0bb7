"""Read and check deliveries as a job would, and keep and publish nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path

from etl.arrivals import arrivals
from etl.definitions import DatasetDefinition
from etl.errors import DeliveryRefused, EtlError
from etl.intake import Outcome
from etl.job import make_surveyor, surveyor
from etl.keys import SECRET_BYTES, Keys
from etl.locate import Locator
from etl.report import DeliveryReport, examine, outcome_text, refusal
from etl.sources.folder import STATEMENT, open_folder
from release.table import to_day
from schedules.installation import Installation
from schedules.jobs import Exit, worst


def rehearse(installation: Installation, cadence: str, day: date, show: Callable[[str], object]) -> Exit:
    """Report on every delivery that a job would take in; the gate's comparison with yesterday is left to the job."""
    job, exits = installation.job(day), []
    for definition in job.of(cadence):
        for arrival in arrivals(job, definition, day):
            if isinstance(arrival, Outcome):
                show(outcome_text(arrival))
                exits.append(Exit.FAILED if arrival.first or arrival.failed or arrival.fate == "refused" else Exit.DONE)
                continue
            report = examine(arrival.delivery, surveyor(job, definition, arrival.day), to_day(arrival.day))
            show(report.to_text())
            arrival.delivery.discard()
            exits.append({"publish": Exit.DONE, "hold": Exit.HELD}.get(report.verdict, Exit.FAILED))
    return worst(exits)


def check(installation: Installation, path: Path) -> tuple[DeliveryReport, ...]:
    """Reports on the delivery in a folder (or of its levering.json), or on every delivery of a day's folder.

    Needs no state and no secret of the installation. Raises `EtlError` when there is no delivery.
    """
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    found = [folder] if (folder / STATEMENT).exists() else sorted(place.parent for place in folder.glob(f"*/{STATEMENT}"))
    if not found:
        raise EtlError(f"{path} holds no {STATEMENT}, and none of its folders does")
    return tuple(_check(installation, place) for place in found)


def _check(installation: Installation, folder: Path) -> DeliveryReport:
    definition = _definition(installation, folder)
    try:
        delivery = open_folder(folder, definition, _named_day(folder))
        day = delivery.header.day
        # A secret of the moment: nothing that is made with it is kept.
        keys, places = Keys(secrets.token_bytes(SECRET_BYTES)), Locator(installation.boundaries(day))
        checks = make_surveyor(definition, keys, day, places, installation.register(day), installation.options)
        return examine(delivery, checks, to_day(day))
    except DeliveryRefused as refused:
        return refusal(definition.id, refused)


def _definition(installation: Installation, folder: Path) -> DatasetDefinition:
    """The dataset that the folder is named after (as a job would take it), or else the one that the delivery says it is of."""
    try:
        stated = json.loads((folder / STATEMENT).read_bytes()).get("dataset")
    except (OSError, ValueError, AttributeError, RecursionError):
        stated = None
    names = {definition.id: definition for definition in installation.definitions}
    chosen = names.get(folder.name) or names.get(stated if isinstance(stated, str) else "")
    if chosen is None:
        raise EtlError(f"{folder.name}/{STATEMENT} names no dataset that is known; known are {', '.join(names)}")
    return chosen


def _named_day(folder: Path) -> date | None:
    """The day that the folder above is named after; null where a delivery lies elsewhere."""
    try:
        return date.fromisoformat(folder.parent.name)
    except ValueError:
        return None
