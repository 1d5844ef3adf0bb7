"""A filter's tokens, read from left to right, each once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from publish.cql.tokens import Kind, Token, tokens
from publish.cql.tree import MAX_DEPTH
from publish.filters.errors import Unreadable


class Stream:
    """Where a parser is in a text."""

    def __init__(self, text: str) -> None:
        """Raises `Unreadable`."""
        self._tokens = tokens(text)
        self._next = 0
        self._depth = 0

    def peek(self, ahead: int = 0) -> Token:
        """A token that is still to come."""
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        self._next += 1
        return token

    def word(self, *words: str) -> bool:
        """Take these keywords if all of them are next."""
        if any(self.peek(ahead).word() != word for ahead, word in enumerate(words)):
            return False
        self._next += len(words)
        return True

    def symbol(self, text: str) -> bool:
        """Take this symbol if it is next."""
        if self.peek().symbol() != text:
            return False
        self._next += 1
        return True

    def require(self, text: str) -> None:
        """Take this symbol; raises `Unreadable` where it is not next."""
        if not self.symbol(text):
            raise self.wrong(f"{text!r} is missing")

    def wrong(self, what: str) -> Unreadable:
        """The error at the next token."""
        token = self.peek()
        place = "its end" if token.kind is Kind.END else f"character {token.position}"
        return Unreadable(f"the filter is not CQL at {place}: {what}")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level within another; raises `Unreadable` where there are too many."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(f"the filter is too deep: at most {MAX_DEPTH} levels within each other")
        yield
        self._depth -= 1
