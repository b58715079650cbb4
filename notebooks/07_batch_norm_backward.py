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
# **A batch norm ties all samples of a mini-batch together. How does the gradient find its way back through
# it?** There is a formula of one line. This lesson takes nine small steps to it, each of which could be done
# on paper, and then asks how one can be sure that such a formula is right.
#
# After this lesson you can
#
# - draw a computation as a graph of named nodes and send a gradient back through it, one local rule at a time;
# - derive the closed form of batch norm's backward pass, and write it in stages or in one line;
# - tell a gradient check that proves something from one that proves nothing.
#
# You need lesson 00, the forward formula of batch norm (lesson 06; it is repeated below), and the derivatives
# of a product, a square, a root and $1/s$. It takes about 60 minutes; a break fits well before
# *A check that proves nothing*. Run the cells from the top.

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn
from coursekit.claims.batch_norm_backward_measures import ConstantStatistics, removed_on_images, train
from coursekit.claims.claim import number
from coursekit.diagnostics.perturbation import BACKWARDS, example, input_gradient
from coursekit.nn.gradcheck import numerical_gradient, relative_error
from coursekit.nn.graph import batch_norm_graph

x = np.array([[0.0, 2.0], [0.0, 5.0], [3.0, 8.0]])
gamma, beta, eps = np.array([3.0, 5.0]), np.array([1.0, -1.0]), 0.25

# %% [markdown]
# ## What goes forward
#
# A mini-batch has $n$ samples (lesson 06 wrote $N$) of $K$ features, so `x` is $(n, K)$: here three samples (rows) of two features
# (columns). In training, batch norm takes the mean $\mu$ and the variance $v$ of each feature over the batch,
# both of shape $(K,)$, and computes
#
# $$ \hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma\,\hat x + \beta . \tag{1} $$
#
# $\hat x$ and $y$ are $(n, K)$. The numbers $\gamma$ and $\beta$, of shape $(K,)$, are learned: they are the
# standard deviation and the mean that each feature gets. $\varepsilon$ keeps the root away from 0. It is
# usually $10^{-5}$; here it is ¼, so that the roots come out even and that we see if it is forgotten.


# %%
def forward(x):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * x_hat + beta


print(forward(x).round(2))

# %% [markdown]
# After the batch norm come other layers and at last a loss $C$, one number. Their backward passes have been
# done already, and hand us $\delta = \partial C/\partial y$, of shape $(n, K)$: by how much $C$ changes if one
# entry of $y$ is raised a little. We call it the **upstream gradient**. What we owe to the layers below is
# $\partial C/\partial x$, and to the optimizer $\partial C/\partial\gamma$ and $\partial C/\partial\beta$.

# %%
exercises.predict("one input moves")

# %%
nudged = x.copy()
nudged[0, 0] += 0.1
print((forward(nudged) - forward(x)).round(2))

# %% [markdown]
# One input moved, and the outputs of **three** samples changed. This is what makes batch norm's backward pass
# harder than that of other layers: the gradient at one input gathers something from every sample of the batch.
#
# ## The graph
#
# We cut equation (1) into steps so small that each has an obvious derivative, and give every result a name.
# These are the **nodes** of a graph; an arrow leads from a node to each one that uses it.
#
# | node | computed as | shape |
# |:--|:--|:--|
# | mean | $\mu = \frac1n \sum x$ | $(K,)$ |
# | centred | $c = x - \mu$ | $(n, K)$ |
# | squared | $q = c^2$ | $(n, K)$ |
# | variance | $v = \frac1n \sum q$ | $(K,)$ |
# | std (standard deviation) | $s = \sqrt{v + \varepsilon}$ | $(K,)$ |
# | inverse std | $r = 1/s$ | $(K,)$ |
# | normalised | $\hat x = c\,r$ | $(n, K)$ |
# | scaled | $z = \gamma\,\hat x$ | $(n, K)$ |
# | output | $y = z + \beta$ | $(n, K)$ |
#
# All sums run over the $n$ samples, for each feature by itself. (In lesson 05 the letter $s$ stood for
# pre-activations. Here it is a standard deviation, and pre-activations are what usually comes in as $x$.)
#
# Backward, two rules are enough.
#
# 1. **The chain rule.** If a node computes $b$ from $a$, then a nudge of $a$ moves $b$ by the slope
#    $\partial b/\partial a$ times as much. So $a$ gets $\partial C/\partial b$ times that slope.
# 2. **Contributions add up.** If a number was used in several places, a nudge of it moves the loss through each
#    of them, and the changes add. So its gradient is the **sum** of what comes back from all of them.
#
# The second rule is easily overlooked. $x$ was used twice (for $\mu$ and for $c$), so was $c$ (for $q$ and for
# $\hat x$). And each entry of $\mu$, $r$, $\gamma$ and $\beta$ was used $n$ times, once for every sample.

