# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 05 · Weight initialization
#
# **How wide should the first, random weights of a network be?** One number decides whether a deep net can
# learn at all. Ten times too narrow, or ten times too wide, and it learns next to nothing.
#
# After this lesson you can
#
# - say what a given initialization does to a signal that travels up through a net, and to the gradient that
#   comes back down;
# - derive the rules of LeCun, Xavier (Glorot) and He from one line of algebra, and write them yourself;
# - read a picture of ten layers and name what is wrong with a net that does not start to learn.
#
# You need lesson 00 (how explorers and exercises work), matrices, derivatives and the chain rule, and the mean
# and variance of random numbers. It takes about 40 minutes. Run the cells from the top with Shift + Enter.

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.diagnostics import LossCurves, activation_curves, deep_net, diagnose, signal_report, trace

x, labels = datasets.fashion_samples(500)
print(x.shape, labels.shape, f"spread {x.std():.2f}")

# %% [markdown]
# `x` holds 500 photographs of clothes from Fashion-MNIST, one a row, 28 × 28 = 784 grey values each, shifted
# and scaled to mean 0 and standard deviation 1. We call the standard deviation of a set of numbers its
# **spread**: how far they typically lie from their mean. `labels` holds the class of each photograph, 0 to 9.
#
# The words of this lesson, one sentence each. A network is a chain of **layers**; all but the last are called
# **hidden**. The last one puts out a score for each class, the **logits**. The **loss** $C$ says in one number
# how wrong the scores are for a **batch** of images; ours is the **cross-entropy**, the mean of
# $-\ln(\text{probability given to the right class})$. The derivative $\partial C/\partial w$ tells by how much $C$
# changes if the number $w$ is raised a little while all else stays; the derivatives of all weights are the
# **gradient**. The **backward pass** computes it by the chain rule, layer by layer, from the last to the first.
# **Gradient descent** takes **steps**: each takes off every weight its derivative times the **learning rate**.
#
# ## Four nets that differ in one number
#
# Below are four networks, each of ten hidden layers of 100 units with the activation function tanh. All see the
# same 500 images and take 100 steps with the same learning rate. Only the width of their random weights differs.
# Three draw every weight from $N(0, \sigma^2)$, the bell curve with mean 0 and standard deviation $\sigma$. One
# uses a rule called Xavier, which we will derive; between these layers it gives σ = 0.1.
#
# A net that knows nothing gives each of the ten classes the probability 1/10, and its loss is
# $\ln 10 = 2.303$. That is the number to beat.


# %%
def train(net, steps=100, rate=0.1):
    losses = []
    for _ in range(steps):
        loss, dlogits = nn.softmax_cross_entropy(net.forward(x), labels)
        losses.append(loss)
        net.backward(dlogits)
        for name, parameter in net.params.items():
            parameter -= rate * net.grads[name]
    return losses


# %%
normal = nn.initializers.normal
schemes = {"σ = 0.01": normal(0.01), "Xavier": "xavier_uniform", "σ = 0.3": normal(0.3), "σ = 1": normal(1)}
nets = [deep_net("tanh", 10, 100).initialize(s, np.random.default_rng(0)) for s in schemes.values()]
curves = LossCurves(tuple(schemes), [train(net) for net in nets])
plots.LossCurves(curves, log=True)

# %%
for name, losses in zip(curves.names, curves.losses, strict=True):
    print(f"{name:<9} first loss {losses[0]:4.2g}, last ⟨{losses[-1]:.2g}⟩")

# %% [markdown]
# (Training amplifies the last digit, so figures in ⟨ ⟩ may differ on your machine.) Two nets have learned their 500
# images. Of the others one stays at guessing, one starts far above it and falls back to it. Three times Xavier's
# width learns even faster here: what counts is the order of magnitude. Let us look inside.
#
# ## What one unit does to a spread
#
# A unit takes $n$ inputs $x_1, \dots, x_n$, multiplies each by a weight and adds up:
#
# $$ s = \sum_{j=1}^{n} x_j\, w_j . $$
#
# We call $s$ the **pre-activation**; the unit then puts out $h = \tanh(s)$, the **activation**. Here is
# $\tanh(s) = (e^s - e^{-s})/(e^s + e^{-s})$ beside two others that we shall need, the sigmoid $1/(1 + e^{-s})$ and
# $\mathrm{ReLU}(s) = \max(s, 0)$. Below each stands its slope, the factor that a gradient takes on its way back.

