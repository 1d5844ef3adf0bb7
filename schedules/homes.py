"""Keeps the example registers and real ones apart: no home ever holds both."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from exports.notice import PRODUCTION
from schedules import withdrawals
from settings import BadSetting, Settings

MARK = "EXAMPLE"
"""Name of the file that says that everything in a home comes from the example registers."""

_STATE = "state.sqlite"

_log = logging.getLogger("vlok.homes")


def for_example(settings: Settings) -> Settings:
    """A home for the example registers: the configured one, or a folder in it when that holds a real register.

    The state is then SQLite, whatever database is configured, and nothing is loaded into PostGIS. Raises `BadSetting` in production.
    """
    if settings.environment == PRODUCTION:  # DESIGN decision 16: no demo is ever harvested
        raise BadSetting("VLOK_SOURCE: not set, and the example registers are fictional: set it, or leave VLOK_ENVIRONMENT at test")
    home = settings.home
    if settings.database_url is not None or ((home / _STATE).exists() and not (home / MARK).exists()):
        home = home / "example-registers"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / MARK).write_text("Everything here comes from the example registers and may be deleted.\n", "utf-8")
    return settings.model_copy(update={"home": home, "database_url": None, "postgis_url": None})


def require_real(settings: Settings) -> None:
    """Raise `BadSetting` when what is in a home would be published in production and comes from the example registers."""
    if settings.environment == PRODUCTION and (settings.home / MARK).exists():
        raise BadSetting(f"VLOK_HOME: {settings.home} holds the example registers, which are fictional: publish a source of your own first")


def for_source(settings: Settings) -> None:
    """Make a home ready for the source that is set: the example registers leave it when it is another one."""
    home = settings.home
    if not (home / MARK).exists() or settings.source is None or _is_example(settings):
        return
    _log.warning("%s holds the example registers, and a real source is set: they are deleted", home)
    for left in [*home.glob(f"{_STATE}*"), *(home / name for name in ("releases", "spool", "secret", "example", withdrawals.FILE))]:
        _delete(left)
    (home / MARK).unlink()


def _is_example(settings: Settings) -> bool:
    """The example registers are read with the key that was made for them in the same home."""
    return settings.client_key_file is not None and settings.client_key_file.parent == settings.home / "example"


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
