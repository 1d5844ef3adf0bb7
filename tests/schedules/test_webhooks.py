"""Those who asked for it are told of a change, signed and without ids; what fails is tried again, and never keeps a job."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import pytest

import settings
from release import journal
from schedules import decisions, jobs
from schedules.errors import BadSecret, NoticeFailed
from schedules.installation import Installation
from schedules.jobs import Exit
from schedules.notices import Courier
from schedules.runner import run_due
from schedules.webhooks import PAUSES, Webhooks, read_secret
from tests.etl.deliveries import ATTESTS, DAY, NEXT, World, noon

SECRET = b"0123456789abcdef0123456789abcdef"
ONE, OTHER = "https://one.example.org/told?key=hidden", "https://other.example.org/"


@dataclass(frozen=True)
class Recorder(Courier):
    """Keeps what it is to bring; `failing` hosts answer with an error."""

    brought: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    async def bring(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        if url in self.failing:
            raise NoticeFailed("answered 500")
        self.brought.append((url, body, headers))


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "webhook-secret"
    file.write_text(f"whsec_{base64.b64encode(SECRET).decode()}\n")
    return file


@pytest.fixture
def courier() -> Recorder:
    return Recorder()


@pytest.fixture
def hooks(world: World, secret_file: Path, courier: Recorder) -> Webhooks:
    return Webhooks((ONE, OTHER), secret_file, world.home, world.home / "releases", "https://data.example.org", True, courier)


@pytest.fixture
def installation(world: World, hooks: Webhooks) -> Installation:
    """At noon of the next day, with these addresses."""
    plain = world.installation(NEXT)

    class Told(type(plain)):  # type: ignore[misc] # the class of a quick installation
        @cached_property
        def webhooks(self) -> Webhooks:
            return hooks

    return Told(plain.settings, plain.clock)


def test_a_notice_has_counts_and_the_address_of_the_feed_and_no_ids(hooks: Webhooks, courier: Recorder, world: World) -> None:
    assert hooks.announce(noon(DAY)) == ()
    body = json.loads(courier.brought[0][1])
    change = journal.read(world.home / "releases").changes[-1]
    assert body["type"] == "release.changed"
    assert body["data"]["feed"] == "https://data.example.org/wijzigingen.json"
    assert (body["data"]["sequence"], body["data"]["release"]) == (change.sequence, change.release)
    assert body["data"]["products"]["Conformiteitsattest"] == {"withdrawn": False, "public": 20, "came": 0, "went": 0}
    assert [url for url, _, _ in courier.brought] == [ONE, OTHER]


def test_the_signature_is_that_of_standard_webhooks(hooks: Webhooks, courier: Recorder) -> None:
    hooks.announce(noon(DAY))
    _, body, headers = courier.brought[0]
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int(noon(DAY).timestamp())


def test_an_address_is_told_of_a_change_once(hooks: Webhooks, courier: Recorder) -> None:
    for _ in range(3):
        hooks.announce(noon(DAY))
    assert len(courier.brought) == 2


def test_what_failed_is_tried_again_after_a_pause_with_the_same_id(hooks: Webhooks, courier: Recorder) -> None:
    courier.failing.add(ONE)
    assert hooks.announce(noon(DAY)) == ("webhook one.example.org: answered 500",)
    assert hooks.announce(noon(DAY) + timedelta(seconds=59)) == ()
    courier.failing.clear()
    assert hooks.announce(noon(DAY) + PAUSES[0]) == ()
    (first, again) = courier.brought
    assert (first[0], again[0]) == (OTHER, ONE)
    assert first[2]["webhook-id"] == again[2]["webhook-id"]
    assert first[2]["webhook-timestamp"] != again[2]["webhook-timestamp"]


def test_a_change_is_given_up_after_some_attempts(hooks: Webhooks, courier: Recorder) -> None:
    courier.failing.update({ONE, OTHER})
    attempts, now = 0, noon(DAY)
    for _ in range(24 * 60 * 3):
        attempts += len(hooks.announce(now))
        now += timedelta(minutes=1)
    assert attempts == 2 * (len(PAUSES) + 1)


def test_an_outbox_that_is_damaged_begins_anew(hooks: Webhooks, courier: Recorder, world: World) -> None:
    (world.home / "webhooks.json").write_text("{")
    assert hooks.announce(noon(DAY)) == ()
    assert len(courier.brought) == 2
    assert (world.home / "webhooks.json").stat().st_mode & 0o777 == 0o600
    assert "example.org" not in (world.home / "webhooks.json").read_text()


def test_a_job_tells_of_what_it_published(world: World, installation: Installation, courier: Recorder) -> None:
    world.deliver_all(NEXT)
    assert jobs.run(installation, "daily", NEXT).failures == ()
    installation.store.close()
    data = json.loads(courier.brought[-1][1])["data"]
    assert data["products"]["Conformiteitsattest"]["went"] == 1
    assert data["test"] is False


def test_the_purge_after_midnight_tells_what_midnight_took_away(installation: Installation, courier: Recorder) -> None:
    jobs.run(installation, "purge", NEXT)
    installation.store.close()
    notice = json.loads(courier.brought[-1][1])
    assert datetime.fromisoformat(notice["timestamp"]) == datetime.fromisoformat(f"{NEXT}T00:00:00+01:00")
    assert notice["data"]["products"]["POI"]["went"] == 3


def test_a_withdrawal_by_a_person_is_told_at_once(installation: Installation, courier: Recorder) -> None:
    decisions.withdraw(installation, ATTESTS, NEXT)
    installation.store.close()
    assert json.loads(courier.brought[-1][1])["data"]["products"]["Conformiteitsattest"]["withdrawn"] is True


def test_a_failure_stands_in_the_report_by_host_and_fails_no_job(
    world: World, installation: Installation, courier: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    courier.failing.add(ONE)
    world.deliver_all(NEXT)
    with caplog.at_level(logging.WARNING):
        report = jobs.run(installation, "daily", NEXT)
    installation.store.close()
    assert report.exit is Exit.DONE
    assert "webhook one.example.org: answered 500" in report.to_text()
    assert "hidden" not in report.to_text() + caplog.text


def test_the_runner_tries_again_between_jobs(world: World, installation: Installation, courier: Recorder) -> None:
    courier.failing.add(ONE)
    run_due(installation, ())
    courier.failing.clear()
    later = type(installation)(installation.settings, lambda: noon(NEXT) + PAUSES[0])
    run_due(later, ())
    assert [url for url, _, _ in courier.brought] == [OTHER, ONE]


def test_a_secret_that_cannot_be_read_is_reported_and_fails_no_job(installation: Installation, secret_file: Path) -> None:
    secret_file.write_text("not a secret")
    report = jobs.run(installation, "purge", NEXT)
    installation.store.close()
    assert report.exit is Exit.DONE
    assert any("VLOK_WEBHOOK_SECRET_FILE" in line for line in report.failures)
    assert "not a secret" not in report.to_text()


@pytest.mark.parametrize(
    "text", ["", "whsec_", f"whsec_{base64.b64encode(b'short').decode()}", base64.b64encode(SECRET).decode(), "whsec_!!"]
)
def test_a_secret_has_its_form(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret"
    file.write_text(text)
    with pytest.raises(BadSecret):
        read_secret(file)


def test_the_addresses_come_from_the_setting(world: World, secret_file: Path) -> None:
    chosen = {"webhooks": f"{ONE} {OTHER}", "webhook_secret_file": secret_file}
    made = World(world.folder, settings=chosen).installation(DAY).webhooks
    assert made is not None
    assert (made.urls, made.home, made.courier) == ((ONE, OTHER), world.home, Courier())
    assert world.installation(DAY).webhooks is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://one.example.org/", "https address"),
        ("https://user:word@one.example.org/", "without user"),
        ("https://one.example.org/#part", "fragment"),
    ],
)
def test_an_address_that_is_not_plain_https_is_a_bad_setting(address: str, said: str) -> None:
    with pytest.raises(settings.BadSetting, match=said) as fault:
        settings.load({"VLOK_WEBHOOKS": address, "VLOK_WEBHOOK_SECRET_FILE": "secret"})
    assert "one.example.org" not in str(fault.value)


def test_addresses_need_a_secret() -> None:
    with pytest.raises(settings.BadSetting, match="VLOK_WEBHOOKS needs VLOK_WEBHOOK_SECRET_FILE"):
        settings.load({"VLOK_WEBHOOKS": ONE})
