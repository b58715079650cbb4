"""Batch norm's graph half-way: the values and gradients that are known after so many steps."""

from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.nn.batch_norm_graph import FORMULAS, Graph, batch_norm_graph

# The nodes that have something to compute. Step 1 computes the first of them; after the last one, the
# gradient goes back through them, last one first.
COMPUTED = ("mean", "centred", "squared", "variance", "std", "inverse_std", "x_hat", "scaled", "y")
STEPS = 2 * len(COMPUTED)
FORMULA_OF = {name: formula for name, (formula, _) in FORMULAS.items()}
EDGES = tuple((parent, name) for name, (_, parents) in FORMULAS.items() for parent in parents)
EPS = 0.25
UPSTREAMS = ("mixed", "one_entry", "ones")
SAMPLES, FEATURES = 3, 2


@dataclass(frozen=True)
class GraphStep:
    """The graph after `step` of its 18 steps: 9 forward, then 9 backward.

    Attributes
    ----------
    step : int
        0: only the inputs are known, and δ.
    graph : Graph
        The finished graph; `knows_value` and `arrived` tell what of it is known by now.
    """

    step: int
    graph: Graph

    @property
    def backward(self) -> bool:
        """Whether this step passes a gradient back."""
        return self.step > len(COMPUTED)

    @property
    def node(self) -> str:
        """The node that this step computes, or passes the gradient back through; "" at step 0."""
        order = ("", *COMPUTED, *reversed(COMPUTED))
        return order[self.step]

    def knows_value(self, name: str) -> bool:
        """Whether the node's value is known by now."""
        return name not in COMPUTED or self.step > COMPUTED.index(name)

    def has_passed_back(self, name: str) -> bool:
        """Whether the gradient has gone back through the node; the loss "C" sends δ from the start."""
        return name == "C" or self.step >= STEPS - COMPUTED.index(name)

    def arrived(self, name: str) -> np.ndarray | None:
        """Return the sum of the contributions that have reached the node by now; None if there is none."""
        node = self.graph.nodes[name]
        known = [i for i, child in enumerate(node.children) if self.has_passed_back(child)]
        return node.contributions[known].sum(axis=0) if known else None

    def is_partial(self, name: str) -> bool:
        """Whether some contributions have reached the node, and others not yet."""
        passed = [self.has_passed_back(child) for child in self.graph.nodes[name].children]
        return any(passed) and not all(passed)

    @property
    def meeting(self) -> str | None:
        """The node at which this very step completes a sum of two contributions; None if there is none."""
        node = self.graph.nodes.get(self.node)
        for parent in node.parents if node and self.backward else ():
            if len(self.graph.nodes[parent].children) > 1 and not self.is_partial(parent):
                return parent
        return None


def example_batch(batch: int, upstream: str) -> dict[str, np.ndarray]:
    """Return x, gamma, beta and dy of a mini-batch of 3 samples × 2 features, in whole numbers.

    Parameters
    ----------
    batch : int
        0 is a batch that comes out even: standard deviations 3/2 and 5/2 with ε = 1/4. Others are
        drawn with this number as their seed.
    upstream : str
        δ: "mixed", "one_entry" (1 for sample 1 and feature 1, else 0) or "ones".

    Raises
    ------
    ValueError
        For an unknown upstream or a negative batch.
    """
    checks.one_of("upstream", upstream, UPSTREAMS)
    rng = np.random.default_rng(batch)
    x, dy = rng.integers(0, 10, (SAMPLES, FEATURES)), rng.integers(-2, 3, (SAMPLES, FEATURES))
    if batch == 0:
        x, dy = np.array([[0, 2], [0, 5], [3, 8]]), np.array([[1, -1], [0, 2], [-2, 1]])
    if upstream == "ones":
        dy = np.ones_like(dy)
    elif upstream == "one_entry":
        dy = np.zeros_like(dy)
        dy[0, 0] = 1
    return {"x": x.astype(float), "gamma": np.array([3.0, 5.0]), "beta": np.array([1.0, -1.0]),
            "dy": dy.astype(float)}  # fmt: skip


def graph_step(step: int, batch: int = 0, upstream: str = "mixed") -> GraphStep:
    """Return the graph of `example_batch` after `step` steps, with ε = 1/4.

    Raises
    ------
    TypeError, ValueError
        If `step` is no whole number from 0 to 18, or the batch is refused.
    """
    if step != 0 and checks.positive_int("step", step) > STEPS:
        raise ValueError(f"step must be at most {STEPS}; got {step}.")
    return GraphStep(int(step), batch_norm_graph(**example_batch(batch, upstream), eps=EPS))
