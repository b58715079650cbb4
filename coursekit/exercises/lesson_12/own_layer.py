"""The checker of lesson 12's own layer: y = g x + b, a gain and a shift for each feature."""

from typing import Any

import numpy as np

from coursekit import nn
from coursekit.exercises.arrays import as_array, call_on_copies, equal, name_the_bug, say_where
from coursekit.exercises.feedback import AnswerError, UnnamedError, call, checked

NAMES = ("g", "b")
SIZES = ((7, 4), (5, 9))  # samples and features, no two alike


@checked
def check_own_layer(layer: type) -> str:
    """Check a class ``Scale`` with y = g x + b; g and b have the shape (K,) and start at 1 and 0.

    Returns
    -------
    Feedback
        Says whether sizes wait for the first batch, parameters are seen by an optimizer, values written
        into them take effect, and the gradients are right.
    """
    if not isinstance(layer, type) or not issubclass(layer, nn.Block):
        raise AnswerError("hand in the class itself, Scale without brackets; it has to be a nn.Block.")
    for seed, (n, k) in enumerate(SIZES):
        rng = np.random.default_rng(seed)
        x, dy = (rng.normal(0.4, 1.0, (n, k)).astype(np.float32) for _ in range(2))
        made = _made(layer)
        _refuse_start(made, x)
        _refuse_params(made, k)
        _refuse_other_values(made, x, rng)
        _refuse_gradients(made, x, dy)
        _refuse_memory(made, rng, k)
        _refuse_optimizer(layer, x, dy)
        _refuse_dtype(layer, k)
        if not made.learns:
            raise AnswerError(
                "all is right but one word: learns = True is missing, by which a "
                "file without g and b is refused."
            )
    _refuse_no_learning(layer)
    return (
        "sizes come from the first batch, both parameters are named and moved by an optimizer, and the "
        "gradients are right."
    )


def _made(layer):
    """Return a fresh layer that has not met a batch."""
    try:
        made = layer()
    except TypeError as error:
        raise AnswerError(
            f"Scale() should be made without arguments: K comes with the first batch. Python says: {error}."
        ) from None
    except Exception as error:
        raise AnswerError(f"making Scale() raised {type(error).__name__}: {error}.") from None
    missing = [name for name in ("params", "grads", "buffers") if not hasattr(made, name)]
    if missing:
        raise AnswerError(
            f"the layer has no {missing[0]}: begin __init__ with super().__init__(), which makes the dicts."
        )
    if made.params:
        raise AnswerError("there are parameters before any batch has come: nobody knows K yet.")
    return made


def _out(made: Any, x: np.ndarray, training: bool = True) -> np.ndarray:
    """Return what the layer puts out, an array of the shape of x."""

    def forward(rows):
        try:
            return made.forward(rows, training=training)
        except TypeError as error:
            if "training" in str(error):
                raise AnswerError(
                    "forward has to take the mode: forward(self, x, *, training=False)."
                ) from None
            raise

    try:
        value = call_on_copies(forward, x)
    except AnswerError as error:
        raise AnswerError(str(error).replace("your function", "forward") + _why(error)) from None
    return as_array("the output", value, x.shape)


def _why(error):
    """Return what helps where an array of the layer does not line up with x."""
    if "broadcast" in str(error):
        return " g and b have one number for each column of x: x.shape[1] of them."
    return ""


def _refuse_start(made, x):
    """At the start y = x: g is 1, b is 0."""
    y = _out(made, x)
    likely = (
        (np.zeros_like(x), "all zeros come out: g starts at 0, where it should start at 1."),
        (x + 1, "x + 1 comes out: b starts at 1, where it should start at 0."),
        (2 * x, "2 x comes out: is x added once more?"),
        (np.ones_like(x), "all ones come out: is x missing in y = g x + b?"),
    )
    name_the_bug(y, likely)
    if not equal(y, x):
        raise UnnamedError(
            f"the first output should be x itself, for g starts at 1 and b at 0; {say_where('y', y, x)}"
        )


