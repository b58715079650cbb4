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
# **A batch norm looks at other samples. What does that cost?** It takes its statistics from the mini-batch. That
# is harmless as long as there are many samples, all of one kind, in training and in use. This lesson takes these
# conditions away one by one.
#
# After this lesson you can
#
# - say from which numbers batch norm, layer norm, group norm and instance norm take their mean and variance,
#   and write two of them yourself;
# - predict where batch norm breaks: tiny batches, test data from elsewhere, late steps of long sequences;
# - choose a normalization, and judge the advice that batch norm makes dropout and L2 superfluous.
#
# You need lesson 06 (batch norm, forward) and have best seen lesson 08 (what it does). About an hour;
# *Sequences of unequal length* is a good place for a break before it. Figures in ⟨ ⟩ come from training, which
# amplifies the last digit: on your machine they may differ.

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, nn, plots
from coursekit.diagnostics.norm_choice import batch_noise

split = datasets.fashion_split(4000, 1000)
print("to learn from:", split.x.shape, "to be judged by:", split.x_test.shape)

# %% [markdown]
# `split` holds images of clothes, each a row of 784 grey values, shifted and scaled so that those to learn
# from have mean 0 and standard deviation 1. As in lesson 05 we call a standard deviation a **spread**.
#
# ## A batch of two
#
# For one feature $x$ of a mini-batch of $B$ samples, batch norm in training returns
#
# $$ y = \gamma\,\hat x + \beta, \qquad \hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}} , \tag{1} $$
#
# with the mean $\mu$ and the variance $v$ of the $B$ values, $\varepsilon = 10^{-5}$ against division by zero, and
# a learned scale $\gamma$ and shift $\beta$ for each feature, 1 and 0 at first. In use, $\mu$ and $v$ are
# replaced by **running statistics**, averages collected during training. Nothing in (1) forbids $B = 2$.

# %%
exercises.predict("two samples")

# %%
for pair in ([3.0, 3.2], [3.0, 300.0]):
    x_hat = nn.BatchNorm().forward(np.array(pair).reshape(2, 1), training=True)
    print(pair, "→", x_hat.ravel().round(1))

# %% [markdown]
# Two values lie at the same distance from their mean, and that distance is also their spread. So $\hat x$ is
# $-1$ and $+1$, whether the two differed by a little or by a hundredfold (as long as it is more than a few
# hundredths; below that $\varepsilon$ is felt). **A feature of a batch of two is reduced to one bit: which
# sample has more of it.** A batch of one is worse still: $x - \mu = 0$, and nothing is left.
#
# ## How noisy is a mean of B samples?
#
# With larger batches more is left, but $\mu$ and $v$ are still those of a random handful. The mean of $B$
# independent values of spread $\sigma$ is itself random. Its variance is $\sigma^2/B$, so
#
# $$ \text{spread of } \mu = \frac{\sigma}{\sqrt B} . \tag{2} $$
#
# To halve the noise you need four times the batch. We can watch it: draw many batches, and see how far the mean
# of a unit lies from its mean over all images, in units of $\sigma$.

# %%
sizes = (2, 8, 32, 128)
for size, off in zip(sizes, batch_noise(seed=0, sizes=sizes), strict=True):
    print(f"B = {size:>3}: the mean is off by {off:.2f} spreads; 1/√B = {size**-0.5:.2f}")

# %% [markdown]
# The same sample thus comes out of the layer a little different each time, depending on its batch-mates. Is that
# noise a nuisance or a blessing? Take a net of two hidden layers of 64 ReLU units, let it see the same number of
# images (4,000, twice) in batches of 2 to 64, and count wrong answers on images it has not seen. (The learning rate is in
# proportion to $B$, so that a pass over the images moves the weights about equally far at any $B$.)

# %%
exercises.predict("batch size")

# %%
plots.SweepLines(claims.sweep("batch_size"))