# %%
activations = activation_curves()
plots.ActivationCurves(activations)

# %%
print("tanh(0.5) =", round(np.tanh(0.5), 2), "and tanh(1) =", round(np.tanh(1), 2))
print("steepest slope of tanh, sigmoid, ReLU:", activations.slopes.max(axis=1).round(2))

# %% [markdown]
# Around 0 tanh is nearly the line $h = s$; at $s = 0.5$ it is 8 % below. Shaded is where we call an activation
# **flat**: tanh and sigmoid are *saturated* there (tanh: $|h| > 0.97$, slope below 0.06), ReLU is zero.
#
# The number of inputs $n$ is the unit's **fan-in**. At the start the weights are random: independent of each
# other and of the inputs, with mean 0 and standard deviation $\sigma$. How large will $s$ be? Each product
# $x_j w_j$ has mean 0, because $w_j$ has. So its variance is $E[x_j^2]\,\sigma^2$. The terms are uncorrelated
# because the *weights* are independent with mean 0, even where the inputs are not (neighbouring pixels are
# alike). The variances of uncorrelated terms add up:
#
# $$ \mathrm{var}(s) = n\,\sigma^2\,E[x^2] . \tag{1} $$
#
# If the inputs have mean 0 and spread 1, then $E[x^2] = 1$ and the spread of $s$ is simply $\sigma\sqrt{n}$. A
# hundred inputs make a sum that is not a hundred but **ten** times as wide as one product, since positive and
# negative terms cancel in part.

# %%
exercises.predict("width of one unit")

# %%
unit = explorers.OneUnitExplorer()
unit

# %% [markdown]
# Move **inputs n** and **σ**. The bars are 4,000 sums, the curve is what equation (1) predicts, and the shaded
# strip is where tanh is nearly a line: sums that land far outside all come out as nearly −1 or +1.
# Find the σ that makes a unit with 1,000 inputs as wide as one with 100 inputs at σ = 0.1. (Equation (1) says:
# $0.1/\sqrt{10} \approx 0.032$.)

# %%
unit.set(n_in=1000, sigma=10**-1.5)
print(unit.diagnosis)

# %% [markdown]
# ## Ten units in a row
#
# A layer is many such units side by side. With $N$ samples, $n$ inputs and $K$ units it computes
#
# $$ s = x\,W + b, \qquad h = \tanh(s), $$
#
# where $x$ is $(N, n)$, the weight matrix $W$ is $(n, K)$, the biases $b$ are $(K,)$ and start at zero, and $s$
# and $h$ are $(N, K)$. The next layer takes $h$ as its input. So whatever equation (1) does to the spread, it
# does again, and again: **ten layers raise the factor of one layer to the tenth power**. Here is σ = 0.01, with
# 500 units a layer for smoother pictures. (The nets above had 100: $\sigma\sqrt n$ was 0.1 there and is 0.22 here.)


# %%
def survey(activation, scheme, depth=10, **options):
    net = deep_net(activation, depth, width=500, **options)
    net.initialize(scheme, np.random.default_rng(0))
    return signal_report(net, x, labels, quantity="activations")


# %%
narrow = survey("tanh", normal(0.01))
print("spread of h by layer:", *(f"{std:.1e}" for std in narrow.std))
print(f"factor a layer {narrow.factor:.2f}, the rule σ√n says {0.01 * 500**0.5:.2f}")

