"""Read a delivered record against its definition: drop what is personal unparsed, check the rest, note unknown fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from etl.definitions import DatasetDefinition, RecordField, RecordType
from etl.findings import Effect, Finding
from etl.table import Scalar, SourceRecord, Value

_BRUSSELS = ZoneInfo("Europe/Brussels")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
"""What XML has no place for (XML 1.0 §2.2), and what nobody sees: zero widths, separators and changes of direction."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PRINTABLE = re.compile(r"[a-z][A-Za-z]{0,29}")  # as the contract writes names: a person's name is not repeated

Check = Callable[[object], Scalar]
"""Gives the value as it is kept, or raises `_Fault`."""


class _Fault(Exception):
    """A value breaks the schema; holds the code of the rule and no value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one record: the record (null when it is kept out or removed), its key, findings, unknown fields."""

    record: SourceRecord | None
    key: str | None
    removed: bool = False
    findings: tuple[Finding, ...] = ()
    unknown: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Node:
    """One level of a record: `skip` is personal and not used, `personal` may be used in part; `children` by name, `check` of a scalar."""

    path: str = ""
    skip: bool = False
    personal: bool = False
    required: bool = False
    uses: bool = False
    check: Check | None = None
    children: dict[str, _Node] = field(default_factory=dict)
    many: bool = False
    droppable: bool = False  # a fault drops the value and nothing more
    needed: list[tuple[str, _Node]] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """Collects while one record is read."""

    number: int
    values: dict[str, Value] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    broken: bool = False


