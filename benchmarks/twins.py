"""Naive twins of explorers: what one writes without a thought of speed: `@interact`, NumPy, pyplot.

Each computes the same numbers at the same fineness and draws the same panels. Nothing is slow on purpose:
what no slider changes is computed once, before the function; all else is computed and drawn at each move,
from what the sliders say. A surface is filled point by point, as its formula is read.
"""

SOFTMAX = '''
"""Three scores to probabilities, loss and push: three panels anew."""
@interact(coat=FloatSlider(value=2, min=-10, max=10, step=0.1), shirt=FloatSlider(value=1, min=-10, max=10),
          bag=FloatSlider(value=0, min=-10, max=10), T=FloatLogSlider(value=1, min=-1, max=1))
def draw(coat, shirt, bag, T):
    names, y = ["coat", "shirt", "bag"], np.array([1, 0, 0])
    z = np.array([coat, shirt, bag]) / T
    powers = np.exp(z - z.max())
    p = powers / powers.sum()
    fig, (bars, loss, push) = plt.subplots(1, 3, figsize=(9.8, 3.9), layout="constrained")
    bars.bar(names, p)
    for k in range(3):
        bars.text(k, -0.22, f"{z[k]:.2f}", ha="center")
        bars.text(k, -0.30, f"{powers[k]:.3g}", ha="center")
        bars.text(k, -0.38, f"{p[k]:.3f}", ha="center")
    bars.set(ylim=(0, 1.08), title="Probabilities p")
    axis = np.linspace(np.exp(-8), 1, 400)
    loss.plot(axis, -np.log(axis))
    loss.plot(p[0], -np.log(p[0]), "o")
    loss.text(0.6, 7, f"loss {-np.log(p[0]):.2f}")
    loss.set(ylim=(0, 8), xlabel="probability of the truth", title="Loss")
    push.bar(names, y - p)
    for k in range(3):
        push.text(k, y[k] - p[k], f"{y[k] - p[k]:.2f}", ha="center")
    push.set(ylim=(-1.1, 1.1), title="Push y - p")
    plt.show()
'''

TEMPERATURE = '''
"""A trained net's scores over T: the loss at 81 temperatures, the accuracy, ten bins; four panels anew."""
from coursekit.experiments.temperature import trained_scores
z, labels = trained_scores(40, 0)["new"]

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def loss_of(T):
    return -np.log(softmax(z / T)[np.arange(len(z)), labels] + 1e-30).mean()

temperatures = np.geomspace(0.1, 10, 81)
losses = [loss_of(T) for T in temperatures]

@interact(T=FloatLogSlider(value=1, min=-1, max=1, step=0.05))
def draw(T):
    p = softmax(z / T)
    sure, hit = p.max(axis=1), p.argmax(axis=1) == labels
    edges = np.linspace(0, 1, 11)
    counts, right, mean = np.zeros(10), np.zeros(10), np.zeros(10)
    for k in range(10):
        inside = (sure >= edges[k]) & (sure < edges[k + 1])
        counts[k] = inside.sum()
        if counts[k]:
            right[k], mean[k] = hit[inside].mean(), sure[inside].mean()
    fig, axes = plt.subplots(2, 2, figsize=(9.8, 4.1), height_ratios=(5, 2), layout="constrained")
    loss, how, accuracy, share = axes.ravel()
    loss.plot(temperatures, losses)
    loss.plot(T, loss_of(T), "o")
    best = np.argmin(losses)
    loss.axvline(temperatures[best], ls="--")
    loss.text(temperatures[best], 3.5, f"best T = {temperatures[best]:.2g}, loss {losses[best]:.2f}")
    loss.set(xscale="log", ylim=(0, 4), ylabel="loss", title="Loss")
    accuracy.plot(temperatures, [hit.mean()] * 81)
    accuracy.plot(T, hit.mean(), "o")
    accuracy.text(0.1, 0.1, f"{hit.mean():.1%} right")
    accuracy.set(xscale="log", ylim=(0, 1.08), xlabel="temperature T", ylabel="accuracy")
    how.bar(edges[:-1], right, 0.1, align="edge", ec="white")
    how.vlines(mean, right, mean, color="C1")
    how.plot([0, 1], [0, 1], "--")
    how.set(ylim=(0, 1), ylabel="share named rightly", title="As right as it is sure?")
    share.bar(edges[:-1], counts / counts.sum(), 0.1, align="edge", ec="white")
    share.text(0.03, 0.8, f"sure by {sure.mean():.0%} on average")
    share.set(ylim=(0, 1), ylabel="images", xlabel="how sure")
    plt.show()
'''

