"""The feed over publications and midnights: nothing that went is ever missing, and no entry ever changes."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from release import journal, layout
from release.pointer import Pointer
from schedules import decisions
from schedules.publication import Publication
from tests.etl.deliveries import ATTESTS, DAY, NEXT, certificate, register
from tests.publish.changes.clocked import Clocked

ATTEST, INVENTORY, POLICY = "Conformiteitsattest", "VlaamseInventarisOngeschikteOnbewoonbareWoningen", "Woningkwaliteitsbeleid"


def last(feed: dict[str, Any], product: str) -> dict[str, Any]:
    return feed["entries"][-1]["products"][product]


def test_the_first_publication_has_an_entry_with_counts_and_nothing_gone(clocked: Clocked) -> None:
    entry = clocked.feed()["entries"][0]
    assert entry["time"] == f"{DAY}T12:00:00+01:00"
    assert entry["products"][ATTEST] == {"withdrawn": False, "public": 20, "came": 20, "went": 0, "gone": []}


def test_the_newest_entry_names_the_release_of_every_answer(clocked: Clocked) -> None:
    answer = clocked.client.get("/wijzigingen.json")
    feed = answer.json()
    assert answer.headers["X-Release"] == feed["release"] == feed["entries"][-1]["release"]


def test_what_is_delivered_no_more_is_gone_by_its_id_and_nothing_else_is_told_of_it(clocked: Clocked) -> None:
    before, held = clocked.feed(), clocked.ids(ATTEST)
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS)[1:], number=50)
    clocked.run()
    feed = clocked.feed(before["sequence"])
    (gone,) = held - clocked.ids(ATTEST)
    assert [entry["time"] for entry in feed["entries"]] == [f"{DAY}T15:00:00+01:00"]
    assert last(feed, ATTEST) == {"withdrawn": False, "public": 19, "came": 0, "went": 1, "gone": [gone]}
    assert last(feed, "POI")["gone"] == [gone]
    assert last(feed, INVENTORY)["gone"] == []


def test_of_what_came_only_the_number_is_told(clocked: Clocked) -> None:
    before, held = clocked.feed(), clocked.ids(ATTEST)
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS, certificate(77)), number=50)
    clocked.run()
    feed = clocked.feed(before["sequence"])
    (came,) = clocked.ids(ATTEST) - held
    assert last(feed, ATTEST) == {"withdrawn": False, "public": 21, "came": 1, "went": 0, "gone": []}
    assert str(came) not in json.dumps(feed)


def test_an_object_whose_address_changes_has_not_gone(clocked: Clocked) -> None:
    before = clocked.feed()
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS, certificate(3, {"adres.huisnummer": "3B"})), number=50)
    clocked.run()
    feed = clocked.feed(before["sequence"])
    assert feed["release"] != before["release"]
    assert last(feed, ATTEST) == {"withdrawn": False, "public": 20, "came": 0, "went": 0, "gone": []}


def test_a_publication_without_change_is_no_news(clocked: Clocked) -> None:
    before = clocked.feed()
    clocked.at(DAY, 15).run()
    assert clocked.feed() == before


def test_at_midnight_the_entry_is_there_without_a_job(clocked: Clocked) -> None:
    before, held = clocked.feed(), clocked.ids(ATTEST)
    assert clocked.at(DAY, 23, 59).feed() == before
    feed = clocked.at(NEXT, 0, 0).feed(before["sequence"])
    (gone,) = held - clocked.ids(ATTEST)
    assert [(entry["time"], entry["release"]) for entry in feed["entries"]] == [(f"{NEXT}T00:00:00+01:00", feed["release"])]
    assert last(feed, ATTEST) == {"withdrawn": False, "public": 19, "came": 0, "went": 1, "gone": [gone]}
    assert len(last(feed, "POI")["gone"]) == 3


@pytest.mark.parametrize("job", ["purge", "daily"])
def test_a_job_after_midnight_writes_down_the_entry_that_a_server_already_gave(clocked: Clocked, job: str) -> None:
    told = clocked.at(NEXT, 0, 1).feed()
    clocked.at(NEXT, 0, 5).world.deliver_all(NEXT)
    clocked.run(job)
    for server in (clocked.client, clocked.fresh()):
        feed = clocked.feed(client=server)
        assert feed["entries"][: len(told["entries"])] == told["entries"]
        assert feed["sequence"] == told["sequence"]


def test_each_of_several_midnights_without_a_job_has_its_entry_if_it_took_something_away(clocked: Clocked) -> None:
    ends = [certificate(n, {"geldigTot": (DAY + timedelta(days=n)).isoformat()}) for n in (2, 4)]
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS, *ends), number=50)
    clocked.run()
    before = clocked.feed()
    told = clocked.at(DAY + timedelta(days=6)).feed(before["sequence"])
    went = {entry["time"][:10]: entry["products"][ATTEST]["went"] for entry in told["entries"] if entry["products"][ATTEST]["went"]}
    assert went == {str(DAY + timedelta(days=days)): 1 for days in (1, 3, 5)}
    clocked.run("purge")
    assert clocked.feed(before["sequence"])["entries"][: len(told["entries"])] == told["entries"]


class _Dies(Exception):
    pass


@pytest.mark.parametrize("written", [0, 1], ids=["before the pointer moved", "after it moved"])
def test_a_run_that_dies_before_the_journal_is_written_leaves_no_removal_out(
    clocked: Clocked, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    before, held = clocked.feed(), clocked.ids(ATTEST)
    clocked.at(NEXT, 5, 30).world.deliver_all(NEXT, ATTESTS)
    clocked.world.deliver(ATTESTS, NEXT, register(ATTESTS)[1:])
    record_, calls = Publication.record, []

    def dies(publication: Publication) -> object:
        calls.append(publication)
        if len(calls) > written:
            raise _Dies
        return record_(publication)

    with monkeypatch.context() as patch:
        patch.setattr(Publication, "record", dies)
        with pytest.raises(_Dies):
            clocked.run()
    clocked.installation.publication.sweep()
    told = [clocked.feed(before["sequence"], server) for server in (clocked.client, clocked.fresh())]
    assert told[0] == told[1]
    clocked.at(NEXT, 9).run()
    clocked.at(NEXT, 12).installation.publication.sweep()
    after = clocked.feed(before["sequence"])
    assert after["entries"][: len(told[0]["entries"])] == told[0]["entries"]
    gone = [number for entry in after["entries"] for number in entry["products"][ATTEST]["gone"]]
    assert sorted(gone) == sorted(held - clocked.ids(ATTEST))
    assert len(gone) == 2


def test_the_release_before_stays_until_the_journal_says_what_went_with_it(clocked: Clocked) -> None:
    releases = clocked.world.home / "releases"
    old = Pointer(releases).folder()
    known = journal.read(releases)
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS)[1:], number=50)
    clocked.run()
    assert known is not None and old.is_dir()
    current = journal.read(releases)
    journal.write(releases, known)
    clocked.at(DAY, 20).installation.publication.sweep()
    assert old.is_dir()
    assert current is not None
    journal.write(releases, current)
    clocked.installation.publication.sweep()
    assert not old.exists()


@pytest.mark.parametrize("damaged", [".", "columns"])
def test_when_the_release_before_is_lost_every_cursor_has_to_compare_with_the_full_list(clocked: Clocked, damaged: str) -> None:
    before, folder = clocked.feed(), clocked.world.release().folder
    if damaged == ".":
        shutil.rmtree(folder)
    else:
        (layout.table_folder(folder, "POI:POI") / layout.COLUMNS).unlink()
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS)[1:], number=50)
    clocked.run()
    assert clocked.client.get(f"/wijzigingen.json?since={before['sequence']}").status_code == 410
    assert clocked.feed()["sequence"] > before["sequence"]
    assert clocked.feed(clocked.feed()["sequence"])["entries"] == []


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"{"), Path.unlink], ids=["damaged", "lost"])
def test_a_journal_that_begins_anew_answers_no_cursor_of_before(clocked: Clocked, damage: Any) -> None:
    before = clocked.feed()
    clocked.at(DAY, 15).world.deliver(ATTESTS, DAY, register(ATTESTS)[1:], number=50)
    clocked.run()
    damage(journal.path(clocked.world.home / "releases"))
    assert clocked.client.get(f"/wijzigingen.json?since={before['sequence']}").status_code == 410
    assert clocked.feed()["sequence"] > before["sequence"]


def test_a_dataset_that_is_withdrawn_is_told_as_a_whole_and_not_id_by_id(clocked: Clocked) -> None:
    before = clocked.feed()
    decisions.withdraw(clocked.at(DAY, 15).installation, ATTESTS, DAY)
    feed = clocked.feed(before["sequence"])
    assert last(feed, ATTEST) == last(feed, "POI") == {"withdrawn": True, "public": None, "came": 0, "went": 0, "gone": []}
    assert last(feed, INVENTORY)["withdrawn"] is False
    assert feed["products"][ATTEST]["withdrawn"] is True
    assert clocked.client.get(f"/downloads/{ATTEST}/{ATTEST}_ids.txt").status_code == 503
    decisions.restore(clocked.at(NEXT, 15).installation, ATTESTS, NEXT)
    feed = clocked.feed(feed["sequence"])
    assert last(feed, ATTEST) == {"withdrawn": False, "public": 19, "came": 19, "went": 0, "gone": []}


def test_a_dataset_that_withdraws_itself_for_its_age_is_told_at_that_midnight(clocked: Clocked) -> None:
    day = DAY + timedelta(days=4)
    feed = clocked.at(day).feed()
    assert [entry["time"] for entry in feed["entries"] if entry["products"][INVENTORY]["withdrawn"]] == [f"{day}T00:00:00+01:00"]


def test_entries_older_than_the_setting_are_gone_with_or_without_a_job(clocked: Clocked) -> None:
    clocked.days = 10
    before = clocked.feed()
    old, young = (clocked.at(DAY + timedelta(days=days)).client for days in (10, 11))
    assert clocked.at(DAY + timedelta(days=10)).feed(before["oldest"], old)["entries"]
    gone = clocked.at(DAY + timedelta(days=11)).client.get(f"/wijzigingen.json?since={before['oldest']}")
    assert young and gone.status_code == 410
    assert "_ids.txt" in gone.json()["description"]
    assert clocked.client.get(f"/wijzigingen.json?since={before['sequence']}").status_code == 200


@pytest.mark.parametrize(("since", "status"), [("x", 400), ("-1", 400), ("0", 410), ("999999999999", 410)])
def test_a_cursor_that_is_none_or_unknown_is_refused(clocked: Clocked, since: str, status: int) -> None:
    assert clocked.client.get(f"/wijzigingen.json?since={since}").status_code == status


def test_an_answer_that_is_known_is_not_sent_again_until_something_changes(clocked: Clocked) -> None:
    first = clocked.client.get("/wijzigingen.json")
    kept = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert first.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert clocked.client.get("/wijzigingen.json", headers=kept).status_code == 304
    assert clocked.at(NEXT, 0, 0).client.get("/wijzigingen.json", headers=kept).status_code == 200


def test_municipalities_are_named_by_their_nis_codes(clocked: Clocked) -> None:
    assert clocked.feed()["products"][POLICY]["key"] == "NISCODE"
    assert clocked.client.get(f"/downloads/{POLICY}/{POLICY}_ids.txt").text.splitlines()[:2] == ["11002", "12025"]


def test_a_list_of_ids_is_that_of_the_services_today(clocked: Clocked) -> None:
    for now in (clocked.at(DAY), clocked.at(NEXT, 0, 0)):
        rows = clocked.world.rows(ATTESTS, now.now.date())
        assert clocked.ids(ATTEST) == {int(row["OIDN"]) for row in rows}


def test_a_list_in_another_folder_is_not_there(clocked: Clocked) -> None:
    assert clocked.client.get(f"/downloads/{ATTEST}/POI_ids.txt").status_code == 404
    assert clocked.client.get("/downloads/Nothing/Nothing_ids.txt").status_code == 404


def test_the_document_has_the_form_that_the_documentation_states(clocked: Clocked, root: Path) -> None:
    (text,) = re.findall(r"```json\n(.*?)```", (root / "docs" / "changes.md").read_text("utf-8"), re.DOTALL)
    schema = Draft202012Validator(json.loads(text), format_checker=FormatChecker())
    decisions.withdraw(clocked.at(NEXT).installation, ATTESTS, NEXT)
    feed = clocked.feed()
    assert len(feed["entries"]) == 4
    assert list(schema.iter_errors(feed)) == []
    assert list(schema.iter_errors(feed | {"more": 1}))


def test_nothing_of_an_object_but_its_id_is_in_the_feed(clocked: Clocked) -> None:
    text = clocked.at(NEXT).client.get("/wijzigingen.json").text + clocked.client.get("/wijzigingen.atom").text
    assert not [word for word in ("Attestlaan", "Besluitplein", "Vorderingsweg", "Gent") if word in text]
    assert Pointer(clocked.world.home / "releases").read().seal not in text
