"""LIKE patterns as regular expressions that match in bounded time."""

from __future__ import annotations

import re


def like_pattern(pattern: str, many: str = "%", one: str = "_", escape: str = "\\") -> str:
    """The regular expression, for a full match, of a pattern with wildcards for many and for one character; an empty one is none.

    Each literal part between two wildcards is sought once, at its first place (an atomic group): that loses no match, since
    what follows can only use more of the text, and keeps hostile patterns from growing exponentially.
    """
    head, *parts = _split(pattern, many, one, escape)
    if not parts:
        return head
    middle = "".join(f"(?>.*?{part})" for part in parts[:-1] if part)
    return f"{head}{middle}.*{parts[-1]}"


def _split(pattern: str, many: str, one: str, escape: str) -> list[str]:
    """The literal parts between the wildcards for many, as regular expressions of fixed length."""
    escaped = [f"{re.escape(escape)}(?P<escaped>.)"] if escape else []
    wildcards = [f"(?P<{name}>{re.escape(text)})" for name, text in (("many", many), ("one", one)) if text]
    parts = [""]
    for token in re.finditer("|".join([*escaped, *wildcards, "(?P<plain>.)"]), pattern, re.DOTALL):
        if token.lastgroup == "many":
            parts.append("")
        else:
            parts[-1] += "." if token.lastgroup == "one" else re.escape(token[token.lastgroup or 0])
    return parts
