"""`docs/settings.md`, from the settings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic.fields import FieldInfo

from etl.pages.markdown import code, codes, page, table
from schedules.serving import PRIVATE
from settings import FILE, Settings

_INTRODUCTION = (
    f"Every setting is a variable `VLOK_<NAME>`, or a key of the same name in small letters in `{FILE}` of the folder in which the command "
    "runs. A variable goes before the file. All are checked at start; a name that is not known is an error. No message shows a value."
)

_PRIVATE = "The column *jobs only* marks what a serving process never gets: `vlok serve` takes these variables out of its environment."


def settings_page() -> str:
    """The whole page."""
    heads = ("variable", "value", "default", "jobs only", "what it is")
    return page("Settings", _INTRODUCTION, _PRIVATE, table(heads, _rows()))


def _rows() -> Iterator[tuple[str, ...]]:
    for name, field in Settings.model_fields.items():
        variable = f"VLOK_{name.upper()}"
        description = field.description or ""
        yield code(variable), _value(field), code(_default(field)), "yes" if variable in PRIVATE else "", description


def _value(field: FieldInfo) -> str:
    """What may be given: the choices of a literal, else the name of the type."""
    kind = field.annotation
    plain = next((part for part in get_args(kind) if part is not type(None)), kind) if type(None) in get_args(kind) else kind
    if choices := [choice for choice in get_args(plain) if isinstance(choice, str)]:
        return codes(choices)
    if getattr(plain, "__origin__", None) is dict:
        return f"table, in `{FILE}` only"
    if getattr(plain, "__origin__", None) is tuple:
        return "URLs, with blanks between them"
    return _NAMES[getattr(plain, "__name__", "")]


_NAMES = {"Path": "path", "str": "text", "bool": "`true`, `false`", "date": "date", "int": "whole number", "AnyHttpUrl": "URL"}


def _default(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if default in (None, {}, ()):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default).rstrip("/")
