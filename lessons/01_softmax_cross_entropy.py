# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 01 · Softmax, sigmoid and cross-entropy
#
# **How do a net's raw scores become probabilities, and how is it told how wrong they are?**
#
# After this lesson you can
#
# - turn scores into probabilities without overflow, by softmax or by sigmoid, and say which one fits;
# - compute the cross-entropy and its gradient, and check both against a number you know beforehand;
# - say why two nets that are right equally often may have very different losses.
#
# You need lesson 00. It takes about 40 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $N$, $K$ | | samples, classes |
# | $z$ | $(N, K)$ | scores, also called logits: one for each sample and class |
# | $p$ | $(N, K)$ | probabilities |
# | $y$ | $(N, K)$ | one-hot labels: 1 in the column of the right class, else 0 |
# | $C$ | one number | the loss |
# | $T$ | one number | temperature: all scores are divided by it |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.experiments import photographs

plots.Photographs(photographs())

# %% [markdown]
# ## Three scores
#
# Which kind of clothes is on a photograph? A net that is to say so ends with one number for each kind,
# the **score**. For one photograph, of three kinds: coat 2, shirt 1, bag −1. Coat wins. But how sure
# is that?

# %%
exercises.predict("all scores raised")

# %%
explorers.SoftmaxExplorer(panels=1, method="naive", show=("coat", "shirt", "bag"))

# %% [markdown]
# **How to read it.** Each score has a bar, its **probability**. The table below tells how it came, and the next
# section why. ($T$ is 1 until further on.)
#
# - Raise all three scores by 3. Where are the bars in the end?
# - Then raise one alone: its bar grows, and both others shrink, since together they always make 1.
#
# ## Softmax in three steps
#
# We write $z$ for the scores, of shape $(N, K)$: $N$ samples, one a row, and $K$ classes. Here are 3
# samples and 5 classes.

# %%
z = np.array([[2.0, 1.0, -1.0, 0.0, 0.5], [0.1, 10.0, 0.1, 3.0, 0.0], [-3.0, -2.0, -1.0, 0.0, 1.0]])
powers = np.exp(z)  # 1. e to the power of each score
sums = powers.sum(axis=1, keepdims=True)  # 2. the sum of each row
p = powers / sums  # 3. divide
print(sums.shape)
print(p.round(2))

# %% [markdown]
# The powers are above 0, whatever the scores. `axis=1` adds up along a row, and `keepdims=True` keeps the
# sums a column, of shape (3, 1), so that NumPy divides each row by its own sum. As a formula this is
# **softmax**:
#
# $$ p_j = \frac{e^{z_j}}{\sum_k e^{z_k}} . \tag{1} $$
#
# Now you see why raising all scores does nothing: $e^{z+3} = e^3 e^z$, and $e^3$ stands above and below
# the line.

# %%
print("rows sum to", p.sum(axis=1).round(6))
print("10 more: largest change", np.abs(nn.softmax(z + 10) - nn.softmax(z)).max().round(12))

# %% [markdown]
# Raw scores are hard to read. Is a score of 10 sure? It depends on the others:

# %%
for scores in ([0.1, 10.0, 0.1], [100.0, 10.0, 0.1]):
    shares = nn.softmax(np.array(scores, np.float32))
    print(scores, "→", *(f"{share:.4g}" for share in shares))

# %% [markdown]
# In the first row 10 is nearly certain, in the second it has no chance. And look at the 1 there. You may
# read that a softmax lies strictly between 0 and 1. By formula (1) it does; in the computer it is rounded,
# and here it *is* 1.
#
# ## Where it breaks
#
# With large scores formula (1), written down as it stands, fails.

# %%
exercises.predict("large scores")

# %%
shown = ("coat", "temperature", "method", "dtype")
explorers.SoftmaxExplorer(panels=1, method="naive", coat=8.0, show=shown)

# %% [markdown]
# **T**, the temperature, divides all scores: at $T = 0.1$ they are ten times as large. Move it there, and
# watch the row exp(z/T). Then
#
# - move **coat** up to 9: $e^{90}$ is more than a float32, a number of 32 bits, can hold. It becomes inf,
#   and inf/inf is nan, "not a number";
# - choose *float64*. All is well, until you move **T** to 0.01: 900 is above 709.8, where float64 ends;
# - choose *stable*. The largest score is taken off all of them first. As you saw, that changes no
#   probability; and the largest power is now $e^0 = 1$.
#
# **Your turn, first exercise.** Write softmax for `z` of shape $(N, K)$, so that it survives scores of
# ±1000.


