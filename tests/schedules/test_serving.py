"""What an operator is told who serves a release that was made for something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from schedules import serving
from tests.publish.example import PUBLIC_URL, content, publish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    publish(home / "releases", content())
    return home


@pytest.mark.parametrize(
    ("url", "environment", "same"),
    [
        (PUBLIC_URL, "test", True),
        (f"{PUBLIC_URL}/", "test", True),
        (PUBLIC_URL, "production", False),
        ("https://elders.example.org", "test", False),
    ],
)
def test_a_release_knows_for_which_address_and_environment_it_was_made(home: Path, url: str, environment: str, same: bool) -> None:
    told = serving.made_elsewhere(home / "releases", url, environment)
    assert (told is None) is same
    assert same or "vlok run purge" in (told or "")


def test_a_test_is_not_served_as_production(home: Path) -> None:
    environment = {"VLOK_HOME": str(home), "VLOK_ENVIRONMENT": "production", "VLOK_PUBLIC_URL": PUBLIC_URL}
    result = CliRunner().invoke(main, ["serve", "--port", "1"], env=environment)
    assert result.exit_code == 1
    assert "made with another" in result.output
