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
# **What does batch normalization compute, and why does it compute something else once training is over?** It is
# four lines of arithmetic, and most of what goes wrong with it goes wrong in those four lines.
#
# After this lesson you can
#
# - normalize a mini-batch by hand, and say what ε, γ and β are for;
# - say which numbers share one mean and one variance in an array of any layout, and spot a wrong axis;
# - explain why a prediction needs running statistics, keep them by the rule of three libraries, and name what
#   goes wrong without them.
#
# You need lesson 00 (explorers, exercises, the word *spread* for the standard deviation), and from lesson 05 what
# a pre-activation and a saturated unit are. It takes about 60 minutes; *Three rules by the same name* is a
# good place for a break before it. Run the cells from the top with Shift + Enter.

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn

# %% [markdown]
# ## A ten where it hurts
#
# A unit adds up its weighted inputs to a **pre-activation** $s$, and puts out $h = \sigma(s)$ with the sigmoid
# $\sigma(s) = 1/(1 + e^{-s})$. To learn, the unit must answer a small change of $s$ with a change of $h$: what
# counts is the slope of the sigmoid, which is $h\,(1 - h)$.

# %%
for s in (0.0, 1.0, 4.0, 10.0):
    h = nn.sigmoid(s)
    print(f"s = {s:>4}: output {h:.5f}, slope {h * (1 - h):.5f}")

# %% [markdown]
# At $s = 10$ the slope is 5,500 times smaller than at 0. Lesson 05 chose the weights so that this does not happen
# at the start. But training moves the weights, and no rule for the first step can promise where $s$ lies after a
# thousand. **Batch normalization** does not choose weights. It measures where the pre-activations lie, at every
# step, and moves them back.
#
# It stands between the weighted sum and the activation. A layer with weights $W$, shape (inputs, $K$), and
# activation $\varphi$ (sigmoid, ReLU) becomes $h = \varphi(\mathrm{BN}(x W))$, where BN is batch normalization of what
# stands in its brackets. A bias in $xW + b$ would be of no use: it is part of the mean, and the mean is taken off.
#
# ## Four steps
#
# Here is a mini-batch of three samples, A, B and C, with two features each: the pre-activations of two units,
# say. Batch normalization calls what comes in $x$, and so do we from here on.

# %%
x = np.array([[-1.0, 10.0], [2.0, 13.0], [5.0, 4.0]])
print(x.shape)

# %% [markdown]
# We write $N$ for the number of samples and $K$ for the number of features; here $x$ is $(N, K) = (3, 2)$. Each
# feature, each **column**, is treated by itself. With $x_i$ the value of sample $i$:
#
# $$ \mu = \frac1N \sum_{i=1}^{N} x_i, \qquad
#    v = \frac1N \sum_{i=1}^{N} (x_i - \mu)^2, \qquad
#    \hat x_i = \frac{x_i - \mu}{\sqrt{v + \varepsilon}}, \qquad
#    y_i = \gamma\,\hat x_i + \beta . \tag{1} $$
#
# 1. $\mu$ is the **mean** of the feature over the batch, 2. $v$ its **variance**. There is one of each for every
# feature, so both have the shape $(K,)$. 3. $\hat x$ (say "x hat") is the **normalized** value, which has mean 0
# and spread 1. The small number $\varepsilon$ keeps the division from being one by zero where a feature is the
# same in all samples. 4. $\gamma$ and $\beta$, again $(K,)$, **scale and shift** the result. They are parameters:
# they begin as $\gamma = 1$ and $\beta = 0$, where they do nothing, and are learned along with the weights.

# %%
eps = 1e-5
mean = x.mean(axis=0)
var = ((x - mean) ** 2).mean(axis=0)
x_hat = (x - mean) / np.sqrt(var + eps)
print("mean", mean, " variance", var)
print(x_hat.round(2))

# %% [markdown]
# Check one number by hand: the first column is −1, 2, 5. Its mean is 2; the squared distances are 9, 0 and 9, so
# the variance is 18/3 = 6; and A's $\hat x$ is −3/√6 = −1.22. Note that the sum is divided by $N$, not by
# $N - 1$.
#
# ## The explorer
#
# All these numbers can be moved. The controls stand as in the table: samples A, B and C from top to bottom, feature
# 1 and feature 2 side by side, and on the right $\gamma$ and $\beta$ of each feature.

# %%
explorer = explorers.BatchNormStepsExplorer()
explorer

