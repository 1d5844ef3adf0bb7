"""What is kept of a run, and the page that is made of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from conformance import page
from conformance.__main__ import RESULTS
from conformance.outcome import Outcome, Status
from conformance.results import Result, keep, kept, summary
from conformance.suite import Excuse
from conformance.suites import SUITES, WFS20
from conformance.testng import read

DAY = date(2026, 11, 22)
EXCUSES = (Excuse("Locking WFS/*", "read only"), Excuse("Temporal*/AfterTests.*", "days have no time zone", "*without time zone*"))
SUITE = replace(WFS20, excuses=EXCUSES, groups=("Basic*",))


def result(outcomes, suite=SUITE, **hidden):
    return summary(suite, "1.43", "from somewhere", DAY, outcomes, hidden)


@pytest.fixture
def told(testng_file) -> Result:
    return summary(SUITE, "1.43", "from somewhere", DAY, read(testng_file), {"http://127.0.0.1:8099": "(server)"})


def test_tests_are_counted_by_group(told):
    assert [(group.name, group.passed, group.failed, group.skipped) for group in told.groups] == [
        ("Basic WFS", 2, 1, 0),
        ("Locking WFS", 0, 0, 1),
        ("Temporal filter", 0, 0, 1),
    ]
    assert page.counts(told) == "2 passed, 1 failed, 2 skipped"


def test_a_failure_says_with_which_parameters_and_not_on_which_address(told):
    (failure,) = told.failures
    assert failure.test == "GetFeatureTests.byType POST org.testng.TestRunner"
    assert failure.message == "Unexpected status at (server)/wfs"


def test_a_skip_has_the_reason_of_the_suite_and_ours(told):
    assert [(skip.message, skip.why) for skip in told.skips] == [
        ("Locking is not implemented.", "read only"),
        ("Dates without time zone are not supported.", "days have no time zone"),
    ]


def test_the_same_skip_is_told_once_with_how_many_times():
    skip = Outcome("Locking WFS", "LockTests.lock", (), Status.SKIPPED, "")
    assert [one.times for one in result([skip, replace(skip, parameters=("POST",)), replace(skip, message="other")]).skips] == [2, 1]


def test_a_run_is_good_when_what_had_to_passed_nothing_failed_and_every_skip_is_known():
    passed = Outcome("Basic WFS", "byType", (), Status.PASSED, "")
    known = Outcome("Locking WFS", "lock", (), Status.SKIPPED, "")
    assert result([passed, known]).good
    assert not result([known]).good
    assert result([replace(passed, group="Simple WFS")]).untested == ("Basic*",)
    assert not result([passed, replace(known, group="Temporal filter", test="AfterTests.after", message="not implemented")]).good
    assert not result([passed, replace(passed, status=Status.FAILED)]).good
    assert not result([passed, replace(known, group="Basic WFS")]).good


def test_a_kept_result_is_read_back_and_replaced_by_the_next(told, tmp_path):
    assert kept(SUITE, tmp_path) is None
    keep(told, tmp_path / "results")
    keep(told.model_copy(update={"version": "1.44"}), tmp_path / "results")
    again = kept(SUITE, tmp_path / "results")
    assert again == told.model_copy(update={"version": "1.44"})


def test_the_page_tells_all_of_a_result_and_that_another_suite_has_not_run(told):
    text = page.text([told, None], [SUITE, SUITES[1]])
    assert "`ets-wfs20` 1.43 (from somewhere), run on 2026-11-22: **2 passed, 1 failed, 2 skipped**." in text
    assert "| Basic WFS | 2 | 1 | 0 |" in text
    assert "| Basic WFS | GetFeatureTests.byType POST org.testng.TestRunner | Unexpected status at (server)/wfs |" in text
    assert "| Locking WFS | LockTests.lock (1) | Locking is not implemented. | read only |" in text
    assert "`ets-wfs11` has not run yet." in text


def test_the_page_tells_what_a_suite_does_not_look_at(told):
    suite = replace(SUITE, note="It looks at some of it.")
    assert f"## {SUITE.title}\n\nIt looks at some of it.\n\n`ets-wfs20` 1.43" in page.text([told], [suite])
    assert f"## {SUITE.title}\n\n`ets-wfs20` 1.43" in page.text([told], [SUITE])


def test_tests_that_were_skipped_for_one_reason_are_one_row():
    skips = [Outcome("Locking WFS", test, (), Status.SKIPPED, "no") for test in ("b", "a", "b")]
    assert "| Locking WFS | a (1), b (2) | no | read only |" in page.text([result(skips)], [SUITE])


def test_the_page_shows_signs_of_markdown_as_they_are():
    outcome = Outcome("a|b", "tc", (), Status.FAILED, "//ows:*[@name='x'] | <b>")
    assert r"| a\|b | tc | //ows:\*\[@name='x'\] \| \<b\> |" in page.text([result([outcome])], [SUITE])


def test_the_page_in_the_documentation_is_that_of_the_kept_results():
    assert page.DOCUMENT.read_text("utf-8") == page.current(RESULTS), "make conformance writes it"


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.code)
def test_the_last_result_of_each_suite_is_good_and_names_no_machine(suite):
    last = kept(suite, RESULTS)
    assert last is not None
    assert last.good, page.text([last], [suite])
    assert (last.artefact, last.title) == (suite.artefact, suite.title)
    assert not re.search(r"127\.0\.0\.1|localhost|/tmp|/root|/home", last.model_dump_json())


def test_every_known_reason_is_one_that_is_needed():
    for suite in SUITES:
        last = kept(suite, RESULTS)
        assert last is not None
        assert {excuse.why for excuse in suite.excuses} == {skip.why for skip in last.skips}
