"""A suite is run against a server, subject by subject."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from conformance import java
from conformance.archives import Archive, archives
from conformance.artefacts import Artefact
from conformance.example import Example
from conformance.outcome import Outcome
from conformance.outside import Copies, Outside
from conformance.results import Result, summary
from conformance.suite import Suite


@dataclass(frozen=True)
class Court:
    """Where suites are run: `build` is for what they write, `limit` is in seconds for one subject, `warn` is told what is odd."""

    build: Path
    limit: int
    today: date
    warn: Callable[[str], None]

    def hold(self, suite: Suite, artefact: Artefact, example: Example) -> Result:
        """Run a suite; raises `java.Failed`."""
        folder = self.build / suite.code
        shutil.rmtree(folder, ignore_errors=True)
        with suite.host(example, artefact.path) as served:
            told = tuple(self._outcomes(suite, artefact, served, folder))
        hidden = {
            example.url: "(server)",
            served.url: "(server)",
            example.folder.as_uri(): "(folder)",
            str(example.folder): "(folder)",
            str(folder): "(folder)",
        }
        return summary(suite, artefact.version, artefact.had, self.today, told, hidden)

    def _outcomes(self, suite: Suite, artefact: Artefact, example: Example, folder: Path) -> Iterator[Outcome]:
        """The name of the subject goes before the group."""
        schemas = () if artefact.schemas is None else (Archive(artefact.schemas),)
        outside = Outside(Copies((*archives(artefact.path), *schemas)))
        with outside.listening() as proxy:
            for number, subject in enumerate(suite.subjects(example)):
                work = folder / f"{number}"
                work.mkdir(parents=True)
                file = java.run(artefact, suite.main, subject.arguments, java.Place(work, proxy, self.limit))
                for outcome in suite.read(file):
                    yield replace(outcome, group=f"{subject.name}, {outcome.group}") if subject.name else outcome
        for address in sorted(outside.missed):
            self.warn(f"{suite.code}: asked the network for {address}, of which it has no copy")
