"""An own layer as people write it: right in several styles, and wrong in each way alone."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_own_layer
from tests.exercises.answers import try_right, try_wrong

RIGHT = """
class Scale(nn.Block):
    learns = True

    def __init__(self):
        super().__init__()
        self.x = None

    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
        self.x = x
        return self.params["g"] * x + self.params["b"]

    def backward(self, dy):
        self.grads["g"] = (dy * self.x).sum(axis=0)
        self.grads["b"] = dy.sum(axis=0)
        return dy * self.params["g"]
"""
MADE = """        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
"""
# What is written instead, and what is said of it.
SLIPS = {
    "no super": ("super().__init__()", "pass", "super().__init__()"),
    "size in init": ("self):\n        super", "self, units):\n        super", "made without arguments"),
    "made in init": (
        "self.x = None", "self.x = None; self.params['g'] = np.ones(4); self.params['b'] = np.zeros(4)",
        "before any batch",
    ),
    "no training": (", *, training=False", "", "has to take the mode"),
    "starts at zero": ("np.ones(", "np.zeros(", "g starts at 0"),
    "b starts at one": ('"b"] = np.zeros', '"b"] = np.ones', "b starts at 1"),
    "random": ("np.ones(x.shape[1], x.dtype)", "np.random.default_rng(0).random(x.shape[1])",
               "should be x itself"),
    "attributes": (
        MADE + "        self.x = x\n        return self.params[\"g\"] * x + self.params[\"b\"]",
        "        self.g, self.b = np.ones(x.shape[1], x.dtype), np.zeros(x.shape[1], x.dtype)\n"
        "        self.x = x\n        return self.g * x + self.b",
        "params is empty after a forward",
    ),
    "another name": ('self.params["g"] = np.ones', 'self.params["gain"] = self.params["gg"] = np.ones',
        "KeyError"),
    "keepdims": ("np.ones(x.shape[1], x.dtype)", "np.ones((1, x.shape[1]), x.dtype)",
        "keepdims is not needed"),
    "a row each": ("np.zeros(x.shape[1], x.dtype)", "np.zeros(x.shape, x.dtype)", "a row for each sample"),
    "one number": ("np.zeros(x.shape[1], x.dtype)", "np.zeros((), x.dtype)", "one number for all"),
    "third": ('self.x = x\n', 'self.x = x; self.params["x"] = x\n', "besides g and b"),
    "anew": ("        if not self.params:", "        if True:", "made anew at each forward"),
    "stale copy": (
        "self.x = x\n", "self.x = x\n        self.mine = vars(self).get('mine') or "
        "{n: a.copy() for n, a in self.params.items()}\n"
        "        return self.mine['g'] * x + self.mine['b']\n",
        "forward uses a copy",
    ),
    "no b": (' + self.params["b"]', "", "b is missing"),
    "b first": ('self.params["g"] * x + self.params["b"]', 'self.params["g"] * (x + self.params["b"])',
                "b is added before"),
    "minus": ('x + self.params["b"]', 'x - self.params["b"]', "b is subtracted"),
    "in place": ("self.x = x\n", "self.x = x\n        x *= 1.5; x /= 3\n", "changes an array"),
    "stale": (
        'self.x = x\n', 'self.x = x\n        self.n = getattr(self, "n", 0) + 1\n'
        '        if self.n > 9:\n            return 1 * x\n',
        "it does not learn",
    ),
    "no backward": ("def backward", "def back", "backward is not there yet"),
    "returns nothing": ("return dy * self", "dy * self", "backward returns nothing"),
    "dy on": ('return dy * self.params["g"]', "return dy", "hands dy on as it came"),
    "dx by x": ('return dy * self.params["g"]', "return dy * self.x", "that belongs to g"),
    "dx divides": ('return dy * self.params["g"]', 'return dy / self.params["g"]', "divides by g"),
    "no grads": ('self.grads["g"] = (dy', 'unused = (dy', "'g' is missing"),
    "grads named d": ('self.grads["b"]', 'self.grads["db"]', "'b' is missing"),
    "no sum": ("(dy * self.x).sum(axis=0)", "dy * self.x", "It stands for each sample"),
    "features": ('= dy.sum(axis=0)', '= dy.sum(axis=1)', "summed over the features"),
    "mean": ("(dy * self.x).sum(axis=0)", "(dy * self.x).mean(axis=0)", "dC/dg is a mean"),
    "mean of b": ('= dy.sum(axis=0)', '= dy.mean(axis=0)', "dC/db is a mean"),
    "no x": ("(dy * self.x).sum", "dy.sum", "x is missing in dC/dg"),
    "x for b": ("= dy.sum(axis=0)", "= (dy * self.x).sum(axis=0)", "the sum of dy alone"),
    "ones": ("= dy.sum(axis=0)", "= np.ones(dy.shape[1])", "dC/db is 1"),
    "sign": ("= dy.sum(axis=0)", "= -dy.sum(axis=0)", "wrong sign"),
    "adds up": ('self.grads["g"] = (', 'self.grads["g"] = self.grads.get("g", 0) + (',
        "doubles the gradients"),
    "dy changed": ('return dy * self.params["g"]', 'dy *= self.params["g"]; return dy', "changes the dy"),
    "first x": ("self.x = x\n", "self.x = x if self.x is None or len(x) > 4 else np.ones_like(x)\n",
                "from an earlier batch"),
    "own step": (
        'return dy * self.params["g"]',
        'dx = dy * self.params["g"]; self.params["g"] -= 0.1; return dx',
                 "backward changes g"),
    "float64": ("np.ones(x.shape[1], x.dtype)", "np.ones(x.shape[1])", "make g and b with x.dtype"),
}  # fmt: skip


def made(source):
    space = {"np": np, "nn": nn}
    exec(source, space)
    return space["Scale"]


def with_slips(*names):
    source = RIGHT
    for name in names:
        old, new, _ = SLIPS[name]
        assert source.count(old) == 1, name
        source = source.replace(old, new)
    return made(source)


@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_named(name):
    try_wrong(check_own_layer, (with_slips(name), (SLIPS[name][2],)))


@pytest.mark.parametrize(
    "names",
    [
        ("no b", "no sum"),
        ("dy on", "mean"),
        ("mean", "mean of b"),
        ("b first", "dx by x"),
        ("minus", "sign"),
    ],
)
def test_of_two_the_first_is_named(names):
    first, second = (SLIPS[name][2] for name in names)
    feedback = check_own_layer(with_slips(*names))
    assert not feedback.passed
    assert first in feedback.message or second in feedback.message, feedback


class Plain(nn.Block):
    learns = True

    def forward(self, x, *, training=False):
        if not self.params:
            self.params.update(g=np.full(x.shape[-1], 1, x.dtype), b=np.full(x.shape[-1], 0, x.dtype))
        self.kept = x.copy()
        y = np.multiply(x, self.params["g"])
        y += self.params["b"]
        return y

    def backward(self, dy):
        self.grads = {"g": np.einsum("nk,nk->k", dy, self.kept), "b": np.ones(len(dy), dy.dtype) @ dy}
        return dy @ np.diag(self.params["g"])


class Waiting(nn.Block):
    learns = True

    def __init__(self):
        nn.Block.__init__(self)
        self.size = None

    def build(self, x):
        self.size = x.shape[1]
        self.params["b"] = np.zeros_like(x[0])
        self.params["g"] = np.ones_like(x[0])

    def forward(self, x, training=False):
        if self.size is None:
            self.build(x)
        self.x = x
        g, b = self.params["g"], self.params["b"]
        return x * g + b

    def backward(self, dy):
        self.grads["b"] = np.sum(dy, 0)
        self.grads["g"] = np.diag(dy.T @ self.x)
        return self.params["g"] * dy


class Inherited(Plain):
    pass


@pytest.mark.parametrize("answer", [made(RIGHT), Plain, Waiting, Inherited])
def test_right(answer):
    try_right(check_own_layer, answer)


def test_things_that_are_no_layer(no_answer):
    assert not check_own_layer(no_answer).passed


def test_a_crash_is_said():
    broken = made(RIGHT.replace("self.x = x", "1 / 0"))
    try_wrong(check_own_layer, (broken, ("forward raised ZeroDivisionError",)))
    broken = made(RIGHT.replace("return self.params", "self.params"))
    try_wrong(check_own_layer, (broken, ("forward returns nothing",)))
    broken = made(RIGHT.replace('* x + self.params["b"]', "@ x.T"))
    assert not check_own_layer(broken).passed
