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
# **How large should the first, random weights of a network be?** This one number can decide whether a deep net
# learns at all.
#
# After this lesson you can
#
# - say what a start does to a signal on its way forward, and to the gradient on its way backward;
# - derive the rules of LeCun, Xavier and He from one line of algebra, and write them yourself;
# - read a picture of ten layers and name what is wrong with a net that does not start to learn.
#
# You need lessons 01 to 03, matrices, the chain rule, mean and variance. It takes about 45 minutes.
#
# <details><summary>The symbols of this lesson, to look up later</summary>
#
# | symbol | what it is | shape |
# |---|---|---|
# | $N$ | number of images | |
# | $n_\text{in}$, $n_\text{out}$ | inputs and units of a layer (its fans); $n$ where one is enough | |
# | $x$ | input of a layer | $(N, n_\text{in})$ |
# | $W$, $b$ | weights and biases of a layer | $(n_\text{in}, n_\text{out})$, $(n_\text{out},)$ |
# | $\sigma$ | standard deviation of the weights at the start | |
# | $s = xW + b$ | pre-activation | $(N, n_\text{out})$ |
# | $h$ | activation, such as $\tanh(s)$; the next layer's $x$ | $(N, n_\text{out})$ |
# | $C$ | loss | |
# | $\delta = \partial C/\partial s$ | gradient at the pre-activations | $(N, n_\text{out})$ |
# | $E[\cdot]$, $\mathrm{var}$ | mean and variance | |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.diagnostics import signal_report, trace
from coursekit.experiments import LossCurves, learned_net, net_drawing
from coursekit.nets import deep_net, mystery_nets

x, labels = datasets.fashion_samples(500)
plots.NetDrawing(net_drawing(learned_net(), x[0], labels[0]))

# %% [markdown]
# `x` holds 500 photographs of clothes, as in lesson 03: 784 grey values each, with mean 0 and standard deviation 1 over all. A
# net is to name the class. Each dot is a **unit**, each row a **layer**, and the ten scores at the end are called *logits*. The **loss** $C$ says how
# wrong they are: it is $-\ln$ of the probability that the net gives to the right class, averaged over the images.
# This net has learned for a second. One that guesses gives each class 1/10, and has the loss
# $\ln 10 = 2.303$. That is the number to beat.
#
# Every line into a unit carries a number, its **weight**. To learn is to change the weights in small steps so
# that the loss falls. But where do they start?
#
# ## Four nets that differ in one number
#
# At random: from a bell curve round 0 with the standard deviation $\sigma$. Three of the four nets below have σ = 0.01,
# 0.3 and 1. The fourth follows a rule called Xavier, which you will derive; between layers of 100 units it gives
# σ = 0.1. All else is equal.

# %%
exercises.predict("four starts")


# %%
def train(net, steps=100, rate=0.1):
    losses = []
    for _ in range(steps):
        loss, dlogits = nn.softmax_cross_entropy(net.forward(x), labels)
        losses.append(loss)
        net.backward(dlogits)
        for name, parameter in net.params.items():
            parameter -= rate * net.grads[name]  # one step against the slope
    return losses


# %%
def start(activation, scheme, depth=10, width=100):
    return deep_net(activation, depth, width).initialize(scheme, np.random.default_rng(0))


normal = nn.initializers.normal
schemes = {"σ = 0.01": normal(0.01), "Xavier": "xavier_uniform", "σ = 0.3": normal(0.3), "σ = 1": normal(1)}
nets = {name: start("tanh", scheme) for name, scheme in schemes.items()}
names = tuple("Xavier, 0.1" if name == "Xavier" else name for name in nets)
curves = LossCurves(names, [train(net) for net in nets.values()])
plots.LossCurves(curves, log=True)

# %%
for name, losses in zip(curves.names, curves.losses, strict=True):
    print(f"{name:<12} first loss {losses[0]:4.2g}, last ⟨{losses[-1]:.2g}⟩")