def _refuse_params(made, k):
    """Both parameters stand in `params`, under their names, with their shapes."""
    names = list(made.params)
    if not names:
        kept = [
            name
            for name, value in vars(made).items()
            if isinstance(value, np.ndarray) and np.shape(value) == (k,)
        ]
        where = f" Yours stand in self.{kept[0]}." if kept else ""
        raise AnswerError(
            f"params is empty after a forward, so an optimizer finds nothing: self.params['g'] = ….{where}"
        )
    for name in NAMES:
        if name not in names:
            raise AnswerError(f"params has {', '.join(map(repr, names))}; {name!r} is missing.")
        if not isinstance(made.params[name], np.ndarray):
            raise AnswerError(
                f"params[{name!r}] should be an array; a {type(made.params[name]).__name__} came."
            )
        shape = made.params[name].shape
        if shape != (k,):
            said = {
                (): "one number for all features",
                (1, k): "keepdims is not needed: x of shape (N, K) broadcasts with (K,)",
                (SIZES[0][0], k): "a row for each sample, though the next batch may be of another size",
                (SIZES[1][0], k): "a row for each sample, though the next batch may be of another size",
                (k, k): "a whole matrix, as a Dense has",
            }.get(shape, "one number for each feature is needed")
            raise AnswerError(f"params[{name!r}] should have the shape ({k},); yours is {shape}: {said}.")
    if len(names) > len(NAMES):
        extra = next(name for name in names if name not in NAMES)
        raise AnswerError(f"params holds {extra!r} besides g and b: what is no parameter goes elsewhere.")


def _refuse_other_values(made, x, rng):
    """Write into the parameters: that takes effect, and lasts."""
    k = x.shape[1]
    g, b = rng.uniform(1.5, 3, k).astype(np.float32), rng.uniform(-3, -1, k).astype(np.float32)
    made.params["g"][...], made.params["b"][...] = g, b
    y, right = _out(made, x), g * x + b
    if equal(y, right):
        if not equal(made.params["g"], g):
            raise AnswerError("forward changes g: a parameter is moved by the optimizer alone.")
        return
    if equal(y, x):
        if equal(made.params["g"], np.ones(k)):
            raise AnswerError(
                "g and b are made anew at each forward, and what was learned is lost: make them only if "
                "params is still empty."
            )
        raise AnswerError(
            "writing into params changes nothing: forward uses a copy of g and b. Use self.params['g']."
        )
    name_the_bug(
        y,
        (
            (g * x, "b is missing in y = g x + b, or another b than params['b'] is used."),
            (x + b, "g is missing in y = g x + b, or another g than params['g'] is used."),
            (g * (x + b), "b is added before g multiplies: y = g x + b."),
            (b * x + g, "g and b are exchanged: y = g x + b."),
            (g * x - b, "b is subtracted: y = g x + b."),
            (x / g + b, "g divides: y = g x + b."),
        ),
    )
    raise UnnamedError(f"with other g and b the output is off: {say_where('y', y, right)}")


