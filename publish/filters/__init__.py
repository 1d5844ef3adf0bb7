"""What filters of every language share: names, literals and geometries that have been read become one `release.predicate.Predicate`.

::

    FES (publish.fes) ─┐
                       ├─► comparisons · relations · periods ─► Predicate ─► effort
    CQL (publish.cql) ─┘

Errors, which each service says in its own codes::

    QueryError (release)
    └── FilterError
        ├── Unreadable     not what the language says
        ├── Unfit          a value that does not fit what it is compared with
        └── Unsupported    the language has it, this service does not
"""
