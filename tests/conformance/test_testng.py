"""What `testng-results.xml` says."""

from __future__ import annotations

from conformance.outcome import Status
from conformance.testng import read


def test_every_test_is_told_and_what_only_sets_up_is_none(testng_file):
    told = [(outcome.group, outcome.test, outcome.status) for outcome in read(testng_file)]
    assert told == [
        ("Basic WFS", "GetFeatureTests.byType", Status.PASSED),
        ("Basic WFS", "GetFeatureTests.byType", Status.FAILED),
        ("Basic WFS", "GetFeatureTests.inOtherCRS", Status.PASSED),
        ("Locking WFS", "LockTests.lock", Status.SKIPPED),
        ("Temporal filter", "AfterTests.after", Status.SKIPPED),
    ]


def test_parameters_do_not_say_where_an_object_lay_in_memory(testng_file):
    parameters = [outcome.parameters for outcome in read(testng_file)]
    assert parameters[0] == ("GET", "{https://geo.api.vlaanderen.be/POI}POI")
    assert parameters[1] == ("POST", "org.testng.TestRunner")


def test_a_message_is_one_line(testng_file):
    assert [outcome.message for outcome in read(testng_file)][1] == "Unexpected status at http://127.0.0.1:8099/wfs"


def test_a_skip_has_its_own_reason_or_else_that_of_what_could_not_be_set_up(testng_file):
    assert [outcome.message for outcome in read(testng_file) if outcome.status is Status.SKIPPED] == [
        "Locking is not implemented.",
        "Dates without time zone are not supported.",
    ]