# %%
sweep = claims.sweep("batch_size")
print("batch size:", *(f"{size:4.0f}" for size in sweep.x))
for name in sweep.names:
    print(f"{name:>10}:", *(f"{100 * wrong:2.0f} %" for wrong in sweep.median(name)))

# %% [markdown]
# Look at the blue line first, from right to left. At 64 all four nets are worse: they take only 126 steps, and a
# larger rate does not quite make up for it. From 32 to 8 batch norm stays within two points, and at 16 it has the
# lowest error of the four. At 4 it loses a little, and at 2 it falls apart: half of its answers are wrong. That is
# not the gentle slope one reads about. On deep convolutional nets Wu and He (2018, figure 1) saw the error grow
# step by step from 16 to 2. The direction is the same; where it begins depends on the net.
#
# The other lines stay flat down to 2. That is no surprise for the net without a norm. But layer norm and group
# norm do normalize. What do these two do differently?
#
# ## Statistics of one's own
#
# Think of $x$, of shape $(B, K)$, as a table with a row for each sample. Batch norm takes a mean for every column,
# over the samples. **Layer norm** (Ba, Kiros and Hinton 2016) takes one for every row, over the $K$ features of
# a single sample $i$:
#
# $$ \mu_i = \frac1K\sum_{k=1}^K x_{ik}, \qquad v_i = \frac1K\sum_{k=1}^K (x_{ik}-\mu_i)^2, \qquad
#    y_{ik} = \gamma_k\,\frac{x_{ik}-\mu_i}{\sqrt{v_i+\varepsilon}} + \beta_k . \tag{3} $$
#
# The statistics $\mu, v$ have the shape $(B,)$, and $\gamma, \beta$ the shape $(K,)$ as before: a scale belongs
# to a feature, not to a sample. Nothing is averaged over samples. So nothing has to be remembered for later:
# **there are no running statistics, and training and use are the same computation.**
#
# **Group norm** (Wu and He 2018) does so in smaller portions. The features are cut into $G$ groups of
# neighbours, and each group of each sample has its own mean and variance. It was made for images,
# $x$ of shape $(N, C, H, W)$: $N$ images, $C$ channels, $H \times W$ pixels. There a channel has many pixels to
# average over, and all four relatives differ only in which numbers share a statistic:
#
# | | one mean and variance for each | taken over | how many |
# |:--|:--|:--|--:|
# | batch norm | channel | all images, all pixels | $C$ |
# | layer norm | image | all channels, all pixels | $N$ |
# | group norm | image and group of channels | $C/G$ channels, all pixels | $N\,G$ |
# | instance norm | image and channel | all pixels | $N\,C$ |
#
# Group norm with $G = 1$ is layer norm, with $G = C$ instance norm. Only the first row looks at other images:

# %%
rng = np.random.default_rng(0)
x = rng.standard_normal((32, 64), dtype=np.float32)
other_mates = np.concatenate([x[:1], rng.standard_normal((31, 64), dtype=np.float32)])
for norm in (nn.BatchNorm, nn.LayerNorm, lambda: nn.GroupNorm(8)):
    one, two = (norm().forward(batch, training=True)[0] for batch in (x, other_mates))
    print(f"{norm()!r:<45} sample 0 changes by {np.abs(one - two).max():.1g}")

# %% [markdown]
# Sample 0 is the same in both batches. Under batch norm its output is another one; under the other two it is
# the same to the last bit. (The `axis=1` of `BatchNorm` names the features, which each have statistics of their
# own; in NumPy's `x.mean(axis=…)` the axis is the one averaged over.)
#
# ## The explorer
#
# It trains four nets that differ in their norm alone, on 1,024 images, and judges them on 1,000 others. Two
# sliders **shift** those test images and not the training images: every grey value $x$ becomes
# $\text{contrast}\cdot x + \text{brightness}$, where a brightness of 1 is one spread of the grey values.

# %%
explorer = explorers.NormChoiceExplorer()
explorer

