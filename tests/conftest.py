"""What every test may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.etl.deliveries import World, start

ROOT = Path(__file__).parents[1]

# A clock decides in no test: a busy machine is no fault.
settings.register_profile("vlok", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vlok")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared data beside the repository (`../shared/data`); the test is skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not there")
    return folder


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> World:
    return start(tmp_path_factory.mktemp("started"))


@pytest.fixture
def world(_started: World, tmp_path: Path) -> World:
    """An installation in which every register was delivered and published on `deliveries.DAY`."""
    folder = tmp_path / "world"
    shutil.copytree(_started.folder, folder)
    return World(folder)
