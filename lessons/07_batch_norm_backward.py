# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 07 · Batch normalization, backward
#
# **A batch norm ties all samples of a mini-batch together. How does the gradient find its way back through it?**
#
# After this lesson you can
#
# - send a gradient back through a graph of named nodes, one local rule at a time;
# - write batch norm's backward pass in stages, and in one line;
# - tell a gradient check that proves something from one that proves nothing.
#
# You need lesson 06, and the derivatives of a product, a square, a root and $1/s$. It takes about 30 minutes. Run
# the cells from the top.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | meaning |
# |:--|:--|:--|
# | $n$, $K$ | | number of samples (elsewhere $N$) and of features |
# | $x$, $y$ | $(n, K)$ | input and output of the batch norm |
# | $\mu$, $v$ | $(K,)$ | mean and variance of each feature over the batch |
# | $\varepsilon$ | | keeps the root away from 0; ¼ here, usually $10^{-5}$ |
# | $c$, $q$ | $(n, K)$ | $x - \mu$, and its square |
# | $s$, $r$ | $(K,)$ | $\sqrt{v + \varepsilon}$, and one divided by it (elsewhere $s$ is a pre-activation) |
# | $\hat x$ | $(n, K)$ | the normalized input, $c\,r$ |
# | $\gamma$, $\beta$ | $(K,)$ | learned scale and shift |
# | $C$ | | the loss, one number |
# | $\delta$ | $(n, K)$ | $\partial C/\partial y$, the upstream gradient |
#
# </details>

# %%
import numpy as np

from coursekit import claims, exercises, explorers
from coursekit.claims.lesson_07.examples import ConstantStatistics, train
from coursekit.claims.lesson_07.removed_terms import removed_on_images
from coursekit.experiments.perturbation import BACKWARDS, example, input_gradient
from coursekit.nn import BatchNorm, check_gradients
from coursekit.nn.batch_norm_graph import batch_norm_graph
from coursekit.nn.gradcheck import numerical_gradient, relative_error

# %% [markdown]
# A batch norm has put out $y$: three samples (rows) of two features (columns). Then comes a loss $C$. It reads **one**
# of these six numbers, feature 1 of sample 1. So $\delta = \partial C/\partial y$, by how much $C$ changes if an
# output is raised a little, is 1 in that place and 0 in the others. This δ is called the **upstream gradient**.

# %%
exercises.predict("one output is read")

# %%
explorers.BatchNormGraphExplorer(upstream="one_entry")

# %% [markdown]
# Press **▶** beside the slider and watch for half a minute. ■ stops it; the slider, or the arrow keys, go back.
#
# **How to read it.** Each box is a *node*: one named quantity. Its value stands on white, its gradient below on a
# tinted ground: $\partial C/\partial$ of every number above it. In the first nine steps values go forward along the
# dark arrows. In the next nine the gradient comes back along the coloured ones.
#
# At step 18 look at the box *input*. One output was read, and all three samples of feature 1 have a gradient: 1.04,
# −0.96 and −0.07. Why these numbers?
#
# ## Two rules
#
# The graph is batch norm in training mode, cut into steps so small that each has an obvious derivative:
#
# $$ \hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma\,\hat x + \beta . \tag{1} $$
#
# Backward, every step obeys two rules.
#
# 1. **The chain rule.** A node computes $b$ from $a$. Then $a$ gets the gradient of $b$ times the slope of $b$
#    with respect to $a$.
# 2. **Contributions add up.** If $a$ was used in several places, a change of it moves the loss through each of them.
#    So its gradient is the sum of what comes back from all.
#
# The second rule is easily overlooked. $x$ was used twice, for $\mu$ and for $c$. So was $c$, for $q$ and for
# $\hat x$. And each $\mu$, $r$, $\gamma$ and $\beta$ served all samples.
#
# See both rules at work. Here the loss reads several outputs, and some count negative.

# %%
explorers.BatchNormGraphExplorer(step=12)

# %% [markdown]
# This is step 12. Two coloured arrows lead to the box *centred*; one has brought its part, and the sum is not
# complete: *italic*. Go on to step 16 with the arrow key. The other part has come round through $r$, $s$, $v$ and $q$.
# The panel at the lower right adds the two.
#
# Go to step 18. The same happens at *input*: one part through $c$, one through $\mu$. Add up each column of
# $\partial C/\partial x$: it gives 0. Press **more …** and try another **batch**: still 0. Why that must be so
# comes later.
#
# ## Stage by stage
#
# Now you do the same in NumPy, with the batch of the picture. First, forward.

