"""The limit of a filter's work, in the codes of the WFS."""

from __future__ import annotations

from publish.filters import effort
from publish.wfs.filter_errors import told
from release.predicate import Predicate


def bounded(predicate: Predicate | None) -> Predicate | None:
    """The same predicate, cheaper where that is possible; raises `ProcessingFailed` when it still needs too much work."""
    with told("filter"):
        return None if predicate is None else effort.bounded(predicate)
