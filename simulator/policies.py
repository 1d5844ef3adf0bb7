"""Records of the register of municipal parameters: rules that come, change and end, and texts as municipalities write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from simulator.dice import Dice
from simulator.municipalities import Municipality, municipalities
from simulator.persons import Person, persons

Record = dict[str, object]

_YES_OR_NO = (
    "kamerreglement",
    "heffing_ongeschikt_onbewoonbaar",
    "vrijstelling_adviesverplichting",
    "afsprakenkader",
    "inventarisbeheer",
    "waarschuwingsprocedure",
)
_KINDS = ("verplicht_conformiteitsattest",) * 4 + ("geldigheidsduur",) * 3 + ("vergoeding",) * 3 + ("reglement",) + _YES_OR_NO
_TEXTS = ("ja", "nieuwe verhuringen, bouwjaar < 1970", "10 jaar, in sommige gevallen 5 jaar", "maximale tarieven volgens regelgeving")
_AHEAD = timedelta(days=80)  # a rule is decided on before it is in force


def policies(seed: int, day: date) -> Iterator[Record]:
    """`parameters`: every municipality; one in five has decided nothing."""
    for place in municipalities():
        dice = Dice(seed, "policy", place.niscode)
        count = dice.pick((0, 1, 2, 3, 4))
        kinds = list(dict.fromkeys(dice.pick(_KINDS) for _ in range(count)))
        rules = [rule for kind in kinds for rule in _rules(seed, place, kind, day)]
        person = dice.pick(persons(seed))
        yield {
            "niscode": place.niscode,
            "gemeentenaam": place.name,
            "regels": rules,
            "contact": {"voornaam": person.first, "achternaam": person.last, "email": person.email, "telefoon": person.phone},
            "gewijzigdOp": f"{day.replace(day=1)}T02:00:00+01:00",
        }


def _rules(seed: int, place: Municipality, kind: str, day: date) -> Iterator[Record]:
    """The rule of today, and the one that follows it when that has been decided."""
    dice = Dice(seed, "policy", place.niscode, kind)
    period = dice.between(300, 2000)
    turn, age = divmod(day.toordinal() + dice.below(period), period)
    begin = day - timedelta(days=age)
    for start, number in ((begin, turn), (begin + timedelta(days=period), turn + 1)):
        if start - _AHEAD <= day:
            yield _rule(Dice(seed, "rule", place.niscode, kind, number), seed, place, kind, start, start + timedelta(days=period - 1))


def _rule(dice: Dice, seed: int, place: Municipality, kind: str, begin: date, end: date) -> Record:
    words = _words(dice, dice.pick(persons(seed)))
    approved = begin - timedelta(days=20) if kind == "verplicht_conformiteitsattest" and not dice.one_in(4) else None
    return {
        "regelId": f"{place.niscode}-{kind[:4].upper()}-{begin:%y%m}",
        "soort": kind,
        "toepassing": _scope(dice, place) | ({"tekst": words} if words else {}),
        "waarde": _value(dice, kind, end),
        "vanaf": begin.isoformat(),
        "tot": end.isoformat() if dice.one_in(3) else None,
        "gemeenteraadsbesluit": (begin - timedelta(days=90)).isoformat(),
        "ministerieleGoedkeuring": approved.isoformat() if approved else None,
        "publicatie": _link(dice, place),
    }


def _scope(dice: Dice, place: Municipality) -> Record:
    scope: Record = {}
    if not dice.one_in(8):
        scope["huurwoning"] = dice.pick(("alle", "alle", "alle", "hoofdverblijf", "student", "kamer", "seizoenarbeider"))
    if dice.one_in(3):
        scope["bouwjaarVoor"] = dice.pick((1946, 1950, 1970, 1990))
    if dice.one_in(12):
        scope["gebied"] = "centrum"
    if place.before and dice.one_in(2):
        scope["niscodeVoor"] = dice.pick(place.before)[0]
    return scope


def _value(dice: Dice, kind: str, end: date) -> Record:
    if dice.one_in(15):
        return {"tekst": dice.pick(_TEXTS)}  # CONTRACT A.2: municipal texts where a code should be
    match kind:
        case "geldigheidsduur":
            return {"einddatum": end.isoformat()} if dice.one_in(4) else {"jaren": dice.pick((3, 5, 5, 8))}
        case "vergoeding":
            return {"bedragEuro": dice.pick((0, 62.5, 90, 90.5, 150))}
        case "reglement":
            return {"tekst": "gemeentelijk woningkwaliteitsreglement"}
        case "verplicht_conformiteitsattest":
            return {"ja": True}
    return {"ja": not dice.one_in(3)}


def _words(dice: Dice, person: Person) -> str | None:
    """Words of the municipality; once in forty times with a person in them, who is recognisable by a number or an address."""
    match dice.below(80):
        case 0:
            return f"Inlichtingen bij {person.full}, tel. {person.phone}"
        case 1:
            return f"Mail naar {person.email} voor een afspraak"
        case number if number < 14:
            return dice.pick(_TEXTS)
    return None


def _link(dice: Dice, place: Municipality) -> str | None:
    host = "".join(letter for letter in place.name.lower() if letter.isascii() and (letter.isalnum() or letter == "-"))
    match dice.below(10):
        case 0:
            return None
        case 1 | 2:
            return f"www.{host}.example/reglement/{dice.below(500)}"
        case 3:
            return "zie gemeentehuis" if dice.one_in(4) else f"http://{host}.example/bekendmaking"
    return f"https://www.{host}.example/bekendmakingen/{dice.below(5000)}"
