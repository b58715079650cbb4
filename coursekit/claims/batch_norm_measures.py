"""The measurements behind the claims of lesson 06, each from a seed to a number."""

from functools import lru_cache

import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics import running_rules, running_statistics

SIZES = (4, 8, 16, 32, 64, 128)


def wide_sums(seed: int, samples: int = 500) -> np.ndarray:
    """Return pre-activations of 100 units with N(0, 1²) weights on images, float64, (samples, 100)."""
    x, _ = datasets.fashion_samples(samples)
    return (x @ np.random.default_rng(seed).standard_normal((784, 100))).astype(np.float64)


def pixels(seed: int, images: int = 64) -> np.ndarray:
    """Return images drawn at random from the training set, (images, 1, 28, 28), float64."""
    x = datasets.fashion_mnist().x_train
    chosen = np.random.default_rng(seed).choice(len(x), images, replace=False)
    return x[chosen].astype(np.float64)


def worst_moment(seed) -> float:
    """Return the largest |mean| or |spread - 1| of any feature after normalization."""
    y = nn.BatchNorm().forward(wide_sums(seed), training=True)
    return max(np.abs(y.mean(axis=0)).max(), np.abs(y.std(axis=0) - 1).max())


def undone(seed) -> float:
    """Return the largest |y - x| ÷ spread of x with γ = √(v + ε) and β = μ."""
    x = wide_sums(seed)
    layer = nn.BatchNorm()
    layer.forward(x, training=True)
    layer.params["gamma"][...] = np.sqrt(x.var(axis=0) + layer.eps)
    layer.params["beta"][...] = x.mean(axis=0)
    return np.abs(layer.forward(x, training=True) - x).max() / x.std()


def company(seed, *, training: bool) -> float:
    """Return by how much A's outputs differ (root mean square) with B and with C, D beside it."""
    x = wide_sums(seed)
    layer = nn.BatchNorm()
    for _ in range(50):
        layer.forward(x, training=True)
    with_b, with_cd = (layer.forward(x[rows], training=training)[0] for rows in ([0, 1], [0, 2, 3]))
    return float(np.sqrt(np.square(with_b - with_cd).mean()))


def missing_variance(seed) -> float:
    """Return which share of 64 images' batch variance the average of their own variances lacks."""
    x = pixels(seed)
    return 1 - x.var(axis=(1, 2, 3)).mean() / x.var()


def total_variance_gap(seed) -> float:
    """Return |batch variance - average of variances - variance of means| ÷ batch variance."""
    x = pixels(seed)
    parts = x.var(axis=(1, 2, 3)).mean() + x.mean(axis=(1, 2, 3)).var()
    return abs(x.var() - parts) / x.var()


def batch_of_one(seed) -> float:
    """Return the largest |y - β| for batches of one sample of 100 features."""
    layer = nn.BatchNorm()
    x = wide_sums(seed)
    layer.forward(x, training=True)
    layer.params["beta"][...] = np.random.default_rng(seed).standard_normal(100)
    outputs = [layer.forward(x[i : i + 1], training=True) for i in range(20)]
    return np.abs(np.concatenate(outputs) - layer.params["beta"]).max()


def one_image(seed) -> float:
    """Return the spread of what comes out of a batch of one image, 28 × 28 pixels of one channel."""
    return nn.BatchNorm().forward(pixels(seed, 1), training=True).std()


def standard_error_slope(seed) -> float:
    """Return the slope of log(spread of a batch's mean) against log(batch size)."""
    rng = np.random.default_rng(seed)
    spreads = [rng.standard_normal((2000, size)).mean(axis=1).std() for size in SIZES]
    return np.polyfit(np.log(SIZES), np.log(spreads), 1)[0]


def biased_share(seed, size: int = 4) -> float:
    """Return the average variance (divided by n) of batches of 4 ÷ the true variance."""
    return np.random.default_rng(seed).standard_normal((20_000, size)).var(axis=1).mean()


def _averaged(momentum, rule, seed, step=10, runs=300):
    """Return a rule's running variance after some steps from 0 ÷ the mean batch variance, over runs."""
    variances = np.random.default_rng(seed).standard_normal((runs, step, 32)).var(axis=2)
    held = [running_rules(row, momentum, 0.0)[rule, step] for row in variances]
    return np.mean(held) / variances.mean()


def zero_start(seed) -> float:
    """Return the running variance after 10 steps from 0 at momentum 0.9 ÷ the batches' variance."""
    return _averaged(0.9, 0, seed)


def corrected_start(seed) -> float:
    """Return the same after the division by 1 - 0.9¹⁰."""
    return _averaged(0.9, 3, seed)