# %% [markdown]
# Every layer multiplies the spread by 0.22, and at layer 10 less than two millionths are left. Relative to each
# other the pictures still differ as much as before: multiplied by a million they could be told apart. But
# nothing multiplies them. The logits are nearly 0 for every picture, and what comes back is as tiny. Here is
# $\partial C/\partial s$, one number for every sample and unit, of the shape of $s$:

# %%
net = deep_net("tanh", 10, 500).initialize(normal(0.01), np.random.default_rng(0))
t = trace(net, x, labels)
print("spread of ∂C/∂s by layer:", *(f"{ds.std():.1e}" for ds in t.ds))
print(f"a step at rate 0.1 moves a weight of layer 5 by {0.1 * t.dW[4].std() / 0.01:.0e} of its size")

# %% [markdown]
# Three parts in a hundred million: a hundred steps move nothing. The remedy seems obvious: wider weights. So let
# us take σ = 1.

# %%
exercises.predict("wide tanh")

# %% [markdown]
# ## The explorer
#
# It sends 500 inputs through a deep net and draws **one row a layer**, layer 1 on top. It starts at σ = 0.01.

# %%
explorer = explorers.InitializationExplorer()
explorer

# %% [markdown]
# **How to read it.** On the left is one histogram a layer. Its bars grow with the square root of the share, so
# that a thin tail can be seen beside a tall spike; a number at the border (◂ or ▸) tells what share lies outside.
# On the same rows: the spread on a logarithmic scale (dots: of all values; squares: between samples), the mean,
# and the share of outputs where the activation is flat (dots), with the share of units that are flat for *every*
# sample (squares). The colour of a row is its state: alive; vanished (less than a hundredth of the first layer's
# spread between samples); exploded (more than a hundred times); saturated or dead (more than half of the outputs
# saturated, or of the units dead). The sentence below says what it means, from the same numbers.
#
# **A walk through it.** Move σ slowly from 0.01 to 1 and watch the rows. Around σ = 0.06 the histograms soon
# stop changing from row to row. ($\sigma\sqrt n$ is 1.3 there, not 1: the 0.3 makes up for what tanh takes away.)
# Below that they close to a spike, above that they pile up at ±1.
#
# ## A spread is not yet a signal
#
# Why squares? Here is a net of sigmoids with $\sigma = 1/\sqrt n$ (*LeCun normal*, explained below), which would
# keep the spread if the activation were a line of slope 1. But the sigmoid's slope is 1/4 at most, and its outputs
# lie around ½. Look at layers 5 to 10: wide and healthy, by all appearances.

# %%
explorers.InitializationExplorer(activation="sigmoid", scheme="LeCun normal")

# %% [markdown]
# The spread of all values (dots) is mostly kept, yet what differs **between samples** (squares) falls by a factor of four
# a layer. What the histograms show is that *units* differ from each other; each gives nearly the same number for
# every image. A signal is what can tell inputs apart, so the explorer judges by the squares. For tanh from
# Xavier's width the two stay in proportion; under ReLU the squares fall behind, to half the dots in ten layers.
#
# ## Too wide
#
# Back to tanh, and to σ = 1.

# %%
print(diagnose(survey("tanh", normal(1.0))))

# %% [markdown]
# Nine outputs in ten are saturated, and it is often said that this "kills the gradient". Look before you believe
# it.

# %%
exercises.predict("wide tanh gradient")

# %%
explorers.InitializationExplorer(sigma=1.0, quantity="gradients ∂C/∂s")

# %% [markdown]
# A gradient travels from the bottom row to the top row. Its size by itself says little (it depends on the
# number of samples, for one), so the picture divides by the spread at layer 10, where the journey begins. The
# spike is the saturated units, which let nothing through. Look at the border, where the share outside grows from
# less than 1 % to 9 % on each side, and at the spread panel.
#
# On its way down a gradient is multiplied by the slope of tanh and by the weights, 500 products summed. In
# variance that is width · σ² · mean squared slope:

