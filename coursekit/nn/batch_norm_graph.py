r"""Batch normalization in training mode as a graph of named nodes: small steps up, the same steps back.

Forward, a node is one line of NumPy on the nodes before it. Backward, that line has a local rule: given
the gradient that has arrived at the node, what does each of its parents get? A node that was used twice
gets two contributions, and its gradient is their sum. Nothing else is needed, and no formula for the
whole. `BatchNorm.backward` computes the same from the closed form; a test holds the two together.
"""

from dataclasses import dataclass, fields

import numpy as np

from coursekit.nn import checks

# How each node is computed, and from which others. n is the number of samples.
FORMULAS = {
    "x": ("x", ()),
    "mean": ("μ = Σ x / n", ("x",)),
    "centred": ("c = x − μ", ("x", "mean")),
    "squared": ("q = c²", ("centred",)),
    "variance": ("v = Σ q / n", ("squared",)),
    "std": ("s = √(v + ε)", ("variance",)),
    "inverse_std": ("r = 1 / s", ("std",)),
    "x_hat": ("x̂ = c · r", ("centred", "inverse_std")),
    "gamma": ("γ", ()),
    "scaled": ("z = γ · x̂", ("gamma", "x_hat")),
    "beta": ("β", ()),
    "y": ("y = z + β", ("scaled", "beta")),
}


@dataclass(frozen=True)
class Node:
    """One quantity of the graph.

    Attributes
    ----------
    name : str
        Such as "variance".
    formula : str
        How it is computed, in the symbols of `FORMULAS`.
    parents : tuple of str
        The nodes that it is computed from.
    children : tuple of str
        The nodes that use it; for y the loss, "C".
    value : ndarray
        (n, K), or (K,) for a statistic and for γ and β.
    contributions : ndarray
        ``contributions[j]``, the shape of `value`, is what ``children[j]`` sends back.
    """

    name: str
    formula: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    value: np.ndarray
    contributions: np.ndarray

    @property
    def gradient(self) -> np.ndarray:
        """∂C/∂(this node), the shape of `value`: the sum of the contributions."""
        return self.contributions.sum(axis=0)

    def sent_by(self, child: str) -> np.ndarray:
        """Return the contribution of one child."""
        return self.contributions[self.children.index(checks.one_of("child", child, self.children))]


@dataclass(frozen=True)
class Graph:
    """All nodes of a batch normalization, by name: ``graph.variance.gradient``."""

    x: Node
    mean: Node
    centred: Node
    squared: Node
    variance: Node
    std: Node
    inverse_std: Node
    x_hat: Node
    gamma: Node
    scaled: Node
    beta: Node
    y: Node

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes by name, each after its parents."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def batch_norm_graph(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float, dy: np.ndarray
) -> Graph:
    r"""Compute all nodes of :math:`y = \gamma (x - \mu) / \sqrt{v + \varepsilon} + \beta`, with gradients.

    Parameters
    ----------
    x : ndarray, shape (n, K)
        n samples of K features. Images (N, C, H, W) are the same with n = N·H·W rows and K = C.
    gamma, beta : ndarray, shape (K,)
        γ and β.
    eps : float
        ε, at least 0.
    dy : ndarray, shape (n, K)
        The upstream gradient δ = ∂C/∂y.

    Returns
    -------
    Graph
        In the dtype of x. Its gradients with respect to the inputs are ``graph.x.gradient``,
        ``graph.gamma.gradient`` and ``graph.beta.gradient``.

    Raises
    ------
    TypeError
        If an input holds no real numbers.
    ValueError
        If a shape does not fit, a number is not finite, ε is negative, or a feature is constant while
        ε = 0.
    """
    x = checks.float_array("x", x, ndim=2).copy()  # the graph keeps its values, whatever becomes of x
    gamma = checks.same_shape("gamma", gamma, x.shape[1:]).astype(x.dtype)
    beta = checks.same_shape("beta", beta, x.shape[1:]).astype(x.dtype)
    dy = checks.same_shape("dy", dy, x.shape).astype(x.dtype, copy=False)
    eps = checks.finite("eps", eps, low=0)
    for name, array in (("x", x), ("gamma", gamma), ("beta", beta), ("dy", dy)):
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds nan or inf; the graph needs finite numbers.")

    values = _forward(x, gamma, beta, eps)
    sent = _backward(values, dy)
    return Graph(
        **{
            name: Node(
                name, formula, parents, tuple(sent[name]), values[name], np.stack([*sent[name].values()])
            )
            for name, (formula, parents) in FORMULAS.items()
        }
    )


