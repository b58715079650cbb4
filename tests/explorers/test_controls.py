"""A control keeps what a script puts there, or refuses it; the browser then finds it on a step."""

import math

import pytest

from coursekit.explorers import controls

SLIDERS = {
    "whole": lambda: controls.whole("n", 3, 1, 9, step=2, width="9px"),
    "decimal": lambda: controls.decimal("m", 0.5, 0, 1, step=0.25, width="9px"),
    "logarithmic": lambda: controls.logarithmic("σ", 1.0, -2, 2, width="9px"),
}
CASES = [("whole", 4), ("whole", 5), ("decimal", 0.6), ("decimal", 0.75), ("logarithmic", 0.03)]


def steps_from_the_first(slider):
    at = math.log(slider.value, slider.base) if hasattr(slider, "base") else slider.value
    return (at - slider.min) / slider.step


@pytest.mark.parametrize(("kind", "value"), CASES)
def test_a_value_between_two_steps_stays_and_lies_on_one(kind, value):
    slider = SLIDERS[kind]()
    low = slider.min
    controls.put(slider, value)
    assert slider.value == value
    assert steps_from_the_first(slider) == pytest.approx(round(steps_from_the_first(slider)))
    assert low <= slider.min < low + slider.step


@pytest.mark.parametrize("kind", SLIDERS)
def test_the_whole_range_comes_back(kind):
    slider = SLIDERS[kind]()
    low, start = slider.min, slider.value
    controls.put(slider, start * 1.1 if kind != "whole" else 4)
    controls.put(slider, start)
    assert slider.min == low


@pytest.mark.parametrize(("kind", "value"), [("whole", 10), ("decimal", -1.0), ("logarithmic", 1e3)])
def test_what_is_out_of_range_is_refused(kind, value):
    with pytest.raises(ValueError, match="the nearest it takes"):
        controls.put(SLIDERS[kind](), value)


def test_the_first_option_is_chosen_or_the_one_asked_for():
    options = (("one", 1), ("two", 2), ("three", 3))
    assert controls.choice("n", options, button="9px").value == 1
    assert controls.choice("n", options, button="9px", value=3).value == 3
    assert dict(controls.choice("n", options, button="9px").options) == {"one": 1, "two": 2, "three": 3}


def test_a_late_answer_to_a_value_that_was_replaced_is_no_move(monkeypatch):
    sigma = SLIDERS["logarithmic"]()
    controls.put(sigma, 0.14125375446227545)
    controls.put(sigma, 0.01)
    sigma.set_state({"value": 0.14125375446227553})  # the browser's arithmetic
    assert sigma.value == 0.01
    sigma.set_state({"value": 0.15848931924611134})
    assert sigma.value == 0.15848931924611134
    controls.put(sigma, 0.01)
    now = controls.time.monotonic()
    monkeypatch.setattr(controls.time, "monotonic", lambda: now + 60)
    sigma.set_state({"value": 0.15848931924611139})  # long after: somebody moves it there
    assert sigma.value == 0.15848931924611139


def test_a_whole_number_that_comes_back_is_a_move():
    depth = SLIDERS["whole"]()
    controls.put(depth, 5)
    controls.put(depth, 7)
    depth.set_state({"value": 5})
    assert depth.value == 5
