# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 06 · Batch normalization, forward
#
# **What does batch normalization compute, and why something else once training is over?**
#
# After this lesson you can
#
# - normalize a mini-batch by hand, and say what ε, γ and β are for;
# - say which numbers of an array share one mean and one variance, and spot a wrong axis;
# - keep running statistics, predict with them, and name what goes wrong without them.
#
# You need lessons 00 and 05. It takes about 45 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $N$, $K$ | | samples in a mini-batch, features (units) |
# | $s$, $h$ | $(N, K)$ | pre-activation of a unit, and its activation |
# | $x$, $\hat x$, $y$ | $(N, K)$ | what comes into batch normalization, normalized, what goes out |
# | $\mu$, $v$ | $(K,)$ | mean and variance of each feature |
# | $\varepsilon$ | | a small number against division by zero |
# | $\gamma$, $\beta$ | $(K,)$ | scale and shift of each feature, learned |
# | $r$, $b$, $m$ | $(K,)$, $(K,)$, one number | running value, the batch's value, momentum |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.diagnostics import trace
from coursekit.experiments import LossCurves
from coursekit.nets import deep_net
from coursekit.training import fit

data = datasets.fashion_mnist().flat()

# %% [markdown]
# ## A net that learns nothing
#
# Four hidden layers of 100 sigmoid units are to name photographs of clothes. They start with Xavier's
# weights and see 10,000 images once, 64 at a time, with a step of gradient descent after each 64.


# %%
def train(norm=None):
    rng = np.random.default_rng(0)
    net = deep_net("sigmoid", 4, 100, norm=norm).initialize("xavier_normal", rng)
    steps = fit(net, data.x_train, data.y_train, nn.SGD(3), epochs=1, batch_size=64, rng=rng)
    return net, [step.loss for step in steps]


plain, losses = train()
plots.LossCurves(LossCurves(("no batch norm",), [losses]), log=True)

# %% [markdown]
# After 157 steps the loss is where guessing is, at $\ln 10 = 2.3$. Why?
#
# A unit adds up its weighted inputs to a pre-activation $s$ and puts out $h = 1/(1 + e^{-s})$, the
# sigmoid. A small change of $s$ changes $h$ by the slope, which is $h\,(1 - h)$.

# %%
for s in (0.0, 1.0, 4.0, 10.0):
    h = nn.sigmoid(s)
    print(f"s = {s:>4}: output {h:.5f}, slope {h * (1 - h):.5f}")

# %% [markdown]
# At $s = 10$ the slope is 5,500 times smaller than at 0. Below 0.01 we call the sigmoid **flat**: what
# happens before it is hardly seen after it, and no gradient comes back. How many sums lie there?


# %%
def flat(net):
    layers = trace(net, data.x_test[:500]).h  # the activations h, layer by layer
    return "  ".join(f"{np.mean(h * (1 - h) < 0.01):4.0%}" for h in layers)


fresh = deep_net("sigmoid", 4, 100).initialize("xavier_normal", np.random.default_rng(0))
print(f"flat, layers 1 to 4, at the start:   {flat(fresh)}")
print(f"flat, layers 1 to 4, after training: ⟨{flat(plain)}⟩")

# %% [markdown]
# (Training amplifies the last digit, so figures in ⟨ ⟩ may differ on your machine.) Xavier's weights put
# every sum on the slope. Then training moved the weights, and the sums of the last hidden layer drifted
# onto the flat part. The learning rate, 3, is large; but at 0.1, 0.3 and 1, where the sums stay on the
# slope, this net learns nothing in one pass either: each sigmoid weakens the gradient to a quarter or
# less.
#
# Lesson 05 chose the first weights. **Batch normalization** chooses none. At every step it measures where
# the sums lie, and moves them back.
#
# ## Four steps on six numbers
#
# Below is a **mini-batch** small enough to read: three samples A, B and C of two **features**. Take them
# for the sums of two units.

# %%
exercises.predict("one number moves")

# %%
explorers.BatchNormStepsExplorer(show=("c1", "c2"))

