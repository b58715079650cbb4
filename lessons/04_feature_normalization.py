# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 04 · Feature normalization and the error surface
#
# **Why do inputs of different size make learning slow, and how are they prepared?**
#
# After this lesson you can
#
# - say from the inputs alone how long the valley of the loss is, and which rate it allows;
# - standardize and whiten, with statistics of the training images only;
# - find pixels that never change before they blow up.
#
# You need lesson 02. It takes about 35 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $N$, $K$ | | samples, features of each |
# | $x$ | $(N, K)$ | inputs; a column is a feature |
# | $t$ | $(N,)$ | targets |
# | $w$ | $(K,)$ | weights |
# | $C$ | one number | loss |
# | $\eta$ | | learning rate |
# | $H$ | $(K, K)$ | second derivatives of the loss |
# | $\lambda_{max}$, $\lambda_{min}$ | | largest and smallest curvature, eigenvalues of $H$ |
# | $\kappa$ | | condition number, $\lambda_{max}/\lambda_{min}$ |
# | $\mu$, $s$ | $(K,)$ | mean and spread (standard deviation) of each feature |
# | $\rho$ | | correlation of two features |
# | $\varepsilon$ | | a small number that keeps a divisor from 0 |
# | $U$, $\Lambda$ | $(K, K)$, $(K,)$ | eigenvectors of the covariance, as columns, and its eigenvalues |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers
from coursekit.experiments.preprocessing import prepared, steps_to

# %% [markdown]
# ## One small feature, one large
#
# Think of flats: rooms (about 3) and floor space (about 80 m²). A linear unit gives each a weight. The two
# features differ in size, so the loss feels a small change of one weight much more than of the other.

# %%
exercises.predict("small and large")

# %%
flats = ("rooms, less their mean", "floor space, less its mean")
explorers.PreprocessingExplorer(show=("ratio", "rate"), features=flats)

# %% [markdown]
# **How to read it.** On the left 100 flats of two classes; **ratio** says how many times wider floor space
# spreads than rooms. In the middle the loss for
# each pair of weights, seen from above; the cross is the best pair. Each shade is about twice the loss of
# the next darker one. On the right the same as a landscape. Yellow dots are steps of gradient descent, from
# the square.
#
# - Find **κ** in the sentence. It says how many times more the loss bends across the valley than along it.
# - Move **η** up to 0.35. The walk is faster, but past $2/\lambda_{max} = 0.4$ it diverges: a red × marks
#   where it leaves the map.
# - Move **ratio** to 1: the valley is round. Move it to 10, and take η back to 0.1: 140 steps.
#
# The loss is $C = \frac1{2N}\sum (w \cdot x - t)^2$. Its second derivatives, whose
# eigenvalues are the curvatures λ of lesson 02, are
#
# $$ H = \frac1N\, x^T x . \tag{1} $$
#
# The targets do not occur. The shape of the valley is a matter of the inputs alone, and it can be repaired
# before training begins. For uncorrelated features of mean 0, $H$ holds their variances: spreads of 1 to 5
# give $\kappa = 25$.

# %%
rng = np.random.default_rng(0)
x = rng.standard_normal((100_000, 2)) * [1, 5]
curvatures = np.linalg.eigvalsh(x.T @ x / len(x))
print(f"λ = {curvatures.round(1)}, κ = {curvatures[1] / curvatures[0]:.0f}")

# %% [markdown]
# ## Centre, then divide
#
# "Give all dimensions the same range", says one course note. The usual way is to **standardize**: subtract
# the mean of each feature, divide by its spread.
#
# $$ \hat x = \frac{x - \mu}{s + \varepsilon} . \tag{2} $$
#
# $\varepsilon$ is a small number, against dividing by 0. Is the valley round then, also where the features are
# **correlated**, that is, where one tends to be large when the other is?

# %%
exercises.predict("correlated features")

# %%
explorers.PreprocessingExplorer(
    show=("correlation", "method", "best"), ratio=3.0, correlation=0.8, method="standardized", best=True
)

