"""`vlok release withdraw`: the emergency stop needs the home and nothing else, touches no other dataset, and lasts until it is undone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from etl.errors import EtlError
from release import journal, layout
from release.errors import Withdrawn
from release.pointer import Pointer
from release.reader import Release
from release.schema import DatasetState
from release.soundness import damage, sealed_files
from schedules import decisions, withdrawals
from schedules.errors import ProofFailed, WithdrawalsLost
from schedules.parity import Proof
from schedules.publication import Publication
from tests.etl.deliveries import ATTESTS, CLAIMS, DAY, DECISIONS, NEXT, PARAMETERS, World, houses, record, register

LATER = NEXT + timedelta(days=1)


def bare(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell in which nothing is set but the home (and the day): no source, no secret, no municipalities, no database."""
    for name in ("VLOK_SOURCE", "VLOK_SECRET_FILE", "VLOK_MUNICIPALITIES", "VLOK_DATABASE_URL", "VLOK_PUBLIC_URL", "VLOK_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VLOK_HOME", str(world.home))
    monkeypatch.setenv("VLOK_CLOCK", DAY.isoformat())
    shutil.rmtree(world.deliveries)
    (world.folder / "secret").unlink()
    for state in world.home.glob("state.sqlite*"):
        state.unlink()


def files(release: Release) -> Mapping[str, str]:
    """Digests of everything but what is said about withdrawals."""
    return {name: known for name, known in sealed_files(release.folder).items() if "/catalogue/" not in name and name != layout.FRESHNESS}


def test_the_command_needs_the_home_alone_and_changes_no_byte_of_another_dataset(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.release()
    bare(world, monkeypatch)
    answer = CliRunner().invoke(main, ["release", "withdraw", DECISIONS])
    assert (answer.exit_code, answer.output) == (0, f"{DECISIONS} is withdrawn\n")
    after = Release.open(Pointer(world.home / "releases").folder())
    assert after.states(DAY)[DECISIONS] is DatasetState.WITHDRAWN
    assert after.states(DAY)[ATTESTS] is DatasetState.CURRENT
    assert (files(after), list(damage(after.folder))) == (files(before), [])
    assert not (world.home / "secret").exists() and not (world.home / "state.sqlite").exists()


def test_an_unknown_dataset_cannot_be_withdrawn(world: World) -> None:
    with pytest.raises(EtlError, match="no dataset woningen"):
        decisions.withdraw(world.installation(DAY), "woningen", DAY)
    assert world.installation(DAY).publication.withdrawals.read() == {}


def test_it_waits_for_no_job_and_the_job_that_runs_meanwhile_does_not_bring_it_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proven = Publication._proven

    def interrupted(publication: Publication, *arguments: object) -> object:
        decisions.withdraw(world.installation(NEXT), DECISIONS, NEXT)  # another process: the job holds its lock
        assert world.release().states(NEXT)[DECISIONS] is DatasetState.WITHDRAWN
        return proven(publication, *arguments)  # type: ignore[arg-type] # as they were given

    monkeypatch.setattr(Publication, "_proven", interrupted)
    world.deliver(ATTESTS, NEXT, [*register(ATTESTS), record(ATTESTS, 21)])
    world.run(NEXT)
    assert "21" in world.public(ATTESTS, NEXT)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, NEXT)
    assert list(damage(world.release().folder)) == []


def test_no_proof_that_fails_keeps_a_dataset_public(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Publication, "_prove", lambda *_: Proof(("WFS gives another row",), {}))
    monkeypatch.setattr(type(world.installation(DAY).publication), "_prove", Publication._prove)
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)


def test_it_lasts_through_runs_and_purges_and_the_register_goes_on_behind_it(world: World) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS), record(DECISIONS, 21)])
    for job in ("daily", "purge", "monthly"):
        world.run(NEXT, job)
        with pytest.raises(Withdrawn, match="ingetrokken door de beheerder"):
            world.public(DECISIONS, NEXT)
    decisions.restore(world.installation(NEXT), DECISIONS, NEXT)
    assert world.public(DECISIONS, NEXT) == houses(21, 20)  # with what was accepted meanwhile


def test_withdrawing_twice_keeps_the_first_day_and_makes_no_other_release(world: World) -> None:
    first = decisions.withdraw(world.installation(DAY), DECISIONS, DAY).release
    second = decisions.withdraw(world.installation(NEXT), DECISIONS, NEXT).release
    assert first is not None and second is not None
    assert first.folder == second.folder
    assert world.installation(NEXT).publication.withdrawals.read() == {DECISIONS: DAY}


def test_the_dates_are_those_of_the_withdrawal_and_of_the_return(world: World) -> None:
    product = "VlaamseInventarisOngeschikteOnbewoonbareWoningen"
    decisions.withdraw(world.installation(NEXT), DECISIONS, NEXT)
    world.run(LATER)
    assert world.release().withdrawals(LATER) == {product: NEXT, "POI": NEXT}
    decisions.restore(world.installation(LATER), DECISIONS, LATER)
    assert world.release().withdrawals(LATER) == {}
    entries = world.release().edition(LATER).products
    assert entries[product].since == LATER  # whoever harvested the record without files sees that it is another one
    assert entries["Woningkwaliteitsbeleid"].since == DAY
    world.run(LATER)
    assert world.release().edition(LATER).products[product].since == LATER


def test_by_age_the_date_is_that_of_the_calendar(world: World) -> None:
    last = DAY + timedelta(days=3)
    world.run(last)
    assert world.release().withdrawals(last) == {}
    following = last + timedelta(days=1)
    assert set(world.release().withdrawals(following).values()) == {following}
    assert "Conformiteitsattest" not in world.release().withdrawals(following)


