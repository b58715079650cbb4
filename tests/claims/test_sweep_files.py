"""The committed results of sweeps: readable, of the plan that is in the code, and found again."""

import dataclasses

import numpy as np
import pytest

from coursekit import claims
from coursekit.claims import SWEEPS, sweeps
from tools import run_sweeps

each = pytest.mark.parametrize("name", SWEEPS)


@each
def test_the_file_fits_its_plan_and_says_how_it_was_made(name):
    sweep = claims.sweep(name)
    plan = SWEEPS[name]
    assert sweep.values.shape == (len(plan.names), len(plan.x), len(plan.seeds))
    assert len(plan.seeds) >= 3
    assert list(plan.x) == sorted(plan.x)
    assert "coursekit" in sweep.provenance
    assert "NumPy" in sweep.provenance
    assert plan.path.stat().st_size < 20_000
    for series in sweep.names:
        np.testing.assert_array_equal(sweep.median(series), np.median(sweep.series(series), axis=1))


@pytest.mark.gate
@each
def test_a_sample_of_its_points_is_measured_again(name):
    plan = SWEEPS[name]
    for series, x, seed, kept, now in sweeps.remeasure(plan, plan.sample, np.random.default_rng(20261121)):
        assert sweeps.agrees(plan, kept, now), (
            f"{series} at {x:g}, seed {seed}: kept {kept:.3g}, now {now:.3g}"
        )


def test_what_the_lesson_reads_off_the_sweeps():
    rates = claims.sweep("learning_rate")
    without, with_it = (rates.x[rates.median(name) > 0.6].max() for name in rates.names)
    assert with_it / without >= 10
    scales = claims.sweep("init_scale")
    spans = [np.ptp(scales.median(name)) for name in scales.names]
    assert spans[1] <= spans[0] / 2
    noise = claims.sweep("statistics_noise")
    gaps = np.subtract(*map(noise.median, noise.names))
    assert (np.diff(gaps) > 0).all()  # the more images share their statistics, the wider
    ranges = claims.sweep("loss_range")
    assert (ranges.median(ranges.names[1]) < ranges.median(ranges.names[0])).all()


def plan(tmp_path, monkeypatch, measure=lambda name, x, seed: x + seed):
    monkeypatch.setattr(sweeps, "FOLDER", tmp_path)
    return sweeps.Plan("toy", "08", "?", "x", "y", (1.0, 2.0), ("a", "b"), measure, (0, 1, 2), 0.1)


def test_a_plan_is_run_saved_and_loaded(tmp_path, monkeypatch):
    toy = plan(tmp_path, monkeypatch)
    sweep = toy.run()
    np.testing.assert_array_equal(sweep.values[0], [[1, 2, 3], [2, 3, 4]])
    assert toy.points()[:4] == [("a", 1.0, 0), ("a", 1.0, 1), ("a", 1.0, 2), ("a", 2.0, 0)]
    assert toy.points(x=(2.0,), seeds=(5,)) == [("a", 2.0, 5), ("b", 2.0, 5)]
    assert toy.run(x=(2.0,), seeds=(5,)).values.tolist() == [[[7.0]], [[7.0]]]
    sweeps.save(sweep, toy.path)
    loaded = sweeps.load(toy)
    assert loaded.names == sweep.names
    assert loaded.provenance == sweep.provenance
    np.testing.assert_array_equal(loaded.values, sweep.values)
    assert all(kept == now for *_, kept, now in sweeps.remeasure(toy, 5, np.random.default_rng(0)))


def test_a_check_of_all_points_counts_those_that_differ(tmp_path, monkeypatch, capsys):
    toy = plan(tmp_path, monkeypatch)
    monkeypatch.setitem(SWEEPS, "toy", toy)
    run_sweeps.main(["toy"])
    assert run_sweeps.main(["toy"], checking=True) == 0
    moved = dataclasses.replace(toy, measure=lambda name, x, seed: x + seed + (name == "b" and seed == 2))
    monkeypatch.setitem(SWEEPS, "toy", moved)
    assert run_sweeps.main(["toy"], checking=True) == 2
    assert "toy: b at 2, seed 2: kept 4, now 5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("log_y", "kept", "now", "right"),
    [
        (False, 2.0, 2.09, True),
        (False, 2.0, 2.11, False),
        (True, 2.0, 2.19, True),
        (True, -2.0, -2.21, False),
        (False, 2.0, np.nan, False),
    ],
)
def test_the_tolerance_is_a_factor_on_a_logarithmic_axis(tmp_path, monkeypatch, log_y, kept, now, right):
    toy = dataclasses.replace(plan(tmp_path, monkeypatch), log_y=log_y)
    assert sweeps.agrees(toy, kept, now) == right


def test_wrong_files_are_refused(tmp_path, monkeypatch):
    toy = plan(tmp_path, monkeypatch)
    with pytest.raises(FileNotFoundError, match=r"toy\.npz is missing: restore it"):
        sweeps.load(toy)
    sweeps.save(toy.run(), toy.path)
    for change in ({"x": (1.0, 3.0)}, {"names": ("a", "c")}, {"seeds": (0, 1, 3)}, {"seeds": (0, 1)}):
        with pytest.raises(ValueError, match="was made by another plan"):
            sweeps.load(dataclasses.replace(toy, **change))
    toy.path.write_bytes(toy.path.read_bytes()[:100])
    with pytest.raises(ValueError, match="is no results file"):
        sweeps.load(toy)
    np.savez(toy.path, x=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="is no results file"):
        sweeps.load(toy)


def test_an_unknown_sweep_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of .*init_scale.*got 'nothing'"):
        claims.sweep("nothing")