# %%
explorer = explorers.BatchNormGraphExplorer()
explorer

# %% [markdown]
# **How to read it.** Each box is a node: its name and formula, its value (dark), and below it, on a tinted
# ground, its gradient (coloured): $\partial C/\partial$ of every number above it. What is not known yet is
# blank. Move `step` with the arrow keys. Steps 1 to 9 compute the values along the dark arrows; steps 10 to 18
# take the same nodes in reverse order, and send gradients back along the coloured arrows. The rule of the step
# stands at the bottom right, with its arithmetic for sample 1 and feature 1. Where two contributions meet, at
# $c$ and at $x$, both are shown with their sum. `batch` draws other numbers, and **δ** chooses the upstream.
#
# **A walk through it.** Go to step 12: of the two arrows into $c$ only one has arrived, and its gradient is
# written in italics. It takes four more steps until the other one has come round through $r$, $s$, $v$ and
# $q$. At step 18 look at the columns of $\partial C/\partial x$: each adds up to 0. Now choose δ = *one entry*.
# The loss looks at one output of one sample, and yet all three samples get a gradient.
#
# ## Stage by stage
#
# Now the same in NumPy. Every line backward is one of the two rules, and the node that it passes stands beside it.

# %%
n = len(x)
c = x - x.mean(axis=0)
s = np.sqrt((c**2).mean(axis=0) + eps)
x_hat = c / s
dy = np.array([[1.0, -1.0], [0.0, 2.0], [-2.0, 1.0]])  # δ

# %% [markdown]
# The slope of the sum $y = z + \beta$ with respect to either term is 1, so $z$ gets $\delta$ as it is. The product
# $z = \gamma\hat x$ gives each factor the gradient times the *other* factor. And $\beta$ and $\gamma$ were used by
# all samples, so they get sums:
#
# $$ \frac{\partial C}{\partial\beta} = \sum\delta, \qquad
#    \frac{\partial C}{\partial\gamma} = \sum\delta\,\hat x, \qquad
#    \frac{\partial C}{\partial\hat x} = \gamma\,\delta . \tag{2} $$

# %%
dbeta = dy.sum(axis=0)
dgamma = (dy * x_hat).sum(axis=0)
dx_hat = gamma * dy
print(dbeta, dgamma.round(2))

# %% [markdown]
# From here to $x$, two lines deserve a look. `dc` adds up two contributions, and has to wait for the second one,
# through $q$. And in the last line $x$ does the same: one comes through $c$, and one through $\mu$, which was taken
# off all samples and gives each of them its $n$-th part.

# %%
dc_direct = dx_hat / s  # x̂ = c r: the first contribution to c
dr = (c * dx_hat).sum(axis=0)  # x̂ = c r: all samples used r
ds = -dr / s**2  # r = 1/s has the slope −1/s²
dv = ds / (2 * s)  # s = √(v + ε) has the slope 1/(2s)
dq = np.ones_like(x) * dv / n  # v is a mean: 1/n for every sample
dc = dc_direct + 2 * c * dq  # q = c² has the slope 2c: the second contribution
dmu = -dc.sum(axis=0)  # c = x − μ has the slope −1 for μ
dx = dc + dmu / n
print(dx.round(2))

# %% [markdown]
# These are the numbers in the box of the input at step 18:

# %%
explorers.BatchNormGraphExplorer(step=18)

# %% [markdown]
# The package has this computation as `coursekit/nn/graph.py`, a file made to be read, which keeps every node
# with its contributions:

# %%
graph = batch_norm_graph(x, gamma, beta, eps, dy)
print("equal to the graph:", np.allclose(dx, graph.x.gradient, rtol=0, atol=1e-12))
print("x was used by:", *graph.x.children)
print("through the mean each sample gets", graph.x.sent_by("mean").round(2)[0])

# %% [markdown]
# ## The closed form
#
# Put the stages into each other. With $r = 1/s$, the chain through the variance is
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
# each sample gets its $n$-th part:
#
# $$ \frac{\partial C}{\partial x} = \frac{\gamma}{s}\Big(\;
#    \underbrace{\;\delta\;}_{\text{direct}}
#    \; - \underbrace{\frac1n\sum\delta}_{\text{through }\mu}
#    \; - \underbrace{\hat x\,\frac1n\sum\delta\,\hat x}_{\text{through }v} \;\Big) . \tag{3} $$
#
# Three terms, three paths from $x$ to $y$. In words: take the upstream gradient, remove its mean, remove what
# is left in it of $\hat x$, and scale by $\gamma/s$. This is what `nn.BatchNorm` computes.

# %%
closed = gamma / s * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))
print("stages and closed form agree to 1e-12:", np.allclose(closed, dx, rtol=0, atol=1e-12))

# %% [markdown]
# ## Both against numerical slopes
#
# Two derivations that agree may share a mistake. A numerical slope shares nothing with them: move one entry of
# $x$ up and down by a little $h$, and divide the change of the loss by $2h$. For a loss we take
# $C = \sum \delta\,y$, over all samples and features. Its gradient at $y$ is $\delta$, as it should be.

# %%
numerical = numerical_gradient(lambda: (dy * forward(x)).sum(), x)
for name, analytic in (("stages", dx), ("closed form", closed)):
    print(f"{name}: relative error below 1e-7:", relative_error(analytic, numerical) < 1e-7)

# %% [markdown]
# The relative error is $\lVert a - b\rVert / (\lVert a\rVert + \lVert b\rVert)$, 0 for equal arrays and 1 for
# opposite ones. The package's `check_gradients` does the same for any layer and all its parameters:

# %%
check = nn.check_gradients(nn.BatchNorm(), x, np.random.default_rng(0), training=True)
print({name: bool(error < 1e-7) for name, error in check.errors.items()})

# %% [markdown]
# Now see such a comparison. The next explorer has a batch of six samples and two features. It moves **one**
# entry of $x$ by $t$, and draws how the loss changes.

# %%
perturbation = explorers.PerturbationExplorer()
perturbation

# %% [markdown]
# On the left, the curve is the loss and the dashed line is what a backward pass predicts, its slope times $t$.
# On the right is the distance between the two at every nudge, on logarithmic axes. If the line is a tangent,
# the distance shrinks with $t^2$: a tenth of the nudge, a hundredth of the error. If the slope is wrong, it
# shrinks only with $t$. (The grey guides are marked ∝ $t$ and ∝ $t^2$: ∝ is read "proportional to". At a
# large nudge the curve may cross the line, and the distance dips there by accident.) Choose *no variance path* and *constant statistics* (which leaves out the path through
# $\mu$ too), and watch the line turn away from the curve.

# %%
perturbation.set(sample=1, feature=1, upstream="random", nudge=0.1, backward="no variance path")
print(perturbation.diagnosis)

# %% [markdown]
# ## A check that proves nothing
#
# A gradient check needs an upstream. The simplest loss is the sum of all outputs, $C = \sum y$, whose upstream
# is $\delta = 1$ everywhere. Many a check in course code uses it.

# %%
exercises.predict("check with ones")


# %%
def largest_error(upstream, backward):
    b = example(upstream)  # a dictionary of x, gamma, beta and dy
    analytic = input_gradient(batch_norm_graph(**b, eps=eps), backward)

    def loss():
        return (b["dy"] * batch_norm_graph(**b, eps=eps).y.value).sum()

    return np.abs(analytic - numerical_gradient(loss, b["x"])).max()


