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
# was explained in 2015, and that explanation was called in question in 2018. Here you test that explanation, and the one
# that was offered instead.
#
# After this lesson you can
#
# - say what batch norm does to the learning rates and the first weights that work, and what else it does;
# - tell what "internal covariate shift" means, how it is measured, and why it is a contested explanation;
# - look at the error surface of a real net through a fair cut, and read curvature off it.
#
# You need lessons 02 and 05. It takes about 40 minutes. Of lessons 06 and 07 you need one formula: a batch norm takes a feature
# $x$ of a mini-batch, subtracts its mean $\mu$, divides by its spread, and lets the net learn a scale and a shift,
#
# $$ y = \gamma\,\frac{x - \mu}{\sqrt{v + \varepsilon}} + \beta . $$
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | what it is |
# |:--|:--|
# | $\mu$, $v$ | mean and variance of a feature over the batch, shape $(K,)$ for $K$ features |
# | $\gamma$, $\beta$ | learned scale and shift, shape $(K,)$; they start at 1 and 0 |
# | $\varepsilon$ | a tiny number against division by zero |
# | $\sigma$ | the spread of the first weights |
# | $\eta$ | the learning rate |
# | $C$ | the loss |
# | $\theta$ | all weights of a net in one long list |
# | $d_1$, $d_2$ | directions, each of the shape of $\theta$ |
# | $g$ | the gradient $\partial C/\partial\theta$, of the shape of $\theta$ |
# | $H$ | the Hessian, all second derivatives of $C$ |
# | $G_l$ | the gradient of the weights of layer $l$ |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, diagnostics, exercises, experiments, explorers, nets, nn, plots

split = datasets.fashion_split(4000, 1000)
print("to learn from:", split.x_train.shape, "to be judged by:", split.x_test.shape)

# %% [markdown]
# `split` holds 4,000 images of clothes to learn from and 1,000 that no net sees while it learns.
#
# ## A race
#
# Two nets start from the same random weights and see the same mini-batches of 128 images. One has a batch norm
# in every hidden layer. Both take steps of plain gradient descent. Predict, then press **Play** under the picture: a hundred
# steps take some seconds.

# %%
exercises.predict("rate with batch norm")

# %%
explorers.TrainingRaceExplorer(show=("rate", "sigma"), depth=8, rate=1.0, sigma=10**-0.85)

# %% [markdown]
# **How to read it.** On the left is the loss of each mini-batch, on a logarithmic scale; a net
# that guesses among ten classes has $\ln 10 = 2.3$. On the right is the share of right answers on the unseen
# images. A cross marks the step at which numbers left the range of floats.
#
# **Now you.** Set **rate** to 0.1 (it runs by itself): both learn. Then find the largest rate at which the net with batch norm
# still learns.
#
# ## How large may a step be?
#
# One race is an anecdote. Here are 85 of them, 170 trainings: eight ReLU layers from He's start, seventeen rates, five seeds.
# They take minutes, so the numbers come from a file; a test measures some of them again.

# %%
plots.SweepLines(claims.sweep("learning_rate"), percent=True)

# %%
sweep = claims.sweep("learning_rate")
largest = [[sweep.x[one > 0.6].max() for one in sweep.series(name).T] for name in sweep.names]
for name, rates in zip(sweep.names, largest, strict=True):
    print(f"{name:>18}: more than 60 % right up to rate {np.median(rates):.2g}")
print(f"{'gain':>18}: a factor of {np.median(np.divide(*largest[::-1])):.0f}")

# %% [markdown]
# The band around each line reaches from the worst seed to the best. At small rates batch norm gains these well-started
# **ReLU** nets nothing: those without it are up to 13 points *ahead*. (In the race above batch norm is ahead at small rates, too: σ = 0.14 is not He's start.
# Layers of 50 units want √(2/50) = 0.2, so without batch norm each keeps only 0.7 of the signal.) What batch norm moves is the **upper end** of the rates.
#
# And is it faster? Take five layers, each net at its own best rate. To 75 % right answers ReLU needs 21 to 28 steps with
# batch norm and 55 to 69 without, tanh 21 to 24 and 30 to 35 (claims `bn_halves_the_steps_relu`, `bn_saves_steps_tanh`).
#
# ## How much does the start matter?
#
# Lesson 05 was about the spread σ of the first weights. Now both nets start from σ = 0.01. Which of the two learns? Guess,
# then press Play.

# %%
explorers.TrainingRaceExplorer(show=("rate", "sigma"), rate=0.3, sigma=0.01)

