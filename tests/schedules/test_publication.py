"""The act of publication over real download files: what does not agree with itself is never published, and damage is found."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from release import layout
from release.content import Candidate
from release.errors import BrokenRelease, NoRelease
from release.manifest import Manifest, ProductEntry
from release.pointer import Pointer
from release.reader import Release
from schedules.errors import ProofFailed
from schedules.installation import Installation
from schedules.jobs import Exit
from schedules.parity import Site
from schedules.parity.asking import opened
from schedules.parity.counts import counts
from tests.etl.deliveries import ATTESTS, DAY, DECISIONS, NEXT, World, register

PRODUCT = "Conformiteitsattest"


@pytest.fixture(scope="module")
def _published(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A few certificates and decisions, with every download file."""
    world = World(tmp_path_factory.mktemp("whole"), whole=True)
    for dataset in (ATTESTS, DECISIONS):
        world.deliver(dataset, DAY, register(dataset, size=4))
    world.run(DAY)
    return world


@pytest.fixture
def installation(_published: World, tmp_path: Path) -> Installation:
    """A copy that a test may damage."""
    folder = tmp_path / "world"
    shutil.copytree(_published.folder, folder)
    return World(folder, whole=True).installation(DAY)


@pytest.fixture
def release(installation: Installation) -> Release:
    found = installation.current()
    assert found is not None
    return found


def alter(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.unlink()  # files of two editions are one file on disk where nothing changed
    path.write_bytes(data)


def restate(installation: Installation, release: Release, change: Callable[[ProductEntry], ProductEntry]) -> None:
    """Write a manifest that says something else of a product, rightly signed."""
    manifest = release.edition(DAY)
    products = manifest.products | {PRODUCT: change(manifest.products[PRODUCT])}
    path = layout.edition_folder(release.folder, DAY) / layout.MANIFEST
    path.write_text(manifest.model_copy(update={"products": products}).signed(installation.keys.signing()).model_dump_json(indent=1))


def test_what_was_published_verifies(installation: Installation) -> None:
    assert installation.publication.verify() == []


@pytest.mark.parametrize(
    "name",
    [
        "tables/POI.POI/columns.arrow",
        "tables/POI.POI/gml32.bin",
        f"editions/{NEXT}/downloads/POI/POI_XLSX.zip",
        "schema.json",
    ],
)
def test_a_file_that_has_changed_is_found(installation: Installation, release: Release, name: str) -> None:
    alter(release.folder / name)
    try:
        problems = installation.publication.verify()
    except BrokenRelease:
        problems = [f"{name} is not what was sealed"]  # so bad that it cannot be opened
    assert f"{name} is not what was sealed" in problems


def test_a_file_that_is_absent_is_found(installation: Installation, release: Release) -> None:
    (release.folder / f"editions/{DAY}/downloads/POI/POI_CSV.zip").unlink()
    assert f"editions/{DAY}/downloads/POI/POI_CSV.zip is absent" in installation.publication.verify()


def test_a_manifest_that_another_wrote_is_found(installation: Installation, release: Release) -> None:
    path = layout.edition_folder(release.folder, DAY) / layout.MANIFEST
    manifest = Manifest.model_validate_json(path.read_bytes())
    path.write_text(manifest.model_copy(update={"content_id": "0" * 64}).model_dump_json(indent=1))
    with pytest.raises(BrokenRelease, match=f"the signature of the manifest of {DAY} is wrong"):
        installation.publication.verify()


def test_a_candidate_whose_files_disagree_is_not_published(installation: Installation, release: Release) -> None:
    candidate = release.folder.with_name("candidate")
    shutil.copytree(release.folder, candidate)
    downloads = layout.downloads_folder(candidate, DAY)
    other = "VlaamseInventarisOngeschikteOnbewoonbareWoningen"
    os.replace(downloads / other / f"{other}_GML.zip", downloads / PRODUCT / f"{PRODUCT}_GML.zip")
    with pytest.raises(ProofFailed, match=f"{PRODUCT}_GML.zip"):
        installation.publication.publish(Candidate(candidate), installation.keys.signing())
    assert not candidate.exists()
    assert Pointer(installation.settings.releases).folder() == release.folder


def test_a_candidate_whose_services_count_otherwise_is_not_published(installation: Installation, release: Release) -> None:
    candidate = release.folder.with_name("candidate")
    shutil.copytree(release.folder, candidate)
    restate(installation, Release.open(candidate), lambda entry: entry.model_copy(update={"public": entry.public + 1}))
    with opened(Release.open(candidate), Site(), [DAY]) as places:
        problems = list(counts(places[DAY]))
    channels = ("the ISO 19139 record", "WFS", "OGC API")
    assert problems == [f"{DAY} {PRODUCT}: {channel} serves 4, the manifest says 5" for channel in channels]
    with pytest.raises(ProofFailed, match="WFS serves 4, the manifest says 5"):
        installation.publication.publish(Candidate(candidate), installation.keys.signing())
    assert Pointer(installation.settings.releases).folder() == release.folder


def test_the_current_release_is_never_deleted_by_a_proof_that_fails(installation: Installation, release: Release) -> None:
    restate(installation, release, lambda entry: entry.model_copy(update={"public": entry.public + 1}))
    with pytest.raises(ProofFailed):
        installation.publication.publish(Candidate(release.folder), installation.keys.signing())
    assert release.folder.is_dir()


def test_before_the_first_publication_there_is_nothing_to_verify_or_sweep(tmp_path: Path) -> None:
    installation = World(tmp_path).installation(DAY)
    installation.publication.sweep()
    with pytest.raises(NoRelease, match="vlok run daily"):
        installation.publication.verify()
    assert installation.current() is None


def test_a_release_that_is_lost_is_made_anew_by_the_next_job(world: World) -> None:
    before = world.release().content_id(DAY)
    shutil.rmtree(world.release().folder)
    assert world.run(DAY).exit is Exit.DONE
    assert world.release().content_id(DAY) == before


def test_a_pointer_that_cannot_be_read_is_replaced_by_the_next_job(world: World) -> None:
    Pointer(world.home / "releases").path.write_bytes(b"{")
    assert world.run(DAY).exit is Exit.DONE
    assert world.release().edition(DAY).day == DAY
