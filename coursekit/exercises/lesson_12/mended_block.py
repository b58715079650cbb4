"""Mend it: a block with the slips of real listings; the checker names one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.exercises.arrays import as_array, call_on_copies, equal, name_the_bug
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked

UNITS, CLASSES = 6, 3
PROBLEMS = ((8, 5), (7, 10))  # samples and inputs
PARTS = ("hidden", "norm", "relu", "out")
NAMES = ("hidden.W", "hidden.b", "norm.gamma", "norm.beta", "out.W", "out.b")

CENTRES: dict[str, Callable[[np.ndarray], Any]] = {
    "": lambda x: x.mean(axis=1, keepdims=True),
    "x.mean() is the mean of the whole batch, so a sample's answer depends on its batch-mates: take each "
    "row's own, axis=1, keepdims=True.": lambda x: x.mean(),
    "the mean over axis 0 is that of the batch: a sample's answer depends on its batch-mates. Take each "
    "row's own, axis=1.": lambda x: x.mean(axis=0),
    "nothing is subtracted: each row less its own mean.": lambda x: 0.0,
    "the mean is added: each row less its own mean.": lambda x: -x.mean(axis=1, keepdims=True),
}
LASTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "": lambda z: z,
    "ReLU stands behind the last layer too, and no score can be below 0: return what self.out puts out.": (
        lambda z: np.maximum(z, 0)
    ),
    "softmax stands behind the last layer: the loss wants the scores themselves.": nn.softmax,
}
MODES = {
    "": (True, False),
    "the mode is not handed on: in training batch norm still predicts, and its running statistics never "
    "move. self.norm.forward(…, training=training).": (False, False),
    "batch norm trains in prediction too: hand on training=training.": (True, True),
    "training is handed on the wrong way round.": (False, True),
}
HIDDEN: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "": lambda s: np.maximum(s, 0),
    "ReLU is missing between the two layers, so they are one.": lambda s: s,
}
ORDERS = {"": False, "ReLU comes before batch norm: hidden, norm, relu, out.": True}
FIXED = "the number of inputs is fixed"


@dataclass
class _Net:
    """The block, put together by hand from a choice for each part."""

    params: dict[str, np.ndarray]
    centre: Callable
    hidden: Callable
    last: Callable
    modes: tuple[bool, bool]
    relu_first: bool

    def forward(self, x: np.ndarray, training: bool) -> np.ndarray:
        p = self.params
        s = (x - self.centre(x)) @ p["hidden.W"] + p["hidden.b"]
        s = self.hidden(s) if self.relu_first else s
        if self.modes[0] if training else self.modes[1]:
            s = (s - s.mean(axis=0)) / np.sqrt(s.var(axis=0) + 1e-5)
        else:
            s = s / np.sqrt(1 + 1e-5)  # the running statistics are still 0 and 1
        h = s * p["norm.gamma"] + p["norm.beta"]
        h = h if self.relu_first else self.hidden(h)
        return self.last(h @ p["out.W"] + p["out.b"])


@checked
def check_mended_block(block: type) -> str:
    """Check ``Net(units, classes)``: rows less their mean, Dense, batch norm, ReLU, Dense.

    Returns
    -------
    Feedback
        Names what is left, one slip at a time: first what forward does, then what backward does.
    """
    if not isinstance(block, type) or not issubclass(block, nn.Block):
        raise AnswerError("hand in the class itself, Net without brackets; it has to be a nn.Composite.")
    nets = [_start(block, n, k) for n, k in PROBLEMS]
    _refuse_forward(block, nets)
    for net, (n, k) in zip(nets, PROBLEMS, strict=True):
        _refuse_statistics(block, n, k)
        _refuse_backward(net, n, k)
    return "no slip is left: the block trains, predicts each sample by itself, and its gradients are right."


def _x(n, k, seed=0):
    return np.random.default_rng(seed + k).normal(1.0, 1.0, (n, k)) + np.arange(n)[:, None] / 3


def _start(block, n, k):
    """Make a net, let it find its sizes, and give it parameters that are no two alike."""
    net = _initialized(block)
    _forward(net, _x(n, k), False)
    found, own = sorted(net.params), _own_names(net, k)
    missing = [name for name in NAMES if name not in own]
    if missing:
        part = missing[0].partition(".")[0]
        raise AnswerError(
            f"an optimizer would not see {missing[0]}: keep the layer as an attribute, self.{part} = …. "
            f"It sees {', '.join(found) or 'nothing'}."
        )
    if len(found) > len(NAMES):
        extra = next(name for name in found if name not in own.values())
        raise AnswerError(f"there is a parameter more than the block needs: {extra}.")
    rng = np.random.default_rng(k)
    for name in NAMES:
        low = 0.5 if name == "norm.gamma" else -1.0
        net.params[own[name]][...] = rng.uniform(low, 1.5, net.params[own[name]].shape)
    _refuse_made_anew(net, k)
    return net


def _own_names(net, k):
    """Return the learner's name of each parameter: sizes tell them apart, whatever they are kept in."""
    shapes = (k, UNITS), (UNITS,), (UNITS,), (UNITS,), (UNITS, CLASSES), (CLASSES,)
    found = {}
    for name, shape in zip(NAMES, shapes, strict=True):
        kind = name.partition(".")[2]
        for own, array in net.params.items():
            if array.shape == shape and own.rpartition(".")[2] == kind:
                found[name] = own
    return found


