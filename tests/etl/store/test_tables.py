"""The state keeps what part C of the contract allows, and no more."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2.alembic_helpers import include_object
from sqlalchemy import create_engine, inspect

from etl.store import Store
from etl.store.tables import metadata
from tests.etl.store.samples import DAY, NOON

HMAC = "C: HMAC of the source key"
PUBLIC = "C: the public fields"
DATES = "C: the dates and codes that B.1 needs"
LEDGER = "C: facts about a delivery in the private ledger, nothing of its records"
REGISTER = {
    "dataset": "C: which register; a name of ours",
    "key": HMAC,
    "oidn": PUBLIC,
    "subject": "C: HMAC of the key of the dwelling or pand (B.1: the object is the dwelling or the pand)",
    "changed": DATES + " (values from the record with the latest gewijzigdOp)",
    "start": DATES,
    "until": DATES,
    "geom": PUBLIC + " (SHAPE)",
    "public_values": PUBLIC,
}
ALLOWED = {
    "entry": REGISTER,
    "staged": REGISTER,
    "delivery": {
        "id": LEDGER,
        "dataset": LEDGER,
        "number": LEDGER + " (volgnummer: the rules on numbers of A)",
        "kind": LEDGER + " (soort)",
        "day": LEDGER + " (peildatum)",
        "digest": "C: digests of inputs are HMACs, in the private ledger",
        "state": LEDGER,
        "reference": "C: a held delivery is kept as a reference",
        "reasons": LEDGER + " (stable codes)",
        "delivered": "C: counted, not kept",
        "publishable": "C: counted, not kept",
        "at": LEDGER,
    },
    "finding": {
        "delivery": LEDGER,
        "rule": "A.4: a finding with rule, field and record number, never with the value",
        "field": "A.4: a finding with rule, field and record number, never with the value",
        "effect": "A.4: what the rule does",
        "count": "C: counted, not kept",
        "records": "A.4: a finding with rule, field and record number, never with the value",
    },
    "run": dict.fromkeys(("id", "job", "day", "started", "ended", "outcome", "content_id"), "C: facts of a run of ours"),
    "alembic_version": {"version_num": "the number of the last migration"},
}
OF_POSTGIS = {"spatial_ref_sys"}


def test_no_table_and_no_column_is_there_that_the_contract_does_not_allow(store: Store, url: str) -> None:
    inspector = inspect(create_engine(url))
    tables = set(inspector.get_table_names()) - OF_POSTGIS
    found = {table: {column["name"] for column in inspector.get_columns(table)} for table in tables}
    assert found == {table: set(columns) for table, columns in ALLOWED.items()}


def test_the_migrations_make_exactly_the_tables_of_the_code(store: Store, url: str) -> None:
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include_object, "compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("table", ["entry", "staged"])
def test_a_line_is_identified_by_its_key_within_its_dataset(store: Store, url: str, table: str) -> None:
    assert set(inspect(create_engine(url)).get_pk_constraint(table)["constrained_columns"]) == {"key", "dataset"}


def test_opening_a_state_again_changes_nothing(store: Store, url: str) -> None:
    store.runs.begin("daily", DAY, NOON)
    again = Store.open(url)
    assert again.runs.last("daily") == store.runs.last("daily")
    again.close()