# %% [markdown]
# With batch norm σ cancels out of the forward pass. Multiply all weights of a layer by $c$: then $x$, $\mu$ and $\sqrt v$ all grow
# by $c$, and (leaving out the tiny $\varepsilon$)
#
# $$ \frac{c\,x - c\,\mu}{\sqrt{c^2 v}} = \frac{x - \mu}{\sqrt v} . \tag{1} $$
#
# So no σ makes the signal vanish or explode, as long as $v$ is far above $\varepsilon = 10^{-5}$. Here are thirteen σ.

# %%
plots.SweepLines(claims.sweep("init_scale"), percent=True)

# %%
sweep = claims.sweep("init_scale")
print(f"{'σ':>18}:", *(f"{sigma:6g}" for sigma in sweep.x))
for name in sweep.names:
    print(f"{name:>18}:", *(f"{100 * share:6.0f}" for share in sweep.median(name)), "%")

# %% [markdown]
# Five ReLU layers **at one rate**, 0.3. Without batch norm there is a narrow window around 0.1, with it a
# plateau, not a flat one. At large σ, the right end of the plot, σ cancels out of the output, but not out of the
# gradient, which shrinks as the weights grow (lesson 07). At σ = 0.0001, the left end, $v$ is smaller than
# $\varepsilon$, and the signal shrinks at first. Batch norm forgives a bad start. It does not forget it.
#
# Under tanh there is one more thing to forgive. Ten tanh layers from σ = 1 saturate, unless their pre-activations are
# rescaled. Here is the share of outputs on the flat ends of tanh, $|h| > 0.97$, by layer:


# %%
def flat_share(norm):
    net = nets.deep_net("tanh", 10, 100, norm=norm)
    net.initialize(nn.initializers.normal(1.0), np.random.default_rng(0))
    return diagnostics.signal_report(net, split.x_train[:500]).flat


# %%
for name, norm in (("without", None), ("with", nn.BatchNorm)):
    print(f"|h| > 0.97, {name:>7}:", *(f"{100 * share:3.0f} %" for share in flat_share(norm)))

# %% [markdown]
# ## The first explanation: internal covariate shift
#
# While a net trains, its early layers change, so the inputs that a later layer receives change their distribution with
# every step. Ioffe and Szegedy named this **internal covariate shift** and argued in 2015 that batch norm helps
# because it reduces it. (Covariate shift without "internal", test images of another kind, is in lesson 09.)
#
# A test: bring the shift back, and the benefit should go. Take a net with a benefit to lose, five
# tanh layers from weights that are too narrow, and put a layer of noise behind each batch norm. At every step it
# draws a new shift and scale for each unit, and more of both for each sample: together up to a whole spread of shift.
# (The idea is from Santurkar and colleagues, 2018; the sizes are ours.)

# %%
exercises.predict("noise after batch norm")

# %%
explorers.TrainingRaceExplorer(
    show=("sigma", "rate"), activation="tanh", sigma=10**-1.3, rate=10**-0.5, noise=True
)

# %% [markdown]
# Press Play and look at the right-hand panel, where the net is asked without noise. (On the left the third loss is
# taken with it.) The noisy net ends some points below the one with plain batch norm, in this seed, and far ahead of the one
# without; after 200 steps nothing is lost (claim `bn_noise_costs_nothing`). From σ = 0.13, a good start, all three are alike.
#
# Look at the numbers that come to the fourth activation. By how much does a unit's mean wander in training, in
# spreads (standard deviations) of that unit? From σ = 0.05, five seeds (claims):
#
# | | wander by |
# |:--|--:|
# | without batch norm | 0.15 to 0.27 |
# | plain batch norm | 0.005 |
# | noise behind it | 0.24, of which training moves 0.01 |
#
# With noise the means wander as far as in a net without batch norm, and the net still gains. Two cautions. Three times
# this noise takes nearly all of the benefit. And nearly all of this drift is *injected*, drawn anew at each step: of the
# slow drift that the paper of 2015 has in mind this test says nothing.
#
# ## Shift, measured in the gradients
#
# Layer $l$ is about to step along its gradient $G_l$. But the layers before it step too, and its inputs change. Let $G_l'$ be its
# gradient when *they* have stepped and it has not: if nothing shifted, $G_l' = G_l$. So Santurkar and colleagues take the
# distance $\lVert G_l - G_l'\rVert$. We divide it by $\lVert G_l\rVert$, to compare nets (our addition).

# %%
exercises.predict("shift with batch norm")


# %%
def shift(norm, activation, rate):
    net = nets.deep_net(activation, 5, 50, norm=norm)
    net.initialize("he_normal" if activation == "relu" else "xavier_uniform", np.random.default_rng(0))
    experiments.race({"": net}, split, rate, steps=30)
    return diagnostics.layer_shift(net, split.x_train[:256], split.y_train[:256], rate)


