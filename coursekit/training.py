"""Training as a generator of records: `fit` takes a step, tells of it, and waits to be asked again."""

import copy
import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from coursekit.datasets import minibatches
from coursekit.nn import Block, checks, softmax_cross_entropy
from coursekit.nn.optimizer import Optimizer
from coursekit.nn.snapshot import Snapshot

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True)
class StepRecord:
    """One training step.

    Attributes
    ----------
    step : int
        The optimizer's steps with this one, so it counts on from one `fit` to the next.
    epoch : int
        The pass over the samples, counted from 1 in this `fit`.
    batch_size : int
        Samples in this step's mini-batch; the last of an epoch may have fewer.
    loss : float
        Of the mini-batch, before the step; nan if the net's output was not finite.
    rate : float
        The learning rate of the step.
    accuracy : float or None
        Share of the mini-batch, before the step, whose largest output is the label's; None where the
        targets are no class indices.
    diverged : bool
        True in the last record of a run that broke off: output, loss or a gradient was not finite. That
        step was not taken: parameters and running statistics are those after the step before.
    """

    step: int
    epoch: int
    batch_size: int
    loss: float
    rate: float
    accuracy: float | None = None
    diverged: bool = False


@dataclass(frozen=True)
class Evaluation:
    """How good a net is on some samples.

    Attributes
    ----------
    loss : float
        Mean over the samples; nan if an output is not finite.
    accuracy : float or None
        Share of samples whose largest output is the label's (one that is not finite counts as wrong);
        None where the targets are no class indices.
    """

    loss: float
    accuracy: float | None

    @property
    def right(self) -> float:
        """The accuracy; ValueError where the targets are no class indices."""
        if self.accuracy is None:
            raise ValueError("no answer is right or wrong where the targets are no class indices.")
        return self.accuracy

    @property
    def error(self) -> float:
        """Share of wrong answers, 1 - accuracy; ValueError as for `right`."""
        return 1 - self.right


def fit(
    net: Block,
    x: np.ndarray,
    y: np.ndarray,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    loss: Loss = softmax_cross_entropy,
    replacement: bool = False,
) -> Iterator[StepRecord]:
    """Train `net` in place on mini-batches; each record that is asked for is one step.

    Whoever iterates decides: stop asking and the net stays as it is after the last step; ask the same
    generator again and it goes on in the middle of the epoch, exactly as if it had not been stopped; call
    `fit` again with the same optimizer and its rate, momenta and step count go on with a new epoch.

    Parameters
    ----------
    net : Block
        Initialized; sizes may be unknown.
    x, y : ndarray, shape (N, ...)
        Inputs, and for each its label or target.
    optimizer : Optimizer
        Such as ``SGD(0.1)``.
    epochs : int
        Passes over the samples. Each sample comes once in each, unless they are drawn with replacement.
    batch_size : int
        Samples in a mini-batch.
    rng : numpy.random.Generator
        Draws the order of each epoch, when that epoch starts.
    loss : callable
        (output, targets) to (loss, gradient of the output).
    replacement : bool
        Whether samples are drawn at random from all, as `minibatches` tells.

    Returns
    -------
    iterator of StepRecord
        Ends after the last epoch, or with the record of the step that diverged.

    Raises
    ------
    TypeError, ValueError
        At the call, for wrong arguments; at the first step, for inputs or targets that net or loss refuse.
    """
    if not isinstance(net, Block):
        raise TypeError(f"fit takes a layer or a net; got {net!r}.")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be one such as SGD(0.1); got {optimizer!r}.")
    epochs = checks.positive_int("epochs", epochs)
    _check_loss(loss)
    refusing_now = copy.deepcopy(checks.generator(rng))  # the order itself is drawn later
    minibatches(x, y, batch_size, refusing_now, replacement=replacement)
    for name, values in (("x", x), ("y", y)):
        if values.dtype.kind == "f" and not checks.is_finite(values):
            raise ValueError(f"{name} holds nan or inf: training would break on the data, not on the net.")
    draw = functools.partial(minibatches, x, y, batch_size, rng, replacement=replacement)
    return _steps(net, draw, rng, optimizer, epochs, loss)