def test_a_return_that_cannot_be_proven_leaves_it_withdrawn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    quick = type(world.installation(DAY).publication)
    monkeypatch.setattr(quick, "_prove", lambda *_: Proof(("WFS gives another row",), {}))
    with pytest.raises(ProofFailed):
        decisions.restore(world.installation(DAY), DECISIONS, DAY)
    assert world.installation(DAY).publication.withdrawals.read() == {DECISIONS: DAY}
    monkeypatch.undo()
    world.run(NEXT)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, NEXT)


def test_a_return_asks_no_source_and_no_municipalities_and_makes_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.rows(PARAMETERS, DAY)
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    poorer = World(world.folder, settings={"source": None, "municipalities": str(world.folder / "nowhere.gpkg")})
    decisions.restore(poorer.installation(DAY), DECISIONS, DAY)
    assert world.rows(PARAMETERS, DAY) == before
    with pytest.raises(EtlError, match="VLOK_SECRET_FILE"):
        decisions.restore(World(world.folder, settings={"secret_file": None}).installation(DAY), DECISIONS, DAY)
    assert not (world.home / "secret").exists()


def test_the_feed_of_changes_tells_it_and_lists_no_ids(world: World) -> None:
    decisions.withdraw(world.installation(DAY), CLAIMS, DAY)
    known = journal.read(world.home / "releases")
    assert known is not None
    product = known.changes[-1].products["RegisterHerstelvorderingen"]
    assert (product.public, product.gone) == (None, ())
    assert known.changes[-1].products["Conformiteitsattest"].gone == ()


def test_a_release_that_lost_its_seal_still_loses_the_dataset_and_is_made_anew_by_the_next_job(world: World) -> None:
    (world.release().folder / layout.SEAL).write_bytes(b"{")
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)
    assert list(damage(world.release().folder)) != []
    report = world.run(DAY)
    assert report.warnings
    assert list(damage(world.release().folder)) == []
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)


def test_a_release_that_cannot_be_opened_is_replaced_from_the_state_without_the_dataset(world: World) -> None:
    shutil.rmtree(world.release().folder / "tables")
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    assert world.public(ATTESTS, DAY) == houses(20)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)


def test_when_that_is_impossible_it_says_so_and_no_later_release_shows_the_dataset(world: World) -> None:
    shutil.rmtree(world.release().folder / "tables")
    with pytest.raises(EtlError, match="stays out of every next release, but"):
        decisions.withdraw(World(world.folder, settings={"source": None}).installation(DAY), DECISIONS, DAY)
    world.run(DAY)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)


def test_the_list_outlives_every_release(world: World) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    shutil.rmtree(world.home / "releases")
    world.run(DAY)
    with pytest.raises(Withdrawn):
        world.public(DECISIONS, DAY)


@pytest.mark.parametrize("damaged", [None, b"", b"[1]"])
def test_a_list_that_is_lost_is_what_the_release_says(world: World, damaged: bytes | None) -> None:
    decisions.withdraw(world.installation(DAY), DECISIONS, DAY)
    path = world.home / withdrawals.FILE
    if damaged is None:
        path.unlink()
    else:
        path.write_bytes(damaged)
    assert world.installation(DAY).publication.withdrawals.read() == {DECISIONS: DAY}
    assert json.loads(path.read_bytes()) == {DECISIONS: DAY.isoformat()}


def test_when_nothing_tells_any_more_what_is_withdrawn_nothing_is_published(world: World) -> None:
    (world.home / withdrawals.FILE).write_bytes(b"{")
    Pointer(world.home / "releases").path.write_bytes(b"")
    with pytest.raises(WithdrawalsLost, match="write into it what is withdrawn"):
        world.run(DAY)


def test_nothing_of_its_files_is_left_in_the_catalogue(tmp_path: Path) -> None:
    world = World(tmp_path, whole=True, settings={"environment": "production", "public_url": "https://data.example.org/basis"})
    world.deliver(DECISIONS, DAY, register(DECISIONS, size=4))
    world.deliver(ATTESTS, DAY, register(ATTESTS, size=4))
    world.run(DAY)
    product = world.release().edition(DAY).products["Conformiteitsattest"]
    unset = World(tmp_path, whole=True)  # with no address and no environment set: the documents are made for whom they were
    release = decisions.withdraw(unset.installation(NEXT), ATTESTS, NEXT).release
    assert release is not None
    for day in release.days:
        folder = layout.catalogue_folder(release.folder, day)
        texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
        whole = "\n".join(texts.values())
        other = release.edition(day).products["VlaamseInventarisOngeschikteOnbewoonbareWoningen"]
        for file in product.files:
            assert file.sha256 not in whole and f"/downloads/{file.path}" not in whole
        assert all(file.sha256 in texts["dcat.ttl"] for file in other.files if file.bytes)
        uuid = next(one.uuid for one in release.schema.products if one.id == "Conformiteitsattest")
        record_ = texts[f"iso/{uuid}.xml"]
        assert "TIJDELIJK INGETROKKEN" in record_ and "TEMPORARILY WITHDRAWN" in texts["dcat.ttl"]
        assert "geometricObjectCount" not in record_ and "Aantal publieke objecten" not in record_
        assert "TEST" not in whole and "https://data.example.org/basis/" in record_
        if day >= NEXT:
            assert f"<gmd:dateStamp><gco:Date>{NEXT}</gco:Date></gmd:dateStamp>" in record_
