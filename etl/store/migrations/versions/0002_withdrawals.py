"""What a person withdraws is in a file of the home (docs/decisions/0015-a-withdrawal-needs-only-the-home.md)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("withdrawal")


def downgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("dataset", sa.String(63), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
