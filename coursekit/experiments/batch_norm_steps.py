"""Batch normalization of a mini-batch small enough to read: every number of every step."""

from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.nn.activations import sigmoid
from coursekit.words import two_decimals

FLAT_SLOPE = 0.01
VIEWS = ("table", "sigmoid")


@dataclass(frozen=True)
class BatchNormSteps:
    r"""From N samples with K features to :math:`y = \gamma (x - \mu)/\sqrt{v + \varepsilon} + \beta`.

    Attributes
    ----------
    x : ndarray, shape (N, K)
        The mini-batch.
    training : bool
        Whether μ and v are the batch's own (True) or stored ones.
    mean, var : ndarray, shape (K,)
        μ and v, as used; of a batch, v divides by N.
    centred, squared, x_hat, y : ndarray, shape (N, K)
        x - μ, its square, the normalized values, the output.
    gamma, beta : ndarray, shape (K,)
        Scale and shift, as used.
    eps : float
        ε.
    view : str
        What is looked at: "table", every number of the steps, or "sigmoid", where x and y lie on one.
    """

    x: np.ndarray
    training: bool
    mean: np.ndarray
    var: np.ndarray
    centred: np.ndarray
    squared: np.ndarray
    x_hat: np.ndarray
    y: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    eps: float
    view: str = "table"

    @property
    def slopes(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean slope of a sigmoid at the values of each feature, before and after; each (K,)."""
        return tuple((s * (1 - s)).mean(axis=0) for s in (sigmoid(self.x), sigmoid(self.y)))


def batch_norm_steps(
    x: np.ndarray,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    eps: float = 1e-5,
    stored: tuple[np.ndarray, np.ndarray] | None = None,
    *,
    view: str = "table",
) -> BatchNormSteps:
    """Normalize `x` step by step, in float64.

    Parameters
    ----------
    x : array_like, shape (N, K)
        N samples of K features.
    gamma, beta : array_like, shape (K,), optional
        Scale and shift. What is left out undoes the normalization: γ = √(v + ε), β = μ.
    eps : float
        ε ≥ 0.
    stored : pair of array_like of shape (K,), optional
        Mean and variance kept from training. Given, they are used instead of the batch's own.
    view : str
        One of `VIEWS`; it changes no number.

    Raises
    ------
    TypeError, ValueError
        If a shape does not fit, ε or a variance is negative, or the view is unknown.
    """
    x = checks.float_array("x", x, ndim=2).astype(np.float64)
    eps = checks.finite("eps", eps, low=0)
    features = x.shape[1:]
    if stored is None:
        mean = x.mean(axis=0)
        var = np.square(x - mean).mean(axis=0)
    else:
        mean, var = (checks.same_shape("stored", s, features).astype(np.float64) for s in stored)
        if (var < 0).any():
            raise ValueError(f"a stored variance must not be negative; got {var.min()}.")
    std = np.sqrt(var + eps)
    gamma = std if gamma is None else checks.same_shape("gamma", gamma, features).astype(np.float64)
    beta = mean if beta is None else checks.same_shape("beta", beta, features).astype(np.float64)
    centred = x - mean
    # 0 / 0 only without ε; the feature is then constant, and 0 is what any ε > 0 gives.
    x_hat = np.divide(centred, std, out=np.zeros_like(x), where=std > 0)
    return BatchNormSteps(
        x=x,
        training=stored is None,
        mean=mean,
        var=var,
        centred=centred,
        squared=np.square(centred),
        x_hat=x_hat,
        y=gamma * x_hat + beta,
        gamma=gamma,
        beta=beta,
        eps=eps,
        view=checks.one_of("view", view, VIEWS),
    )


def diagnose_steps(steps: BatchNormSteps) -> str:
    """Say what the four steps did to the mini-batch, and on what sample A's output depends.

    Where the sigmoid is looked at: how steep it is where the values lay, and where they lie now.
    """
    if steps.view == "sigmoid":
        return _slope(steps)
    return " ".join(filter(None, (_company(steps), _outcome(steps))))


def _company(steps):
    output = ", ".join(two_decimals(v) for v in steps.y[0])
    if _undone(steps):
        return "γ = √(v + ε) and β = μ undo the normalization: every sample comes out as it went in."
    if not steps.training:
        return f"Prediction: sample A comes out as ({output}), whatever the other samples are."
    if len(steps.x) == 1:
        return f"Training: sample A is alone, so x̂ is 0 whatever A is, and it comes out as ({output})."
    if not steps.gamma.any():
        return f"γ = 0 wipes the samples out: each comes out as β = ({output})."
    return f"Training: in this company sample A comes out as ({output}); move another and it changes."


def _undone(steps):
    """Whether γ and β undo the rest; numbers that only happen to come out as they went in do not count."""
    root = np.sqrt(steps.var + steps.eps)
    pairs = ((steps.y, steps.x), (steps.gamma, root), (steps.beta, steps.mean))
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-9) for a, b in pairs)


def _outcome(steps):
    if _undone(steps) or len(steps.x) == 1:
        return ""
    constant = np.flatnonzero(steps.var == 0)
    if steps.training and constant.size:
        return f"Feature {constant[0] + 1} has no spread: its x̂ is 0 for every sample, and its y is β."
    weak = np.flatnonzero(steps.eps > 0.02 * steps.var)
    if steps.training and weak.size:
        k = weak[np.argmin(steps.var[weak])]
        return (
            f"ε = {steps.eps:.3g} is no longer small beside feature {k + 1}'s variance, "
            f"{two_decimals(steps.var[k])}: x̂ has the spread {two_decimals(steps.x_hat[:, k].std())}."
        )
    means, spreads = steps.x_hat.mean(axis=0), steps.x_hat.std(axis=0)
    if steps.training:
        return "Each feature of x̂ has mean 0 and spread 1."
    told = (map(two_decimals, pair) for pair in zip(means, spreads, strict=True))
    pairs = "; ".join(map(" and ".join, told))
    return f"Mean and spread of this batch's x̂ need not be 0 and 1; by feature they are {pairs}."


def _slope(steps):
    before, after = steps.slopes
    was = _and(f"{_share(s)} at feature {k}{_flat(s)}" for k, s in enumerate(before, start=1))
    if _undone(steps):
        return f"γ = √(v + ε) and β = μ undo it all: the sigmoid's mean slope stays {was}."
    now = _and(_share(s) + _flat(s) for s in after)
    return f"The sigmoid's mean slope was {was}; after batch normalization it is {now}. At most it is 0.25."


def _flat(slope):
    return " (flat)" if slope < FLAT_SLOPE else ""


def _and(words):
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _share(value):
    return f"{value:.2g}" if value >= 1e-4 else "below 0.0001"
