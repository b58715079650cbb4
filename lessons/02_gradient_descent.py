# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 02 · Gradient descent, mini-batches and the learning rate
#
# **How does a net find its weights, and why does the same recipe crawl, wander or blow up?**
#
# After this lesson you can
#
# - write gradient descent on mini-batches, with and without momentum;
# - say beforehand at which learning rate it blows up, and explain the `nan` that follows;
# - choose between a small batch and a large one, and say what each costs.
#
# You need lesson 00. It takes about 40 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $N$, $B$ | | samples in all, samples in a mini-batch |
# | $x$, $t$ | $(N, 2)$, $(N,)$ | inputs and targets |
# | $w$, $b$ | $(2,)$, one number | weights and bias, to be found |
# | $C$ | one number | loss |
# | $g$ | like $w$ | gradient of the loss |
# | $\eta$ | | learning rate |
# | $\lambda$ | | curvature of the loss in one direction |
# | $v$, $\beta$ | like $w$, one number | velocity and momentum |
# </details>

# %%
import time
import tracemalloc

import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn
from coursekit.nets import deep_net
from coursekit.training import fit

# %% [markdown]
# ## Downhill
#
# A unit with two weights answers $w_1 x_1 + w_2 x_2$. It is to answer 1 for the points of one cloud and
# −1 for those of another. How wrong it is on average is the **loss** $C$: half the mean squared
# difference between answer and target. Each pair of weights has its loss, so the losses form a landscape.
# We look for its lowest point.

# %%
exercises.predict("a large rate")

# %%
explorers.DescentExplorer(alone=True, show=("rate",))

# %% [markdown]
# **How to read it.** On the left the landscape from above: along a grey line the loss is the same, and
# the cross is the lowest point. A walker starts at the square and uses all 100 samples for each step; a dot
# is one step. On the right is how far its loss lies above the lowest: every grey line stands for ten times
# less than the one over it.
#
# - Move **η**, the **learning rate**, to 0.02: the steps are tiny, and 40 of them lead nowhere.
# - Move it to 1.0, then to 2.2. The walker first goes straight to the valley, then jumps across it.
# - Move it to 2.5. Each jump lands higher than the one before.
#
# The slope of the loss along each weight is the **gradient** $g$, of the shape of $w$. It points uphill,
# so a step of **gradient descent** goes the other way:
#
# $$ w \leftarrow w - \eta\, g . \tag{1} $$
#
# For this loss it is short to compute: the mean, over all samples, of error times input.
#
# <details><summary>Why</summary>
#
# $C = \frac{1}{2N} \sum_i (w \cdot x_i - t_i)^2$. By the chain rule the derivative for $w_1$ is
# $\frac{1}{2N} \sum_i 2\,(w \cdot x_i - t_i)\, x_{i1}$, the mean of error times first input. The 2 and the
# ½ cancel; that is what the ½ is for. For all weights at once it is $x^T (x w - t) / N$.
# </details>

# %%
x, t = datasets.two_gaussians(100, np.random.default_rng(2))
w = np.array([-1.2, 0.6])
for _ in range(3):
    error = x @ w - t
    print(f"w = {w.round(2)}, loss {np.mean(error**2) / 2:.3f}")
    w = w - 0.2 * x.T @ error / len(x)

# %% [markdown]
# ## Where is the limit?
#
# Walk in one direction only, where the loss is $\frac12 \lambda w^2$. $\lambda$, the **curvature**, says
# how fast the slope changes. The gradient is $\lambda w$, and a step gives
#
# $$ w - \eta\lambda w = (1 - \eta\lambda)\, w . \tag{2} $$
#
# Each step multiplies $w$ by the same factor, $1 - \eta\lambda$. If that is between −1 and 1, $w$ goes
# to 0. So the rate must stay below $2/\lambda$.

# %%
for eta in (0.5, 1.0, 1.9, 2.0, 2.1):
    print(f"ηλ = {eta}: w after 20 steps {(1 - eta) ** 20:.3g}, factor {1 - eta:.1f}")

# %% [markdown]
# The landscape has two such directions: across the valley it bends most, along it least. NumPy finds both
# curvatures from the inputs alone. The larger, $\lambda_{max}$, sets the limit, $2/\lambda_{max}$.
#
# <details><summary>Why these two suffice</summary>
#
# The second derivatives of $C$ are the entries of the matrix $x^T x / N$. It is symmetric, so there are two
# directions at right angles in which it only multiplies, by its **eigenvalues**. Along each of them
# equation (2) holds for itself, with λ the eigenvalue. Any step is a sum of the two.
# </details>