# %% [markdown]
# (Training amplifies the last digit, so figures in ⟨ ⟩ may differ on your machine.) Two nets have learned their 500
# images. The narrowest stays at guessing; the widest starts far above it and ends near it. And σ = 0.3, three times Xavier's
# width, ended *lowest*: a surprise that we keep for later.
#
# ## What one unit does
#
# A unit takes $n$ inputs $x_1, \dots, x_n$, multiplies each by a weight, and adds up:
#
# $$ s = \sum_{j=1}^{n} x_j\, w_j . $$
#
# We call $s$ the **pre-activation**. What the unit puts out is its **activation** $h$, here $h = \tanh(s)$. The standard
# deviation of a set of numbers we call their **spread**.

# %%
exercises.predict("width of one unit")

# %%
explorers.OneUnitExplorer(n_in=100, sigma=0.1)

# %% [markdown]
# The bars are 4,000 such sums, and beside them stands what tanh makes of them. Now move **inputs n** to 1,000: the
# sums grow wider, and tanh pushes them to its ends, −1 and +1. There it is nearly flat, and we call the unit
# **saturated**. Then find the σ that brings the spread back to 1.
#
# A hundred inputs make the sum ten times as wide as one. Why not a hundred times? Each of the 4,000 sums has weights drawn
# anew. A weight has mean 0 and is drawn by itself, so $x_j w_j$ has mean 0 and the variance $\sigma^2 E[x_j^2]$ ($E$ is
# the mean). Whether one product is positive says nothing about the next: they are uncorrelated. Then variances add up:
#
# $$ \mathrm{var}(s) = n\,\sigma^2\,E[x^2] . \tag{1} $$
#
# If the inputs have mean square 1 (with mean 0 that is spread 1), the spread of $s$ is $\sigma\sqrt n$. Does that give the σ you found?

# %%
explorers.OneUnitExplorer(n_in=1000, sigma=10**-1.5)

# %% [markdown]
# ## Ten layers in a row
#
# A layer is many units side by side, which all see the same inputs. With $N$ images at once it computes
#
# $$ s = x\,W + b, \qquad h = \tanh(s), $$
#
# where $x$ is $(N, n_\text{in})$, the weights $W$ are $(n_\text{in}, n_\text{out})$, the biases $b$ are $(n_\text{out},)$ and start at
# zero, and $s$ and $h$ are $(N, n_\text{out})$. The next layer takes $h$ as its input. For small $s$, $\tanh(s) \approx s$. So whatever
# equation (1) does to the spread, the next layer does again: **ten layers raise the factor of one layer to the tenth power**. At σ = 0.01 and
# 100 units that factor is $0.01\cdot\sqrt{100} = 0.1$.

# %%
explorers.InitializationExplorer(width=100)

# %% [markdown]
# **How to read it.** One row is one layer, and forward is the way from row 1 to row 10. On the left is the histogram of
# all $h$ of a layer (500 images × 100 units). Beside it stands their spread, on a
# logarithmic scale: dots for all values, and over them squares for how far one unit's outputs differ between images. The
# colour is the state of the layer: vanished means that the squares have less than a hundredth of layer 1's spread.
#
# At layer 10 a billionth of the spread is left. And learning? A step moves a weight against its **gradient**, the derivative
# $\partial C/\partial w$: it takes off rate × gradient. The chain rule computes it **backward**, from the loss to layer 1. On its way
# it meets $\partial C/\partial s$, one number for each image and unit:

# %%
t = trace(start("tanh", normal(0.01)), x, labels)
print("spread of ∂C/∂s, layers 1 to 10:", *(f"{ds.std():.0e}" for ds in t.ds))
print(f"a step at rate 0.1 moves a weight of layer 5 by {0.1 * t.dW[4].std() / 0.01:.0e} of its size")

# %% [markdown]
# Backward, too, each layer takes nine tenths away. A hundred steps of this size move nothing.
#
# ## Too wide
#
# Wider weights, then. Let us take σ = 1.

# %%
exercises.predict("wide tanh")

# %%
explorers.InitializationExplorer(width=100, sigma=1)

# %% [markdown]
# The third panel shows the share of flat outputs (dots), and of units that are flat for every image (squares). Now drag σ
# slowly back **in this picture**. Do not stop at the first *survives*, but where rows 4 to 10 look alike and are not piled up
# at the ends. You should end between 0.12 and 0.17. (Row 1 has 784 inputs and stays wider.)
#
# At σ = 1 most outputs are saturated, and it is often said that this "kills the gradient".

