"""OGC API Features: pygeoapi describes, our routes answer.

::

    landing page, OpenAPI, collections, queryables, schema ─► description (pygeoapi, with our relations and schemas) ─► documents
    items, item ─► endpoint ─► parameters (cql, cursors) ─► features ─► encodings, by copying bytes ─► answers
    conformance ─► documents

The provider plugin `provider.ReleaseProvider` gives the same features to a plain `pygeoapi serve`.

Errors::

    release.QueryError
    ├── BadParameter     a query parameter that is unknown, given twice, or has a value that does not fit
    └── BadFilter        a filter that cannot be read, or that asks for what is not supported
"""