# %% [markdown]
# **How to read it.** The four steps go from left to right; feature 1 is blue, feature 2 orange. Move **C,
# 1**. The blue $\hat x$ and $y$ of A and B change too; no orange number does. Each feature is normalized
# by itself, over all samples of the batch.
#
# We write $x$ for what comes in, of shape $(N, K)$: $N$ samples of $K$ features. Steps 1 and 2 take the
# **mean** $\mu$ and the **variance** $v$ of each column, both of shape $(K,)$ ($\sqrt v$ is the spread):
#
# $$ \mu = \frac1N \sum_{i=1}^{N} x_i, \qquad v = \frac1N \sum_{i=1}^{N} (x_i - \mu)^2 . \tag{1} $$
#
# Steps 3 and 4 normalize, then scale and shift:
#
# $$ \hat x_i = \frac{x_i - \mu}{\sqrt{v + \varepsilon}}, \qquad y_i = \gamma\,\hat x_i + \beta . \tag{2} $$
#
# $\hat x$ (say "x hat") has mean 0 and spread 1. $\varepsilon$, often $10^{-5}$, keeps the division from
# being one by zero. $\gamma$ and $\beta$, of shape $(K,)$, are learned like weights; they begin at 1 and
# 0, where they do nothing.

# %%
x = np.array([[-1.0, 10.0], [2.0, 13.0], [5.0, 4.0]])
eps = 1e-5
mean = x.mean(axis=0)
var = ((x - mean) ** 2).mean(axis=0)
x_hat = (x - mean) / np.sqrt(var + eps)
print("mean", mean, " variance", var)
print(x_hat.round(2))

# %% [markdown]
# One by hand: the first column is −1, 2, 5. Its mean is 2, the squared distances are 9, 0 and 9, the
# variance is 18/3 = 6, and A's $\hat x$ is −3/√6 = −1.22.
#
# ## What ε costs
#
# After step 3 the spread is not quite 1, but $\sqrt{v/(v + \varepsilon)}$. `nn.BatchNorm` is the layer of
# this course, and with `training=True` it computes equation (2).

# %%
column = np.array([[1.0], [4.0], [7.0]])  # variance 6
for v in (6.0, 1e-3, 1e-5, 1e-6):
    feature = column * np.sqrt(v / 6)
    spread = nn.BatchNorm(eps=1e-5).forward(feature, training=True).std()
    print(f"variance {v:<7g} spread after {spread:.7f}, formula {np.sqrt(v / (v + 1e-5)):.7f}")

# %% [markdown]
# At $v = 6$ nearly a millionth is missing. Who compares a library with NumPy without ε sees it in the
# last digits. A feature as narrow as ε comes out at 0.71. Try both ends in the explorer:
#
# - Move **ε** to 10. Feature 1, of variance 6, comes out with the spread $\sqrt{6/16} = 0.61$.
# - Put A, B and C on one number. Then $\hat x = 0/\sqrt\varepsilon = 0$; without ε it would be 0/0.

# %%
explorers.BatchNormStepsExplorer(show=("a1", "b1", "c1", "eps"))

# %% [markdown]
# ## On the sigmoid, and γ and β
#
# Here are the same six numbers, each feature on a sigmoid of its own: hollow where $x$ lies, filled where
# $y$ lies.

# %%
explorers.BatchNormStepsExplorer(view="sigmoid", show=("gamma2", "beta2"))

# %% [markdown]
# Feature 2 comes in at 10, 13 and 4: flat. It goes out on the slope. Now move its **γ** to 5, then its
# **β** to 10. The mean of $y$ is β and its spread is γ, so a unit may *learn* where its values lie, even
# far out.
#
# Why let it? At mean 0 and spread 1 a sigmoid is nearly a straight line: a line explains 98 % of its
# variance (a claim of this course). Without γ and β, says PaddlePaddle's course, some patterns would be
# lost. With them a unit can leave the straight part, and even have its old values back. If $\gamma =
# \sqrt{v + \varepsilon}$ and $\beta = \mu$, equation (2) gives $y = x$:

# %%
explorers.BatchNormStepsExplorer(view="sigmoid", scale="undo", show=("scale", "a2"))

