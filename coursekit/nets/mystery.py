"""Three nets that do not start to learn, each for a reason of its own: an exercise of lesson 05."""

import numpy as np

from coursekit import nn
from coursekit.nets.deep import deep_net
from coursekit.nn import checks
from coursekit.nn.initializers import Initializer, get, normal

DEPTH, WIDTH, CLASSES = 10, 100, 10
# Every hidden weight of the third net is this over its fan-in: a bit more than a mean, to keep the spread.
ALIKE = 1.2


def mystery_nets(rng: np.random.Generator) -> tuple[nn.Sequential, nn.Sequential, nn.Sequential]:
    """Return three nets of ten hidden layers of 100 units, started in three wrong ways.

    What is wrong does not depend on the draw; it is told by `exercises.check_diagnosis`.

    Parameters
    ----------
    rng : np.random.Generator
        Draws the weights.
    """
    checks.generator(rng)
    # A sigmoid's outputs differ from unit to unit by its weights, whichever image comes in.
    first = deep_net("sigmoid", DEPTH, WIDTH, classes=CLASSES).initialize(normal(0.12), rng)
    # Sums are six times as wide as tanh bears.
    second = deep_net("tanh", DEPTH, WIDTH, classes=CLASSES).initialize(normal(0.6), rng)
    # Random logits above hidden layers whose weights are all alike.
    alike = Initializer("alike", "constant", lambda shape: ALIKE / shape[0])
    layers = []
    for _ in range(DEPTH):
        layers += [nn.Dense(WIDTH).initialize(alike, rng), nn.Tanh()]
    logits = nn.Dense(CLASSES).initialize(get("xavier_uniform"), rng)
    return first, second, nn.Sequential(*layers, logits)
