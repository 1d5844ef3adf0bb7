from datetime import UTC, datetime

import pytest

from benchmarks import page
from benchmarks.figures import Figures, FileFigures, JobFigures, Run, StartFigures, Writing
from benchmarks.goals import verdicts


def figures(*, records=300_000, seconds=100.0, resident=10**9, anonymous=10**9, last=1.0):
    run = Run(phases=(), seconds=seconds, cpu_seconds=seconds, anonymous=anonymous, resident=resident)
    mine, theirs = Writing(seconds=1, cpu_seconds=1, bytes=1), Writing(seconds=2, cpu_seconds=4, bytes=1)
    return Figures(
        at=datetime(2026, 11, 21, tzinfo=UTC),
        cores=2,
        memory=24 * 2**30,
        python="3.11.7",
        load=(0.0, 1.0),
        jobs=(JobFigures(records=records, public=200_000, run=run, apart=()),),
        files=(FileFigures(format="GML", ours=mine, other=theirs), FileFigures(format="GeoParquet", ours=mine, other=None)),
        starts=(StartFigures(healthz=0.5, wfs=0.6, ogcapi=last),),
    )


def test_goals_that_are_met_are_met():
    assert [verdict.met for verdict in verdicts(figures())] == [True] * 4


@pytest.mark.parametrize("fault", [{"seconds": 181.0}, {"resident": 2_100_000_000}, {"anonymous": 2_100_000_000}, {"last": 3.1}])
def test_one_figure_above_its_goal_is_one_goal_missed(fault):
    assert [verdict.met for verdict in verdicts(figures(**fault))].count(False) == 1


def test_three_million_have_twelve_times_the_seconds_and_twice_the_memory():
    goals = [verdict.goal for verdict in verdicts(figures(records=3_000_000))]
    assert goals == [2160.0, 4.0, 4.0, 3.0]


def test_a_job_of_another_size_has_no_goal():
    assert [verdict.what for verdict in verdicts(figures(records=5000))] == ["start to first answers of all services"]


def test_a_missed_goal_is_said_so_in_the_table():
    assert "MISSED" in page.text(figures(seconds=181.0))
    assert "MISSED" not in page.text(figures())


def test_files_are_shown_as_ratios_where_ogr2ogr_has_the_format():
    gml, parquet = next(table for table in page.tables(figures()) if table.heads[0] == "format").rows
    assert (gml[3], gml[6]) == ("0.50", "0.25")
    assert parquet[2:4] == ("-", "-")


def test_the_page_holds_the_figures_of_the_last_run_and_its_own_words(tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text(f"before\n\n{page.FIRST}\n\nold\n\n{page.LAST}\n\nafter\n", "utf-8")
    page.write(path, figures())
    page.write(path, figures(seconds=123.4))
    text = path.read_text("utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n")
    assert "123.4 s" in text and "old" not in text and "100.0 s" not in text


def test_the_documentation_has_a_place_for_figures(root, tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text((root / "docs" / "benchmarks.md").read_text("utf-8"), "utf-8")
    page.write(path, figures())
    assert "| GML |" in path.read_text("utf-8")


def test_a_page_without_a_place_for_figures_is_left_alone(tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text("words\n", "utf-8")
    with pytest.raises(ValueError, match="lines between"):
        page.write(path, figures())
    assert path.read_text("utf-8") == "words\n"