# %%
x = np.array([[0.0, 2.0], [0.0, 5.0], [3.0, 8.0]])
gamma, beta, eps = np.array([3.0, 5.0]), np.array([1.0, -1.0]), 0.25
dy = np.array([[1.0, -1.0], [0.0, 2.0], [-2.0, 1.0]])  # δ
n = len(x)
c = x - x.mean(axis=0)
s = np.sqrt((c**2).mean(axis=0) + eps)
x_hat = c / s
print(x_hat.round(2))

# %% [markdown]
# These are the numbers in the box *normalised*. The first two steps back, 10 and 11, pass $y = z + \beta$ and
# $z = \gamma\,\hat x$. A sum hands its gradient to both terms; a product gives each factor the gradient times the
# *other* factor. What do $\beta$ and $\gamma$ get? One number of each served all samples.
#
# **Your turn: the gradients of γ and β.** Both arguments are $(n, K)$; both results are $(K,)$.


# %%
def gamma_beta_gradients(dy, x_hat):
    """Return ∂C/∂γ and ∂C/∂β."""
    dgamma = ...  # your formula
    dbeta = ...  # your formula
    return dgamma, dbeta


exercises.check_batchnorm_gamma_beta(gamma_beta_gradients)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Each was used once for every sample, so the samples' shares add up: rule 2. Steps 10 and 11 show it in numbers.
# </details>
#
# <details><summary>One right answer</summary>
#
# $\partial C/\partial\gamma = \sum\delta\,\hat x$ and $\partial C/\partial\beta = \sum\delta$, over the samples:
#
# ```python
# def gamma_beta_gradients(dy, x_hat):
#     dgamma = (dy * x_hat).sum(axis=0)
#     dbeta = dy.sum(axis=0)
#     return dgamma, dbeta
# ```
# </details>
#
# The other factor, $\hat x$, gets $\gamma\,\delta$. It was itself a product, $c\,r$, so $c$ gets
# $r = 1/s$ times that. This is the short way back, the italic numbers of step 12:

# %%
dx_hat = gamma * dy  # z = γ x̂
dc_direct = dx_hat / s  # x̂ = c r: the first contribution to c
print(dc_direct.round(2))

# %% [markdown]
# Now the long way round, through the variance. Each line is one box of the picture, with its slope beside it.

# %%
dr = (c * dx_hat).sum(axis=0)  # x̂ = c r, and r served all samples
ds = -dr / s**2  # r = 1/s has the slope −1/s²
dv = ds / (2 * s)  # s = √(v + ε) has the slope 1/(2s)
dq = np.ones_like(x) * dv / n  # v is a mean: 1/n for each sample
print("dr", dr.round(2), " ds", ds.round(2), " dv", dv.round(2))

# %% [markdown]
# Here the two ways meet at $c$. At $x$ it happens once more: $\mu$ was taken off all samples, and was made from all of
# them.

# %%
dc = dc_direct + 2 * c * dq  # q = c² has the slope 2c: the second contribution
dmu = -dc.sum(axis=0)  # c = x − μ has the slope −1 for μ
dx = dc + dmu / n  # μ is a mean: 1/n for each sample
print(dx.round(2))
graph = batch_norm_graph(x, gamma, beta, eps, dy)
print("as in the picture:", np.allclose(dx, graph.x.gradient, rtol=0, atol=1e-12))

