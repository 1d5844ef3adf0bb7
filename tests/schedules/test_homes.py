"""The example registers and real ones never share a home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from schedules import homes
from schedules.jobs import run
from settings import BadSetting, Settings
from tests.etl.deliveries import DAY, World


def example(home: Path) -> Settings:
    """The settings with which the example registers are published, with something of theirs in the home."""
    settings = homes.for_example(Settings(home=home))
    (settings.home / "state.sqlite").write_bytes(b"example")
    (settings.home / "releases").mkdir()
    return settings


def test_the_example_registers_use_the_home_that_is_configured(tmp_path: Path) -> None:
    assert example(tmp_path).home == tmp_path
    assert homes.for_example(Settings(home=tmp_path)).home == tmp_path  # and again


def test_a_home_with_a_real_register_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"real")
    assert example(tmp_path).home == tmp_path / "example-registers"
    assert (tmp_path / "state.sqlite").read_bytes() == b"real"


def test_the_example_registers_never_go_into_a_configured_database(tmp_path: Path) -> None:
    settings = homes.for_example(
        Settings(home=tmp_path, database_url="postgresql+psycopg://nowhere/none", postgis_url="postgresql://nowhere/none")
    )
    assert (settings.home, settings.database_url, settings.postgis_url) == (tmp_path / "example-registers", None, None)


def test_a_real_source_finds_a_home_without_the_example_registers(tmp_path: Path) -> None:
    example(tmp_path)
    homes.for_source(Settings(home=tmp_path, source="folder:deliveries"))
    assert list(tmp_path.iterdir()) == []


def test_the_example_registers_stay_while_they_are_the_source(tmp_path: Path) -> None:
    settings = example(tmp_path)
    key = settings.home / "example" / "client-key.pem"
    for source in (settings, settings.model_copy(update={"source": "http:http://127.0.0.1:9", "client_key_file": key})):
        homes.for_source(source)
    assert (tmp_path / "state.sqlite").exists()


@pytest.mark.parametrize("job", ["daily", "purge"])
def test_a_job_on_a_real_source_starts_without_the_example_registers(tmp_path: Path, job: str) -> None:
    world = World(tmp_path)
    world.deliver_all(DAY)
    world.run(DAY)
    (world.home / homes.MARK).write_text("example")
    run(world.installation(DAY), job, DAY)
    assert (world.home / homes.MARK).exists() == (job == "purge")


@pytest.mark.parametrize("command", ["publish", "demo"])
@pytest.mark.parametrize("real", [False, True], ids=["fresh home", "real home"])
def test_the_example_registers_are_not_published_in_production(tmp_path: Path, command: str, real: bool) -> None:
    if real:
        (tmp_path / "state.sqlite").write_bytes(b"real")
    environment = {"VLOK_HOME": str(tmp_path), "VLOK_ENVIRONMENT": "production", "VLOK_SOURCE": ""}
    answer = CliRunner().invoke(main, [command], env=environment)
    assert answer.exit_code == 2, answer.output
    assert "set it, or leave VLOK_ENVIRONMENT at test" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["state.sqlite"] * real


def test_what_the_example_registers_left_is_not_sealed_for_production(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.deliver_all(DAY)
    world.run(DAY)
    (world.home / homes.MARK).write_text("example")
    installation = world.installation(DAY)
    production = replace(installation, settings=installation.settings.model_copy(update={"environment": "production"}))
    with pytest.raises(BadSetting, match=r"VLOK_HOME: .* holds the example registers"):
        run(production, "purge", DAY)
