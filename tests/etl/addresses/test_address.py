"""When two spellings are the same address."""

from __future__ import annotations

import pytest

from etl.addresses import Address, Match
from etl.addresses.address import agreed, number_key, street_key, street_spelling, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sint-Annastraat", "SINT ANNASTRAAT"),
        ("Sint-Annastraat", "St.-Annastraat"),
        ("Sint-Annastraat", "St Annastr."),
        ("Zoniënwoudlaan", "Zonienwoudlaan"),
        ("Bredabaan", " Bredabaan_02"),
        ("Molenstraat_EK", "Molenstraat"),
        ("Brusselsesteenweg", "Brusselse Steenwg."),
        ("Brusselsesteenweg", "Brusselse stwg"),
        ("Burgemeester 't Jampensstraat", "burgemeester ’t jampensstraat"),
        ('Wijk"De Stad"', "Wijk De Stad"),
    ],
)
def test_spellings_of_one_street_have_one_key(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)


@pytest.mark.parametrize(("one", "other"), [("Kerkstraat", "Kerklaan"), ("Stationsstraat", "Sintationsstraat"), ("4de Lijn", "5de Lijn")])
def test_two_streets_have_two_keys(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


def test_the_suffix_that_tells_namesakes_apart_is_no_part_of_the_name() -> None:
    assert [street_spelling(text) for text in ("Kerkweg_01", "Molenstraat_EK", " Bist_WI ", "Grote Markt")] == [
        "Kerkweg",
        "Molenstraat",
        "Bist",
        "Grote Markt",
    ]


@pytest.mark.parametrize(("one", "other"), [("12A", "12 a"), ("79_1", "79/1"), ("26_", "26"), ("9-11", "9 / 11")])
def test_spellings_of_one_house_number_have_one_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


@pytest.mark.parametrize(("one", "other"), [("12", "12A"), ("79_1", "791"), ("9_9", "9"), ("1", "")])
def test_two_house_numbers_have_two_keys(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


def test_the_words_of_numbers_are_folded() -> None:
    assert words("12A", "glvl", None, "bus Links/2", "Énora") == {"a", "glvl", "bus", "links", "énora"}


def test_positions_that_lie_apart_are_none() -> None:
    assert agreed([]) is None
    assert agreed([(0.0, 0.0), (30.0, 40.0)]) == (0.0, 0.0)
    assert agreed([(0.0, 0.0), (30.0, 40.1)]) is None


def test_neither_address_nor_match_shows_a_value() -> None:
    shown = repr(Address(street="Geheimlaan", house="1", postcode="9000")) + repr(Match("Geheimlaan", "Gent", None))
    assert "Geheim" not in shown
