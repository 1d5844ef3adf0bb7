"""An address register in a file."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl.addresses import Address, AddressFile, Match, Miss, open_register
from etl.errors import SourceError

TODAY = date(2026, 11, 21)
HEADER = "PKANCODE,COMMUNE_NL,STREET_NL,HUISNR,LAT,LON"
ROWS = """\
9080,Lochristi,Zoniënwoudlaan,12A,51.0991668,4.2296042
9080,Lochristi,Kerkweg_01,1,51.0991668,4.2296042
9080,Lochristi,Kerkweg_02,1,51.1991668,4.2296042
3271,Scherpenheuvel-Zichem,Wijk"De Stad",7,50.9996698581,4.98259987946
2180,Antwerpen,Molenstraat_EK,5,51.2,4.4
2000,Antwerpen,Molenstraat,5,51.22,4.42
8500,Kortrijk,Verweg,79_1,43.0,2.5
8500,Kortrijk,Nergens,3,,
1050,Elsene,Louizalaan,1,50.83,4.37
8500,Kortrijk,,4,50.8,3.2
8500,Kortrijk,Een,straat,te,veel,50.8,3.2
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: str = ROWS, header: str = HEADER, name: str = "adressen.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
        with opener(path, "wb") as file:
            file.write(f"{header}\n{rows}".encode(encoding))
        return path

    return write


def find(register: AddressFile, street: str, house: str, postcode: str, niscode: str | None = None, **more: str) -> Match | Miss:
    return register.find(Address(street=street, house=house, postcode=postcode, niscode=niscode, **more))


def found(match: Match | Miss) -> Match:
    assert isinstance(match, Match)
    return match


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.xz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso8859-1"])
def test_every_packing_and_encoding_reads_the_same(write: Callable[..., Path], name: str, encoding: str) -> None:
    register = AddressFile.read(write(name=name, encoding=encoding), TODAY)
    match = found(find(register, "zonienwoudlaan", "12 a", "9080", "44087"))
    assert (match.street, match.municipality, match.words) == ("Zoniënwoudlaan", "Lochristi", {"a"})
    assert match.position == pytest.approx((140_252.76, 198_794.27), abs=0.05)
    assert (len(register), register.skipped) == (8, 2)


def test_lambert_72_columns_go_before_degrees_and_columns_have_any_order_and_case(write: Callable[..., Path]) -> None:
    header = "huisnr,street_nl,commune_nl,lat,lon,x_l72,y_l72,pkancode,extra"
    register = AddressFile.read(write("1,Dorp,Nevele,50,3,95000.5,190000.25,9850,x\n", header), TODAY)
    match = found(find(register, "Dorp", "1", "9850", "44049"))
    assert (match.municipality, match.position) == ("Deinze", (95000.5, 190000.25))


def test_a_municipality_may_be_named_as_before_a_merger_on_either_side(write: Callable[..., Path]) -> None:
    register = AddressFile.read(write("9850,Nevele,Dorp,1,51.03,3.55\n"), TODAY)
    assert {found(find(register, "Dorp", "1", "9850", code)).municipality for code in ("44083", "44049")} == {"Deinze"}
    assert found(find(register, "Dorp", "1", "9850", municipality="nevele")).municipality == "Deinze"


@pytest.mark.parametrize(
    ("street", "house", "postcode", "code"),
    [
        ("Molenstraat", "5", "2000", "44021"),
        ("Molenstraat", "5", "2060", "11002"),
        ("Molenstraat", "6", "2000", "11002"),
        ("Molenlaan", "5", "2000", "11002"),
        ("Molenstraat", "5", "2000", "99999"),
        ("Molenstraat", "5", "x", "11002"),
        ("", "", "", None),
        ("Louizalaan", "1", "1050", "21009"),
    ],
)
def test_an_address_of_which_a_part_disagrees_is_unmatched(
    write: Callable[..., Path], street: str, house: str, postcode: str, code: str | None
) -> None:
    assert find(AddressFile.read(write(), TODAY), street, house, postcode, code) is Miss.UNMATCHED


