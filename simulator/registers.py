"""The four registers on a day, and their deliveries as folders."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from io import BufferedRandom
from itertools import islice
from pathlib import Path

import orjson

from simulator.dossiers import Record, Sizes, certificates, claims, decisions
from simulator.policies import policies

DATASETS = ("conformiteitsattesten", "besluiten", "herstelvorderingen", "parameters")
_FIRST_DAY = date(2020, 1, 1)


def records(dataset: str, seed: int, day: date, sizes: Sizes | None = None) -> Iterator[Record]:
    """What the register of this name holds on this day; raises `KeyError` for another name."""
    sizes = sizes or Sizes()
    match dataset:
        case "conformiteitsattesten":
            return certificates(seed, day, sizes)
        case "besluiten":
            return decisions(seed, day, sizes)
        case "herstelvorderingen":
            return claims(seed, day, sizes)
        case "parameters":
            return policies(seed, day)
    raise KeyError(dataset)


def number_of(day: date) -> int:
    """The volgnummer of the delivery of this day: one more every day."""
    return (day - _FIRST_DAY).days + 1


def write_deliveries(folder: Path, day: date, seed: int, sizes: Sizes | None = None) -> None:
    """Write `<folder>/<day>/<dataset>/levering.json` and `<dataset>.jsonl.gz` for the four registers, one record at a time.

    The same arguments give the same bytes.
    """
    for dataset in DATASETS:
        target = folder / day.isoformat() / dataset
        target.mkdir(parents=True, exist_ok=True)
        name = f"{dataset}.jsonl.gz"
        with (target / name).open("w+b") as file:
            count, digest = _pack(records(dataset, seed, day, sizes), file)
        statement = {
            "dataset": dataset,
            "soort": "volledig",
            "peildatum": day.isoformat(),
            "volgnummer": number_of(day),
            "bestanden": [{"naam": name, "aantal": count, "sha256": digest}],
        }
        (target / "levering.json").write_text(json.dumps(statement, indent=1), encoding="utf-8")


def _pack(found: Iterator[Record], file: BufferedRandom) -> tuple[int, str]:
    """Number of records, and the SHA-256 of the file as it lies there."""
    count = 0
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=1, mtime=0) as packed:
        while lines := [orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in islice(found, 1000)]:
            packed.write(b"".join(lines))
            count += len(lines)
    file.seek(0)
    return count, hashlib.file_digest(file, "sha256").hexdigest()
