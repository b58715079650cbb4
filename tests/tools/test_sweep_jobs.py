"""Long sweeps: on processes, on a Dask cluster whose workers die, and interrupted in the middle."""

import dataclasses
import os
import time

import pytest

from coursekit.claims.sweeps import Plan
from tools import run_sweeps, sweep_jobs

PLAN = Plan(
    "example", "13", "?", "x", "y", (1.0, 2.0), ("a", "b"), lambda name, x, seed: x + 10 * seed, (0, 1), 0.1
)
WANTED = [[[1, 11], [2, 12]]] * 2


@pytest.fixture
def journal(tmp_path):
    return sweep_jobs.Journal(tmp_path / "example.part.jsonl")


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.gate)])
def test_processes_measure_every_point(journal, jobs):
    sweep = sweep_jobs.measure_all(PLAN, journal, sweep_jobs.on_processes(jobs))
    assert sweep.values.tolist() == WANTED
    assert sweep.seeds == (0, 1)
    assert len(journal.load()) == 8


def test_an_interrupted_sweep_goes_on_where_it_stopped(journal):
    done = []

    def until_the_third(name, x, seed):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append((name, x, seed))
        return x + 10 * seed

    broken = dataclasses.replace(PLAN, measure=until_the_third)
    with pytest.raises(KeyboardInterrupt):
        sweep_jobs.measure_all(broken, journal, sweep_jobs.on_processes(1))
    assert len(journal.load()) == 3
    with journal.path.open("a") as file:
        file.write('["b", 2.0, 1')  # torn in the middle of a line
    rest = []

    def noted(name, x, seed):
        rest.append((name, x, seed))
        return x + 10 * seed

    whole = sweep_jobs.measure_all(
        dataclasses.replace(PLAN, measure=noted), journal, sweep_jobs.on_processes(1)
    )
    assert whole.values.tolist() == WANTED
    assert len(rest) == 5
    assert not set(rest) & set(done)
    assert len(journal.load()) == 8  # what came after the torn line is read too


@pytest.mark.gate
# Workers that die on purpose leave sockets to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_dask_worker_that_is_killed_loses_no_result(journal, tmp_path):
    tombstone = tmp_path / "died"

    def dies_once(name, x, seed, tombstone=str(tombstone)):
        time.sleep(0.05)
        if (name, x, seed) == ("b", 1.0, 0) and not os.path.exists(tombstone):
            open(tombstone, "w").close()
            os.kill(os.getpid(), 9)
        return x + 10 * seed

    plan = dataclasses.replace(PLAN, measure=dies_once)
    sweep = sweep_jobs.measure_all(plan, journal, sweep_jobs.on_dask("local"))
    assert tombstone.exists()
    assert sweep.values.tolist() == WANTED


@pytest.mark.gate
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_that_runs_elsewhere_is_found_by_its_address(journal):
    distributed = pytest.importorskip("distributed")
    here = {"n_workers": 1, "processes": False, "protocol": "tcp", "host": "127.0.0.1"}
    with distributed.LocalCluster(dashboard_address=None, **here) as cluster:
        sweep = sweep_jobs.measure_all(PLAN, journal, sweep_jobs.on_dask(cluster.scheduler_address))
    assert sweep.values.tolist() == WANTED


def test_the_command_writes_the_file_and_forgets_the_journal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("coursekit.claims.sweeps.FOLDER", tmp_path)
    monkeypatch.setattr(run_sweeps, "SWEEPS", {"example": PLAN})
    assert run_sweeps.main(["example"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["example.npz"]
    assert "example.npz" in capsys.readouterr().out
    assert run_sweeps.main(["example"], checking=True) == 0


def test_no_workers_are_refused():
    with pytest.raises(ValueError, match="jobs must be"):
        sweep_jobs.on_processes(0)
