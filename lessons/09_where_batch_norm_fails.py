# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 09 · Where batch normalization fails, and what to use
#
# A net that errs on one photograph in five is trained again, with the same layers and the same images, but two at a time.
# Now it errs on more than half of them. **Its batch norm looks at other samples. What does that cost?** Nothing, as long as
# there are many samples, all of one kind, in training and in use. This lesson takes these conditions away one by one.
#
# After this lesson you can
#
# - say from which numbers batch norm, layer norm and group norm take their mean and variance, and write the last
#   two yourself;
# - predict where batch norm breaks: tiny batches, test data from elsewhere, late steps of long sequences;
# - choose a normalization for a task.
#
# You need lesson 06. About 35 minutes; *Sequences of unequal length* is a good place for a break before it.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | what it is |
# |:--|:--|
# | $x$, $y$ | what enters and what leaves a norm; $x_{ik}$ is feature $k$ of sample $i$ |
# | $N$, $K$ | samples in a batch, features of a sample: $x$ has the shape $(N, K)$; in pictures and claims a training batch has $B$ samples |
# | $\mu$, $v$ | a mean and a variance |
# | $\gamma$, $\beta$ | learned scale and shift of each feature, shape $(K,)$; they start at 1 and 0 |
# | $\varepsilon$ | $10^{-5}$, against division by zero |
# | $x_t$, $h_t$ | what a recurrent net reads at step $t$, and its state after that step |
#
# A **spread** is a standard deviation. Figures in ⟨ ⟩ come from training, which amplifies the last digit.
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.experiments.norm_choice import batch_noise

split = datasets.fashion_split(4000, 1000)
print("to learn from:", split.x_train.shape, "to be judged by:", split.x_test.shape)

# %% [markdown]
# ## A batch of two
#
# In training, batch norm turns the $N$ values of a feature in a mini-batch into $(x - \mu)/\sqrt{v + \varepsilon}$,
# with their own mean and variance. Nothing in that forbids $N = 2$.

# %%
exercises.predict("two samples")

# %%
for pair in ([3.0, 3.2], [3.0, 300.0]):
    x_hat = nn.BatchNorm().forward(np.array(pair).reshape(2, 1), training=True)
    print(pair, "→", x_hat.ravel().round(1))

# %% [markdown]
# Two values lie at the same distance from their mean, and that distance is also their spread. So out come $-1$ and
# $+1$, whether the two differed by a little or a hundredfold. **A feature of a batch of two is reduced to one
# bit: which sample has more of it.** A batch of one is worse still: nothing is left.
#
# Four small nets now learn from the same 1,024 images and are judged on 1,000 others. They differ in their
# normalization alone. **Press the batch sizes**, from 2 to 64.

# %%
explorer = explorers.NormChoiceExplorer(show=("batch_size",))
explorer

# %% [markdown]
# **How to read it.** On the left is the share of wrong answers, a row for each net; the last row is the net with
# batch norm again, its running statistics replaced by fresh ones. On the right are six of the images, with the
# answers of two nets. Below them: how far the mean of a batch lies from the mean of all images, in spreads.
#
# At 2 one net falls apart, and only one. Is it the averages that it keeps for later use, the *running statistics*?
# Then other statistics should mend it:

# %%
result = explorer.set(batch_size=2).result
print(f"with running statistics ⟨{result.errors[1]:.0%}⟩ wrong")
print(f"with fresh ones         ⟨{result.refreshed:.0%}⟩ wrong")

# %% [markdown]
# They help little, if at all; nor do three other kinds (a claim below has all five). So the harm was done in training,
# where each feature was one bit.
#
# Small batches change two things: the statistics, and the step, which follows the gradient of two images only. To tell
# them apart, take steps of 32 images, but compute the statistics over 2 at a time. Wrong answers, each net at its best
# rate and after equally many images, give or take ten points:
#
# | statistics over | step of | wrong |
# |--:|--:|--:|
# | 32 | 32 | 18 % |
# | 2 | 32 | 53 % |
# | 2 | 2 | 53 % |
#
# (The picture's 67 % is a single net.) **In the main it is the statistics.**
#
# Between 2 and 64 there are many sizes. Here each net sees 4,000 images twice, in batches of each size.