# %% [markdown]
# **How to read it.** On the left, one row a net: the open circle is the share of wrong answers on the test
# images as they are, the full one on the shifted images, and the line between them is what the shift costs. The
# last row is the net with batch norm again, but its running statistics are replaced by those of the shifted
# images. In the middle is equation (2) for the pre-activations of the first layer: the grey line is
# $1/\sqrt B$, the dots are measured, the ring is your batch size. On the right you see whether the shift reaches the
# net: a histogram of how much it changes the numbers that the first ReLU is given, with bars at ±3 for all that
# is beyond. A needle at 0 says that nothing has changed: because there is no shift, or because the norm has
# removed it.
#
# **A walk through it.** Leave the shift at none, and press the batch sizes from 32 down to 2: one circle runs away,
# and another with it. Here is what you will see:

# %%
explorer.set(batch_size=2)
print(f"batches of 2: a batch's mean is off by {explorer.result.noise[0]:.1f} spreads; wrong answers:")
for name, wrong in zip(explorer.result.names, explorer.result.errors, strict=True):
    print(f"{name:>10} ⟨{100 * wrong:.0f} %⟩")
print(f"batch norm with fresh statistics ⟨{100 * explorer.result.refreshed:.0f} %⟩")

# %% [markdown]
# (More than in the sweep above, since each net here has seen 1,024 images once instead of 4,000 twice.) The last
# line matters. Fresh statistics do not help, so it is not the running statistics that are spoiled. It is the
# training itself: the net has learned from features that were one bit each.

# %% [markdown]
# ## When the test images are different
#
# Now back to batches of 32, where batch norm is at its best. In use it does not compute statistics any more. It
# carries those of the training images with it, frozen. What if the images in use come from a camera that is set
# differently?
#
# Take **contrast** first: all grey values halved. Their mean is 0, so dark and light both come closer to the grey
# in the middle.

# %%
explorers.NormChoiceExplorer(contrast=0.5)

# %% [markdown]
# Batch norm pays, the others do not. If $x$ is halved, so is every pre-activation (the biases are still small);
# layer norm's $\mu_i$ and $\sqrt{v_i}$ are halved with it, and (3) does not change. Batch norm divides by the
# frozen $\sqrt v$ of full contrast. Note the first row: *no norm* at all is unharmed as well. A ReLU net whose
# biases are near zero just halves all its scores, and the largest stays the largest.
#
# Then **brightness**, and a prediction.

# %%
exercises.predict("brighter images")

# %%
explorers.NormChoiceExplorer(brightness=1.0)

# %% [markdown]
# It is often said that normalization by each sample's own statistics takes out the brightness. Here it does
# not. A unit with the weights $w_1,\dots,w_{784}$ receives $\sum_j w_j (x_j + d) = \sum_j w_j x_j + d\sum_j w_j$ if
# every pixel gains $d$. So unit $k$ is moved by $d$ times the sum of *its* weights: some units up, others down.
# Layer norm takes out only what all units of a sample have in common.
#
# A statistic removes a shift if it is taken where the shift is common. That is on the image itself: tick
# **normalize the image too**, and each net that has norms begins with one of the 784 pixels (*no norm* stays as it
# is). Below, the images are washed out, with half the contrast and brighter.

# %%
explorers.NormChoiceExplorer(brightness=0.5, contrast=0.5, first=True)

# %% [markdown]
# Layer norm and group norm now do not notice at all (a needle at 0). Batch norm is worse than without. Among
# the 784 pixels some at the border are black in nearly every training image. Their spread is tiny:

# %%
print("the 10 smallest spreads:", *(f"{s:.3f}" for s in np.sort(split.x.std(axis=0))[:10]))
dull = split.x.std(axis=0) < 0.1
change = np.abs(0.5 - 0.5 * split.x_test[:, dull]) / split.x.std(axis=0)[dull]  # x becomes 0.5 x + 0.5
print(f"pixels with a spread below 0.1: {dull.sum()}, changed by {np.median(change):.0f} of it, typically")

