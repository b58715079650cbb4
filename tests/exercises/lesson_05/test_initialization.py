"""The checkers of lesson 05: many right ways, many wrong ones, each with its own name."""

import math
import re

import numpy as np
import pytest

from coursekit.exercises import check_he_normal, check_sigma, check_xavier_uniform
from tests.exercises.answers import once


def limit(i, o):
    return np.sqrt(6 / (i + o))


buffers = {}


def into_a_buffer(i, o, rng):
    buffer = buffers.setdefault((i, o), np.empty((i, o)))
    buffer[...] = rng.uniform(-1, 1, (i, o)) * limit(i, o)
    return buffer


XAVIER_RIGHT = {
    "uniform": lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o), (i, o)),
    "random, scaled": lambda i, o, rng: (2 * rng.random((i, o)) - 1) * limit(i, o),
    "float32": lambda i, o, rng: (2 * rng.random((i, o), dtype=np.float32) - 1) * np.float32(limit(i, o)),
    "list of lists": lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o), (i, o)).tolist(),
    "transposed back": lambda i, o, rng: rng.uniform(-1, 1, (o, i)).T * limit(i, o),
    "by its std": lambda i, o, rng: rng.uniform(-(3**0.5), 3**0.5, (i, o)) * math.sqrt(2 / (i + o)),
    "the same array each time": into_a_buffer,
}


def xavier_with(a):
    return lambda i, o, rng: rng.uniform(-a(i, o), a(i, o), (i, o))


def numpy_global(i, o, rng):
    return np.random.uniform(-limit(i, o), limit(i, o), (i, o))  # noqa: NPY002 - the bug in question


def fixed_seed(i, o, rng):
    return np.random.default_rng(1).uniform(-limit(i, o), limit(i, o), (i, o))


XAVIER_WRONG = {
    "a copied number": (
        lambda i, o, rng: rng.uniform(-0.0883, 0.0883, (i, o)),
        "compute it from the sizes",
    ),
    "whole division": (
        lambda i, o, rng: rng.uniform(-((6 // (i + o)) ** 0.5), (6 // (i + o)) ** 0.5, (i, o)),
        "cuts to whole numbers",
    ),
    "twins": (
        lambda i, o, rng: np.tile(rng.uniform(-limit(i, o), limit(i, o), (i, 1)), o),
        "the units are twins",
    ),
    "alike rows": (
        lambda i, o, rng: np.tile(rng.uniform(-limit(i, o), limit(i, o), o), (i, 1)),
        "all rows are alike",
    ),
    "one draw for all": (
        lambda i, o, rng: np.full((i, o), rng.uniform(-limit(i, o), limit(i, o))),
        "either one number was drawn for all",
    ),
    "no root": (xavier_with(lambda i, o: 6 / (i + o)), "square root is missing"),
    "std for limit": (
        xavier_with(lambda i, o: math.sqrt(2 / (i + o))),
        "that is the standard deviation",
    ),
    "variance for limit": (
        xavier_with(lambda i, o: 2 / (i + o)),
        "that is the variance, not the limit",
    ),
    "3 for 6": (xavier_with(lambda i, o: math.sqrt(3 / (i + o))), "use 6"),
    "He": (xavier_with(lambda i, o: math.sqrt(6 / i)), "√(6 / fan_in), He's"),
    "fan_out": (xavier_with(lambda i, o: math.sqrt(6 / o)), "√(6 / fan_out)"),
    "LeCun": (xavier_with(lambda i, o: math.sqrt(3 / i)), "LeCun's uniform"),
    "old habit": (xavier_with(lambda i, o: 1 / math.sqrt(i)), "the old heuristic"),
    "product": (xavier_with(lambda i, o: math.sqrt(6 / (i * o))), "fan_in · fan_out: add them"),
    "half a root": (xavier_with(lambda i, o: math.sqrt(6) / (i + o)), "root the whole fraction"),
    "upside down": (xavier_with(lambda i, o: math.sqrt((i + o) / 6)), "upside down"),
    "Gluon": (xavier_with(lambda i, o: 0.07), "0.07 whatever the sizes"),
    "one": (xavier_with(lambda i, o: 1), "the limit is ±1 whatever the sizes"),
    "brackets": (xavier_with(lambda i, o: math.sqrt(6 / i + o)), "needs brackets, 6 / (fan_in + fan_out)"),
    "brackets and root": (xavier_with(lambda i, o: 6 / i + o), "and the fraction a root"),
    "one number": (lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o)), "one number came"),
    "one end": (
        lambda i, o, rng: rng.uniform(limit(i, o), size=(i, o)),
        "run from 0.088 to 1: with one end given, rng.uniform goes on to 1. Give both",
    ),
    "lower end": (lambda i, o, rng: rng.uniform(-limit(i, o), size=(i, o)), "run from -0.088 to 1"),
    "two sizes": (
        lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o), i, o),
        "the size is one pair in brackets: rng.uniform(…, (fan_in, fan_out))",
    ),
    "two sizes of random": (lambda i, o, rng: rng.random(i, o), "the size is one pair in brackets: rng.…("),
    "normal": (lambda i, o, rng: rng.normal(0, np.sqrt(2 / (i + o)), (i, o)), "bell-shaped"),
    "ends": (lambda i, o, rng: rng.choice([-1, 1], (i, o)) * limit(i, o), "crowd at the ends"),
    "from 0": (lambda i, o, rng: rng.uniform(0, limit(i, o), (i, o)), "from -a to a, not from 0 to a"),
    "swapped": (lambda i, o, rng: rng.uniform(-1, 1, (o, i)), "the shape is (170, 600)"),
    "one row": (lambda i, o, rng: rng.uniform(-1, 1, i), "(600,) came"),
    "constant": (lambda i, o, rng: np.full((i, o), limit(i, o)), "all weights are equal"),
    "nan": (lambda i, o, rng: np.full((i, o), np.nan), "nan or infinite"),
    "text": (
        lambda i, o, rng: np.full((i, o), "0.1"),
        "return an array of numbers; yours returns a ndarray",
    ),
    "global": (numpy_global, "np.random or another generator"),
    "fixed seed": (fixed_seed, "a generator with a fixed seed"),
    "unfinished": (lambda i, o, rng: ..., "returns nothing yet"),
    "arity": (lambda i, o: 1, "takes 2 positional arguments but 3 were given"),
}