# %%
exercises.predict("wide tanh gradient")

# %%
explorers.InitializationExplorer(show=("sigma", "width"), width=100, sigma=1, quantity="gradients")

# %% [markdown]
# The arrow points backward now. All sizes are divided by the spread at layer 10, where the journey begins. Zeros stand apart on
# the left (30 %, in layer 1 even 70 %): there tanh is ±1 to the last digit, and its slope 0. But the others grow, and
# at layer 1 the spread, zeros included, is a thousand times as large.
#
# The arithmetic: a gradient on its way backward is multiplied by the slope of tanh, then by the weights. A hundred
# products with weights of spread 1 sum to $\sqrt{100} = 10$ times the spread. Of that the slopes let a share
# through, the root of their mean square (variances multiply, and the spread is the root):

# %%
for width in (100, 500):
    wide = trace(start("tanh", normal(1), width=width), x, labels)
    share = np.sqrt(np.mean((1 - wide.h[4] ** 2) ** 2))  # the slope of tanh is 1 − h²
    factor = wide.ds[4].std() / wide.ds[5].std()
    print(
        f"√{width} = {width**0.5:.0f}, share {share:.3f}: ×{width**0.5 * share:.1f}, measured ×{factor:.1f}"
    )

# %% [markdown]
# With 500 units $\sqrt{500} \approx 22$ times the share is 3.5 a layer: move **units** to 500. Saturation does
# let little through, but the large weights make more of it. Layers near the input are not starved; they
# are flooded with huge gradients. And what does a flood do to them?

# %%
flooded = start("tanh", normal(1))
for when, steps in (("at the start", 0), ("after five steps", 5)):
    train(flooded, steps=steps)
    silent = np.mean(trace(flooded, x, labels).ds[0] == 0)
    print(f"{when}: {100 * silent:.0f} % of layer 1's gradients are exactly zero")

# %% [markdown]
# Five huge steps push layer 1 to the ends of tanh, and now its gradient *is* dead: killed by the steps, not by the start. At
# a thousandth of the rate 70 % stay 70 % (claims `tanh_large_floods`, `tanh_large_floods_slowly`; such names stand on the page
# [All claims](../docs/claims.md)).
#
# You could have known before any training. The race printed the first losses: 2.3, 2.3, 4.6 and 15. **The first loss is the
# cheapest test there is.** Far above $\ln(\text{classes})$, the net is confidently wrong: its last weights are too wide.
# (4.6 learned, 15 did not; and at 2.3 the net may be too narrow.)
#
# ## The width that keeps the spread
#
# Equation (1) says what to ask for. The variance stays as it is if $n_\text{in}\,\sigma^2 = 1$:
#
# $$ \sigma = \frac{1}{\sqrt{n_\text{in}}} . \tag{2} $$
#
# This is LeCun's rule of 1998. Try it: twenty tanh layers of 300 units. Replace 0.02 by a σ with which layer 20 has
# at least a tenth of the spread of layer 1.

# %%
exercises.check_sigma(0.02, activation="tanh", depth=20, width=300)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# $1/\sqrt{300} \approx 0.058$.
# </details>
#
# Backward the same sum is taken the other way. Write $\delta = \partial C/\partial s$, of shape $(N, n_\text{out})$.
# An input of the layer feeds all its $n_\text{out}$ units, so its gradient is a sum over these: $\delta\,W^T$. Near zero the slope of tanh is 1 and changes nothing, so the gradient
# keeps its variance if $n_\text{out}\,\sigma^2 = 1$. A layer with different numbers of inputs and outputs
# cannot have both. Xavier Glorot and Yoshua Bengio (2010) took the average of the two numbers, called *fan-in* and *fan-out*:
#
# $$ \mathrm{var}(w) = \frac{2}{n_\text{in} + n_\text{out}} . \tag{3} $$
#
# They drew evenly from an interval from $-a$ to $a$, written $U(-a, a)$, whose variance is $a^2/3$. So
#
# $$ a = \sqrt{\frac{6}{n_\text{in} + n_\text{out}}} . \tag{4} $$
#
# <details><summary>Why a²/3</summary>
#
# Every value $w$ from $-a$ to $a$ has the density $\frac{1}{2a}$, and the mean is 0. The variance is the mean of $w^2$:
# $\int_{-a}^{a} \frac{w^2}{2a}\,dw = \frac{1}{2a}\cdot\frac{2a^3}{3} = \frac{a^2}{3}$. Set it equal to (3) and solve for $a$.
# </details>
#
# **Write it.** `rng.uniform(low, high, size)` draws evenly from an interval.