def _steps(net, draw, rng, optimizer, epochs, loss):
    for epoch in range(1, epochs + 1):
        before = rng.bit_generator.state
        for number, (inputs, targets) in enumerate(draw()):
            try:
                record = _step(net, inputs, targets, optimizer, epoch, loss)
            except BaseException:
                if not number:  # of this order no step was taken
                    rng.bit_generator.state = before
                raise
            yield record
            if record.diverged:
                return


def _step(net, inputs, targets, optimizer, epoch, loss):
    """Take one step and tell of it; where something is not finite or refused, put the net back instead."""
    rate, number, before = optimizer.current_rate, optimizer.steps + 1, Snapshot(net)
    try:
        # A rate that is too large overflows on purpose here; it is reported, not warned about.
        with np.errstate(all="ignore"):
            output = net.forward(inputs, training=True)
            value, gradient = _loss(loss, output, targets)
            diverged = not (math.isfinite(value) and _backward_is_finite(net, gradient))
            if diverged:
                before.restore()
            else:
                optimizer.step(net)
    except BaseException:
        before.restore()
        raise
    correct, size = _correct(output, targets), len(inputs)
    return StepRecord(
        number, epoch, size, value, rate, None if correct is None else correct / size, diverged
    )


def _backward_is_finite(net, gradient):
    net.fill_grads(gradient)
    return all(checks.is_finite(g) for g in net.grads.values())


def evaluate(
    net: Block, x: np.ndarray, y: np.ndarray, batch_size: int = 1000, loss: Loss = softmax_cross_entropy
) -> Evaluation:
    """Return loss and accuracy of `net` in prediction mode. Nothing is changed, nothing drawn.

    Parameters
    ----------
    net : Block
    x, y : ndarray, shape (N, ...)
        Inputs, and for each its label or target.
    batch_size : int
        Samples that pass through at a time: it bounds the memory, and does not change the outcome.
    loss : callable
        (output, targets) to (loss, gradient of the output); the loss a mean over samples.

    Returns
    -------
    Evaluation

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit, here or in net and loss.
    """
    if not isinstance(net, Block):
        raise TypeError(f"evaluate takes a layer or a net; got {net!r}.")
    x, y = np.asarray(x), np.asarray(y)
    if not x.ndim or not y.ndim or len(x) != len(y) or not len(x):
        raise ValueError(f"x and y need equally many samples, at least one; got {x.shape} and {y.shape}.")
    size = checks.positive_int("batch_size", batch_size)
    _check_loss(loss)
    total = 0.0
    right: int | None = 0
    before = Snapshot(net)
    try:
        with np.errstate(all="ignore"):
            for start in range(0, len(x), size):
                inputs, targets = x[start : start + size], y[start : start + size]
                output = net.forward(inputs)
                total += _loss(loss, output, targets)[0] * len(inputs)
                correct = _correct(output, targets)
                right = None if correct is None else right + correct
    finally:
        before.restore()
    return Evaluation(total / len(x), None if right is None else right / len(x))


def _loss(loss, output, targets):
    """Return loss and gradient; nan and None where the output is not finite, which losses refuse."""
    if not checks.is_finite(output):
        return float("nan"), None
    answer = loss(output, targets)
    if not isinstance(answer, tuple) or len(answer) != 2 or np.ndim(answer[0]):
        raise TypeError(f"loss must return a number and the gradient of the output; got {answer!r}.")
    return answer


def _check_loss(loss):
    if not callable(loss):
        raise TypeError(f"loss must be a function such as softmax_cross_entropy; got {loss!r}.")


def _correct(output, targets):
    """Count the samples whose largest output is the label's; None if the targets are no class indices."""
    if output.ndim != 2 or np.ndim(targets) != 1 or targets.dtype.kind not in "iu":
        return None
    finite = np.isfinite(output).all(axis=1)
    return int((finite & (output.argmax(axis=1) == targets)).sum())
