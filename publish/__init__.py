"""Everything that serves. It reads releases and nothing else: no private data, no database, no network.

The sub-packages `wfs`, `ogcapi`, `catalogue` and `portal` never import each other; `app` composes them.
"""
