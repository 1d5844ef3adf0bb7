"""Read and check deliveries as a job would, and keep and publish nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path

from etl.arrivals import arrivals
from etl.errors import DeliveryRefused, EtlError
from etl.intake import Outcome
from etl.job import make_surveyor, surveyor
from etl.keys import SECRET_BYTES, Keys
from etl.locate import Locator
from etl.report import DeliveryReport, examine, outcome_text, refusal
from etl.sources.folder import FolderSource
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
            exits.append({"publish": Exit.DONE, "hold": Exit.HELD}.get(report.verdict, Exit.FAILED))
    return worst(exits)


def check(installation: Installation, path: Path) -> DeliveryReport:
    """The report on the delivery in a folder `<day>/<dataset>`; needs no state and no secret of the installation."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    definition = next((d for d in installation.definitions if d.id == folder.name), None)
    if definition is None:
        names = ", ".join(d.id for d in installation.definitions)
        raise EtlError(f"the folder is named {folder.name!r}; expected is <day>/<dataset> with one of {names}")
    try:
        day = date.fromisoformat(folder.parent.name)
    except ValueError:
        raise EtlError(f"the folder above is named {folder.parent.name!r}; expected is a day such as 2026-11-21") from None
    try:
        delivery = FolderSource(folder.parent.parent).pull(definition, day)
        # A secret of the moment: nothing that is made with it is kept.
        keys, places = Keys(secrets.token_bytes(SECRET_BYTES)), Locator(installation.boundaries(day))
        checks = make_surveyor(definition, keys, day, places, installation.register(day), installation.options)
        return examine(delivery, checks, to_day(day))
    except DeliveryRefused as refused:
        return refusal(definition.id, refused)