# %%
for upstream in ("random", "all ones"):
    for backward in BACKWARDS:
        print(f"{upstream:<9} {backward:<20} largest error {largest_error(upstream, backward):.2f}")

# %% [markdown]
# (`input_gradient` leaves paths of the graph out; the batch is the explorer's.) With all ones the backward pass
# that has lost its variance path is **without error**. The reason is in the forward pass. The values of $\hat x$ add up to 0 in each feature, so those of $y$ add up to $n\beta$, whatever
# $x$ is: the loss is a constant, and its true gradient is 0. The broken pass keeps the first two terms of
# equation (3), and $1 - 1 = 0$ too. Any factor in front of the third term passes as well, since it multiplies
# $\sum \hat x = 0$. It does not help to choose other values of $\gamma$. (All ones do catch a lost path through
# $\mu$: see the last line.)

# %%
explorers.PerturbationExplorer(upstream="all ones", backward="no variance path")

# %% [markdown]
# So a check of batch norm needs a **random** upstream, and random $\gamma$ and $\beta$: with $\gamma = 1$ a
# forgotten $\gamma$ would pass. That is what `check_gradients` does.
#
# ## What the two extra terms do
#
# In prediction mode $\mu$ and $v$ are running statistics, constants that no sample of the batch can move. Then
# there is one path, and $\partial C/\partial x = \gamma\,\delta/s$. Here are both modes, with an upstream that
# looks at a single output:

# %%
one = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
layer = nn.BatchNorm(eps=eps)
for training in (False, True):
    layer.forward(x, training=training)
    print("training:  " if training else "prediction:", layer.backward(one).round(2)[:, 0])

# %% [markdown]
# (The running variance of this fresh layer is 1, so prediction divides by $\sqrt{1.25}$.)
#
# To say what training takes away, take the $n$ numbers of one feature as **one arrow with $n$ coordinates**, one for
# each sample. Two arrows $a$ and $b$ are **orthogonal**, at a right angle, if $\sum a\,b = 0$. That sum divided by
# both lengths is the **cosine** of the angle between them: 1 for the same direction, 0 for orthogonal ones.
#
# In training, the arrow $\partial C/\partial x$ of a feature is orthogonal to two others. First, to $(1, \ldots, 1)$:
# it adds up to 0 over the batch, since raising all samples by the same amount is undone by $\mu$, and the loss cannot
# care. Second, to $\hat x$, that is, $\sum \hat x\,\partial C/\partial x = 0$: stretching all samples away from their
# mean is undone by $s$. So two of its $n$ directions are lost. The second is not quite exact, because $\varepsilon$
# does not stretch along. Of what pointed along $\hat x$ the part $\varepsilon/(v + \varepsilon)$ remains, which is
# 1/9 in feature 1 of our example, where $\varepsilon = ¼$ and $v = 2$.

# %%
print("sums over the batch:", np.abs(dx.sum(axis=0)).round(6))
along = (x_hat * dx).sum(axis=0) / (x_hat * dc_direct).sum(axis=0)
print("left along x̂:       ", along.round(3), " ε/(v + ε) =", (eps / s**2).round(3))

# %% [markdown]
# A dense layer in front of the batch norm inherits this, in three ways. A **bias** there gets
# the sum of $\partial C/\partial x$, which is 0: it is useless, and $\beta$ does its work. The gradient of a unit's
# **weights** is orthogonal to these weights: to make them all longer by the same factor stretches the samples, which
# changes no output, so no part of the gradient points that way. And if all weights are multiplied by $a$, the outputs
# stay as they are, while the gradient of the weights is **divided** by $a$: it holds $1/s$, and $s$ has grown to
# $a\,s$ (Ioffe and Szegedy, section 3.3). We try the last one on 200 photographs of clothes, with one hidden layer;
# the table below measures all three.

# %%
images, labels = datasets.fashion_samples(200)


def weight_gradient(a):
    net = nn.Sequential(nn.Dense(100), nn.BatchNorm(), nn.ReLU(), nn.Dense(10))
    net.initialize("he_normal", np.random.default_rng(0)).forward(images)
    net.params["0.W"][...] *= a
    _, dlogits = nn.softmax_cross_entropy(net.forward(images, training=True), labels)
    net.backward(dlogits)
    return np.linalg.norm(net.grads["0.W"])


