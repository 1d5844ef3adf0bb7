"""What the logs of TEAM Engine say."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.ctl import read
from conformance.outcome import Outcome, Status


def log(folder: Path, name: str, result: int | None, *told: str, prefix: str = "wfs", assertion: str = "") -> Path:
    """One test: `told` are elements that it wrote; without a result the engine gave it up."""
    folder.mkdir(parents=True)
    end = "" if result is None else f'<endtest result="{result}"/>'
    start = f'<starttest local-name="{name}" prefix="{prefix}"><assertion>{assertion}</assertion></starttest>'
    (folder / "log.xml").write_text(f"<log>{start}{''.join(told)}{end}</log>", "utf-8")
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A suite with a group of five tests, one of which fails in an assertion."""
    main = log(tmp_path / "session", "main", 5)
    group = log(main / "a", "GetFeature-GET", 5)
    log(group / "1", "tc1", 1)
    log(log(group / "2", "tc2", 5) / "x", "assert-xpath", 6, "<message>//wfs:FeatureCollection\n is not there</message>", prefix="ctl")
    log(group / "3", "tc3", 3, "<message>not offered</message>")
    log(group / "4", "tc4", 6, assertion="The media type is right.")
    log(group / "5", "tc5", None, "<exception>no protocol</exception>")
    return main


def test_tests_are_those_that_call_no_other_and_a_group_is_what_calls_them(session):
    told = list(read(session / "earl-results.rdf"))
    assert [(outcome.group, outcome.test) for outcome in told] == [("GetFeature-GET", f"tc{number}") for number in range(1, 6)]
    assert [outcome.status.value for outcome in told] == ["passed", "failed", "skipped", "failed", "failed"]


def test_the_message_is_that_of_the_assertion_within_or_else_what_was_asserted(session):
    messages = {outcome.test: outcome.message for outcome in read(session / "earl-results.rdf")}
    assert messages["tc2"] == "//wfs:FeatureCollection is not there"
    assert messages["tc4"] == "The media type is right."
    assert messages["tc5"] == "no protocol"


def test_a_group_that_the_engine_gave_up_is_a_failure_itself(tmp_path):
    main = log(tmp_path / "session", "main", 6, "<exception>no protocol</exception>")
    log(main / "a", "tc1", 1)
    assert list(read(main / "log.xml")) == [
        Outcome("main", "tc1", (), Status.PASSED, ""),
        Outcome("main", "main", (), Status.FAILED, "no protocol"),
    ]
