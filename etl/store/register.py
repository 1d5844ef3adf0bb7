"""The register: how staging differs from it, and taking staging over. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Table,
    and_,
    case,
    delete,
    except_,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from etl.delivery import Kind
from etl.store import rows
from etl.store.rows import RegisterBatch
from etl.store.tables import entry, staged

BATCH = 50_000
"""Lines that are read at a time."""


@dataclass(frozen=True, slots=True)
class Count:
    """`entries`: records that are or may become public; `objects`: dwellings or panden that are public on the day."""

    entries: int
    objects: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Objects public on a day, before a staged delivery and after it; `stated` and `unexplained` together are what it would lose.

    `stated`: for every public record of the object the delivery itself says that it has ended, is removed or is kept out.
    These go at once, even when the delivery is held (CONTRACT A.4).
    """

    before: int
    gained: int
    stated: int
    unexplained: int

    @property
    def after(self) -> int:
        """Objects that would be public."""
        return self.before + self.gained - self.stated - self.unexplained


def count(connection: Connection, table: Table, dataset: str, day: int) -> Count:
    """Entries, and public objects on a day."""
    objects = func.count(case((_public(table, day), table.c.oidn)).distinct())
    found = connection.execute(select(func.count(), objects).where(table.c.dataset == dataset, _possible(table))).one()
    return Count(*found)


def compare(connection: Connection, dataset: str, kind: Kind, day: int) -> Comparison:
    """What taking over the staged delivery would do to the objects that are public on a day."""
    before, staged_objects = _objects(entry, dataset, day), _objects(staged, dataset, day)
    remaining = [staged_objects]
    if kind is Kind.MUTATIONS:
        remaining.append(before.where(~_staged()))
    lost = except_(before, *remaining).subquery()
    unstated = before.where(~_staged(staged.c.until < day))
    unexplained = _size(connection, select(lost.c.oidn).where(lost.c.oidn.in_(unstated)))
    return Comparison(
        before=_size(connection, before),
        gained=_size(connection, except_(staged_objects, before)),
        stated=_size(connection, select(lost.c.oidn)) - unexplained,
        unexplained=unexplained,
    )


def replace(connection: Connection, dataset: str, day: int) -> None:
    """`volledig`: the register becomes what is staged. What stays the same is not written again."""
    same = [staged.c[column.name].is_not_distinct_from(column) for column in entry.columns]
    connection.execute(delete(entry).where(entry.c.dataset == dataset, ~_staged(*same, _keepable(staged, day))))
    _take_over(connection, dataset, day)


def change(connection: Connection, dataset: str, day: int) -> None:
    """`mutaties`: every staged key leaves the register and comes back as it is staged."""
    connection.execute(delete(entry).where(entry.c.dataset == dataset, _staged()))
    _take_over(connection, dataset, day)


def end(connection: Connection, dataset: str, day: int, *, kept_out: bool = True) -> None:
    """Only what takes away: earlier ends that are staged hold, removed keys leave, nothing is added. Idempotent.

    `kept_out`: whether the keys that rules keep out leave too.
    """
    earlier = select(staged.c.until).where(_same_key(), staged.c.until < entry.c.until)
    if not kept_out:
        earlier = earlier.where(or_(staged.c.until != rows.GONE_UNTIL, staged.c.changed != rows.KEPT_OUT))
    connection.execute(
        update(entry).values(until=earlier.scalar_subquery()).where(entry.c.dataset == dataset, exists(earlier.correlate(entry)))
    )
    forget(connection, dataset, day)


def forget(connection: Connection, dataset: str, day: int) -> None:
    """Delete entries that ended before a day: they cannot become public again unless they are delivered again."""
    connection.execute(delete(entry).where(entry.c.dataset == dataset, entry.c.until < day))


def batches(connection: Connection, dataset: str) -> Iterator[RegisterBatch]:
    """The whole register of a dataset, in no particular order."""
    chosen = select(*rows.COLUMNS).where(entry.c.dataset == dataset)
    with connection.execute(chosen, execution_options={"yield_per": BATCH}) as result:
        for part in result.partitions():
            yield rows.batch(part)


def subjects(connection: Connection, dataset: str, day: int) -> dict[bytes, int]:
    """Of each subject that is public on a day, the latest first day of its public records."""
    latest = select(entry.c.subject, func.max(entry.c.start)).where(entry.c.dataset == dataset, _public(entry, day))
    return dict(connection.execute(latest.group_by(entry.c.subject)).all())


def _take_over(connection: Connection, dataset: str, day: int) -> None:
    """Insert what is new; a key that is there already has the same content. (A NOT EXISTS would have SQLite copy it all to memory.)"""
    chosen = select(*staged.columns).where(staged.c.dataset == dataset, _keepable(staged, day))
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = insert(entry).from_select([column.name for column in entry.columns], chosen)
    connection.execute(new.on_conflict_do_nothing())


def _public(table: Table, day: int) -> ColumnElement[bool]:
    return and_(table.c.start <= day, table.c.until >= day)


def _possible(table: Table) -> ColumnElement[bool]:
    return table.c.start <= table.c.until


def _keepable(table: Table, day: int) -> ColumnElement[bool]:
    """CONTRACT C: records that can never become public are not kept."""
    return and_(_possible(table), table.c.until >= day)


def _same_key() -> ColumnElement[bool]:
    return and_(staged.c.dataset == entry.c.dataset, staged.c.key == entry.c.key)


def _staged(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is a staged line with the key of the entry."""
    return exists().where(_same_key(), *conditions).correlate(entry)


def _objects(table: Table, dataset: str, day: int) -> Select[int]:
    return select(table.c.oidn).where(table.c.dataset == dataset, _public(table, day)).distinct()


def _size(connection: Connection, objects: Select[int] | CompoundSelect[int]) -> int:
    return connection.execute(select(func.count()).select_from(objects.subquery())).scalar_one()
