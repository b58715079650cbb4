# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 08 · What batch normalization does
#
# **Why do nets train faster with batch normalization?** That they do was plain from the first day. Why they do
# was explained in 2015, and the explanation was refuted in 2018. This lesson measures both.
#
# After this lesson you can
#
# - say by how much batch norm widens the range of learning rates and of first weights that work, and what it
#   does not improve;
# - look at the error surface of a real net, cut through it in a fair way, and read curvature off it;
# - tell what "internal covariate shift" means, how it is measured, and why it is no good explanation.
#
# You need lesson 05 (how signals vanish and explode), and of lessons 06 and 07 one formula. A batch norm takes
# a feature $x$ of a mini-batch, with mean $\mu$ and variance $v$ over the samples, and returns
#
# $$ y = \gamma\,\frac{x - \mu}{\sqrt{v + \varepsilon}} + \beta , $$
#
# where $\gamma$ and $\beta$ are learned, one pair a feature, starting at 1 and 0, and $\varepsilon$ is a tiny
# number against division by zero. It takes about an hour.

# %%
import numpy as np

from coursekit import claims, datasets, diagnostics, exercises, explorers, nn, plots

split = datasets.fashion_split(4000, 1000)
print("to learn from:", split.x.shape, "to be judged by:", split.x_test.shape)

# %% [markdown]
# `split` holds 4,000 images of clothes to learn from and 1,000 others that no net sees while it learns. Each is
# a row of 784 numbers.
#
# ## A race
#
# Two nets start from the same random weights and see the same mini-batches of 128 images in the same order. One
# has a batch norm in every hidden layer. After each mini-batch both take a step of plain gradient descent: every
# weight moves against its gradient, times the **learning rate**.

# %%
exercises.predict("rate with batch norm")

# %%
explorer = explorers.TrainingRaceExplorer()
explorer

# %% [markdown]
# **How to read it.** On the left is the loss of each mini-batch, on a logarithmic scale; a net that guesses
# among ten classes has $\ln 10 = 2.3$, the dotted line. On the right is the share of right answers on the
# unseen images, asked every ten steps. A cross at the upper border marks the step at which numbers left the
# range of floats. Moving a control starts the race anew; **Stop** leaves it where it is.
#
# **A walk through it.** At a rate of 0.1 the two are close. Move **rate** to 1: the net without batch norm
# is gone after a handful of steps, and the other does not mind. Now put the rate back and move **σ**, the
# width of the first weights, down to 0.01. Then try *sigmoid*.
#
# ## How large may a step be?
#
# One race is an anecdote. Below are 170 of them: eight ReLU layers, seventeen learning rates, five seeds. They
# take two minutes, so the numbers come from a file; a test measures some of them again.

# %%
plots.SweepLines(claims.sweep("learning_rate"))

# %%
sweep = claims.sweep("learning_rate")
for name in sweep.names:
    learned = sweep.x[sweep.median(name) > 0.6]
    print(f"{name:>18}: more than 60 % right at rates from {learned[0]:.1g} to {learned[-1]:.1g}")

# %% [markdown]
# At small rates batch norm gains nothing in this ReLU net: the one without it is up to 13 points ahead. What it
# changes is the **upper end**, by more than a factor of ten. A larger rate is the most direct way to faster training, and
# this is the effect for which batch norm became famous.
#
# ## How much does the start matter?
#
# Lesson 05 spent 40 minutes on the width σ of the first weights. With batch norm, σ cancels out of the forward
# pass: multiply all weights of a layer by $c$, and $\mu$ grows by $c$, $\sqrt v$ by $c$, and
#
# $$ \frac{c\,x - c\,\mu}{\sqrt{c^2 v}} = \frac{x - \mu}{\sqrt v} . \tag{1} $$
#
# Here $x$ stands for a pre-activation of shape $(N,)$, one feature over $N$ samples. (The tiny $\varepsilon$
# is left out.) So no choice of σ can make the signal vanish or explode.

# %%
plots.SweepLines(claims.sweep("init_scale"))

# %%
sweep = claims.sweep("init_scale")
for name in sweep.names:
    print(f"{name:>18}:", *(f"{100 * share:.0f}" for share in sweep.median(name)), "%")