# %% [markdown]
# Such a pixel moves by twenty or more of *its own* frozen spreads, and it is that number which the next layer
# gets.
#
# The last row of the explorer shows a way out for some cases. Batch norm with the statistics of the shifted
# images is as good as if nothing had happened: whatever moves or stretches a feature alike for all images, mean
# and variance over such images take out. No labels are needed, but a good number of images from the new source
# is (Li et al. 2016 call it adaptive batch normalization). With one image at a time you are back at the batch
# of one.
#
# ## Sequences of unequal length
#
# A **recurrent net** reads a sequence step by step. Its state $h_t$, $K$ numbers for each sequence, comes from the
# state before and from the input $x_t$ at step $t$:
#
# $$ h_t = \tanh\!\big(\mathrm{norm}(x_t W_x + h_{t-1} W_h + b)\big), \qquad h_0 = 0 , \tag{4} $$
#
# with $x_t$ of shape $(B, n)$, $W_x$ of $(n, K)$, $W_h$ of $(K, K)$ and $b$ of $(K,)$. The same weights serve at
# every step. The distribution of what is normalized is another at each step, so batch norm keeps statistics **for
# each time step**. And now the sequences of a batch end at different times:

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
# Eight sequences; from step 8 on a single one is left. It is a batch of one at each of these steps: $\hat x = 0$,
# its state is $\tanh(\beta) = 0$ ($\gamma$ and $\beta$ are the same at all steps and start at 1 and 0), and all that
# it had read is forgotten. With two left it would be signs. That is training. In use each step has running
# statistics of its own, and those of the late steps were averaged over few batches of few sequences each: means
# that are nothing but the noise of (2), and variances that are too small. The net then sees late states that it
# has never met in training.

# %%
exercises.predict("late steps")

# %% [markdown]
# For an experiment we need sequences that can be long or short and mean the same. We read images row by row. A
# long one shows 11 to 14 rows, evenly spaced from top to bottom, a short one 4 to 7; the class is asked at the
# end. The recurrent layer has 32 units.

# %%
explorers.SequenceNormExplorer()

# %% [markdown]
# **How to read it.** On the left, how many sequences of a batch have a given step, on average. In the middle,
# how far the mean of their pre-activations lies from that of all sequences that reach this step: the noise of
# batch norm's statistic, with $1/\sqrt{\text{sequences}}$ in grey. Layer norm's statistic is the sequence's
# own: no noise from others, at any step. (Both are taken from a net that has not been trained and has no norm
# itself.) The slider **step** chooses the step that is marked and told below the picture. On the right, wrong
# answers on test sequences of each length after a short training. At step 12 the noise is nearly four times that
# of step 1: on average 2.5 sequences are left, and sometimes one.
#
# Press *all*: if all sequences are long, no step runs out, and at a batch size of 32 the two norms are close on
# long ones. (Short ones they have never seen then.) Go back to 10 % and 5 %. Then try a batch size of 8.

# %%
plots.SweepLines(claims.sweep("long_sequences"))

# %%
sweep = claims.sweep("long_sequences")
print("long in training:", *(f"{100 * share:3.0f} %" for share in sweep.x))
for name in sweep.names:
    print(f"{name:>16}:", *(f"{100 * wrong:3.0f} %" for wrong in sweep.median(name)))

# %% [markdown]
# The rarer long sequences are, the harder they are for every net. Batch norm's line climbs away from the others
# where a batch of 32 has three long ones or fewer. "Batch norm does not work in recurrent nets" is too short,
# then. It works where each step has enough sequences, as Cooijmans et al. (2017) showed on larger tasks. Text,
# speech and music are not like that, and models of language use layer norm or a simpler relative. In this small
# task, by the way, the net without any norm does as well as layer norm, apart from one run that got lost: the
# peak of its band.
#
# ## Does batch norm replace dropout and L2?
#
# The inventors found that with batch norm they could leave out dropout and weaken L2, on ImageNet with its
# million images. Many notes have made a rule of it. **Dropout** silences each unit with probability $p$ at each
# step of training. **L2**, or weight decay, adds $\frac\lambda2\lVert W\rVert^2$ to the loss and so pulls all
# weights towards zero. Both are there against **overfitting**, learning the training images by heart; lesson 10
# is about them.
#
# Overfitting is easy to provoke: 500 training images, two layers of 100 units, forty passes. Dropout has
# $p = \tfrac12$.