# %% [markdown]
# **How to read it.** The table goes through the four steps from left to right; feature 1 is blue, feature 2 orange.
# Below the samples stand the mean and the spread of each column: follow them from $x$ to $\hat x$. The bottom
# lines hold the bold numbers that were **used**. Under the table are two sigmoids with the three samples on
# each: hollow where $x$ lies, filled where $y$ lies. On grey ground the slope is below 0.01. Feature 2 came in with
# 10, 13 and 4: all on the flat part or at its border. It goes out on the steep part.
#
# **A walk through it.**
#
# - Move sample **C** of feature 1. Every number of the blue columns changes, those of A and B too: a batch is
#   normalized together. The orange columns stay.
# - Put A, B and C of feature 1 on the same number. The variance is 0, and $\hat x = 0/\sqrt{\varepsilon} = 0$. Without
#   ε it would be 0/0.
# - Move **ε** up to 10. It is now as large as the variance, and $\hat x$ no longer has spread 1. Put it back to $10^{-5}$ afterwards.
# - Move **γ** and **β** of feature 2 and watch its mean and spread in the last column: the mean becomes β, the
#   spread becomes γ.
#
# ## γ and β can undo it all
#
# Why normalize, only to scale and shift again? Because mean 0 and spread 1 need not be what the next layer wants: a
# sigmoid that sees little but values between −1 and 1 is hardly more than a straight line. With γ and β a unit
# can *learn* where its values should lie, and it can even have its old values back. If
# $\gamma = \sqrt{v + \varepsilon}$ and $\beta = \mu$, equation (1) gives $y = x$.

# %%
layer = nn.BatchNorm()
layer.forward(x, training=True)
layer.params["gamma"][...] = np.sqrt(var + layer.eps)
layer.params["beta"][...] = mean
print(layer.forward(x, training=True).round(6))

# %%
explorer.set(scale="undo: γ = √(v + ε), β = μ", mode="training")
print(explorer.diagnosis)

# %% [markdown]
# What has changed is *who decides*. Without normalization the mean of a feature follows from all the weights
# below, and moves whenever one of them does. With it, the mean is the single number β.
#
# `nn.BatchNorm` is the layer of this course, and you can read it: `coursekit/nn/normalization.py`. Its `forward`
# does equation (1) when `training=True`. What it does otherwise is the second half of this lesson.
#
# ## Which numbers share a mean?
#
# A layer of $K$ units gives an array $(N, K)$, and each of the $K$ columns has its own statistics. (By
# **statistics** we mean μ and v.) A layer that works on images gives **feature maps**: for each of $N$ images, $C$
# pictures of $H \times W$ pixels, an array $(N, C, H, W)$. Each of the $C$ pictures is called a **channel**, and
# each looks for one thing, edges for instance, at every place of the image (lesson 11 tells how). Since all
# pixels of a channel come from the same weights, they are treated alike: one mean and one variance for all
# $N \cdot H \cdot W$ pixels of a channel,
#
# $$ \mu_c = \frac{1}{N H W} \sum_{n=1}^{N} \sum_{h=1}^{H} \sum_{w=1}^{W} x_{n c h w}, \tag{2} $$
#
# and $v_c$ likewise. The statistics, γ and β have the shape $(C,)$. Some libraries put the channel last,
# $(N, H, W, C)$, and then the layer has to be told: `axis` is the one axis that the statistics do *not* run over.
# (Axes are counted from 0, so `axis=1` is the second; `axis=-1` is the last.)

# %%
maps = np.random.default_rng(0).normal(size=(8, 3, 7, 7))
for array, axis in ((maps, 1), (maps.transpose(0, 2, 3, 1), -1), (maps.transpose(0, 2, 3, 1), 1)):
    layer = nn.BatchNorm(axis=axis)
    layer.forward(array, training=True)
    print(f"x {array.shape}, axis={axis:>2}: gamma has the shape {layer.params['gamma'].shape}")

# %% [markdown]
# Eight arrays of random numbers in the place of images, with three channels of 7 × 7 pixels. The first two lines are right: one γ for each of three channels.
# The third is a bug that an explorer will show in a moment. Before that, two questions.

# %%
exercises.predict("bell curve")

# %%
exercises.predict("average of variances")

# %%
axes = explorers.StatisticsAxesExplorer()
axes