# %%
wide = deep_net("tanh", 10, 500).initialize(normal(1.0), np.random.default_rng(0))
t = trace(wide, x, labels)
q = 500 * np.square(1 - t.h[4] ** 2).mean()  # the slope of tanh is 1 − h²
print(f"expected: {q:.0f} in variance, ×⟨{q**0.5:.1f}⟩ in spread a layer")
print("measured: ×⟨" + ", ".join(f"{t.ds[i].std() / t.ds[i + 1].std():.1f}" for i in range(9)) + "⟩")

# %% [markdown]
# So saturation at this width does not starve the lower layers: it floods them with huge, erratic gradients.
# The loss tells it too. An untrained net should start at 2.303. One whose logits are 20 wide is wrong with
# great confidence. The steep start of its curve above, a hockey stick, only unlearns that.

# %%
good = deep_net("tanh", 10, 500).initialize("xavier_uniform", np.random.default_rng(0))
print(f"first loss at σ = 1: ⟨{t.loss:.0f}⟩")
print(f"first loss from Xavier: {trace(good, x, labels).loss:.1f}")

# %% [markdown]
# **The first loss is the cheapest test there is.** If it is far above $\ln(\text{classes})$, the last layer's
# weights are too wide; no training is needed to see that.
#
# ## The width that neither grows nor shrinks
#
# Equation (1) tells what to ask for. The variance stays as it is if
#
# $$ n_\text{in}\,\mathrm{var}(w) = 1, \qquad\text{that is}\qquad \sigma = \frac{1}{\sqrt{n_\text{in}}} . \tag{2} $$
#
# This is LeCun's rule of 1998. (Lecture notes and slides that follow CS231n print it under the name of Xavier.)
# It treats tanh as a line of slope 1.
#
# Going **down**, the same sum is taken the other way. Write $\delta = \partial C/\partial s$ for the gradient of
# the loss $C$ at the pre-activations of a layer, of shape $(N, n_\text{out})$. Raising the layer's input $h_j$
# raises every $s_k$ above it by $W_{jk}$, so its gradient is $\sum_k \delta_k W_{jk}$: for all of them, $\delta\,W^T$
# (then times the slope of tanh, near 1). Each entry is a sum over the layer's $n_\text{out}$ units, so the
# gradient keeps its variance if $n_\text{out}\,\mathrm{var}(w) = 1$. A layer with different numbers of inputs and
# outputs cannot have both. Xavier Glorot and Yoshua Bengio took the average of the two fans:
#
# $$ \mathrm{var}(w) = \frac{2}{n_\text{in} + n_\text{out}} . \tag{3} $$
#
# They drew evenly from an interval instead of a bell curve, which is written $U(-a, a)$ and has the variance
# $a^2/3$. So
#
# $$ a = \sqrt{\frac{6}{n_\text{in} + n_\text{out}}} . \tag{4} $$
#
# All of these are one rule, variance = scale / fan; `fan_avg` is the average of the two fans:

# %%
rule = nn.initializers.variance_scaling(scale=1, mode="fan_avg", distribution="uniform")
W = rule((300, 100), np.random.default_rng(0))
print(f"limit {np.abs(W).max():.3f}, equation (4) says {(6 / 400) ** 0.5:.3f}")

# %%
xavier = survey("tanh", "xavier_uniform")
plots.LayerSignals(xavier)

# %%
print(diagnose(xavier))

# %% [markdown]
# The spread falls from layer to layer, but slowly: to about a third over ten layers rather than to a millionth.
# It falls because tanh pulls every value a little towards zero, and the more so the wider they are. A little
# more width makes up for it: $\mathrm{var}(w) = (5/3)^2/n_\text{in}$ (PyTorch calls the 5/3 the **gain** of tanh).

# %%
for gain in (1, 5 / 3):
    rule = nn.initializers.variance_scaling(gain**2, "fan_in", "normal")
    h = trace(deep_net("tanh", 30, 500).initialize(rule, np.random.default_rng(0)), x).h
    print(
        f"gain {gain:.2f}, spread at layers 1, 5, 15, 30:", *(f"{h[i].std():.2f}" for i in (0, 4, 14, 29))
    )

