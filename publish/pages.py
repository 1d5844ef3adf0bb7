"""HTML pages: one look, two languages, nothing from another host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from exports.notice import dutch

Language = Literal["nl", "en"]

_SHARED = Path(__file__).parent / "templates"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def language(request: Request) -> Language:
    """Dutch, unless `?lang=en` asks for the English information."""
    return "en" if request.query_params.get("lang") == "en" else "nl"


@dataclass(frozen=True)
class Pages:
    """Renders templates of a folder over the shared ones. Links are made from `public_url` alone (DESIGN 16)."""

    public_url: str
    production: bool
    folder: Path = _SHARED

    @property
    def root(self) -> str:
        """The path at which the service stands behind its public address, without a slash at the end."""
        return urlsplit(self.public_url).path.rstrip("/")

    @cached_property
    def _environment(self) -> Environment:
        loader = FileSystemLoader([self.folder, _SHARED])
        environment = Environment(
            loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters["whole"] = whole
        environment.filters["size"] = size
        environment.filters["day"] = spelled
        return environment

    def render(self, template: str, language: Language, **context: object) -> str:
        """A page; templates say each text in both languages: `{{ t("Nederlands", "English") }}`."""

        def t(nl: str, en: str) -> str:
            return en if language == "en" else nl

        return self._environment.get_template(template).render(
            **context, t=t, lang=language, root=self.root, url=self.public_url, test=not self.production
        )


def whole(number: int, language: Language) -> str:
    """`145.577`, in English `145,577`: as the map writes it too."""
    text = f"{number:,}"
    return text.replace(",", ".") if language == "nl" else text


def spelled(day: date, language: Language) -> str:
    """`21 november 2026`, `21 November 2026`."""
    return dutch(day) if language == "nl" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def size(count: int, language: Language) -> str:
    """`12,3 MB`, in English `12.3 MB`: bytes for people."""
    amount, units = float(count), ["bytes", "kB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    text = f"{amount:.0f}" if units[0] == "bytes" or amount >= 100 else f"{amount:.1f}"
    return f"{text.replace('.', ',') if language == 'nl' else text} {units[0]}"
