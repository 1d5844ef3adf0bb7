"""The state: what part C of the contract lets us keep between runs, in SQLite or in PostgreSQL with PostGIS.

tables      every table and column; a test compares them with the contract
database    connections, pragmas, migrations, errors without values
rows        one line of the register, on its way in and out
staging     bulk loading of a delivery that is being taken in
register    the difference between staging and register, and taking it over
ledger      deliveries and their findings
runs        jobs
locks       one job at a time
store       `Store`: everything above as single transactions
"""

from etl.store.ledger import Intake, Ledger, LedgerEntry, State
from etl.store.register import Comparison, Count
from etl.store.rows import Gone, RegisterBatch
from etl.store.runs import Outcome, Run, Runs
from etl.store.store import Store

__all__ = [
    "Comparison",
    "Count",
    "Gone",
    "Intake",
    "Ledger",
    "LedgerEntry",
    "Outcome",
    "RegisterBatch",
    "Run",
    "Runs",
    "State",
    "Store",
]
