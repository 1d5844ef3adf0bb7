"""CQL2 text as a tree, by recursive descent; ECQL, as GeoServer's users write it, is read where it is asked for.

`POI:PRODUCT='Conformiteitsattest' AND S_INTERSECTS(SHAPE, BBOX(150000,210000,151000,211000))`, and in ECQL also
`NAAM ILIKE '%straat%'`, `BBOX(SHAPE,1,2,3,4,'EPSG:31370')`, `d DURING 2024-01-01/2025-01-01`, `IN ('POI.1')`, `INCLUDE`.
"""

from __future__ import annotations

from collections.abc import Callable

from publish.cql.stream import Stream
from publish.cql.tokens import Kind
from publish.cql.tree import Call, Items, Name, Node, Value
from publish.cql.wkt import begins_geometry, begins_srid, read_geometry, read_srid
from publish.filters.errors import Unsupported
from publish.filters.literals import number

IDENTIFIER = "@id"
"""The name of the identifier, by which `IN ('POI.1')` is written in the tree."""

_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ARITHMETIC = {"+", "-", "*", "/", "^", "%"}
_CONSTANTS: dict[str, bool | None] = {"TRUE": True, "FALSE": False, "NULL": None}
_ECQL_CONSTANTS = {"INCLUDE": True, "EXCLUDE": False}
_RESERVED = {"AND", "OR", "NOT", "LIKE", "ILIKE", "IN", "BETWEEN", "IS", "DIV"}
_TWO_WORDS = {"statute miles", "nautical miles"}


def parse_text(text: str, *, ecql: bool = False) -> Node:
    """The tree of a filter; raises `FilterError`."""
    parser = _Parser(Stream(text), ecql)
    node = parser.condition()
    if parser.stream.peek().kind is not Kind.END:
        raise parser.stream.wrong("AND, OR or the end is expected; names of properties have no quotes, texts stand in single ones")
    return node


