"""The catalogue of slips: none comes out right, and a name that is found is confirmed."""

import numpy as np
import pytest

from coursekit.exercises.lesson_00 import spread as lesson_00
from coursekit.exercises.lesson_04 import preparing as lesson_04
from coursekit.exercises.lesson_06 import batch_norm as lesson_06
from coursekit.exercises.lesson_09 import norm_choice as lesson_09
from coursekit.exercises.slips import groups, images, preprocessing, running, spread, weights
from coursekit.exercises.slips.normalization import normalized, parts
from coursekit.exercises.slips.search import Option, explain, near, recipes
from coursekit.exercises.slips.statistics import over


def image_problems():
    return [images.problem(s, e, (0, 2, 3)) for s, e in (((4, 3, 2, 5), 0.5), ((2, 3, 4, 3), 0.02))]


def catalogues():
    """Yield (name, parts, compute, problems) of every checker that searches."""
    used = running.using(*running.SOURCES["batch"])
    yield "training", parts(used, lesson_06.TRAINING), normalized, lesson_06.PROBLEMS
    used = running.using(*running.SOURCES["running"])
    yield "prediction", parts(used, lesson_06.PREDICTION), normalized, lesson_06.PROBLEMS
    for name in ("mean", "var"):
        yield f"running {name}", running.parts(name), running.updated, lesson_06.PROBLEMS
    statistics = (*images.CHANNEL_STATISTICS, *images.GATHERED)
    yield "channels", parts(over((0, 2, 3)), statistics, images.AFFINES), normalized, image_problems()
    layers = [lesson_09.layer_problem(5, 12, 0.1), lesson_09.layer_problem(7, 4, 0.02)]
    yield "layer", parts(over((1,)), lesson_09.LAYER_STATISTICS), normalized, layers
    right, slips = groups.statistics()
    grouped = [
        lesson_09.group_problem((3, 8, 4, 5), 4, 0.1),
        lesson_09.group_problem((2, 12, 5, 3), 3, 0.02),
    ]
    yield "groups", parts(right, slips, groups.AFFINES, ()), normalized, grouped
    yield "standardize", preprocessing.STANDARDIZE, preprocessing.standardized, lesson_04.STANDARDIZE
    yield "whiten", preprocessing.WHITEN, preprocessing.products, lesson_04.WHITEN
    yield "mended", preprocessing.MENDED, preprocessing.standardized, lesson_04.STANDARDIZE
    yield "spread", spread.PARTS, spread.spread_of, (lesson_00.FIRST, *lesson_00.OTHERS)  # to six digits


@pytest.mark.parametrize(
    ("name", "given", "compute", "problems"),
    list(catalogues()),
    ids=lambda v: v if isinstance(v, str) else "",
)
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")  # roots of negative numbers are among the slips
def test_no_single_slip_comes_out_right(name, given, compute, problems):
    def outcome(recipe):
        hows = {part: option.how for part, option in recipe.items()}
        with np.errstate(all="ignore"):
            return [compute(p, **hows) for p in problems]

    (right,) = (outcome(recipe) for recipe in recipes(given, 0))
    for recipe in recipes(given, 1):
        said = "".join(option.says for option in recipe.values())
        assert said
        same = lesson_00._same if name == "spread" else near
        assert not all(map(same, outcome(recipe), right)), said


def test_a_name_has_to_fit_every_problem():
    given = {
        "part": (
            Option(lambda p: p),
            Option(lambda p: p * p, "squared"),
            Option(lambda p: p + 2, "two more"),
        )
    }

    def compute(p, part):
        return np.asarray(part(p))

    assert explain(given, compute, (2.0, 3.0), (np.array(4.0), np.array(9.0))) == "squared"
    assert explain(given, compute, (2.0, 3.0), (np.array(4.0), np.array(5.0))) == "two more"
    assert explain(given, compute, (2.0, 3.0), (np.array(4.0), np.array(6.0))) is None


def test_two_slips_are_named_together_and_one_is_preferred():
    given = {
        "first": (Option(1), Option(2, "first.")),
        "second": (Option(1), Option(3, "second."), Option(6, "six.")),
    }

    def compute(p, first, second):
        return np.asarray(p * first * second)

    assert explain(given, compute, (1.0,), (np.array(2.0 * 3),)) == "six."
    assert explain(given, compute, (1.0,), (np.array(12.0),)) == "first. Also, six."


def test_no_two_rules_for_weights_are_taken_for_each_other():
    """Rules that differ by less than what is measured would be named by chance."""
    logs = np.log([[rule.width(*sizes) for sizes in weights.SIZES] for rule in weights.ALL_RULES])
    words = [rule.words for rule in weights.ALL_RULES]
    # Beside a fan that is added for want of brackets, or 1 that is added to one, nothing else counts.
    alike = ("/ fan_in + fan_out", "/ fan_out + fan_in", "√fan_in + fan_out", "+ 1)")
    for i in (i for i, said in enumerate(words) if said.startswith(("√(6 /", "√(2 /", "6 /", "2 /"))):
        off = np.abs(logs - logs[i]).max(axis=1)
        close = [words[i], *(words[j] for j in np.flatnonzero((off > 1e-9) & (off < 0.01)))]
        assert len(close) == 1 or any(one in said for said in close for one in alike), close
