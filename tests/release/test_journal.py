"""The journal of changes: what it holds, how far back, and that it is read or begins anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from release import journal
from release.changes import Public, Snapshot, kept_from, midnight
from release.journal import MOST_IDS, Change, Journal, ProductChange

BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def change(number: int, *, went: int = 0, days: int = 0) -> Change:
    gone = tuple(range(went))
    products = {"Conformiteitsattest": ProductChange(public=5, gone=gone)}
    return Change(sequence=number, release="a" * 64, time=BEGIN + timedelta(days=days), products=products)


def holding(*changes: Change) -> Journal:
    return Journal(seal="s", day=date(2026, 11, 20), sequence=changes[-1].sequence, updated=BEGIN, changes=changes)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    journal.write(tmp_path, holding(change(7, went=3)))
    assert journal.read(tmp_path) == holding(change(7, went=3))


@pytest.mark.parametrize("text", [None, b"", b"{}", b'{"seal": 1}'])
def test_what_is_absent_or_damaged_is_no_journal(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        journal.path(tmp_path).write_bytes(text)
    assert journal.read(tmp_path) is None


def test_a_cursor_gets_everything_after_it_or_nothing_at_all() -> None:
    held = holding(change(7), change(8), change(9))
    after = {cursor: held.after(cursor) for cursor in range(5, 11)}
    assert {cursor: None if found is None else [each.sequence for each in found] for cursor, found in after.items()} == {
        5: None,
        6: [7, 8, 9],
        7: [8, 9],
        8: [9],
        9: [],
        10: None,
    }


def test_old_entries_go_and_their_cursors_with_them() -> None:
    kept = holding(change(7), change(8, days=5), change(9, days=9)).since(BEGIN + timedelta(days=5))
    assert [each.sequence for each in kept.changes] == [8, 9]
    assert (kept.sequence, kept.oldest, kept.after(6)) == (9, 7, None)


def test_when_nothing_is_left_only_the_newest_cursor_is_known() -> None:
    kept = holding(change(7), change(8)).since(BEGIN + timedelta(days=1))
    assert (kept.changes, kept.after(8), kept.after(7)) == ((), (), None)


def test_the_ids_of_all_entries_together_are_bounded() -> None:
    kept = holding(change(7, went=MOST_IDS), change(8, went=MOST_IDS - 1), change(9, went=1)).since(BEGIN)
    assert [each.sequence for each in kept.changes] == [8, 9]
    assert holding(change(7), change(8, went=MOST_IDS + 1)).since(BEGIN).changes == ()


def shown(release: str, **products: Public) -> Snapshot:
    return Snapshot(release, products)


def public(*ids: int) -> Public:
    return Public(np.array(ids, dtype=np.int64))


WITHDRAWN = Public(public().ids, shown=False)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (public(1, 2, 3), public(2, 3, 4, 5), ProductChange(public=4, came=2, gone=(1,))),
        (public(1, 2), WITHDRAWN, ProductChange(public=None)),
        (WITHDRAWN, public(1, 2), ProductChange(public=2, came=2)),
        (WITHDRAWN, WITHDRAWN, ProductChange(public=None)),
        (public(1), public(), ProductChange(public=0, gone=(1,))),
    ],
    ids=["changed", "withdrawn", "back", "still withdrawn", "emptied"],
)
def test_what_became_of_a_product(before: Public, after: Public, told: ProductChange) -> None:
    entry = shown("a", P=before).became(shown("b", P=after), 1, BEGIN)
    assert entry is not None
    assert entry.products == {"P": told}


def test_nothing_new_is_no_entry_and_other_content_alone_is_one() -> None:
    same = shown("a", P=public(1), Q=WITHDRAWN)
    assert same.became(shown("a", P=public(1), Q=WITHDRAWN), 1, BEGIN) is None
    entry = same.became(shown("b", P=public(1), Q=WITHDRAWN), 1, BEGIN)
    assert entry is not None and entry.ids == 0


def test_a_product_that_is_no_more_is_told_as_withdrawn() -> None:
    entry = shown("a", P=public(1), Q=public(2)).became(shown("a", P=public(1)), 1, BEGIN)
    assert entry is not None
    assert entry.products["Q"] == ProductChange(public=None)


def test_midnight_is_that_of_brussels_when_the_clock_changes_too() -> None:
    assert [midnight(date(2026, 3, day)).astimezone(UTC).hour for day in (29, 30)] == [23, 22]
    assert kept_from(date(2026, 11, 22), 42) == midnight(date(2026, 10, 11))