DESCENT = '''
"""Three walkers, 40 passes over 100 samples each, the loss after every update; two panels anew."""
from coursekit.experiments.descent import lecun_problem
problem = lecun_problem()
x, t = problem.x, problem.targets

def loss_of(w):
    return 0.5 * np.mean((x @ w - t) ** 2)

w1, w2 = np.linspace(-2.5, 3.5, 101), np.linspace(-1.5, 3.5, 101)
surface = np.zeros((101, 101))
for i in range(101):
    for j in range(101):
        surface[i, j] = loss_of(np.array([w1[j], w2[i]])) - problem.lowest

@interact(rate=FloatLogSlider(value=10 ** -0.7, min=-2, max=1, step=0.05), batch=IntSlider(10, 1, 100),
          beta=FloatSlider(value=0, min=0, max=0.99), decay=FloatSlider(value=0, min=0, max=1))
def draw(rate, batch, beta, decay):
    fig, (ways, curves) = plt.subplots(1, 2, figsize=(9.6, 4.3), layout="constrained")
    ways.contour(w1, w2, surface, levels=np.geomspace(3e-3, 30, 9), colors="gray")
    for name, size in (("full batch", 100), ("mini-batch", batch), ("one sample", 1)):
        rng, w, v = np.random.default_rng(0), np.array([-1.2, 0.6]), np.zeros(2)
        path, losses, used = [w], [loss_of(w)], [1]
        for epoch in range(40):
            order = rng.permutation(100)
            for start in range(0, 100, size):
                rows = order[start:start + size]
                gradient = x[rows].T @ (x[rows] @ w - t[rows]) / len(rows)
                v = beta * v + gradient
                w = w - rate / (1 + decay * epoch) * v
                path.append(w)
                losses.append(loss_of(w) - problem.lowest)
                used.append(used[-1] + len(rows))
        path = np.array(path)
        ways.plot(path[:, 0], path[:, 1], ".-", ms=2, lw=1, label=name)
        line, = curves.plot(used, losses, lw=0.6, alpha=0.5)
        smooth = [np.mean(losses[int(0.8 * k):k + 1]) for k in range(len(losses))]
        curves.plot(used, smooth, color=line.get_color(), label=name)
    ways.set(xlim=(-2.5, 3.5), ylim=(-1.5, 3.5), xlabel="w1", ylabel="w2", title="Which way?")
    curves.set(xscale="log", yscale="log", ylim=(1e-6, 1e2), xlabel="samples used", title="Loss")
    curves.legend()
    plt.show()
'''