def he(i, o):
    return np.sqrt(2 / i)


HE_RIGHT = {
    "normal": lambda i, o, rng: rng.normal(0, he(i, o), (i, o)),
    "standard_normal": lambda i, o, rng: rng.standard_normal((i, o)) * he(i, o),
    "divided": lambda i, o, rng: rng.standard_normal((i, o)) / np.sqrt(i / 2),
    "float32": lambda i, o, rng: rng.standard_normal((i, o), dtype=np.float32) * np.float32(he(i, o)),
    "list of lists": lambda i, o, rng: rng.normal(0, he(i, o), (i, o)).tolist(),
    "transposed back": lambda i, o, rng: rng.normal(0, he(i, o), (o, i)).T,
    "unit by unit": lambda i, o, rng: np.stack([rng.normal(0, he(i, o), i) for _ in range(o)], axis=1),
}


def he_with(std):
    return lambda i, o, rng: rng.normal(0, std(i, o), (i, o))


HE_WRONG = {
    "1/√fan_out": (lambda i, o, rng: rng.normal(0, o**-0.5, (i, o)), "the std is √(1 / fan_out)"),
    "1/√(2 fan_out)": (lambda i, o, rng: rng.normal(0, (2 * o) ** -0.5, (i, o)), "(2 fan_out)"),
    "a copied number": (lambda i, o, rng: rng.normal(0, 0.0577, (i, o)), "compute it from the sizes"),
    "tanh's": (he_with(lambda i, o: math.sqrt(1 / i)), "that suits tanh"),
    "variance": (he_with(lambda i, o: 2 / i), "that is the variance. Take its square root"),
    "1 / n": (he_with(lambda i, o: 1 / i), "take the square root, and double"),
    "2 outside": (he_with(lambda i, o: 2 / math.sqrt(i)), "the 2 belongs under the root"),
    "fan_out": (he_with(lambda i, o: math.sqrt(2 / o)), "the forward signal needs fan_in"),
    "Xavier": (he_with(lambda i, o: math.sqrt(2 / (i + o))), "Xavier's"),
    "average": (he_with(lambda i, o: math.sqrt(4 / (i + o))), "He takes fan_in alone"),
    "upside down": (he_with(lambda i, o: math.sqrt(i / 2)), "upside down"),
    "2 below": (he_with(lambda i, o: 1 / math.sqrt(2 * i)), "the 2 belongs in the numerator"),
    "small": (he_with(lambda i, o: 0.01), "0.01 whatever the sizes"),
    "standard": (he_with(lambda i, o: 1), "1 whatever the sizes"),
    "other": (he_with(lambda i, o: 0.3), "the std is 0.3 whatever the sizes"),
    "half a root": (he_with(lambda i, o: math.sqrt(2) / i), "√2 / fan_in: root the whole fraction"),
    "square for root": (he_with(lambda i, o: (2 / i) ** 2), "take its root, not its square"),
    "tiny": (he_with(lambda i, o: 3.2e-7), "the std is 3.2e-07"),
    "mean and std swapped": (
        lambda i, o, rng: rng.normal(he(i, o), 0, (i, o)),
        "or the law has no width (rng.normal takes the mean first",
    ),
    "std as the mean": (
        lambda i, o, rng: rng.normal(he(i, o), size=(i, o)),
        "the first argument of rng.normal is the mean",
    ),
    "one number": (lambda i, o, rng: rng.normal(0, he(i, o)), "one number came"),
    "two sizes": (
        lambda i, o, rng: rng.normal(0, he(i, o), i, o),
        "the size is one pair in brackets: rng.normal(…, (fan_in, fan_out))",
    ),
    "uniform": (lambda i, o, rng: rng.uniform(-1, 1, (i, o)) * math.sqrt(6 / i), "spread evenly"),
    "long tails": (lambda i, o, rng: rng.laplace(0, math.sqrt(1 / i), (i, o)), "longer tails"),
    "shifted": (lambda i, o, rng: rng.normal(0.01, he(i, o), (i, o)), "it should be 0"),
    "swapped": (lambda i, o, rng: rng.normal(0, he(i, o), (o, i)), "the shape is (170, 600)"),
    "constant": (lambda i, o, rng: np.full((i, o), he(i, o)), "all weights are equal"),
    "inf": (lambda i, o, rng: np.full((i, o), np.inf), "nan or infinite"),
    "global": (
        lambda i, o, rng: np.random.normal(0, he(i, o), (i, o)),  # noqa: NPY002
        "np.random or another generator",
    ),
    "fixed seed": (
        lambda i, o, rng: np.random.default_rng(5).normal(0, he(i, o), (i, o)),
        "a generator with a fixed seed",
    ),
    "unfinished": (lambda i, o, rng: None, "returns nothing yet"),
}

