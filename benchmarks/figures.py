"""What was measured, as it is kept in JSON: seconds of wall and of processor time, bytes of memory."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phase(_Frozen):
    """A part of a run; `anonymous` is the most memory that its processes together held in it, mapped files not counted."""

    name: str
    seconds: float
    cpu_seconds: float
    anonymous: int


class Run(_Frozen):
    """One process from start to end; `resident` is its own peak, mapped files counted; `anonymous` that of it and its children."""

    phases: tuple[Phase, ...]
    seconds: float
    cpu_seconds: float
    anonymous: int
    resident: int


class JobFigures(_Frozen):
    """The daily job: `records` certificates delivered, `public` objects published, what was left out of it in `apart`."""

    records: int
    public: int
    run: Run
    apart: tuple[Phase, ...]


class Writing(_Frozen):
    """Writing one file."""

    seconds: float
    cpu_seconds: float
    bytes: int


class FileFigures(_Frozen):
    """One format; `other` is ogr2ogr, null where it is absent or lacks the format."""

    format: str
    ours: Writing
    other: Writing | None


class StartFigures(_Frozen):
    """Seconds from the start of a server to its first answers of three kinds."""

    healthz: float
    wfs: float
    ogcapi: float


class WholeFigures(_Frozen):
    """A whole product over one connection, medians; `static` is nginx with the same bytes, null where there is none."""

    features: int
    bytes: int
    seconds: float
    static: float | None
    gzip_bytes: int
    gzip_seconds: float


class LoadFigures(_Frozen):
    """One kind of request over and over at other places: answers a second, and the milliseconds of one."""

    what: str
    connections: int
    per_second: float
    features: float
    bytes: float
    median: float
    slowest_hundredth: float


class AnswerFigures(_Frozen):
    """One kind of request, one after another on one connection: milliseconds."""

    what: str
    median: float
    slowest_twentieth: float


class MemoryFigures(_Frozen):
    """Bytes of one process: all that is in memory, its share of that, and what only memory holds."""

    resident: int
    proportional: int
    anonymous: int


class ReaderFigures(_Frozen):
    """A program of somebody else that read every feature: seconds, and its own processor time."""

    program: str
    features: int
    seconds: float
    cpu_seconds: float


class ServingFigures(_Frozen):
    """`vlok serve` with `workers` over `points`; memory is that of the largest worker, at rest after all of it and while streaming."""

    points: int
    workers: int
    whole: WholeFigures
    loads: tuple[LoadFigures, ...]
    answers: tuple[AnswerFigures, ...]
    at_rest: MemoryFigures
    streaming: MemoryFigures
    readers: tuple[ReaderFigures, ...]


class Figures(_Frozen):
    """One run of the benchmarks, and the machine; `load` are the load averages of one minute, before and after."""

    at: datetime
    cores: int
    memory: int
    python: str
    load: tuple[float, float]
    jobs: tuple[JobFigures, ...] = ()
    files: tuple[FileFigures, ...] = ()
    starts: tuple[StartFigures, ...] = ()
    serving: ServingFigures | None = None
