"""WFS: keywords, XML, FES and CQL become requests; operations answer them from the release by copying bytes.

::

    GET  kvp ─┐                      ┌─ capabilities · describe · stored_queries
              ├─► requests ─► bind ─►┤                                            ─► answer ─► response
    POST xml ─┘     fes · cql        └─ get_feature · property_value

Errors, each an exception report of the version that was asked (`reports`)::

    WfsError
    ├── MissingParameter          400 MissingParameterValue
    ├── InvalidParameter          400 InvalidParameterValue
    ├── VersionNegotiation        400 VersionNegotiationFailed
    ├── OptionNotSupported        400 OptionNotSupported
    ├── OperationNotSupported     400 OperationNotSupported
    ├── ParsingFailed             400 OperationParsingFailed
    ├── ProcessingFailed          403 OperationProcessingFailed
    ├── UnknownFeature            404 NotFound
    ├── Unavailable               503 NoApplicableCode, with Retry-After
    └── Failure                   500 OperationProcessingFailed, without internals
"""

from publish.wfs.endpoint import routes
from publish.wfs.offer import WfsSettings

__all__ = ["WfsSettings", "routes"]
