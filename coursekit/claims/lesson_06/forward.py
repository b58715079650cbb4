"""Claims of lesson 06 on what normalization does to a feature, and to a sigmoid behind it."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_06.samples import pixels, wide_sums
from coursekit.claims.lesson_06.titles import BN_NOTES, CS231N, IOFFE, PADDLE

HERE = "measured here"
SETTING = "500 images through 100 units with N(0, 1²) weights"


@claim(
    says="In training every feature comes out with mean 0 and spread 1.",
    verdict="holds",
    measured="largest deviation of a feature",
    band=(0, 1e-3),
    setting=SETTING,
    source=f"{IOFFE}, algorithm 1",
)
def bn_mean_and_spread(seed: int) -> float:
    y = nn.BatchNorm().forward(wide_sums(seed), training=True)
    return max(np.abs(y.mean(axis=0)).max(), np.abs(y.std(axis=0) - 1).max())


@claim(
    says="A feature whose variance is as small as ε comes out with the spread √½, not 1.",
    verdict="holds",
    measured="spread of x̂ where v = ε = 10⁻⁵ (√(v/(v + ε)) = 0.707)",
    band=(0.706, 0.708),
    setting="1,000 numbers with variance 10⁻⁵",
    source=f"{PADDLE}, which sees that NumPy without ε differs",
)
def bn_eps_narrows(seed: int) -> float:
    x = np.random.default_rng(seed).standard_normal((1000, 1))
    x = (x - x.mean()) / x.std() * np.sqrt(1e-5)
    return nn.BatchNorm(eps=1e-5).forward(x, training=True).std()


@claim(
    says="At mean 0 and spread 1 a sigmoid is nearly a straight line: γ and β let a unit out of there.",
    verdict="holds",
    measured="share of the sigmoid's variance that a line explains, median unit",
    band=(0.97, 1),
    setting=SETTING,
    source=f"{IOFFE}, section 3; {PADDLE}: without γ and β some patterns are lost",
)
def bn_sigmoid_is_nearly_a_line(seed: int) -> float:
    z = nn.BatchNorm().forward(wide_sums(seed), training=True)
    lines = [np.corrcoef(unit, nn.sigmoid(unit))[0, 1] ** 2 for unit in z.T]
    return float(np.median(lines))


@claim(
    says="A convolution undoes the normalization of the image: its channels differ in spread.",
    verdict="holds",
    measured="largest ÷ smallest spread of 8 channels",
    band=(1.5, INF),
    setting="64 images with mean 0 and spread 1, 3 × 3 filters drawn by He's rule",
    source=BN_NOTES,
)
def bn_convolution_undoes(seed: int) -> float:
    x = pixels(seed)
    conv = nn.Conv2D(8, 3).initialize("he_normal", np.random.default_rng(seed))
    spreads = conv.forward((x - x.mean()) / x.std()).std(axis=(0, 2, 3))
    return spreads.max() / spreads.min()


@claim(
    says="γ = √(v + ε) and β = μ undo the normalization.",
    verdict="holds",
    measured="largest |y − x| ÷ spread of x",
    band=(0, 1e-12),
    setting=SETTING,
    source=f"{IOFFE}, section 3",
)
def bn_can_be_undone(seed: int) -> float:
    x = wide_sums(seed)
    layer = nn.BatchNorm()
    layer.forward(x, training=True)
    layer.params["gamma"][...] = np.sqrt(x.var(axis=0) + layer.eps)
    layer.params["beta"][...] = x.mean(axis=0)
    return np.abs(layer.forward(x, training=True) - x).max() / x.std()


def skewness(x: np.ndarray) -> np.ndarray:
    """Return how lopsided each feature is, shape (K,); a bell curve has 0."""
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    return (z**3).mean(axis=0)


@claim(
    says="Batch normalization turns a feature into a bell curve.",
    verdict="folklore",
    measured="skewness of normalized ReLU outputs (bell curve: 0)",
    band=(1, INF),
    setting=SETTING,
    source=CS231N,
)
def bn_normalizes_to_a_bell(seed: int) -> float:
    h = np.maximum(wide_sums(seed), 0)
    h = h[:, (h > 0).mean(axis=0) > 0.05]
    return float(np.median(skewness(nn.BatchNorm().forward(h, training=True))))


@claim(
    says="It moves and stretches a histogram and leaves its shape.",
    verdict="holds",
    measured="largest change of a feature's skewness",
    band=(0, 1e-9),
    setting=SETTING,
    source=HERE,
)
def bn_keeps_the_shape(seed: int) -> float:
    s = wide_sums(seed)
    return np.abs(skewness(nn.BatchNorm().forward(s, training=True)) - skewness(s)).max()


@claim(
    says="Feature maps around 10 lie where a sigmoid is flat; normalization moves them back.",
    verdict="holds",
    measured="mean slope after ÷ before",
    band=(1000, INF),
    setting="16 samples of 8 maps of 7 × 7, drawn from N(10, 1)",
    source=BN_NOTES,
)
def bn_ten_is_flat(seed: int) -> float:
    maps = 10 + np.random.default_rng(seed).standard_normal((16, 8, 7, 7))
    sigmoid = nn.sigmoid
    before, after = (
        np.mean(sigmoid(z) * (1 - sigmoid(z))) for z in (maps, nn.BatchNorm().forward(maps, training=True))
    )
    return after / before


def saturated(s: np.ndarray) -> float:
    """Return the share of sums at which a sigmoid's slope is below 0.01."""
    h = nn.sigmoid(s)
    return (h * (1 - h) < 0.01).mean()


@claim(
    says="Weights that are far too wide saturate sigmoid units.",
    verdict="holds",
    measured="share with a slope below 0.01, without normalization",
    band=(0.7, 1),
    setting=SETTING,
    source=HERE,
)
def bn_without_saturates(seed: int) -> float:
    return saturated(wide_sums(seed))


@claim(
    says="With batch normalization the same units are not saturated.",
    verdict="holds",
    measured="the same share with it",
    band=(0, 0.001),
    setting=SETTING,
    source=HERE,
)
def bn_unsaturates(seed: int) -> float:
    return saturated(nn.BatchNorm().forward(wide_sums(seed), training=True))