# %%
exercises.predict("dropout beside batch norm")

# %%
claim = claims.named("batch_norm_does_not_replace_dropout")
print("loss on unseen images with dropout ÷ without, batch norm in both, three seeds:")
print(*(f"⟨{claim.measure(seed):.2f}⟩" for seed in range(3)))

# %% [markdown]
# A quarter less. The loss also counts how *sure* a net is of its wrong answers. The share of wrong answers alone
# changes less, as the next picture shows: all of it happens within three points, and the bands overlap.

# %%
plots.SweepLines(claims.sweep("dropout_and_decay"))

# %%
sweep = claims.sweep("dropout_and_decay")
for name in sweep.names:
    print(f"{name:>10}:", *(f"{100 * wrong:4.1f} %" for wrong in sweep.median(name)))

# %% [markdown]
# Each column is one λ, from 0.0001 to 0.03. Two things can be read off. Batch norm **by itself** is on the whole the
# worst of the four: it does not prevent overfitting here. Batch norm **with dropout** is the best, or as good as
# any. So the advice to drop dropout is refuted in this setting. About L2 the picture cannot decide: a λ of 0.01
# moves every net by about a point at most, with batch norm *and* without it (the claims below have both).
#
# There is, however, a reason why L2 should mean something else with batch norm. It divides by the spread of what
# comes in, so weights ten times as large compute the same:

# %%
dense, norm = nn.Dense(64).initialize("he_normal", rng), nn.BatchNorm()
before = norm.forward(dense.forward(split.x[:256]), training=True)
dense.params["W"][...] *= 10
after = norm.forward(dense.forward(split.x[:256]), training=True)
print(f"largest change: {np.abs(after - before).max():.3f}")

# %% [markdown]
# A penalty on the size of such weights cannot make the function simpler, since the size does not matter. What
# it does is to keep the weights short. Lesson 07 found that the gradient of such weights stands at right angles
# to them, and that it is the longer, the shorter they are. A step across a short arrow turns it by a larger angle
# than the same step across a long one. So with batch norm L2 acts like a larger learning rate (van Laarhoven 2017).
#
# ## What came before: local response normalization
#
# AlexNet (Krizhevsky, Sutskever and Hinton 2012) had a normalization of another kind. At each pixel, channel $i$'s
# activation $a_i$ is divided by what its neighbours among the channels are doing:
#
# $$ b_i = \frac{a_i}{\big(k + \alpha\sum_{j} a_j^2\big)^{\beta}}, \qquad
#    j \text{ from } i-2 \text{ to } i+2, \quad k = 2,\ \alpha = 10^{-4},\ \beta = 0.75 . \tag{5} $$
#
# The idea is taken from neurons: a strongly active one quiets those beside it. Nothing is centred, nothing is
# learned, and no spread is set to 1. The paper reports a gain of 1.4 points. (Its inputs were raw pixel values,
# up to 255 less their mean, so the squares were larger than here.) On activations of spread 1 this is what is
# left of it:

# %%
a = rng.standard_normal((1, 96), dtype=np.float32)
ratio = nn.LocalResponseNorm().forward(a) / a
print(f"b / a lies between {ratio.min():.3f} and {ratio.max():.3f}; 2^-0.75 = {2**-0.75:.3f}")

