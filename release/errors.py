"""The error tree of the release package (drawn in the package docstring)."""


class ReleaseError(Exception):
    """Anything that is wrong with a release or with a question put to it."""


class NoRelease(ReleaseError):
    """Nothing has been published yet."""


class BrokenRelease(ReleaseError):
    """A file of the release is absent or its digest differs."""


class QueryError(ReleaseError):
    """A request names what the release does not have; the message is safe to show."""


class UnknownField(QueryError):
    """The feature type has no field of this name."""


class UnknownFeatureType(QueryError):
    """The release has no feature type of this name."""


class UnknownCrs(QueryError):
    """The CRS is not one that the release is served in."""


class UnfitLiteral(QueryError):
    """The literal cannot be read as the type of the field."""


class Withdrawn(ReleaseError):
    """A dataset that the question touches is not public now; the message says why (CONTRACT A.4)."""


class DayOver(ReleaseError):
    """The release has no edition for this day; the message names the remedy."""


class ReleaseGone(ReleaseError):
    """A page was asked of a release that is not kept any more; the message names the remedy."""