# %% [markdown]
# **How to read it.** The walk takes its best rate, $2/(\lambda_{min} + \lambda_{max})$, so that
# only the valley counts.
#
# - Standardized features have spread 1, and κ is $(1 + \rho)/(1 - \rho)$ with $\rho$ the correlation: here 9. Move **correlation** to
#   0.95, and to 0.
# - At 0.8 choose **raw**: κ is 29. Choose **PCA**: the raw cloud is turned, so that its axes lie along the
#   valley. κ stays 29.
# - Choose **whitened**: each turned axis is divided by its spread, too. κ is 1, and one step arrives.
# - Behind *more …*, move **mean** to 1. Choose **raw**: κ is 56. Choose **centred**: 29 again. A mean alone
#   stretches the valley.
#
# **First exercise.** Write equation (2) for a training part and a test part. The test images must not have
# any say in $\mu$ and $s$: in use, a net meets images that nobody had when it was trained. Here the spread
# divides by $N$, as `np.std` does.


# %%
def standardize(x_train, x_test, eps):
    """Return both parts, each feature by the mean and the spread of x_train."""
    return ...  # a few lines before this one


exercises.check_standardize(standardize)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def standardize(x_train, x_test, eps):
#     mean, spread = x_train.mean(axis=0), x_train.std(axis=0) + eps
#     return (x_train - mean) / spread, (x_test - mean) / spread
# ```
# </details>
#
# ## Whitening
#
# The covariance $\frac1N (x - \mu)^T (x - \mu)$, of shape $(K, K)$, has eigenvectors: directions in which
# the cloud spreads independently. They are the **principal components** (PCA). `np.linalg.eigh` returns
# the variances $\Lambda$ along them, and the vectors as **columns** of $U$. Turn, then divide:
#
# $$ \hat x = (x - \mu)\, U \,/\, \sqrt{\Lambda + \varepsilon} . \tag{3} $$
#
# <details><summary>Why κ is 1 then</summary>
#
# With $\varepsilon = 0$ the covariance of $\hat x$ is $\Lambda^{-1/2} U^T (U \Lambda U^T) U \Lambda^{-1/2}$.
# As $U^T U = I$, that is $I$. The mean is 0, so $H$ is the covariance. Any further turn keeps it, so
# whitening is not unique: turning back by $U^T$ (called ZCA) stays nearest to the original.
# </details>
#
# **Second exercise.** Whiten `x` by what `x_train` says. Signs and order of the components are free, and
# you may turn back.


# %%
def whiten(x_train, x, eps):
    """Return x of shape (M, K), whitened by mean and covariance (divided by N) of x_train."""
    return ...  # a few lines before this one


exercises.check_whiten(whiten)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def whiten(x_train, x, eps):
#     mean = x_train.mean(axis=0)
#     covariance = (x_train - mean).T @ (x_train - mean) / len(x_train)
#     variances, vectors = np.linalg.eigh(covariance)
#     return (x - mean) @ vectors / np.sqrt(variances + eps)
# ```
# </details>
#
# Back to LeCun's problem of lesson 02. One feature is almost twice as wide as the other, and they are strongly
# correlated, 0.88. (Their mean is 0: centring changes nothing.)

# %%
clouds, t = datasets.two_gaussians(20_000, np.random.default_rng(3))
for method in ("raw", "centred", "standardized", "min_max", "pca", "whitened"):
    ready = prepared(clouds.astype(float), method)
    H = ready.T @ ready / len(ready)
    small, large = np.linalg.eigvalsh(H)
    steps = steps_to(H, 2 / (small + large), np.array([-1.2, 0.9]), 1e-6)
    print(f"{method:12}  κ = {large / small:4.1f},  limit 2/λ_max {2 / large:4.1f},  {steps:3} steps")

# %% [markdown]
# Standardizing gains a third, whitening all. Put $\eta = 2/(\lambda_{min} + \lambda_{max})$ into lesson 02's
# factor $1 - \eta\lambda_{min}$: per step the slowest direction keeps the share
# $(\kappa - 1)/(\kappa + 1)$ of its way, about $1 - 2/\kappa$. So the steps grow in proportion to κ. That
# is the price of a long valley, at the best rate that it allows.
#
# ## Between 0 and 1?
#
# **Min–max** takes "the same range" at its word: the smallest value becomes 0, the largest 1. It was the
# worst of the six above, as it does not centre. And there is a second trouble.

