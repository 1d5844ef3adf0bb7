"""`docs/findings.md`, and the same in Dutch for source holders: every code, what it does, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from etl.pages.markdown import code, page, table
from etl.rules.catalogue import Code, Consequence, load

Language = Literal["nl", "en"]


@dataclass(frozen=True)
class _Words:
    title: str
    introduction: str
    heads: tuple[str, str, str, str]
    sections: dict[str, tuple[Consequence, ...]]
    effects: dict[Consequence, str]


_ENGLISH = _Words(
    "Findings",
    "What a refusal, a hold or a finding says. A finding carries the rule, the field, a count and record numbers (lines of the delivery "
    "from 1), never a value. In `parameters` a finding on a rule keeps out the rule, not the municipality. `vlok check-delivery` shows "
    "them before anything is published.",
    ("code", "what is wrong", "what it does", "remedy"),
    {
        "The delivery is refused whole": (Consequence.REFUSE,),
        "The delivery is held": (Consequence.HOLD,),
        "Findings on a record or a value": (Consequence.KEEP_OUT, Consequence.DROP_VALUE, Consequence.WAIT, Consequence.NOTE),
    },
    {
        Consequence.REFUSE: "nothing of it acts; the register of before stays",
        Consequence.HOLD: "waits for a person; what it ends, removes or keeps out acts at once",
        Consequence.KEEP_OUT: "the record is public in no version",
        Consequence.DROP_VALUE: "the value is left out, the record stays",
        Consequence.WAIT: "the record waits for its source",
        Consequence.NOTE: "a note: the record is published",
    },
)

_DUTCH = _Words(
    "Bevindingen",
    "Wat een weigering, een aanhouding of een bevinding zegt. Een bevinding noemt de regel, het veld, een aantal en recordnummers (regels "
    "van de levering, vanaf 1), nooit een waarde. Bij `parameters` houdt een bevinding over een regel alleen die regel tegen, niet de "
    "gemeente. `vlok check-delivery` toont ze voor er iets gepubliceerd wordt.",
    ("code", "wat er mis is", "gevolg", "wat te doen"),
    {
        "De levering wordt in haar geheel geweigerd": (Consequence.REFUSE,),
        "De levering wordt aangehouden": (Consequence.HOLD,),
        "Bevindingen over een record of een waarde": (Consequence.KEEP_OUT, Consequence.DROP_VALUE, Consequence.WAIT, Consequence.NOTE),
    },
    {
        Consequence.REFUSE: "niets ervan werkt; het register van voordien blijft",
        Consequence.HOLD: "wacht op een mens; wat ze beëindigt, verwijdert of tegenhoudt, werkt meteen",
        Consequence.KEEP_OUT: "het record is in geen enkele versie publiek",
        Consequence.DROP_VALUE: "de waarde wordt weggelaten, het record blijft",
        Consequence.WAIT: "het record wacht op zijn bron",
        Consequence.NOTE: "een melding: het record wordt gepubliceerd",
    },
)


def findings(language: Language) -> str:
    """The whole page; with several consequences the field and the dataset decide which."""
    words, known = (_DUTCH if language == "nl" else _ENGLISH), load()
    sections = []
    for heading, effects in words.sections.items():
        chosen = [item for item in known if item.effects[0] in effects]
        sections.append(f"## {heading}\n\n{table(words.heads, _rows(chosen, words, language))}")
    return page(words.title, words.introduction, *sections)


def _rows(chosen: Iterable[Code], words: _Words, language: Language) -> Iterable[tuple[str, ...]]:
    for item in chosen:
        meaning, remedy = (item.nl, item.remedy_nl) if language == "nl" else (item.en, item.remedy_en)
        yield code(item.code), meaning, "; ".join(words.effects[effect] for effect in item.effects), remedy