# %% [markdown]
# Compare them with the box *input* at step 18. (`coursekit/nn/batch_norm_graph.py` holds this computation; it is made
# to be read.)
#
# ## The closed form
#
# Put the stages into each other, and nine lines become one:
#
# $$ \frac{\partial C}{\partial x} = \frac{\gamma}{s}\Big(\;
#    \underbrace{\;\delta\;}_{\text{direct}}
#    \; - \underbrace{\frac1n\sum\delta}_{\text{through }\mu}
#    \; - \underbrace{\hat x\,\frac1n\sum\delta\,\hat x}_{\text{through }v} \;\Big) . \tag{2} $$
#
# Sums run over the samples. Three terms, three paths from $x$ to $y$. In words: take the upstream gradient, remove
# its mean, remove what is left in it of $\hat x$, and scale by $\gamma/s$.
#
# <details><summary>The derivation</summary>
#
# With $r = 1/s$, the chain through the variance is
#
# $$ \frac{\partial C}{\partial v} = -\frac{1}{2s^3}\sum c\,\gamma\,\delta, \qquad
#    2c\cdot\frac1n\frac{\partial C}{\partial v} = -\frac{c}{n s^3}\,\gamma\sum c\,\delta
#    = -\frac{\gamma}{s}\,\hat x\,\frac1n\sum\delta\,\hat x . $$
#
# The last step used $c = s\,\hat x$, twice. So with both contributions
#
# $$ \frac{\partial C}{\partial c} = \frac{\gamma}{s}\Big(\delta - \hat x\,\frac1n\sum\delta\,\hat x\Big) . $$
#
# For $\mu$ this is to be summed over the samples. The second term drops out, because $\sum\hat x = 0$: the
# variance does not notice a shift. What is left is $\partial C/\partial\mu = -\frac{\gamma}{s}\sum\delta$, and
# each sample gets its $n$-th part.
# </details>
#
# Try it on the first question: $\delta$ is 1 for sample 1 and 0 for the two others. In feature 1,
# $\gamma/s = 3/1.5 = 2$ and $\hat x$ = −⅔, −⅔, 4/3.

# %%
delta, x_hat_1 = np.array([1.0, 0, 0]), x_hat[:, 0]
through_mu, through_v = delta.mean(), x_hat_1 * (delta * x_hat_1).mean()
print("direct", 2 * delta, " μ", (-2 * through_mu).round(2), " v", (-2 * through_v).round(2))
print("together", (2 * (delta - through_mu - through_v)).round(2))

# %% [markdown]
# There they are: 1.04, −0.96 and −0.07. Only the direct term knows which sample was read; the two others reach
# everyone. And for the whole batch:

# %%
closed = gamma / s * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))
print("stages and closed form agree to 1e-12:", np.allclose(closed, dx, rtol=0, atol=1e-12))

# %% [markdown]
# ## Both against numerical slopes
#
# Two derivations that agree may share a mistake. A numerical slope shares nothing with them: move one entry of
# $x$ up and down by a little $h$, and divide the change of the loss by $2h$. As a loss take $C = \sum \delta\,y$:
# its gradient at $y$ is $\delta$, as it should be.


# %%
def forward(x):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * x_hat + beta


numerical = numerical_gradient(lambda: (dy * forward(x)).sum(), x)
for name, analytic in (("stages", dx), ("closed form", closed)):
    print(f"{name}: relative error below 1e-7:", relative_error(analytic, numerical) < 1e-7)

# %% [markdown]
# (The relative error is the length of the difference by the sum of both lengths: 0 for equal arrays, 1 for opposite
# ones.) Why a *little* $h$?

# %%
exercises.predict("smaller nudge")

# %%
explorers.PerturbationExplorer()

# %% [markdown]
# Six samples now. **One** entry of $x$ is moved by the nudge $t$. On the left, the curve is the loss; the dashed line
# is what a backward pass predicts, its slope times $t$. On the right is the distance between the two, on logarithmic
# axes: along the guide ∝ $t^2$ ("proportional to") a tenth of the nudge leaves a hundredth of the distance. (At large
# nudges curve and line may cross, and the distance dips by accident.)
#
# Move **nudge** down and read the ratio in the sentence: it comes to 1. Then choose *no variance path*, a backward
# pass that has lost its third term. The line turns away from the curve, and no nudge is small enough. *Constant
# statistics* has lost the path through $\mu$ too.
#
# ## A check that proves nothing
#
# A gradient check needs an upstream. The simplest loss is the sum of all outputs, $C = \sum y$: its $\delta$ is 1
# everywhere. Public code does check batch norm in this way ([an example](https://github.com/torch/nn/issues/744)).

# %%
exercises.predict("check with ones")

# %%
explorers.PerturbationExplorer(show=("backward", "upstream"), upstream="ones", backward="no_variance_path")

# %% [markdown]
# The loss does not move at all, and the broken pass says that it will not. Set δ back to *random*: now the same pass
# is off. Here is the largest error over all twelve inputs:


# %%
def largest_error(upstream, backward):
    b = example(upstream)  # a dictionary of x, gamma, beta and dy: the explorer's batch
    analytic = input_gradient(batch_norm_graph(**b, eps=eps), backward)

    def loss():
        return (b["dy"] * batch_norm_graph(**b, eps=eps).y.value).sum()

    return np.abs(analytic - numerical_gradient(loss, b["x"])).max()


for upstream in ("random", "ones"):
    for backward in BACKWARDS:
        print(f"{upstream:<7} {backward:<20} largest error {largest_error(upstream, backward):.2f}")

# %% [markdown]
# The reason is in the forward pass. In each feature the values of $\hat x$ add up to 0, so those of $y$ add up to
# $n\beta$, whatever $x$ is. The loss is a constant; its gradient is 0. The broken pass keeps two terms of
# equation (2), and $1 - 1 = 0$ too. The missing third term would have been $\hat x\,\frac1n\sum\hat x = 0$, so any
# factor in front of it passes. (All ones do catch the lost path through $\mu$: see the last line.)
#
# So a check of batch norm needs a **random** upstream. And random $\gamma$ and $\beta$: with $\gamma = 1$ a
# forgotten $\gamma$ would pass. The package's own check draws all three:

# %%
check = check_gradients(BatchNorm(), x, np.random.default_rng(0), training=True)
print({name: bool(error < 1e-7) for name, error in check.errors.items()})

# %% [markdown]
# <details><summary>What the public example found</summary>
#
# The reporter of that issue saw a relative error of 1, and asked whether the batch norm was wrong. It need not be: both
# gradients are 0 but for rounding, and of two roundings no relative error is small. So all ones may pass a wrong
# batch norm, or fail a right one, depending on how errors are measured.
# </details>
#
# ## What the two extra terms take away
#
# In prediction mode $\mu$ and $v$ are constants, and only the direct term remains. What do the others take from it?
# Two things that the loss cannot feel. To **raise** all samples by the same amount is undone by $\mu$. To **stretch**
# them away from their mean is undone by $s$.

# %%
print("sum of ∂C/∂x:     ", np.abs(dx.sum(axis=0)).round(6))
stretch = (x_hat * dx).sum(axis=0) / (x_hat * dc_direct).sum(axis=0)
print("left of a stretch:", stretch.round(3), " ε/(v + ε) =", (eps / s**2).round(3))

# %% [markdown]
# The first vanishes: each column adds up to 0, as you have seen. Of the second a part is left, because $\varepsilon$ does
# not stretch along; with $\varepsilon = 10^{-5}$ next to nothing is.
#
# <details><summary>What a layer in front of the batch norm inherits</summary>
#
# Its **bias** gets the sum of $\partial C/\partial x$, which is 0: it is useless there, and $\beta$ does its work. The
# gradient of a unit's **weights** is orthogonal to them (at a right angle): to make them all longer by the same factor
# stretches the samples, which changes no output. And if all weights are multiplied by $a$, their gradient is *divided*
# by $a$: it holds $1/s$, and $s$ has grown to $a\,s$ (Ioffe and Szegedy, section 3.3). So large weights take small steps
# and small weights large ones, until $v$ is no longer large beside $\varepsilon$. The page of all claims has the
# measurements.
# </details>
#
# The $n$ samples of a feature can move in $n$ ways. If $n$ is large, to lose two of them is little. Can one save the
# trouble?

# %%
exercises.predict("without the two terms")

# %%
print(f"share of the square of ∂C/∂x that the terms take off: {100 * removed_on_images(0):.1f} %")
for norm in (BatchNorm, ConstantStatistics):
    loss, bias = train(0, norm)
    print(f"{norm.__name__:<19} loss after 60 steps ⟨{loss:.2g}⟩, largest bias ⟨{bias:.2f}⟩")

# %% [markdown]
# `ConstantStatistics` goes forward as ever; its backward pass returns only the direct term. The net has ten layers of
# 100 units, and biases in front of its batch norms. (Figures in ⟨⟩ may differ a little from yours: training amplifies
# the last digit, which depends on the processor.)
#
# How can half a percent matter so much? What the terms take off is a pattern across the batch: the same for all
# samples, or in proportion to $\hat x$. The gradient of the weights is a sum over the batch. There such a pattern adds
# up, while the rest cancels in part. In the claims below, the gradients of the first weights with and without the terms
# have a cosine of about 0.7 (1 would mean the same direction, 0 a right angle). And the biases show where it leads: they keep
# moving, although $\mu$ takes them off again. Ioffe and Szegedy give this failure as the reason why the
# normalization belongs to the gradient.
#
# ## Where this stops being true
#
# Equation (2) holds in training mode. And in a batch of **two**, raise and stretch are all there is:

