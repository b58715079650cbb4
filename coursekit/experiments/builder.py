"""A net built from blocks: what is known of it before its first forward, and after."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.nets import Residual
from coursekit.nn import checks

KINDS = (
    *("dense", "logits", "relu", "flatten", "conv"),
    *("max_pool", "batch_norm", "dropout", "residual", "shared"),
)
INPUTS = {"rows": (784,), "images": (1, 28, 28)}
MOST = 10  # layers of a stack
CLASSES = 10
SAMPLES = 2  # of the batch that is really sent through; its size is written N

Shape = tuple[int | None, ...]


def numbers_in(shape: Shape) -> int | None:
    """Return how many numbers an array of this shape holds; None if a size is unknown."""
    sizes = [size for size in shape if size is not None]
    return math.prod(sizes) if len(sizes) == len(shape) else None


@dataclass(frozen=True)
class BuiltLayer:
    """One layer of a stack, as far as it is known.

    Attributes
    ----------
    kind, name : str
        One of `KINDS`, and what the layer calls itself.
    params : tuple of (str, Shape)
        The parameters that it owns by name, with their shapes; None is a size that is not known yet.
    out : Shape or None
        The shape of what leaves it, without the axis of samples; None if that is not known.
    state : str
        "waiting" before the first forward; then "ran", "refused", or "not reached".
    """

    kind: str
    name: str
    params: tuple[tuple[str, Shape], ...]
    out: Shape | None
    state: str

    @property
    def count(self) -> int | None:
        """How many numbers its parameters hold; None if a size is unknown."""
        counts = [numbers_in(shape) for _, shape in self.params]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


@dataclass(frozen=True)
class Built:
    """A stack of layers before or after its first forward.

    Attributes
    ----------
    layers : tuple of BuiltLayer
    entry : Shape
        The shape of a sample that goes in.
    at : int
        Which layer is marked, counted from 0.
    forward : bool
        Whether the first forward has been tried.
    fault : str
        Why a layer refused, in a sentence; "" if none did.
    """

    layers: tuple[BuiltLayer, ...]
    entry: Shape
    at: int
    forward: bool
    fault: str

    @property
    def total(self) -> int | None:
        """All parameters of the net; None if a size is unknown."""
        counts = [layer.count for layer in self.layers]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


def build_stack(stack: str, units: int, *, entry: str = "rows", forward: bool = True, at: int = 0) -> Built:
    """Make the layers, and send a first batch through if asked to.

    Parameters
    ----------
    stack : str
        Names from `KINDS`, with spaces between; ten at most.
    units : int
        Units of each dense layer (but "logits", which has ten), and channels of each convolution.
    entry : str
        A key of `INPUTS`: rows of 784 numbers, or images (1, 28, 28).
    forward : bool
        Whether to send the first batch through.
    at : int
        Which layer is to be marked, counted from 0; a number beyond the last marks the last.

    Raises
    ------
    TypeError, ValueError
        For an unknown layer or input, or a stack that is empty or too long.
    """
    kinds = stack.split()
    if not 1 <= len(kinds) <= MOST:
        raise ValueError(f"a stack has 1 to {MOST} layers; got {len(kinds)}.")
    for kind in kinds:
        checks.one_of("a layer", kind, KINDS)
    shape = INPUTS[checks.one_of("entry", entry, tuple(INPUTS))]
    made = _make_layers(kinds, checks.positive_int("units", units))
    if forward:
        layers, fault = _send_through(kinds, made, shape)
    else:
        layers = [_declared(kind, made, place) for place, kind in enumerate(kinds)]
        fault = ""
    at = min(int(checks.finite("at", at, low=0)), len(kinds) - 1)
    return Built(tuple(layers), shape, at, bool(forward), fault)


def _make_layers(kinds, units):
    """Return the layers; None for a shared one that has nothing to share."""
    rng, made = np.random.default_rng(0), []
    make = {
        "dense": lambda: nn.Dense(units),
        "logits": lambda: nn.Dense(CLASSES),
        "relu": nn.ReLU,
        "flatten": nn.Flatten,
        "conv": lambda: nn.Conv2D(units, 3, padding=1),
        "max_pool": lambda: nn.MaxPool2D(2),
        "batch_norm": nn.BatchNorm,
        "dropout": lambda: nn.Dropout(0.5, rng=rng),
        "residual": lambda: Residual(nn.Dense(units), nn.ReLU()),
    }
    for kind in kinds:
        if kind == "shared":
            dense = [layer for layer in made if isinstance(layer, nn.Dense)]
            made.append(nn.Shared(dense[-1]) if dense else None)
        else:
            made.append(make[kind]().initialize("he_normal", rng))
    return made


def _title(kind, layer):
    """Return what a layer is called in the picture."""
    names = {
        "relu": "ReLU",
        "flatten": "Flatten",
        "max_pool": "MaxPool2D(2)",
        "batch_norm": "BatchNorm",
        "dropout": "Dropout(0.5)",
        "shared": "Shared(Dense)",
    }
    if kind in names:
        return names[kind]
    if kind == "conv":
        return f"Conv2D({layer.channels}, 3)"
    if kind == "residual":
        return f"Residual({layer.body.layers[0].units})"
    return f"Dense({layer.units})"


def _declared(kind, made, place):
    """Return a layer as it stands before the first forward: what it was told, and no more."""
    layer = made[place]
    of = {
        "conv": lambda: (("W", (layer.channels, None, 3, 3)), ("b", (layer.channels,))),
        "batch_norm": lambda: (("gamma", (None,)), ("beta", (None,))),
        "residual": lambda: _dense(layer.body.layers[0], "body.0."),
        "dense": lambda: _dense(layer),
        "logits": lambda: _dense(layer),
    }
    params = of[kind]() if kind in of else ()
    named = tuple((f"{place}.{name}", shape) for name, shape in params)
    return BuiltLayer(kind, _title(kind, layer), named, None, "waiting")


def _dense(layer, before=""):
    return (f"{before}W", (None, layer.units)), (f"{before}b", (layer.units,))


def _send_through(kinds, made, shape):
    """Send a batch from layer to layer until one refuses; return all layers, and why it did."""
    x, layers, fault = np.ones((SAMPLES, *shape), np.float32), [], ""
    for place, (kind, layer) in enumerate(zip(kinds, made, strict=True)):
        state, out = "not reached", None
        if not fault:
            came = x.shape[1:]
            try:
                if layer is None:
                    raise ValueError("there is nothing to share")
                x = layer.forward(x)
                state, out = "ran", x.shape[1:]
            except (ValueError, RuntimeError) as error:
                state, fault = "refused", _why(place, kind, layer, came, str(error))
        if state == "ran":
            layers.append(BuiltLayer(kind, _title(kind, layer), _owned(kind, layer, place), out, state))
        else:
            waiting = _declared(kind, made, place)
            layers.append(BuiltLayer(kind, waiting.name, waiting.params, None, state))
    return layers, fault


def _owned(kind, layer, place):
    """Return names and shapes of a layer's parameters; a shared one owns none."""
    if kind == "shared":
        return ()
    return tuple((f"{place}.{name}", array.shape) for name, array in layer.params.items())


