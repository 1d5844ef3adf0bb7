"""CQL2, as text and as JSON, and the ECQL dialect of `CQL_FILTER`, read into a `Predicate`.

::

    text ─► tokens ─► text ─┐
                            ├─► tree ─► reader ─► Predicate
    JSON ─► document ───────┘

OGC 21-065r2 (CQL2). Reading takes time in proportion to the text, whatever is in it: no rule is tried twice
(docs/decisions/0011-our-own-cql-parser.md). What is not supported is refused, never left out.
"""