CHECKS = [(check_xavier_uniform, XAVIER_RIGHT, XAVIER_WRONG), (check_he_normal, HE_RIGHT, HE_WRONG)]


@pytest.mark.parametrize(
    ("check", "function"),
    [pytest.param(c, f, id=f"{c.__name__}: {name}") for c, right, _ in CHECKS for name, f in right.items()],
)
def test_right_answers_pass(check, function):
    feedback = once(check, function)
    assert feedback.passed, feedback


@pytest.mark.parametrize(
    ("check", "function", "fragment"),
    [
        pytest.param(c, *case, id=f"{c.__name__}: {name}")
        for c, _, wrong in CHECKS
        for name, case in wrong.items()
    ],
)
def test_wrong_answers_are_named(check, function, fragment):
    feedback = once(check, function)
    assert not feedback.passed
    assert fragment in feedback.message


@pytest.mark.parametrize(("check", "wrong"), [(c, w) for c, _, w in CHECKS])
def test_the_messages_are_all_different(check, wrong):
    messages = [once(check, function).message for function, _ in wrong.values()]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("check", [c for c, _, _ in CHECKS])
def test_nothing_makes_them_raise(check, no_answer):
    feedback = check(no_answer)
    assert not feedback.passed
    assert feedback.message.endswith(".")


def test_a_sigma_at_the_border_is_told_with_more_digits():
    message = check_sigma(0.0925).message
    number = float(re.search(r"has ([0-9.]+) ×", message)[1])
    assert 9 < number < 11
    assert number != 10
    assert check_sigma(0.0925).passed == (number < 10)


def test_success_says_what_was_confirmed():
    assert "±0.0883" in check_xavier_uniform(XAVIER_RIGHT["uniform"]).message  # √(6 / 770)
    assert "0.0577" in check_he_normal(HE_RIGHT["normal"]).message  # √(2 / 600)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check_xavier_uniform(XAVIER_RIGHT["uniform"])
    check_sigma(0.08)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


