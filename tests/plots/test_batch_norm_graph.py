"""In each box stand the value and the gradient of its own node; arrows join what belongs together."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from coursekit.experiments import graph_step
from coursekit.experiments.batch_norm_graph import COMPUTED, EDGES, FORMULA_OF
from coursekit.plots import BatchNormGraph
from coursekit.plots.batch_norm_graph import as_mathtext, matrix_text
from coursekit.plots.style import BLUE, INK, VERMILION
from tests.plots.reading import legend, words


@pytest.fixture
def picture():
    return BatchNormGraph(graph_step(18, batch=3))


def axis(picture):
    (ax,) = picture.figure.axes
    return ax


def boxes(picture):
    """Node → (head, value, gradient), its three rectangles from top to bottom, found by its formula."""
    ax, found = axis(picture), {}
    rectangles = [p for p in ax.patches if isinstance(p, Rectangle)]
    for name, formula in FORMULA_OF.items():
        (text,) = (t for t in ax.texts if t.get_text() == as_mathtext(formula) and not t.get_animated())
        (head,) = (r for r in rectangles if r.contains_point(ax.transData.transform(text.get_position())))
        column = [r for r in rectangles if r.get_x() == head.get_x()]
        below = {round(r.get_y(), 6): r for r in column}
        value = below[round(head.get_y() + head.get_height(), 6)]
        found[name] = head, value, below[round(value.get_y() + value.get_height(), 6)]
    return found


def inside(picture, rectangle):
    """The moving text within a rectangle."""
    ax = axis(picture)
    (text,) = (
        t
        for t in ax.texts
        if t.get_animated() and rectangle.contains_point(ax.transData.transform(t.get_position()))
    )
    return text


def numbers(text):
    return np.array(
        [[float(n.replace("−", "-")) for n in row.split()] for row in text.get_text().split("\n")]
    )


@pytest.mark.parametrize("step", [0, 4, 9, 10, 13, 16, 18])
def test_a_box_holds_the_value_and_the_gradient_of_its_node(picture, step):
    result = graph_step(step)
    picture.update(result)
    for name, (_, value, gradient) in boxes(picture).items():
        node, arrived = result.graph.nodes[name], result.arrived(name)
        for rectangle, known, array, colour in (
            (value, result.knows_value(name), node.value, INK),
            (gradient, arrived is not None, arrived, "#A84300"),
        ):
            text = inside(picture, rectangle)
            assert bool(text.get_text()) == known, (name, step)
            assert same_color(text.get_color(), colour)
            if known:
                np.testing.assert_allclose(numbers(text), np.atleast_2d(array), atol=0.0051)
        assert (inside(picture, gradient).get_style() == "italic") == result.is_partial(name)


def test_values_of_step_nine_are_those_of_the_lesson(picture):
    picture.update(graph_step(9))
    shown = {name: numbers(inside(picture, value)) for name, (_, value, _) in boxes(picture).items()}
    np.testing.assert_allclose(shown["x"], [[0, 2], [0, 5], [3, 8]])
    np.testing.assert_allclose(shown["mean"], [[1, 5]])
    np.testing.assert_allclose(shown["std"], [[1.5, 2.5]])
    np.testing.assert_allclose(shown["y"], 1 + np.array([[-2, -6], [-2, 0], [4, 6]]) + [0, -2])


def ends_of(arrow):
    (a, b) = arrow._posA_posB
    return np.array(a), np.array(b)


def arrows(picture, colour):
    """Every moving arrow of a colour, as (from box, to box) → arrow."""
    found = {}
    places = {name: parts for name, parts in boxes(picture).items()}

    def nearest(point):
        def away(name):
            head, _, last = places[name]
            low = np.array([head.get_x(), head.get_y()])
            high = np.array([head.get_x() + head.get_width(), last.get_y() + last.get_height()])
            return np.linalg.norm(np.maximum(np.maximum(low - point, point - high), 0))

        return min(places, key=away)

    for patch in axis(picture).patches:
        if (
            isinstance(patch, FancyArrowPatch)
            and patch.get_animated()
            and same_color(patch.get_edgecolor(), colour)
        ):
            found[tuple(map(nearest, ends_of(patch)))] = patch
    return found


@pytest.mark.parametrize("step", range(19))
def test_arrows_join_what_belongs_together_and_appear_with_it(picture, step):
    result = graph_step(step)
    picture.update(result)
    forward, back = arrows(picture, INK), arrows(picture, VERMILION)
    assert set(forward) == set(EDGES)
    assert set(back) == {(child, parent) for parent, child in EDGES}
    order = ("", *COMPUTED, *reversed(COMPUTED))
    for (parent, child), arrow in forward.items():
        assert arrow.get_visible() == (step >= 1 + COMPUTED.index(child))
        assert (arrow.get_linewidth() > 2) == (step <= 9 and order[step] == child), (parent, child)
    for (child, parent), arrow in back.items():
        assert arrow.get_visible() == (step >= 18 - COMPUTED.index(child))
        assert (arrow.get_linewidth() > 2) == (step > 9 and order[step] == child), (parent, child)


@pytest.mark.parametrize("step", [0, 1, 9, 10, 18])
def test_the_ring_stands_round_the_node_of_the_step(picture, step):
    picture.update(graph_step(step))
    (ring,) = (p for p in axis(picture).patches if isinstance(p, FancyBboxPatch))
    assert ring.get_visible() == (step > 0)
    assert same_color(ring.get_edgecolor(), BLUE)
    if step:
        head, _, last = boxes(picture)[("", *COMPUTED, *reversed(COMPUTED))[step]]
        assert (ring.get_x(), ring.get_y(), ring.get_width()) == (
            head.get_x(),
            head.get_y(),
            head.get_width(),
        )
        assert ring.get_y() + ring.get_height() == pytest.approx(last.get_y() + last.get_height())


def test_the_panel_tells_the_rule_with_its_numbers(picture):
    picture.update(graph_step(11))
    said = words(axis(picture))
    assert any(word.startswith("Step 11 of 18 · backward through z = ") for word in said)
    assert "This step's rule, in numbers for sample 1, feature 1:" in said
    assert as_mathtext("z gets  γ · ∂C/∂z") not in said
    assert as_mathtext("x̂ gets  γ · ∂C/∂z") in said
    assert as_mathtext("γ gets  Σ x̂ · ∂C/∂z") in said
    assert as_mathtext("x̂: 3 · 1 = 3") in said
    picture.update(graph_step(0))
    assert not any("numbers for sample 1" in word for word in words(axis(picture)))


def test_two_contributions_stand_beside_their_sum(picture):
    result = graph_step(18, batch=2, upstream="one_entry")
    picture.update(result)
    node, ax = result.graph.x, axis(picture)
    captions = [
        t for t in ax.texts if t.get_text().startswith(("through", "∂C/∂x")) and t.get_fontsize() == 9
    ]
    captions.sort(key=lambda t: t.get_position()[0])
    symbols = {"centred": "c", "mean": "μ"}
    assert [t.get_text() for t in captions] == [*(f"through {symbols[c]}" for c in node.children), "∂C/∂x"]
    for caption, array in zip(captions, (*node.contributions, node.gradient), strict=True):
        x, y = caption.get_position()
        (part,) = (t for t in ax.texts if t.get_visible() and t.get_position() == (x, y + 36))
        assert part.get_text() == matrix_text(array)
    picture.update(graph_step(17))
    assert not any(t.get_visible() for t in captions)


def test_the_key_says_what_the_colours_mean(picture):
    named = {label: handle.get_color() for label, handle in legend(axis(picture)).items()}
    assert named == {"value, forward": INK, "gradient, backward": VERMILION, "the node of this step": BLUE}
    assert (axis(picture).get_xlim(), axis(picture).get_ylim()) == ((0, 880), (490, 0))
    assert not picture.move(graph_step(3))


def test_a_matrix_is_written_with_columns_of_one_width():
    assert matrix_text(np.array([[1.0, -2.25], [10.126, 0.0]])) == "    1  −2.25\n10.13      0"