# %%
for case in (("relu", 0.1), ("tanh", 0.03), ("tanh", 0.3)):
    off, on = shift(None, *case), shift(nn.BatchNorm, *case)
    ratio = on.difference[1:].mean() / off.difference[1:].mean()  # layer 1 has none before it
    print(*case, f"shift with batch norm ÷ without: ⟨{ratio:.2g}⟩")

# %% [markdown]
# (One net, after 30 steps; the table has five, and their mean over training.) Under tanh at rate 0.03 the explanation's
# prediction **fails**: the net learns faster with batch norm (tanh nets gain at small rates too), and its shift is more than twice as *large*. Under ReLU the shift does get
# smaller; under tanh at rate 0.3 little changes. So the verdict is **contested**: the shift exists, but less of it does
# not always go along with the benefit.
#
# <details><summary>The small print</summary>
#
# The claims have the mean over training and five seeds, and the paper's own, absolute distance. Under ReLU about half of
# the fall, more or less by seed, comes only from shorter steps. Per length of the step the shift still falls under ReLU,
# and rises under tanh at the small rate.
# </details>
#
# ## The second explanation: the shape of the surface
#
# All weights of a net are one long list of numbers, $\theta$. For fixed images the loss $C(\theta)$ is a height over
# every such list: the **error surface**. Our next net has about 30,000 weights, so you can only look at a cut: choose
# two directions $d_1$ and $d_2$ and draw
#
# $$ f(a, b) = C(\theta + a\,d_1 + b\,d_2) . $$
#
# The middle, $a = b = 0$, is the net itself.

# %%
exercises.predict("surface with batch norm")

# %%
explorers.ErrorSurfaceExplorer(show=("turn", "view", "reach", "activation"))

# %% [markdown]
# **How to read it.** Both landscapes stand at the same weights before training, over the same plane and images. The ring is the net; at *reach* 1 a corner is $a = b = 1$. $d_1$ and $d_2$ are random, each unit's part as
# long as that unit's weights (equation 2). A ball starts at the dark dot and takes 30 gradient steps in this plane, at a rate of its
# own; ✕ marks where it left.
#
# **Now you.** Turn the landscapes. Will tanh differ as much? Guess, set *activation* to *tanh*, and compare the two
# spans (the colours now reach from 2.3 to 3.5 only).
#
# Equation (1) suggests why ReLU nets differ. A random direction is nearly perpendicular to the weights, so wherever you walk they get
# longer, by about $\sqrt{1 + a^2 + b^2}$. Without batch norm each of six layers of weights then makes the signal
# larger by that factor: at a corner, $\sqrt 3^{\,6} = 27$ times. Batch norm undoes it after each layer but the last.
# Tanh lets no signal grow, so there is hardly anything to undo. Yet a tanh net, too, learns faster with batch norm: this is
# not the whole answer.
#
# <details><summary>The control</summary>
#
# Walk over the same plane *without* batch norm, and give each hidden unit's weights their old length back at every
# point. The span shrinks some 25 times, of 39 to 130 with batch norm (claim `surface_span_is_length`).
# </details>
#
# So that no step is huge for small weights, each column $d_{\cdot j}$ is scaled to the length of the weights of its
# unit $j$ (**filter normalization**, Li and colleagues, 2018):
#
# $$ d_{\cdot j} \;\leftarrow\; d_{\cdot j}\,\frac{\lVert W_{\cdot j}\rVert}{\lVert d_{\cdot j}\rVert} . \tag{2} $$
#
# **Exercise 1.** Write equation (2). `d` and `W` have the shape (n_in, n_out); a unit is a column.
# `np.linalg.norm(W, axis=0)` gives the lengths of all columns.


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
# ## Along the gradient
#
# A random plane is not where a net walks. Stand at a net of five ReLU layers after ten steps instead, and note the loss there,
# and after ¼, ½, 1, 2 and 4 steps of rate 0.1 along $-g$.


# %%
def losses_along(norm):
    net = nets.deep_net("relu", 5, 50, norm=norm).initialize("he_normal", np.random.default_rng(0))
    experiments.race({"": net}, split, 0.1, steps=10)
    return diagnostics.smoothness(net, split.x_train[:256], split.y_train[:256], 0.1).losses


# %%
for name, norm in (("without", None), ("with", nn.BatchNorm)):
    print(f"{name:>7} batch norm:", *(f"⟨{loss:.2f}⟩" for loss in losses_along(norm)))