# %%
exercises.predict("one outlier")

# %%
explorers.PreprocessingExplorer(
    show=("method", "outlier", "best"), ratio=1.0, method="min_max", outlier=True, best=True
)

# %% [markdown]
# **How to read it.** Look at the cloud. All but one sample crowd in the lowest 40 % of 0 to 1. Untick **one
# outlier**: they spread over 0 to 1. Now **standardized**, ticked and unticked: the others shrink to two
# thirds, not to one third, as all 100 samples have a say in a spread. (κ tells another story. Min–max has a
# long valley in both cases, 20 and 24, as nothing is centred. Standardized, κ grows from 1 to 3.9: one sample
# far out in both features makes them look correlated.)
#
# Fixed ranges are another matter. Grey values lie between 0 and 255 by construction, and dividing by 255 is
# safe.
#
# ## Pixels that never change
#
# Now photographs: 784 features. Their grey values were shifted and scaled alike, all by one mean and
# one spread, as in lesson 01. Then each
# pixel is to be standardized. At the border of the picture there is hardly ever anything.

# %%
exercises.predict("pixels that never change")

# %%
data = datasets.fashion_split(500, 1000)
never = data.x_train.min(axis=0) == data.x_train.max(axis=0)
found = data.x_train.std(axis=0) == 0
print(f"{never.sum()} pixels never change, std == 0 finds {found.sum()}")
print(f"their spread: ⟨{data.x_train.std(axis=0)[never].max():.1e}⟩")

# %% [markdown]
# The mean of 500 equal numbers is not quite that number in float32, so each seems to lie a hair away from
# it. (Grey values of exactly 0 have an exact mean. There `std == 0` works, and dividing gives `inf` and
# `nan` instead.) What does a test image look like, divided by a hair?

# %%
for words, more in (("as it is", {}), ("ε = 0.1", {"eps": 0.1}), ("clipped", {"clip": 5.0})):
    ready = datasets.fit_standardization(data.x_train, **more)
    print(f"{words:9} largest value ⟨{np.abs(ready(data.x_test)).max():,.0f}⟩")
ready = datasets.fit_standardization(data.x_train, drop=True)
print(f"dropped   largest value {np.abs(ready(data.x_test)).max():,.0f}, {ready.kept.sum()} pixels left")

# %% [markdown]
# One pixel of one test image becomes some 20,000 spreads. In a net it would drown the other 783. Three
# remedies: an ε that counts beside the spreads, clipping, or dropping the pixels that never change.
# Dropping leaves those that change once, and these still reach hundreds; so drop *and* add ε.
#
# ## Whose statistics?
#
# Statistics come from the training split. What if test images leak into them? We measure it with a linear
# classifier.

# %%
exercises.predict("leak")

# %%
photos, changes, rng = datasets.fashion_mnist().flat(), [], np.random.default_rng(1)
for _ in range(12):
    rows = rng.choice(10_000, 2050, replace=False)
    x, labels = photos.x_train[rows], photos.y_train[rows]
    scores = []
    for seen in (x[:50], x[:1050], np.delete(x, np.s_[50:1050], axis=0)):
        ready = datasets.fit_standardization(seen, eps=0.01)
        a, b = ready(x[:50]), ready(x[50:1050])
        weights = a.T @ np.linalg.solve(a @ a.T + 0.5 * np.eye(50), np.eye(10)[labels[:50]] - 0.1)
        scores.append(100 * np.mean((b @ weights).argmax(axis=1) == labels[50:1050]))
    changes.append(np.subtract(scores[1:], scores[0]))
print("with test images ⟨{:+.1f}⟩ points, with others ⟨{:+.1f}⟩".format(*np.mean(changes, axis=0)))

# %% [markdown]
# The others are the control: images neither trained nor tested on in the place of the test images. The
# accuracy rises by a point or two, and by as much with these. What helps is
# *more images* for means and spreads, not a look at the test. With 500 training images it is a fifth of a
# point. So for means and spreads, which use no labels, the usual warning is not borne out here; where labels leak,
# as in choosing features by all images, it is. The rule still stands: if more images are there, take them for
# training, and keep the test images for the test.
#
# ## Clothes as sums of components
#
# What are the principal components of photographs? Pictures themselves.

