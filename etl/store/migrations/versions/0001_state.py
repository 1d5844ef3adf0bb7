"""The first form of the state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    for name in ("entry", "staged"):
        op.create_table(name, *_line(), sa.PrimaryKeyConstraint("key", "dataset"))
    _create_ledger()
    _create_runs()


def downgrade() -> None:
    for name in ("withdrawal", "run", "finding", "delivery", "staged", "entry"):
        op.drop_table(name)


def _line() -> tuple[sa.Column[object], ...]:
    point = sa.LargeBinary().with_variant(Geometry("POINT", 31370, spatial_index=False), "postgresql")
    return (
        sa.Column("dataset", sa.String(63), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("oidn", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.LargeBinary(32), nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("until", sa.Integer, nullable=False),
        sa.Column("geom", point),
        sa.Column("public_values", sa.LargeBinary, nullable=False),
    )


def _create_ledger() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset", sa.String(63), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reference", sa.String),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("delivered", sa.BigInteger, nullable=False),
        sa.Column("publishable", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("delivery_number", "delivery", ["dataset", "number"])
    op.create_table(
        "finding",
        sa.Column("delivery", sa.Integer, sa.ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("effect", sa.String(16), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("records", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("delivery", "rule", "field", "effect"),
    )


def _create_runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("job", sa.String(63), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("content_id", sa.String(64)),
    )
    op.create_index("run_job", "run", ["job", "id"])
    op.create_table(
        "withdrawal",
        sa.Column("dataset", sa.String(63), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
