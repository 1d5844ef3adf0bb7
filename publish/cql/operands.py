"""Operands of CQL: properties, literals, CASEI around them, moments and periods."""

from __future__ import annotations

from publish.cql.names import Names
from publish.cql.tree import Call, Name, Node, Value
from publish.filters.comparisons import Operand
from publish.filters.errors import Unfit, Unreadable, Unsupported
from publish.filters.moments import Moment, moment
from publish.filters.periods import End, Open, Span, instant, period
from publish.filters.targets import FieldTarget, Target

_ARITHMETIC = {"+", "-", "*", "/", "^", "%", "div"}


def unfold(node: Node) -> tuple[Node, bool]:
    """What stands within CASEI, and whether CASEI was there."""
    match node:
        case Call(name, (inner,)) if name.lower() == "casei":
            return inner, True
    return node, False


def read_operand(node: Node, names: Names) -> Operand:
    """A property or a literal; raises `FilterError`, and what `names.target` raises."""
    match node:
        case Name(text):
            return names.target(text)
        case Value(str() | int() | float() as value) if not isinstance(value, bool):
            return value
        case Value(None):
            raise Unsupported("nothing equals NULL; write IS NULL")
        case Value():
            raise Unsupported("no property is true or false")
        case Call(name) if name.lower() in ("date", "timestamp"):
            return read_moment(node)
        case Call(name) if name.lower() in _ARITHMETIC:
            raise Unsupported("arithmetic is not offered; write the number that comes out of it")
        case Call(name):
            raise Unsupported(f"the function {name[:40]!r} is not offered here")
    raise Unsupported("a geometry or a list cannot be compared")


def folded_pair(left: Node, right: Node, names: Names) -> tuple[Operand, Operand, bool]:
    """Two operands, and whether letter case counts between them; raises `FilterError`.

    CQL2 §7.4: CASEI folds the side that it is on. On one side only, it says something when the other is a text in small letters.
    """
    (left, left_folded), (right, right_folded) = unfold(left), unfold(right)
    first, second = read_operand(left, names), read_operand(right, names)
    if left_folded == right_folded:
        return first, second, not left_folded
    folded, other = (first, second) if left_folded else (second, first)
    if isinstance(folded, Target) and isinstance(other, str) and other == other.casefold():
        return first, second, False
    if isinstance(folded, str):
        return (folded.casefold(), second, True) if left_folded else (first, folded.casefold(), True)
    raise Unsupported("write CASEI on both sides")


def read_moment(node: Node) -> Moment:
    """`DATE('2026-01-31')`, `TIMESTAMP('2026-01-31T12:00:00Z')`; raises `FilterError`."""
    match node:
        case Call(name, (Value(str(text)),)):
            found = moment(text)
            if name.lower() == "date" and len(text.strip()) != len("2026-01-31"):
                raise Unfit("a date is written DATE('2026-01-31')")
            return found
    raise Unreadable("a moment is written DATE('2026-01-31') or TIMESTAMP('2026-01-31T12:00:00Z')")


def read_span(node: Node, names: Names) -> Span:
    """A property, a moment or `INTERVAL('2026-01-01', '..')`; raises `FilterError`, and what `names.target` raises."""
    match node:
        case Call(name, (begin, end)) if name.lower() == "interval":
            return period(_end(begin, Open.PAST, names), _end(end, Open.FUTURE, names))
        case Call(name) if name.lower() == "interval":
            raise Unreadable("an interval has two ends; write '..' for an open one")
    found = read_operand(node, names)
    return instant(_temporal(found))


def _end(node: Node, absent: Open, names: Names) -> End:
    if node == Value(".."):
        return absent
    return _temporal(read_operand(node, names))


def _temporal(found: Operand) -> End:
    match found:
        case FieldTarget() | Moment():
            return found
        case str():
            return moment(found)
        case Target():
            raise Unsupported(f"{found.name} is no date")
    raise Unfit(f"{found!r} is no date"[:80])
