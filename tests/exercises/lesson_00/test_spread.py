"""check_spread accepts every honest way to the standard deviation and names each wrong one."""

import math
import statistics

import numpy as np
import pytest

from coursekit.exercises import check_spread


def in_place(x):
    x -= x.mean()
    x *= x
    return math.sqrt(x.mean())


RIGHT = {
    "np.std": np.std,
    "the method": lambda x: x.std(),
    "the formula": lambda x: np.sqrt(np.mean((x - x.mean()) ** 2)),
    "a Python loop": lambda x: math.sqrt(sum((v - sum(x) / len(x)) ** 2 for v in x) / len(x)),
    "statistics": lambda x: statistics.pstdev(x.tolist()),
    "mean of squares less square of mean": lambda x: (np.mean(x**2) - np.mean(x) ** 2) ** 0.5,
    "float32": lambda x: np.std(x.astype(np.float32)),
    "an array without axes": lambda x: np.array(x.std()),
    "in place": in_place,
}

WRONG = {
    "variance": (np.var, "that is the variance: take its square root"),
    "n - 1": (lambda x: np.std(x, ddof=1), "you divide by n - 1"),
    "variance, n - 1": (lambda x: np.var(x, ddof=1), "the variance with n - 1"),
    "root of the sum": (lambda x: np.sqrt(((x - x.mean()) ** 2).sum()), "the root of the sum"),
    "sum of squares": (lambda x: ((x - x.mean()) ** 2).sum(), "that is the sum of squares"),
    "no mean": (lambda x: np.sqrt((x**2).mean()), "forgot to subtract the mean"),
    "mean distance": (lambda x: np.abs(x - x.mean()).mean(), "mean of the distances"),
    "signed distance": (lambda x: (x - x.mean()).mean(), "distances from the mean average to 0"),
    "range": (np.ptp, "that is the range"),
    "mean": (np.mean, "that is the mean, not the spread"),
    "another mean": (lambda x: np.sqrt(((x - 6) ** 2).mean()), "subtract x's own mean"),
    "a constant": (lambda x: 3, "twice the numbers have twice the spread"),
    "median": (lambda x: np.median(x) * 10, "the spread is 3; yours returns 50"),
    "brackets": (lambda x: np.sqrt(np.mean(x - x.mean() ** 2)), "the root of a negative number"),
    "root inside": (
        lambda x: np.sqrt(((x - x.mean()) ** 2).sum()) / len(x),
        "divide inside it, √(sum / n)",
    ),
    "a caret": (lambda x: np.sqrt(np.mean((x - x.mean()) ^ 2)), "a power is written **"),
    "one a number": (lambda x: np.sqrt((x - x.mean()) ** 2), "8 numbers came, one for each of x"),
    "two numbers": (lambda x: (x.mean(), x.std()), "return one number"),
    "printed": (lambda x: print(x.std()), "write return, not print"),
    "text later": (
        lambda x: 3.0 if x.mean() < 7 else "much",
        "return one number; yours returns 'much'",
    ),
    "half": (lambda x: ((x - x.mean()) ** 2).mean() ** 1 / 2, "x**1/2 is half of x"),
    "largest distance": (lambda x: np.abs(x - x.mean()).max(), "the largest distance from the mean"),
    "rounded": (lambda x: round(np.std(x)), "it is rounded"),
    "n fixed": (
        lambda x: np.sqrt(((x - x.mean()) ** 2).sum() / 8),
        "you divide by 8 whatever the numbers are",
    ),
    "nearly": (lambda x: np.sqrt(np.var(x) + 1e-3), "the spread is 3; yours returns 3.000167"),
    "complex": (lambda x: np.std(x) + 0j, "return one number; yours returns np.complex"),
    "nothing later": (lambda x: 3.0 if x.mean() < 7 else None, "a return is missing"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass(name):
    feedback = check_spread(RIGHT[name])
    assert feedback.passed, feedback
    assert "root of the mean squared distance" in feedback.message


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_named(name):
    function, fragment = WRONG[name]
    feedback = check_spread(function)
    assert not feedback.passed
    assert fragment in feedback.message


def test_the_messages_are_all_different():
    messages = [check_spread(function).message for function, _ in WRONG.values()]
    assert len(set(messages)) == len(messages)


def test_the_root_of_a_negative_number_and_the_caret_in_other_clothes():
    for function in (lambda x: math.sqrt(np.mean(x - x.mean() ** 2)), lambda x: np.nan):
        assert "root of a negative number" in check_spread(function).message
    assert "a power is written **" in check_spread(lambda x: sum((v - 6.0) ^ 2 for v in x.tolist())).message
    # Deviations without a square are numbers one by one too.
    assert "8 numbers came" in check_spread(lambda x: x - x.mean()).message


def test_what_is_printed_is_still_shown(capsys):
    def spread(x):
        print("mean", x.mean())
        return x.std()

    assert check_spread(spread).passed
    assert "mean 6.0" in capsys.readouterr().out


def test_nothing_makes_it_raise(no_answer):
    feedback = check_spread(no_answer)
    assert not feedback.passed
    assert feedback.message.endswith(".")