# %%
def softmax(z):
    """Return the probabilities, of the shape of z."""
    return ...


exercises.check_softmax(softmax)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def softmax(z):
#     powers = np.exp(z - z.max(axis=1, keepdims=True))
#     return powers / powers.sum(axis=1, keepdims=True)
# ```
# </details>
#
# ## One score, or several questions
#
# With two classes one score is enough: coat or not? The **sigmoid** makes a probability of it, $1/(1 +
# e^{-z})$. It is nothing new: it is a softmax of two scores, of which the second is fixed at 0.

# %%
for score in (-2.0, 0.0, 1.0, 5.0):
    two = nn.softmax(np.array([score, 0.0]))
    print(f"z = {score:>4}: sigmoid {nn.sigmoid(score):.6f}, softmax([z, 0]) {two[0]:.6f}")

# %% [markdown]
# (Divide formula (1) above and below by $e^z$, and you have it.)
#
# So which one fits $K$ classes? If exactly one is right, softmax: its probabilities add up to 1. If several
# may be right at once (a photograph of a coat *and* a bag), ask $K$ questions, each with its own sigmoid.
# Switch the **head**, the last step of the net, below; then raise **shirt**.

# %%
explorers.SoftmaxExplorer(panels=1, method="naive", head="sigmoid", show=("coat", "shirt", "bag", "head"))

# %% [markdown]
# Under *sigmoid* the coat's bar stays where it is, and the three need not add up to 1. Under *softmax*
# whoever gains takes it from the others.
#
# ## How wrong? The cross-entropy
#
# It was a shirt. How wrong was the net? We take the probability that it gave to the truth, and the loss is
# minus its logarithm (the natural one, to base e; NumPy and we write log, and ln for a number, as in ln 10 =
# 2.3). Move **shirt** below, and watch the point on the curve.

# %%
explorers.SoftmaxExplorer(panels=2, label=1, show=("shirt", "label"))

# %% [markdown]
# At $p = 1$ the loss is 0. At ½ it is 0.69. Towards 0 it grows without end: who gave the truth no chance
# at all is infinitely wrong.
#
# In formulas the label is often **one-hot**: a row $y$ with a 1 in the column of the right class, and 0
# elsewhere. Over $N$ samples the **cross-entropy** is
#
# $$ C = -\frac1N \sum_{i=1}^N \sum_{k=1}^K y_{ik} \log p_{ik}
#      = -\frac1N \sum_{i=1}^N \log p_{i,\,\text{label of }i} . \tag{2} $$
#
# Of the inner sum one term is left, since all other $y$ are 0. So in code nobody multiplies; one picks.

# %%
labels = np.array([1, 1, 4])  # the right class of each of the three rows
print("picked:    ", p[np.arange(3), labels].round(3))
print("the loss:  ", -np.log(p[np.arange(3), labels]).mean().round(3))
print("by one-hot:", -(np.eye(5)[labels] * np.log(p)).sum(axis=1).mean().round(3))

# %% [markdown]
# For one sigmoid and a label $y$ of 0 or 1 it is the same: $-\log p$ if $y$ is 1, and $-\log(1 - p)$ if it
# is 0. That is called the **binary** cross-entropy.
#
# Why the logarithm? The probability that the net gives to *all* labels together, the **likelihood**, is the
# product of those picked. The logarithm makes a sum of it: it is $-N\,C$.

# %%
picked = p[np.arange(3), labels]
print(f"likelihood {picked.prod():.4f}, from the loss {np.exp(3 * np.log(picked).mean()):.4f}")

# %% [markdown]
# So the smallest loss is the largest likelihood.
#
# A number to know beforehand: what loss has a net of ten classes that has learned nothing? (How a net works
# is for later lessons. Here it is what makes ten scores of the 784 pixels of a photograph, by many numbers,
# its **weights**. They start at random, and training moves them.)

# %%
exercises.predict("knows nothing")

# %%
data = datasets.fashion_split(1000, 2000)
net = nn.Sequential(nn.Dense(100), nn.ReLU(), nn.Dense(10))
for sigma in (0.01, 1.0):
    net.initialize(nn.initializers.normal(sigma), np.random.default_rng(0))
    loss, _ = nn.softmax_cross_entropy(net.forward(data.x_train), data.y_train)
    print(f"weights of spread {sigma}: loss {loss:.2g}")

