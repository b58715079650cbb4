"""Checkers of lesson 11: convolution, max-pooling, sizes, and a stage of a CNN to be mended."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np

from coursekit.exercises.arrays import call_on_copies
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, UnnamedError, call, checked
from coursekit.exercises.judging import judge, refuse_early, unknown
from coursekit.exercises.slips import convolution, pooling, sizes
from coursekit.exercises.slips.search import ROUNDS, explain, near

SHAPES = (
    "x has the shape (N, C, H, W), w (O, C, KH, KW), where KH and KW may differ, and b (O,), which "
    "b[:, None, None] fits to (O, OH, OW)."
)
PLACES = {
    "conv": "Count the places of the window along each axis: (n + 2p − k) // stride + 1.",
    "pool": "Count the places of the window along each axis: (n − size) // stride + 1.",
    "stage": "The convolution has n + 2p − k + 1 places along each axis, the pooling half of them.",
}


def _conv_problem(images, x_shape, w_shape, stride, padding, bias=None, mean=0.2):
    rng = np.random.default_rng(images)
    c = w_shape[1]
    return convolution.ConvProblem(
        rng.normal(0.3, 1, (images, c, *x_shape)),
        rng.normal(mean, 1, w_shape),
        rng.normal(0.5, 1, w_shape[0]) if bias is None else np.resize(bias, w_shape[0]),
        stride,
        padding,
    )


CONVOLUTIONS = (
    _conv_problem(2, (8, 10), (4, 3, 3, 2), 2, 1),
    _conv_problem(2, (3, 6), (3, 4, 2, 3), 1, 2),
    # Here the stride leaves nothing over along the height, above along the width.
    _conv_problem(2, (5, 6), (2, 2, 3, 3), 2, 0),
)
# Sizes at which a row lost by the padding and one lost by the loop differ, even after pooling; one
# bias so low that its filter ends below 0 at many places; in the second the sums without it do so too.
STAGES = (
    _conv_problem(2, (6, 8), (3, 2, 3, 3), 1, 1, bias=(-9, -7)),
    _conv_problem(3, (7, 5), (2, 3, 5, 3), 1, 3, bias=(-2.5, 3), mean=-0.3),
)
POOLS = tuple(
    pooling.PoolProblem(np.random.default_rng(size).normal(-0.5, 1, shape), size, stride)
    for shape, size, stride in (((2, 3, 8, 9), 3, 2), ((3, 2, 8, 13), 2, 3), ((5, 6, 10, 7), 4, 1))
)
SIZES = tuple(
    sizes.SizeProblem(*numbers)
    for numbers in (
        (28, 3, 1, 0, 1),
        (28, 5, 2, 2, 1),
        (11, 3, 3, 1, 2),
        (32, 2, 2, 0, 3),
        (17, 4, 4, 3, 2),
        (40, 5, 3, 2, 4),
        (19, 3, 1, 5, 6),
        (53, 7, 5, 1, 3),
        (30, 1, 2, 4, 5),
        (26, 4, 2, 1, 1),
        (64, 2, 7, 6, 9),
        (15, 6, 4, 2, 2),
        (33, 5, 8, 3, 1),
    )
)
FIELDS: tuple[list[tuple[int, int]], ...] = (
    [(3, 1), (3, 1)],
    [(5, 2), (2, 3), (3, 2)],
    [(4, 3), (2, 1), (3, 2), (2, 1)],
    [(3, 2)],
    [(7, 3), (1, 2), (5, 1), (2, 4), (3, 1)],
    [(2, 2), (2, 2), (2, 2)],
    [(1, 5), (6, 1)],
    [],
)


def _images(value, names):
    """Return an answer as an array (N, O, OH, OW); its sizes are looked at later."""
    if value is Ellipsis or value is None:
        raise AnswerError("the output is not there yet: replace the ... and return it.")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            raise TypeError("no real numbers")
        array = array.astype(float)
    except Exception:
        raise AnswerError(
            f"the output should be an array of numbers; yours is a {type(value).__name__}."
        ) from None
    if array.ndim == 4 and not np.isfinite(array).all():
        raise AnswerError("the output holds nan or infinite numbers.")
    if array.ndim not in (3, 4):
        raise AnswerError(f"the output should have four axes, {names}; yours has the shape {array.shape}.")
    if array.dtype.kind == "f" and np.asarray(value).dtype.kind in "iu" and array.size:
        raise AnswerError("the output is rounded to whole numbers: make it of floats, as np.zeros does.")
    return array


def _judge(parts, compute, problems, answers, kind, rounds=ROUNDS):
    def otherwise(i, right):
        _refuse_order(answers, right)
        if answers[i].shape == right[i].shape:
            return unknown("y", answers)(i, right)
        likely = explain(parts, compute, problems, answers, lambda a, b: a.shape == b.shape, [(1, False)])
        return f"y should have the shape {right[i].shape} here; yours has {answers[i].shape}. " + (
            f"Such a size comes, for instance, if {likely}" if likely else PLACES[kind]
        )

    judge(parts, compute, problems, answers, otherwise, rounds=rounds)


def _refuse_order(answers, right):
    """Refuse the right numbers with their axes in another order, or cut up as if they were in order."""
    for order in list(permutations(range(4)))[1:]:
        names = ", ".join(np.array(["N", "O", "OH", "OW"])[list(order)])
        turned = [r.transpose(order) for r in right]
        if all(near(a, t.reshape(r.shape)) for a, t, r in zip(answers, turned, right, strict=True)):
            back = tuple(map(int, np.argsort(order)))
            raise AnswerError(
                "the numbers are right, and a reshape puts them in the wrong places: your product has the "
                f"order ({names}). Reshape it to that, and then transpose{back}."
            )
        if all(map(near, answers, turned)):
            raise AnswerError(
                f"the numbers are right, the axes stand in another order, ({names}): bring them to "
                "(N, O, OH, OW)."
            )


SIMPLER = (
    (
        {"padding": 0},
        "without padding it is right: np.pad takes a pair for each of the four axes, and a bare number "
        "pads images and channels too.",
    ),
    ({"w": 2}, "with a square kernel it is right: it has KH rows and KW columns."),
    (
        {"stride": 1},
        "with stride 1 it is right: look at where a window begins, stride · i, and ends, + KH.",
    ),
)


def _right_if(function):
    """Return what is said of a simpler problem on which the function is right; nothing without one."""
    if only_asked():
        return ""
    first = CONVOLUTIONS[0]
    right = {name: options[0].how for name, options in convolution.CONV.items()}
    for change, says in SIMPLER:
        p = replace(first, w=first.w[:, :, :2, :2]) if "w" in change else replace(first, **change)
        try:
            value = np.asarray(
                call(function, p.x.copy(), p.w.copy(), p.b.copy(), p.stride, p.padding), float
            )
        except Exception:
            continue
        if near(value, convolution.conv_answer(p, **right)):
            return f" But {says}"
    return ""


@checked
def check_conv2d(function: Callable) -> str:
    """Check ``conv2d(x, w, b, stride, padding)`` on x (N, C, H, W), w (O, C, KH, KW), b (O,).

    Returns
    -------
    Feedback
        Names a flipped kernel, a stride or padding on one side, a size off by one, mixed-up channels.
    """
    answers = []
    for p in CONVOLUTIONS:
        try:
            value = call_on_copies(function, p.x, p.w, p.b, p.stride, p.padding, if_shapes_clash=SHAPES)
        except UnnamedError as error:
            raise UnnamedError(f"{error}{_right_if(function)}", stays=True) from error
        answers.append(_images(value, "(N, O, OH, OW)"))
        refuse_early(convolution.CONV, convolution.conv_answer, CONVOLUTIONS, answers)
    _judge(convolution.CONV, convolution.conv_answer, CONVOLUTIONS, answers, "conv")
    return "every window times its kernel, over all channels, with zeros round it and one bias a filter."


@checked
def check_max_pool(function: Callable) -> str:
    """Check ``max_pool(x, size, stride)`` on x (N, C, H, W).

    Returns
    -------
    Feedback
        Names a maximum over channels, a search that starts at 0, a stride or size that is not used.
    """
    answers = []
    for p in POOLS:
        value = call_on_copies(function, p.x, p.size, p.stride)
        answers.append(_images(value, "(N, C, OH, OW)"))
    _judge(pooling.POOL, pooling.pool_answer, POOLS, answers, "pool")
    return "the largest of each window, each channel by itself; windows that do not fit are dropped."


def _number(value, name):
    """Return a learner's number as an array without axes."""
    try:
        number = np.asarray(value, dtype=float)
    except Exception:
        raise AnswerError(f"{name} should be a number; yours is a {type(value).__name__}.") from None
    if number.shape != () or isinstance(value, bool | str) or not np.isfinite(number):
        raise AnswerError(f"{name} should be one finite number; {value!r} came.")
    return number