MOMENTUM = '''
"""The factor per step on a map of 101 x 101, by eigenvalues; a walk of 300 steps; two panels anew."""
rates, betas = np.geomspace(0.01, 10, 101), np.linspace(0, 0.99, 101)

def factor(rate, beta, curvatures):
    return max(abs(np.linalg.eigvals([[1 - rate * c, -rate * beta], [c, beta]])).max() for c in curvatures)

@interact(rate=FloatLogSlider(value=1, min=-2, max=1, step=0.05),
          beta=FloatSlider(value=0, min=0, max=0.99), kappa=FloatLogSlider(value=22, min=0, max=3))
def draw(rate, beta, kappa):
    curvatures = np.array([0.836 / kappa, 0.836])
    factors = np.zeros((101, 101))
    for i in range(101):
        for j in range(101):
            factors[i, j] = factor(rates[j], betas[i], curvatures)
    w, v, left = np.ones(2), np.zeros(2), []
    for step in range(300):
        v = beta * v + curvatures * w
        w = w - rate * v
        left.append(np.linalg.norm(w))
    fig, (ax, walk) = plt.subplots(1, 2, figsize=(9.6, 4.1), layout="constrained")
    tiles = ax.pcolormesh(rates, betas, factors, vmin=0, vmax=1, cmap="viridis_r")
    fig.colorbar(tiles, label="factor per step")
    ax.plot(2 * (1 + betas) / 0.836, betas, "r")
    ax.plot(rate, beta, "o")
    ax.set(xscale="log", xlim=(0.01, 10), xlabel="learning rate", ylabel="momentum")
    walk.plot(left, label="the walk")
    walk.plot(factor(rate, beta, curvatures) ** np.arange(300), "--", label="the factor of the map")
    walk.set(yscale="log", ylim=(1e-8, 1e4), xlabel="steps")
    walk.legend()
    plt.show()
'''

PEEK = '''
"""The best of k guessers, 400 draws of images, and the binomial's prediction; two panels anew."""
from math import comb, log, exp

@interact(k=IntSlider(20, 1, 100), seed=IntSlider(3, 0, 9), images=[1000, 300, 100])
def draw(k, seed, images):
    rng = np.random.default_rng(seed)
    scores, fresh = rng.binomial(images, 0.1, k) / images, rng.binomial(2000, 0.1, k) / 2000
    falls = np.zeros((400, 100))
    for row in range(400):
        tried, untouched = rng.binomial(images, 0.1, 100) / images, rng.binomial(2000, 0.1, 100) / 2000
        for tries in range(1, 101):
            best = tried[:tries].argmax()
            falls[row, tries - 1] = tried[best] - untouched[best]
    chances = [exp(log(comb(images, j)) + j * log(0.1) + (images - j) * log(0.9)) for j in range(images)]
    cdf = np.cumsum(chances)
    expected = [np.sum(1 - cdf ** tries) / images - 0.1 for tries in range(1, 101)]
    fig, (ax, worth) = plt.subplots(1, 2, figsize=(9.8, 3.7), layout="constrained")
    best = scores.argmax()
    ax.plot(range(1, k + 1), scores, "o")
    ax.axhline(scores.mean(), ls=":")
    ax.plot([best + 1] * 2, [scores[best], fresh[best]], "v-")
    ax.set(xlim=(0, 101), ylim=(0.06, 0.14), xlabel="candidate", ylabel="right answers")
    ax.set_title(f"best {scores[best]:.1%}, on untouched images {fresh[best]:.1%}")
    worth.plot(range(1, 101), 100 * falls.mean(axis=0), label="measured, 400 draws of images")
    worth.plot(range(1, 101), 100 * np.array(expected), "--", label="binomial: independent answers")
    worth.plot(k, 100 * expected[k - 1], "o")
    worth.set(xscale="log", xlabel="k, how many are tried", ylabel="points that the choice adds")
    worth.legend()
    plt.show()
'''

