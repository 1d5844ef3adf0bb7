"""The `vlok` command. Every command is thin: it reads settings, calls one thing, prints, and gives an exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

import settings as settings_module
from settings import BadSetting, Settings

if TYPE_CHECKING:
    from schedules.installation import Installation

_BRUSSELS = ZoneInfo("Europe/Brussels")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


class _Group(click.Group):
    """Shows the errors of all packages as one line, with the exit status that DESIGN fixes."""

    def invoke(self, context: click.Context) -> object:
        from etl.errors import EtlError
        from release.errors import ReleaseError
        from schedules.errors import ScheduleError

        try:
            return super().invoke(context)
        except BadSetting as error:
            click.echo(f"vlok: {error}", err=True)
            context.exit(2)
        except (EtlError, ReleaseError, ScheduleError) as error:
            click.echo(f"vlok: {error}", err=True)
            context.exit(1)
        except OSError as error:  # a disk or a folder that is not what a setting says
            click.echo(f"vlok: {error.filename or ''}: {error.strerror}", err=True)
            context.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Publish the Flemish housing-quality registers as open geodata, without anything about people.

    Example: vlok run daily --date 2026-11-21
    """


def _clock(settings: Settings) -> Callable[[], datetime]:
    """Now; or noon of the day that VLOK_CLOCK fixes (never in production)."""
    if settings.clock is not None:
        fixed = datetime.combine(settings.clock, time(12), _BRUSSELS)
        return lambda: fixed
    return lambda: datetime.now(_BRUSSELS)


def _installation(settings: Settings | None = None) -> Installation:
    from schedules.installation import Installation

    chosen = settings or settings_module.load()
    return Installation(chosen, _clock(chosen))


def _day(installation: Installation, given: datetime | None) -> date:
    return given.date() if given is not None else installation.clock().astimezone(_BRUSSELS).date()


@main.command()
@click.argument("job", type=click.Choice(["daily", "monthly", "purge"]))
@click.option("--date", "day", type=_DAY, help="The day to seal for; by default today in Brussels.")
@click.option("--dry-run", is_flag=True, help="Read and check the deliveries, publish and keep nothing.")
def run(job: str, day: datetime | None, dry_run: bool) -> None:
    """Take in the deliveries of a job, seal a release, prove it and publish it.

    Example: vlok run daily --date 2026-11-21
    """
    from schedules import jobs, rehearsal

    installation = _installation()
    if dry_run:
        sys.exit(rehearsal.rehearse(installation, job, _day(installation, day), click.echo))
    report = jobs.run(installation, job, _day(installation, day))
    click.echo(report.to_text())
    sys.exit(report.exit)


@main.command()
@click.option("--date", "day", type=_DAY, help="The day to seal for; by default today in Brussels.")
def publish(day: datetime | None) -> None:
    """Run the daily and the monthly job, and show what was published and where.

    Without VLOK_SOURCE these are the project's own example registers. Outside production a day that is given is the clock's too.
    Example: vlok publish --date 2026-11-21
    """
    loaded = settings_module.load()
    with _with_source(loaded if day is None else loaded.on_day(day.date())) as chosen:
        sys.exit(_publish(_installation(chosen), day))


@contextmanager
def _with_source(settings: Settings) -> Iterator[Settings]:
    """The settings; without a source, those of the example registers, which run for as long as the context lasts."""
    from schedules import homes

    if settings.source is not None:
        yield settings
        return
    from simulator.example import running

    settings = homes.for_example(settings)
    click.echo("VLOK_SOURCE is not set: publishing the example registers (fictional persons, schematic municipalities)", err=True)
    with running(settings.home / "example", clock=_clock(settings)) as example:
        values = settings.model_dump() | {
            "source": f"http:{example.url}",
            "token_url": example.token_url,
            "client_id": example.client_id,
            "client_key_file": example.client_key,
            "municipalities": settings.municipalities or str(example.municipalities),
        }
        yield Settings.model_validate(values)


