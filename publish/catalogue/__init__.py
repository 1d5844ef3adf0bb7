"""The catalogue: ISO 19139 records of the products, at the address that the records and the services name.

::

    /catalogus/iso/<uuid>.xml ─► product of the release ─► exports.iso19139
"""

from publish.catalogue.records import routes

__all__ = ["routes"]
