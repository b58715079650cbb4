"""Claims of lesson 05 on thirty ReLU layers: whether they learn, how nets scatter, which units are dead."""

import numpy as np

from coursekit.claims.claim import claim
from coursekit.claims.lesson_05.learning import loss_after_training
from coursekit.claims.lesson_05.signals import mean_squares, run

HE, HERE = "He et al. 2015", "measured here"
SETTING = "thirty ReLU layers of 100 units; 500 images, all of them at each of 100 steps at rate 0.02"


@claim(
    says="Thirty ReLU layers from Xavier's scale stall.",
    verdict="holds",
    measured="loss after 100 steps",
    band=(2.28, 2.31),
    setting=SETTING,
    source=f"{HE}, fig. 3",
)
def relu_xavier_stalls(seed: int) -> float:
    return loss_after_training("relu", "xavier_normal", seed, depth=30, rate=0.02)


@claim(
    says="From He's scale they learn.",
    verdict="holds",
    measured="loss after 100 steps",
    band=(0, 1.8),
    setting=SETTING,
    source=f"{HE}, fig. 3",
)
def relu_he_learns(seed: int) -> float:
    return loss_after_training("relu", "he_normal", seed, depth=30, rate=0.02)


@claim(
    says="Wider layers scatter less from net to net.",
    verdict="holds",
    measured="scatter of log E[h²] at layer 20, width 50 ÷ width 400",
    band=(1.3, 10),
    setting="16 He nets of twenty ReLU layers for each width, 100 images",
    source=HERE,
)
def width_calms_scatter(seed: int) -> float:
    scatter = {}
    for width in (50, 400):
        ends = [
            mean_squares(run("relu", "he_normal", 1000 * seed + draw, depth=20, width=width, images=100).h)
            for draw in range(16)
        ]
        scatter[width] = np.std([np.log(h[-1] / h[0]) for h in ends])
    return scatter[50] / scatter[400]


@claim(
    says="In deep ReLU nets many units are zero for every sample, under He's rule too.",
    verdict="holds",
    measured="share of such units at layer 30",
    band=(0.1, 0.6),
    setting="thirty ReLU layers of 500 units from He's rule, 500 images",
    source=HERE,
)
def dead_units(seed: int) -> float:
    return (run("relu", "he_normal", seed, depth=30).h[-1] == 0).all(axis=0).mean()