def layer_zero_start(seed, steps: int = 5) -> float:
    """Return the spread of predictions after 5 steps from running variance 0; the true spread is 1."""
    x = wide_sums(seed)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    layer = nn.BatchNorm()
    layer.forward(x)
    layer.buffers["var"][...] = 0
    for _ in range(steps):
        layer.forward(x, training=True)
    return layer.forward(x).std()


def _scatter(rule, seed, momentum=0.9):
    """Return how much the running mean jumps about: its spread over steps 50 to 1,000."""
    run = running_statistics(momentum, 32, np.random.default_rng(seed), steps=1000)
    return run.mean[rule, 50:].std()


def swapped_momentum(seed) -> float:
    """Return the scatter of the running mean under PyTorch's rule ÷ Keras's, both with 0.9."""
    return _scatter(1, seed) / _scatter(0, seed)


def _error(rule, seed, *, drift):
    """Return the root mean square error of the running mean at step 100, over 100 runs."""
    rng = np.random.default_rng(seed)
    runs = [running_statistics(0.9, 32, rng, drift=drift) for _ in range(100)]
    return np.sqrt(np.mean([(r.mean[rule, -1] - r.true_mean[-1]) ** 2 for r in runs]))


def average_at_rest(seed) -> float:
    """Return the plain average's error ÷ the exponential one's while the true mean stands still."""
    return _error(2, seed, drift=False) / _error(0, seed, drift=False)


def average_in_motion(seed) -> float:
    """Return the same while the true mean moves from 1 to 5."""
    return _error(2, seed, drift=True) / _error(0, seed, drift=True)


def ten_on_a_sigmoid(seed) -> float:
    """Return the mean slope of a sigmoid at feature maps with mean 10, after ÷ before normalization."""
    maps = 10 + np.random.default_rng(seed).standard_normal((16, 8, 7, 7))
    sigmoid = nn.sigmoid
    before, after = (
        np.mean(sigmoid(z) * (1 - sigmoid(z))) for z in (maps, nn.BatchNorm().forward(maps, training=True))
    )
    return after / before


def saturated(seed, *, batch_norm: bool) -> float:
    """Return the share of sigmoid units, weights N(0, 1²), whose slope is below 0.01."""
    s = wide_sums(seed)
    if batch_norm:
        s = nn.BatchNorm().forward(s, training=True)
    h = nn.sigmoid(s)
    return (h * (1 - h) < 0.01).mean()


def _skewness(x):
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    return (z**3).mean(axis=0)


def lopsided_after(seed) -> float:
    """Return the median skewness of ReLU features after normalization; a bell curve has 0."""
    h = np.maximum(wide_sums(seed), 0)
    h = h[:, (h > 0).mean(axis=0) > 0.05]
    return float(np.median(_skewness(nn.BatchNorm().forward(h, training=True))))


def shape_change(seed) -> float:
    """Return the largest change of a feature's skewness by normalization."""
    s = wide_sums(seed)
    return np.abs(_skewness(nn.BatchNorm().forward(s, training=True)) - _skewness(s)).max()


@lru_cache(maxsize=8)
def trained_net(seed: int) -> nn.Sequential:
    """Return 784-100-10 with batch normalization and ReLU, after 150 steps on batches of 64 images."""
    data = datasets.fashion_mnist().flat()
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(100), nn.BatchNorm(), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
    for _ in range(150):
        rows = rng.choice(len(data.x_train), 64, replace=False)
        logits = net.forward(data.x_train[rows], training=True)
        _, dlogits = nn.softmax_cross_entropy(logits, data.y_train[rows])
        net.backward(dlogits)
        for name, parameter in net.params.items():
            parameter -= 0.2 * net.grads[name]
    return net


def _logits(net, x, size, *, own):
    """Return the net's answers, batch by batch; with `own`, by each batch's statistics."""
    kept = {name: array.copy() for name, array in net.buffers.items()}
    batches = [net.forward(x[i : i + size], training=own) for i in range(0, len(x), size)]
    for name, array in net.buffers.items():
        array[...] = kept[name]
    return np.concatenate(batches)


def accuracy(seed, size: int = 50, *, own: bool, order: str = "shuffled") -> float:
    """Return the accuracy on 1,000 test images in batches of `size`, shuffled or sorted by class."""
    data = datasets.fashion_mnist().flat()
    x, labels = data.x_test[:1000], data.y_test[:1000]
    if order == "sorted":
        by_class = np.argsort(labels, kind="stable")
        x, labels = x[by_class], labels[by_class]
    logits = _logits(trained_net(seed), x, size, own=own)
    return (logits.argmax(axis=1) == labels).mean()


def answers_one_at_a_time(seed) -> float:
    """Return how many different classes come out for 1,000 images in batches of one, own statistics."""
    data = datasets.fashion_mnist().flat()
    logits = _logits(trained_net(seed), data.x_test[:1000], 1, own=True)
    return len(np.unique(logits.argmax(axis=1)))