# %% [markdown]
# **How to read it.** On the left are the feature maps of eight photographs, shrunk to 7 × 7 pixels: channel 1 is
# brightness, channel 2 answers to edges between left and right, channel 3 to edges between above and below. Pixels
# of **one colour** share one mean and one variance. On the right are two histograms for each channel, before (line)
# and after (filled), each on its own axis, three spreads to either side of its mean. Above each stand mean ± spread
# and its **skewness**, which tells how lopsided it is: the mean of $((x - \mu)/\sqrt v)^3$, 0 if it is symmetric.
#
# **Try the wrong axis.** Choose the layout `(N, H, W, C)` and leave `axis=1`. Nothing fails: the array has an axis 1,
# it just counts the rows of pixels. There are seven statistics now, each of which mixes three channels. That is
# what happens if images in one layout meet a layer made for the other. Here, as in Keras, only the shape of γ gives it
# away. PyTorch's `BatchNorm2d(3)` is told how many channels to expect, and raises an error when it meets seven. Then
# choose `axis=-1`, and `(N, K)`, where each map has been replaced by its mean.
#
# **Look at the shapes of the histograms.** Channel 1 is lopsided: much background at 0, a long tail to the right.
# It is just as lopsided afterwards: the two histograms have the same outline and the same skewness, 0.81, and only the
# numbers under the axis have changed. You may read that batch normalization makes the values "Gaussian". It makes
# their mean 0 and their spread 1. Subtracting a number and dividing by another does no more than that.
#
# ## The trap: averaging the variances of the images
#
# Descriptions of batch normalization sometimes say: take mean and variance of each image, then average them over
# the batch. For the mean this is right, if all images have the same number of pixels. For the variance it is
# wrong, and two images of two pixels are enough to see it.

# %%
bright_and_dark = np.array([[1.0, 3.0], [7.0, 9.0]])
print("variance inside each image:", bright_and_dark.var(axis=1))
print("their average:             ", bright_and_dark.var(axis=1).mean())
print("variance of all pixels:    ", bright_and_dark.var())
print("variance of the two means: ", bright_and_dark.mean(axis=1).var())

# %% [markdown]
# The average is 1 and the variance is 10. What is missing is 9: how far the images' means, 2 and 8, lie apart. It
# is always exactly that, and it has a name, the **law of total variance**. With $\mu_n$ and $v_n$ the mean and the
# variance inside image $n$,
#
# $$ v \;=\; \underbrace{\frac1N \sum_n v_n}_{\text{average of the variances}}
#    \;+\; \underbrace{\frac1N \sum_n (\mu_n - \mu)^2}_{\text{variance of the means}} . \tag{3} $$
#
# On real photographs, 64 of them:

# %%
images = datasets.fashion_mnist().x_train[:64]
inside = images.var(axis=(1, 2, 3)).mean()
between = images.mean(axis=(1, 2, 3)).var()
print(
    f"average of the variances {inside:.3f} + variance of the means {between:.3f} = {inside + between:.3f}"
)
print(
    f"variance of the batch    {images.var():.3f}, of which the average lacks {between / images.var():.0%}"
)

# %% [markdown]
# In the explorer above, set `variance` to *average over images*. For these eight images channel 1 comes out with a
# spread of 1.21 in the place of 1; other images (**which**) have more or less. With `(N, K)` it is a disaster: inside an image there is one number a feature, its variance is 0,
# and only ε is left to divide by.

# %%
axes.set(variance="average over images", layout="(N, C, H, W)", axis="axis=1", which=4, images=8)
print(axes.diagnosis)

# %% [markdown]
# ## Prediction: a sample should not depend on its company
#
# Training is over. Sample A arrives together with B; later it arrives again, together with C and D.

# %%
exercises.predict("batch-mates")

# %%
trained = nn.BatchNorm()
samples = np.random.default_rng(0).normal(3, 2, (200, 1))
for batch in samples.reshape(50, 4, 1):
    trained.forward(batch, training=True)
a, b, c, d = samples[:4]

# %%
for training in (True, False):
    with_b = trained.forward(np.array([a, b]), training=training)[0, 0]
    with_cd = trained.forward(np.array([a, c, d]), training=training)[0, 0]
    print(f"training={training!s:<5}  A with B: {with_b:5.2f}   A with C and D: {with_cd:5.2f}")

# %% [markdown]
# By the batch's own statistics A comes out once as 1.00 and once as −0.66, for no reason that lies in A. During
# training that is bearable (lesson 08 asks whether it even helps). A prediction that depends on who else is asking is of no use.
#
# The remedy: while training, keep **running statistics** of all the batches that came by; when predicting, put those
# in the place of μ and v. Then $y = \gamma\,(x - \mu_\text{run})/\sqrt{v_\text{run} + \varepsilon} + \beta$ is a fixed
# line for each feature, and the output of A depends on A alone. The first explorer shows it (what it has stored is the
# statistics of the batch that it started with): choose the mode *prediction* and move B. Nothing happens to A.

