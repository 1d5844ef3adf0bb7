"""`docs/disclosure.md`: per dataset what becomes public, on which ground, and what never does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from etl.definitions import DatasetDefinition, Derived, PublicField, Validity
from etl.pages.markdown import bullets, code, codes, page, table
from etl.pages.uses import GEOMETRY, Use, uses

_INTRODUCTION = (
    "What may leave is what stands here, and nothing else. A public column exists because a definition in `etl/datasets/` names it with "
    "the article of law that allows it; `etl/disclose.py` makes no other. Fields without an article of their own are explained in "
    "[decision 0006](decisions/0006-technical-fields.md). Records are delivered in Dutch; the names are those of the contract."
)

_NEVER = (
    "Never public, of any dataset: who owns, rents, lives in, holds, inspects or offended; dates, grounds, kind, status, defects and "
    "reasons of a decision, certificate or claim; case numbers; the keys of the source; free text of the back office; and what was public "
    "before."
)

_HEADS = ("field", "type", "length", "meaning (nl)", "meaning (en)", "comes from", "ground")

_ADDRESS = frozenset({"street", "house", "box", "postcode", "municipality", "niscode", "address_id", "address_count"})

_WORKED_OUT = {
    Derived.UIDN: "HMAC of OIDN and the identifying public values",
    Derived.OIDN: "HMAC of product and object",
    Derived.TITLE: "label of the product and the address",
    Derived.ADDRESS_COUNT: "number of addresses",
    Derived.POSITION_SOURCE: "where the position comes from",
    Derived.POLICY: "the record of the municipality (`etl/policy.py`)",
    Derived.MUNICIPALITY: "name that goes with NISCODE",
    Derived.NISCODE: "NIS code of the address, as of today",
}


def disclosure(definitions: Iterable[DatasetDefinition]) -> str:
    """The whole page."""
    return page("Disclosure", _INTRODUCTION, _NEVER, *(_dataset(definition) for definition in definitions))


def _dataset(definition: DatasetDefinition) -> str:
    kind = definition.feature_type
    facts = [
        f"Legal ground: {definition.legal_ground}.",
        f"Product: {code(definition.product.id)}, rows of {code(f'{kind.prefix}:{kind.name}')}; delivered {definition.cadence}.",
        f"Withdrawn when no delivery was accepted for more than {definition.gate.withdraw_after_days} days.",
        f"Licence: <{definition.licence}>.",
        *([] if definition.retention == "" else [f"Kept between runs (nl): {definition.retention}"]),
    ]
    parts = [
        f"## {definition.title.en} ({definition.title.nl})",
        bullets(facts),
        f"**Public when** {public_when(definition)}",
        table(_HEADS, [*_rows(definition.public), _geometry(definition)]),
    ]
    for attached in definition.tables:
        parts += [f"Table {code(attached.name)}: {attached.abstract.en}", table(_HEADS, _rows(attached.fields))]
    return "\n\n".join([*parts, *_private(definition)])


def public_when(definition: DatasetDefinition) -> str:
    """CONTRACT B.1 in a sentence, from the validity rule."""
    if definition.projection == "policy":
        return "the municipality exists; of its rules those in force on the day (`vanaf` has come or is absent, `tot` has not passed)."
    reasons = [*_clauses(definition.validity)]
    reasons += [f"it is not older than a current record of {code(wait.dataset)} on the same object" for wait in definition.waits]
    return "at least one of the records of the object is, that is: " + "; ".join(reasons) + "."


def _clauses(validity: Validity) -> Iterator[str]:
    if validity.start is not None:
        yield f"{code(validity.start)} has come"
    for path in validity.last:
        yield f"{code(path)} has not passed"
    for path in validity.ended:
        yield f"{code(path)} is absent or yet to come"
    for path, values in validity.never.items():
        yield f"{code(path)} is not {' or '.join(values)}"


def _rows(fields: Sequence[PublicField]) -> Iterator[tuple[str, ...]]:
    for field in fields:
        length = "" if field.length is None else str(field.length)
        required = "" if field.required else ", may be empty"
        yield code(field.name), f"{field.type.value}{required}", length, field.title.nl, field.title.en, _origin(field), field.ground


def _origin(field: PublicField) -> str:
    if field.constant is not None:
        return "fixed text" if field.constant else "always empty"
    if field.derived is not None:
        return _WORKED_OUT.get(field.derived, "the address")
    return code(field.path)


def _geometry(definition: DatasetDefinition) -> tuple[str, ...]:
    kind = definition.feature_type.geometry.value.lower()
    ground = next((field.ground for field in definition.public if field.derived is not None and field.derived.value in _ADDRESS), "")
    if ground:
        return (
            code(GEOMETRY),
            f"{kind}, may be empty",
            "",
            "ligging (EPSG:31370)",
            "position (EPSG:31370)",
            "the position, two decimals",
            ground,
        )
    words = "gebied van de gemeente (EPSG:31370)", "area of the municipality (EPSG:31370)", "municipality polygons, not the delivery"
    return code(GEOMETRY), kind, "", *words, "VLOK besluit 0006: technisch veld zonder persoonsgegeven"


def _private(definition: DatasetDefinition) -> Iterator[str]:
    """The record fields that are not public, by what becomes of them."""
    found = uses(definition)
    for use, words in (
        (Use.DECIDES, "Read to decide whether and as which object a record is public; kept as an HMAC, a day or a time, never public"),
        (Use.CHECKED, "Checked against its schema, then forgotten"),
        (Use.DROPPED, "Dropped unparsed on reading"),
    ):
        names = [item.field.path for item in found if item.use is use]
        if names:
            yield f"{words}: {codes(names)}."
