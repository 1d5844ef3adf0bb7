"""`python -m conformance`: run the suites, print what they say, keep it; exits 1 when anything failed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from conformance import java, page
from conformance.artefacts import Artefact, NotHad, Places
from conformance.example import Example, serving
from conformance.results import Result, keep
from conformance.suite import Suite
from conformance.suites import SUITES
from conformance.trial import Court

RESULTS = Path(__file__).parent / "results"
BUILD = Path(__file__).parents[1] / "build" / "conformance"


@click.command()
@click.option("--suites", "given", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder that holds suites.")
@click.option("--only", type=click.Choice([suite.code for suite in SUITES]), help="Run one suite.")
@click.option("--limit", default=900, show_default=True, help="Seconds that one run of a suite may take.")
@click.option("--build", default=BUILD, type=click.Path(file_okay=False, path_type=Path), help="For what is fetched and what suites write.")
@click.option("--results", default=RESULTS, type=click.Path(file_okay=False, path_type=Path), help="Where results are kept.")
@click.option("--document", default=page.DOCUMENT, type=click.Path(dir_okay=False, path_type=Path), help="The page that they make.")
def main(given: Path | None, only: str | None, limit: int, build: Path, results: Path, document: Path) -> None:
    """Run the OGC's suites against a server with the example registers.

    Example: python -m conformance --only wfs20
    """
    build, given = build.resolve(), given and given.resolve()
    found = dict(_found([suite for suite in SUITES if only in (None, suite.code)], Places(given, build / "suites")))
    court = Court(build, limit, datetime.now(UTC).date(), partial(click.echo, err=True))
    good = True
    if found:
        with tempfile.TemporaryDirectory(prefix="vlok-conformance-") as work, serving(Path(work)) as example:
            for suite, artefact in found.items():
                good &= _run(court, suite, artefact, example, results)
        document.write_text(page.current(results), "utf-8")
    sys.exit(0 if good else 1)


def _found(suites: list[Suite], places: Places) -> Iterator[tuple[Suite, Artefact]]:
    """The suites that can run; of the others it says why not."""
    missing = java.missing()
    for suite in suites:
        try:
            if missing is not None:
                raise NotHad(missing)
            yield suite, places.find(suite)
        except NotHad as error:
            click.echo(f"{suite.code}: not run: {error}")


def _run(court: Court, suite: Suite, artefact: Artefact, example: Example, results: Path) -> bool:
    """Whether a suite is content; its result is kept when it has one."""
    click.echo(f"{suite.code}: {suite.artefact} {artefact.version} …", err=True)
    try:
        result = court.hold(suite, artefact, example)
    except java.Failed as error:
        click.echo(f"{suite.code}: FAILED: {error}; what it wrote is in {court.build / suite.code}")
        return False
    _show(result)
    keep(result, results)
    return result.good


def _show(result: Result) -> None:
    click.echo(f"{result.suite}: {result.artefact} {result.version}: {page.counts(result)}")
    for failure in result.failures:
        click.echo(f"  FAILED   {failure.group}: {failure.test}: {failure.message}")
    for group in result.untested:
        click.echo(f"  FAILED   {group}: nothing passed")
    for skip in result.skips:
        why = skip.why or "NO REASON KNOWN"
        click.echo(f"  skipped  {skip.group}: {skip.test} ({skip.times}): {why} [{skip.message}]")


if __name__ == "__main__":
    main()