def _publish(installation: Installation, day: datetime | None) -> int:
    from publish.shelf import View
    from publish.status import status
    from schedules import jobs
    from schedules.status import table

    wanted, exits = _day(installation, day), []
    for job in ("daily", "monthly"):
        click.echo(f"{job} job for {wanted} …", err=True)
        report = jobs.run(installation, job, wanted)
        click.echo(report.to_text())
        exits.append(report.exit)
    current = installation.current()
    if current is not None:
        click.echo(table(status(View(current, wanted, 0)), str(installation.settings.public_url).rstrip("/")))
    return jobs.worst(exits)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option("--workers", default=1, show_default=True)
@click.option("--with-jobs", is_flag=True, help="Run the jobs beside the server when they are due.")
def serve(host: str, port: int, workers: int, with_jobs: bool) -> None:
    """Serve the current release.

    Example: vlok serve --port 8080 --workers 2 --with-jobs
    """
    from schedules import serving

    loaded = settings_module.load()
    if (warning := serving.over(loaded.releases, _clock(loaded)().astimezone(_BRUSSELS).date())) is not None:
        click.echo(warning, err=True)
    if (warning := serving.made_elsewhere(loaded.releases, str(loaded.public_url), loaded.environment)) is not None:
        if loaded.environment == "production":  # a test must not pass for real data, nor be harvested
            raise click.ClickException(warning)
        click.echo(warning, err=True)
    serving.serve(host, port, workers, with_jobs=with_jobs)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
def demo(host: str, port: int) -> None:
    """Publish the example registers and serve them until Ctrl-C.

    Example: vlok demo --port 8080
    """
    from schedules import serving

    loaded = settings_module.load()
    if "public_url" not in loaded.model_fields_set:
        loaded = Settings.model_validate(loaded.model_dump() | {"public_url": f"http://{host}:{port}"})
    with _with_source(loaded) as chosen:
        _publish(_installation(chosen), None)
    click.echo(f"\nserving on http://{host}:{port}/ until Ctrl-C", err=True)
    os.environ.update(VLOK_HOME=str(chosen.home), VLOK_PUBLIC_URL=str(chosen.public_url))
    serving.serve(host, port, 1, with_jobs=False)


@main.command(hidden=True)
def jobs() -> None:
    """Run what is due, for ever (the child of `vlok serve --with-jobs`)."""
    import logging

    from schedules.runner import serve_jobs

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    serve_jobs(_installation())


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def status(as_json: bool) -> None:
    """Show what is public now, how fresh, and how many.

    Example: vlok status --json
    """
    from publish.shelf import Shelf
    from publish.status import status as current_status
    from schedules.status import table

    loaded = settings_module.load()
    found = current_status(Shelf(loaded.releases, _clock(loaded)).view())
    click.echo(found.model_dump_json(indent=1) if as_json else table(found, str(loaded.public_url).rstrip("/")))


@main.command()
def verify() -> None:
    """Check every digest and signature of the current release, and that every file and service agrees.

    Example: vlok verify
    """
    problems = _installation().publication.verify()
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


@main.command("verify-files")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify_files(folder: Path) -> None:
    """Check downloaded files: every format of a product holds the same objects.

    Example: vlok verify-files downloads/
    """
    from exports import readback

    problems = readback.compare(folder)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


@main.command("check-delivery")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def check_delivery(path: Path, as_json: bool) -> None:
    """Check a delivery as the publisher would, and publish nothing. PATH is the folder with levering.json, or a day's folder.

    Example: vlok check-delivery 2026-11-21/besluiten
    """
    from schedules import rehearsal

    reports = rehearsal.check(_installation(), path)
    if as_json:
        shown = [report.to_json() for report in reports]
        click.echo(shown[0] if len(shown) == 1 else "[" + ",\n".join(shown) + "]")
    else:
        click.echo("\n".join(report.to_text() for report in reports))
    verdicts = {report.verdict for report in reports}
    sys.exit(1 if "refuse" in verdicts else 3 if "hold" in verdicts else 0)


@main.group()
def release() -> None:
    """See what waits for a person, and decide.

    Example: vlok release list
    """


@release.command("list")
def release_list() -> None:
    """List held deliveries. Example: vlok release list"""
    for hold in _installation().store.ledger.holds():
        click.echo(f"{hold.id:>6}  {hold.dataset:<24} {hold.day}  number {hold.number}  {', '.join(hold.reasons)}")


