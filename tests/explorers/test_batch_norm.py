"""The three explorers of lesson 06 at settings whose outcome is known, and their pictures' numbers."""

import numpy as np
import pytest

from coursekit import datasets, nn
from coursekit.experiments.statistics_axes import feature_maps
from coursekit.explorers import (
    BatchNormStepsExplorer,
    RunningStatisticsExplorer,
    StatisticsAxesExplorer,
)
from coursekit.explorers.batch_norm_steps import STORED
from coursekit.plots.statistics_axes import GROUP_COLOURS, mosaic


def cell(explorer, *key):
    texts = explorer.picture._cells[key[0] if len(key) == 1 else key]
    return [text.get_text() for text in texts]


def test_the_table_holds_the_numbers_of_the_lesson():
    explorer = BatchNormStepsExplorer()
    assert cell(explorer, "A", 0) == ["−1.00", "10.00"]
    assert cell(explorer, "mean") == ["2.00", "9.00"]
    assert cell(explorer, "var") == ["6.00", "14.00"]
    assert cell(explorer, "C", 2) == ["9.00", "25.00"]
    assert cell(explorer, "A", 3) == ["−1.22", "0.27"]
    assert cell(explorer, "spread", 3) == ["1.00", "1.00"]
    explorer.set(gamma2=3.0, beta2=-2.0)
    assert cell(explorer, "mean", 4) == ["0.00", "−2.00"]
    assert cell(explorer, "spread", 4) == ["1.00", "3.00"]
    assert cell(explorer, "beta") == ["0.00", "−2.00"]


def test_what_eps_prevents_is_not_written_as_zero():
    explorer = BatchNormStepsExplorer(a1=2.0, b1=2.0, c1=2.0)
    assert cell(explorer, "var")[0] == "0.00"
    assert cell(explorer, "std") == ["0.0032", "3.74"]  # √(10⁻⁵), √14
    explorer.set(eps=1e-7)
    assert cell(explorer, "std")[0] == "0.0003"


def test_the_marks_lie_on_the_sigmoid():
    explorer = BatchNormStepsExplorer(b2=-20.0, gamma2=5.0, mode="prediction")
    for feature, marks in enumerate(explorer.picture._marks):
        for when, values in (("before", explorer.result.x), ("after", explorer.result.y)):
            for i in range(3):
                (s,), (h,) = marks[when, i].get_data()
                assert s == np.clip(values[i, feature], -20, 20)
                assert h == pytest.approx(nn.sigmoid(np.array([s]))[0])


def test_every_number_of_the_batch_reaches_the_result():
    for name, row, column in [(f"{s}{k}", i, k - 1) for i, s in enumerate("abc") for k in (1, 2)]:
        assert BatchNormStepsExplorer(**{name: 17.5}).result.x[row, column] == 17.5
    r = BatchNormStepsExplorer(gamma1=0.5, gamma2=2.0, beta1=1.0, beta2=-3.0, eps=1e-3).result
    assert (r.gamma.tolist(), r.beta.tolist()) == ([0.5, 2], [1, -3])
    assert r.eps == pytest.approx(1e-3)


def test_prediction_ignores_the_company_and_training_does_not():
    explorer = BatchNormStepsExplorer(mode="prediction")
    assert explorer.result.mean.tolist() == STORED[0].tolist()
    alone = explorer.result.y[0].copy()
    explorer.set(b1=-20.0, c2=20.0)
    assert (explorer.result.y[0] == alone).all()
    explorer.set(mode="training")
    assert (explorer.result.y[0] != alone).all()


def test_what_is_stored_are_the_statistics_of_the_first_batch():
    first = BatchNormStepsExplorer().result
    assert (first.mean == STORED[0]).all()
    assert (first.var == STORED[1]).all()


def test_undo_gives_x_back_and_greys_the_sliders():
    explorer = BatchNormStepsExplorer(scale="undo", c1=-11.0)
    assert np.allclose(explorer.result.y, explorer.result.x)
    assert explorer.controls["gamma1"].disabled
    explorer.set(scale="sliders")
    assert not any(explorer.controls[name].disabled for name in ("gamma1", "gamma2", "beta1", "beta2"))


def test_the_maps_are_brightness_and_edges():
    images = np.zeros((1, 1, 28, 28), np.float32)
    images[..., 8:, 12:] = 1  # blocks of 4 × 4: bright from row 2 and column 3 on
    maps = feature_maps(images)
    assert maps.shape == (1, 3, 7, 7)
    expected = np.zeros((7, 7))
    expected[2:, 3:] = 1
    assert np.allclose(maps[0, 0], 10 * expected)
    right, down = np.zeros((7, 7)), np.zeros((7, 7))
    right[2:, 2] = down[1, 3:] = 6  # the edge stands one pixel before the bright block
    assert np.allclose(maps[0, 1], right)
    assert np.allclose(maps[0, 2], down)


@pytest.mark.parametrize(
    ("layout", "axis", "statistics", "kind"),
    [
        ("(N, C, H, W)", 1, 3, "channel"),
        ("(N, C, H, W)", -1, 7, "pixel column"),
        ("(N, H, W, C)", 1, 7, "pixel row"),
        ("(N, H, W, C)", -1, 3, "channel"),
        ("(N, K)", 1, 3, "feature"),
        ("(N, C, H, W)", 0, 8, "image"),
    ],
)
def test_axes_and_layouts(layout, axis, statistics, kind):
    explorer = StatisticsAxesExplorer(layout=layout, axis=axis)
    r = explorer.result
    assert (len(r.mean), r.kind) == (statistics, kind)
    assert f"{axis % len(r.axes)} {kind}s" in explorer.picture._says[0].get_text()
    assert f"({statistics},)" in explorer.picture._says[1].get_text()