# %% [markdown]
# With small weights all ten probabilities are near 0.1, and $-\log 0.1 = \ln 10 = 2.3$. If your training
# starts elsewhere, look why. With weights of spread 1 the net has learned nothing either, but its scores
# are in the hundreds: it is sure, and mostly wrong.
#
# ## Sum or mean?
#
# Formula (2) divides by $N$. Many notes and programs leave that out, and add up. Does it matter? Training
# moves each weight against the slope of the loss along it (all slopes together are the **gradient**), by a
# step in proportion to a **learning rate** (lesson 02 is about it). We take twenty steps with 100 images, then with 800.

# %%
exercises.predict("sum or mean")


# %%
def loss_after(n, rate, add_up):
    x, labels, w = data.x_train[:n], data.y_train[:n], np.zeros((784, 10))
    for _ in range(20):
        loss, dz = nn.softmax_cross_entropy(x @ w, labels)
        w -= rate * x.T @ dz * (n if add_up else 1)
    return loss


for n in (100, 800):
    print(f"{n} images: sum ⟨{loss_after(n, 0.001, True):.1f}⟩, mean ⟨{loss_after(n, 0.1, False):.1f}⟩")

# %% [markdown]
# (Figures in ⟨ ⟩ may differ on your machine in the last digit. What is printed is the mean loss in either
# case.) With the sum, eight times as many images make a step that is eight times as long, and the rate that
# was right is now too large. With the mean one rate suits both.
#
# ## The gradient
#
# Which way should each score move, so that the loss falls?

# %%
exercises.predict("who is pushed")

# %%
explorers.SoftmaxExplorer(label=1, show=("coat", "shirt", "bag", "label"))

# %% [markdown]
# An arrow on the right is the push on that score: what is true, minus what the net said. The slope of the loss along the
# score is the opposite of it,
#
# $$ \frac{\partial C}{\partial z} = \frac{p - y}{N} . \tag{3} $$
#
# and steps go against the slope. The right score is pushed up by what it lacks to 1; each other one is pushed down by
# its own $p$. The three sum to 0. Where the net is right and sure, there is nothing left to push.
#
# Is formula (3) true? Nudge one score, and see what the loss does.

# %%
nudge = np.zeros((3, 5))
nudge[0, 2] = 1e-4
up, down = (nn.softmax_cross_entropy(z + s * nudge, labels)[0] for s in (1, -1))
print(f"measured slope {(up - down) / 2e-4:.6f}, formula {(p[0, 2] - 0) / 3:.6f}")

# %% [markdown]
# <details><summary>Where it comes from</summary>
#
# For one sample with the label $l$, $C = \log\sum_k e^{z_k} - z_l$. Along $z_j$ the first term has the slope
# $e^{z_j}/\sum_k e^{z_k} = p_j$, and the second $-1$ if $j = l$, else 0.
# </details>
#
# **Your turn, second exercise.** Return the loss, formula (2), and its gradient, formula (3). `labels` is
# an array of $N$ whole numbers. With scores of ±1000 a probability may be rounded to 0, and its logarithm is
# −inf. So do not take the log of a probability: $\log p_j = z_j - \log\sum_k e^{z_k}$, with the row's largest
# score taken off first.


# %%
def cross_entropy(z, labels):
    """Return the loss, one number, and its gradient, of the shape of z."""
    return ...  # a few lines before this one


exercises.check_cross_entropy(cross_entropy)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def cross_entropy(z, labels):
#     n = len(z)
#     shifted = z - z.max(axis=1, keepdims=True)
#     log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
#     gradient = np.exp(log_p)
#     gradient[np.arange(n), labels] -= 1
#     return -log_p[np.arange(n), labels].mean(), gradient / n
# ```
# </details>
#
# ## Accuracy is not loss
#
# A net like that above was trained on 1,000 images, and saw each forty times. Now it is asked for 2,000 new
# ones.
# **Accuracy** is the share of them for which the right class has the largest score. Now divide all its
# scores by a temperature $T$.

# %%
exercises.predict("temperature")

# %%
explorers.TemperatureExplorer()

# %% [markdown]
# **How to read it.** On the left the loss and the accuracy over $T$; the dot is where you are. On the
# right, images are sorted by how sure the net is, that is, by their largest probability. The height of a bar
# is the share that it got right. If it were as right as it is sure, bars would end on the dashed line;
# orange is what is missing. Such a picture is called a **reliability diagram**.
#
# - At $T = 1$ the net is sure by 92 % and right on 80 %.
# - Move **T** to 2.5, next to where the loss is smallest. The bars come to the line. Not one answer has changed.
# - Move it to 10. Now it is not sure enough.
#
# The order of the scores stays as it is at any $T$, and accuracy knows nothing but the order. The loss sees
# how sure each answer was.
#
# Now compare two nets that differ only in how long they were trained: set **passes** to 10,
# then back to 40. Then set **images** to *its training images*, and look at 10 passes again.

