"""What a person decides: let a held delivery through, reject it, or withdraw a dataset. Each ends in a publication."""

from __future__ import annotations

from datetime import date

from etl.definitions import DatasetDefinition
from etl.errors import EtlError
from etl.intake import Fate, Outcome, Reception
from etl.store import LedgerEntry, State
from schedules.installation import Installation
from schedules.jobs import JobReport, reseal


def approve(installation: Installation, number: int, day: date) -> JobReport:
    """Take in a held delivery although the gate held it, then the mutations queued behind it, each before the gate."""
    with installation.store.lock("job"):
        held = installation.store.ledger.delivery(number)
        if held.state is not State.HELD:
            raise EtlError(f"delivery {number} is {held.state.value}, not held; see: vlok release list")
        definition = _definition(installation, held.dataset)
        reception = installation.job(day).reception(definition)
        outcomes = [_again(installation, reception, definition, held, day)]
        for queued in installation.store.ledger.queued(held.dataset):
            behind = outcomes[-1].fate is not Fate.ACCEPTED  # then only what it ends acts, again
            outcomes.append(_again(installation, reception, definition, queued, day, behind=behind))
        report = reseal(installation, day)
    return JobReport("approve", day, tuple(outcomes), report.release)


def _again(
    installation: Installation, reception: Reception, definition: DatasetDefinition, line: LedgerEntry, day: date, *, behind: bool = False
) -> Outcome:
    """Read a waiting delivery again by its reference; one that was held is not asked twice."""
    if line.reference is None:
        raise EtlError(f"delivery {line.id} can no longer be read; ask the source for a full one")
    delivery = installation.source(definition).reopen(definition, line.reference)
    return reception.take(delivery, day, waited=line.state, behind=behind)


def reject(installation: Installation, number: int, day: date) -> JobReport:
    """Never take in a held delivery; what is queued behind it goes with it."""
    with installation.store.lock("job"):
        installation.store.ledger.reject(number)
        return reseal(installation, day)


def withdraw(installation: Installation, dataset: str, day: date, *, undo: bool) -> JobReport:
    """Take a dataset out of every service and file, or put it back."""
    _definition(installation, dataset)
    with installation.store.lock("job"):
        if undo:
            installation.store.restore(dataset)
        else:
            installation.store.withdraw(dataset, installation.clock())
        return reseal(installation, day)


def _definition(installation: Installation, dataset: str) -> DatasetDefinition:
    for definition in installation.definitions:
        if definition.id == dataset:
            return definition
    raise EtlError(f"no dataset {dataset}; see: vlok dataset list")