# %%
exercises.predict("batch size")

# %%
plots.SweepLines(claims.sweep("batch_size"), percent=True)

# %%
sweep = claims.sweep("batch_size")
print("batch size:", *(f"{size:4.0f}" for size in sweep.x))
for name in sweep.names:
    print(f"{name:>10}:", *(f"{100 * wrong:2.0f} %" for wrong in sweep.median(name)))

# %% [markdown]
# From 32 to 8 batch norm stays within two points; at 16 and 32 it errs least of the four. At 4 it loses a little, at 2
# it falls apart. The other lines stay flat down to 2. (At 64 all
# are worse at this rate.)
#
# <details><summary>What others have measured</summary>
#
# Wu and He (2018) trained deep convolutional nets on ImageNet, with statistics from 16, 8, 4 and 2 images. Batch norm
# erred on 23.7, 24.8, 27.3 and 34.7 %: a gentle slope down to 4 and a large step to 2, as here. Group norm stayed near
# 24 % throughout. There as here both become fewer, the images that share a *statistic* ($N$ on each of eight
# processors) and those of a step ($8N$ there, $N$ here), and the learning rate falls in proportion to $N$ (Goyal et
# al. 2017), so that a pass over the images moves the weights about equally far. With its best rate, falling to 0, batch
# norm does as well here with 64 as with 16, and worse with 256: for equal passes "as large a batch as possible", as one
# reads, is no good advice.
# </details>
#
# ## How noisy is a mean of N samples?
#
# The mean of $N$ independent values with the variance $v$ is itself random, with the variance $v/N$. So
#
# $$ \text{spread of the mean} = \sqrt{v} \,/ \sqrt{N} . \tag{1} $$
#
# To halve the noise you need four times the batch. Draw many batches and see:

# %%
sizes = (2, 8, 32, 128)
for size, off in zip(sizes, batch_noise(seed=0, sizes=sizes), strict=True):
    print(f"N = {size:>3}: the mean is off by {off:.2f} spreads; 1/√N = {size**-0.5:.2f}")

# %% [markdown]
# ## Statistics of one's own
#
# Layer norm and group norm normalize, too. How do they escape?
#
# Think of $x$, of shape $(N, K)$, as a table with a row for each sample. Batch norm takes a mean for every column,
# over the samples. **Layer norm** takes one for every row, over the $K$ features of a single sample $i$:
#
# $$ \mu_i = \frac1K\sum_{k=1}^K x_{ik}, \qquad v_i = \frac1K\sum_{k=1}^K (x_{ik}-\mu_i)^2, \qquad
#    y_{ik} = \gamma_k\,\frac{x_{ik}-\mu_i}{\sqrt{v_i+\varepsilon}} + \beta_k . \tag{2} $$
#
# $\mu$ and $v$ have the shape $(N,)$, but $\gamma$ and $\beta$ the shape $(K,)$ as before: a scale belongs to a
# feature. Nothing is averaged over samples, so nothing has to be remembered. **There are no running statistics,
# and training and use are the same computation.**
#
# **Write it yourself.** `x.mean(axis=…, keepdims=True)` keeps the axis that it averages over, with length 1, so that
# the result can be subtracted from `x`.


# %%
def layer_norm(x, gamma, beta, eps):
    """Return y, the shape of x; gamma and beta are (K,)."""
    return ...  # your formula


exercises.check_layer_norm(layer_norm)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Which axis holds the features of one sample? `x.var` divides by the number of values, as equation (2) does.
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def layer_norm(x, gamma, beta, eps):
#     mean = x.mean(axis=1, keepdims=True)
#     var = x.var(axis=1, keepdims=True)
#     return gamma * (x - mean) / np.sqrt(var + eps) + beta
# ```
# </details>
#
# **Group norm** does it in smaller portions: the features are cut into groups of neighbours, and each group of
# each sample has its own mean and variance. It was made for images of the shape (samples, channels, height,
# width), where a channel has many pixels to average over. The relatives differ only in which numbers share a statistic:
#
# | | one mean and variance for each | taken over |
# |:--|:--|:--|
# | batch norm | channel | all images, all pixels |
# | layer norm | image | all channels, all pixels |
# | group norm | image and group of channels | the channels of the group, all pixels |
# | instance norm | image and channel | all pixels |
#
# Only the first row looks at other images. Watch one sample while its batch-mates change:

# %%
rng = np.random.default_rng(0)
x = rng.standard_normal((32, 64), dtype=np.float32)
other_mates = np.concatenate([x[:1], rng.standard_normal((31, 64), dtype=np.float32)])
for norm in (nn.BatchNorm, nn.LayerNorm, lambda: nn.GroupNorm(8)):
    one, two = (norm().forward(batch, training=True)[0] for batch in (x, other_mates))
    print(f"{norm()!r:<45} sample 0 moves by {np.abs(one - two).max():.2f}")

# %% [markdown]
# Under batch norm its output is another one; under the other two it is the same to the last bit.
#
# ## When the test images are different
#
# Back to batches of 32, where batch norm is at its best. In use it carries the statistics of the training images
# with it, frozen. What if the images in use come from a camera that is set differently? First **contrast**: all
# grey values are halved. (Their mean is 0, so dark and light both come closer to the grey in the middle.) The full circles are the errors on these images. Lower right: by how much the shift changes what the first
# ReLU is given; one thin bar at 0 means that it notices nothing.

# %%
explorers.NormChoiceExplorer(show=("contrast",), batch_size=32, contrast=0.5)

# %% [markdown]
# Batch norm pays, the others do not. If $x$ is halved, so is every pre-activation (but for its small bias); layer
# norm's $\mu_i$ and $\sqrt{v_i}$ are halved with it, and (2) does not change. Batch norm divides by the frozen
# $\sqrt v$ of full contrast. (*No norm* is nearly unharmed as well: it halves all its scores, and the largest stays
# the largest.)
#
# Then **brightness**.

# %%
exercises.predict("brighter images")

# %%
explorers.NormChoiceExplorer(show=("brightness",), batch_size=32, brightness=1.0)

# %% [markdown]
# Layer norm takes out what all units of a sample have in common, and nothing else. If every pixel gains $d$, a unit
# with the weights $w_1,\dots,w_{784}$ gains $d\sum_j w_j$, which is another number for each unit.
#
# In the image itself every pixel gains the same $d$. Subtract the image's own mean *before* the first layer, and $d$ is
# gone. Open **more …** and tick
# *normalize the image too*. Or look here, at images with half the contrast that are brighter as well:

# %%
explorers.NormChoiceExplorer(
    show=("first", "brightness", "contrast"), batch_size=32, brightness=0.5, contrast=0.5, first=True
)

# %% [markdown]
# Layer norm and group norm now do not notice at all. The net with batch norm has batch norm on the
# image, too: it divides by frozen statistics of other images, and errs on 89 %, nearly guessing.
#
# The last row shows a way out for some cases: fresh statistics, taken from the shifted images. No labels are needed,
# but a good number of images from the new source is. Shifts of the *data*, as here, are called **covariate shift**;
# the *internal* one of lesson 08 is something else.
#
# <details><summary>The name of this remedy</summary>
#
# To replace running statistics by those of images from a new source is called adaptive batch normalization (Li et al.
# 2016).
# </details>
#
# ## Sequences of unequal length
#
# A **recurrent net** reads a sequence step by step. Its state $h_t$, of shape $(N, K)$, comes from the state before
# and from the input $x_t$ at step $t$:
#
# $$ h_t = \tanh\!\big(\mathrm{norm}(x_t W_x + h_{t-1} W_h + b)\big), \qquad h_0 = 0 , \tag{3} $$
#
# with the same weights $W_x$, $W_h$ and biases $b$ at every step. (A photograph read row by row: step 1 sees the
# top row, step 2 the next, and $h_t$ is what the net remembers so far.) What is normalized is distributed differently at
# each step, so batch norm keeps statistics **for each step**. And the sequences of a batch end at different times:

# %%
lengths = np.array([5, 7, 4, 6, 4, 12, 5, 7])
steps = np.arange(1, 13)
print("step:       ", *(f"{step:2}" for step in steps))
print("still there:", *(f"{(lengths >= step).sum():2}" for step in steps))

# %%
rnn = nn.SimpleRNN(3, norm="batch").initialize("xavier_uniform", rng)
h = rnn.forward(rng.standard_normal((8, 12, 2)), training=True, lengths=lengths)
print("last state of the only long sequence:", h[5].round(2))

# %% [markdown]
# From step 8 on a single sequence is left. It is a batch of one at each of these steps, so its state is
# $\tanh(\beta) = 0$, and all that it had read is forgotten.
#
# For an experiment we need sequences that can be long or short and mean the same. We read images row by row: a long one
# shows 11 to 14 rows, evenly spaced, a short one 4 to 7. The class is asked at the end.

# %%
exercises.predict("late steps")

# %%
explorers.SequenceNormExplorer(show=("step", "share_long"))

# %% [markdown]
# **How to read it.** On the left a usual batch, a bar for each sequence: blue those still there at the chosen step, grey
# those that have ended. In the middle, how
# far the mean of their pre-activations lies from that of all sequences that reach the step. Layer norm's statistic is
# the sequence's own: no noise from others. On the right, wrong answers on test sequences of each length.
#
# At step 12 the mean is off by 0.70 spreads, at step 1 by 0.18: about four times. **Press *all***: if all sequences are long, no step runs out, and the two norms are close on long ones. (Short ones
# they have never seen then.) Go back to 10 % and 5 %.

# %%
plots.SweepLines(claims.sweep("long_sequences"), percent=True)

# %%
sweep = claims.sweep("long_sequences")
print("long in training:", *(f"{100 * share:3.0f} %" for share in sweep.x))
for name in sweep.names:
    print(f"{name:>16}:", *(f"⟨{100 * wrong:.0f} %⟩" for wrong in sweep.median(name)))

# %% [markdown]
# Where long sequences are rare, batch norm errs about ten points more on them than layer norm; where all are long, no more.
# So "batch norm does not work in recurrent nets" is too short: it works where each step has enough sequences (Cooijmans et
# al. 2017, on larger tasks). Text, speech and music are not like that: models of language use layer norm, for each word by
# itself.
#
# <details><summary>The small print</summary>
#
# Rare means six or fewer in a batch of 32. With three, and with all long, this holds at the best rate of each net, too.
# In this small reader, at this one rate, no norm at all did best: read only the other two against each other. RMSNorm, in
# many newer models, is layer norm without the mean.
# </details>

# %%
exercises.predict("which task")

# %% [markdown]
# ## What to use
#
# **Batch norm** where batches are large (8 were enough here, Wu and He's deeper nets wanted 16 or more), samples are of
# one kind, and use resembles training. **Group norm** for images of which only a few fit into memory. **Layer
# norm** for sequences, and wherever a sample must not depend on others. Where images differ in light and contrast,
# normalize each image by itself first.
#
# <details><summary>What came before: local response normalization</summary>
#
# AlexNet (Krizhevsky, Sutskever and Hinton 2012) divided the activation $a_i$ of channel $i$, at each pixel, by
# what its neighbours among the channels were doing: by $(2 + 10^{-4}\sum_j a_j^2)^{0.75}$, with $j$ from $i-2$ to $i+2$.
# Nothing is centred, nothing is learned, and no spread is set to 1. On activations of spread 1 it is little more than
# a multiplication by $2^{-0.75} = 0.59$ (a claim measures it). In 2015 Simonyan and Zisserman reported that it did not
# improve their nets. In the same year came batch norm.
# </details>
#
# <details><summary>Does batch norm make other remedies needless?</summary>
#
# Some notes say so of *dropout* and *L2*, two remedies against learning the samples by heart. With batch norm in
# both nets (500 images, two layers of 100 units, forty passes) dropout lowers the loss on unseen images by about a
# quarter; about L2 the measurement does not decide. See [all claims of the course](../docs/claims.md).
# </details>
#
# ## Where this stops being true
#
# These are small dense nets on small images, trained for seconds. In a convolutional net a batch norm has all pixels
# of a channel for a statistic, so batches of 2 leave more than a sign and the decline is gentler. Group norm was
# made for channels, which share meaning with no neighbour in a dense layer; we cut 64 units into 8 groups all the same.
# And every shift here is the same for all images. If half of them change, no single mean takes that out.
#
# ## What was claimed, and what is measured

