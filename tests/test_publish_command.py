"""`vlok publish --date`, as the README has it: what is published is of that day, also in the feed of changes."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from cli import main
from release import journal
from tests.etl.deliveries import DAY, World


def test_the_feed_tells_of_the_day_that_was_published(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.deliver_all(DAY)
    environment = {"VLOK_HOME": str(world.home), "VLOK_SOURCE": f"folder:{world.deliveries}"}
    answer = CliRunner().invoke(main, ["publish", "--date", DAY.isoformat()], env=environment)
    assert answer.exit_code == 0, answer.output
    found = journal.read(world.home / "releases")
    assert found is not None
    assert found.day == DAY
    assert {change.time.astimezone(ZoneInfo("Europe/Brussels")).date() for change in found.changes} == {DAY}
