"""Tables of the figures of serving."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import MemoryFigures, ServingFigures, WholeFigures
from benchmarks.table import Table

_MB = 1_000_000


def tables(serving: ServingFigures) -> Iterator[Table]:
    """Whole products, boxes, small answers, memory, and the programs of others."""
    yield _whole(serving.whole)
    heads = ("1 km² box and PRODUCT", "connections", "requests/s", "features", "kB", "median, ms", "slowest hundredth, ms")
    rows = tuple(
        (
            load.what,
            str(load.connections),
            f"{load.per_second:,.0f}",
            f"{load.features:.1f}",
            f"{load.bytes / 1000:.1f}",
            f"{load.median:.2f}",
            f"{load.slowest_hundredth:.2f}",
        )
        for load in serving.loads
    )
    yield Table("Boxes at random places", heads, rows)
    small = tuple((answer.what, f"{answer.median:.2f}", f"{answer.slowest_twentieth:.2f}") for answer in serving.answers)
    yield Table("Small answers, one after another", ("answer", "median, ms", "slowest twentieth, ms"), small)
    yield _memory(serving)
    if serving.readers:
        read = tuple(
            (reader.program, f"{reader.features:,}", f"{reader.seconds:.1f}", f"{reader.cpu_seconds:.1f}") for reader in serving.readers
        )
        yield Table("Programs of others reading every feature", ("program", "features", "seconds", "its processor seconds"), read)


def _whole(whole: WholeFigures) -> Table:
    rows = [("plain", whole.bytes, whole.bytes, whole.seconds)]
    if whole.static is not None:
        rows.append(("nginx, the same bytes as a file", whole.bytes, whole.bytes, whole.static))
    rows.append(("gzip", whole.gzip_bytes, whole.bytes, whole.gzip_seconds))
    cells = tuple((what, f"{sent / _MB:,.1f}", f"{seconds:.3f}", f"{size / _MB / seconds:,.0f}") for what, sent, size, seconds in rows)
    return Table(f"{whole.features:,} features as GML over one connection", ("answer", "MB sent", "seconds", "MB of GML a second"), cells)


def _memory(serving: ServingFigures) -> Table:
    heads = ("the largest worker", "all in memory, MB", "its share of that, MB", "alone, MB")
    rows = tuple(
        (what, *_megabytes(held)) for what, held in (("after all of it", serving.at_rest), ("while it streams", serving.streaming))
    )
    return Table(f"Memory with {serving.workers} workers", heads, rows)


def _megabytes(held: MemoryFigures) -> tuple[str, str, str]:
    resident, proportional, anonymous = (f"{size / _MB:,.0f}" for size in (held.resident, held.proportional, held.anonymous))
    return resident, proportional, anonymous