# %%
two = batch_norm_graph(x[1:], gamma, beta, 1e-5, dy[1:])
print("∂C/∂y:", dy[1:].tolist())
print("largest entry of ∂C/∂x: 1e-4 or less:", np.abs(two.x.gradient).max() < 1e-4)

# %% [markdown]
# Only what $\varepsilon$ leaves comes back; a batch of one gets exactly 0. If a feature hardly varies, $v$ is not large beside
# $\varepsilon$, and a stretch is felt. A gradient check compares slopes at one point: it cannot
# vouch for the kink of a ReLU, nor for float32, in which its differences drown in rounding. For images of shape
# $(N, \text{channels}, H, W)$ all is the same with $n = N\cdot H\cdot W$ rows and one feature a channel.
#
# ## What was claimed, and what is measured
#
# The statements that carry this lesson, measured now, for five seeds each. The others stand on the page of
# [all claims of the course](../docs/claims.md).

# %%
claims.table("07")

# %% [markdown]
# ## Exercises
#
# **The whole backward pass.** In stages or in closed form, as you like; without looking up, if you can. If
# something is off, the checker takes your $\partial C/\partial x$ apart into the three paths of equation (2)
# and says which node is wrong.


# %%
def batchnorm_backward(dy, x, gamma, eps):
    """Return ∂C/∂x, of shape (n, K), and ∂C/∂γ and ∂C/∂β, of shape (K,), in training mode."""
    # First c, s and x_hat from x and eps, as above; then:
    dbeta = ...
    dgamma = ...
    dx = ...
    return dx, dgamma, dbeta


exercises.check_batchnorm_backward(batchnorm_backward)

# %% [markdown]
# <details><summary>A hint, and two right answers</summary>
#
# In stages: $\hat x$ first, then $r$, $s$, $v$, $q$, then the two contributions to $c$, and $\mu$ at last.
#
# ```python
# def batchnorm_backward(dy, x, gamma, eps):
#     n = len(x)
#     c = x - x.mean(axis=0)
#     s = np.sqrt((c**2).mean(axis=0) + eps)
#     x_hat = c / s
#     dbeta = dy.sum(axis=0)
#     dgamma = (dy * x_hat).sum(axis=0)
#     dx_hat = gamma * dy
#     dv = -(c * dx_hat).sum(axis=0) / (2 * s**3)
#     dc = dx_hat / s + 2 * c * dv / n
#     dx = dc - dc.sum(axis=0) / n
#     return dx, dgamma, dbeta
# ```
#
# Or the last four lines before `return` in one:
#
# ```python
#     dx = gamma / s * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))
# ```
# </details>
#
# ## What to remember
#
# Cut a formula into steps with obvious slopes; send the gradient back step by step; where a number was used
# more than once, add up what comes back. For batch norm that gives
# $\frac{\gamma}{s}\big(\delta - \overline{\delta} - \hat x\,\overline{\delta\hat x}\big)$, where a bar is the mean
# over the batch: the upstream gradient without the raise and the stretch that the normalization undoes. Check it with
# a random upstream, never with all ones.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
#   covariate shift*, ICML 2015: section 2 (why the statistics belong to the gradient), section 3 (the backward
#   equations), sections 3.2 and 3.3 (biases and the scale of weights).
# - F. Kratzert,
#   [*Understanding the backward pass through batch normalization layer*](https://kratzert.github.io/2016/02/12/understanding-the-gradient-flow-through-the-batch-normalization-layer.html),
#   2016: nine numbered steps, forward and back. The Chinese *CS231n notes 4: Data preprocessing, weights
#   initialization and batch normalization* prints the same nine in other code, found on GitHub, its author not named.
# - [Issue 744 of torch/nn](https://github.com/torch/nn/issues/744), 2016: a gradient check of batch norm with all ones.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [08 · What batch normalization does](08_what_batch_norm_does.ipynb) to training. Back to
# [00 · Start here](00_start_here.ipynb).
