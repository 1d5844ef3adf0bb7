"""A sealed release with something else in it, sealed anew beside the one that there was: its proof, or what is withdrawn. Only
`schedules.publication` imports this.

Every file that stays is linked, so that each of the two folders is whole whenever the program ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from release import layout
from release.content import Candidate, Suite
from release.errors import BrokenRelease
from release.manifest import Manifest, Parity
from release.reader import Release
from release.schema import Freshness
from release.soundness import sealed_files
from release.writer import seal_folder, write_documents, write_freshness

_CATALOGUE = "catalogue"


def amend(candidate: Candidate, parity: Mapping[date, Mapping[str, Parity]], key: Ed25519PrivateKey) -> Candidate:
    """A candidate with the proof in its manifests, by day and product."""
    sealed = sealed_files(candidate.folder)
    with _beside(candidate.folder) as folder:
        for day, products in parity.items():
            path = layout.edition_folder(folder, day) / layout.MANIFEST
            manifest = _proven(Manifest.model_validate_json(path.read_bytes()), products).signed(key)
            path.unlink()  # another name of the same file is in the candidate
            path.write_text(manifest.model_dump_json(indent=1), "utf-8")
            del sealed[path.relative_to(folder).as_posix()]
        amended = seal_folder(folder, candidate.folder.parent, sealed)
    return replace(amended, mended=amended.mended or candidate.mended, warnings=candidate.warnings)


def _proven(manifest: Manifest, parity: Mapping[str, Parity]) -> Manifest:
    """A product without proof has none in the manifest either."""
    products = {name: entry.model_copy(update={"parity": parity.get(name)}) for name, entry in manifest.products.items()}
    return manifest.model_copy(update={"products": products})


def by_hand(freshness: tuple[Freshness, ...], decided: Mapping[str, date | None]) -> tuple[Freshness, ...]:
    """The same with the datasets withdrawn that a person withdrew, and no others."""
    return tuple(
        entry.model_copy(update={"withdrawn": entry.dataset in decided, "withdrawn_on": decided.get(entry.dataset)}) for entry in freshness
    )


def withdraw(candidate: Candidate, decided: Mapping[str, date | None], suite: Suite) -> Candidate:
    """A candidate, or a release, with these datasets withdrawn by hand, and no others.

    What is said about them is written anew, and nothing else: no row, no file and no manifest. So it needs no key and proves
    nothing: the bytes of what stays public are those that were proven. Where a manifest is damaged the day is left without a
    catalogue, so that the damage does not keep a dataset public. Raises `BrokenRelease` when the release cannot be opened.
    """
    release = Release.open(candidate.folder)
    freshness = by_hand(release.freshness, decided)
    if freshness == release.freshness:
        return candidate
    with _beside(candidate.folder) as folder:
        sealed = {name: known for name, known in _stated(candidate.folder).items() if not _said(name)}
        for path in [*folder.glob(f"editions/*/{_CATALOGUE}"), folder / layout.FRESHNESS]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        write_freshness(folder, freshness)
        stated = Release.open(folder)
        for day in stated.days:
            with suppress(BrokenRelease):
                write_documents(stated, day, stated.edition(day).products, suite)
        withdrawn = seal_folder(folder, candidate.folder.parent, sealed)
    return replace(withdrawn, mended=withdrawn.mended or candidate.mended, warnings=candidate.warnings)


def _stated(folder: Path) -> dict[str, str]:
    """The digests as sealed; when they are lost every file counts as damaged, so that the next job makes all anew."""
    try:
        return sealed_files(folder)
    except BrokenRelease:
        names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != layout.SEAL)
        return dict.fromkeys(names, "unknown")


def _said(name: str) -> bool:
    """Whether a file of a release says what is withdrawn."""
    return name == layout.FRESHNESS or (name.startswith("editions/") and name.split("/")[2] == _CATALOGUE)


@contextmanager
def _beside(sealed: Path) -> Iterator[Path]:
    """A folder with every file of a sealed one but the seal; gone when something fails."""
    folder = Path(tempfile.mkdtemp(prefix=".candidate-", dir=sealed.parent))
    try:
        shutil.copytree(sealed, folder, copy_function=os.link, dirs_exist_ok=True, ignore=shutil.ignore_patterns(layout.SEAL))
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