class _Parser:
    def __init__(self, stream: Stream, ecql: bool) -> None:
        self.stream, self._ecql = stream, ecql

    def condition(self) -> Node:
        """Conditions with OR between them."""
        return self._chain("OR", lambda: self._chain("AND", self._negation))

    def _chain(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.stream.word(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(word.lower(), tuple(parts))

    def _negation(self) -> Node:
        if not self.stream.word("NOT"):
            return self._predicate()
        with self.stream.deeper():
            return Call("not", (self._negation(),))

    def _predicate(self) -> Node:
        if self._ecql and self.stream.peek(1).symbol() == "(" and self.stream.word("IN"):
            return Call("in", (Name(IDENTIFIER), self._list()))
        left = self._operand()
        token = self.stream.peek()
        if token.symbol() in _COMPARISONS:
            self.stream.take()
            return Call(_COMPARISONS[token.text], (left, self._operand()))
        if self.stream.word("IS"):
            negated = self.stream.word("NOT")
            if not self.stream.word("NULL"):
                raise self.stream.wrong("NULL is missing")
            return _negated(Call("isnull", (left,)), negated)
        negated = self.stream.word("NOT")
        found = self._postfix(left) or (None if negated else self._period(left))
        if negated and found is None:
            raise self.stream.wrong("LIKE, IN or BETWEEN is missing after NOT")
        return left if found is None else _negated(found, negated)

    def _postfix(self, left: Node) -> Node | None:
        """LIKE, IN and BETWEEN."""
        if self.stream.word("LIKE"):
            return Call("like", (left, self._operand()))
        if self._ecql and self.stream.word("ILIKE"):
            return Call("like", (Call("casei", (left,)), Call("casei", (self._operand(),))))
        if self.stream.word("IN"):
            return Call("in", (left, self._list()))
        if self.stream.word("BETWEEN"):
            lower = self._operand()
            if not self.stream.word("AND"):
                raise self.stream.wrong("AND is missing after BETWEEN")
            return Call("between", (left, lower, self._operand()))
        return None

    def _period(self, left: Node) -> Node | None:
        """The temporal operators of ECQL: `d BEFORE 2024-01-01`, `d DURING 2024-01-01/2025-01-01`."""
        if not self._ecql:
            return None
        if self.stream.word("BEFORE", "OR", "DURING"):
            return Call("<=", (left, self._moments().arguments[-1]))
        if self.stream.word("DURING", "OR", "AFTER"):
            return Call(">=", (left, self._moments().arguments[0]))
        for word, operation in (("BEFORE", "t_before"), ("AFTER", "t_after"), ("DURING", "t_during"), ("TEQUALS", "t_equals")):
            if self.stream.word(word):
                return Call(operation, (left, self._moments()))
        return None

    def _moments(self) -> Call:
        """A moment, or two with a slash."""
        first = self._moment()
        return Call("interval", (first, self._moment())) if self.stream.symbol("/") else first

    def _moment(self) -> Call:
        token = self.stream.peek()
        if token.kind not in (Kind.MOMENT, Kind.TEXT):
            raise self.stream.wrong("a moment is missing; write 2026-01-31 or 2026-01-31T12:00:00Z, durations are not offered")
        return Call("timestamp", (Value(self.stream.take().text),))

    def _operand(self) -> Node:
        """A property, a literal, a call, or a condition in brackets."""
        node = self._primary()
        token = self.stream.peek()
        if token.symbol() in _ARITHMETIC or token.word() == "DIV":
            raise Unsupported("arithmetic is not offered; write the number that comes out of it")
        return node

    def _primary(self) -> Node:
        token = self.stream.peek()
        if token.symbol() == "(":
            return self._brackets()
        if token.symbol() in ("-", "+") or token.kind is Kind.NUMBER:
            return self._number()
        if token.kind is Kind.TEXT:
            return Value(self.stream.take().text)
        if token.kind is Kind.MOMENT and self._ecql:
            return self._moment()
        if token.kind in (Kind.NAME, Kind.QUOTED):
            return self._named()
        raise self.stream.wrong("a property or a literal is missing; texts stand in single quotes, dates are written DATE('2026-01-31')")

    def _brackets(self) -> Node:
        self.stream.require("(")
        with self.stream.deeper():
            node = self.condition()
        if self.stream.peek().symbol() == ",":
            raise Unsupported("lists are offered after IN only")
        self.stream.require(")")
        return node

    def _number(self) -> Value:
        sign = "" if self.stream.peek().kind is Kind.NUMBER else self.stream.take().text
        token = self.stream.peek()
        if token.kind is not Kind.NUMBER:
            raise Unsupported("arithmetic is not offered; write the number that comes out of it")
        if len(token.text) > 1 and token.text.startswith("0") and token.text.isdecimal():
            raise self.stream.wrong(f"a number has no zero in front; write '{token.text[:20]}' for a text")
        return Value(number(sign + self.stream.take().text))

    def _named(self) -> Node:
        word = self.stream.peek().word()
        if begins_geometry(self.stream):
            return read_geometry(self.stream)
        if self._ecql and begins_srid(self.stream):
            return read_srid(self.stream)
        if word in _RESERVED:
            raise self.stream.wrong(f"{word} needs a property or a literal before it")
        token = self.stream.take()
        if self.stream.peek().symbol() == "(":
            return Call(token.text, self._arguments())
        if word in _CONSTANTS:
            return Value(_CONSTANTS[word])
        if self._ecql and word in _ECQL_CONSTANTS:
            return Value(_ECQL_CONSTANTS[word])
        return Name(token.text)

    def _arguments(self) -> tuple[Node, ...]:
        self.stream.require("(")
        found: list[Node] = []
        with self.stream.deeper():
            while self.stream.peek().symbol() != ")" and (not found or self.stream.symbol(",")):
                found.append(self._unit() or self.condition())
        self.stream.require(")")
        return tuple(found)

    def _unit(self) -> Name | None:
        """`statute miles`, the units of ECQL that have two words."""
        words = f"{self.stream.peek().text} {self.stream.peek(1).text}".lower()
        if not self._ecql or words not in _TWO_WORDS:
            return None
        self.stream.take()
        self.stream.take()
        return Name(words)

    def _list(self) -> Items:
        return Items(self._arguments())


def _negated(node: Node, negated: bool) -> Node:
    return Call("not", (node,)) if negated else node