# %% [markdown]
# ## The trap: looking at weight gradients
#
# In 2010 Glorot and Bengio compared rule (4) with the habit of their day, $U(\pm 1/\sqrt{n_\text{in}})$. That
# interval has the variance $\frac{1}{3 n_\text{in}}$, a third of what equation (2) asks for. The habit lives: it is
# the default of PyTorch's `nn.Linear`, and from it the ten layers above are still at 2.28 or 2.29 after 100 steps. Their
# setting was five layers of 1,000 tanh units. We do the same.


# %%
def glorot(scheme):
    rng = np.random.default_rng(0)
    inputs, classes = datasets.gaussian(300, 1000, rng)
    return trace(deep_net("tanh", 5, 1000).initialize(scheme, rng), inputs, classes)


# %%
for scheme in ("standard_uniform", "xavier_uniform"):
    t = glorot(scheme)
    for name, signals in (("h", t.h), ("∂C/∂s", t.ds), ("∂C/∂W", t.dW)):
        print(f"{scheme:<17} {name:<6}", *(f"{a.std() / signals[-1].std():6.2f}" for a in signals))

# %% [markdown]
# Each line shows the spread in layers 1 to 5, divided by that of layer 5. Under the habit the activations
# shrink on their way up (9.9 to 1), and the gradients $\partial C/\partial s$ shrink on their way down (1 to
# 0.08). Yet the gradients of the weights, $\partial C/\partial W$, are **the same in every layer**. If those
# were all you looked at, you would find nothing wrong.
#
# The reason is that a weight gradient is a product of both signals. For layer $l$, with the layer's input
# $h_{l-1}$ of shape $(N, n)$ and $\delta_l$ of shape $(N, K)$,
#
# $$ \frac{\partial C}{\partial W_l} = h_{l-1}^{\,T}\,\delta_l , $$
#
# a sum of products of independent factors, whose variances multiply. Where all layers are equally wide, each
# multiplies the variance by the same $q$ on the way up as on the way down. Then $\mathrm{var}(h_{l-1})$ is
# proportional to $q^{\,l-1}$ and, in a net of $L$ layers, $\mathrm{var}(\delta_l)$ to $q^{\,L-l}$. The product has
# $q^{\,L-1}$: no $l$ is left in it (equation 14 of the paper). What shrinks upward and what shrinks downward
# cancel. So look at $\partial C/\partial s$, and look at the activations.

# %%
explorers.InitializationExplorer(scheme="U(±1/√fan_in)", quantity="weight gradients ∂C/∂W")

# %% [markdown]
# Ten rows that look alike. Now set `show` to *gradients ∂C/∂s*.

# %% [markdown]
# ## ReLU throws half away
#
# ReLU sets all negative pre-activations to zero. If $s$ is symmetric around zero, half of the mean square is
# lost:
#
# $$ E[h^2] = \tfrac12\,\mathrm{var}(s) = \tfrac12\,n_\text{in}\,\mathrm{var}(w)\,E[h_\text{before}^2] . \tag{5} $$
#
# Note that the *mean square* of the inputs counts here, not their variance: ReLU's outputs do not have mean 0,
# and equation (1) was about $E[x^2]$ all along. With Xavier's width each layer halves it, and $L$ layers
# multiply it by $2^{-L}$. In 2015 He and colleagues put the 2 back:
#
# $$ \mathrm{var}(w) = \frac{2}{n_\text{in}} . \tag{6} $$
#
# (The first layer would want $1/n_\text{in}$, since no ReLU comes before it. One factor of 2 does no harm.)

# %%
for scheme in ("xavier_normal", "he_normal"):
    layers = trace(deep_net("relu", 30, 500).initialize(scheme, np.random.default_rng(0)), x).h
    power = np.log2([np.square(h).mean() for h in layers])
    print(f"{scheme:<14} log₂ of the factor a layer {np.polyfit(range(30), power, 1)[0]:5.2f}")

