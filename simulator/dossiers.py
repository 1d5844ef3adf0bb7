"""Records of the three daily registers, with persons in every one of them (CONTRACT A.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from simulator.dice import Dice
from simulator.dwellings import dwelling, other_box
from simulator.lives import Fate, Life, lives
from simulator.persons import Person, company, persons

Record = dict[str, object]

_PANDS = 30_000_000  # numbers of the addresses of panden, above those of dwellings


@dataclass(frozen=True, slots=True)
class Sizes:
    """About how many records each register holds; municipalities are always all 285."""

    certificates: int = 2000
    decisions: int = 300
    claims: int = 120


def certificates(seed: int, day: date, sizes: Sizes) -> Iterator[Record]:
    """`conformiteitsattesten`."""
    people = persons(seed)
    for life in lives(seed, "certificate", sizes.certificates, day, lively=10):
        dice = Dice(seed, "certificate", life.slot, life.turn, "record")
        home = dwelling(seed, _dwelling_of(life.slot))
        holder = dice.pick(people)
        expires = life.turning if life.fate is Fate.ENDS else life.begin.replace(day=1) + timedelta(days=3652)
        lapsed = _lapsed(life)
        yield {
            "attestId": f"CA-{life.begin.year}-{_key(life)}",
            "entiteit": home.entity,
            "adres": home.address,
            "positie": home.position,
            "afgiftedatum": life.begin.isoformat(),
            "geldigTot": f"{expires:%d/%m/%Y}" if dice.one_in(500) else expires.isoformat(),  # a date that breaks the schema
            "vervallenOp": lapsed.isoformat() if lapsed else None,
            "vervalreden": f"werken, gemeld door {holder.full}" if lapsed else None,
            "maxBewoners": dice.between(1, 8),
            "houder": holder.record,
            "controleur": dice.pick(people).record,
            "opmerking": _remark(dice, holder),
            "gewijzigdOp": _changed(dice, lapsed if lapsed and life.fate is Fate.STAYS else life.changed),
        }


def decisions(seed: int, day: date, sizes: Sizes) -> Iterator[Record]:
    """`besluiten`; one in three is about a dwelling that has or had a certificate."""
    people = persons(seed)
    for life in lives(seed, "decision", sizes.decisions, day, lively=4):
        dice = Dice(seed, "decision", life.slot, life.turn, "record")
        known = life.slot % 3 == 0 and sizes.certificates > 0
        home = dwelling(seed, _dwelling_of(life.slot * 37 % sizes.certificates) if known else sizes.certificates + life.slot)
        owner = dice.pick(people)
        lifted = life.turned and life.fate is Fate.LIFTED
        yield {
            "besluitId": f"BO-{life.begin.year}-{_key(life)}",
            "dossiernummer": f"D{dice.between(10_000_000, 99_999_999)}",
            "entiteit": home.entity,
            "adres": home.address,
            "positie": home.position,
            "aard": dice.pick(("ongeschikt",) * 4 + ("ongeschikt_en_onbewoonbaar",) * 3 + ("onbewoonbaar", "overbewoond")),
            "rechtsgrond": dice.pick(("VCW", "VCW", "NGW135", None)),
            "besluitdatum": life.begin.isoformat(),
            "inventarisatiedatum": life.begin.isoformat(),
            "opgehevenOp": life.turning.isoformat() if lifted else None,
            "schrappingsreden": f"hersteld door {owner.full}" if lifted else None,
            "beroep": _appeal(dice, life),
            "gebreken": [{"categorie": dice.pick(("I", "II", "III")), "omschrijving": f"vocht in de kamer van {owner.full}"}],
            "eigenaars": [owner.record],
            "bewoners": [dice.pick(people).record for _ in range(dice.below(3))],
            "technischVerslag": f"Vastgesteld in aanwezigheid van {owner.full}, {owner.insz}",
            "opmerking": _remark(dice, owner),
            "gewijzigdOp": _changed(dice, life.changed),
        }


def claims(seed: int, day: date, sizes: Sizes) -> Iterator[Record]:
    """`herstelvorderingen`; one in twenty panden has two."""
    people = persons(seed)
    for life in lives(seed, "claim", sizes.claims, day, lively=2):
        dice = Dice(seed, "claim", life.slot, life.turn, "record")
        home = dwelling(seed, _PANDS + _dwelling_of(life.slot))
        offender = dice.pick(people)
        executed = life.turned and life.fate is Fate.LIFTED
        more = [other_box(home.address, box) for box in range(2, 2 + dice.pick((0, 0, 0, 1, 2, 3)))]
        yield {
            "vorderingId": f"HV-{life.begin.year}-{_key(life)}",
            "notitienummer": f"GE.66.W1.{dice.between(100_000, 999_999)}/{life.begin.year}",
            "pand": {"pandId": f"P{home.number - _PANDS:07d}", "gebouwId": home.entity["gebouwId"]},
            "adressen": [home.address, *more],
            "positie": home.position,
            "opgemaaktOp": life.begin.isoformat(),
            "status": _status(dice, life),
            "uitvoeringVastgesteldOp": life.turning.isoformat() if executed else None,
            "overtreders": [offender.record],
            "parket": f"Parket, t.a.v. {dice.pick(people).full}",
            "opmerking": _remark(dice, offender),
            "gewijzigdOp": _changed(dice, life.changed),
        }


def _dwelling_of(slot: int) -> int:
    """One dwelling in twenty has two dossiers."""
    return slot - 1 if slot % 20 == 19 else slot


def _key(life: Life) -> str:
    return f"{life.slot:07d}-{life.turn}"


def _lapsed(life: Life) -> date | None:
    """A certificate lapses on its turning day, or when a new one takes its place."""
    if life.fate is Fate.LIFTED and life.turned:
        return life.turning
    return life.next_begin if life.next_begin <= life.day else None


def _appeal(dice: Dice, life: Life) -> Record | None:
    """Against one decision in ten; all those that end are annulled."""
    filed = (life.begin + timedelta(days=3)).isoformat()
    if life.fate is Fate.ENDS:
        return {"ingediendOp": filed, "uitspraak": "vernietigd" if life.turned else None}
    return {"ingediendOp": filed, "uitspraak": dice.pick(("verworpen", None))} if dice.one_in(10) else None


def _status(dice: Dice, life: Life) -> str:
    if life.turned and life.fate is Fate.ENDS:
        return "ingetrokken"
    if life.turned and life.fate is Fate.LIFTED and dice.one_in(2):
        return "uitgevoerd"  # else the source gives only the day
    return dice.pick(("opgemaakt", "ingediend", "vonnis", "in_kracht_van_gewijsde", "gedeeltelijk_uitgevoerd"))


def _remark(dice: Dice, person: Person) -> str:
    return dice.pick(
        (
            f"Contact via {person.full}, {person.email}",
            f"Bel {person.phone} voor toegang",
            f"Eigenaar {person.last} ({person.insz}) was aanwezig",
            f"Betaling via {person.account}",
            f"KBO {company(dice)}, zaakvoerder {person.full}",
            "Geen opmerkingen",
        )
    )


def _changed(dice: Dice, day: date) -> str:
    return f"{day}T{dice.between(1, 5):02d}:{dice.below(60):02d}:00+01:00"
