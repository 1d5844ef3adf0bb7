"""What a person decides: let a held delivery through, reject it, or withdraw a dataset. Each ends in a publication."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import date

from etl.definitions import DatasetDefinition
from etl.delivery import Delivery
from etl.errors import DeliveryRefused, EtlError, NoDelivery, SourceError
from etl.intake import Fate, Outcome
from etl.store import LedgerEntry, State
from release.errors import BrokenRelease, NoRelease
from schedules.installation import Installation
from schedules.jobs import JobReport, announced, recall, reseal


def approve(installation: Installation, number: int, day: date) -> JobReport:
    """Take in a held delivery although the gate held it, then the mutations queued behind it, each before the gate.

    Everything is read once before anything is taken in: a delivery that can no longer be read changes nothing, so that what
    was ended by one that waits never comes back. A newer full delivery that is held goes first. Raises `EtlError`.
    """
    with installation.store.lock("job"):
        held = installation.store.ledger.delivery(number)
        if held.state is not State.HELD:
            raise EtlError(f"delivery {number} is {held.state.value}, not held; see: vlok release list")
        newer = [line.id for line in installation.store.ledger.holds() if line.dataset == held.dataset and line.number > held.number]
        if newer:
            raise EtlError(f"delivery {newer[-1]} of {held.dataset} is newer and held too: approve or reject that one first")
        definition = _definition(installation, held.dataset)
        waiting = [(line, _again(installation, definition, line)) for line in (held, *installation.store.ledger.queued(held.dataset))]
        reception = installation.job(day).reception(definition)
        outcomes: list[Outcome] = []
        for line, delivery in waiting:
            behind = bool(outcomes) and outcomes[-1].fate is not Fate.ACCEPTED  # then only what it ends acts, again
            outcomes.append(reception.take(delivery, day, waited=line.state, behind=behind))
        report = reseal(installation, day)
    return announced(installation, replace(report, job="approve", outcomes=tuple(outcomes)))


def _again(installation: Installation, definition: DatasetDefinition, line: LedgerEntry) -> Delivery:
    """A waiting delivery, opened by its reference and read to its end once."""
    try:
        if line.reference is None:
            raise NoDelivery("it is no longer kept")
        delivery = installation.source(definition).reopen(definition, line.reference)
        deque(delivery.records(), maxlen=0)
    except (SourceError, DeliveryRefused) as error:
        raise EtlError(f"delivery {line.id} cannot be read again ({error}); reject it, and ask the source for a full one") from error
    return delivery


def reject(installation: Installation, number: int, day: date) -> JobReport:
    """Never take in a held delivery; what is queued behind it goes with it."""
    with installation.store.lock("job"):
        installation.store.ledger.reject(number)
        report = reseal(installation, day)
    return announced(installation, report)


def withdraw(installation: Installation, dataset: str, day: date) -> JobReport:
    """Take a dataset out of every service and file, at once: it waits for no job, no proof, no source, no secret and no state.

    When nothing is public it stays out of what will be. Only when the current release cannot be opened the state is sealed
    again, which needs what a job needs.
    """
    _require_known(installation, dataset)
    try:
        report = JobReport("withdraw", day, (), installation.publication.withdraw(dataset, day))
    except NoRelease:
        return JobReport("withdraw", day, (), None)
    except BrokenRelease:
        report = _anew(installation, dataset, day)
    return announced(installation, report)


def _anew(installation: Installation, dataset: str, day: date) -> JobReport:
    try:
        with installation.store.lock("job"):
            return reseal(installation, day)
    except EtlError as error:
        raise EtlError(f"{dataset} stays out of every next release, but what is public cannot be replaced now: {error}") from error


def restore(installation: Installation, dataset: str, day: date) -> JobReport:
    """Put a withdrawn dataset back: its rows are in the current release, as the last run left them, and are proven before they are shown.

    When that fails it stays withdrawn. Needs the secret, which signs, and the lock of the state. Raises `ScheduleError`, `EtlError`.
    """
    _require_known(installation, dataset)
    settings = installation.settings
    if settings.secret_file is None and not (settings.home / "secret").exists():
        raise EtlError("the secret that signs what is published is not at hand; set VLOK_SECRET_FILE as for the jobs")
    withdrawals = installation.publication.withdrawals
    with installation.store.lock("job"):
        before = withdrawals.read()
        withdrawals.lift(dataset)
        try:
            report = recall(installation, day)
        except BaseException:
            withdrawals.put(before)
            raise
    return announced(installation, report)


def _require_known(installation: Installation, dataset: str) -> None:
    """Known to what is public, or to the definitions: a definition of the installation's own may not be at hand."""
    try:
        current = installation.current()
    except BrokenRelease:
        current = None
    if current is None or all(known.id != dataset for known in current.schema.datasets):
        _definition(installation, dataset)


def _definition(installation: Installation, dataset: str) -> DatasetDefinition:
    for definition in installation.definitions:
        if definition.id == dataset:
            return definition
    raise EtlError(f"no dataset {dataset}; see: vlok dataset list")
