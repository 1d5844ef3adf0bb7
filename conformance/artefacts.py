"""Where a suite comes from: a folder that is given, or else Maven, which keeps what it gave in the cache."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.suite import Suite

FROM_MAVEN = "the all-in-one jar, from Maven"
FROM_FOLDER = "the all-in-one jar, from a folder"
FROM_SOURCE = "built from the source of that version"
_PATIENCE = 600


class NotHad(Exception):
    """A suite cannot be had; the message says why."""


@dataclass(frozen=True)
class Jar:
    """A jar by its coordinates."""

    group: str
    artefact: str
    version: str
    classifier: str = ""

    @property
    def file(self) -> str:
        """Its name as a file."""
        return "-".join(filter(None, (self.artefact, self.version, self.classifier))) + ".jar"

    @property
    def coordinates(self) -> str:
        """Its name for Maven."""
        return ":".join(filter(None, (self.group, self.artefact, self.version, "jar", self.classifier)))


SCHEMAS = Jar("org.jvnet.ogc", "ogc-schemas", "2.6.1")
"""The official schemas, for suites that do not carry those of the documents that they are given."""


@dataclass(frozen=True)
class Artefact:
    """A jar with everything in it, or a folder with the classes of a suite and the jars that they need; `schemas` is a jar."""

    path: Path
    version: str
    had: str
    schemas: Path | None = None

    @property
    def class_path(self) -> tuple[str, ...]:
        """For Java; `folder/*` are the jars in a folder."""
        return (str(self.path), f"{self.path}/*") if self.path.is_dir() else (str(self.path),)


@dataclass(frozen=True)
class Places:
    """Where artefacts lie: in a folder that is given, and in the cache."""

    given: Path | None
    cache: Path

    def find(self, suite: Suite) -> Artefact:
        """The newest version that can be had; raises `NotHad`."""
        jars = [Jar("org.opengis.cite", suite.artefact, version, "aio") for version in suite.versions]
        schemas = self._jar([SCHEMAS]) if suite.schemas else None
        for jar in jars:
            if self.given is not None and (folder := self.given / f"{jar.artefact}-{jar.version}").is_dir():
                return Artefact(folder, jar.version, FROM_SOURCE, schemas)
        path = self._jar(jars)
        (version,) = (jar.version for jar in jars if jar.file == path.name)
        return Artefact(path, version, FROM_MAVEN if path.parent == self.cache else FROM_FOLDER, schemas)

    def _jar(self, jars: list[Jar]) -> Path:
        """The first that lies somewhere, or else that Maven has."""
        folders = [folder for folder in (self.given, self.cache) if folder is not None]
        for jar in jars:
            for folder in folders:
                if (folder / jar.file).is_file():
                    return folder / jar.file
        if shutil.which("mvn") is None:
            raise NotHad(f"Maven is not there to fetch {jars[0].artefact}, and no folder holds it (--suites)")
        for jar in jars:
            if _fetched(jar, self.cache):
                return self.cache / jar.file
        raise NotHad(f"Maven finds no {' or '.join(jar.file for jar in jars)} (what it wrote is in {self.cache})")


def _fetched(jar: Jar, cache: Path) -> bool:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{jar.file}.log").open("wb") as log:
        for command in _commands(jar, cache):
            try:
                subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=_PATIENCE, check=True)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                return False
    return True


def _commands(jar: Jar, cache: Path) -> Iterator[tuple[str, ...]]:
    # Not transitive: the poms name modules that lie in no public repository; the all-in-one jar holds them (STANDARDS 1).
    maven = ("mvn", "--quiet", "--batch-mode", "--update-snapshots")
    yield (*maven, "dependency:get", f"-Dartifact={jar.coordinates}", "-Dtransitive=false")
    yield (*maven, "dependency:copy", f"-Dartifact={jar.coordinates}", f"-DoutputDirectory={cache}")