# %%
small, large = np.linalg.eigvalsh(x.T @ x / len(x))
print(f"λ_min = {small:.3f}, λ_max = {large:.3f}, limit 2/λ_max = {2 / large:.2f}")

# %% [markdown]
# The problem is LeCun's of 1998. He found the limit 2.38, and that it converges at 1.5 and diverges at 2.5.
# Both come out here too.
#
# **Where `nan` comes from.** Above the limit the weights grow until the computer has no number for them:
# float32 ends at $3 \cdot 10^{38}$, and what is larger becomes `inf`. Then the next step computes `inf −
# inf`, which is no number: `nan`. Watch it happen.

# %%
weight, steps = np.float32(1), []
with np.errstate(all="ignore"):
    while not np.isnan(weight):
        weight = weight - np.float32(10) * weight  # ηλ = 10
        steps.append(weight)
print(f"steps {len(steps) - 3} to {len(steps)}:", *steps[-4:])

# %% [markdown]
# The remedy is a smaller rate, not a check for `nan`. (In the explorers below a cross marks the update at which
# a walker is lost so.)
#
# ## Not all samples at once
#
# A real data set has 50,000 images. Must each step look at all of them? The mean gradient of a few,
# drawn at random, points roughly the same way. Such a few are a **mini-batch**, of $B$ samples. One pass
# over all samples is an **epoch**, one step an **update**. Descent by such rough gradients is called **SGD**,
# where S stands for stochastic, by chance. 50,000 images in batches of 500 make 100
# updates an epoch, and 1,000 in ten epochs.
#
# **Your turn, first exercise.** Write a function that goes through the samples once, in random order, and
# yields a batch at a time. The last batch is shorter if $B$ does not divide $N$. `rng.permutation(n)`
# returns the numbers 0 to n − 1 in random order, and `x[rows]` picks rows by their numbers. `yield` hands
# out one value, and goes on from there when the loop outside asks for the next.


# %%
def data_iter(x, targets, batch_size, rng):
    """Yield (some rows of x, their targets), until each sample has come once."""
    return ...  # a loop with yield in it


exercises.check_data_iter(data_iter)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def data_iter(x, targets, batch_size, rng):
#     order = rng.permutation(len(x))
#     for start in range(0, len(x), batch_size):
#         rows = order[start : start + batch_size]
#         yield x[rows], targets[rows]
# ```
# </details>
#
# Drawing each sample at random from all, those used before included, seems as good. Such a pass misses
# more than a third.

# %%
drawn = np.random.default_rng(0).integers(10_000, size=10_000)
print(f"met in 10,000 draws with replacement: {len(set(drawn.tolist())) / 10_000:.1%}")

# %% [markdown]
# It is $1 - 1/e = 63.2\,\%$ for any large $N$.
#
# **Second exercise.** One update for a unit that answers $x \cdot w + b$, with the loss $C = \frac1{2B}
# \sum (x \cdot w + b - t)^2$. `x` has the shape $(B, K)$, for $K$ inputs. The gradient for $b$ is the mean of the errors.


# %%
def sgd_step(w, b, x, targets, rate):
    """Return the new w and the new b."""
    return ...  # a few lines before this one


exercises.check_sgd_step(sgd_step)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def sgd_step(w, b, x, targets, rate):
#     error = x @ w + b - targets
#     return w - rate * x.T @ error / len(x), b - rate * error.mean()
# ```
# </details>
#
# Together they find what made the data. Here targets are $2 x_1 - 3 x_2 + 4$ with a little noise. (The
# course's own `minibatches` stands for yours.)

# %%
rng = np.random.default_rng(0)
inputs = rng.standard_normal((1000, 2))
targets = inputs @ [2.0, -3.0] + 4 + 0.1 * rng.standard_normal(1000)
w, b = np.zeros(2), 0.0
for epoch in range(3):
    for rows, wanted in datasets.minibatches(inputs, targets, 30, rng):
        error = rows @ w + b - wanted
        w, b = w - 0.1 * rows.T @ error / len(rows), b - 0.1 * error.mean()
    print(f"after epoch {epoch + 1}: w = {w.round(2)}, b = {b:.2f}")

# %% [markdown]
# Note the division by `len(rows)`. Course notes often divide by the batch size, here 30. But 1,000 samples
# make 33 batches of 30 and one of 10, and the samples in that one would count a third.
#
# ## How noisy is a mini-batch?
#
# A batch's mean gradient is *off* from that of all samples. By how much?

# %%
exercises.predict("four times the batch")