# What keeps the spread: He et al. 2015 for ReLU, √(2 / n); about 1/√n for tanh and identity.
@pytest.mark.parametrize(
    ("sigma", "settings"),
    [
        (math.sqrt(2 / 300), {}),
        (np.sqrt(2 / 300), {"activation": "relu", "depth": 20, "width": 300}),
        (np.float32(0.0816), {}),
        (0.08, {}),
        (math.sqrt(2 / 100), {"width": 100, "depth": 10}),
        (1 / math.sqrt(300), {"activation": "identity"}),
        (1.2 / math.sqrt(300), {"activation": "tanh"}),
        (math.sqrt(2 / 300), {"activation": "leaky_relu"}),
    ],
)
def test_the_field_s_sigma_is_accepted(sigma, settings):
    feedback = check_sigma(sigma, **settings)
    assert feedback.passed, feedback
    assert f"the signal survives {settings.get('depth', 20)} layers" in feedback.message


@pytest.mark.parametrize(
    ("sigma", "fragment"),
    [
        (0.02, "too narrow: layer 20 has"),
        (0.06, "Try a larger σ"),
        (0.11, "too wide: layer 20 has"),
        (1.0, "Try a smaller σ"),
        (0, "too narrow: no spread is left"),
        (1e-30, "too narrow: no spread is left"),
        (1e30, "too wide: the signal left the range of floats at layer 2"),
        (1e300, "too wide: the signal left the range of floats at layer 1"),
        (math.sqrt(1 / 300), "√(1 / n) is tanh's rule; ReLU loses half"),
        (0.058, "√(1 / n) is tanh's rule; ReLU loses half"),
        (math.nan, "sigma must be a finite number; got nan"),
        (math.inf, "got inf"),
        (-0.08, "never negative; got -0.08"),
        ("0.08", "sigma must be a number; got '0.08'"),
        (None, "got None"),
        (True, "got True"),
        (0.08j, "sigma must be a number; got 0.08j"),
        ([0.08], "sigma must be a number"),
        (lambda: 0.08, "sigma must be a number"),
        (..., "got Ellipsis"),
        (10**400, "too large"),
    ],
)
def test_other_sigmas_are_refused_with_the_direction(sigma, fragment):
    feedback = check_sigma(sigma)
    assert not feedback.passed
    assert fragment in feedback.message


def test_the_measured_ratio_is_relu_s_power_of_sigma():
    # ReLU is homogeneous: with zero biases, σ times c multiplies layer 20 by c²⁰ and layer 1 by c.
    def ratio(sigma):
        return float(check_sigma(sigma).message.split(" has ")[1].split(" ")[0])

    assert ratio(0.085) / ratio(0.08) == pytest.approx((0.085 / 0.08) ** 19, rel=0.03)


def test_the_accepted_interval_holds_he_s_sigma_and_ends_on_both_sides():
    tried = [60, 66, *range(69, 77), 80, 84, *range(88, 97), 100, 104]
    accepted = [s for s in tried if check_sigma(s / 1000).passed]
    assert accepted == [s for s in tried if accepted[0] <= s <= accepted[-1]]
    # Twentyfold powers: 10 at most either way is a factor of 10^(1/19) = 1.13 from the σ that keeps it.
    assert accepted[-1] / accepted[0] == pytest.approx(10 ** (2 / 19), rel=0.02)
    assert accepted[0] < 1000 * math.sqrt(2 / 300) < accepted[-1]


def test_saturation_and_lost_differences_do_not_pass_as_survival():
    assert "saturated" in check_sigma(1.0, "tanh", 10, 300).message
    assert "saturated" in check_sigma(5.0, "sigmoid", 10, 300).message
    # Sigmoid keeps the spread of all entries at LeCun's scale, not what differs between images.
    feedback = check_sigma(1 / math.sqrt(500), "sigmoid", 10, 500)
    assert not feedback.passed
    assert "hardly any of its spread between samples is left" in feedback.message


def test_settings_that_cannot_be_are_said():
    for settings, fragment in [
        ({"activation": "softplus"}, "activation must be one of"),
        ({"depth": 0}, "depth must be 1 or more"),
        ({"width": 2.5}, "units must be a whole number"),
    ]:
        feedback = check_sigma(0.1, **settings)
        assert not feedback.passed
        assert fragment in feedback.message