def _back(made: Any, dy: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    try:
        value = call_on_copies(made.backward, dy)
    except AnswerError as error:
        said = str(error).replace("your function", "backward")
        if "NotImplementedError" in said:
            said = "backward is not there yet: it takes dy, fills grads, and returns dC/dx."
        elif "nothing" in said:
            said = "backward returns nothing: the layer before waits for dC/dx = dy g."
        elif "has no attribute" in said:
            said += " Forward has to keep what backward needs: self.x = x."
        elif "changes an array" in said:
            said = "backward changes the dy that it was given: make a new array."
        raise AnswerError(said) from None
    return as_array("what backward returns", value, shape)


def _refuse_gradients(made, x, dy):
    """dC/dg = Σ dy x, dC/db = Σ dy, dC/dx = dy g."""
    y = _out(made, x)
    g = made.params["g"].copy()
    dx = _back(made, dy, x.shape)
    if not made.grads and not equal(made.params["g"], g):
        raise AnswerError(
            "backward changes g and leaves grads empty: put the sums into self.grads['g'] and "
            "self.grads['b'], and leave the step to the optimizer."
        )
    _refuse_grads(made.grads, x, dy, y)
    name_the_bug(
        dx,
        (
            (dy, "backward hands dy on as it came: by the chain rule dC/dx = dy g."),
            (dy * x, "backward returns dy x: that belongs to g. dC/dx = dy g."),
            (dy / g, "backward divides by g: dC/dx = dy g."),
            (dy * g + dy, "backward returns dy g + dy: b has no part in dC/dx."),
            (x * g, "backward returns x g: dy is missing. dC/dx = dy g."),
            (np.zeros_like(dy), "backward returns zeros: dC/dx = dy g."),
        ),
    )
    if not equal(dx, dy * g):
        raise UnnamedError(f"dC/dx is off: {say_where('dx', dx, dy * g)}")
    if not equal(made.params["g"], g):
        raise AnswerError("backward changes g: it fills grads, and the optimizer takes the step.")
    _back(made, dy, x.shape)
    if equal(made.grads["g"], 2 * (dy * x).sum(axis=0)):
        raise AnswerError("a second backward doubles the gradients: write them with =, not with +=.")


def _refuse_grads(grads, x, dy, y):
    n, k = x.shape
    for name in NAMES:
        if name not in grads:
            found = ", ".join(map(repr, grads)) or "nothing"
            raise AnswerError(
                f"after backward grads holds {found}: {name!r} is missing, under the name of params."
            )
    right = {"g": (dy * x).sum(axis=0), "b": dy.sum(axis=0)}
    slips = {
        "g": (
            (
                (dy * x).mean(axis=0),
                "dC/dg is a mean over the samples: dy holds 1/N already, so take the sum.",
            ),
            (dy.sum(axis=0), "x is missing in dC/dg: it is the sum of dy x."),
            (
                (dy * y).sum(axis=0),
                "dC/dg takes what came out, y: it is the sum of dy x, with what came in.",
            ),
            (x.sum(axis=0), "dy is missing in dC/dg: it is the sum of dy x."),
            (-right["g"], "dC/dg has the wrong sign."),
        ),
        "b": (
            (dy.mean(axis=0), "dC/db is a mean over the samples: take the sum."),
            (right["g"], "dC/db is the sum of dy alone; x belongs to g."),
            (np.ones(k), "dC/db is 1: the chain rule asks for dy, summed over the samples."),
            (np.full(k, n), "dC/db counts the samples: sum dy instead."),
            (-right["b"], "dC/db has the wrong sign."),
        ),
    }
    hints = {(n, k): "It stands for each sample: sum over them, axis=0."}
    hints |= {(n,): "It is summed over the features: sum over the samples, axis=0."}
    for name in NAMES:
        value = as_array(f"grads[{name!r}]", grads[name], (k,), hints)
        name_the_bug(value, slips[name])
        if not equal(value, right[name]):
            raise UnnamedError(f"dC/d{name} is off: {say_where(f'grads[{name!r}]', value, right[name])}")


def _refuse_memory(made, rng, k):
    """Backward belongs to the newest batch, which may be of another size."""
    x, dy = (rng.normal(size=(3, k)).astype(np.float32) for _ in range(2))
    _out(made, x)
    _back(made, dy, x.shape)
    if not equal(np.asarray(made.grads["g"], float), (dy * x).sum(axis=0)):
        raise AnswerError(
            "backward uses an x from an earlier batch: keep the newest, self.x = x, in forward."
        )


def _refuse_optimizer(layer, x, dy):
    """In a net: named, initialized with the rest, and moved by a step."""
    made = _made(layer)
    net = nn.Sequential(nn.Dense(x.shape[1]), made)
    try:
        net.initialize("he_normal", np.random.default_rng(0))
        net.forward(x, training=True)
        net.backward(dy)
        before = {name: array.copy() for name, array in net.params.items()}
        nn.SGD(0.5).step(net)
    except Exception as error:
        raise AnswerError(f"in a net with a Dense before it: {type(error).__name__}: {error}.") from None
    if list(before) != ["0.W", "0.b", "1.g", "1.b"] and set(before) != {"0.W", "0.b", "1.g", "1.b"}:
        raise AnswerError(
            f"in a net the parameters should be 0.W, 0.b, 1.g, 1.b; they are {', '.join(before)}."
        )
    for name in ("1.g", "1.b"):
        if equal(net.params[name], before[name]):
            raise AnswerError(f"an optimizer's step leaves {name} where it was.")


def _refuse_no_learning(layer):
    """Alone it learns y = 2 x − 1: its loss falls step by step."""
    x = np.random.default_rng(3).normal(size=(16, 3)).astype(np.float32)
    made, losses = _made(layer), []
    for _ in range(40):
        error = _out(made, x) - (2 * x - 1)
        losses.append(float((error**2).mean()))
        _back(made, (error / len(x)).astype(np.float32), x.shape)
        nn.SGD(0.3).step(made)
    if not losses[-1] < 0.05 * losses[0]:
        raise AnswerError(
            f"it does not learn: asked for y = 2 x − 1, its loss goes from {losses[0]:.2g} to "
            f"{losses[-1]:.2g} in 40 steps. Forward has to use what stands in params, and backward to fill "
            "grads anew each time."
        )


def _refuse_dtype(layer, k):
    for dtype in (np.float32, np.float64):
        made = _made(layer)
        y = call(lambda rows, made=made: made.forward(rows, training=False), np.ones((2, k), dtype))
        if np.asarray(y).dtype != dtype:
            raise AnswerError(
                f"x is {np.dtype(dtype)} and {np.asarray(y).dtype} comes out: make g and b with x.dtype."
            )
