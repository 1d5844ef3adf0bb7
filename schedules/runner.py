"""Runs what is due, for ever: started beside the server by `vlok serve --with-jobs`, or by a unit of its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from etl.errors import EtlError, JobRunning
from release.errors import ReleaseError
from schedules import jobs
from schedules.cadence import BRUSSELS, Slot, due, load
from schedules.errors import ScheduleError
from schedules.installation import Installation
from settings import BadSetting

PAUSE = 30.0
"""Seconds between looks at the clock."""

_log = logging.getLogger("vlok.jobs")


def run_due(installation: Installation, slots: tuple[Slot, ...]) -> tuple[str, ...]:
    """Run every job that is due by the ledger; gives their names. A job that fails is noted and tried at its next time."""
    now = installation.clock()
    names = due(slots, _started(installation, slots), now)
    for name in names:
        try:
            report = jobs.run(installation, name, now.astimezone(BRUSSELS).date())
            _log.info("job=%s day=%s exit=%s", name, report.day, report.exit.name.lower())
        except (BadSetting, EtlError, ReleaseError, ScheduleError) as error:
            _log.error("job=%s failed: %s", name, error)
        except Exception as error:  # noqa: BLE001 # one job's fault must not keep the purge from running; no values in the log
            _log.error("job=%s failed: %s", name, type(error).__name__)
    with suppress(JobRunning), installation.store.lock("job"):  # a command that seals now sweeps afterwards itself
        installation.publication.sweep()
    jobs.announce(installation)  # those that were not reached, once more
    return names


def _started(installation: Installation, slots: tuple[Slot, ...]) -> dict[str, datetime]:
    """When each job last began, whatever came of it."""
    last = {slot.job: installation.store.runs.last(slot.job) for slot in slots}
    return {job: run.started for job, run in last.items() if run is not None}


def serve_jobs(installation: Installation, pause: Callable[[float], None] = time.sleep) -> None:
    """Look every half minute what is due."""
    slots = load()
    while True:
        run_due(installation, slots)
        pause(PAUSE)