def _forward(x, gamma, beta, eps):
    """Return the value of every node, each from nodes above it."""
    mean = x.mean(axis=0)
    centred = x - mean
    squared = centred**2
    variance = squared.mean(axis=0)
    std = np.sqrt(variance + x.dtype.type(eps))
    if not std.all():
        raise ValueError(f"feature {np.argmin(std)} is constant and ε is 0: there is no 1/√(v + ε).")
    inverse_std = 1 / std
    x_hat = centred * inverse_std
    scaled = gamma * x_hat
    y = scaled + beta
    return {
        "x": x, "mean": mean, "centred": centred, "squared": squared, "variance": variance, "std": std,
        "inverse_std": inverse_std, "x_hat": x_hat, "gamma": gamma, "scaled": scaled, "beta": beta, "y": y,
    }  # fmt: skip


def _backward(values, dy):
    """Return for every node what each of its children sends back; d_v is short for ∂C/∂v.

    Two rules serve all lines. A parent gets the node's gradient times the slope of the node with respect
    to it. And where one row of numbers (μ, r, γ, β) was used for all n samples, the samples' shares are
    summed; where all n samples went into one row (the two means), each sample gets its n-th part.
    """
    n = len(dy)
    every_sample = np.ones_like(dy)
    centred, std, x_hat = values["centred"], values["std"], values["x_hat"]

    # y = z + β: the slope of a sum is 1 for both terms.
    d_scaled = dy
    d_beta = dy.sum(axis=0)
    # z = γ x̂: the slope of a product is the other factor.
    d_x_hat = values["gamma"] * d_scaled
    d_gamma = (x_hat * d_scaled).sum(axis=0)
    # x̂ = c r, again a product. It sends c the first of its two contributions.
    d_centred_by_x_hat = values["inverse_std"] * d_x_hat
    d_inverse_std = (centred * d_x_hat).sum(axis=0)
    # r = 1/s has the slope -1/s².
    d_std = -d_inverse_std / std**2
    # s = √(v + ε) has the slope 1/(2s).
    d_variance = d_std / (2 * std)
    # v is a mean: a slope of 1/n for each sample.
    d_squared = every_sample * d_variance / n
    # q = c² has the slope 2c, and here is the second contribution.
    d_centred_by_squared = 2 * centred * d_squared
    d_centred = d_centred_by_x_hat + d_centred_by_squared
    # c = x - μ: slopes 1 and -1.
    d_x_by_centred = d_centred
    d_mean = -d_centred.sum(axis=0)
    # μ is a mean too.
    d_x_by_mean = every_sample * d_mean / n

    return {
        "y": {"C": dy},
        "scaled": {"y": d_scaled},
        "beta": {"y": d_beta},
        "x_hat": {"scaled": d_x_hat},
        "gamma": {"scaled": d_gamma},
        "inverse_std": {"x_hat": d_inverse_std},
        "std": {"inverse_std": d_std},
        "variance": {"std": d_variance},
        "squared": {"variance": d_squared},
        "centred": {"x_hat": d_centred_by_x_hat, "squared": d_centred_by_squared},
        "mean": {"centred": d_mean},
        "x": {"centred": d_x_by_centred, "mean": d_x_by_mean},
    }