@release.command("show")
@click.argument("number", type=int)
def release_show(number: int) -> None:
    """Show why a delivery is held. Example: vlok release show 12"""
    ledger = _installation().store.ledger
    held = ledger.delivery(number)
    click.echo(f"{held.dataset} of {held.day}: {held.state.value}; {held.delivered} records, {held.publishable} publishable objects")
    for reason in held.reasons:
        click.echo(f"  {reason}")
    for tally in ledger.findings(number):
        click.echo(f"  {tally.effect.value:<11} {tally.rule:<28} {tally.field:<28} {tally.count:>6} ×")


@release.command("approve")
@click.argument("number", type=int)
def release_approve(number: int) -> None:
    """Let a held delivery through, then what is queued behind it. Example: vlok release approve 12"""
    from schedules import decisions

    installation = _installation()
    report = decisions.approve(installation, number, _day(installation, None))
    click.echo(report.to_text())
    sys.exit(report.exit)


@release.command("reject")
@click.argument("number", type=int)
def release_reject(number: int) -> None:
    """Never take in a held delivery. Example: vlok release reject 12"""
    from schedules import decisions

    installation = _installation()
    decisions.reject(installation, number, _day(installation, None))
    click.echo(f"delivery {number} is rejected")


@release.command("withdraw")
@click.argument("dataset")
@click.option("--undo", is_flag=True, help="Publish it again, with the rows of the last run, after they were proven.")
def release_withdraw(dataset: str, undo: bool) -> None:
    """Take a dataset out of all services and files until --undo; needs VLOK_HOME only. Example: vlok release withdraw besluiten"""
    from schedules import decisions

    installation = _installation()
    report = (decisions.restore if undo else decisions.withdraw)(installation, dataset, _day(installation, None))
    click.echo("\n".join([*report.warnings, *report.failures, f"{dataset} is {'public again' if undo else 'withdrawn'}"]))


@main.group()
def dataset() -> None:
    """Look at the dataset definitions.

    Example: vlok dataset list
    """


@dataset.command("list")
def dataset_list() -> None:
    """List the datasets. Example: vlok dataset list"""
    for definition in _installation().definitions:
        click.echo(f"{definition.id:<24} {definition.cadence:<8} {definition.product.id:<48} {definition.legal_ground}")


@dataset.command("schema")
@click.argument("name")
@click.option("--public", is_flag=True, help="The public schema instead of the record's.")
def dataset_schema(name: str, public: bool) -> None:
    """Print the JSON Schema of a delivered record. Example: vlok dataset schema besluiten"""
    from etl.source_api import record_schema

    installation = _installation()
    definition = next((d for d in installation.definitions if d.id == name), None)
    if definition is None:
        raise click.BadParameter(f"no dataset {name}; see vlok dataset list")
    shown = [field.model_dump(mode="json", exclude_none=True) for field in definition.public] if public else record_schema(definition)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=9090, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same registers.")
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/example"),
    show_default=True,
    help="Folder for the client's key pair.",
)
def simulate(host: str, port: int, seed: int, keys: Path) -> None:
    """Serve the example registers over HTTP, in the form of the contract, until Ctrl-C.

    Example: vlok simulate --port 9090
    """
    from simulator import keys as example_keys
    from simulator import server

    pair = example_keys.make(keys)
    click.echo(f"VLOK_SOURCE=http:http://{host}:{port} VLOK_TOKEN_URL=http://{host}:{port}{server.TOKEN_PATH}", err=True)
    click.echo(f"VLOK_CLIENT_ID={server.CLIENT_ID} VLOK_CLIENT_KEY_FILE={pair.private}", err=True)
    server.serve(host, port, seed=seed, public_key=pair.public)


@main.command()
@click.option("--check", is_flag=True, help="Only say whether the generated documents are current.")
def docs(check: bool) -> None:
    """Generate the documents that derive from the definitions.

    Example: vlok docs --check
    """
    from schedules import documents

    stale = documents.write(Path(), _installation(Settings()), check=check)
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {path}")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