# %% [markdown]
# Five ReLU layers of 50 units, a rate of 0.3, and one column a σ, from 0.0001 to 1. Without batch norm there is a
# narrow window around 0.1. (He's rule asks for 0.2 in layers of 50 inputs, but for 0.05 in the first one, which
# has 784. One σ for all has to lie between.) With batch norm there is a plateau. It is not flat: σ cancels out
# of the *output*, but not out of the gradient, which lesson 07 found to shrink as the weights grow. Batch norm
# forgives a bad start. It does not forget it.
#
# One reason for the plateau is familiar from lesson 05. Ten tanh layers from σ = 1 saturate, unless their
# pre-activations are rescaled:


# %%
def flat_share(norm):
    net = diagnostics.stacked_net("tanh", 10, 100, norm=norm)
    net.initialize(nn.initializers.normal(1.0), np.random.default_rng(0))
    return diagnostics.signal_report(net, split.x[:500]).flat


# %%
for name, norm in (("without", None), ("with", nn.BatchNorm)):
    print(f"|h| > 0.97, {name:>7}:", *(f"{100 * share:3.0f} %" for share in flat_share(norm)))

# %% [markdown]
# ## What it does not do
#
# Much is said of batch norm that these nets do not confirm. Given a good start and each its own best rate, the
# net with batch norm ends a few points of **accuracy** ahead, not more. Batch norm *before* the activation, as in the paper, or *after*
# it, makes no difference that one could tell from the noise between seeds (the explorer has both). And though
# the noise of the mini-batches is said to **regularize**, the gap between training and test accuracy on 1,000
# images does not narrow. The claims table at the end has the numbers. Larger nets and longer training may show
# more; the point is that these are side effects, if they exist, and not why nets train faster.
#
# ## The error surface
#
# To see why, look at what gradient descent walks on. All weights of a net together are one long list of numbers
# $\theta$. For fixed images and labels the loss $C(\theta)$ is a function of them: a height over every point of
# **weight space**. This is the **error surface**. Our small net has $784\cdot 32 + 4\cdot 32^2 + 32\cdot 10$,
# some 30,000 weights, so its surface is a landscape over 30,000 dimensions. What one can draw is a cut:
# choose two directions $d_1$ and $d_2$, each of the shape of $\theta$, and draw
#
# $$ f(a, b) = C(\theta + a\,d_1 + b\,d_2) $$
#
# as a map over $a$ and $b$. The middle, $a = b = 0$, is the net itself.
#
# Which directions are fair? A random $d$ of fixed length would be a giant's step for a net with small weights,
# and a flea's for one with large weights, though both nets may compute the very same. So each unit's part of $d$,
# a column of the matrix $W$ of shape $(n_\text{in}, n_\text{out})$, is scaled to the length of that column:
#
# $$ d_{\cdot j} \;\leftarrow\; d_{\cdot j}\,\frac{\lVert W_{\cdot j}\rVert}{\lVert d_{\cdot j}\rVert} . \tag{2} $$
#
# This is **filter normalization** (Li and colleagues, 2018). A step of $a = 1$ then changes every unit by
# as much as there is of it.

# %%
exercises.predict("surface with batch norm")

# %%
surface = explorers.ErrorSurfaceExplorer()
surface

# %% [markdown]
# **How to read it.** Both pictures stand at the same weights, show the same plane and the same 256 images, and
# share one colour scale (a fixed one, from 0.1 to 100; where all losses are alike, it is narrowed to them). The
# ring is the net. Every border between two colours is a contour line: where they
# crowd, the loss climbs steeply. A coarse map comes first and is refined row by row; **Stop** leaves it as it is.
# The sentence below gives the span of the loss in the plane.
#
# **A walk through it.** Set *view* to *landscape*. Then move along training: *during*, *after*, for the net
# trained without batch norm and for the one trained with it. Widen *reach* to 10. Finally set *activation* to
# *tanh*, and look again at the same five places.

# %%
pair = explorers.ErrorSurfaceExplorer(points=21).result
for name, half in (("without", pair.off), ("with", pair.on)):
    print(f"{name:>7} batch norm: loss at the centre {half.centre:.1f}, highest {half.known.max():.0f}")

