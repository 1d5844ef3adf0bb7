"""Detectors of what looks personal, and of words that nobody knows."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.definitions import DIRECTORY, load
from etl.rules.personal import CODES, in_link, personal, unknown_words

# Numbers are written here in pieces where that shows how a source may write them; all are test vectors of python-stdnum.
STRIKING = {
    "personal.insz": ["85.07.30-033.28", "85 07 30 033 28", "85/07/30/033/28", "17073003384", "nn85073003328x", "12 85.07.30-033.28"],
    "personal.bis": ["98.47.28-997.65", "01 49 07 001 85"],
    "personal.kbo": ["0403.019.261", "BE0403019261", "BE 0403 019 261", "403.019.261", "KBO 0428759497"],
    "personal.iban": [
        "BE32123456789002",
        "BE32 1234 5678 9002 t.n.v.",
        "IBANBE32123456789002",
        "be32-1234-5678-9002",
        "NL91 ABNA 0417 1643 00",
    ],
    "personal.email": ["iemand@voorbeeld.be", "iemand @ voorbeeld.be", "mail: a.b+c@voorbeeld.be"],
    "personal.phone": [
        "0475 41 58 82",
        "+32 475 41 58 82",
        "+32475415882",
        "+32 (0)475 41 58 82",
        "0032 475 41 58 82",
        "0475/41.58.82",
        "051/123456",
        "(051) 12 34 56",
        "tel. 09 123 45 67",
        "+31 6 12345678",
    ],
    "personal.digits": ["12345678901", "123.456.789-01", "85.07.30-033.29", "1 2 3 4 5 6 7 8 9 0 1", "1234567890123"],
    "text.formula": ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "'=1", '"-1', "\t=1", "-"],
}

HARMLESS = [
    "",
    "Kerkstraat",
    "Burgemeester Van den Bossche-Vermeulenstraat",
    "Place de l'Église",
    "'t Hof van Sint-Jan",
    "12A",
    "12-14",
    "12/3.2",
    "bus 101",
    "glvl",
    "9000",
    "44021",
    "2018",
    "2018-01-01",
    "2018-01-01/2022-12-31",
    "01/01/2018 - 31/12/2022",
    "van 1 januari 2018 tot en met 31 december 2022",
    "1950, 1970, 1990",
    "9000, 9030, 9031 en 9040",
    "nieuwe verhuringen, bouwjaar < 1950",
    "10 jaar, in sommige gevallen 5 jaar",
    "60 EUR",
    "62.50 EUR + 12.50 EUR per kamer, max 1250.00 EUR",
    "62,50 euro, verhoogd met 12,50 euro per kamer, met een maximum van 1 250,00 euro",
    "€ 62,50 / € 90,00 / € 125,00",
    "maximale tarieven volgens regelgeving",
    "40% van 1.250.000 euro",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in STRIKING.items() for text in texts])
def test_what_looks_personal_strikes_with_its_code(code: str, text: str) -> None:
    assert personal(text) == code


def test_every_code_is_given_by_some_text() -> None:
    assert set(STRIKING) == set(CODES)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_texts_do_not_strike(text: str) -> None:
    assert personal(text) is None


FULL_WIDTH = str.maketrans("0123456789.-@=", "".join(map(chr, [*range(0xFF10, 0xFF1A), 0xFF0E, 0xFF0D, 0xFF20, 0xFF1D])))
ARABIC = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))
DRESSINGS = {
    "full width": lambda text: text.translate(FULL_WIDTH),
    "arabic digits": lambda text: text.translate(ARABIC),
    "zero width space": "\u200b".join,
    "soft hyphen": "\u00ad".join,
    "no-break spaces": "\u00a0".join,
    "en dashes": "\u2013".join,
    "underscores": "_".join,
    "line breaks": "\n".join,
    "wide blanks": (" " * 20).join,
}


@pytest.mark.parametrize("dressing", DRESSINGS)
@pytest.mark.parametrize("digits", ["85073003328", "12345678901"], ids=["valid", "invalid"])
def test_eleven_digits_strike_however_they_are_dressed(dressing: str, digits: str) -> None:
    assert personal(DRESSINGS[dressing](digits)) is not None


@pytest.mark.parametrize("dressing", ["full width", "zero width space", "soft hyphen"])
@pytest.mark.parametrize("text", ["iemand@voorbeeld.be", "=1+1"], ids=["email", "formula"])
def test_an_address_or_formula_strikes_however_it_is_dressed(dressing: str, text: str) -> None:
    assert personal(DRESSINGS[dressing](text)) == personal(text)


@pytest.mark.parametrize("glued", ["{}1", "1{}", "1{}1", "12 {}", "{} 3"])
def test_a_number_in_its_own_notation_strikes_whatever_digits_stand_beside_it(glued: str) -> None:
    assert personal(glued.format("85.07.30-033.28")) is not None


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://www.stad.be/doc/85.07.30-033.28.pdf", "personal.insz"),
        ("https://www.stad.be/doc_85073003328", "personal.insz"),
        ("https://www.stad.be/doc?n=98.47.28-997.65", "personal.bis"),
        ("https://www.stad.be/?kbo=0403.019.261", "personal.kbo"),
        ("https://www.stad.be/BE32123456789002", "personal.iban"),
        ("https://www.stad.be/?mail=iemand%40voorbeeld.be", "personal.email"),
        ("https://www.stad.be/?mail=iemand%2540voorbeeld.be", "personal.email"),
        ("mailto:iemand@voorbeeld.be", "personal.email"),
        ("https://www.stad.be/85073003329", None),
        ("https://www.stad.be/tel/0475415882", None),
        ("https://www.stad.be/12345678901", None),
        ("https://www.stad.be/2021-05-31-123/reglement", None),
        ("https://www.google.com/maps/@51.05,3.72,15z", None),
        ("https://www.stad.be/zittingen/20.1109.8730.9621/agendapunten/21.0518.6633.1537", None),
        ("https://www.stad.be/09be1f82-9985-4952-9399-e28269783478", None),
    ],
)
def test_in_a_link_only_valid_numbers_and_addresses_count(link: str, code: str | None) -> None:
    assert in_link(link) == code


NEUTRAL = frozenset({"bus", "app", "glvl", "verd.", "Links", "één"})


@pytest.mark.parametrize(
    "text", ["", "12A", "12", "bus B", "bus3", "app12", "app A", "BUS 3", "glvl", "2 verd.", "links", "3.2", "A-B", "ÉÉN"]
)
def test_known_words_digits_and_single_letters_are_fine(text: str) -> None:
    assert not unknown_words(text, NEUTRAL)


@pytest.mark.parametrize(
    "text", ["bij Janssens", "Peeters", "bus Janssens", "3Janssens", "app12Jan", "Ja\u200bnssens", "een", "J.-P. Maes", "D'haeyer"]
)
def test_a_word_that_nobody_knows_strikes(text: str) -> None:
    assert unknown_words(text, NEUTRAL)


@pytest.mark.parametrize("dataset", ["conformiteitsattesten", "besluiten", "herstelvorderingen"])
def test_the_neutral_words_of_the_definitions_name_nobody(dataset: str) -> None:
    spec = load(DIRECTORY / f"{dataset}.toml").address
    assert spec is not None
    neutral = frozenset(spec.neutral_words)
    assert neutral and not any(unknown_words(word, neutral) or personal(word) for word in neutral)
    assert unknown_words("bij Janssens", neutral)


def vectors(shared: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared / "belgian-identifiers" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_every_valid_number_of_the_vectors_strikes(shared: Path) -> None:
    numbers = [row["value"] for row in vectors(shared, "stdnum-be-test-cases.csv") if row["validate_result_stdnum"] == "valid"]
    numbers += [row["insz"] for row in vectors(shared, "magda-mock-persons.csv")]
    numbers += [row["kbo"] for row in vectors(shared, "magda-mock-enterprises.csv")]
    assert len(numbers) > 500
    assert sum(personal(number) is None for number in numbers) == 0
    assert sum(personal(" ".join(number)) is None for number in numbers if number.isdigit()) == 0


def test_names_and_streets_of_the_vectors_do_not_look_like_numbers(shared: Path) -> None:
    rows = list(vectors(shared, "magda-mock-persons.csv"))
    assert {personal(row[name]) for row in rows for name in ("voornaam", "straat", "huisnummer", "postcode", "gemeente")} == {None}
    assert all(unknown_words(f"bij {row['achternaam']}", NEUTRAL) for row in rows)


def persons(value: object) -> Iterator[str]:
    """Every number and address of a person in a delivered record."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("insz", "email", "telefoon", "rekeningnummer") and isinstance(inner, str):
                yield inner
            else:
                yield from persons(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from persons(inner)


def test_every_number_of_a_person_in_the_deliveries_strikes_with_and_without_separators(shared: Path) -> None:
    found: set[str] = set()
    for file in sorted(shared.glob("deliveries/2026-11-19/*/*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found.update(number for line in lines for number in persons(json.loads(line)))
    assert len(found) > 10_000
    assert sum(personal(number) is None for number in found) == 0
    assert sum(personal(number.replace(" ", "").replace(".", "").replace("-", "")) is None for number in found if "@" not in number) == 0


def test_no_street_of_the_deliveries_strikes(shared: Path) -> None:
    streets: set[str] = set()
    for dataset in ("conformiteitsattesten", "besluiten"):
        with gzip.open(shared / "deliveries" / "2026-11-19" / dataset / f"{dataset}.jsonl.gz", "rt", encoding="utf-8") as lines:
            streets.update(json.loads(line)["adres"]["straatnaam"] for line in lines)
    assert len(streets) > 1000
    assert [street for street in streets if personal(street)] == []
