"""The files of a report: both, in a folder that is made; nothing where no folder can be."""

import pytest

from coursekit.experiments.run_report import RunReport
from coursekit.explorers.run_report import save_report

REPORT = RunReport("he-η-1", "# He, η 1\n", b"png")


def test_both_files_are_written_and_the_text_is_pointed_at(tmp_path):
    path = save_report(REPORT, tmp_path / "some" / "runs")
    assert path.read_text(encoding="utf-8") == "# He, η 1\n"
    assert path.with_suffix(".png").read_bytes() == b"png"
    assert sorted(file.name for file in path.parent.iterdir()) == ["he-η-1.md", "he-η-1.png"]


def test_a_second_report_of_a_run_replaces_the_first(tmp_path):
    save_report(RunReport("he-η-1", "older", b"older"), tmp_path)
    assert save_report(REPORT, tmp_path).read_text(encoding="utf-8") == REPORT.text


def test_where_a_file_stands_nothing_is_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="name a folder"):
        save_report(REPORT, tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
