from __future__ import annotations

from datetime import datetime, time

import pytest

from schedules.cadence import BRUSSELS
from tests.etl.deliveries import DAY, World
from tests.publish.changes.clocked import Clocked


@pytest.fixture
def clocked(world: World) -> Clocked:
    """Everything published at noon of DAY; the last object of each register ends with that day."""
    return Clocked(world, datetime.combine(DAY, time(12), BRUSSELS))
