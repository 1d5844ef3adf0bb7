"""Tests of many texts in one call, in the order of their code points; an absent text passes no test.

Arrow's kernels are used where they say the same as Python, and Python for the few texts for which they do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from release.predicate import Operator
from release.truth import Mask

_KERNELS: dict[Operator, Callable[[pa.Array, pa.Scalar | pa.Array], pa.Array]] = {
    Operator.EQUAL: pc.equal,
    Operator.NOT_EQUAL: pc.not_equal,
    Operator.LESS: pc.less,
    Operator.LESS_OR_EQUAL: pc.less_equal,
    Operator.GREATER: pc.greater,
    Operator.GREATER_OR_EQUAL: pc.greater_equal,
}

_WILDCARDS = re.compile(r"(?:\\[^A-Za-z0-9]|[^\\.^$*+?{}\[\]|()]|\.\*?|\(\?>\.\*\?|\))*+", re.DOTALL)
"""The expressions that `publish.like` makes: literal characters, `.`, `.*`, and atomic groups that begin with `.*?`."""

_LITERAL = r"(?:\\[^A-Za-z0-9]|[^\\.^$*+?{}\[\]|()])"
_PREFIX = re.compile(rf"({_LITERAL}*+)\.\*", re.DOTALL)
_WITHIN = re.compile(rf"\(\?>\.\*\?({_LITERAL}*+)\)\.\*", re.DOTALL)

_FOLDS_TO_ASCII = frozenset("\u0130\u0131\u017f\u212a")
"""Letters outside ASCII that Python, ignoring case, takes for i, s and k."""


_ODD = r"[^\x00-\x7f\x{a0}-\x{b4}\x{b6}-\x{de}\x{e0}-\x{ff}\x{2010}-\x{203a}]"
"""Whatever is not ASCII, a letter of Latin-1 (apart from two that fold to something else) or a dash or quotation mark."""


def compare(texts: pa.Array, operator: Operator, wanted: str | pa.Array, match_case: bool = True) -> Mask:
    """Which texts are so compared to one text, or each to the one beside it; without `match_case` as `str.casefold` has it."""
    if not match_case:
        texts, wanted = folded(texts), wanted.casefold() if isinstance(wanted, str) else folded(wanted)
    other = _bytes(wanted) if isinstance(wanted, str) else wanted.cast(pa.binary())
    return _mask(_KERNELS[operator](texts.cast(pa.binary()), other))


def among(texts: pa.Array, wanted: Iterable[str]) -> Mask:
    """Which texts are one of these."""
    values = pa.array([_bytes(text).as_py() for text in wanted], pa.binary())
    return np.asarray(pc.is_in(texts.cast(pa.binary()), value_set=values, skip_nulls=True), dtype=np.bool_)


def between(texts: pa.Array, lower: str, upper: str) -> Mask:
    """Which texts lie between two others, both included."""
    return compare(texts, Operator.GREATER_OR_EQUAL, lower) & compare(texts, Operator.LESS_OR_EQUAL, upper)


def like(texts: pa.Array, pattern: str, match_case: bool = True) -> Mask:
    """Which texts match a regular expression as a whole, as Python's `re` has it with DOTALL."""
    expression = re.compile(pattern, re.DOTALL | (re.NOFLAG if match_case else re.IGNORECASE))
    quick = _quick(texts, pattern, match_case)
    if quick is None:
        return _each(texts, expression)
    if not match_case and len(odd := np.flatnonzero(_odd(texts))):
        quick[odd] = _each(texts.take(pa.array(odd)), expression)
    return quick


def folded(texts: pa.Array) -> pa.Array:
    """The texts as `str.casefold` makes them."""
    lower = pc.utf8_lower(texts)
    odd = _odd(texts)
    if not odd.any():
        return lower
    rest = [text.casefold() for text in texts.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(lower, pa.array(odd), pa.array(rest, texts.type))


def _quick(texts: pa.Array, pattern: str, match_case: bool) -> Mask | None:
    """The answer of Arrow, right for every text or, ignoring case, for those that are not odd; null where it has none."""
    if not _WILDCARDS.fullmatch(pattern) or not (match_case or _FOLDS_TO_ASCII.isdisjoint(pattern)):
        return None
    try:
        if found := _PREFIX.fullmatch(pattern):
            prefix = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)
            return _mask(pc.starts_with(texts, prefix, ignore_case=not match_case))
        found = _WITHIN.fullmatch(pattern)
        # RE2 has no atomic groups and needs none: its time is linear. In a literal the bracket is escaped.
        sought = found[1] if found else rf"\A(?:{pattern.replace('(?>', '(?:')})\z"
        return _mask(pc.match_substring_regex(texts, f"(?s){sought}", ignore_case=not match_case))
    except (pa.ArrowException, UnicodeEncodeError):
        return None


def _each(texts: pa.Array, expression: re.Pattern[str]) -> Mask:
    found = (text is not None and expression.fullmatch(text) is not None for text in texts.to_pylist())
    return np.fromiter(found, dtype=np.bool_, count=len(texts))


def _odd(texts: pa.Array) -> Mask:
    """Which texts have characters of which Arrow may fold the case in another way than Python."""
    odd = np.array(pc.invert(pc.string_is_ascii(texts)).fill_null(False), dtype=np.bool_)
    places = np.flatnonzero(odd)
    if len(places):
        odd[places] = _mask(pc.match_substring_regex(texts.take(pa.array(places)), _ODD))
    return odd


def _bytes(text: str) -> pa.Scalar:
    """UTF-8, whose order is that of the code points; a half surrogate, which a client may send, keeps its place in it."""
    return pa.scalar(text.encode("utf-8", "surrogatepass"), pa.binary())


def _mask(found: pa.Array) -> Mask:
    filled = found.fill_null(False) if found.null_count else found
    return np.array(filled, dtype=np.bool_)
