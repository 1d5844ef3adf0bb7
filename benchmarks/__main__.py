"""`python -m benchmarks`: measure, show the figures beside their goals, keep them; exits 1 when a goal is missed."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks import files, page, serving, start
from benchmarks.figures import Figures, FileFigures, JobFigures, ServingFigures, StartFigures
from benchmarks.goals import verdicts
from benchmarks.stand import DAY, Stand

SECTIONS = ("job", "start", "files", "serving")
RESULTS = Path(__file__).parent / "results"
DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"


@click.command()
@click.option("--records", default=300_000, show_default=True, help="Certificates in the generated delivery, and points that are served.")
@click.option("--large", type=int, help="Measure the job with this many too, such as 3000000.")
@click.option("--only", type=click.Choice(SECTIONS), help="Measure one thing; the job runs all the same where it is needed.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep deliveries and releases here, and use deliveries that are here.",
)
@click.option("--results", default=RESULTS, type=click.Path(file_okay=False, path_type=Path), help="Where the figures go as JSON.")
@click.option("--write-docs", is_flag=True, help="Put the figures in docs/benchmarks.md.")
def main(records: int, large: int | None, only: str | None, folder: Path | None, results: Path, write_docs: bool) -> None:
    """Measure the main job, the files, the start of the server, and serving.

    Example: python -m benchmarks --records 30000 --only job
    """
    if write_docs and only:
        raise click.UsageError("--write-docs needs every figure: leave --only out")
    if not Path("/proc/self/status").exists():
        raise click.UsageError("memory is read from /proc, so this needs Linux")
    before = os.getloadavg()[0]
    with _folder(folder) as work:
        stand = Stand(work / str(records), records)
        jobs = _jobs(stand, None if large is None else Stand(work / str(large), large), only)
        measured_files = _files(stand, only)
        starts = _starts(stand, only)
        served = _serving(stand, only)
    figures = _figures(before, jobs, measured_files, starts, served)
    click.echo("\n" + page.text(figures))
    _keep(figures, results)
    if write_docs:
        page.write(DOCUMENT, figures)
    sys.exit(0 if all(verdict.met for verdict in verdicts(figures)) else 1)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="vlok-bench-") as name:
        yield Path(name)


def _jobs(stand: Stand, large: Stand | None, only: str | None) -> tuple[JobFigures, ...]:
    """What is published on the stand is there afterwards, measured or not."""
    click.echo(f"generating {stand.records:,} certificates …", err=True)
    stand.deliver()
    click.echo("the daily job …", err=True)
    if only not in (None, "job"):
        stand.publish()
        return ()
    measured = [stand.measure()]
    if large is not None:
        click.echo(f"generating {large.records:,} certificates, and the daily job …", err=True)
        large.deliver()
        measured.append(large.measure())
    return tuple(measured)


def _files(stand: Stand, only: str | None) -> tuple[FileFigures, ...]:
    if only not in (None, "files"):
        return ()
    click.echo("the files …", err=True)
    with tempfile.TemporaryDirectory(dir=stand.folder) as work:
        return tuple(files.measure(stand.release(), DAY, Path(work)))


def _starts(stand: Stand, only: str | None) -> tuple[StartFigures, ...]:
    if only not in (None, "start"):
        return ()
    click.echo("the start of the server …", err=True)
    return tuple(start.measure(stand))


def _serving(stand: Stand, only: str | None) -> ServingFigures | None:
    if only not in (None, "serving"):
        return None
    click.echo("serving …", err=True)
    return serving.measure(stand)


def _figures(
    before: float,
    jobs: tuple[JobFigures, ...],
    files: tuple[FileFigures, ...],
    starts: tuple[StartFigures, ...],
    served: ServingFigures | None,
) -> Figures:
    return Figures(
        at=datetime.now(UTC).replace(microsecond=0),
        cores=len(os.sched_getaffinity(0)),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        python=platform.python_version(),
        load=(before, os.getloadavg()[0]),
        jobs=jobs,
        files=files,
        starts=starts,
        serving=served,
    )


def _keep(figures: Figures, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{figures.at:%Y%m%dT%H%M%SZ}.json"
    path.write_text(figures.model_dump_json(indent=1) + "\n", "utf-8")
    click.echo(f"kept as {path}")


if __name__ == "__main__":
    main()
