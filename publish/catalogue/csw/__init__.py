"""CSW 2.0.2 (OGC 07-006r1), for reading: GetCapabilities, DescribeRecord, GetRecords, GetRecordById, GetDomain.

::

    KVP ─► kvp ─┐                     ┌─► capabilities
                ├─► requests ─► answers ─► documents (Dublin Core, or ISO as the run wrote it)
    XML ─► xml ─┘      │
                       └─ constraints (Filter 1.1, CQL) ─► Predicate ─► publish.catalogue.search

Errors::

    CswError
    ├── MissingParameter, InvalidParameter, VersionNegotiation, OperationNotSupported
    ├── Unreadable     no XML, or too long
    └── Unavailable    there is no release
"""

from publish.catalogue.csw.endpoint import Endpoint, routes

__all__ = ["Endpoint", "routes"]