# %%
explorers.TemperatureExplorer(show=("temperature", "passes", "images"))

# %% [markdown]
# Both are right on 80 % of new images; the losses are 0.58 and 0.84. From the 10th pass to the 40th the net
# only grew surer, of its mistakes as well. On its own training images it was right to: their best
# $T$ lies below 1. There it looked well, and on new images it is too sure. That is a first sight of
# *overfitting*.
#
# ## Exercises
#
# The third one is harder: **mend it**. The program below is to learn three clouds of points. It has six
# slips that people really make. Run it: what does the loss do? Then mend what you find (`n = len(x)` may help); the checker says
# what is left.


# %%
def train(x, labels, w, rate, steps):
    losses = []
    for _ in range(steps):
        z = x @ w
        e = np.exp(z)
        p = e / e.sum(axis=0)
        losses.append(-np.log(p[:, labels]).sum())
        p[:, labels] -= 1
        w = w - rate * x.T @ p
    return losses, w


labels = np.arange(150) % 3
x = np.random.default_rng(0).normal(0, 0.5, (150, 2)) + np.array([[0, 1], [1, -1], [-1, -1]])[labels]
with np.errstate(all="ignore"):  # NumPy's warnings would give it away
    losses, w = train(x, labels, np.zeros((2, 3)), 0.5, 20)
print(f"loss at first ⟨{losses[0]:.2g}⟩, after 20 steps ⟨{losses[-1]:.2g}⟩; ln 3 is {np.log(3):.2g}")

# %%
exercises.check_mended_softmax(train)

# %% [markdown]
# <details><summary>A hint</summary>
#
# What should the very first loss be, with weights of 0 and three classes?
# </details>
#
# <details><summary>The program, mended</summary>
#
# ```python
# def train(x, labels, w, rate, steps):
#     n, losses = len(x), []
#     for _ in range(steps):
#         z = x @ w
#         e = np.exp(z - z.max(axis=1, keepdims=True))
#         p = e / e.sum(axis=1, keepdims=True)
#         losses.append(-np.log(p[np.arange(n), labels]).mean())
#         p[np.arange(n), labels] -= 1
#         w = w - rate * x.T @ p / n
#     return losses, w
# ```
# </details>
#
# ## Where this stops being true
#
# A softmax always answers with one of its classes, also for a photograph of a cat: being sure of one of ten
# is not knowing that it is one of the ten. One temperature for all images mends how sure a net is on
# average, not image by image; and the best $T$ must be found on images that neither trained nor judge it
# (here we looked it up on those that judge). Taking the largest score off guards against overflow; scores of
# inf or nan that come in stay what they are.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured now for five seeds. The others are on the page of [all claims of
# the course](../docs/claims.md).

# %%
claims.table("01")

# %% [markdown]
# ## What to remember
#
# Softmax makes scores into probabilities that add up to 1; a sigmoid answers one question by itself. Take
# each row's largest score off before exp. The cross-entropy is the mean of −log of what the truth was given:
# ln 10 for a net that knows nothing of ten classes. Its gradient is $(p - y)/N$. It is not accuracy: it also
# asks how sure each answer was.
#
# ## Sources
#
# - A course note in Chinese, *Learning to program with Gluon* (Gluon编程学习), sections 1 to 3: softmax on a
#   3 × 5 matrix, scores that are hard to read, the open interval, sum and mean, accuracy.
# - J. Bridle, *Probabilistic interpretation of feedforward classification network outputs, with relationships
#   to statistical pattern recognition*, in Neurocomputing, Springer 1990: the name softmax.
# - C. Guo, G. Pleiss, Y. Sun, K. Weinberger, *On calibration of modern neural networks*, ICML 2017:
#   temperature on a trained net, reliability diagrams.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, sections 4.1 and 6.2.2: overflow,
#   and the slope p − y.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, arXiv:1708.07747, 2017: the images.
#
# Next: [02 · Gradient descent, mini-batches and the learning rate](02_gradient_descent.ipynb). The map of the
# course is in [00 · Start here](00_start_here.ipynb).