# %%
claims.table("09")

# %% [markdown]
# These statements carry the lesson; [all claims of the course](../docs/claims.md) stand on one page.
#
# ## Exercises
#
# The layer norm was the first. The second is harder: **group norm** for images, `x` of shape (N, C, H, W). A group is
# C / groups *neighbouring* channels of one image with all their pixels. `x.reshape(...)` can bring the numbers of a
# group together on one axis, and back: it reads the array with the last axis running fastest, and a −1 among the sizes
# means "as many as are left". Try `np.arange(12).reshape(2, 2, 3).reshape(2, -1)`.


# %%
def group_norm(x, gamma, beta, groups, eps):
    """Return y, the shape of x; gamma and beta are (C,), one for each channel."""
    return ...  # your formula


exercises.check_group_norm(group_norm)

# %% [markdown]
# <details><summary>A hint</summary>
#
# `x.reshape(len(x), groups, -1)` has the shape (N, groups, numbers of a group). As in lesson 06,
# `gamma.reshape(1, -1, 1, 1)` lines up with the channels.
# </details>
#
# <details><summary>One right answer</summary>
#
# ```python
# def group_norm(x, gamma, beta, groups, eps):
#     z = x.reshape(len(x), groups, -1)
#     z = (z - z.mean(axis=2, keepdims=True)) / np.sqrt(z.var(axis=2, keepdims=True) + eps)
#     return gamma.reshape(1, -1, 1, 1) * z.reshape(x.shape) + beta.reshape(1, -1, 1, 1)
# ```
# </details>
#
# ## What to remember
#
# The statistics of batch norm come from other samples. A mean of $N$ of them is off by $1/\sqrt N$ spreads; of two,
# only signs are left. In use they are frozen, and a shift of the data goes straight past them. At late steps of
# sequences they run out. Layer norm and group norm take theirs from the sample itself, so none of this concerns them,
# but they remove only what all features of a sample have in common.
#
# ## Sources
#
# <details><summary>Papers and notes</summary>
#
# - S. Ioffe, C. Szegedy, *Batch normalization*, ICML 2015.
# - J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv:1607.06450, 2016.
# - Y. Wu, K. He, *Group normalization*, ECCV 2018.
# - D. Ulyanov, A. Vedaldi, V. Lempitsky, *Instance normalization*, arXiv:1607.08022, 2016.
# - B. Zhang, R. Sennrich, *Root mean square layer normalization*, NeurIPS 2019.
# - Y. Li, N. Wang, J. Shi, J. Liu, X. Hou, *Revisiting batch normalization for practical domain adaptation*,
#   arXiv:1603.04779, 2016.
# - T. Cooijmans, N. Ballas, C. Laurent, Ç. Gülçehre, A. Courville, *Recurrent batch normalization*, ICLR 2017.
# - A. Krizhevsky, I. Sutskever, G. E. Hinton, *ImageNet classification with deep convolutional neural networks*,
#   NeurIPS 2012; K. Simonyan, A. Zisserman, *Very deep convolutional networks*, ICLR 2015.
# - P. Goyal et al., *Accurate, large minibatch SGD*, arXiv:1706.02677, 2017.
# - E. Hoffer, I. Hubara, D. Soudry, *Train longer, generalize better*, NeurIPS 2017 (statistics over parts of a step).
# - S. Singh, A. Shrivastava, *EvalNorm*, ICCV 2019 (statistics in use that contain the sample).
# - Two sets of Chinese lecture notes that this course set out from, on Gluon (section 12.1) and on the algorithm of
#   batch norm: late steps, small batches, "as large a batch as possible".
# </details>
#
# Next: [10 · Overfitting, weight decay and dropout](10_overfitting_and_dropout.ipynb). The map of the course is in
# [00 · Start here](00_start_here.ipynb).
