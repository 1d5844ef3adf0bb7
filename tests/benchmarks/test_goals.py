from datetime import UTC, datetime

import pytest

from benchmarks import page
from benchmarks.answers import BY_FILTER, BY_ITEMS, BY_KEYWORDS, DEEP_PAGE, FIRST_PAGE, HITS_OF_ALL, HITS_OF_SOME, ITEMS_PAGE, MAP
from benchmarks.figures import (
    AnswerFigures,
    Figures,
    FileFigures,
    JobFigures,
    LoadFigures,
    MemoryFigures,
    Phase,
    ReaderFigures,
    Run,
    ServingFigures,
    StartFigures,
    WholeFigures,
    Writing,
)
from benchmarks.goals import MB, verdicts
from benchmarks.readers import OGR, QGIS


def figures(*, records=300_000, seconds=100.0, proof=50.0, resident=10**9, anonymous=10**9, last=1.0):
    phases = (Phase(name="proof", seconds=proof, cpu_seconds=proof, anonymous=anonymous),)
    run = Run(phases=phases, seconds=seconds, cpu_seconds=seconds, anonymous=anonymous, resident=resident)
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


def serving(
    *,
    points=300_000,
    seconds=0.2,
    static=0.2,
    rate=3500.0,
    some=1.5,
    first=3.0,
    deep=3.1,
    items=2.0,
    map_=12.0,
    resident=500,
    growth=5,
    ogr=10.0,
    qgis=20.0,
):
    times = {HITS_OF_ALL: 0.5, HITS_OF_SOME: some, FIRST_PAGE: first, DEEP_PAGE: deep, ITEMS_PAGE: items, MAP: map_}
    rest = MemoryFigures(resident=resident * MB, proportional=200 * MB, anonymous=100 * MB)
    return ServingFigures(
        points=points,
        workers=2,
        whole=WholeFigures(features=points, bytes=394 * MB, seconds=seconds, static=static, gzip_bytes=31 * MB, gzip_seconds=0.4),
        loads=tuple(
            LoadFigures(what=what, connections=16, per_second=rate, features=33.0, bytes=46_000, median=4.5, slowest_hundredth=9.0)
            for what in (BY_KEYWORDS, BY_FILTER, BY_ITEMS)
        ),
        answers=tuple(AnswerFigures(what=what, median=time, slowest_twentieth=2 * time) for what, time in times.items()),
        at_rest=rest,
        streaming=rest.model_copy(update={"anonymous": rest.anonymous + growth * MB}),
        readers=tuple(
            ReaderFigures(program=program, features=points, seconds=taken, cpu_seconds=taken)
            for program, taken in ((OGR, ogr), (QGIS, qgis))
        ),
    )


def served(**changes):
    return figures().model_copy(update={"jobs": (), "starts": (), "serving": serving(**changes)})


def test_goals_of_serving_that_are_met_are_met():
    assert [verdict.met for verdict in verdicts(served())] == [True] * 15


@pytest.mark.parametrize(
    ("fault", "missed"),
    [
        ({"seconds": 0.41}, 1),
        ({"rate": 2999.0}, 2),
        ({"rate": 499.0}, 3),
        ({"items": 5.1}, 1),
        ({"map_": 15.5}, 1),
        ({"some": 2.1}, 1),
        ({"first": 4.1, "deep": 3.9}, 1),
        ({"first": 3.0, "deep": 3.7}, 1),
        ({"first": 3.7, "deep": 3.0}, 1),
        ({"resident": 601}, 1),
        ({"growth": 33}, 1),
        ({"ogr": 20.5}, 1),
        ({"qgis": 25.5}, 1),
    ],
)
def test_a_goal_of_serving_that_is_missed_is_missed(fault, missed):
    assert [verdict.met for verdict in verdicts(served(**fault))].count(False) == missed


def test_without_nginx_there_is_no_share_of_its_speed_and_fewer_points_have_no_goals():
    assert len(list(verdicts(served(static=None)))) == 14
    assert list(verdicts(served(points=30_000))) == []


def test_the_figures_of_serving_are_shown():
    text = page.text(served())
    for words in (
        "nginx, the same bytes as a file",
        "BBOX and CQL_FILTER",
        "1,000 features from 100,000",
        "while it streams",
        "QGIS",
        "≥ 3,000",
    ):
        assert words in text
    assert "nginx" not in page.text(served(static=None))


def test_goals_that_are_met_are_met():
    assert [verdict.met for verdict in verdicts(figures())] == [True] * 5


@pytest.mark.parametrize(
    "fault", [{"seconds": 181.0}, {"proof": 51.0}, {"resident": 2_100_000_000}, {"anonymous": 2_100_000_000}, {"last": 3.1}]
)
def test_one_figure_above_its_goal_is_one_goal_missed(fault):
    assert [verdict.met for verdict in verdicts(figures(**fault))].count(False) == 1


def test_the_share_of_the_proof_is_of_a_whole_night():
    """What is measured apart is written and read back in the same night."""
    known = figures(proof=60.0)
    (job,) = known.jobs
    apart = [("XLSX, written", 30.0), ("XLSX, read back", 5.0), ("successor, written", 60.0), ("successor, read back", 25.0)]
    phases = tuple(Phase(name=name, seconds=seconds, cpu_seconds=seconds, anonymous=0) for name, seconds in apart)
    whole = known.model_copy(update={"jobs": (job.model_copy(update={"apart": phases}),)})
    (share,) = (verdict for verdict in verdicts(whole) if "proof" in verdict.what)
    assert share.figure == (60 + 5 + 25) / (100 + 120)
    assert share.met
    assert not all(verdict.met for verdict in verdicts(known))


def test_three_million_have_twelve_times_the_seconds_and_twice_the_memory():
    goals = [verdict.goal for verdict in verdicts(figures(records=3_000_000))]
    assert goals == [2160.0, 0.5, 4.0, 4.0, 3.0]


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