def test_namesakes_in_two_postcodes_are_two_addresses_and_in_one_have_no_position(write: Callable[..., Path]) -> None:
    register = AddressFile.read(write(), TODAY)
    ekeren, centre = found(find(register, "Molenstraat", "5", "2180", "11002")), found(find(register, "Molenstraat", "5", "2000", "11002"))
    assert (ekeren.street, centre.street) == ("Molenstraat", "Molenstraat")
    assert ekeren.position != centre.position
    both = found(find(register, "Kerkweg", "1", "9080", "44087"))
    assert (both.street, both.position) == ("Kerkweg", None)


def test_a_quote_inside_a_name_is_part_of_it(write: Callable[..., Path]) -> None:
    assert found(find(AddressFile.read(write(), TODAY), "Wijk De Stad", "7", "3271", "24134")).street == 'Wijk"De Stad"'


@pytest.mark.parametrize(("street", "house"), [("Verweg", "79/1"), ("Nergens", "3")])
def test_a_position_outside_flanders_or_absent_is_none(write: Callable[..., Path], street: str, house: str) -> None:
    assert found(find(AddressFile.read(write(), TODAY), street, house, "8500", "34022")).position is None


def test_box_numbers_choose_the_position_and_give_their_words(write: Callable[..., Path]) -> None:
    header = "PKANCODE,COMMUNE_NL,STREET_NL,HUISNR,BUSNR,X_L72,Y_L72"
    rows = "9000,Gent,Veldstraat,1,,105000,193000\n9000,Gent,Veldstraat,1,glvl,105010,193000\n9000,Gent,Veldstraat,1,Énora,105020,193000\n"
    register = AddressFile.read(write(rows, header), TODAY)
    boxes = {box: found(find(register, "Veldstraat", "1", "9000", "44021", box=box)) for box in ("", "GLVL", "Jan")}
    assert [match.position for match in boxes.values()] == [(105000, 193000), (105010, 193000), (105000, 193000)]
    assert boxes["Jan"].words == {"glvl", "énora"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no column"),
        (b"a,b,c\n1,2,3\n", "no column PKANCODE"),
        (f"{HEADER}\n1050,Elsene,Louizalaan,1,50.83,4.37\n".encode(), "no address in Flanders"),
        (f"{HEADER}\n9000,Gent,Dorp,1,noord,4.37\n".encode(), "cannot be read"),
        (f"{HEADER}\n".encode(), "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "adressen.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=f"adressen.csv.*{reason}"):
        open_register(str(path), TODAY)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.xz"])
def test_a_truncated_or_absent_file_is_refused(write: Callable[..., Path], name: str) -> None:
    path = write(name=name)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(SourceError, match=name):
        AddressFile.read(path, TODAY)
    path.unlink()
    with pytest.raises(SourceError, match=name):
        AddressFile.read(path, TODAY)


def test_the_real_sample_knows_the_addresses_of_the_deliveries(shared: Path) -> None:
    register = open_register(str(shared / "addresses-sample/sample-25-municipalities.csv.gz"), TODAY)
    assert isinstance(register, AddressFile)
    assert (len(register), register.skipped) == (145_577, 0)
    seen: Counter[str] = Counter()
    with gzip.open(shared / "deliveries/2026-11-21/besluiten/besluiten.jsonl.gz", "rt", encoding="utf-8") as file:
        for given in (json.loads(line)["adres"] for line in file):
            address = Address(street=given["straatnaam"], house=given["huisnummer"], postcode=given["postcode"], niscode=given["niscode"])
            match = register.find(address)
            seen["matched"] += isinstance(match, Match)
            seen["unmatched"] += match is Miss.UNMATCHED
            if isinstance(match, Match):
                assert match.municipality == given["gemeentenaam"]
    assert seen["matched"] > 0.99 * seen.total()


def test_every_address_of_the_sample_finds_itself_near_where_it_is(shared: Path) -> None:
    path = shared / "addresses-sample/sample-25-municipalities.csv.gz"
    register = AddressFile.read(path, TODAY)
    without = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number % 20:
                continue
            match = found(find(register, row["STREET_NL"], row["HUISNR"], row["PKANCODE"], municipality=row["COMMUNE_NL"]))
            without += match.position is None
            if match.position:
                assert match.position == pytest.approx((float(row["X_L72"]), float(row["Y_L72"])), abs=50)
    assert without < 20
