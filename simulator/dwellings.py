"""Invented dwellings in real municipalities, with everything that the sources get wrong about addresses (CONTRACT A.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from pyproj import Transformer

from simulator.dice import Dice
from simulator.municipalities import Municipality, municipalities
from simulator.persons import Person, persons

_STEMS = (
    *("Kwikstaart", "Zilverberk", "Lampenist", "Vlierbes", "Kwartelnest", "Wevers", "Hommel", "Réaumur", "Pottenbakkers", "Curiën"),
    *("Notelaar", "Oude Lijnwaad", "'s-Gravenkwartel", "Sint-Zwaluwe", "Schippers-Noord", "Haverklap", "Mélisse", "Klokkenist"),
    *("Meidoorn", "Zevenster"),
)
_ENDS = ("molenstraat", "veldlaan", "bosdreef", "poortweg", "hoekpad", "bergstraat", "kouter", "beekstraat", "driesweg", "plein")
_BOXES = ("1", "2", "3", "A", "B", "0101", "2.1", "glvl", "app A", "links", "rechts", "achter")
_BRUSSELS = "21004"


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One dwelling (or one address of a pand): as it stands in a record, with its number."""

    number: int
    entity: dict[str, object]
    address: dict[str, object]
    position: dict[str, object] | None


def dwelling(seed: int, number: int) -> Dwelling:
    """The dwelling of this number, the same on every day."""
    dice = Dice(seed, "dwelling", number)
    place = dice.pick(municipalities())
    entity: dict[str, object] = {
        "entiteitId": f"E{number:07d}",
        "gebouwId": 4_000_000 + 2 * number,
        "gebouweenheidId": 14_000_000 + number if dice.one_in(2) else None,
        "aard": dice.pick(("zelfstandige_woning", "zelfstandige_woning", "kamer", "kamer_seizoenarbeiders")),
    }
    return Dwelling(number, entity, _address(dice, place, seed, number), _position(dice, place))


def other_box(address: dict[str, object], box: int) -> dict[str, object]:
    """The same address with another box number, as the further addresses of a pand have."""
    number = address["adresId"]
    return address | {"adresId": (number if isinstance(number, int) else 0) + 40_000_000 + box, "busnummer": str(box)}


def _address(dice: Dice, place: Municipality, seed: int, number: int) -> dict[str, object]:
    street = (dice.below(14) * 7 + int(place.niscode)) % (len(_STEMS) * len(_ENDS))
    house = str(dice.between(1, 180)) + (dice.pick("ABC") if dice.one_in(12) else "")
    box = dice.pick(_BOXES) if dice.below(100) < 45 else None
    niscode, name = place.niscode, place.name
    if place.before and dice.one_in(6):
        niscode, name = dice.pick(place.before)
    elif dice.one_in(1000):
        niscode = _BRUSSELS
    house, box = _personal(dice, house, box, dice.pick(persons(seed)))
    return {
        "adresId": 10_000_000 + number,
        "straatnaam": _STEMS[street // len(_ENDS)] + _ENDS[street % len(_ENDS)],
        "huisnummer": house,
        "busnummer": box,
        "postcode": place.postcode,
        "gemeentenaam": name,
        "niscode": niscode,
    }


def _personal(dice: Dice, house: str, box: str | None, person: Person) -> tuple[str, str | None]:
    """Once in a hundred times a person stands where a number should."""
    match dice.below(600):
        case 0 | 1:
            return house, f"bij {person.last}"
        case 2:
            return person.insz, box
        case 3:
            return house, f"tel. {person.phone}"
        case 4:
            return house, person.account
        case 5:
            return house, f"=1+{person.last}"
    return house, box


def _position(dice: Dice, place: Municipality) -> dict[str, object] | None:
    angle, distance = dice.below(3600) * math.pi / 1800, place.radius * math.sqrt(dice.below(10_000) / 10_000)
    x, y = round(place.x + distance * math.cos(angle), 2), round(place.y + distance * math.sin(angle), 2)
    match dice.below(500):
        case 0 | 1 | 2:
            return None
        case 3 | 4:
            x = y = 0.0
        case 5 | 6:
            x, y = y, x
        case 7:
            y = round(y - 90_000, 2)
        case 8 | 9 | 10:
            return _elsewhere("EPSG:4326", x, y, 7)
        case 11 | 12:
            return _elsewhere("EPSG:3812", x, y, 2)
    return {"crs": "EPSG:31370", "x": x, "y": y}


def _elsewhere(crs: str, x: float, y: float, decimals: int) -> dict[str, object]:
    there_x, there_y = _transformer(crs).transform(x, y)
    return {"crs": crs, "x": round(there_x, decimals), "y": round(there_y, decimals)}


@cache
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:31370", crs, always_xy=True)