def test_equal_colours_are_equal_groups():
    r = StatisticsAxesExplorer(layout="(N, H, W, C)").result
    page = mosaic(r)
    assert page.shape == (23, 63, 3)
    for row in range(7):
        colour = GROUP_COLOURS[row]
        for i in (0, 5):
            pixel = page[8 + row, 8 * i + 2]
            strength = (1 - pixel) / (1 - colour + 1e-12)
            assert np.ptp(strength[colour < 0.99]) < 1e-9  # a tint of this colour and of no other
    assert (page[7] == 1).all()
    assert (page[:, 7] == 1).all()


def test_the_average_of_variances_shows():
    together, averaged = (StatisticsAxesExplorer(variance=v).result for v in ("all", "averaged"))
    assert np.allclose(together.channel_spreads, 1, atol=1e-4)
    assert averaged.channel_spreads[0] > 1.05
    assert not together.averaged


def test_which_and_how_many_images():
    x = datasets.fashion_mnist().x_train
    r = StatisticsAxesExplorer(which=4, images=2).result
    assert np.allclose(r.maps, feature_maps(x[24:26]))
    assert np.array_equal(r.photos, x[24:26, 0])
    assert StatisticsAxesExplorer(which=100).result.maps.shape == (8, 3, 7, 7)


def test_the_histograms_are_those_of_the_result():
    explorer = StatisticsAxesExplorer(layout="(N, H, W, C)")
    r = explorer.result
    for c, row in enumerate(explorer.picture._rows):
        for when, h, values in (("before", r.before, r.maps), ("after", r.after, r.normalized)):
            shown, shares = row[when]["bars"].get_data().values, h.shares()[c]
            assert np.allclose(shown, shares / shares.max())  # none is cut
            assert f"{values[:, c].mean():.2f} ± {values[:, c].std():.2f}".replace("-", "−") in (
                row[when]["says"].get_text()
            )
            low, middle, high = (float(t.get_text().replace("−", "-")) for t in row[when]["ticks"])
            assert middle == pytest.approx(values[:, c].mean(), abs=0.006)
            assert high - low == pytest.approx(4 * values[:, c].std(), abs=0.02)


def test_it_is_just_as_lopsided_afterwards_and_the_picture_says_so():
    explorer = StatisticsAxesExplorer()
    for row in explorer.picture._rows:
        before, after = (row[when] for when in ("before", "after"))
        assert np.allclose(before["bars"].get_data().values, after["bars"].get_data().values)
        skewness = [part["says"].get_text().split("skewness ")[1] for part in (before, after)]
        assert skewness[0] == skewness[1]
    x = explorer.result.maps[:, 0]
    by_definition = ((x - x.mean()) ** 3).mean() / x.std() ** 3
    assert f"skewness {by_definition:.2f}" in explorer.picture._rows[0]["before"]["says"].get_text()
    explorer.set(layout="(N, K)", images=1)
    assert "no spread" in explorer.picture._rows[0]["after"]["says"].get_text()


def test_running_controls_reach_the_result():
    r = RunningStatisticsExplorer(
        momentum=0.5, batch_size=4, start=1.0, drift=True, compare="variance"
    ).result
    assert (r.momentum, r.batch_size, r.start_var, r.drifts, r.unbiased) == (0.5, 4, 1.0, True, False)
    assert RunningStatisticsExplorer(variance="unbiased", compare="libraries").result.unbiased
    assert RunningStatisticsExplorer().result.start_var == 0


def test_the_running_lines_are_those_of_the_result():
    explorer = RunningStatisticsExplorer(batch_size=2, seed=3)
    for name, panel in explorer.picture._panels.items():
        lines = getattr(explorer.result, name)
        for rule in (0, 1, 3):
            assert np.array_equal(panel["rules"][rule].get_ydata(), lines[rule], equal_nan=True)
        assert (panel["rules"][2].get_ydata() == lines[2, 1:]).all()
        shown = [*panel["batch"].get_xdata(), *panel["beyond"].get_xdata()]
        assert sorted(shown) == list(range(1, 101)), "no batch is silently lost"
        low, high = panel["truth"].axes.get_ylim()
        for dots in (panel["batch"], panel["beyond"]):
            assert ((low <= dots.get_ydata()) & (dots.get_ydata() <= high)).all()


def test_gamma_and_beta_are_greyed_where_they_undo_the_normalization():
    explorer = BatchNormStepsExplorer()
    free = {name for name, control in explorer.controls.items() if not control.disabled}
    assert free == set(explorer.controls)
    (other,) = (key for _, key in explorer.controls["scale"].options if key != "sliders")
    explorer.set(scale=other)
    greyed = {name for name, control in explorer.controls.items() if control.disabled}
    assert greyed == {"gamma1", "gamma2", "beta1", "beta2"}


def test_what_is_not_shown_is_greyed():
    explorer = RunningStatisticsExplorer()
    assert explorer.result.compare == "mean"
    assert explorer.controls["start"].disabled
    assert explorer.controls["variance"].disabled
    explorer.set(compare="variance")
    assert not any(control.disabled for control in explorer.controls.values())


def test_momentum_changes_places():
    calm = RunningStatisticsExplorer(momentum=0.9).result
    swapped = RunningStatisticsExplorer(momentum=0.1).result
    assert np.allclose(calm.mean[0], swapped.mean[1])