# %%
def xavier_uniform(fan_in, fan_out, rng):
    """Return weights of shape (fan_in, fan_out) drawn from U(-a, a)."""
    return ...  # your formula


exercises.check_xavier_uniform(xavier_uniform)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def xavier_uniform(fan_in, fan_out, rng):
#     a = np.sqrt(6 / (fan_in + fan_out))
#     return rng.uniform(-a, a, (fan_in, fan_out))
# ```
# </details>

# %%
explorers.InitializationExplorer(show=("scheme",), width=100, scheme="xavier_uniform")

# %% [markdown]
# The spread falls to a third in ten layers, not to a billionth: tanh is not quite a line, and pulls every value towards zero.
#
# <details><summary>How much more</summary>
#
# $\sigma = \frac53/\sqrt{n_\text{in}}$ holds the spread through thirty layers
# ([claim](../docs/claims.md) `tanh_gain_levels`). Libraries call the 5/3 the *gain* of tanh.
# </details>
#
# ## Why three times wider ended lowest
#
# Back to the surprise. Change every image a little, by 1 % of its spread, and see how far apart the two versions are
# after ten layers.

# %%
near = x + 0.01 * np.random.default_rng(1).standard_normal(x.shape, dtype=np.float32)
for name in ("Xavier", "σ = 0.3"):
    h, moved = (trace(start("tanh", schemes[name]), images).h[9] for images in (x, near))
    print(f"{name:<9} 1 % becomes {100 * (moved - h).std() / h.std():.0f} %")

# %% [markdown]
# At σ = 0.3 the net pulls apart what is nearly the same. Now every image stands alone, and it is easy to learn 500
# images by heart. But look at a thousand that the nets have never seen:

# %%
unseen, classes = (array[500:] for array in datasets.fashion_samples(1500))
for name in ("Xavier", "σ = 0.3"):
    right = nets[name].forward(unseen).argmax(axis=1) == classes
    print(f"{name:<9} right on unseen images: ⟨{100 * right.mean():.0f} %⟩")

# %% [markdown]
# So the lower curve was the wrong prize: it shows images learned by heart, and serves less for others (claims
# `three_times_xavier_stretches` and `three_times_xavier_learns_by_heart`). The explorer says of σ = 0.3 that the signal
# survives. So it does: that is necessary, and not enough.
#
# ## A spread is not yet a signal
#
# What are the squares for? Next comes a net of sigmoids, $1/(1+e^{-s})$, with LeCun's rule.

# %%
exercises.predict("sigmoid spread")

# %%
explorers.InitializationExplorer(
    show=("activation",), activation="sigmoid", scheme="lecun_normal", width=100
)

# %% [markdown]
# The dots keep most of their spread. But the spread **between images** (squares) falls to a quarter in every layer, since the
# sigmoid's slope is 1/4 at most. A signal is what can tell inputs apart. Set *activation* to *tanh*: squares and dots fall
# together.
#
# ## The trap: looking at weight gradients
#
# Before Xavier's rule the habit was $U(-a, a)$ with $a = 1/\sqrt{n_\text{in}}$, a variance of $a^2/3$: a third of what
# (2) asks for. It is still the default of PyTorch's linear layers. Here are the gradients of its weights, $\partial C/\partial W$.

# %%
trap = explorers.InitializationExplorer(show=("quantity",), width=100, scheme="standard_uniform")
trap.set(quantity="weight_gradients")

