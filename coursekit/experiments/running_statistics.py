"""Running mean and variance of a feature, by the rules that libraries use."""

from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.words import whole_percent

TRUE_STD = 2.0
START_MEAN, END_MEAN = 1.0, 5.0  # of the drifting feature; at rest it stays halfway
RULES = ("keeps m of the old", "takes m of the new", "plain average", "first rule, corrected")
COMPARISONS = ("mean", "variance", "libraries")


@dataclass(frozen=True)
class RunningStatistics:
    r"""T training steps of batch normalization on one feature, drawn from N(mean, 2²).

    With b the batch's statistic at step t and r the running one, the rules in the order of `RULES` are
    :math:`r \leftarrow m r + (1 - m) b` (Keras, Paddle), :math:`r \leftarrow (1 - m) r + m b` (PyTorch),
    :math:`r \leftarrow r + (b - r)/t` (the average of all batches; PyTorch with momentum None), and the
    first one freed from its start, :math:`(r - m^t r_0) / (1 - m^t)`.

    Attributes
    ----------
    momentum : float
        m.
    start_var : float
        Running variance before the first step; the running mean starts at 0.
    batch_size : int
        Samples a step.
    unbiased : bool
        Whether the stored variances divide by n - 1.
    true_mean, true_var : ndarray, shape (T,)
        What the feature really has at each step.
    batch_mean, batch_var : ndarray, shape (T,)
        Of each mini-batch, as they enter the rules.
    mean, var : ndarray, shape (4, T + 1)
        The running statistics by rule, from the start; a corrected one has none at the start (nan).
    compare : str
        What is looked at: "mean", the first rule's running mean against the true one; "variance", both of
        its statistics; "libraries", all rules.
    """

    momentum: float
    start_var: float
    batch_size: int
    unbiased: bool
    true_mean: np.ndarray
    true_var: np.ndarray
    batch_mean: np.ndarray
    batch_var: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    compare: str = "libraries"

    @property
    def steps(self) -> int:
        """T, the number of training steps."""
        return len(self.batch_mean)

    @property
    def drifts(self) -> bool:
        """Whether the true mean moves."""
        return bool(self.true_mean[0] != self.true_mean[-1])


def running_rules(batch: np.ndarray, momentum: float, start: float) -> np.ndarray:
    """Follow one statistic by the four rules.

    Parameters
    ----------
    batch : ndarray, shape (T,)
        Its value in each mini-batch.
    momentum : float
        m, from 0 to below 1.
    start : float
        r₀, where the first two rules begin; the average begins with the first batch.

    Returns
    -------
    ndarray, shape (4, T + 1)
    """
    batch = checks.float_array("batch", batch, ndim=1)
    m = checks.below_one("momentum", momentum, "the running statistic would never leave its start")
    r = np.full((4, len(batch) + 1), start, np.float64)
    for t, b in enumerate(batch, start=1):
        r[0, t] = m * r[0, t - 1] + (1 - m) * b
        r[1, t] = (1 - m) * r[1, t - 1] + m * b
    steps = np.arange(1, len(batch) + 1)
    r[2, 1:] = np.cumsum(batch, dtype=np.float64) / steps
    r[3, 0] = np.nan
    r[3, 1:] = (r[0, 1:] - m**steps * start) / (1 - m**steps)
    return r


