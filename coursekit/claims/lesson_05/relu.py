"""Claims of lesson 05 on ReLU: Xavier's scale and He's, and the zeros."""

import numpy as np

from coursekit.claims.claim import claim
from coursekit.claims.lesson_05.signals import mean_squares, run

HE, CS231N, HERE = "He et al. 2015", "notes after CS231n", "measured here"
SETTING = "thirty ReLU layers of 500 units, 500 images"


def factor_a_layer(scheme: str, seed: int) -> float:
    """Return by what E[h²] is multiplied from layer to layer: fitted, on a logarithmic scale."""
    h = run("relu", scheme, seed, depth=30).h
    return float(np.exp(np.polyfit(np.arange(30), np.log(mean_squares(h)), 1)[0]))


@claim(
    says="Xavier under ReLU halves the mean square at every layer, 2⁻ᴸ in all.",
    verdict="holds",
    measured="factor of the mean square a layer, fitted over thirty",
    band=(0.47, 0.54),
    setting=SETTING,
    source=f"{HE}, sec. 2.2",
    carries=True,
)
def xavier_relu_halves(seed: int) -> float:
    return factor_a_layer("xavier_normal", seed)


@claim(
    says="He's factor √2 makes up for it: the mean square stays.",
    verdict="holds",
    measured="factor of the mean square a layer, fitted over thirty",
    band=(0.93, 1.07),
    setting=SETTING,
    source=f"{HE}, eq. 10",
    carries=True,
)
def he_relu_keeps(seed: int) -> float:
    return factor_a_layer("he_normal", seed)


@claim(
    says="So layer 30 of a He net has layer 1's mean square.",
    verdict="holds only on average",
    measured="largest ÷ smallest end-to-end ratio of ten nets",
    band=(2, 50),
    setting="ten He nets of thirty ReLU layers of 500 units, 100 images",
    source=HERE,
)
def he_end_to_end(seed: int) -> float:
    ends = []
    for draw in range(10):
        h = mean_squares(run("relu", "he_normal", 1000 * seed + draw, depth=30, images=100).h)
        ends.append(h[-1] / h[0])
    return max(ends) / min(ends)


@claim(
    says="With Xavier, ReLU's zeros pile up layer by layer; with He they do not.",
    verdict="folklore",
    measured="largest gap between the two, in shares of zeros and of dead units: ReLU(c·s) = c·ReLU(s)",
    band=(0, 0.0005),
    setting="ten ReLU layers of 500 units, 500 images",
    source=CS231N,
)
def relu_zeros_do_not_pile_up(seed: int) -> float:
    share = []
    for scheme in ("xavier_normal", "he_normal"):
        zero = [h == 0 for h in run("relu", scheme, seed).h]
        share.append(np.array([(z.mean(), z.all(axis=0).mean()) for z in zero]))
    # To a hundredth of a percent: a handful of the 250,000 outputs lie so near 0 that rounding decides.
    return round(np.abs(share[0] - share[1]).max(), 4)