# %% [markdown]
# Ten rows alike. Now set `show` to *gradients ∂C/∂s*, then to *activations*.
# Each keeps 0.57, about $\sqrt{1/3}$, of its spread a layer, one on the way backward, the other on the way forward. A weight
# gradient is the product of the two,
#
# $$ \frac{\partial C}{\partial W} = x^T\,\delta , $$
#
# and what is missing in one is there in the other. Ten layers from this start do not learn in 100 steps (claim `pytorch_default_stalls`).
#
# <details><summary>Why they cancel exactly</summary>
#
# Say each of $L$ equally wide layers multiplies the variance by $q$, forward and backward. The input of layer $l$
# then has a variance proportional to $q^{\,l-1}$, and $\delta$ of layer $l$ one proportional to $q^{\,L-l}$. The product has
# $q^{\,L-1}$: no $l$ is left in it. This is equation 14 of Glorot and Bengio. In their own setting, five layers of 1,000
# units, $\partial C/\partial s$ shrinks twelvefold while the weight gradients stay level (claims `glorot_standard_gradient` and
# `weight_gradients_hide_it`).
# </details>
#
# ## ReLU throws half away
#
# $\mathrm{ReLU}(s) = \max(s, 0)$ sets all negative pre-activations to zero. If $s$ is symmetric round 0, half of its mean square
# is lost:
#
# $$ E[h^2] = \tfrac12\,\mathrm{var}(s) = \tfrac12\,n_\text{in}\,\mathrm{var}(w)\,E[x^2] . \tag{5} $$
#
# With a variance of $1/n_\text{in}$ each layer halves the mean square. In 2015 He and colleagues put the 2 back:
#
# $$ \mathrm{var}(w) = \frac{2}{n_\text{in}} . \tag{6} $$

# %%
for scheme in ("xavier_normal", "he_normal"):
    squares = [np.mean(h**2) for h in trace(start("relu", scheme, depth=30), x).h]
    slope = np.polyfit(range(30), np.log(squares), 1)[0]
    print(f"{scheme:<14} E[h²] × {np.exp(slope):.1f} a layer, over thirty layers")

# %% [markdown]
# Halved in every layer, the mean square falls to about a billionth in thirty layers, and the spread, its root, to about
# 1/30,000.
#
# <details><summary>It keeps the mean square on average only</summary>
#
# In a single net each layer's factor is itself a little random, and thirty such factors multiply up. Ten draws of one
# recipe end an order of magnitude apart (move **seed**, behind *more*); wider layers scatter less (claims
# `he_end_to_end` and `width_calms_scatter`).
# </details>

# %%
exercises.predict("relu zeros")

# %%
relu = explorers.InitializationExplorer(show=("scheme", "depth"), activation="relu", width=100)
relu.set(scheme="xavier_normal", depth=30)

# %%
for scheme in ("xavier_normal", "he_normal"):
    zeros = signal_report(start("relu", scheme), x).flat
    print(f"{scheme:<14} share of zeros:", *(f"{share:.2f}" for share in zeros))

# %% [markdown]
# The rows agree to the last digit, and must: $\mathrm{ReLU}(c\,s) = c\,\mathrm{ReLU}(s)$ for every $c > 0$. Wider weights
# multiply all numbers by one factor, layer after layer, and move none across zero. What shrinks under
# Xavier is the size of the others. (In the picture, thirty layers deep, the green squares do climb: **dead** units, zero for
# every image. There are just as many under He.)
#
# **Write He's rule.** `rng.normal(mean, standard_deviation, size)` wants the root of the variance.


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
# ## Zeros, and twins
#
# Why random weights at all? Start every weight at zero, and train.

# %%
for activation in ("tanh", "relu", "sigmoid"):
    zero = start(activation, "zeros", depth=3)
    train(zero, steps=5)
    moved = [np.abs(zero.params[f"{i}.W"]).max() > 0 for i in (0, 2, 4, 6)]  # between: activations
    print(f"{activation:<8} weights moved in layers 1, 2, 3 and the last:", *moved)

# %% [markdown]
# With tanh or ReLU no weight moves, ever. A weight gradient is $x^T\delta$: in the hidden layers $\delta$ has come through
# weights that are zero, and at the last layer $x$ is zero, as tanh(0) and ReLU(0) are. The sigmoid of 0 is ½, so there the
# last layer moves first, then the one before it. But equal weights get equal gradients: the units of a layer are **twins**,
# and stay so.

# %%
columns = zero.params["0.W"].T  # of the sigmoid net: a row for each unit of layer 1
print(f"farthest that two units of layer 1 are apart: {np.ptp(columns, axis=0).max():.6f}")

