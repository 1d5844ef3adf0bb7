"""The thin change feed: what went, by id alone, for those who keep a copy; and the full list of ids of today.

::

    journal · pointer · release ─► feed ─┬─► document ─► /wijzigingen.json
                                         └─► atom     ─► /wijzigingen.atom
    columns ─► lists ─► /downloads/<product>/<product>_ids.txt

It says nothing of what came, no attribute and no reason (DESIGN decision 5). What ends at midnight is in it from midnight on.
"""

from publish.changes.routes import routes

__all__ = ["routes"]