# %% [markdown]
# The left surface is a steep bowl, the right one a plain, and equation (1) tells why. A random direction is nearly
# perpendicular to the weights themselves. So wherever one walks, the weights become longer: by Pythagoras each
# column of $W + a\,d_1 + b\,d_2$ is about $\sqrt{1 + a^2 + b^2}$ times as long as it was. Without batch norm, and
# with ReLU, which lets large signals through as they are, every layer then makes the signal larger by that factor,
# and six layers make the logits $(1 + a^2 + b^2)^3$ times larger: 8 times at the end of an axis, 27 times in a
# corner, and the loss with them. With batch norm the factor is gone at the next layer.
#
# With **tanh** there is no such difference, since tanh does not let signals grow. The two surfaces look alike,
# and yet a tanh net, too, learns faster with batch norm. So the plain on the right is real, but it is not the
# whole answer.
#
# ## Curvature, as a number
#
# A gradient tells how the loss changes on the first small piece of a step. How far can it be trusted? Until the
# surface bends. Write $g = \partial C/\partial\theta$ for the gradient and $H$ for the matrix of all second
# derivatives, the **Hessian**. For a direction $u$ of length 1 the number $u^T H u$ is the **curvature** along
# $u$: by how much the slope changes per unit of way. (A negative one says that the surface bends downward.) Two
# directions matter. One is the gradient's own, $u = g/\lVert g\rVert$, since that is where the step goes. The other
# is the sharpest of all. Its curvature is called the largest *eigenvalue* of $H$, $\lambda_\text{max}$. On a bowl
# $C = \tfrac12\lambda t^2$ over one coordinate $t$ the gradient is $\lambda t$, and a step of rate $\eta$ takes $t$ to
# $(1 - \eta\lambda)\,t$: it overshoots, farther each time, if $\eta > 2/\lambda$.
#
# $H$ has 30,000 × 30,000 entries, but nobody needs to write it down. $H u$ is the change of the gradient along
# $u$, so two gradients give it, and a dozen such products give $\lambda_\text{max}$ (the Lanczos method).

# %%
exercises.predict("sharpest direction")


# %%
def bends(activation, **where):
    twins = diagnostics.twin_nets(activation, 5, 32, split.x, split.labels, **where)
    return [diagnostics.curvature(net, split.x[:256], split.labels[:256]) for net in twins]


# %%
relu, tanh = bends("relu"), bends("tanh")
print("ReLU, along the gradient: without {:.0f}, with {:.0f}".format(*(b.along_gradient for b in relu)))
print("ReLU, sharpest direction: without {:.0f}, with {:.0f}".format(*(b.top for b in relu)))
print("tanh, sharpest direction: without {:.0f}, with {:.0f}".format(*(b.top for b in tanh)))

# %% [markdown]
# Before training, at the same weights, the ReLU net bends less along its gradient with batch norm. But the
# *sharpest* direction is not tamed: here it is sharper with batch norm than without, and under tanh that is so
# for every seed. "Batch norm lowers the curvature" is true of some directions and some places. Here are two other
# places: the weights after 150 steps of training, with batch norm and without it.

# %%
for trained in ("with batch norm", "without batch norm"):
    off, on = bends("relu", trained=trained, position="after (150 steps)")
    print(f"trained {trained}: sharpest direction ⟨{off.top:.0f}⟩ without, ⟨{on.top:.0f}⟩ with")

# %% [markdown]
# Each net is the less sharp one at the weights that **it** was trained to. No wonder: there it has settled in a
# valley, and the other was never trained for them. A comparison of two surfaces depends on where one stands.
#
# ## Too large a step corrects itself
#
# With $\lambda_\text{max} \approx 400$ a rate of $2/400 = 0.005$ should be the limit. Yet the race runs at a rate of
# 1. A real surface is no bowl, and batch norm has a way out that a bowl has not. Lesson 07 found two facts about
# weights in front of a batch norm: their gradient is **perpendicular** to them, and weights $a$ times as long get a
# gradient $1/a$ times as large (so the surface around them bends $1/a^2$ times as much). By Pythagoras a step across
# always makes them **longer**, and a step that is far too large makes them much longer. The next gradient is
# smaller for it.


