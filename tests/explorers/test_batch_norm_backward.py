"""The explorers of lesson 07: what they show is what the result says, and nothing overlaps."""

import numpy as np
import pytest

from coursekit.experiments.batch_norm_graph import EDGES, FORMULA_OF, UPSTREAMS
from coursekit.explorers import BatchNormGraphExplorer, PerturbationExplorer
from coursekit.plots.batch_norm_boxes import BOX_WIDTH, BOXES, HEIGHT, WIDTH, arrow, lane
from coursekit.plots.batch_norm_graph import matrix_text


@pytest.fixture(scope="module")
def explorer():
    return BatchNormGraphExplorer()


def test_controls(explorer):
    step = explorer.controls["step"]
    assert (step.min, step.max, step.step) == (0, 18, 1)
    assert tuple(key for _, key in explorer.controls["upstream"].options) == UPSTREAMS


@pytest.mark.parametrize("step", [0, 5, 9, 10, 12, 16, 18])
def test_boxes_hold_what_is_known_and_arrows_where_it_came_from(explorer, step):
    explorer.set(step=step, batch=0, upstream="mixed")
    picture, result = explorer.picture, explorer.result
    for name, node in result.graph.nodes.items():
        shown = picture._values[name].get_text()
        assert shown == (matrix_text(node.value) if result.knows_value(name) else "")
        arrived = result.arrived(name)
        assert picture._gradients[name].get_text() == ("" if arrived is None else matrix_text(arrived))
    for parent, child in EDGES:
        assert picture._forward[parent, child].get_visible() == result.knows_value(child)
        assert picture._back[parent, child].get_visible() == result.has_passed_back(child)
    wide = {edge for edge, a in (picture._back if step > 9 else picture._forward).items()
            if a.get_linewidth() > 2}  # fmt: skip
    assert wide == {edge for edge in EDGES if edge[1] == result.node}
    assert picture._ring.get_visible() == (step > 0)


def test_the_two_contributions_and_their_sum_are_shown(explorer):
    explorer.set(step=18, batch=2, upstream="one_entry")
    node = explorer.result.graph.x
    parts = [text.get_text() for text in explorer.picture._parts]
    assert parts == [matrix_text(a) for a in (*node.contributions, node.gradient)]
    explorer.set(step=17)
    assert not any(text.get_visible() for text in explorer.picture._parts)


def test_one_entry_reaches_all_samples(explorer):
    explorer.set(step=18, batch=0, upstream="one_entry")
    gradient = explorer.result.graph.x.gradient
    assert (np.abs(gradient[:, 0]) > 0.01).all()
    assert (gradient[:, 1] == 0).all()


def extent(text, renderer):
    box = text.get_window_extent(renderer)
    return box.x0, HEIGHT - box.y1, box.x1, HEIGHT - box.y0  # y downward, as the picture has it


@pytest.mark.parametrize("upstream", UPSTREAMS)
@pytest.mark.parametrize("batch", range(10))
def test_every_text_fits_its_place(explorer, batch, upstream):
    """No number leaves its box, no line of the panel leaves the picture or meets another."""
    picture = explorer.picture
    renderer = picture.figure.canvas.get_renderer()
    for step in range(19):
        explorer.set(step=step, batch=batch, upstream=upstream)
        for name, box in BOXES.items():
            for text in (picture._values[name], picture._gradients[name]):
                if text.get_text():
                    x0, y0, x1, y1 = extent(text, renderer)
                    assert box.left <= x0 <= x1 <= box.left + BOX_WIDTH, (name, step)
                    assert box.top <= y0 <= y1 <= box.top + box.height, (name, step)
        panel = [picture._example, *picture._rules, *picture._worked, *picture._parts, *picture._captions]
        shown = [t for t in panel if t.get_visible() and t.get_text()]
        places = [extent(text, renderer) for text in (*shown, picture._title)]
        for x0, y0, x1, y1 in places:
            assert 0 <= x0 <= x1 <= WIDTH
            assert 0 <= y0 <= y1 <= HEIGHT
        for i, a in enumerate(places):
            for b in places[:i]:
                apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 2 or b[3] <= a[1] + 2
                assert apart, (step, a, b)


def test_boxes_do_not_overlap_and_arrows_cross_none():
    boxes = list(BOXES.values())
    assert set(BOXES) == set(FORMULA_OF)
    for i, a in enumerate(boxes):
        assert 0 <= a.left < a.right <= WIDTH
        assert 0 <= a.top < a.bottom <= HEIGHT
        for b in boxes[:i]:
            assert a.right < b.left or b.right < a.left or a.bottom < b.top or b.bottom < a.top
    for edge in EDGES:
        start, end = arrow(*edge)
        for shift in (-6, 6):
            ends = lane(start, end, shift)
            for share in np.linspace(0, 1, 50):
                x, y = ((1 - share) * p + share * q for p, q in zip(*ends, strict=True))
                for box in boxes:
                    inside = box.left + 2 < x < box.right - 2 and box.top + 2 < y < box.bottom - 2
                    assert not inside, edge


def test_the_perturbation_picture_shows_its_result():
    explorer = PerturbationExplorer(nudge=0.1, backward="no_variance_path", sample=4, feature=2)
    picture, result = explorer.picture, explorer.result
    np.testing.assert_array_equal(picture._curve.get_ydata(), result.change)
    np.testing.assert_allclose(picture._tangent.get_ydata(), result.slope * result.t)
    assert [point.get_ydata()[0] for point in picture._points] == [result.measured, result.predicted]
    assert (
        "Sample 4, feature 2: the slope by a backward pass without the variance path"
        in picture._title.get_text()
    )
    assert not picture._nothing.get_visible()
    explorer.set(upstream="ones")
    assert picture._nothing.get_visible()
    explorer.set(backward="constant_statistics")
    assert not picture._nothing.get_visible()


def test_all_curves_stay_within_the_fixed_axes():
    explorer = PerturbationExplorer()
    low, high = explorer.picture._curve_ax.get_ylim()
    for sample in range(1, 7):
        for feature in (1, 2):
            explorer.set(sample=sample, feature=feature)
            assert low < explorer.result.change.min() <= explorer.result.change.max() < high
