"""The error tree of the exports package (drawn in the package docstring)."""


class ExportError(Exception):
    """Something that cannot be written as it should be."""


class UnfitText(ExportError):
    """A text that an encoding cannot or may not hold; the message names the field, never the value."""


class UnfitLayer(ExportError):
    """A file format would change names, cut values or outgrow its limit."""


class TooLarge(ExportError):
    """More rows than are put into a file on request; the downloads hold them all."""


class Busy(ExportError):
    """As many files on request are being made as can wait for each other; a later try goes through."""


class BrokenTile(ExportError):
    """Bytes that are no vector tile."""