# %%
for a in (10, 1, 0.1, 0.001):
    print(f"weights × {a:<6} gradient × {number(weight_gradient(a) / weight_gradient(1))}")

# %% [markdown]
# Large weights take small steps and small weights large ones. The last line shows the limit: the weights are so small that $v$ is no longer large beside $\varepsilon$, and $s$ stops following.
#
# How much of the gradient do the two terms take away? Two of $n$ directions are few if $n$ is large.

# %%
exercises.predict("without the two terms")

# %%
print(f"share of the square of ∂C/∂x that the terms take off: {100 * removed_on_images(0):.1f} %")
for norm in (nn.BatchNorm, ConstantStatistics):
    loss, bias = train(0, norm)
    print(f"{norm.__name__:<19} loss after 60 steps ⟨{loss:.2g}⟩, largest bias ⟨{bias:.2f}⟩")

# %% [markdown]
# `ConstantStatistics` is a batch norm that goes forward as ever, but whose backward pass returns
# $\gamma\,\delta/s$. The net has ten layers of 100 units, and biases in front of its batch norms; the bias in
# the printout is the largest of layer 1. (Training amplifies the last digit, which differs from one processor to
# the next; so figures in ⟨⟩ may differ a little from those you get.)
#
# How can half a percent matter so much? What the two terms take off is a pattern across the batch: the one is
# the same for all samples, the other is proportional to $\hat x$. And
# $\partial C/\partial W = (\text{input})^T\,\partial C/\partial x$ is a sum over the batch, in which such a
# pattern adds up while the rest cancels in part. In the claims below, the gradients of the weights with and
# without the terms, all their entries taken as one arrow, have a cosine of only 0.7. The biases show where that leads: the constant gradient keeps
# pushing them, although they cannot change any output, since $\mu$ takes them off again. Ioffe and Szegedy give
# this very failure (section 2) as the reason why the normalization has to be part of the gradient.
#
# ## Where this stops being true
#
# Equation (3) is for training mode, where the statistics are those of this very batch; in prediction mode only
# its first term is right. With a batch of **two** samples next to nothing comes back: two directions of two
# are removed, and what is left is what ε leaves. A batch of one gets exactly 0. If a feature hardly varies, $v$ is not large beside
# $\varepsilon$, and the statements about scale fade. And a gradient check compares slopes at one point: it
# cannot vouch for the kink of a ReLU, nor for float32, in which its differences drown in rounding. For images,
# $(N, \text{channels}, H, W)$, all is the same with $n = N\cdot H\cdot W$ rows and one feature for each channel. (Here
# $C$ is the loss; in lesson 06 it counted the channels.)
#
# ## What was claimed, and what is measured
#
# Each statement of this lesson is measured here, now, for three seeds. A *folklore* verdict means that it is
# often said and measured to be false.

# %%
claims.table("07")

# %% [markdown]
# ## Exercises
#
# **1. The gradients of γ and β.** Both arguments are $(n, K)$; both results are $(K,)$.


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
# Each was used once for every sample, so the samples' shares add up: equation (2).
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def gamma_beta_gradients(dy, x_hat):
#     dgamma = (dy * x_hat).sum(axis=0)
#     dbeta = dy.sum(axis=0)
#     return dgamma, dbeta
# ```
# </details>
#
# **2. The whole backward pass.** In stages or in closed form, as you like; without looking up, if you can. If
# something is off, the checker takes your $\partial C/\partial x$ apart into the three paths of equation (3)
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
# over the batch: the upstream gradient without the two directions that the normalization undoes. Check it with
# a random upstream, never with all ones.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
#   covariate shift*, ICML 2015: section 2 (why the statistics belong to the gradient), section 3 (the backward
#   equations), sections 3.2 and 3.3 (biases and the scale of weights).
# - Notes on CS231n, *Convolutional neural networks for visual recognition*, Stanford: batch norm's backward pass
#   in nine steps.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [08 · What batch normalization does](08_what_batch_norm_does.ipynb) to training. Back to
# [00 · Start here](00_start_here.ipynb).
