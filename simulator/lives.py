"""The life of a dossier: when it begins, what becomes of it, and when; the same answer for the same seed and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from simulator.dice import Dice


class Fate(Enum):
    """What happens to a dossier on its turning day."""

    STAYS = auto()
    ENDS = auto()  # a certificate expires, a decision is annulled, a claim is withdrawn
    LIFTED = auto()  # a certificate lapses, a decision is lifted, a claim is executed: the source states the day
    VANISHES = auto()  # the records just stop coming


_FATES = (Fate.STAYS,) * 10 + (Fate.ENDS,) * 4 + (Fate.LIFTED,) * 4 + (Fate.VANISHES,) * 2


@dataclass(frozen=True, slots=True)
class Life:
    """One dossier on one day: `slot` and `turn` name it, `begin` is its first day in the register."""

    slot: int
    turn: int  # how many dossiers this slot has had before
    begin: date
    next_begin: date  # the day on which a new dossier of the same dwelling takes its place
    turning: date
    fate: Fate
    day: date

    @property
    def turned(self) -> bool:
        """Whether its turning day has come."""
        return self.turning <= self.day

    @property
    def changed(self) -> date:
        """The last day on which something about it changed."""
        return self.turning if self.turned and self.fate is not Fate.STAYS else self.begin


def lives(seed: int, register: str, slots: int, day: date, *, lively: int) -> Iterator[Life]:
    """Every dossier that the register delivers on this day, one or two for a slot.

    One slot in `lively` has a new dossier every two to four weeks, so that every few days bring something of everything. A
    dossier that was renewed is still delivered for some days beside its successor.
    """
    for slot in range(slots):
        dice = Dice(seed, register, slot)
        period = dice.between(12, 30) if slot % lively == 0 else dice.between(150, 900) if slot % 2 else dice.between(2500, 3600)
        turn, age = divmod(day.toordinal() + dice.below(period), period)
        begin = day - timedelta(days=age)
        if age < 5:
            before = _life(seed, register, slot, turn - 1, begin - timedelta(days=period), period, day)
            if before.fate is Fate.STAYS:
                yield before
        life = _life(seed, register, slot, turn, begin, period, day)
        if not (life.turned and life.fate is Fate.VANISHES):
            yield life


def _life(seed: int, register: str, slot: int, turn: int, begin: date, period: int, day: date) -> Life:
    dice = Dice(seed, register, slot, turn)
    turning = begin + timedelta(days=dice.between(period // 4, period - 6))
    return Life(slot, turn, begin, begin + timedelta(days=period), turning, dice.pick(_FATES), day)
