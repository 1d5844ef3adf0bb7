"""Fictional persons whose names are markers, with numbers that pass every check digit and belong to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from simulator.dice import Dice

COUNT = 5000
_FIRST = ("Xanthippa", "Yzzerine", "Qwendolyx", "Zjoerdix", "Wexlorian", "Vrixandra", "Kjeldorix", "Ozzywina")
_LAST = ("Qwrtzmans", "Vrxkboer", "Zwyltjens", "Hjorgxveld", "Pfnurtels", "Xylkmoer", "Tzwaarwick", "Bqontjes")


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the registers hold persons (CONTRACT A.1)."""

    first: str
    last: str
    insz: str
    born: date
    email: str
    phone: str
    account: str
    record: dict[str, object]  # as it stands in a record; made once, because registers are full of persons

    @property
    def full(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    def markers(self) -> Iterator[str]:
        """Every string that gives the person away, numbers with and without separators."""
        number, phone, account = self.insz, self.phone, self.account
        yield from (self.first, self.last, self.email)
        yield from (number, f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}")
        yield from (phone, phone.replace(" ", ""), "0" + phone.replace(" ", "").removeprefix("+32"))
        yield from (account, account.replace(" ", ""))


@cache
def persons(seed: int) -> tuple[Person, ...]:
    """The persons of the example registers; the number in the name is the place in the list."""
    return tuple(_person(Dice(seed, "person", number), number) for number in range(COUNT))


def company(dice: Dice) -> str:
    """A KBO number with a right check digit, from a range that was never given out."""
    base = 9_990_000_0 + dice.below(99_999)
    return f"0{base // 10:07d}{97 - base // 10 % 97:02d}"


def _person(dice: Dice, number: int) -> Person:
    first, last = f"{dice.pick(_FIRST)}-Zz{number:04d}", f"{dice.pick(_LAST)}{number:04d}"
    born = date(1930, 1, 1) + timedelta(days=5 * number + dice.below(5))  # nobody shares a day, so nobody shares a number
    # Serial numbers above 960 are all but never given out for one day of birth.
    digits = f"{born:%y%m%d}{dice.between(961, 997)}"
    insz = f"{digits}{97 - int(digits) % 97:02d}"
    phone = f"+32 400 {number // 100:02d} {number % 100:02d} {dice.below(100):02d}"  # 0400 is no mobile prefix in use
    email, account = f"{first}.{last}@example.org".lower(), _account(dice, number)
    record: dict[str, object] = {
        "voornaam": first,
        "achternaam": last,
        "insz": insz,
        "geboortedatum": born.isoformat(),
        "email": email,
        "telefoon": phone,
        "rekeningnummer": account,
    }
    return Person(first, last, insz, born, email, phone, account, record)


def _account(dice: Dice, number: int) -> str:
    base = f"979{number:04d}{dice.below(1000):03d}"
    inner = f"{base}{int(base) % 97 or 97:02d}"
    check = 98 - int(f"{inner}111400") % 97  # ISO 7064 mod 97-10; BE is 1114
    return f"BE{check:02d} {inner[:4]} {inner[4:8]} {inner[8:]}"
