"""The documents for people inside every zip: `LEESMIJ.html` (what is in the file, what the format loses) and `LICENTIE.txt`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from exports.formats import Format
from exports.notice import Notice
from release.crs import LAMBERT72, Crs
from release.schema import FeatureType, Field, FieldType
from release.transform import transformation_name

TYPES: dict[FieldType, str] = {
    FieldType.TEXT: "tekst",
    FieldType.INTEGER: "geheel getal",
    FieldType.NUMBER: "getal met twee decimalen",
    FieldType.DATE: "datum",
    FieldType.URI: "webadres",
}


@cache
def templates() -> Environment:
    """The templates of this package, with escaping for XML and HTML."""
    environment = Environment(
        loader=PackageLoader("exports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["type_name"] = type_name
    return environment


def type_name(field: Field) -> str:
    """Type of a field in Dutch, with the length of a text."""
    length = f" ({field.length})" if field.length is not None else ""
    return f"{TYPES[field.type]}{length}"


def readme(words: Notice, format_: Format, feature_types: Sequence[FeatureType], members: Sequence[str], crs: Crs = LAMBERT72) -> bytes:
    """`LEESMIJ.html`: Dutch, self-contained, without scripts or foreign resources.

    `members` are the data files of the zip, `crs` is what their coordinates are in.
    """
    template = templates().get_template("leesmij.html.j2")
    return template.render(
        notice=words, format=format_, feature_types=feature_types, members=members, crs=crs, transformation=transformation_name()
    ).encode()


def licence(words: Notice) -> bytes:
    """`LICENTIE.txt`: the licence by name and address, how to name the source, and the duties of a reuser."""
    return "\n".join((words.licence_name, words.licence, "", words.attribution, "", words.state, "", words.reuse, "")).encode()