def shape_words(shape: Shape | None) -> str:
    """Write the shape of a batch, (N, 32); "?" if it is not known."""
    return "?" if shape is None else f"(N, {', '.join(map(str, shape))})"


def _why(place, kind, layer, came, said):
    """Say in a sentence why a layer refuses what came, and what would help."""
    who = f"Layer {place}, {_title(kind, layer)},"
    got = shape_words(came)
    if kind == "shared" and layer is None:
        return f"{who} has nothing to share: put a Dense before it."
    if kind in ("dense", "logits", "residual", "shared") and len(came) == 3:
        return f"{who} takes rows (N, K) and gets {got}: put a Flatten before it."
    if kind in ("conv", "max_pool") and len(came) == 1:
        return f"{who} takes maps (N, C, H, W) and gets {got}: it belongs before Flatten, on images."
    if kind == "max_pool":
        return f"{who} looks at 2 × 2 pixels and gets maps of {came[1]} × {came[2]}: take one pooling out."
    if kind == "residual":
        units = layer.body.layers[0].units
        return (
            f"{who} adds f(x), which is (N, {units}), to x, which is {got}: both need one shape. "
            f"Put a Dense({units}) before it."
        )
    if kind == "shared":
        n_in, n_out = layer.layer.params["W"].shape
        return (
            f"{who} stands for a Dense whose W is ({n_in}, {n_out}) and gets {got}: what is shared has to "
            "fit at both places."
        )
    return f"{who} refuses {got}: {said}"


def diagnose_built(built: Built) -> str:
    """Say what is known of the net, or which layer refused and why."""
    if not built.forward:
        return _before(built)
    if built.fault:
        reached = sum(layer.state == "ran" for layer in built.layers)
        return (
            f"{built.fault} ({reached} of {len(built.layers)} layers ran. Before the "
            "first forward nobody noticed.)"
        )
    total = built.total or 0
    if not total:
        text = "Every layer ran, and there is nothing to learn: no layer has parameters."
    else:
        most = max(range(len(built.layers)), key=lambda i: built.layers[i].count or 0)
        share = (built.layers[most].count or 0) / total
        text = (
            f"After the first forward all sizes are known: {total:,} parameters, {100 * share:.0f} % of "
            f"them in layer {most}."
        )
    return f"{text} {_remark(built)}".strip()


def _before(built):
    unknown = sum(layer.count is None for layer in built.layers)
    known = sum(numbers_in(shape) or 0 for layer in built.layers for _, shape in layer.params)
    return (
        f"Before the first forward the {len(built.layers)} layers are only declared, and no parameter "
        f"exists yet. {unknown} of them wait for a size (?); the others tell the sizes of {known:,} "
        "numbers. No layer has met its neighbour, so no error can show."
    )


def _remark(built):
    """Say what is odd about a stack that runs."""
    kinds = Counter(layer.kind for layer in built.layers)
    last = built.layers[-1]
    linear = ("dense", "logits", "shared")
    for i, (one, two) in enumerate(zip(built.layers, built.layers[1:], strict=False)):
        if one.kind in linear and two.kind in linear:
            return f"Layers {i} and {i + 1} are two products with nothing between: one could do the same."
    if last.out != (CLASSES,):
        return f"{shape_words(last.out)} comes out; ten classes need (N, {CLASSES})."
    if last.kind == "relu":
        return "ReLU stands last: no score can be below 0."
    if kinds["shared"]:
        return "What is shared is counted once, where it first stands."
    return ""