# %% [markdown]
# Whatever **A, 2** is, it comes out as it went in. So nothing is taken away from the net. What changes is
# who decides: without normalization the mean of a feature follows from all the weights before it; with
# it, the mean is one number, β.
#
# ## The net again
#
# The same net, weights, images and rate; only, four steps stand between each weighted sum and its
# sigmoid.

# %%
normalized, losses_normalized = train(nn.BatchNorm)
names = ("no batch norm", "with batch norm")
plots.LossCurves(LossCurves(names, [losses, losses_normalized]), log=True)

# %%
print(f"loss after one pass: without ⟨{losses[-1]:.1f}⟩, with batch norm ⟨{losses_normalized[-1]:.1f}⟩")
print(f"flat, layers 1 to 4, with batch norm: ⟨{flat(normalized)}⟩")

# %% [markdown]
# It learns. (Whether this is *why* it learns is a question for lesson 08.)
#
# <details><summary>Where it stands, and what becomes of the bias</summary>
#
# A layer with weights $W$, shape (inputs, $K$), and activation $\varphi$ becomes $h =
# \varphi(\mathrm{BN}(h_\text{before} W))$, where BN is equation (2). A bias added to the weighted sum
# would be part of the mean, and the mean is taken off: β does its work.
# </details>
#
# ## Which numbers share a mean?
#
# Images are usually normalized before they enter a net. Is that not enough? Here are 64 of them, and what
# one convolutional layer (a layer that looks for eight small patterns everywhere in the image; lesson 11)
# makes of them.

# %%
images = datasets.fashion_mnist().x_train[:64]
images = (images - images.mean()) / images.std()
maps = nn.Conv2D(8, 3).initialize("he_normal", np.random.default_rng(0)).forward(images)
print("images:", images.shape, f"spread {images.std():.2f}")
print("after it:", maps.shape, "spreads", maps.std(axis=(0, 2, 3)).round(1))

# %% [markdown]
# One layer is enough to undo the normalization: the eight spreads lie between 0.6 and 3.3.
#
# For each image there are now eight pictures, called **channels**, one for each pattern. All pixels of a
# channel come from the same weights. So they are treated alike: one mean and one variance for all pixels
# of a channel, over all images. For an array of shape (N, channels, H, W), with $H \times W$ pixels, μ,
# v, γ and β have the shape (channels,).

# %%
exercises.predict("bell curve")

# %%
explorers.StatisticsAxesExplorer(show=("axis",))

# %% [markdown]
# **How to read it.** On the left are three channels of eight photographs, 7 × 7 pixels each: brightness,
# edges between left and right, edges between above and below. Pixels of **one colour** share one mean and
# one variance. On the right is the histogram of each channel, before and after, with its **skewness**: a
# number that tells how lopsided it is, 0 for a bell curve.
#
# - Channel 1 has much background at 0 and a long tail. Its outline and its skewness, 0.81, are the same
#   afterwards. Subtracting one number and dividing by another moves and stretches, no more. You may read
#   that batch normalization makes values Gaussian; it does not.
# - Choose `axis=0`, then `axis=-1`. `axis` is the one axis that keeps its own statistics, counted from 0.
#   Nothing fails when it is wrong; only the number of statistics gives it away.
#
# <details><summary>Channels last</summary>
#
# Some libraries put the channels last, (N, H, W, channels), and need `axis=-1`. Behind *more …* choose
# that layout and leave `axis=1`: there are seven statistics, one for each row of pixels, and each mixes
# three channels. In Keras, as here, only the shape of γ shows it. PyTorch's `BatchNorm2d(3)` is told how
# many channels to expect, and raises an error when it meets seven.
# </details>
#
# **Your turn, first exercise.** Write batch normalization in training for `x` of shape (N, channels, H,
# W), and return $y$. `x.mean(axis=(0, 2, 3), keepdims=True)` has the shape (1, channels, 1, 1) and lines
# up with `x`; `gamma` and `beta` come as (channels,), and `gamma.reshape(1, -1, 1, 1)` gives them that
# shape.


