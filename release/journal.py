"""The journal of changes beside the pointer: what each publication and each midnight took away, as the thin change feed tells it.

It holds no attribute, no reason and nothing of what came (DESIGN decision 5). A run's times are in it, so that it is no part of a
sealed release; `release.changes` says how it is continued.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from release.pointer import write_durably

MOST_IDS = 100_000
"""Ids in all entries together, about 2 MB of JSON. The oldest entries give way, and their readers compare with the full lists."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProductChange(_Frozen):
    """What became of a product: `public` objects (null: it is withdrawn as a whole), how many `came`, and the ids that are `gone`."""

    public: int | None
    came: int = 0
    gone: tuple[int, ...] = ()


class Change(_Frozen):
    """One entry: `release` is the content id from `time` (aware) on. Every product is named, also one in which nothing changed."""

    sequence: int
    release: str
    time: datetime
    products: dict[str, ProductChange]

    @property
    def ids(self) -> int:
        """How many ids it lists."""
        return sum(len(product.gone) for product in self.products.values())


class Journal(_Frozen):
    """Up to `day` of the release `seal` (never sent out). `changes` are the last ones up to `sequence`, without a gap."""

    seal: str
    day: date
    sequence: int
    updated: datetime
    changes: tuple[Change, ...] = ()

    @property
    def oldest(self) -> int:
        """The oldest cursor that can still be answered: everything after it is held."""
        return self.sequence - len(self.changes)

    def after(self, cursor: int) -> tuple[Change, ...] | None:
        """The changes after a cursor; null when some of them are not held any more, or the cursor is not one of this journal."""
        if not self.oldest <= cursor <= self.sequence:
            return None
        return self.changes[cursor - self.oldest :]

    def since(self, begin: datetime) -> Journal:
        """The journal without what happened before `begin`, and with `MOST_IDS` at most."""
        kept, ids = 0, 0
        for change in reversed(self.changes):
            ids += change.ids
            if change.time < begin or ids > MOST_IDS:
                break
            kept += 1
        return self.model_copy(update={"changes": self.changes[len(self.changes) - kept :]})


def path(root: Path) -> Path:
    """The file of the journal in the folder of releases."""
    return root / "changes.json"


def read(root: Path) -> Journal | None:
    """The journal; null when there is none or it cannot be read, and then it begins anew."""
    try:
        return Journal.model_validate_json(path(root).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def write(root: Path, journal: Journal) -> None:
    """Replace the journal in one step."""
    write_durably(path(root), journal.model_dump_json(indent=1).encode())