# %%
def after_steps(rate, steps):
    net = diagnostics.stacked_net("relu", 8, 50, norm=nn.BatchNorm)
    net.initialize("he_normal", np.random.default_rng(0)).forward(split.x[:2])
    if steps:
        diagnostics.race({"": net}, split, rate, steps=steps)
    bend = diagnostics.curvature(net, split.x[:256], split.labels[:256])
    return np.linalg.norm(net.params["0.W"]), bend.top


# %%
for rate in (0.1, 3.0):
    for steps in (0, 1, 4):
        length, top = after_steps(rate, steps)
        print(
            f"rate {rate:g}, after {steps} steps: length of W₁ ⟨{length:.0f}⟩, sharpest direction ⟨{top:.0f}⟩"
        )

# %% [markdown]
# At a rate of 3 the first step throws the weights to two and a half times their length, and the sharpest curvature
# falls by a factor of ten and more. The net has chosen a flatter place for itself, and goes on from there. This
# is a good part of the reason why rates can be so large, and it needs nothing but equation (1).
#
# ## Along the way of the gradient
#
# Now let each net go its own way and ask at every step what lies **ahead**. In 2018 Shibani Santurkar and
# colleagues measured three things, trying steps of several lengths along the gradient, here from ¼ to 4 times
# the rate $\eta$: how far the loss ranges over them; by how much the gradient there differs from the one that was
# followed, $\lVert g(\theta) - g(\theta - \eta g)\rVert / \lVert g(\theta)\rVert$; and that difference divided by the
# length of the step instead. The largest of these last ratios is the **effective β-smoothness**: at least the mean
# curvature along the step, at most the sharpest curvature anywhere on it. Five ReLU layers, a rate of 0.1:

# %%
plots.SweepLines(claims.sweep("loss_range"))

# %%
sweep = claims.sweep("loss_range")
for name in sweep.names:
    print(f"{name:>18}:", *(f"{value:6.2g}" for value in sweep.median(name)))

# %% [markdown]
# At every moment of training the net with batch norm meets a loss that ranges several times less along its own
# gradient, and its gradient stays true for longer (the claims below). That is what a large learning rate needs:
# **a step may be long where the gradient still means something at its end.** Part of it is only that the gradient
# is shorter with batch norm, so that steps of the same rate are. Per length of step, in β, what is left is a factor
# of 1.4. Smoothness along the way and the correction of the section before: that is as much of an explanation as
# the measurements support.
#
# ## Internal covariate shift
#
# The paper of 2015 had another one. While a net trains, the lower layers change, so the distribution of the
# inputs that an upper layer sees changes with every step. The authors named this **internal covariate shift**,
# and argued that batch norm helps because it reduces it: each layer then can rely on inputs of mean 0 and spread 1.
#
# An explanation can be tested: bring the shift back, and the benefit should go. We take a net with a benefit to
# lose, five tanh layers from weights that are too narrow, and put a layer of noise behind each batch norm. At every step it draws for each unit a new shift and a new scale, and for each sample a little
# more of both. Nothing is normalized any more when it reaches the next activation.

# %%
exercises.predict("noise after batch norm")

# %%
explorers.TrainingRaceExplorer(activation="tanh", sigma=10**-1.3, rate=10**-0.5, noise=True)

# %% [markdown]
# The third lane's *training* loss is a little higher, since it is taken with the noise. Look at the right-hand
# panel, where the net is asked without noise: it answers as well as the one with plain batch norm, far ahead of
# the one without. Yet the means of what its fourth activation receives **wander** about fifty times as much as
# behind a plain batch norm, as much as in the net without any (measured below). A net can have all the shift it
# likes and still gain.
#
# There is also a direct measure. For the layers below, a step is a step; for layer $l$ it is a change of its
# problem. Compare the gradient $G_l$ that layer $l$ would follow with $G_l'$, the one after all layers below have
# taken their step:
#
# $$ \text{shift of layer } l = \frac{\lVert G_l - G_l'\rVert}{\lVert G_l\rVert} . $$


# %%
def layer_shift(norm, activation, scheme, rate):
    net = diagnostics.stacked_net(activation, 5, 50, norm=norm)
    net.initialize(scheme, np.random.default_rng(0))
    diagnostics.race({"": net}, split, rate, steps=60)
    return diagnostics.layer_shift(net, split.x[:256], split.labels[:256], rate).difference[1:]


