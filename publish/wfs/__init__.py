"""WFS: keywords, XML, FES and CQL become requests; operations answer them from the release by copying bytes.

::

    GET  kvp ─► keywords ─┐                      ┌─ capabilities (_11, _10) · describe · stored_queries
                          ├─► requests ─► bind ─►┤                                                      ─► answer ─► response
    POST documents ─► xml ┘   fes · cql          └─ get_feature (selection, paging, formats, files) · property_value

- `endpoint` is the HTTP side, `service` the way of one request, `versions` says which words it is answered in, `turns` where it runs.
- `selection` finds the rows of a page, `paging` its neighbours (docs/decisions/0010-next-links-name-their-release.md), `formats` frames
  features one after another, `file_formats` and `files` answer with zips.
- What the OGC API needs too is beside this package: `publish.features` makes or copies features, `publish.replies` puts answers into HTTP,
  `publish.codings` compresses by copying what was compressed at sealing, `publish.sending` streams, and breaks off visibly when something
  fails.
- What filters of every language share is in `publish.filters`; FES, which the WMS reads too, in `publish.fes`; CQL in `publish.cql`.

Errors, each an exception report of the version that was asked (`reports`)::

    WfsError
    ├── MissingParameter          400 MissingParameterValue
    ├── InvalidParameter          400 InvalidParameterValue
    ├── VersionNegotiation        400 VersionNegotiationFailed
    ├── OptionNotSupported        400 OptionNotSupported
    ├── OperationNotSupported     400 OperationNotSupported
    ├── ParsingFailed             400 OperationParsingFailed
    ├── ProcessingFailed          403 OperationProcessingFailed
    ├── CacheExpired              403 ResponseCacheExpired
    ├── UnknownFeature            404 NotFound
    ├── Unavailable               503 NoApplicableCode, with Retry-After
    └── Failure                   500 OperationProcessingFailed, without internals
"""

from publish.wfs.endpoint import routes
from publish.wfs.offer import WfsSettings

__all__ = ["WfsSettings", "routes"]
