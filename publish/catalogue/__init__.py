"""The catalogue: documents that the run wrote, and two ways to search them.

::

    /catalogus/                 index ─► a page
    /catalogus/iso/<uuid>.xml   documents ─► ISO 19139 and ISO 19110, copied from the edition of the day
    /catalogus/dcat.ttl …       linked_data ─► DCAT-AP Vlaanderen, copied
    /catalogus/atom/            feeds ─► Atom and OpenSearch, copied; search, describe, get
    /catalogus/csw              csw ─┐
    /ogc/records/v1             records_api ─┴─► holdings (Dublin Core of every record) ─► search
"""

from publish.catalogue.routes import routes

__all__ = ["routes"]