def _refuse_made_anew(net, k):
    """Refuse layers that lose at each forward what was learned."""
    before = {name: array.copy() for name, array in net.params.items()}
    _forward(net, _x(7, k), False)
    for name, array in before.items():
        if not equal(net.params[name], array):
            raise AnswerError(
                f"{name} was written into params, and after a forward it is another: a layer is made anew "
                f"in each forward, and what it learned is lost. Make it once, in __init__."
            )


def _initialized(block):
    try:
        net = block(UNITS, CLASSES)
    except Exception as error:
        raise AnswerError(f"making Net({UNITS}, {CLASSES}) raised {_words(error)}") from None
    try:
        net.initialize("he_normal", np.random.default_rng(0))
    except Exception as error:
        raise AnswerError(f"initialize raised {_words(error)}") from None
    return net.astype(np.float64)


def _words(error):
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, NameError) and "slef" in said:
        return f"{said}. It is written self."
    if "object is not callable" in said and "Dense" not in said:
        return f"{said}. An array is no function: no brackets behind it."
    if isinstance(error, ValueError) and "two places" in said:
        return f"{said}"
    return said.rstrip(".") + "."


def _forward(net, x, training):
    try:
        value = call_on_copies(lambda rows: net.forward(rows, training=training), x)
    except AnswerError as error:
        said = str(error)
        if "this Dense layer takes" in said:
            raise AnswerError(
                f"{FIXED}: {said.partition(': ')[2]} Leave in_units out, and the first batch tells it."
            ) from None
        if "broadcast" in said:
            said += (
                " A mean over axis 1 has the shape (N,), which lines up with the inputs: with "
                "keepdims=True it is (N, 1), one number for each row."
            )
        if "unexpected keyword argument 'training'" in said:
            said = "forward has to take the mode: forward(self, x, *, training=False)."
        if "has no weights" in said:
            said = (
                "a layer was not initialized: initialize, and an optimizer, reach only layers that are "
                "kept as attributes, such as self.out = nn.Dense(…)."
            )
        if "slef" in said:
            said = "your function raised NameError: name 'slef' is not defined. It is written self."
        raise AnswerError(said.replace("your function", "forward")) from None
    turned = "units and classes are exchanged: Net(units, classes) has `units` units and `classes` scores."
    return as_array("what comes out", value, (len(x), CLASSES), {(len(x), UNITS): turned})


def _refuse_forward(block, nets):
    """Name the slip that explains what both nets put out, in both modes."""
    came = []
    for net, (n, k) in zip(nets, PROBLEMS, strict=True):
        for mode in (False, True):
            for name, array in net.buffers.items():  # a forward in training has moved them
                array[...] = name.endswith("var")
            came.append(_forward(net, _x(n, k), mode))
    choices = sorted(
        product(CENTRES, HIDDEN, LASTS, MODES, ORDERS), key=lambda chosen: sum(map(bool, chosen))
    )
    for chosen in choices:
        says_centre, says_hidden, says_last, says_mode, says_order = chosen
        made = []
        for net, (n, k) in zip(nets, PROBLEMS, strict=True):
            hand = _Net(
                {name: net.params[mine] for name, mine in _own_names(net, k).items()},
                CENTRES[says_centre], HIDDEN[says_hidden], LASTS[says_last], MODES[says_mode],
                ORDERS[says_order],
            )  # fmt: skip
            made += [hand.forward(_x(n, k), mode) for mode in (False, True)]
        if all(map(equal, came, made)):
            left = [said for said in chosen if said]
            if left:
                count = "1 slip is" if len(left) == 1 else f"{len(left)} slips are"
                raise AnswerError(f"{count} left in forward. First: {left[0]}")
            return
    raise UnnamedError(
        "something is left, or has changed, in forward: each row less its own mean, then hidden, norm, "
        "relu, out, in that order."
    )


