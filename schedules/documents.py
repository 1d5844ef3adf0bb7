"""The documents that derive from the definitions: `pygeoapi-config.yml`, the disclosure page and the message specification."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl import disclosure_page, source_api
from publish.ogcapi.config import config_text
from schedules.installation import Installation


def write(root: Path, installation: Installation, *, check: bool = False) -> tuple[Path, ...]:
    """Write the documents that are not current below `root`, or with `check` only name them."""
    stale = [(root / name, text) for name, text in _documents(installation) if _read(root / name) != text]
    for path, text in stale:
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return tuple(path for path, _ in stale)


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