# %%
of_samples = -t[:, None] * x  # the gradient of each sample at w = 0
for size in (1, 4, 16, 64):
    rows = rng.integers(100, size=(5000, size))
    spread = (of_samples[rows].mean(axis=1) - of_samples.mean(axis=0)).std()
    print(f"B = {size:2}: off by {spread:.2f}, times √B {spread * size**0.5:.2f}")

# %% [markdown]
# The error of the gradient falls like $1/\sqrt B$: four times the work, half the noise. That is a bad
# bargain far from the minimum, where a rough direction is good enough. Near it, noise is all there is.

# %%
exercises.predict("when is it over")

# %%
explorers.DescentExplorer(show=("rate", "decay"))

# %% [markdown]
# **How to read it.** All three walkers now count: blue takes all 100 samples a step, orange a mini-batch,
# pink one. (After 300 updates dots alone show where they are.) Thin lines are the loss itself, thick ones
# its average over the last fifth of the way. The strip below shows η beside the limit $2/\lambda_{max}$. The
# horizontal axis counts samples, so that all have done the
# same work where they end.
#
# - Pink is far ahead at first: it has made 100 updates when blue makes its first. Then it stays on a
#   **floor**. Each sample pulls elsewhere, even at the minimum, so it never stands still.
# - Move **η** into the red strip: blue turns back where it begins, pink before.
# - Take η to 0.1, half of what it was: the floor sinks. "Stop when the parameters stop changing", some notes say. At a
#   constant rate that moment never comes.
# - Move **decay** to 0.5. After ten passes the rate is $\eta/(1 + 0.5 \cdot 10)$, and the floor gives way. (Blue,
#   which has no floor, only gets slower.)

# %%
explorers.DescentExplorer(show=("batch_size", "replacement"))

# %% [markdown]
# The dotted line marks where orange overtakes pink for good. At **batch** 2 it comes early; at 50, forty
# passes are not enough. At rate 0.2 batches of ten overtake after some 25 passes, 2,500 samples. Tick **draw
# with replacement**: the floor is then proportional to the rate; with each sample once a pass it sinks a
# little faster.
#
# Notes on the subject say that small batches need fewer passes, and also that they hardly converge. Both
# are true, *at different times*: small batches are ahead at first, and large ones get closer later.
#
# ## What a batch costs
#
# So far we counted samples. A computer counts seconds, and it likes large batches: one large product of
# matrices takes less time than many small ones. Here is a net such as lesson 03 builds, with 203,000
# weights, on the 784 pixels of 1,000 small photographs.

# %%
data = datasets.fashion_split(1000, 1)
net = deep_net("relu", 1, 256).initialize("he_normal", np.random.default_rng(0))
for size in (5, 50, 250):
    start = time.perf_counter()
    for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.01), epochs=1, batch_size=size, rng=rng):
        pass
    print(f"B = {size:3}: ⟨{1000 * (time.perf_counter() - start):.0f}⟩ ms a pass")

# %% [markdown]
# (Figures in ⟨ ⟩ differ from machine to machine.) The price is memory. What the hidden units put out, 256
# numbers of four bytes for each sample of the batch, is kept until the gradient is known.

# %%
for size in (1, 10, 100, 1000):
    tracemalloc.start()
    net.forward(data.x_train[:size], training=True)
    print(f"B = {size:4}: ⟨{tracemalloc.get_traced_memory()[0] / 1000:.0f}⟩ kB kept")
    tracemalloc.stop()

# %% [markdown]
# Now choose what to count: **samples**, **updates** or **seconds** (as a net like this one took on two
# cores).

# %%
explorers.DescentExplorer(show=("axis", "batch_size"), axis="seconds")

# %% [markdown]
# Counted in updates, pink's lead is gone: blue's updates are the calmest, only it has made no more than
# 40. In seconds, pink and orange go side by side until orange leaves it behind. A batch between the two
# extremes is the usual choice.
#
# ## Momentum
#
# The valley is long. A rate that suits its steep sides is too small for its floor. **Momentum** keeps a
# share $\beta$ of the last step:
#
# $$ v \leftarrow \beta v + g, \qquad w \leftarrow w - \eta v . \tag{3} $$
#
# $v$, the **velocity**, has the shape of $w$ and starts at 0. Along the valley the gradients agree and add
# up; across it they cancel.

# %%
exercises.predict("momentum's limit")

# %%
explorers.MomentumExplorer()