def _refuse_statistics(block, n, k):
    net = _initialized(block)
    x = _x(n, k)
    _forward(net, x, True)
    name = next(name for name in net.buffers if name.endswith("mean"))
    if not net.buffers[name].any():
        raise AnswerError("the running mean has not moved in training: hand the mode on to self.norm.")


def _beside(net, x, dy):
    """Return the course's own net with these parameters after a pass, and its dC/d(x − mean)."""
    own = nn.Sequential(nn.Dense(UNITS), nn.BatchNorm(), nn.ReLU(), nn.Dense(CLASSES))
    own.initialize("he_normal", np.random.default_rng(0)).forward(x[:2])
    own = own.astype(np.float64)
    theirs = _own_names(net, x.shape[1])
    for mine, name in zip(own.params.values(), NAMES, strict=True):
        mine[...] = net.params[theirs[name]]
    own.forward(x - x.mean(axis=1, keepdims=True), training=True)
    return own, own.backward(dy)


def _refuse_backward(net, n, k):
    """Compare the gradients of the layers, and then what is handed back."""
    x, dy = _x(n, k, 50), np.random.default_rng(k).normal(size=(n, CLASSES))
    _forward(net, x, True)
    try:
        value = call_on_copies(net.backward, dy)
    except AnswerError as error:
        said = str(error).replace("your function", "backward")
        if "must have the shape" in said:
            said += " Go back through the layers in the opposite order: out, relu, norm, hidden."
        raise AnswerError(said) from None
    dx = as_array("what backward returns", value, (n, k))
    if not net.grads:
        raise AnswerError("backward fills no gradients: go back through every layer's own backward.")
    own, dc = _beside(net, x, dy)
    names = {mine: name for name, mine in _own_names(net, k).items()}
    _refuse_grads({names[mine]: grad for mine, grad in net.grads.items() if mine in names}, own, dy)
    _refuse_dx(dx, dc)


def _refuse_grads(came, own, dy):
    """Name the layer that was left out on the way back, or the gradient that is off."""
    right = {name: g.copy() for name, g in zip(NAMES, own.grads.values(), strict=True)}
    hidden, norm, relu, out = own.layers
    d = out.backward(dy)
    hidden.backward(norm.backward(d))
    no_relu = hidden.grads["W"].copy()
    hidden.backward(relu.backward(d))
    no_norm = hidden.grads["W"].copy()
    if "hidden.W" in came:
        name_the_bug(
            came["hidden.W"],
            (
                (no_relu, "backward leaves ReLU out: what it stopped on the way has to stop coming back."),
                (no_norm, "backward leaves batch norm out: go through self.norm.backward as well."),
            ),
        )
    for name in NAMES:
        if name not in came:
            raise AnswerError(f"the gradient of {name} is missing: go back through every layer's backward.")
        if not equal(came[name], right[name]):
            raise UnnamedError(
                f"the gradient of {name} is off: go back through out, relu, norm, hidden, in this order."
            )


def _refuse_dx(dx, dc):
    """Name what was done in the place of taking each row's mean off the gradient."""
    right = dc - dc.mean(axis=1, keepdims=True)
    if equal(dx, right):
        return
    slips = (
        (dc, "each row's mean was taken off x, so each row's mean comes off the gradient too, dx − "
         "dx.mean(axis=1, keepdims=True): it is forgotten, or taken over the whole batch, where it is 0 "
         "already, behind batch norm."),
        (2 * dc - right, "backward adds the row's mean: it is subtracted."),
    )  # fmt: skip
    name_the_bug(dx, slips)
    raise UnnamedError("the layers' gradients are right, and dC/dx is not: look at what follows hidden.")