# %% [markdown]
# A hundred units, one opinion. Random weights break the tie; so the biases may start at zero.
#
# <details><summary>Other starts: a fixed interval, rotations, batch norm</summary>
#
# **U(±0.07) whatever the sizes** is the default of Gluon, a part of Apache MXNet. It is right for
# $3/0.07^2 \approx 612$ inputs and for no other number: in the tanh explorer below your `xavier_uniform` press *U(±0.07)*,
# then *more*, and move **units** from 50 to 600.
#
# **Orthogonal matrices**, $W^T W = I$ (a rotation, perhaps mirrored), keep lengths not on average but exactly, as long as they are
# square and nothing bends in between (activation *identity*). See claim `orthogonal_keeps_length`.
#
# **Batch normalization** rescales the pre-activations of every layer to mean 0 and spread 1, whatever the weights are.
# Forward, σ is then forgotten (tick *batch norm*, behind *more*); in training it is not (claims `batch_norm_forgives` and
# `batch_norm_training`). Lessons 06 to 09 are about it.
# </details>
#
# ## Exercises: three mystery nets
#
# Three nets of ten layers of 100 units; none starts to learn as it should. What is wrong with each?

# %%
first, second, third = mystery_nets(np.random.default_rng(0))
plots.LayerSignals(signal_report(first, x, labels, quantity="activations"))

# %% [markdown]
# Look at all three: in the cell above write `second` or `third` for `first`, and `"gradients"` for `"activations"`, and run
# it again. The diagnoses are `"survives"` (nothing is wrong), `"vanishes"` (the
# images can no longer be told apart), `"explodes"` (the numbers grow on the way forward), `"saturates"`, `"dies"`
# (units put out zero for every image) and `"twins"`. Look at the numbers themselves, too: of layer 5, three images and five
# units. Again put `second` and `third` for `first`.

# %%
trace(first, x).h[4][:3, :5].round(1)

# %%
exercises.check_diagnosis(first="survives", second="survives", third="survives")

# %% [markdown]
# <details><summary>The right answers</summary>
#
# `first="vanishes"`: sigmoids, whose squares fall while the dots stay. `second="saturates"`: tanh from σ = 0.6, and its
# gradient explodes backward. `third="twins"`: equal weights, so the five numbers in a row are equal. Its pictures
# look healthy: that is why one looks at the numbers.
# </details>
#
# ## Where this stops being true
#
# All this describes the **first** pass forward and backward; training moves the weights. The algebra wants independent
# weights, wide layers, and inputs with a mean square near 1, which raw pixels from 0 to 255 do not have.
#
# ## What was claimed, and what is measured
#
# Measured now, with five seeds, mostly in wider nets than above.

# %%
claims.table("05")

# %% [markdown]
# [All claims of the course](../docs/claims.md)
#
# ## What to remember
#
# A layer multiplies the mean square of its input by $n_\text{in}\,\mathrm{var}(w)$, times ½ under ReLU, and depth raises that
# factor to a power; so it has to be 1: $1/n_\text{in}$ for tanh, $2/(n_\text{in}+n_\text{out})$ as a compromise with the way
# backward, $2/n_\text{in}$ for ReLU. Look at activations and $\partial C/\partial s$ layer by layer; level weight
# gradients prove nothing. Check the first loss against $\ln(\text{classes})$.
#
# ## Sources
#
# <details><summary>Papers, notes and documentation</summary>
#
# - X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS
#   2010: equations 5 to 16, figures 6 and 7.
# - K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV 2015: section 2.2, equation 10.
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp*, 1998: equation 16.
# - A. Saxe, J. McClelland, S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear
#   neural networks*, ICLR 2014.
# - S. Ioffe, C. Szegedy, *Batch normalization*, ICML 2015.
# - Lecture notes that follow Stanford's course CS231n: σ = 0.01, σ = 1, $1/\sqrt n$ under Xavier's name, ReLU's zeros.
# - Documentation of PyTorch (`nn.Linear`, `nn.init.calculate_gain`) and of Apache MXNet (Gluon's `initialize`).
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
# </details>
#
# Next: [06 · Batch normalization, forward](06_batch_norm_forward.ipynb). Back to
# [00 · Start here](00_start_here.ipynb).