# %% [markdown]
# **How to read it.** The map on the left: for every rate and momentum the factor by which a step
# multiplies what is left of the way; light is fast. You are the dot. On the right a real walk from
# there, and the factor of the map as a dashed line. The sentence compares the two.
#
# - Along the bottom there is no momentum. Move **η** to 2.2, near the best that is to be had there.
# - Move **β** to 0.4 and **η** to 3.2: far beyond the old limit, and much faster. The red border is the
#   limit with momentum, $2(1 + \beta)/\lambda_{max}$.
# - Move **β** to 0.95. The walk swings, and is slower again: above the dashed curve the factor is
#   $\sqrt\beta$, whatever the rate.
#
# The star is the best point. It lies where dashed and dotted curve meet: on the dashed one the gentlest
# direction neither creeps nor swings, on the dotted one the steepest. Behind *more …* is **κ**, how many
# times more the valley bends across than along; lesson 04 changes it by preparing the data. At κ = 100
# momentum pays even more.
#
# <details><summary>Where the factor comes from</summary>
#
# In a direction of curvature λ, equation (3) without v reads $w_{k+1} = (1 + \beta - \eta\lambda)\,w_k -
# \beta\,w_{k-1}$. Try $w_k = r^k$: then $r^2 - (1 + \beta - \eta\lambda)\,r + \beta = 0$. The larger
# $|r|$ is the factor per step. If both solutions are complex, their product β is $|r|^2$. They are equal
# on the critical curve, $\beta = (1 - \sqrt{\eta\lambda})^2$. One is −1 at the limit.
# </details>
#
# **Third exercise.** Write equation (3).


# %%
def momentum_step(w, v, gradient, rate, beta):
    """Return the new w and the new v."""
    return ...  # two lines


exercises.check_momentum_step(momentum_step)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def momentum_step(w, v, gradient, rate, beta):
#     v = beta * v + gradient
#     return w - rate * v, v
# ```
# </details>
#
# ## Exercises
#
# The last one is harder. This loop was put together from errors that notes and public code really make.
# It blows up.


# %%
def train(x, targets, rate, batch_size, epochs, rng):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch_size, batch_size):
            rows = order[start : start + batch_size]
            error = targets[rows] - x[rows] @ w
            w = w - rate * x[rows].T @ error / batch_size
            b = b - rate * error.sum()
    return w, b


print("w and b:", *train(inputs, targets, 0.1, 32, 20, np.random.default_rng(0)))

# %% [markdown]
# **Mend it**, one error at a time, and run both cells after each. The checker says what is left. Mended, it
# finds 2, −3 and 4.

# %%
exercises.check_mended_descent(train)

# %% [markdown]
# <details><summary>The loop, mended</summary>
#
# ```python
# def train(x, targets, rate, batch_size, epochs, rng):
#     w, b = np.zeros(x.shape[1]), 0.0
#     for _ in range(epochs):
#         order = rng.permutation(len(x))
#         for start in range(0, len(x), batch_size):
#             rows = order[start : start + batch_size]
#             error = x[rows] @ w + b - targets[rows]
#             w = w - rate * x[rows].T @ error / len(rows)
#             b = b - rate * error.mean()
#     return w, b
# ```
# </details>
#
# ## Where this stops being true
#
# The limit $2/\lambda_{max}$ is exact for a landscape of constant curvature and for all samples at once.
# With one sample a step the walker is lost earlier: in the explorer at η = 2.2 blue converges, and pink
# ends far above its start. In a deep net the curvature changes from place to place, and nobody knows λ_max
# beforehand; the rate is found by trying, from large to small. Momentum's best point, too, is known only
# where the curvatures are.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured now for five seeds. The others are on the page of [all claims of
# the course](../docs/claims.md).

# %%
claims.table("02")

# %% [markdown]
# ## What to remember
#
# A step goes against the gradient, and η says how far. Above $2/\lambda_{max}$ each step overshoots, the
# weights grow, and `nan` is the end. A mini-batch gives a rough gradient cheaply: its noise falls like
# $1/\sqrt B$, small batches need fewer passes at first, large ones get closer and keep the computer
# busier. At a constant rate SGD never stands still: its floor follows the rate, so let the rate fall.
# Momentum adds up steps that agree, and moves the limit to $2(1 + \beta)/\lambda_{max}$.
#
# ## Sources
#
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp*, in *Neural Networks: Tricks of the
#   Trade*, 1998, section 5: the two clouds, the rates 1.5, 2.38 and 2.5.
# - G. Goh, *Why Momentum Really Works*, Distill, 2017: the map, the critical curve.
# - B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964: momentum.
# - H. Robbins, S. Monro, *A stochastic approximation method*, 1951: rates that fall.
# - A course note in Chinese on Gluon, sections 4 and 5: linear regression from scratch, its `sgd` that
#   divides by the batch size, "when the parameters stop changing".
#
# Next: [03 · Training a classifier](03_training_a_classifier.ipynb). The map of the course is in
# [00 · Start here](00_start_here.ipynb).