# %%
def batchnorm_channels(x, gamma, beta, eps):
    """Return y, of the shape of x."""
    return ...  # a few lines before this one


exercises.check_batchnorm_channels(batchnorm_channels)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def batchnorm_channels(x, gamma, beta, eps):
#     mean = x.mean(axis=(0, 2, 3), keepdims=True)
#     var = x.var(axis=(0, 2, 3), keepdims=True)
#     x_hat = (x - mean) / np.sqrt(var + eps)
#     return gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)
# ```
# </details>
#
# ## Image by image?
#
# Some notes on batch normalization describe it otherwise: take mean and variance inside each image, then
# average them over the batch.

# %%
exercises.predict("average of variances")

# %%
two_images = np.array([[1.0, 3.0], [7.0, 9.0]])  # of two pixels each
print("variance inside each image:", two_images.var(axis=1))
print("their average:             ", two_images.var(axis=1).mean())
print("variance of all pixels:    ", two_images.var())
print("variance of the two means: ", two_images.mean(axis=1).var())

# %% [markdown]
# For the mean it is the same (if all images have as many pixels), for the variance it is not. The average
# is 1 and the variance is 10. What is missing is 9: how far the images' means, 2 and 8, lie apart. It is
# always exactly that. Choose *average over images* below: channel 1 comes out with a spread of 1.21.
# Another **batch no.** gives another error.
#
# <details><summary>The law behind it</summary>
#
# With $\mu_i$ and $v_i$ the mean and the variance inside image $i$, the **law of total variance** says
#
# $$ v \;=\; \underbrace{\frac1N \sum_i v_i}_{\text{average of the variances}}
#    \;+\; \underbrace{\frac1N \sum_i (\mu_i - \mu)^2}_{\text{variance of the means}} . $$
# </details>

# %%
explorers.StatisticsAxesExplorer(show=("variance", "which"))

# %% [markdown]
# ## In use
#
# Training is over. Sample A arrives together with B; later it arrives again, with C and D.

# %%
exercises.predict("batch-mates")

# %%
layer = nn.BatchNorm()
samples = np.random.default_rng(0).normal(3, 2, (200, 1))
for batch in samples.reshape(50, 4, 1):
    layer.forward(batch, training=True)
a, b, c, d = samples[:4]
print("A with B:      ", layer.forward(np.array([a, b]), training=True)[0].round(2))
print("A with C and D:", layer.forward(np.array([a, c, d]), training=True)[0].round(2))

# %% [markdown]
# While training that is bearable. An answer that depends on who else is asking is of no use.
#
# The remedy: while training, keep **running statistics** of the batches that come by. When predicting,
# put those in the place of μ and v. Then equation (2) is a fixed line for each feature, and A's output
# depends on A alone.

# %%
for company in ([a, b], [a, c, d]):
    print("A by running statistics:", layer.forward(np.array(company), training=False)[0].round(2))

# %% [markdown]
# Try it on the six numbers, whose running statistics are those of the batch that it opens with. In
# *prediction* move **B, 1**: A stays as it is. In *training* it moves.

# %%
explorers.BatchNormStepsExplorer(mode="prediction", show=("b1", "mode"))

# %% [markdown]
# In use, a batch is often a single sample.

# %%
exercises.predict("batch of one")

# %%
print("one sample of two features:", nn.BatchNorm().forward(x[:1], training=True))
print(f"one image: spread {nn.BatchNorm().forward(images[:1], training=True).std():.2f}")

# %% [markdown]
# One number is its own mean. So a batch of one always comes out as β, here 0, and a net that predicted
# that way would give all the world one answer. One image has 784 pixels to take a mean over, so there a
# batch of one works; it is normalized by itself.
#
# ## Running statistics
#
# After each step the running value $r$ of a statistic moves a little towards the batch's value $b$. How
# little, is a number called **momentum**, $m$:
#
# $$ r \leftarrow m\,r + (1 - m)\,b . \tag{3} $$

# %%
explorers.RunningStatisticsExplorer(show=("momentum", "batch_size"))

