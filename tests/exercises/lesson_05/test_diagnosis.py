"""The checker of the three mystery nets: fifteen wrong answers, each with its own evidence."""

import numpy as np
import pytest

from coursekit import datasets, nn
from coursekit.diagnostics import signal_report, trace
from coursekit.exercises import check_diagnosis
from coursekit.exercises.lesson_05.diagnosis import DIAGNOSES
from coursekit.nets import mystery_nets

RIGHT = {"first": "vanishes", "second": "saturates", "third": "twins"}

# What is said against each wrong diagnosis, when the two other nets are named rightly.
WRONG = {
    ("first", "survives"): "layer 1's spread of all values (dots). But is that the spread that tells",
    ("first", "explodes"): "nothing grows: layer 10 has 36 %",
    ("first", "saturates"): "hardly any output of layer 10 is flat",
    ("first", "dies"): "the mean of layer 10 is 0.4",
    ("first", "twins"): "its units differ: the mean outputs of layer 10's units have a spread of 0.13",
    ("second", "survives"): "70 % of layer 10's outputs stand near −1 or +1",
    ("second", "vanishes"): "is 104 % of layer 1's: it is there",
    ("second", "explodes"): "|h| is at most 1. Backward it does, ×1.8 a layer",
    ("second", "dies"): "few outputs are near 0: the spread of layer 10 is 0.92",
    ("second", "twins"): "its units differ",
    ("third", "survives"): "look at why dots and squares coincide",
    ("third", "vanishes"): "is 151 % of layer 1's: images can be told apart. Can units?",
    ("third", "explodes"): "is 151 % of layer 1's, no more",
    ("third", "saturates"): "hardly any output of layer 10 is flat",
    ("third", "dies"): "its outputs are not zero: the spread of layer 10 is 0.58",
}


def test_the_right_diagnoses_pass():
    assert check_diagnosis(**RIGHT).passed
    assert check_diagnosis(" Vanishes", "SATURATES.", "twins ").passed


def test_every_wrong_diagnosis_is_tried():
    assert len(WRONG) == len(RIGHT) * (len(DIAGNOSES) - 1)


@pytest.mark.parametrize(("name", "word"), WRONG, ids=lambda one: one)
def test_a_wrong_diagnosis_meets_its_evidence(name, word):
    feedback = check_diagnosis(**{**RIGHT, name: word})
    assert not feedback.passed
    assert feedback.message.startswith(f"2 of 3 are right. {name}: ")
    assert WRONG[name, word] in feedback.message
    assert RIGHT[name] not in feedback.message, "the answer is not given away"


def test_of_several_wrong_ones_the_first_is_answered():
    said = check_diagnosis(first="vanishes", second="survives", third="survives").message
    assert said.startswith("1 of 3 is right. second: ")
    assert check_diagnosis("dies", "dies", "dies").message.startswith("first: ")


@pytest.mark.parametrize("answer", ["", "...", ...])
def test_an_answer_that_is_not_there_yet(answer):
    said = check_diagnosis("vanishes", answer, "twins").message
    assert said.startswith("second has no diagnosis yet. There are ")
    assert all(f'"{word}"' in said for word in DIAGNOSES)


@pytest.mark.parametrize("answer", [None, 3, ["twins"], np.array(["twins", "dies"]), nn.Tanh, b"twins"])
def test_what_is_no_word(answer):
    assert check_diagnosis(third=answer, first="vanishes", second="saturates").message.startswith(
        "third: a diagnosis is a word in quotes"
    )


def test_a_word_that_is_none_of_them():
    said = check_diagnosis("vanished", "saturates", "twins").message
    assert said.startswith("first: 'vanished' is none of the diagnoses")


@pytest.mark.parametrize("seed", range(3))
def test_the_nets_have_what_the_diagnoses_say_whatever_the_draw(seed):
    x, labels = datasets.fashion_samples(500)
    first, second, third = mystery_nets(np.random.default_rng(seed))
    report = signal_report(first, x)
    assert report.between[-1] < 1e-4 * report.between[0]
    assert report.std[-1] > 0.2 * report.std[0]
    report = signal_report(second, x)
    assert report.flat.min() > 0.5
    assert signal_report(second, x, labels, quantity="gradients").factor > 1.5
    h = trace(third, x).h
    assert all(np.ptp(one, axis=1).max() < 1e-5 for one in h)
    assert h[-1].std() > 0.3
    # And they stay alike: so do the gradients. (Layer 10's differ by the random weights of the logits.)
    kept = trace(third, x, labels)
    assert all(np.ptp(one, axis=1).max() < 1e-3 * np.abs(one).max() for one in kept.dW[:-1])
    assert all(np.abs(one).max() > 1e-6 for one in kept.dW)


def test_the_nets_want_a_generator():
    with pytest.raises(TypeError, match="Generator"):
        mystery_nets(0)
