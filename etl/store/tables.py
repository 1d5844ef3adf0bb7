"""Every table of the state. CONTRACT C: nothing that it does not name has a column here (tests/etl/store/test_tables.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
)

SRID = 31370
metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite has no time zones, so that it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware times only; a naive one is a fault of the program."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The same moment, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _line() -> tuple[Column[Any], ...]:
    """Columns of a `RegisterEntry`; days are numbers from 1970-01-01, the point is EWKB in EPSG:31370."""
    # DESIGN decision 10: the variant works on both databases without SpatiaLite.
    point = LargeBinary().with_variant(Geometry("POINT", SRID, spatial_index=False), "postgresql")
    return (
        Column("dataset", String(63), nullable=False),
        Column("key", LargeBinary(32), nullable=False),
        Column("oidn", BigInteger, nullable=False),
        Column("subject", LargeBinary(32), nullable=False),
        Column("changed", BigInteger, nullable=False),
        Column("start", Integer, nullable=False),
        Column("until", Integer, nullable=False),
        Column("geom", point),
        Column("public_values", LargeBinary, nullable=False),
    )


entry = Table("entry", metadata, *_line(), PrimaryKeyConstraint("key", "dataset"))
"""The register: what was accepted."""

staged = Table("staged", metadata, *_line(), PrimaryKeyConstraint("key", "dataset"))
"""A delivery that is being taken in; empty between runs."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset", String(63), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reference", String),
    Column("reasons", JSON, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    Column("publishable", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Index("delivery_number", "dataset", "number"),
)
"""The ledger of deliveries."""

finding = Table(
    "finding",
    metadata,
    Column("delivery", ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("rule", String, nullable=False),
    Column("field", String, nullable=False),
    Column("effect", String(16), nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("records", JSON, nullable=False),
    PrimaryKeyConstraint("delivery", "rule", "field", "effect"),
)
"""What was wrong with a delivery: rule, field, how often, line numbers; never a value."""

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(63), nullable=False),
    Column("day", Date, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("outcome", String(16)),
    Column("content_id", String(64)),
    Index("run_job", "job", "id"),
)
"""The ledger of runs; a run without an end is under way, or was killed."""