@checked
def check_output_size(function: Callable) -> str:
    """Check ``output_size(n, k, s, p, d)``: image, kernel, stride, padding, dilation, along one axis.

    Returns
    -------
    Feedback
        Names a padding on one side, a missing + 1, a division that rounds up, a wrong span.
    """
    answers = [_number(call(function, q.n, q.k, q.s, q.p, q.d), "the size") for q in SIZES]
    _judge_numbers(sizes.SIZE, sizes.size_answer, SIZES, answers, "n, k, s, p, d = {}")
    return "⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1, for many sets of numbers."


@checked
def check_receptive_field(function: Callable) -> str:
    """Check ``receptive_field(layers)``, layers a list of (k, s): kernel and stride, from the image on.

    Returns
    -------
    Feedback
        Names forgotten strides, a stride taken too early, k for k − 1, the wrong start or order.
    """
    answers = []
    for layers in FIELDS:
        given = list(layers)
        answers.append(
            _number(call(function, given, when=f" for the layers {layers}"), "the receptive field")
        )
        if given != layers:
            raise AnswerError(
                "your function changes the list that it was given: go through it with a loop."
            )
    _judge_numbers(sizes.ADDED, sizes.field_answer, FIELDS, answers, "layers {}")
    return "each layer adds (k − 1) times the product of the strides before it."


def _judge_numbers(parts, compute, problems, answers, where):
    def otherwise(i, right):
        p = problems[i]
        numbers = ", ".join(str(v) for v in vars(p).values()) if hasattr(p, "__dict__") else p
        return (
            f"not by a slip that is known here: for {where.format(numbers)} it should be {right[i]:g}; "
            f"yours is {answers[i]:g}."
        )

    judge(parts, compute, problems, answers, otherwise)


@checked
def check_mended_stage(function: Callable) -> str:
    """Check ``stage(x, w, b, padding)``: convolution, bias, ReLU and max-pooling by 2, with five errors.

    Returns
    -------
    Feedback
        Says in a sentence each which errors are left.
    """
    answers = []
    for p in STAGES:
        value = call_on_copies(function, p.x, p.w, p.b, p.padding, if_shapes_clash=SHAPES)
        answers.append(_images(value, "(N, O, OH, OW)"))
        refuse_early(pooling.STAGE, pooling.stage_answer, STAGES, answers)
    rounds = tuple((count, False) for count in range(1, len(pooling.STAGE) + 1))
    _judge(pooling.STAGE, pooling.stage_answer, STAGES, answers, "stage", rounds)
    return "mended: padded on all sides, every channel, one bias, ReLU, each channel pooled by itself."