# %% [markdown]
# A multiplication by 0.59. In 2015 Simonyan and Zisserman reported that it did not improve their VGG nets and
# cost memory and time. In the same year came batch norm, and local response norm was gone.
#
# ## What to use
#
# **Batch norm** where batches are large (8 were enough here, Wu and He's deeper nets wanted 16 or more), samples
# are of one kind, and use resembles training: images classified in large batches, and nets like those of lesson
# 08. **Group norm** for images if only a few fit into memory, as when objects are to be found in large pictures or
# in video. **Layer norm** for sequences, and wherever a sample must not depend on others. The last two need no
# thought about a training and a prediction mode. Where images differ in light and contrast, normalize each image
# by itself first; it costs a line.
#
# ## Where this stops being true
#
# These are small dense nets on small images, trained for seconds. In a dense net a batch norm has $B$ numbers
# for a statistic; in a convolutional net it has $B \cdot H \cdot W$, correlated ones, so batches of 2 leave
# more than a sign and the decline is gentler. Group norm was made for channels, which share meaning with no
# neighbour in a dense layer; we cut 64 units into 8 groups all the same. All figures about dropout and L2 hold
# for 500 images; with a million, overfitting and its remedies look different. And every shift here is the same
# for all images. If half of them change, no single mean takes that out.
#
# ## What was claimed, and what is measured

# %%
claims.table("09")

# %% [markdown]
# ## Exercises
#
# **1. Layer norm.** Equation (3), for `x` of shape (N, K). `x.mean(axis=…, keepdims=True)` keeps the axis it
# averages over, with length 1, so that the result can be subtracted from `x`; `x.var` divides by n.


# %%
def layer_norm(x, gamma, beta, eps):
    """Return y, the shape of x; gamma and beta are (K,)."""
    return ...  # your formula


exercises.check_layer_norm(layer_norm)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Which axis holds the features of one sample?
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
# **2. Group norm** for images, `x` of shape (N, C, H, W). A group is C / groups *neighbouring* channels of one
# image with all their pixels. `x.reshape(...)` can bring the numbers of a group together on one axis, and back: it
# reads the array with the last axis running fastest, so numbers of neighbouring channels stay neighbours, and a −1
# among the sizes means "as many as are left". Try `np.arange(12).reshape(2, 2, 3).reshape(2, -1)`.


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
# The statistics of batch norm come from other samples. A mean of $B$ of them is off by $1/\sqrt B$ spreads; of two,
# only signs are left. In use they are frozen, and a shift of the data goes straight past them. At late time
# steps they run out. Layer norm and group norm take theirs from the sample itself, so none of this concerns them,
# but they remove only what all features of a sample have in common. And batch norm is no remedy for
# overfitting to rely on: measured here, dropout still pays beside it.
#
# ## Sources
#
# - S. Ioffe, C. Szegedy, *Batch normalization*, ICML 2015: section 4.2.1 on dropout, L2 and local response norm.
# - J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv:1607.06450, 2016.
# - Y. Wu, K. He, *Group normalization*, ECCV 2018: figure 1, equation 7.
# - D. Ulyanov, A. Vedaldi, V. Lempitsky, *Instance normalization*, arXiv:1607.08022, 2016.
# - Y. Li, N. Wang, J. Shi, J. Liu, X. Hou, *Revisiting batch normalization for practical domain adaptation*,
#   arXiv:1603.04779, 2016.
# - T. Cooijmans, N. Ballas, C. Laurent, Ç. Gülçehre, A. Courville, *Recurrent batch normalization*, ICLR 2017.
# - T. van Laarhoven, *L2 regularization versus batch and weight normalization*, arXiv:1706.05350, 2017.
# - A. Krizhevsky, I. Sutskever, G. E. Hinton, *ImageNet classification with deep convolutional neural networks*,
#   NeurIPS 2012: section 3.3.
# - K. Simonyan, A. Zisserman, *Very deep convolutional networks for large-scale image recognition*, ICLR 2015.
# - Two sets of Chinese lecture notes that this course set out from, on Gluon (section 12.1) and on the batch norm
#   algorithm: late time steps, small batches, "drop dropout and L2".
# - P. Goyal et al., *Accurate, large minibatch SGD*, arXiv:1706.02677, 2017: the rate in proportion to the batch.
#
# Lesson 10 takes up overfitting, weight decay and dropout. Back to [00 · Start here](00_start_here.ipynb).
