"""The public contract: what the private side writes and the serving side reads.

Nothing in this package knows a person, a source key or a delivery; `etl` and `publish` meet here and nowhere else.

Errors::

    ReleaseError
    ├── NoRelease          nothing has been published yet
    ├── BrokenRelease      a file of the release is absent or its digest differs
    ├── Withdrawn          a dataset that the question touches is not public now
    ├── DayOver            the release has no files for this day
    └── QueryError         a request names what the release does not have
        ├── UnknownField
        ├── UnknownFeatureType
        ├── UnknownCrs
        └── UnfitLiteral   a literal that the field's type cannot hold
"""