# %%
explorers.ComponentsExplorer(show=("k", "image"))

# %% [markdown]
# **How to read it.** At the top left the mean of 2,000 training images, a test photograph with a little grey
# noise, and the photograph rebuilt: the mean plus the first **k** components, each times a number. Below
# some components. On the right what whitening does to the noise, component by component.
#
# - Move **k** from 1 to 100. Two dozen components hold 80 % of the variance; the handle of the bag comes
#   much later.
# - Move k to 500 and read the curve. Clothes hardly spread along the last components, noise as much as
#   anywhere. Whitening divides both by the same small number, until noise is as wide as the clothes.
# - Behind *more …*, set **noise** to 0.2.
#
# That is why equation (3) has an ε. One that is large beside their variances keeps the last components
# small.

# %%
for eps in (0.0, 0.01, 0.1):
    white = datasets.fit_whitening(photos.x_train[:1000], 300, eps=eps)
    print(
        f"ε = {eps}: component 1 times {white.factors[0]:.2f}, component 300 times {white.factors[-1]:.1f}"
    )

# %% [markdown]
# (For images one hardly ever whitens, and often only subtracts the mean image, or one mean for each colour
# channel: the pixels share one scale already.)
#
# ## Exercises
#
# The last one is harder. A course note defines `normalized(X)` as `X / np.std(X, axis=0)`, and leaves the
# centring to another function, easily forgotten. The program below forgot it, and has three more errors
# from public code.


# %%
def normalized(x_train, x_test):
    kept = x_train.std(axis=0) != 0
    spread = np.concatenate([x_train, x_test]).std(axis=0, ddof=1)
    return x_train[:, kept] / spread[kept], x_test[:, kept] / spread[kept]


a, b = normalized(data.x_train, data.x_test)
print(f"{a.shape[1]} pixels, one of them has the mean ⟨{a.mean(axis=0).min():,.0f}⟩")
exercises.check_mended_normalized(normalized)

# %% [markdown]
# **Mend it**, one error at a time. Pixels that never change in `x_train` are to be left out; the others
# get mean 0 and spread 1 there. (`np.std` with `ddof=1` divides by $N - 1$; lesson 06 will divide by $N$.)
#
# <details><summary>The program, mended</summary>
#
# ```python
# def normalized(x_train, x_test):
#     kept = x_train.min(axis=0) < x_train.max(axis=0)
#     a, b = x_train[:, kept], x_test[:, kept]
#     mean, spread = a.mean(axis=0), a.std(axis=0)
#     return (a - mean) / spread, (b - mean) / spread
# ```
# </details>
#
# ## Where this stops being true
#
# Equation (1) is exact for a linear unit. In a deep net the inputs of the second layer are what the first
# puts out, and preparing $x$ does not reach them; lessons 05 and 06 take that up. An optimizer that scales
# each weight's step by itself depends less on the features' sizes.
# Whitening needs the eigenvectors of a $(K, K)$ matrix: fast for 784, out of reach for a million.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured now for five seeds. The others are on the page of [all claims of
# the course](../docs/claims.md).

# %%
claims.table("04")

# %% [markdown]
# ## What to remember
#
# The inputs alone shape the valley of a linear unit: $H = x^T x/N$. Its condition number κ says how many
# steps are needed at the best rate. Centre and divide: that removes means and sizes, not correlations.
# Whitening removes those too, and blows up noise. Min–max depends on two samples of all. Statistics come
# from the training split. Look for features that never change by their smallest and largest value.
#
# ## Sources
#
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp*, in *Neural Networks: Tricks of the
#   Trade*, 1998, sections 4.3 and 5: normalizing the inputs, the two clouds.
# - A. Bell, T. Sejnowski, *The "independent components" of natural scenes are edge filters*, 1997: whitening
#   that turns back, ZCA.
# - scikit-learn's guide, *Common pitfalls and recommended practices*: the warning against leaks.
# - A study note in Chinese on feature normalization, Task 3.1: "the same range". Another, on CS231n: its
#   `normalized`, and the whitening that it leaves to a later time.
#
# Next: [05 · Weight initialization](05_weight_initialization.ipynb). The map of the course is in
# [00 · Start here](00_start_here.ipynb).