# %% [markdown]
# Without batch norm the loss falls, and beyond half a step it climbs; with it even four steps' length still goes down. The
# largest loss less the smallest, at eight moments of training:

# %%
plots.SweepLines(claims.sweep("loss_range"))

# %%
sweep = claims.sweep("loss_range")
print(f"{'after steps':>18}:", *(f"{steps:6.0f}" for steps in sweep.x))
for name in sweep.names:
    print(f"{name:>18}:", *(f"{value:6.2g}" for value in sweep.median(name)))

# %% [markdown]
# Along the way the net with batch norm meets a loss that ranges 3 to 15 times less, all along. **A step may be
# long where the gradient still means something at its end**, and that is what a large rate needs. Part of this is only
# that the gradient is *shorter* with batch norm. Over steps of equal length the gradient itself changes only
# about a third less (the table at the end).
#
# ## Curvature
#
# How far can a gradient be trusted? Until the surface bends. Let $u$ be a direction of length 1. The **curvature**
# along $u$ is the second derivative of $C$ on that line: how fast the slope changes as you walk. Two directions matter:
# the gradient's own, and the sharpest of all.
#
# <details><summary>With all second derivatives at once</summary>
#
# The **Hessian** $H$ holds all second derivatives of $C$; the curvature along $u$ is $u^T H u$. It needs no matrix of
# 30,000 × 30,000: two gradients a little apart give $H u$.
# </details>

# %%
exercises.predict("sharpest direction")


# %%
def bends(activation):
    twins = experiments.twin_nets(activation, 5, 32, split.x_train, split.y_train)
    return [diagnostics.curvature(net, split.x_train[:256], split.y_train[:256]) for net in twins]


# %%
for activation in ("relu", "tanh"):
    off, on = bends(activation)
    print(
        f"{activation}, along the gradient: without {off.along_gradient:.0f}, with {on.along_gradient:.0f}"
    )
    print(f"{activation}, sharpest direction: without {off.top:.0f}, with {on.top:.0f}")

# %% [markdown]
# Along the gradient the ReLU net bends less with batch norm (in this one net: another seed may turn it round; under tanh a
# negative number says that the line bends *downward*). Along the sharpest direction it bends **more**: for tanh at each of five
# seeds, for ReLU in the mean of four nets. "Batch norm lowers the curvature" is true of some directions and places.
#
# <details><summary>At other places</summary>
#
# After 150 steps each net is the less sharp one at the weights that **it** was trained to. There it has settled in a
# valley, and the other was never trained for them. A comparison of two surfaces depends on where you stand.
# </details>
#
# <details><summary>Rate 1, where the curvature is in the hundreds?</summary>
#
# By lesson 02 a bowl of curvature $\lambda$ throws descent out at rates above $2/\lambda$, here below 0.01. A candidate:
# by equation (1) $C$ does not change with the length of the weights in front of a batch norm, so its gradient is
# perpendicular to them, and a step makes them **longer**, by Pythagoras. Weights $r$ times as long have a surface that
# bends $r^2$ times less. Measured: one step at rate 3 makes the first layer's weights more than twice as long, but
# the curvature in them falls by far more than length explains (claims `large_step_lengthens_weights`,
# `large_step_flattens_beyond_scale`). And the control: give all those weights their first length back after
# every step. At rate 1 the net learns as well as before (claim `held_lengths_train_as_well`). So length is not what
# makes rate 1 work; what does is open here. (Arora, Li and Lyu, 2019, prove that such weights tune
# their own rate; at rate 3, where they grow most, the control decides nothing: **not seen here**.)
# </details>
#
# ## What else it does
#
# Here is what these nets show of other sayings, each at its own best rate.
#
# - **Accuracy.** After 200 steps a well set-up ReLU net of five layers is about three points ahead; five
#   pairs of trainings gave 0.4 to 7. But five sigmoid layers learn *only* with it.
# - **Place.** Before the activation, as Ioffe and Szegedy have it, or after it: under ReLU no difference that stands out
#   from the noise between seeds.
# - **γ and β.** To hold them at 1 and 0 costs these nets nothing that could be seen, though it is said that some
#   patterns are lost without them. Training moves them, but not far:

# %%
trained = nets.deep_net("relu", 5, 50, norm=nn.BatchNorm).initialize("he_normal", np.random.default_rng(0))
experiments.race({"": trained}, split, 0.3, steps=200)
plots.LearnedScalePicture(experiments.learned_scales(trained))

