"""What the error-surface explorer shows: fair directions, the numbers of its result, a scale that fits."""

import numpy as np
import pytest

from coursekit.diagnostics.weights import weights_of
from coursekit.experiments import error_surface
from coursekit.experiments.error_surface import _place
from coursekit.explorers import ErrorSurfaceExplorer, TrainingRaceExplorer
from coursekit.plots.error_surface import LIMITS, scale_of


def cosine(a, b):
    return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("seed", range(3))
def test_a_random_direction_is_not_the_weights_themselves(monkeypatch, activation, seed):
    """Drawn from the seed that drew the weights, it would be: the plane would show a change of scale."""
    off, _, _ = _place(activation, "plain", "before")
    weights = list(weights_of(off).values())
    planes, made = [], error_surface.Plane

    def keep(*given):
        planes.append(made(*given))
        return planes[-1]

    monkeypatch.setattr(error_surface, "Plane", keep)
    next(
        error_surface.cut(
            activation, "plain", "before", "random", 1.0, 11, seed, layer=1, unit=1, weight_a=1, weight_b=2
        )
    )
    d1, d2 = planes[0].d1, planes[0].d2
    for W, a, b in zip(weights, d1, d2, strict=True):
        assert abs(cosine(W, a)) < 0.2
        assert abs(cosine(W, b)) < 0.2
        assert abs(cosine(a, b)) < 0.2


def test_greyed_is_what_the_directions_and_the_place_do_not_listen_to():
    explorer = ErrorSurfaceExplorer(points=11)
    which = {"layer", "unit", "weight_a", "weight_b"}
    for directions, deaf in (("random", which), ("two_weights", {"seed"})):
        for position, not_yet in (("before", {"trained"}), ("after", set())):
            values = explorer.values | {"directions": directions, "position": position, "view": "landscape"}
            assert set(explorer.greyed(**values)) == deaf | not_yet
            assert set(explorer.greyed(**values | {"view": "map"})) == deaf | not_yet | {"turn"}


def test_the_maps_show_the_numbers_of_the_result():
    explorer = ErrorSurfaceExplorer(points=11)
    pair = explorer.result
    for (_, _, fine, *_), surface in zip(explorer.picture._panels, (pair.off, pair.on), strict=True):
        t = np.asarray(fine.get_array())
        low, high = LIMITS
        np.testing.assert_allclose(low * (high / low) ** t, surface.losses, rtol=1e-6)
        assert list(fine.get_extent()) == pytest.approx([-1.1, 1.1, -1.1, 1.1])  # pixels centred on points
    assert pair.off.centre == pytest.approx(pair.off.losses[5, 5], rel=1e-6)
    assert pair.off.centre != pytest.approx(pair.on.centre, rel=1e-2)


def test_higher_losses_stand_higher_in_the_landscape():
    explorer = ErrorSurfaceExplorer(points=11, view="landscape")
    _, _, _, _, land, _ = explorer.picture._panels[0]
    tiles = np.array([path.vertices[:4].mean(axis=0) for path in land.get_paths()])
    losses = land.get_array()
    # On one line across, where place on the page comes from the height alone, the higher loss is above.
    same = np.abs(tiles[:, 0]) < 1e-9
    assert same.sum() == 10
    rise = tiles[same][:, 1] - np.linspace(tiles[same][0, 1], tiles[same][-1, 1], 10)
    assert np.isfinite(rise).all()
    assert losses.max() > losses.min()


def test_the_scale_is_fixed_unless_all_is_alike():
    relu, tanh = (ErrorSurfaceExplorer(points=11, activation=a) for a in ("relu", "tanh"))
    assert scale_of(relu.result) == LIMITS
    low, high = scale_of(tanh.result)
    for surface in (tanh.result.off, tanh.result.on):
        assert low < surface.coarse.min()
        assert surface.coarse.max() < high
    assert high < 3.5 * low
    labels = [text.get_text() for text in tanh.picture._bar.get_yticklabels()]
    assert labels[0] == f"{low:.3g}"


def test_after_training_each_net_lies_in_its_own_valley():
    after = {"position": "after", "points": 11}
    own = ErrorSurfaceExplorer(trained="batch_norm", **after).result
    other = ErrorSurfaceExplorer(trained="plain", **after).result
    assert own.on.centre < 1 < own.off.centre
    assert other.off.centre < 1 < other.on.centre


def test_a_race_that_breaks_is_marked_and_said():
    explorer = TrainingRaceExplorer().set(rate=1.0, steps=60)
    without, with_it = explorer.result.lanes
    assert without.diverged_at is not None
    assert with_it.last_loss < 2
    assert f"diverged at step {without.diverged_at}" in explorer.diagnosis
    _, _, end, name = explorer.picture._lanes[0]
    assert list(end.get_xdata()) == [without.diverged_at]
    assert f"✕ at step {without.diverged_at}" in name.get_text()
    loss, right, *_ = explorer.picture._lanes[1]
    assert len(loss.get_xdata()) == 60
    np.testing.assert_array_equal(right.get_ydata(), with_it.accuracies)


def test_a_start_that_is_too_narrow_is_forgiven_with_batch_norm_alone():
    without, with_it = TrainingRaceExplorer().set(sigma=10**-2.0, steps=100).result.lanes
    assert without.last_loss == pytest.approx(np.log(10), abs=0.02)
    assert with_it.last_loss < 1.5