PREPROCESSING = '''
"""Two features, their loss on a grid of 101 x 101, 60 steps; a cloud, a map and a landscape anew."""
@interact(rate=FloatLogSlider(value=0.1, min=-3, max=1, step=0.05),
          ratio=FloatLogSlider(value=5, min=0, max=2),
          correlation=FloatSlider(value=0, min=-0.95, max=0.95), turn=IntSlider(0, -180, 180),
          method=["raw", "centred", "standardized"])
def draw(rate, ratio, correlation, turn, method):
    rng = np.random.default_rng(0)
    spread = np.array([1, 1 / ratio])
    cov = np.array([[1, correlation], [correlation, 1]]) * np.outer(spread, spread)
    x = rng.multivariate_normal([0, 0], cov, 100)
    t = np.where(rng.random(100) < 0.5, 1.0, -1.0)
    if method != "raw":
        x = x - x.mean(axis=0)
    if method == "standardized":
        x = x / x.std(axis=0)
    hessian = x.T @ x / len(x)
    best = np.linalg.solve(hessian, x.T @ t / len(x))
    limit, kappa = 2 / np.linalg.eigvalsh(hessian)[1], np.linalg.cond(hessian)

    def loss_of(w):
        return 0.5 * np.mean((x @ w - t) ** 2)

    w1 = w2 = np.linspace(-1.5, 1.5, 101)
    lowest, surface = loss_of(best), np.zeros((101, 101))
    for i in range(101):
        for j in range(101):
            surface[i, j] = loss_of(best + np.array([w1[j], w2[i]])) - lowest
    w = best + np.array([-1.2, 1.0])
    path = [w - best]
    for step in range(60):
        w = w - rate * x.T @ (x @ w - t) / len(x)
        path.append(w - best)
    path = np.array(path)
    fig = plt.figure(figsize=(9.6, 3.9), layout="constrained")
    cloud, ax = fig.add_subplot(131), fig.add_subplot(132)
    land = fig.add_subplot(133, projection="3d")
    for sign in (1, -1):
        cloud.plot(*x[t == sign].T, "o", ms=4)
    cloud.set(xlim=(-4, 4), ylim=(-4, 4), xlabel="first feature", ylabel="second feature")
    height = np.log10(np.clip(surface, 1e-2, 1e2))
    ax.contourf(w1, w2, height, levels=12)
    ax.plot(path[:, 0], path[:, 1], "o-", color="khaki")
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), title=f"kappa {kappa:.2g}, limit {limit:.2g}")
    land.plot_surface(*np.meshgrid(w1, w2), height, cmap="viridis", rcount=101, ccount=101)
    land.view_init(azim=turn)
    plt.show()
'''

COMPONENTS = '''
"""A photograph rebuilt from k components, found once by the singular values; ten panels anew."""
from coursekit import datasets
data = datasets.fashion_mnist().flat()
x = data.x_train[:2000]
mean = x.mean(axis=0)
_, s, directions = np.linalg.svd(x - mean, full_matrices=False)
spreads = s[:500] / np.sqrt(len(x))

@interact(k=IntSlider(20, 1, 500), image=IntSlider(7, 0, 39))
def draw(k, image):
    noise = 0.05 * np.random.default_rng(image).standard_normal(784)
    photograph = data.x_test[image] + noise
    rebuilt = mean + (photograph - mean) @ directions[:k].T @ directions[:k]
    fig = plt.figure(figsize=(9.6, 4.1))
    shown = [("mean", mean), ("photograph", photograph), ("rebuilt", rebuilt)]
    for place, (name, pixels) in enumerate(shown):
        ax = fig.add_subplot(2, 6, place + 1)
        ax.imshow(pixels.reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
        ax.set(title=name, xticks=[], yticks=[])
    for place, number in enumerate((0, 1, 2, 3, 29, 299)):
        ax = fig.add_subplot(2, 6, 7 + place)
        ax.imshow(directions[number].reshape(28, 28), cmap="RdBu_r", vmin=-0.12, vmax=0.12)
        ax.set(xlabel=str(number + 1), xticks=[], yticks=[])
    ax = fig.add_subplot(2, 2, 2)
    ax.loglog(range(1, 501), 0.05 / spreads)
    ax.axhline(1)
    ax.axvline(k, ls=":")
    ax.plot(k, 0.05 / spreads[k - 1], "o")
    ax.set(ylim=(1e-3, 10), xlabel="component", title="Spread after whitening")
    plt.show()
'''

IMPORTS = """
%matplotlib inline
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, interact
"""

TWINS = {
    "SoftmaxExplorer": SOFTMAX,
    "TemperatureExplorer": TEMPERATURE,
    "DescentExplorer": DESCENT,
    "MomentumExplorer": MOMENTUM,
    "PeekExplorer": PEEK,
    "PreprocessingExplorer": PREPROCESSING,
    "ComponentsExplorer": COMPONENTS,
}
