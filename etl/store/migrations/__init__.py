"""Migrations of the state (alembic); `Store.open` runs them."""
