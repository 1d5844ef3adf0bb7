"""The outcome: for every edition and product what the manifest will say, and what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from release.manifest import ChannelDigest, Manifest, Parity, Part
from release.reader import Release
from schedules.parity.asking import Asking, asking, opened
from schedules.parity.comparison import Digests, Question, questions
from schedules.parity.counts import counts
from schedules.parity.served import Site

_WORTH_PROCESSES = 20_000
"""Rows of the largest product from which on several processes are faster than one: starting one takes two seconds."""


@dataclass(frozen=True)
class Proof:
    """What is wrong, in words, and what every channel gave of the products that are not withdrawn."""

    problems: tuple[str, ...]
    parity: Mapping[date, Mapping[str, Parity]]


def prove(release: Release, site: Site, workers: int | None = None) -> Proof:
    """Read every channel of a sealed release on each of its days. `workers` null: one for little, one per processor for much."""
    problems: list[str] = []
    proven: dict[date, dict[str, Parity]] = {}
    with opened(release, site, release.days) as places:
        for place in places.values():
            problems += counts(place)
    with asking(release, site, workers or _workers(release)) as asked:
        for day in release.days:
            known = _known(release, day, proven)
            given = _answers(release, day, frozenset(known), asked)
            proven[day] = known | dict(_parities(given))
            problems += _differences(given, asked)
            problems += _manifest(release.edition(day), given)
    return Proof(tuple(problems), proven)


Answers = Mapping[Question, Digests | str]


def _workers(release: Release) -> int:
    largest = max((entry.public for day in release.days for entry in release.edition(day).products.values()), default=0)
    return os.cpu_count() or 1 if largest > _WORTH_PROCESSES else 1


def _known(release: Release, day: date, proven: Mapping[date, Mapping[str, Parity]]) -> dict[str, Parity]:
    """Products of which an earlier edition has the same content and the same files: the same bytes are not read twice."""
    found: dict[str, Parity] = {}
    for earlier, products in proven.items():
        for name, parity in products.items():
            ours, theirs = release.edition(day).products[name], release.edition(earlier).products[name]
            if (ours.content_id, ours.since, ours.state, ours.files) == (theirs.content_id, theirs.since, theirs.state, theirs.files):
                found[name] = parity
    return found


def _answers(release: Release, day: date, known: frozenset[str], asked: Asking) -> Answers:
    """The largest products first, so that no process waits long for the others at the end."""
    products = release.edition(day).products
    rest = [question for question in questions(release, day) if question.product not in known]
    rest.sort(key=lambda question: -products[question.product].public)
    return dict(zip(rest, asked.digests(rest), strict=True))


def _parities(given: Answers) -> Iterator[tuple[str, Parity]]:
    for question in given:
        if question.channel is None:
            yield question.product, _parity(question.product, given)


def _parity(product: str, given: Answers) -> Parity:
    sealed, channels = _sealed(given), []
    for question, digests in given.items():
        if question.channel is None or isinstance(digests, str):
            continue
        for (owner, part), digest in digests.items():
            if owner == product:
                channels.append(ChannelDigest(name=question.channel, part=part, rows=digest.rows, sha256=digest.sha256))
    return Parity(parts={channel.part: sealed[product, channel.part] for channel in channels}, channels=tuple(channels))


def _sealed(given: Answers) -> Digests:
    """What the sealed table gave, of all products."""
    found: dict[tuple[str, str], object] = {}
    for question, digests in given.items():
        if question.channel is None:
            assert not isinstance(digests, str)
            found |= digests
    return found  # type: ignore[return-value] # of the values of Digests


def _differences(given: Answers, asked: Asking) -> Iterator[str]:
    sealed, differing = _sealed(given), []
    for question, digests in given.items():
        if isinstance(digests, str):
            yield f"{question.day} {question.product}: {question.channel} cannot be read ({digests})"
        elif any(sealed.get(what, digest) != digest for what, digest in digests.items()):
            differing.append(question)
    yield from asked.differences(differing)


def _manifest(edition: Manifest, given: Answers) -> Iterator[str]:
    """The manifest, from which pages and catalogue take their counts."""
    for (product, part), digest in _sealed(given).items():
        stated = {Part.ALL: edition.products[product].public, Part.LOCATED: edition.products[product].located}.get(part, digest.rows)  # type: ignore[call-overload] # a part, or the name of a table
        if stated != digest.rows:
            yield f"{edition.day} {product}: the manifest says {stated} ({part}), the sealed table has {digest.rows}"
