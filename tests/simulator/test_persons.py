"""Every person is a marker, with numbers that detectors must recognise."""

from __future__ import annotations

from stdnum.be import iban, nn, vat

from simulator.dice import Dice
from simulator.persons import COUNT, company, persons


def test_numbers_pass_their_check_digits() -> None:
    for person in persons(7):
        nn.validate(person.insz)
        iban.validate(person.account)
        assert person.insz.startswith(f"{person.born:%y%m%d}")
    for number in range(200):
        vat.validate(company(Dice(7, number)))


def test_names_are_unmistakable_and_belong_to_one_person() -> None:
    everybody = persons(7)
    assert len({person.first for person in everybody}) == len({person.last for person in everybody}) == COUNT
    assert everybody[4821].first.endswith("-Zz4821")
    assert everybody[4821].last.endswith("4821")
    assert len({person.insz for person in everybody}) == COUNT


def test_markers_come_with_and_without_separators() -> None:
    person = persons(7)[4821]
    markers = set(person.markers())
    assert {person.first, person.last, person.email, person.insz, person.phone, person.account} <= markers
    assert {person.phone.replace(" ", ""), person.account.replace(" ", "")} <= markers
    assert all(value in markers or value == person.born.isoformat() for value in person.record.values())


def test_another_seed_makes_other_persons() -> None:
    assert persons(7)[0] != persons(8)[0]
    assert persons(7) is persons(7)
