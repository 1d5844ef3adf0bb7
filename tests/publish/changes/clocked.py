"""A world whose clock a test sets: jobs and servers see the same moment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from starlette.testclient import TestClient

from publish.app import ServeSettings, create_app
from schedules import jobs
from schedules.cadence import BRUSSELS
from schedules.installation import Installation
from schedules.jobs import JobReport
from tests.etl.deliveries import World

PUBLIC_URL = "https://data.example.org/vlok"


@dataclass
class Clocked:
    """A copy of a world, at a moment."""

    world: World
    now: datetime
    days: int = 42
    _client: TestClient | None = field(default=None)

    def __call__(self) -> datetime:
        return self.now

    def at(self, day: date, hour: int = 12, minute: int = 0) -> Clocked:
        self.now = datetime.combine(day, time(hour, minute), BRUSSELS)
        return self

    @property
    def installation(self) -> Installation:
        """As the world has it, with our clock."""
        made = self.world.installation(self.now.date())
        return type(made)(made.settings, self)

    def run(self, job: str = "daily", day: date | None = None) -> JobReport:
        installation = self.installation
        try:
            return jobs.run(installation, job, day or self.now.astimezone(BRUSSELS).date())
        finally:
            installation.store.close()

    @property
    def client(self) -> TestClient:
        """A server that has been running all the time."""
        if self._client is None:
            self._client = self.fresh()
        return self._client

    def fresh(self) -> TestClient:
        """A server that is started now."""
        settings = ServeSettings(self.world.home / "releases", PUBLIC_URL, True, feed_days=self.days)
        return TestClient(create_app(settings, self), base_url="http://elsewhere.invalid")

    def feed(self, since: int | None = None, client: TestClient | None = None) -> dict[str, Any]:
        answer = (client or self.client).get("/wijzigingen.json" + ("" if since is None else f"?since={since}"))
        assert answer.status_code == 200, answer.text
        return json.loads(answer.content)

    def ids(self, product: str) -> set[int]:
        answer = self.client.get(f"/downloads/{product}/{product}_ids.txt")
        assert answer.status_code == 200, answer.text
        return set(map(int, answer.text.split()))