def running_statistics(
    momentum: float,
    batch_size: int,
    rng: np.random.Generator,
    *,
    start_var: float = 0.0,
    unbiased: bool = False,
    drift: bool = False,
    steps: int = 100,
    compare: str = "libraries",
) -> RunningStatistics:
    """Draw `steps` mini-batches from N(3, 2²) and follow their mean and variance by each rule.

    Parameters
    ----------
    momentum : float
        m, from 0 to below 1.
    batch_size : int
        At least 2.
    rng : numpy.random.Generator
        For the samples.
    start_var : float
        Running variance before the first step.
    unbiased : bool
        Store variances divided by n - 1, as PyTorch does, instead of n.
    drift : bool
        Let the true mean move from 1 to 5, as it does while the layers below are learning.
    steps : int
        T.
    compare : str
        One of `COMPARISONS`; it changes no number.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    batch_size, steps = checks.positive_int("batch_size", batch_size), checks.positive_int("steps", steps)
    if batch_size < 2:
        raise ValueError("batch_size must be 2 or more: one sample has no variance.")
    checks.finite("start_var", start_var, low=0)
    checks.one_of("compare", compare, COMPARISONS)
    noise = checks.generator(rng).standard_normal((steps, batch_size))
    middle = (START_MEAN + END_MEAN) / 2
    true_mean = np.linspace(START_MEAN, END_MEAN, steps) if drift else np.full(steps, middle)
    x = true_mean[:, None] + TRUE_STD * noise
    batch_mean, batch_var = x.mean(axis=1), x.var(axis=1, ddof=int(unbiased))
    return RunningStatistics(
        momentum=momentum,
        start_var=start_var,
        batch_size=batch_size,
        unbiased=unbiased,
        true_mean=true_mean,
        true_var=np.full(steps, TRUE_STD**2),
        batch_mean=batch_mean,
        batch_var=batch_var,
        mean=running_rules(batch_mean, momentum, 0.0),
        var=running_rules(batch_var, momentum, start_var),
        compare=compare,
    )


def diagnose_running(r: RunningStatistics) -> str:
    """Say what the start, the number m and the batch size do to the running statistics."""
    if r.compare == "libraries":
        return f"{_start(r)} {_memory(r)} {_end(r)}"
    names = ("mean",) if r.compare == "mean" else ("mean", "var")
    early = _and([f"{getattr(r, name)[0, 10]:.1f}" for name in names])
    truth = _and([f"{getattr(r, f'true_{name}')[9]:.3g}" for name in names])
    off = _and([f"{abs(getattr(r, name)[0, -1] - getattr(r, f'true_{name}')[-1]):.2f}" for name in names])
    which = "mean is" if r.compare == "mean" else "mean and variance are"
    return (
        f"The running {which} {early} after 10 steps, in truth {truth}: "
        f"m¹⁰ = {whole_percent(r.momentum**10)} of the start is left. "
        f"Its memory is {_steps(1 / (1 - r.momentum))} long; at the end it is off by {off}."
    )


def _and(words):
    return " and ".join(words)


def _start(r):
    left = r.momentum**10
    if left < 0.005:
        return "After 10 steps the first rule has forgotten its start."
    return (
        f"After 10 steps the first rule still keeps m¹⁰ = {whole_percent(left)} of its start: "
        f"its variance is {r.var[0, 10]:.1f}, the true one {r.true_var[9]:.0f}."
    )


def _memory(r):
    m = r.momentum
    if m == 0.5:
        return "At m = 0.5 the first two rules are the same: each step replaces half."
    words = [f"{_steps(1 / (1 - m))} (Keras, Paddle)", f"{_steps(1 / m) if m else 'for ever'} (PyTorch)"]
    return f"The same number m = {m:.2f} means a memory of {words[0]} or {words[1]}."


def _steps(count):
    return f"about {count:.0f} steps" if count >= 1.5 else "about 1 step"


def _end(r):
    if r.drifts:
        lag = [r.true_mean[-1] - r.mean[rule, -1] for rule in (0, 2)]
        return (
            f"The mean drifts: at the end the first rule is {abs(lag[0]):.1f} away from it, "
            f"the plain average {abs(lag[1]):.1f}."
        )
    off = [abs(r.mean[rule, -1] - r.true_mean[-1]) for rule in range(3)]
    return (
        f"At the end the three rules hold a mean that is {off[0]:.1f}, {off[1]:.1f} and {off[2]:.1f} off "
        f"the true {r.true_mean[-1]:.0f}."
    )
