"""Deliveries that an adversary, or a broken export, could send."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from etl.errors import EtlError
from etl.intake import Fate
from schedules import decisions, jobs
from tests.etl.deliveries import (
    ATTESTS,
    DAY,
    DECISIONS,
    NEXT,
    PARAMETERS,
    World,
    certificate,
    decision,
    houses,
    municipality,
    register,
    rule,
)

LATER = NEXT + timedelta(days=1)
LAST = 19
"""House numbers in the register of the tests."""


def fate(report: jobs.JobReport, dataset: str) -> Fate:
    return next(outcome.fate for outcome in report.outcomes if outcome.dataset == dataset)


def holds(world: World, day: date) -> list[int]:
    return [line.id for line in world.installation(day).store.ledger.holds()]


@pytest.mark.parametrize("key", ["BO-\ud800", "", "   ", "BO\u0000"])
def test_a_key_that_cannot_be_told_from_others_keeps_its_record_out_and_leaves_the_rest(world: World, key: str) -> None:
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS), json.dumps(decision(77, {"besluitId": key})).encode()])
    report = world.run(NEXT)
    assert fate(report, DECISIONS) is Fate.ACCEPTED
    assert "77" not in world.public(DECISIONS, NEXT)


def test_a_removal_with_such_a_key_is_a_finding(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [rb'{"besluitId": "\ud800", "verwijderd": true}'], kind="mutaties")
    report = world.run(NEXT)
    assert fate(report, DECISIONS) is Fate.ACCEPTED
    assert world.public(DECISIONS, NEXT) == houses(LAST)


def test_two_records_without_a_dwelling_are_not_one_dwelling(world: World) -> None:
    empty = [decision(number, {"entiteit.entiteitId": ""}) for number in (3, 4)]
    world.deliver(DECISIONS, NEXT, register(DECISIONS, *empty))
    world.run(NEXT)
    assert world.public(DECISIONS, NEXT).isdisjoint({"3", "4"})


def test_of_two_lines_with_one_key_the_last_counts_also_when_it_is_kept_out(world: World) -> None:
    world.deliver(DECISIONS, NEXT, [*register(DECISIONS), decision(3, {"adres.busnummer": "bij Vrxkboermans"})])
    assert fate(world.run(NEXT), DECISIONS) is Fate.ACCEPTED
    assert world.public(DECISIONS, NEXT) == houses(LAST, 3)


def test_a_record_that_is_kept_out_leaves_a_small_register_though_its_delivery_is_held(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("small"))
    world.deliver(DECISIONS, DAY, [decision(number) for number in range(1, 6)])
    world.run(DAY)
    few = [decision(1, {"adres.busnummer": "bij Vrxkboermans"}), *(decision(number) for number in range(2, 6))]
    world.deliver(DECISIONS, NEXT, few)
    assert fate(world.run(NEXT), DECISIONS) is Fate.HELD
    assert world.public(DECISIONS, NEXT) == {"2", "3", "4", "5"}


@pytest.mark.parametrize("link", [123, "www.voorbeeld.be/" + "a" * 600, "www.voorbeeld.be/a\tb", ""])
def test_a_bad_link_of_any_kind_is_dropped_and_its_rule_stays(world: World, link: object) -> None:
    world.deliver(PARAMETERS, NEXT, [municipality("44021", rule(1, {"publicatie": link}), rule(2))])
    world.run(NEXT, "monthly")
    decisions.approve(world.installation(NEXT), holds(world, NEXT)[0], NEXT)
    (gent,) = world.rows(PARAMETERS, NEXT)
    assert gent["AANTREGELS"] == 2


@pytest.mark.parametrize("street", ["\u200b", "Kerk\u202estraat", "Kerk\u2028straat"])
def test_text_that_nobody_can_see_is_no_address(world: World, street: str) -> None:
    world.deliver(DECISIONS, NEXT, register(DECISIONS, decision(5, {"adres.straatnaam": street})))
    world.run(NEXT)
    assert "5" not in world.public(DECISIONS, NEXT)


def test_only_the_newest_held_delivery_can_be_approved(world: World) -> None:
    world.deliver(ATTESTS, NEXT, register(ATTESTS, certificate(70, {"nieuw": 1})))
    world.run(NEXT)
    world.deliver(ATTESTS, LATER, register(ATTESTS, certificate(3, {"vervallenOp": NEXT.isoformat()}), certificate(71, {"nieuw": 1})))
    world.run(LATER)
    older, newer = holds(world, LATER)
    with pytest.raises(EtlError, match="newer"):
        decisions.approve(world.installation(LATER), older, LATER)
    assert world.public(ATTESTS, LATER) == houses(LAST, 3)
    decisions.approve(world.installation(LATER), newer, LATER)
    assert "3" not in world.public(ATTESTS, LATER)


def test_an_approval_that_cannot_read_everything_changes_nothing(world: World) -> None:
    world.deliver(ATTESTS, NEXT, [certificate(1), certificate(2)])
    world.run(NEXT)
    gone = world.deliver(ATTESTS, LATER, [{"attestId": certificate(5)["attestId"], "verwijderd": True}], kind="mutaties")
    world.run(LATER)
    before = world.public(ATTESTS, LATER)
    for file in gone.iterdir():
        file.unlink()
    with pytest.raises(EtlError, match="cannot be read again"):
        decisions.approve(world.installation(LATER), holds(world, LATER)[0], LATER)
    world.run(LATER)
    assert world.public(ATTESTS, LATER) == before
    assert "5" not in before


def test_a_purge_for_a_wrong_day_in_the_future_loses_nothing(world: World) -> None:
    installation = world.installation(NEXT)
    jobs.run(installation, "purge", NEXT.replace(year=NEXT.year + 9))
    installation.store.close()
    world.run(NEXT)
    assert world.public(ATTESTS, NEXT) == houses(LAST)


def test_what_has_ended_for_a_later_day_is_never_published_without_its_address(world: World) -> None:
    world.deliver(ATTESTS, LATER, register(ATTESTS, certificate(3, {"geldigTot": NEXT.isoformat()})))
    world.run(LATER)
    world.run(NEXT)
    assert all(row["STRAAT"] for row in world.rows(ATTESTS, NEXT))