# %%
explorer.set(a1=-1.0, a2=10.0, b1=-20.0, b2=13.0, c1=5.0, c2=20.0, eps=1e-5, mode="prediction")
explorer.set(scale="from the sliders", gamma1=1.0, gamma2=1.0, beta1=0.0, beta2=0.0)
print(explorer.diagnosis)

# %% [markdown]
# There is one batch for which it is easy to say what its own statistics do to a sample.

# %%
exercises.predict("batch of one")

# %%
alone = nn.BatchNorm().forward(x[:1], training=True)
picture = nn.BatchNorm().forward(images[:1], training=True)
print("one sample of two features:", alone)
print(f"one image of 28 × 28 pixels: spread {picture.std():.2f}")

# %% [markdown]
# One number is its own mean. A layer on $(N, K)$ puts out β for every batch of one, and a net that predicts that
# way gives all the world the same answer. (PyTorch refuses to *train* on such a batch.) One image still has 784
# pixels to take a mean over; so for $(N, C, H, W)$ a batch of one works, though it normalizes every image by itself.
#
# ## Three rules by the same name
#
# After each training step the running value $r$ (of the mean, and of the variance) is moved towards the batch's
# value $b$. How far, is a number called **momentum**, $m$, and here libraries differ:
#
# $$ \text{Keras, Paddle, this course:}\quad r \leftarrow m\,r + (1 - m)\,b
#    \qquad\qquad
#    \text{PyTorch:}\quad r \leftarrow (1 - m)\,r + m\,b . \tag{4} $$
#
# The first weighs the **old** value by $m$, the second the **new** one. The usual settings are $m = 0.9$ in Paddle and
# 0.99 in Keras, and 0.1 in PyTorch; 0.9 in the first rule and 0.1 in the second are the same thing. (The momentum of
# an optimizer is something else again.) The third way is the plain
# **average** of all batches so far, $r \leftarrow r + (b - r)/t$ at step $t$; PyTorch does that for `momentum=None`.
#
# The paper itself keeps nothing while it trains. Its algorithm 2 goes through many mini-batches **after** training,
# with the final weights, and averages their means and their variances (times $n/(n - 1)$). That costs one more pass
# over some of the data, but no batch is measured with weights that are out of date.

# %%
exercises.predict("swapped momentum")

# %%
running = explorers.RunningStatisticsExplorer()
running

# %% [markdown]
# **How to read it.** One feature whose true mean is 3 and whose true variance is 4 (dotted) goes through 100
# training steps. Grey dots are what each batch measures; the lines are the running statistics by the three rules,
# **all with the same number m**. At $m = 0.9$ the blue line (Keras) is calm and the orange one (PyTorch) jumps from
# batch to batch: its memory is about one step long. Move **m** to 0.1 and they change places. The green average has
# no $m$.
#
# **The start.** The blue line begins at 0 and needs some thirty steps to arrive. That is a **bias**: after $t$ steps
# from 0 it has seen only the share $1 - m^t$ of what it should hold, since its start still has the weight $m^t$.

# %%
for t in (1, 5, 10, 20, 40):
    print(f"after {t:>2} steps the share 1 − 0.9^{t:<2} = {1 - 0.9**t:.2f}")

# %% [markdown]
# Paddle's course starts both statistics at 0. A prediction after five steps then divides by a spread that is too
# small, and comes out $1/\sqrt{0.41} = 1.6$ times too wide. Who knows $m$ and $t$ can correct it: $r/(1 - m^t)$ is the
# dashed line. (Optimizers such as Adam do so.) Keras and PyTorch start the variance at 1 instead, as
# `nn.BatchNorm` does: a prediction too early then mixes in a 1, and is as wrong as the true variance is far from 1.
# Try both with *start at*,
# at $m = 0.99$.
#
# **The batch size.** Move **batch** to 4 and to 64. The mean of $B$ samples scatters around the true one like
# $1/\sqrt{B}$, so sixteen times the batch is four times as exact. At 2 samples something else shows: the variance is
# not only restless, it is too small **on average**. It is measured from the batch's own mean, to which the samples lie
# closer than to the true one, and comes out at $(B - 1)/B$ of the truth. Dividing by $B - 1$ mends that (*divide by*),
# and PyTorch stores it so, while it normalizes the training batch with the other one. This course divides by $B$ in
# both places, like the formula. At a batch size of 32 it makes 3 % of a difference.
#
# **Moving targets.** Tick *the mean drifts*. While a net learns, the layers below change, and so do the true
# statistics. The plain average keeps all of its past and falls behind. That is why libraries forget.

# %%
running.set(momentum=0.9, batch_size=16, seed=0, start="0 (both)", variance="n (biased)", drift=True)
print(running.diagnosis)