# %% [markdown]
# **How to read it.** One feature, whose true mean is 3, goes through 100 training steps. Grey dots are
# what each batch measures; the line is the running mean, which starts at 0.
#
# - Move **m** to 0.98: a calm line, still below 3 after 100 steps. At 0.5 it is there after a few steps,
#   and jumps. The memory of equation (3) is about $1/(1 - m)$ steps long.
# - Put **m** back to 0.9 and move **batch** from 4 to 64. The dots draw closer: the mean of a batch
#   scatters around the true one like one over the root of its size.
#
# **The start.** After $t$ steps the start still weighs $m^t$; for $m = 0.9$ and ten steps that is 35 %.
# So it matters where the running variance starts. PaddlePaddle's course, and the code in many notes, say
# 0 for mean and variance. The Paddle library itself starts the variance at 1, as Keras, PyTorch and
# `nn.BatchNorm` do. Switch **start at**; the true variance is 4.

# %%
explorers.RunningStatisticsExplorer(compare="variance", show=("start", "momentum"))

# %% [markdown]
# After ten steps the variance is 2.2 from a start at 0, and 2.6 from a start at 1. A prediction at that
# moment divides by too little, and comes out too wide. From 0 it is always too wide; from 1 it depends on
# the true variance.
#
# <details><summary>Correcting the start; n − 1; the first paper's way</summary>
#
# From a start at 0, after $t$ batches of one kind, $r$ holds the share $1 - m^t$ of what it should: 0.10
# after one step at $m = 0.9$, 0.41 after five, 0.65 after ten, 0.99 after forty. Dividing by $1 - m^t$
# mends it: the dashed line in the next explorer.
#
# The variance of a batch of $B$ is measured from the batch's own mean, to which its samples lie closer
# than to the true one. On average it comes out at $(B - 1)/B$ of the truth. PyTorch stores it divided by
# $B - 1$, and normalizes the training batch with the other one. This course divides by $B$ in both
# places.
#
# Ioffe and Szegedy keep nothing while they train. Their algorithm 2 averages means and variances (times
# $B/(B - 1)$) of many batches after training, with the final weights.
# </details>
#
# ## Momentum in other libraries

# %%
exercises.predict("swapped momentum")

# %%
explorers.RunningStatisticsExplorer(compare="libraries", show=("momentum", "drift"))

# %% [markdown]
# Equation (3), the blue line, is the rule of Keras (usually $m = 0.99$), Paddle (0.9) and this course. In
# PyTorch, the yellow line, $m$ is the weight of the *new* value: $r \leftarrow (1 - m)\,r + m\,b$,
# usually with 0.1. So the same 0.9 is a memory of ten steps or of one. Move **m** to 0.1, and they change
# places.
#
# The black line is the plain average of all batches. At rest it is the best. Tick *the mean drifts*, as
# means do while earlier layers learn: it keeps all of its past and falls behind. That is why libraries
# forget.
#
# ## Exercises
#
# You wrote the version for images above. The second exercise, harder, is the whole layer: both modes, for
# `x` of shape $(N, K)$. `mean` and `var` are the running statistics, of shape $(K,)$ like `gamma` and
# `beta`; `training` is True or False. Return three things: $y$, and the running mean and variance as they
# are after the call. Follow equation (3), with the variance of equation (1).


# %%
def batchnorm_forward(x, gamma, beta, mean, var, training, momentum, eps):
    """Return y, the running mean, the running variance."""
    return ...  # a few lines before this one


exercises.check_batchnorm_forward(batchnorm_forward)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Decide first which mean and variance to use; the formula is the same in both modes.
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def batchnorm_forward(x, gamma, beta, mean, var, training, momentum, eps):
#     used_mean, used_var = mean, var
#     if training:
#         used_mean, used_var = x.mean(axis=0), x.var(axis=0)
#         mean = momentum * mean + (1 - momentum) * used_mean
#         var = momentum * var + (1 - momentum) * used_var
#     x_hat = (x - used_mean) / np.sqrt(used_var + eps)
#     return gamma * x_hat + beta, mean, var
# ```
# </details>
#
# ## A net left in training mode
#
# Forgetting to switch to prediction is easily done: nothing fails. Here is a small net with batch
# normalization and ReLU, trained for one pass.

