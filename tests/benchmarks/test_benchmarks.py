import shutil

import pytest
from click.testing import CliRunner

from benchmarks import answers, nginx, serving, start
from benchmarks.__main__ import main
from benchmarks.apart import XLSX_READ, XLSX_WRITTEN
from benchmarks.child import START
from benchmarks.daily import CHECK, DISCLOSE, PROOF, SEAL, STATE
from benchmarks.figures import Figures
from exports.formats import FORMATS


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The benchmarks on 200 certificates: what was printed, and the figures that were kept."""
    folder = tmp_path_factory.mktemp("benchmarks")
    arguments = ["--records", "200", "--folder", str(folder / "stand"), "--results", str(folder / "results")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(start, "TIMES", 1)
        patched.setattr(answers, "TIMES", 5)
        patched.setattr(answers, "SECONDS", 2)  # a busy machine answers nothing for a second
        patched.setattr(serving, "SECONDS", 2)
        patched.setattr(serving, "TRANSFERS", 1)
        result = CliRunner().invoke(main, arguments)
    assert isinstance(result.exception, SystemExit | None), result.exception  # 1 where a goal is missed
    (kept,) = (folder / "results").iterdir()
    return result.output, Figures.model_validate_json(kept.read_bytes())


def test_the_phases_of_the_job_add_up_to_the_whole(measured):
    _, figures = measured
    (job,) = figures.jobs
    names = [phase.name for phase in job.run.phases]
    assert set(names) == {
        START,
        CHECK,
        STATE,
        DISCLOSE,
        SEAL,
        PROOF,
        *(f"file: {format_.name}" for format_ in FORMATS if format_.name != "XLSX"),
    }
    assert sum(phase.seconds for phase in job.run.phases) == pytest.approx(job.run.seconds)
    assert sum(phase.cpu_seconds for phase in job.run.phases) == pytest.approx(job.run.cpu_seconds)
    assert all(phase.cpu_seconds >= 0 for phase in job.run.phases)


def test_the_job_published_what_was_delivered_and_its_memory_was_seen(measured):
    _, figures = measured
    (job,) = figures.jobs
    assert 100 < job.public <= 240
    assert 50_000_000 < job.run.anonymous < 2_000_000_000
    assert 50_000_000 < job.run.resident < 2_000_000_000


def test_xlsx_is_measured_apart(measured):
    _, figures = measured
    seconds = {phase.name: phase.seconds for phase in figures.jobs[0].apart}
    assert seconds[XLSX_WRITTEN] > 0 and seconds[XLSX_READ] > 0


def test_every_format_is_measured_beside_ogr2ogr_where_that_is_there(measured):
    _, figures = measured
    assert {file.format for file in figures.files} == {format_.name for format_ in FORMATS}
    assert all(file.ours.seconds > 0 and file.ours.bytes > 0 for file in figures.files)
    others = {file.format for file in figures.files if file.other is not None}
    assert others >= {"GML", "GeoPackage", "CSV"} if shutil.which("ogr2ogr") else not others


def test_the_server_started_and_answered(measured):
    _, figures = measured
    assert [0 < first.healthz < first.wfs < first.ogcapi for first in figures.starts] == [True]


def test_every_kind_of_answer_was_asked_of_a_running_server(measured):
    _, figures = measured
    served = figures.serving
    assert (served.points, served.workers, served.whole.features) == (200, 2, 200)
    assert [load.what for load in served.loads] == list(answers.FORMS)
    assert all(load.per_second > 0 and load.features > 0 and 0 < load.median <= load.slowest_hundredth for load in served.loads)
    assert len(served.answers) == 6 and all(0 < answer.median <= answer.slowest_twentieth for answer in served.answers)
    assert 0 < served.at_rest.anonymous < served.at_rest.resident < 2_000_000_000


def test_the_whole_product_is_measured_beside_nginx_where_that_is_there(measured):
    _, figures = measured
    whole = figures.serving.whole
    assert whole.bytes > 200 * 1_000 and 0 < whole.gzip_bytes < whole.bytes / 4
    assert (whole.static is not None) == nginx.installed()


def test_strangers_read_every_feature_where_they_are_there(measured):
    _, figures = measured
    readers = figures.serving.readers
    assert any(reader.program.startswith("ogr2ogr") for reader in readers) == bool(shutil.which("ogr2ogr"))
    assert all(reader.features == 200 and reader.seconds > 0 for reader in readers)


def test_everything_is_printed(measured):
    output, _ = measured
    for words in ("Goals", "200 certificates", "beside ogr2ogr", "first answers", "Boxes at random places", "Memory with 2 workers"):
        assert words in output


def test_the_documentation_is_written_from_whole_runs_only():
    result = CliRunner().invoke(main, ["--write-docs", "--only", "start"])
    assert result.exit_code == 2
    assert "every figure" in result.output
