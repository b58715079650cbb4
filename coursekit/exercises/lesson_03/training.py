"""Checkers of lesson 03: accuracy, a step of softmax regression, and a training loop to be mended."""

import functools
from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, say_where
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.judging import share_right
from coursekit.exercises.slips import classifier
from coursekit.exercises.slips.search import also, explain, near, recipes

STEP_SHAPES = "x is (B, K), W (K, classes), b (classes,), labels (B,). y is (B, classes), 1 at the label."
SHAPES = "x is (B, K), w (K, classes), b (classes,): x @ w + b is (B, classes), and x.T @ (p − y) like w."


def _scored(n, classes, seed, first):
    """Return scores and labels at which every known slip comes out as a number of its own.

    About half of the answers are right; the first one if `first`, the last one if not.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % classes)
    scores = rng.normal(0, 1, (n, classes))
    at = np.arange(n)
    scores[at, labels] += 1.5
    some = at[1 : n // 4]
    scores[some, labels[some]] = -4  # the smallest
    some = at[n // 4 : n // 4 + 3]
    scores[some, (labels[some] - 1) % classes] = 5  # a class too low
    scores[0] = np.where(at[:classes] == (labels[0] if first else (labels[0] + 1) % classes), 9, -1)
    scores[-1] = np.where(at[:classes] == (labels[-1] if not first else (labels[-1] + 1) % classes), 7, -1)
    high = np.flatnonzero(labels[1:-1] == classes - 1)[-1 if first else -2 :] + 1
    scores[high] = np.where(at[:classes] == classes - 1, classes - 1, -1)  # as large as its label
    return scores, labels


def _step_problem(n, features, classes, rate):
    rng = np.random.default_rng(n)
    labels = rng.permutation(np.arange(n) % (classes - 1))  # one class does not occur in the batch
    w, b = rng.normal(0, 0.7, (features, classes)), rng.normal(0, 1, classes)
    return classifier.StepProblem(w, b, rng.normal(0.4, 1, (n, features)), labels, rate)


def _loop_problem(n, batch_size, seed):
    rng = np.random.default_rng(n)
    labels = rng.permutation(np.arange(n) % classifier.CLASSES)
    x = rng.normal(0, 1, (n, 6)) + labels[:, None] / 5
    return classifier.LoopProblem(x, labels, 0.05, batch_size, 3, seed)


SCORED = (
    _scored(23, 5, 1, True),
    _scored(31, 7, 0, False),
    _scored(37, 6, 3, True),
    _scored(29, 5, 4, False),
    _scored(41, 7, 5, True),
)
STEPS = (_step_problem(13, 3, 10, 0.3), _step_problem(17, 4, 10, 0.07))
LOOPS = (_loop_problem(33, 8, 1), _loop_problem(42, 10, 2))


@checked
def check_accuracy(function: Callable) -> str:
    """Check ``accuracy(scores, labels)``, the share of samples whose largest score is the label's.

    Returns
    -------
    Feedback
        Names counts, percent, errors, a wrong axis, shapes that spread, = in the place of ==.
    """
    answers = []
    for scores, labels in SCORED:
        value = call_on_copies(
            function,
            scores,
            labels,
            if_shapes_clash="scores.argmax(axis=1) has the shape (N,), as the labels have. Along axis 0 it "
            "has one entry for each class.",
        )
        if isinstance(value, np.ndarray) and value.dtype.kind == "b" and value.ndim:
            raise AnswerError("you return True or False for each sample: take the mean.")
        hints = {(): "", (len(labels),): "It is one entry for each sample: take the mean."}
        answers.append(as_array("the accuracy", value, (), hints))
    right = [(scores.argmax(axis=1) == labels).mean() for scores, labels in SCORED]
    if all(near(a, np.asarray(r)) for a, r in zip(answers, right, strict=True)):
        return "the share of samples whose largest score is the label's."
    for wrong, says in classifier.WRONG_ACCURACIES:
        made = (np.asarray(wrong(*problem), float) for problem in SCORED)
        if all(near(a, m) for a, m in zip(answers, made, strict=True)):
            raise UnnamedError(says) if says == classifier.ZERO else AnswerError(says)
    scores, labels = SCORED[0]
    raise UnnamedError(
        f"of {len(labels)} samples {(scores.argmax(axis=1) == labels).sum()} are right, which is "
        f"{right[0]:.4g}; yours is {float(answers[0]):.4g}. Compare scores.argmax(axis=1) with labels."
    )


@checked
def check_training_step(function: Callable) -> str:
    """Check ``training_step(w, b, x, labels, rate)``, which returns the new w, (K, classes), and b.

    Returns
    -------
    Feedback
        Names a slip in scores, softmax, one-hot labels, mean, rate, sign or b, alone or two together.
    """
    answers = []
    for p in STEPS:
        value = call_on_copies(function, p.w, p.b, p.x, p.labels, p.rate, if_shapes_clash=STEP_SHAPES)
        answers.append(_pair(value, (p.w.shape, p.b.shape)))

    right = [classifier.step_answer(p, **_right(classifier.STEP)) for p in STEPS]
    if all(near(a, r) for a, r in zip(answers, right, strict=True)):
        return "one step against the mean of p − y, for two batches."
    if only_asked():
        raise UnnamedError(share_right(answers, right))
    said = explain(classifier.STEP, classifier.step_answer, STEPS, answers)
    if said:
        raise AnswerError(said)
    raise UnnamedError(
        "not by a slip that is known here: "
        + say_where("the new w and b in one row, entry ", answers[0], right[0])
        + " "
        + _by_how_much(STEPS[0], answers[0], right[0])
    )


def _by_how_much(p, answer, right):
    """Say by what factor w and b move too far, if they move in the right direction; else where to look."""
    cut = p.w.size
    old = np.append(p.w, p.b)
    said = []
    for name, part in (("w", slice(0, cut)), ("b", slice(cut, None))):
        mine, wanted = (answer - old)[part], (right - old)[part]
        factor = (mine @ wanted) / (wanted @ wanted)
        if factor and near(mine, factor * wanted):
            said.append(f"{name} moves in the right direction, {factor:.3g} times as far as it should")
    if not said:
        return "Print p and p − y: each row of p has the sum 1, each row of p − y the sum 0."
    n, features, classes = len(p.x), p.x.shape[1], p.w.shape[1]
    sizes = f"{n} samples, {features} features, {classes} classes"
    return f"{' and '.join(said)} (there are {sizes}): look at what divides."


def _right(parts):
    return {name: options[0].how for name, options in parts.items()}


def _pair(value, shapes):
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError("return two things, the new w and the new b: return w, b.")
    turned = [np.shape(part) for part in value] == list(shapes[::-1])
    hints = {shape: "Look at the order of the two." for shape in shapes if turned}
    parts = [
        as_array(f"the new {name}", part, shape, hints)
        for name, part, shape in zip("wb", value, shapes, strict=True)
    ]
    return np.concatenate([part.ravel() for part in parts])


@checked
def check_mended_training(function: Callable) -> str:
    """Check ``train(x, labels, rate, batch_size, epochs, rng)``, a loop that came with five errors.

    It returns w, b, and for each epoch (loss, accuracy), both while training.

    Returns
    -------
    Feedback
        Says which errors are left: first what stops the program, then those in the numbers.
    """
    weights, histories = zip(*(_trained(function, p) for p in LOOPS), strict=True)
    if only_asked():
        _refuse_at_once(weights, histories)
    found = _first_that_fits(classifier.WEIGHTS, {}, weights, 0)
    if found is None:
        right = classifier.loop_answer(LOOPS[0], **_right(classifier.WEIGHTS))[0]
        raise UnnamedError(
            "something is left, or has changed: " + say_where("w and b in a row, entry ", weights[0], right)
            + " Look at what rows, y and delta hold, and at the lines that change w and b."
        )  # fmt: skip
    fixed = {name: option.how for name, option in found.items()}
    counted = _first_that_fits(classifier.HISTORY, fixed, histories, 1)
    said = [option.says for option in found.values()]
    if counted is None:
        said.append("w and b are right, the history is not: print loss and right after each batch")
    else:
        said += [option.says for option in counted.values()]
    if counted is None:
        raise UnnamedError(also(f"{one}." for one in said if one))
    if any(said):
        raise AnswerError(also(f"{one}." for one in said if one))
    return "mended: each gradient is a mean, and loss and accuracy are those of each epoch."


@functools.cache
def _right_loops():
    """Return weights and histories of the mended program."""
    hows = {**_right(classifier.WEIGHTS), **_right(classifier.HISTORY)}
    return tuple(zip(*(classifier.loop_answer(p, **hows) for p in LOOPS), strict=True))


def _refuse_at_once(weights, histories):
    """Say how much is right, and do not search what is wrong."""
    for came, right in zip((weights, histories), _right_loops(), strict=True):
        if not all(map(near, came, right)):
            raise UnnamedError(share_right(came, right))


def _first_that_fits(parts, fixed, answers, which):
    """Return the recipe with the fewest slips that gives the answers, or None."""
    with np.errstate(all="ignore"):
        for slips in range(len(parts) + 1):
            for recipe in recipes(parts, slips):
                hows = {**fixed, **{name: option.how for name, option in recipe.items()}}
                made = (classifier.loop_answer(p, **hows)[which] for p in LOOPS)
                if all(near(a, m) for a, m in zip(answers, made, strict=True)):
                    return recipe
    return None


STOPS = (
    (
        "builtin_function_or_method",
        "sum is not called: without brackets it is the method itself, and no number. Write .sum().",
    ),
    ("of type 'method'", "a method is not called: without brackets it is no number. Write .sum()."),
    (
        "must be of integer",
        "the labels are made floats, and only whole numbers can be used as "
        "places: leave their type as it is.",
    ),
    ("only integers, slices", "the labels are no whole numbers, and cannot be used as places."),
)


def _trained(function, p):
    rng = np.random.default_rng(p.seed)
    try:
        with np.errstate(all="ignore"):
            value = call_on_copies(
                function, p.x, p.labels, p.rate, p.batch_size, p.epochs, rng, if_shapes_clash=SHAPES
            )
    except AnswerError as error:
        for part, says in STOPS:
            if part in str(error):
                raise AnswerError(f"the program stops: {says}") from None
        raise
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise AnswerError("return three things, as the program did: w, b and the history.")
    shapes = (p.x.shape[1], classifier.CLASSES), (classifier.CLASSES,)
    weights = _pair(value[:2], shapes)
    return weights, as_array("the history", value[2], (p.epochs, 2))