# %% [markdown]
# ## Does it matter? A net with the switch left on "training"
#
# Forgetting to switch to prediction is easily done, since nothing fails. Here is a small net, 784 inputs, 100 units with batch normalization and ReLU, ten classes, after 150 steps on mini-batches of 64.


# %%
data = datasets.fashion_mnist().flat()
rng = np.random.default_rng(0)
net = nn.Sequential(nn.Dense(100), nn.BatchNorm(), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
for _ in range(150):
    rows = rng.choice(len(data.x_train), 64, replace=False)
    logits = net.forward(data.x_train[rows], training=True)
    _, dlogits = nn.softmax_cross_entropy(logits, data.y_train[rows])
    net.backward(dlogits)
    for name, parameter in net.params.items():
        parameter -= 0.2 * net.grads[name]

# %% [markdown]
# It is tested on 1,000 images it has not seen, 50 at a time; once in shuffled order, and once sorted by class, as
# photographs in a folder might be. (`forward(..., training=True)` also moves the running statistics, so we put them
# back after each try.) Figures in ⟨ ⟩ come out of training and may differ a little on your machine.


# %%
def accuracy(order, training):
    kept = {name: buffer.copy() for name, buffer in net.buffers.items()}
    batches = order.reshape(-1, 50)
    answers = [net.forward(data.x_test[rows], training=training).argmax(axis=1) for rows in batches]
    for name, buffer in net.buffers.items():
        buffer[...] = kept[name]
    return (np.array(answers) == data.y_test[batches]).mean()


# %%
shuffled = np.arange(1000)
by_class = np.argsort(data.y_test[:1000], kind="stable")
for name, order in (("shuffled", shuffled), ("sorted", by_class)):
    own, stored = accuracy(order, True), accuracy(order, False)
    print(f"{name:<9} by each batch's own statistics ⟨{own:.2f}⟩, by running statistics ⟨{stored:.2f}⟩")

# %% [markdown]
# On shuffled images nobody would notice: fifty mixed images have nearly the statistics of all images. On sorted ones
# the net fails, because fifty pairs of trousers are normalized until the average pair of trousers is all zeros, and
# what made them trousers is gone. With running statistics the order does not matter at all.
#
# ## Where this stops being true
#
# Running statistics are those of the *training* data. If the images to be predicted are darker than those, μ and v
# are wrong for them, and nothing in the formula says so. With small batches training and prediction drift apart,
# since each batch's statistics are so noisy. Lesson 09 measures both, and shows what to use instead. And all of this
# lesson was the way forward: since μ and v depend on every sample of the batch, so does the gradient. That is
# lesson 07.
#
# ## What was claimed, and what is measured
#
# Each statement of this lesson is measured here, now, for three seeds.

# %%
claims.table("06")

# %% [markdown]
# ## Exercises
#
# **1. Both modes.** Write batch normalization for $x$ of shape $(N, K)$. `mean` and `var` are the running statistics,
# of shape $(K,)$ like `gamma` and `beta`; `training` is True or False. Return three things: $y$, and the running mean
# and variance as they are after the call. Follow the first rule of equation (4), and keep the variance that is
# divided by $N$.


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
# **2. Images.** Now for $x$ of shape $(N, C, H, W)$, in training only; return $y$. `x.mean(axis=(0, 2, 3),
# keepdims=True)` has the shape $(1, C, 1, 1)$ and lines up with $x$; `gamma` and `beta` come as $(C,)$, and
# `gamma.reshape(1, -1, 1, 1)` gives them that shape.


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
# ## What to remember
#
# Each feature is shifted and scaled to mean 0 and spread 1 over the batch, then to mean β and spread γ, which are
# learned. For images a feature is a channel, and its statistics run over all images and all pixels at once; variances
# of single images do not average to it. In prediction running statistics take their place, so that an answer does
# not depend on its company. A momentum of 0.9 in Keras or Paddle is 0.1 in PyTorch. And a net that is right on
# shuffled data and wrong on sorted data has been left in training mode.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate
#   shift*, ICML 2015: algorithms 1 and 2, section 3.
# - D. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015: section 3, the correction of a
#   start at 0.
# - The documentation of `BatchNormalization` in Keras, of `BatchNorm1d` in PyTorch and of `BatchNorm` in Paddle: the
#   momentum, where the statistics start, and which variance is stored.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [07 · Batch normalization, backward](07_batch_norm_backward.ipynb) sends the gradient back through the
# four steps. Before this one came [05 · Weight initialization](05_weight_initialization.ipynb); the map of the
# course is in [00 · Start here](00_start_here.ipynb).