# %%
for case in (("relu", "he_normal", 0.1), ("tanh", "xavier_uniform", 0.03)):
    for name, norm in (("without", None), ("with", nn.BatchNorm)):
        print(case[0], f"{name:>7}:", *(f"⟨{shift:.2f}⟩" for shift in layer_shift(norm, *case)))

# %% [markdown]
# One number a layer, from the second to the logits. Under ReLU the shift does get smaller with batch norm. Under
# tanh at a small rate it gets **larger**, two to three times on average over training, and that net still learns
# faster than its twin without. (At a rate of 0.3 there is no difference either way.) So less shift is neither needed for the benefit nor always there. What "internal covariate shift"
# describes exists; that batch norm works *because* it reduces it is folklore.
#
# ## Where this stops being true
#
# These are nets of five to eight layers, 32 to 50 units, on 4,000 small images, trained for seconds. The
# signs of the effects agree with the papers, which used far larger nets; the factors are ours. Random planes show
# two directions out of 30,000 and miss whatever lies elsewhere. Curvature in raw weights depends on their
# length, which batch norm makes arbitrary: a net and its copy with all weights doubled compute the same and
# bend four times less. And everything here used mini-batches of 128 images of one kind. What happens with two,
# or with images of another kind, is lesson 09.
#
# ## What was claimed, and what is measured
#
# Each statement is measured now, for three seeds; training forty small nets takes about half a minute. The
# figures in ⟨⟩ may differ a little on your machine.

# %%
claims.table("08")

# %% [markdown]
# ## Exercises
#
# **1. A fair direction.** Write equation (2). `d` and `W` have the shape (n_in, n_out); a unit is a column.
# `np.linalg.norm(W, axis=0)` gives the lengths of all columns, shape (n_out,).


# %%
def filter_normalise(d, W):
    """Return d with each column scaled to the length of that column of W."""
    return ...  # your formula


exercises.check_filter_normalise(filter_normalise)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def filter_normalise(d, W):
#     return d * np.linalg.norm(W, axis=0) / np.linalg.norm(d, axis=0)
# ```
# </details>
#
# **2. Curvature along the gradient.** A second derivative is what is left of three values on a line:
# $\big(f(h) - 2f(0) + f(-h)\big)/h^2$. Here $f(t)$ is the loss at `theta` + $t\,u$, where $u$ is the gradient `g`, made
# 1 long; `loss` is a function of a point.


# %%
def curvature_along(loss, theta, g, h):
    """Return the second difference of the loss at theta, at distance h along g / ‖g‖."""
    return ...  # your formula


exercises.check_curvature_along(curvature_along)

# %% [markdown]
# <details><summary>A hint</summary>
#
# First make the direction: `u = g / np.linalg.norm(g)`.
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def curvature_along(loss, theta, g, h):
#     u = g / np.linalg.norm(g)
#     return (loss(theta + h * u) - 2 * loss(theta) + loss(theta - h * u)) / h**2
# ```
# </details>
#
# ## What to remember
#
# Batch norm makes the output of a layer independent of the scale of its weights. So signals neither vanish nor
# explode, whatever the start; far larger learning rates work; and along the gradient the loss ranges less, so
# that long steps end where they should; and a step that is too long makes the weights longer, which tames the
# next. It adds little accuracy to a net that was well set up, and it is not
# needed for a stable distribution to reach the layers: with noise behind it, batch norm works as well. When two
# error surfaces are compared, ask at which weights, in which directions, on which scale.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate
#   shift*, ICML 2015: sections 1, 3 and 4.
# - S. Santurkar, D. Tsipras, A. Ilyas, A. Mądry, *How does batch normalization help optimization?*, NeurIPS
#   2018: sections 2.1, 2.2 and 3, figures 2 and 4.
# - H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, *Visualizing the loss landscape of neural nets*, NeurIPS
#   2018: section 4.
# - C. Lanczos, *An iteration method for the solution of the eigenvalue problem*, 1950.
#
# Next: [09 · Where batch normalization fails](09_where_batch_norm_fails.ipynb). Back to
# [00 · Start here](00_start_here.ipynb).
