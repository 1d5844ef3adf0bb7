import pytest

from benchmarks.child import START, Sample, summary
from benchmarks.timeline import END, Journal, Switch, Timeline


def test_an_inner_phase_interrupts_the_outer_one():
    timeline = Timeline("rest")
    with timeline.phase("outer"):
        with timeline.phase("inner"):
            pass
        with timeline.phase("inner"):
            pass
    phases = [switch.phase for switch in timeline.journal().switches]
    assert phases == ["rest", "outer", "inner", "outer", "inner", "outer", "rest", END]


def test_a_phase_ends_when_its_part_fails():
    timeline = Timeline("rest")
    with pytest.raises(ValueError), timeline.phase("broken"):
        raise ValueError
    assert [switch.phase for switch in timeline.journal().switches] == ["rest", "broken", "rest", END]


def test_time_and_memory_belong_to_the_phase_in_which_they_were_spent():
    moments = [(1.0, 0.5, "rest"), (2.0, 1.0, "files"), (5.0, 3.5, "rest"), (6.0, 4.0, "files"), (8.0, 5.0, END)]
    journal = Journal(switches=tuple(Switch(at=at, cpu=cpu, phase=phase) for at, cpu, phase in moments), resident=7)
    samples = [
        Sample(0.5, 10),
        Sample(1.5, 20),
        Sample(3.0, 90),
        Sample(5.5, 30),
        Sample(7.0, 40),
        Sample(8.5, 500),
    ]  # the last after the end
    run = summary(0.0, journal, samples)
    assert [(phase.name, phase.seconds, phase.cpu_seconds, phase.anonymous) for phase in run.phases] == [
        (START, 1.0, 0.5, 10),
        ("rest", 2.0, 1.0, 30),
        ("files", 5.0, 3.5, 90),
    ]
    assert (run.seconds, run.cpu_seconds, run.anonymous, run.resident) == (8.0, 5.0, 90, 7)