# %% [markdown]
# (One row per layer, its 50 units as a histogram, after 200 steps at rate 0.3. The dotted line is the start. The last
# layer went farthest.)
#
# - **Regularization.** A batch's statistics are noisy, and noise is said to regularize. To vary only the noise, keep 64
#   images a step, and compute the statistics separately in groups of 4, 8, 16 or all 64 of them.

# %%
exercises.predict("noise of the statistics")

# %%
plots.SweepLines(claims.sweep("statistics_noise"), percent=True)

# %%
sweep = claims.sweep("statistics_noise")
print(f"{'group of':>16}:", *(f"{size:4.0f}" for size in sweep.x))
for name in sweep.names:
    print(f"{name:>16}:", *(f"{100 * share:4.0f}" for share in sweep.median(name)), "%")

# %% [markdown]
# The smaller the group, the noisier the statistics, and the narrower the gap between training and unseen images: by
# one point from 64 to 16, by two more to 8, and by twelve more to 4. The saying holds. But look where: most of the narrowing is on the training side. What improves on unseen images
# is the loss, a quarter lower with groups of 8 than with all 64.
#
# ## Exercises
#
# **Exercise 2, harder. Curvature along the gradient.** A second derivative is what is left of three
# values on a line: $\big(f(h) - 2f(0) + f(-h)\big)/h^2$. Here $f(t)$ is the loss at `theta` + $t\,u$, where $u$ is
# the gradient `g`, made 1 long; `loss` is a function of a point.


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
# ## Where this stops being true
#
# These nets have five to ten layers of 32 to 100 units, and train for seconds on at most 4,000 small images. Most signs agree with
# the papers, which used far larger nets (not that of the shift under ReLU); the factors are ours. A plane shows two
# directions out of 30,000. Curvature in raw weights depends on their length, which batch norm makes arbitrary. And all
# steps had 64 or 128 images of one kind; batches of two, or images of another kind, are lesson 09.
#
# ## What was claimed, and what is measured
#
# Each statement is measured now, for five seeds.

# %%
claims.table("08")

# %% [markdown]
# Here are [all claims of the course](../docs/claims.md), with those on rates, starts, accuracy and noise that take
# too long for this table.
#
# ## What to remember
#
# - **Why faster?** Measured: along the gradient the loss stays predictable farther, so that longer steps work, and bad starts are
#   forgiven. Less covariate shift is not needed for it, and the weights' length alone does not explain it. What makes the surface
#   so is open here.
# - Batch norm makes a layer's output independent of the scale of its weights: signals neither vanish nor explode,
#   rates more than ten times as large work, and at the best of them a net needs fewer steps.
# - The noise of its statistics narrows the gap, mostly on the training side; on unseen images it lowers the loss, hardly the share
#   of wrong answers. To a net that was well set up without it, batch norm adds a few points.
# - Jumps of the distributions by up to a spread at every step do not undo the benefit, and under tanh the benefit comes
#   with *more* shift in the gradients: internal covariate shift is a contested explanation. (Of its slow drift these
#   tests say nothing.)
# - When two error surfaces are compared, ask at which weights, in which directions, on which scale.
#
# ## Sources
#
# <details><summary>Papers and notes, and what to read in each</summary>
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate
#   shift*, ICML 2015: sections 1, 3 and 4.
# - S. Santurkar, D. Tsipras, A. Ilyas, A. Mądry, *How does batch normalization help optimization?*, NeurIPS
#   2018: sections 2 and 3 (noise, shift, smoothness); section 4, theorems that bound the gradient, the curvature along
#   it, and the distance to the optimum, for one batch norm in a net.
# - J. Bjorck, C. Gomes, B. Selman, K. Weinberger, *Understanding batch normalization*, NeurIPS 2018: large rates are
#   the benefit; without batch norm they make activations explode.
# - S. Arora, Z. Li, K. Lyu, *Theoretical analysis of auto rate-tuning by batch normalization*, ICLR 2019: what scale
#   invariance does to the rate.
# - H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, *Visualizing the loss landscape of neural nets*, NeurIPS
#   2018: section 4.
# - E. Hoffer, I. Hubara, D. Soudry, *Train longer, generalize better*, NeurIPS 2017: statistics over a part of the
#   batch.
# - Lecture notes that say what is tested here (in Chinese): *Deep learning from zero* (Sun Gaofeng, PaddlePaddle),
#   lesson on batch normalization and dropout; *Learning to program with Gluon*, section 12.1; *Datawhale summer camp on Li
#   Hongyi's book*, task 3; *CS231n notes 4*; *Common algorithms in neural networks: BN*.
# </details>
#
# Next: [09 · Where batch normalization fails](09_where_batch_norm_fails.ipynb). Back to
# [00 · Start here](00_start_here.ipynb).