# %% [markdown]
# A slope of −1 is a factor of $2^{-1}$ a layer; a slope near 0 keeps the signal. Over thirty layers the 2 makes a
# billion, and the net without it does not start to learn (the claims at the end measure that too).
#
# "Keeps" is true **on average over nets**. In a single net each layer's factor is itself a little random, and
# thirty such factors multiply up:


# %%
def end_to_end(seed):
    net = deep_net("relu", 30, 500).initialize("he_normal", np.random.default_rng(seed))
    first, *_, last = (np.square(h).mean() for h in trace(net, x).h)
    return last / first


# %%
print("E[h²] at layer 30 ÷ layer 1, ten seeds:")
print(*(f"{end_to_end(seed):.1f}" for seed in range(10)))

# %% [markdown]
# Ten draws of one recipe differ by an order of magnitude (move `seed` in an explorer); wider layers scatter less.

# %%
exercises.predict("relu zeros")

# %%
explorers.InitializationExplorer(activation="relu", scheme="Xavier normal", depth=30)

# %%
zeros = [survey("relu", scheme).flat for scheme in ("xavier_normal", "he_normal")]
print("share of zeros, Xavier:", *(f"{share:.2f}" for share in zeros[0]))
print("share of zeros, He:    ", *(f"{share:.2f}" for share in zeros[1]))

# %% [markdown]
# The two rows agree to the last digit shown. The notes after CS231n say that under Xavier "the zeros pile up";
# the histograms do crowd towards zero, but because the *positive* half narrows. The squares in the right-hand
# panel show something else that is real: in deep ReLU nets more and more units are zero for **every** sample
# of the batch. That too does not depend on the scale, and He's rule does not mend it.
#
# ## Zeros, constants and twins
#
# Why random weights at all? Start every weight at zero and see what gradient descent can do with them.

# %%
zero = deep_net("tanh", 3, 500).initialize("zeros", np.random.default_rng(0))
backward = trace(zero, x, labels)
print("largest |∂C/∂W| by layer:", *(f"{np.abs(g).max():g}" for g in backward.dW))

# %% [markdown]
# It is often said that all units then get the same gradient and move alike. It is worse: the hidden layers do
# **not move**. $\delta W^T$ is zero because $W$ is, and $h^T\delta$ is zero because $h$ is. The saying is right for
# weights that are equal but not zero: all units of a layer compute the same, get the same gradient and take the
# same step. They are **twins**, and stay so for ever:

# %%
twins = deep_net("tanh", 2, 50).initialize(nn.initializers.constant(0.05), np.random.default_rng(0))
train(twins, steps=20)
units = np.round(twins.params["0.W"], 4)
print("different units in layer 1 after 20 steps:", len(np.unique(units, axis=1).T), "of", units.shape[1])

# %% [markdown]
# Fifty units, one opinion. Random weights break the symmetry; so biases may start at zero.
#
# ## Other starts, and a way out
#
# **A fixed interval.** Gluon, the front end of the framework MXNet, draws from $U(-0.07, 0.07)$ whatever the sizes.
# That is right for $3/0.07^2 \approx 612$ inputs and for no other number: in an explorer above press *U(±0.07)* and
# move `width` from 50 to 600.
#
# **Square orthogonal matrices** ($W^T W = I$: a rotation, perhaps mirrored) keep lengths not on average but
# exactly, for every input, whatever the seed, as long as nothing bends in between (activation *identity*). The
# first layer, 784 → 500, is not square and still shortens each image, to about $\sqrt{500/784} = 0.8$.

# %%
print(diagnose(survey("identity", "orthogonal", depth=30)))

# %% [markdown]
# **Batch normalization** rescales the pre-activations of every layer to mean 0 and spread 1, whatever the
# weights are. Here is the hopeless σ = 0.01 again, with it. (In the explorer: tick *batch norm*.)

# %%
print(diagnose(survey("tanh", normal(0.01), batch_norm=True)))

