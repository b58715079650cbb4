"""Code, steps, prints and masks: each from its own numbers."""

import dataclasses

import numpy as np
import pytest

from coursekit.compiled import Step
from coursekit.experiments.tracing import Tracing
from coursekit.plots.style import BLUE, VERMILION
from coursekit.plots.tracing import TracingPicture
from tests.plots.reading import data, line, panel_over, words

PATTERNS = np.random.default_rng(0).random((2, 3, 4, 6)) > 0.5
STEPS = Step("c = x + 1", "add"), Step("return c")
RESULT = Tracing(
    "numpy_mask", ("def f(x):", "    print(x)"), STEPS, (4, 4, 5), (1, 2, 3), (1, 1, 2),
    ("x: [[1", "x: Tracer"), 0.5, (3, 2), PATTERNS, "", True,
)  # fmt: skip


@pytest.fixture
def picture():
    steps = (Step("b", "n"),) * 12
    other = dataclasses.replace(RESULT, code=("a",) * 7, steps=steps, patterns=~PATTERNS[:, :2])
    shown = TracingPicture(other)
    shown.update(RESULT)
    return shown


def page(picture):
    return picture.figure.axes[0]


def test_code_and_steps_are_written_and_nothing_is_left_over(picture):
    said = words(page(picture))
    for expected in (*RESULT.code, "c = x + 1", "add", "return c", "JAX calls it", *RESULT.sees):
        assert said.count(expected) == 1
    assert not {"a", "b", "n"} & set(said)


def test_each_step_has_what_jax_calls_it_beside_it(picture):
    at = {text.get_text(): text.get_position() for text in page(picture).texts}
    assert at["add"][1] == at["c = x + 1"][1] < at["return c"][1]
    assert at["add"][0] > at["c = x + 1"][0]


def test_prints_of_both_ways(picture):
    ax = panel_over(picture, "calls")
    assert data(line(ax, color=BLUE)) == ([1, 2, 3], [1, 2, 3])
    assert data(line(ax, color=VERMILION)) == ([1, 2, 3], [1, 1, 2])


def test_masks_call_by_call(picture):
    for way, strip in enumerate(page(picture).images):
        shown = np.asarray(
            strip.get_array().filled(np.nan) if np.ma.isMA(strip.get_array()) else strip.get_array()
        )
        for call in range(3):
            np.testing.assert_array_equal(shown[:, 7 * call : 7 * call + 6], PATTERNS[way, call])
        assert np.isnan(shown[:, 21:]).all()


def test_a_program_without_a_mask_shows_none(picture):
    picture.update(dataclasses.replace(RESULT, masks=None, patterns=PATTERNS[:, :0]))
    assert not any("mask" in word for word in words(page(picture)))
    assert all(np.isnan(np.ma.filled(strip.get_array(), np.nan)).all() for strip in page(picture).images)


def test_a_refusal_and_a_missing_library_are_said(picture):
    refused = dataclasses.replace(
        RESULT, steps=(), traced_prints=(), refusal="SomeError: no", sees=("x", "")
    )
    picture.update(refused)
    assert "SomeError" in words(page(picture))
    assert not {"add", "JAX calls it"} & set(words(page(picture)))
    assert "–" in words(page(picture))
    picture.update(dataclasses.replace(refused, here=False, refusal=""))
    assert "JAX is not installed here:" in words(page(picture))