class RecordReader:
    """Reads the records of one dataset. One reader serves a whole delivery."""

    def __init__(self, definition: DatasetDefinition) -> None:
        """Compiles the definition's fields once."""
        self._key = definition.record.key
        self._drop_items = definition.projection == "policy"  # CONTRACT A.4: the rule is kept out, not the municipality
        self._root = _compile(definition)

    def read(self, number: int, document: object) -> Reading:
        """One record; a document that is no object is kept out like any that breaks its schema."""
        if not isinstance(document, Mapping):
            return Reading(None, None, findings=(Finding("schema.type", "", number, Effect.KEEP_OUT),))
        key = _usable(document.get(self._key))
        if document.get("verwijderd") is True and self._key in document and len(document) == 2:
            faults = () if key is not None else (Finding("schema.required", self._key, number, Effect.KEEP_OUT),)
            return Reading(None, key, removed=key is not None, findings=faults)
        state = _State(number)
        self._walk(self._root, document, state, state.values)
        record = None if state.broken else SourceRecord(number, state.values)
        return Reading(record, key, False, tuple(state.findings), frozenset(state.unknown))

    def _walk(self, node: _Node, document: Mapping[object, object], state: _State, values: dict[str, Value]) -> bool:
        """Read the fields of one object into `values`; false when a field that B uses breaks its schema."""
        good = True
        for name, value in document.items():
            child = node.children.get(name) if isinstance(name, str) else None
            if child is None:
                if not node.personal:  # CONTRACT A.4: what is unknown inside a personal field is dropped like the rest of it
                    state.unknown.add(_shown(node.path, name))
            elif not child.skip and value is not None:
                good &= self._value(child, value, state, values)
        for name, child in node.needed:
            value = document.get(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                good &= self._fault("schema.required", child, state)
        return good

    def _value(self, node: _Node, value: object, state: _State, values: dict[str, Value]) -> bool:
        if node.check is not None:
            try:
                kept = node.check(value)
            except _Fault as fault:
                if node.droppable:
                    state.findings.append(Finding(str(fault), node.path, state.number, Effect.DROP_VALUE))
                    return True
                return self._fault(str(fault), node, state)
            if node.uses:
                values[node.path] = kept
            return True
        if node.many:
            return self._list(node, value, state, values)
        if isinstance(value, Mapping):
            return self._walk(node, value, state, values)
        return self._fault("schema.type", node, state)

    def _list(self, node: _Node, value: object, state: _State, values: dict[str, Value]) -> bool:
        if not isinstance(value, list):
            return self._fault("schema.type", node, state)
        items, good = [], True
        for index, item in enumerate(value):
            before, broken = len(state.findings), state.broken
            kept: dict[str, Value] = {}
            fits = self._walk(node, item, state, kept) if isinstance(item, Mapping) else self._fault("schema.type", node, state)
            if fits:
                prefix = len(node.path) + 1
                items.append({path[prefix:]: scalar for path, scalar in kept.items() if not isinstance(scalar, tuple)})
            elif self._drop_items:
                state.broken = broken
            if self._drop_items:
                state.findings[before:] = [_of_item(finding, index) for finding in state.findings[before:]]
            good &= fits or self._drop_items
        values[node.path.removesuffix("[]")] = tuple(items)
        return good

    def _fault(self, code: str, node: _Node, state: _State) -> bool:
        """Note a fault; it keeps the record out only in a field that B uses (CONTRACT A.4)."""
        state.findings.append(Finding(code, node.path, state.number, Effect.KEEP_OUT if node.uses else Effect.NOTE))
        state.broken |= node.uses
        return not node.uses


def _usable(key: object) -> str | None:
    """A source key that can be told from others and encoded."""
    return key if isinstance(key, str) and key.strip() and not _CONTROL.search(key) else None


def _of_item(finding: Finding, index: int) -> Finding:
    return Finding(finding.rule, finding.field, finding.record, finding.effect, index)


def _shown(prefix: str, name: object) -> str:
    """The path of an unknown field; a name that could itself hold a value is not repeated."""
    shown = name if isinstance(name, str) and _PRINTABLE.fullmatch(name) else "(name withheld)"
    return f"{prefix}.{shown}" if prefix else shown


def used_paths(definition: DatasetDefinition) -> frozenset[str]:
    """The paths that part B of the contract uses: keys, dates, address, position and public fields."""
    if definition.projection == "policy":
        return frozenset(field.path for field in definition.record.fields if not field.personal)
    record, validity, address, position = definition.record, definition.validity, definition.address, definition.position
    paths: set[str | None] = {record.key, record.object, record.changed, validity.start, *validity.last, *validity.ended, *validity.never}
    paths |= {field.path for field in definition.public}
    if address is not None:
        prefix = f"{address.many}[]." if address.many else ""
        parts = (address.id, address.street, address.house, address.box, address.postcode, address.municipality, address.niscode)
        paths |= {prefix + part for part in parts if part is not None} | {address.many}
    if position is not None:
        paths |= {position.crs, position.x, position.y}
    present = {path for path in paths if path is not None}
    return frozenset(present | {path[:index] for path in present for index in _dots(path)})


def _dots(path: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\.|\[\]", path)]


def _compile(definition: DatasetDefinition) -> _Node:
    root, used = _Node(), used_paths(definition)
    for spec in definition.record.fields:
        node, parts = root, spec.path.split(".")
        for part in parts[:-1]:
            node = node.children.setdefault(part.removesuffix("[]"), _Node(path=f"{node.path}.{part}".lstrip(".")))
        child = node.children.setdefault(parts[-1], _Node())
        child.path = spec.path if spec.type is not RecordType.LIST else f"{spec.path}[]"
        child.skip, child.personal = spec.personal and not spec.used, spec.personal
        child.uses = spec.path in used
        child.many = spec.type is RecordType.LIST
        child.droppable = spec.type is RecordType.LINK
        child.check = _CHECKS[spec.type](spec) if spec.type in _CHECKS else None
        if spec.required and not child.skip:
            node.needed.append((parts[-1], child))
    return root


def _text(spec: RecordField) -> Check:
    pattern = re.compile(spec.pattern) if spec.pattern else None
    codes, longest = frozenset(spec.codes), spec.max_length or 2000

    def check(value: object) -> Scalar:
        if not isinstance(value, str):
            raise _Fault("schema.type")
        if codes and value not in codes:
            raise _Fault("schema.code")
        if pattern is not None and not pattern.fullmatch(value):
            raise _Fault("schema.pattern")
        if len(value) > longest:
            raise _Fault("schema.length")
        if _CONTROL.search(value):
            raise _Fault("schema.characters")
        return value

    return check


def _link(value: object) -> Scalar:
    """Any text: what is wrong with a link drops the link, not its rule (CONTRACT A.4), and `etl.rules.link` says what that is."""
    if not isinstance(value, str):
        raise _Fault("schema.type")
    return value


def _integer(value: object) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**53) < value < 2**53:
        raise _Fault("schema.type")
    return value


def _number(value: object) -> Scalar:
    # A public number has ten digits before the comma.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e10 < value < 1e10:
        raise _Fault("schema.type")
    return float(value)


def _boolean(value: object) -> Scalar:
    if not isinstance(value, bool):
        raise _Fault("schema.type")
    return value


def _date(value: object) -> Scalar:
    """An ISO date, kept as text."""
    if not isinstance(value, str):
        raise _Fault("schema.type")
    try:
        if not _DATE.fullmatch(value):  # `fromisoformat` also reads weeks
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise _Fault("schema.date") from None
    return value


def _timestamp(value: object) -> Scalar:
    """An ISO time, kept as microseconds since 1970 UTC; one without offset is Brussels time."""
    if not isinstance(value, str):
        raise _Fault("schema.type")
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=_BRUSSELS)
        return round(moment.timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        raise _Fault("schema.date") from None


def _same(check: Check) -> Callable[[RecordField], Check]:
    return partial(lambda kept, _: kept, check)


_CHECKS: dict[RecordType, Callable[[RecordField], Check]] = {
    RecordType.TEXT: _text,
    RecordType.LINK: _same(_link),
    RecordType.INTEGER: _same(_integer),
    RecordType.NUMBER: _same(_number),
    RecordType.BOOLEAN: _same(_boolean),
    RecordType.DATE: _same(_date),
    RecordType.TIMESTAMP: _same(_timestamp),
}