# %% [markdown]
# The forward signal forgets σ, which is much of the reason why initialization is less feared today than in 2010.
# Training does not forget it: after 100 steps the ten layers of 100 units have a loss of about 1.5 from σ = 0.01,
# thirty times that from σ = 1. How it works, and where it fails, are lessons 06 to 09.
#
# ## Where this stops being true
#
# Everything above describes the **first** forward and backward pass. Training moves the weights, and nothing
# here promises that they stay well scaled. The algebra assumes independent weights, wide layers and inputs
# with a mean square near 1, which raw pixels from 0 to 255 do not have (lesson 04). Finally, nets with skip
# connections add signals instead of multiplying factors, and have rules of their own.
#
# ## What was claimed, and what is measured
#
# Each statement of this lesson is measured here, now, for three seeds. *Here* is what came out, the smallest and
# the largest of the three; the *band* is what it has to lie in for the verdict to stand. *Folklore* is what is
# often said and measured to be false.

# %%
claims.table("05")

# %% [markdown]
# ## Exercises
#
# **1. Xavier's uniform rule.** Fill in equation (4). `rng` is NumPy's random generator;
# `rng.uniform(low, high, size)` draws evenly from an interval.


# %%
def xavier_uniform(fan_in, fan_out, rng):
    """Return weights of shape (fan_in, fan_out) drawn from U(-a, a)."""
    return ...  # your formula


exercises.check_xavier_uniform(xavier_uniform)

# %% [markdown]
# <details><summary>A hint</summary>
#
# The limit a is a square root; the shape is a pair.
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def xavier_uniform(fan_in, fan_out, rng):
#     a = np.sqrt(6 / (fan_in + fan_out))
#     return rng.uniform(-a, a, (fan_in, fan_out))
# ```
# </details>
#
# **2. He's normal rule.** Equation (6) gives the variance; `rng.normal(mean, standard_deviation, size)` wants
# its root.


# %%
def he_normal(fan_in, fan_out, rng):
    """Return weights of shape (fan_in, fan_out) with mean 0 and variance 2 / fan_in."""
    return ...  # your formula


exercises.check_he_normal(he_normal)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def he_normal(fan_in, fan_out, rng):
#     return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))
# ```
# </details>
#
# **3. By hand.** Twenty ReLU layers of 300 units. Find a σ with which layer 20 has between a tenth and ten times
# the spread of layer 1, first by trying a few, then by equation (6).

# %%
exercises.check_sigma(0.02, activation="relu", depth=20, width=300)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# $\sqrt{2/300} \approx 0.082$. The signal passes from about 0.073 to 0.092; twenty layers leave no more room.
# </details>
#
# ## What to remember
#
# A layer multiplies the mean square of its input by $n_\text{in}\,\mathrm{var}(w)$, times ½ under ReLU, and
# depth raises that factor to a power; so it has to be 1. That gives $1/n_\text{in}$ for tanh,
# $2/(n_\text{in}+n_\text{out})$ as the compromise with the way back, and $2/n_\text{in}$ for ReLU. Look at the
# activations and at $\partial C/\partial s$, layer by layer; weight gradients can look level while a signal
# dies. And check the first loss against $\ln(\text{classes})$.
#
# ## Sources
#
# - X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS
#   2010: equations 5 to 16, figures 6 and 7.
# - K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV 2015: section 2.2, equation 10.
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp*, 1998: equation 16.
# - A. Saxe, J. McClelland, S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear
#   neural networks*, ICLR 2014.
# - S. Ioffe, C. Szegedy, *Batch normalization*, ICML 2015.
# - Lecture notes and slides that follow Stanford's course CS231n: σ = 0.01, σ = 1, $1/\sqrt n$ as Xavier, the zeros.
# - Documentation of PyTorch (`nn.Linear`, `nn.init.calculate_gain`) and of Apache MXNet (Gluon's `initialize`).
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [06 · Batch normalization, forward](06_batch_norm_forward.ipynb). Back to
# [00 · Start here](00_start_here.ipynb).
