"""The documents that derive from definitions, settings and rules: written, or compared with what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from etl.definitions import DatasetDefinition
from etl.pages.disclosure import disclosure
from etl.pages.faults import faulty_samples
from etl.pages.findings import findings
from etl.pages.markdown import code, page, table
from etl.pages.messages import messages
from etl.pages.samples import Sample, samples
from etl.report import DeliveryReport
from publish.ogcapi.config import pygeoapi_config, yaml_text
from schedules import rehearsal
from schedules.installation import Installation
from schedules.jobs import Exit
from schedules.settings_page import settings_page
from settings import Settings

KIT = "docs/aansluiten"
"""The connection kit for source holders."""

EXAMPLES = f"{KIT}/voorbeelden"

_GENERATED = (f"{KIT}/berichtspecificatie", f"{KIT}/schema", EXAMPLES)
"""Folders in which everything is generated: what is left over there is stale too."""

_PLAIN_PYGEOAPI = "http://127.0.0.1:5000"

_ANSWER = "ANTWOORD.txt"


def write(root: Path, installation: Installation, *, check: bool = False) -> tuple[Path, ...]:
    """Write the documents that are not current below `root` and delete what is left over; with `check` only name them."""
    documents = dict(_documents(installation))
    stale = [root / name for name, content in documents.items() if _read(root / name) != content]
    left = [path for path in _present(root) if path.relative_to(root).as_posix() not in documents]
    if not check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(documents[path.relative_to(root).as_posix()])
        for path in left:
            path.unlink()
    return tuple(sorted([*stale, *left]))


def exit_of(report: DeliveryReport) -> Exit:
    """The exit status with which `vlok check-delivery` ends."""
    return {"publish": Exit.DONE, "hold": Exit.HELD}.get(report.verdict, Exit.FAILED)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _present(root: Path) -> Iterator[Path]:
    for folder in _GENERATED:
        yield from (path for path in (root / folder).rglob("*") if path.is_file())


def _documents(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Every generated document: its path below the root, and its bytes."""
    definitions = installation.definitions
    pages = {
        "pygeoapi-config.yml": yaml_text(pygeoapi_config(installation.schema, _PLAIN_PYGEOAPI, Settings().releases)),
        "docs/disclosure.md": disclosure(definitions),
        "docs/settings.md": settings_page(),
        "docs/findings.md": findings("en"),
        f"{KIT}/bevindingen.md": findings("nl"),
        **{f"{KIT}/{name}": text for name, text in messages(definitions)},
    }
    yield from ((name, text.encode("utf-8")) for name, text in pages.items())
    yield from _examples(installation, definitions)


def _examples(installation: Installation, definitions: tuple[DatasetDefinition, ...]) -> Iterator[tuple[str, bytes]]:
    good, bad = list(samples(definitions)), list(faulty_samples(definitions))
    for sample in (*good, *bad):
        yield from ((f"{EXAMPLES}/{sample.path}/{name}", data) for name, data in sample.files.items())
    for sample in bad:
        yield f"{EXAMPLES}/{sample.folder}/{_ANSWER}", _answer(installation, sample).encode("utf-8")
    yield f"{EXAMPLES}/README.md", _overview(good, bad).encode("utf-8")


def _answer(installation: Installation, sample: Sample) -> str:
    """What the check says of an example, as it says it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / sample.path
        folder.mkdir(parents=True)
        for file, data in sample.files.items():
            (folder / file).write_bytes(data)
        (report,) = rehearsal.check(installation, folder)
    command = f"vlok check-delivery {EXAMPLES}/{sample.path}"
    return f"{sample.shows}\n\n$ {command}\n{report.to_text()}\n\nAfsluitcode: {exit_of(report).value}\n"


def _overview(good: Iterable[Sample], bad: Iterable[Sample]) -> str:
    right = table(("voorbeeld", "wat het toont"), [(f"[{sample.path}]({sample.path}/levering.json)", sample.shows) for sample in good])
    wrong = table(
        ("voorbeeld", "register", "wat er mis is", "code", "antwoord"),
        [
            (f"[{sample.folder}]({sample.folder}/{_ANSWER})", sample.dataset, sample.shows, code(sample.code), _VERDICTS[sample.verdict])
            for sample in bad
        ],
    )
    return page("Voorbeelden", _ABOUT, "## Goede leveringen", right, "## Leveringen met één fout", _ABOUT_BAD, wrong)


_ABOUT = (
    "Echte leveringen in het klein. Alles is verzonnen: woningen, sleutels, adressen en regels; alleen de NIS-codes en de namen van "
    "gemeenten bestaan. `vlok check-delivery` neemt de goede aan, en zegt van elke foute wat in haar `ANTWOORD.txt` staat. "
    "Tests kijken dat na."
)
_ABOUT_BAD = (
    "Het tweede record, of de levering zelf, heeft één fout. *Aanvaard* betekent dat de levering doorgaat en alleen het foute record, "
    "de foute regel of de foute waarde wegblijft. De codes staan in [bevindingen](../bevindingen.md)."
)
_VERDICTS = {"publish": "aanvaard, met een bevinding", "hold": "aangehouden", "refuse": "geweigerd"}
