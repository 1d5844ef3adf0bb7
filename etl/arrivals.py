"""What arrives for a day: the deliveries of the days that were missed, in order, then today's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from etl.definitions import DatasetDefinition
from etl.delivery import Delivery
from etl.errors import DeliveryRefused, NoDelivery, SourceError
from etl.intake import Fate, Outcome
from etl.job import Job


@dataclass(frozen=True)
class Arrival:
    """A delivery, and the day that it is evaluated for."""

    delivery: Delivery
    day: date


def arrivals(job: Job, definition: DatasetDefinition, day: date) -> Iterator[Arrival | Outcome]:
    """Catch-up takes missed days in order from a folder, only the newest over HTTP (CONTRACT A); then the day itself."""
    source = job.sources[definition.id]
    last = job.store.ledger.last(definition.id)
    missed = source.missed(definition, last.day, day) if last is not None else ()
    for wanted in (*missed, day):
        try:
            yield Arrival(source.pull(definition, wanted), wanted)
        except NoDelivery as absent:
            # CONTRACT A.4: yesterday's register is evaluated for today; only the very first run fails.
            yield Outcome(definition.id, Fate.ABSENT, (str(absent),), first=last is None)
        except DeliveryRefused as refused:
            yield Outcome(definition.id, Fate.REFUSED, (str(refused),))
        except SourceError as error:
            yield Outcome(definition.id, Fate.ABSENT, (str(error),), first=last is None, failed=True)
