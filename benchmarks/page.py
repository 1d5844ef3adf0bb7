"""Tables of figures, for a terminal and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import serving_page
from benchmarks.figures import Figures, FileFigures, JobFigures, Phase, StartFigures
from benchmarks.goals import GB, Verdict, verdicts
from benchmarks.table import Table

FIRST, LAST = "<!-- figures: written by `python -m benchmarks --write-docs` -->", "<!-- end of figures -->"
"""Between these lines the documentation holds the figures of one run."""


def tables(figures: Figures) -> Iterator[Table]:
    """Goals first, then what they are made of."""
    rows = tuple(
        (verdict.what, _amount(verdict.figure, verdict.unit), _goal(verdict), "met" if verdict.met else "MISSED")
        for verdict in verdicts(figures)
    )
    if rows:
        yield Table("Goals", ("what", "figure", "goal", "verdict"), rows)
    for job in figures.jobs:
        yield from _job(job)
    if figures.files:
        yield _files(figures.files)
    if figures.starts:
        yield _starts(figures.starts)
    if figures.serving is not None:
        yield from serving_page.tables(figures.serving)


def _goal(verdict: Verdict) -> str:
    return f"{'≥' if verdict.least else '≤'} {_amount(verdict.goal, verdict.unit)}"


def _amount(figure: float, unit: str) -> str:
    """With as many digits as tell something."""
    digits = 0 if figure >= 1000 else 1 if figure >= 10 or unit in ("s", "GB") else 2
    return f"{figure:,.{digits}f} {unit}".rstrip()


def text(figures: Figures) -> str:
    """Everything, for a terminal."""
    return "\n".join((machine(figures), *(table.text() for table in tables(figures))))


def write(page: Path, figures: Figures) -> None:
    """Put the figures in the place of those of before; raises `ValueError` when the page has no such place."""
    before, found, rest = page.read_text("utf-8").partition(FIRST)
    _, end, after = rest.partition(LAST)
    if not found or not end:
        raise ValueError(f"{page} does not have the lines between which the figures belong")
    parts = (FIRST, machine(figures), *(table.markdown() for table in tables(figures)), LAST)
    page.write_text(before + "\n\n".join(part.rstrip() for part in parts) + after, "utf-8")


def machine(figures: Figures) -> str:
    """The class of the machine, and how busy it was beside the benchmarks."""
    memory = f"{figures.cores} cores, {round(figures.memory / 2**30)} GiB, Python {figures.python}"
    return f"Measured on {figures.at:%Y-%m-%d} with {memory}; load average {figures.load[0]:.1f} before and {figures.load[1]:.1f} after.\n"


def _job(job: JobFigures) -> Iterator[Table]:
    heads = ("phase", "seconds", "processor seconds", "memory, MB")
    rows = [_phase(phase) for phase in job.run.phases]
    whole = ("together", f"{job.run.seconds:.1f}", f"{job.run.cpu_seconds:.1f}", _megabytes(job.run.anonymous))
    title = f"{job.records:,} certificates ({job.public:,} objects published): from delivery to published release"
    yield Table(title, heads, (*rows, whole))
    yield Table(f"{job.records:,} certificates: apart", heads, tuple(_phase(phase) for phase in job.apart))


def _phase(phase: Phase) -> tuple[str, ...]:
    return phase.name, f"{phase.seconds:.1f}", f"{phase.cpu_seconds:.1f}", _megabytes(phase.anonymous)


def _files(files: Sequence[FileFigures]) -> Table:
    heads = ("format", "seconds", "ogr2ogr", "ratio", "processor seconds", "ogr2ogr", "ratio", "MB", "ogr2ogr")
    return Table("Files, before they are zipped, beside ogr2ogr from our GeoPackage", heads, tuple(map(_file, files)))


def _file(file: FileFigures) -> tuple[str, ...]:
    ours, other = file.ours, file.other
    if other is None:
        return file.format, f"{ours.seconds:.2f}", "-", "-", f"{ours.cpu_seconds:.2f}", "-", "-", _megabytes(ours.bytes), "-"
    pairs = ((ours.seconds, other.seconds), (ours.cpu_seconds, other.cpu_seconds))
    cells = (cell for mine, theirs in pairs for cell in (f"{mine:.2f}", f"{theirs:.2f}", f"{mine / theirs:.2f}"))
    return file.format, *cells, _megabytes(ours.bytes), _megabytes(other.bytes)


def _starts(starts: Sequence[StartFigures]) -> Table:
    heads = ("start of the server", "/healthz, s", "WFS hits, s", "OGC API items, s")
    rows = ((f"{number}", f"{s.healthz:.2f}", f"{s.wfs:.2f}", f"{s.ogcapi:.2f}") for number, s in enumerate(starts, 1))
    return Table("From `vlok serve` to its first answers", heads, tuple(rows))


def _megabytes(size: int) -> str:
    return f"{size * 1000 / GB:,.0f}"
