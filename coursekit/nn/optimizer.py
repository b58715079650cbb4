"""What all optimizers do: check the gradients, know the rate, remember, step."""

from dataclasses import dataclass, field

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.schedules import Schedule


@dataclass
class Memory:
    """What an optimizer remembers of one parameter: its steps, and running averages of its shape."""

    parameter: np.ndarray
    averages: list[np.ndarray]
    steps: int = 0


@dataclass
class Scratch:
    """Room for intermediate results, used again for every parameter, so that a step allocates nothing."""

    rooms: dict = field(default_factory=dict)

    def like(self, parameter: np.ndarray, which: str) -> np.ndarray:
        """Return an array of the parameter's shape and dtype, holding anything."""
        key = which, parameter.dtype
        if key not in self.rooms or self.rooms[key].size < parameter.size:
            self.rooms[key] = np.empty(parameter.size, parameter.dtype)
        return self.rooms[key][: parameter.size].reshape(parameter.shape)


class Optimizer:
    """Changes a net's parameters in place, from the gradients that `backward` left.

    A subclass says how one parameter moves: `_update(parameter, gradient, rate, memory)`.

    Parameters
    ----------
    rate : float or callable
        The learning rate η, or a schedule: a function from the step, counted from 0, to η.
    weight_decay : float
        λ. As in PyTorch it acts on all parameters: biases, γ and β too.

    Attributes
    ----------
    steps : int
        Steps taken so far, on whatever net; what a schedule is asked with.
    """

    averages = 0  # how many running averages a subclass keeps of each parameter

    def __init__(self, rate: float | Schedule, weight_decay: float = 0.0):
        self.rate = rate if callable(rate) else checks.finite("rate", rate, low=0)
        self.weight_decay = checks.finite("weight_decay", weight_decay, low=0)
        self.steps = 0
        self._memories: dict[Block, dict[str, Memory]] = {}
        self._scratch = Scratch()

    @property
    def current_rate(self) -> float:
        """The learning rate of the next step."""
        if not callable(self.rate):
            return self.rate
        return checks.finite(f"the schedule's rate at step {self.steps}", self.rate(self.steps), low=0)

    def step(self, net: Block) -> None:
        """Move every parameter of `net` once, in place; buffers stay.

        What is remembered belongs to this net's very arrays: an array that was replaced, as by a new
        `initialize` of a Dense, starts afresh. A gradient that is not finite is not refused, and makes its
        parameter so too: `training.fit` looks at the gradients before each step.

        Raises
        ------
        TypeError
            If `net` is no Block, a parameter no float array, or a gradient no array of real numbers.
        RuntimeError
            If there are no parameters yet, or a gradient is missing.
        ValueError
            If a gradient has another shape than its parameter, a parameter cannot be written to, or the
            schedule gives no rate.
        """
        moves = _moves(net)
        rate = self.current_rate
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for name, parameter, gradient in moves:
                memory = self._memory(net, name, parameter)
                memory.steps += 1
                self._update(parameter, gradient, rate, memory)
        self.steps += 1

    def _memory(self, net, name, parameter):
        if not self.averages:  # nothing to remember, so hold on to no net
            return Memory(parameter, [])
        of_net = self._memories.setdefault(net, {})
        if name not in of_net or of_net[name].parameter is not parameter:
            of_net[name] = Memory(parameter, [np.zeros_like(parameter) for _ in range(self.averages)])
        return of_net[name]

    def _with_l2(self, parameter, gradient):
        """Return g + λ p, the gradient of C + λ/2 ‖p‖²."""
        if not self.weight_decay:
            return gradient
        total = self._scratch.like(parameter, "gradient")
        np.multiply(parameter, self.weight_decay, out=total)
        total += gradient
        return total

    def _update(self, parameter, gradient, rate, memory):
        raise NotImplementedError(f"{type(self).__name__} has to define _update.")

    def __repr__(self) -> str:
        rate = "a schedule" if callable(self.rate) else f"{self.rate:g}"
        return f"{type(self).__name__}(rate={rate}, after {self.steps} steps)"


def _moves(net):
    """Return (name, parameter, gradient) of all parameters, or refuse before anything is changed."""
    if not isinstance(net, Block):
        raise TypeError(f"step takes a layer or a net; got {net!r}.")
    params, grads = net.params, net.grads
    if not params:
        raise RuntimeError(
            "the net has no parameters to step: their sizes are unknown until the first forward, "
            "or no layer has any."
        )
    for name, parameter in params.items():
        if not isinstance(parameter, np.ndarray) or parameter.dtype.kind != "f":
            kind = getattr(parameter, "dtype", type(parameter).__name__)
            raise TypeError(f"parameter {name!r} must be a float array; its dtype is {kind}.")
        if not parameter.flags.writeable:
            raise ValueError(f"parameter {name!r} is a read-only array: a step writes into it.")
        if name not in grads:
            raise RuntimeError(f"there is no gradient for {name!r}: call forward and backward first.")
        if np.asarray(grads[name]).dtype.kind not in "iuf":
            kind = np.asarray(grads[name]).dtype
            raise TypeError(f"the gradient of {name!r} must hold real numbers; its dtype is {kind}.")
        if np.shape(grads[name]) != parameter.shape:
            raise ValueError(
                f"the gradient of {name!r} must have its parameter's shape {parameter.shape}; "
                f"got {np.shape(grads[name])}."
            )
    return [(name, parameter, grads[name]) for name, parameter in params.items()]