# %%
rng = np.random.default_rng(0)
batch_norm = nn.BatchNorm()
net = nn.Sequential(nn.Dense(100), batch_norm, nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=1, batch_size=50, rng=rng):
    pass

# %% [markdown]
# It meets 1,000 images that it has not seen, 50 at a time: in shuffled order, then sorted by class, as
# photographs in folders are. (Training mode moves the running statistics, so we put them back.)


# %%
def accuracy(order, training=False):
    kept = {name: buffer.copy() for name, buffer in net.buffers.items()}
    batches = order.reshape(-1, 50)
    answers = [net.forward(data.x_test[rows], training=training).argmax(axis=1) for rows in batches]
    for name, buffer in net.buffers.items():
        buffer[...] = kept[name]
    return (np.array(answers) == data.y_test[batches]).mean()


shuffled = np.arange(1000)
by_class = np.argsort(data.y_test[:1000], kind="stable")
for name, order in (("shuffled", shuffled), ("sorted", by_class)):
    own, running = accuracy(order, training=True), accuracy(order)
    print(f"{name:<8} by each batch's own statistics ⟨{own:.2f}⟩, by running ones ⟨{running:.2f}⟩")

# %% [markdown]
# Shuffled, nobody would notice: fifty mixed images have nearly the statistics of all. Sorted, the net
# fails. Fifty pairs of trousers are normalized until the average pair is all zeros, and what made them
# trousers is gone.
#
# **Are running statistics as good as those of all training images?** Let us put these in their place: one
# batch of 10,000, and nothing kept of the past.

# %%
running = accuracy(shuffled)
batch_norm.momentum = 0.0
net.forward(data.x_train, training=True)
print(f"by running statistics ⟨{running:.3f}⟩, by those of all images ⟨{accuracy(shuffled):.3f}⟩")

# %% [markdown]
# Here the running ones are about a point behind; at rate 0.2 it is two points, on average over forty
# trainings. It is not the averaging that costs them. Hold the weights still for fifty batches, and the
# difference is gone: running statistics lag behind weights that still move.
#
# ## Where this stops being true
#
# Running statistics are those of the *training* data; for images that are darker they are wrong, and
# nothing in the formula says so. With small batches training and prediction drift apart. Lesson 09
# measures both. And all this was the way forward: since μ and v depend on every sample, so does the
# gradient. That is lesson 07.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured now for five seeds. The others are on the page of [all claims of
# the course](../docs/claims.md).

# %%
claims.table("06")

# %% [markdown]
# ## What to remember
#
# Each feature is brought to mean 0 and spread 1 over the batch, then to mean β and spread γ, which are
# learned. For images a feature is a channel: its statistics run over all images and all pixels at once,
# and variances of single images do not average to them. In prediction running statistics take their
# place, so that an answer does not depend on its company. A momentum of 0.9 in Keras or Paddle is 0.1 in
# PyTorch. A net that is right on shuffled images and wrong on sorted ones was left in training mode.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
#   covariate shift*, ICML 2015: algorithms 1 and 2, section 3.
# - Three course notes in Chinese: PaddlePaddle's course, *Basics of convolutional networks: BN and
#   dropout* (卷积神经网络基础之BN和Dropout): ε, γ and β, batch-mates, both statistics started at 0; *CS231n notes
#   4* (CS231n笔记4): code that starts both at 0; *Common algorithms in neural networks: BN*
#   (神经网络中的常用算法-BN算法): the value 10 on a sigmoid, convolution, the averaged variances.
# - The documentation of `BatchNormalization` in Keras and of `BatchNorm1d` in PyTorch, and the layer
#   `BatchNorm` of Paddle: momentum, where the statistics start, which variance is stored.
# - D. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015, section 3: correcting a
#   start at 0.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [07 · Batch normalization, backward](07_batch_norm_backward.ipynb). Before: [05 · Weight
# initialization](05_weight_initialization.ipynb). The map of the course is in [00 · Start
# here](00_start_here.ipynb).
