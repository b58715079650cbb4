# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 11 · Convolutional networks
#
# **A photograph is more than a list of numbers: its pixels have neighbours. What does a net gain that
# knows it, and what does it pay?**
#
# After this lesson you can
#
# - compute any number of a feature map by hand, and say how large the map is;
# - say what stride, padding, dilation and pooling do, and what a unit sees through many layers;
# - tell what a shift, or a shuffle of the pixels, does to a net with and without convolution.
#
# You need lessons 02 and 03. It takes about 45 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $x$ | $(N, C_{in}, H, W)$ | images: how many, channels, height, width |
# | $w$, $b$ | $(C_{out}, C_{in}, k, k)$, $(C_{out},)$ | kernels and biases of the filters |
# | $y$ | $(N, C_{out}, O_H, O_W)$ | feature maps |
# | $o$, $c$ | | count the filters, the channels |
# | $u$, $v$ | | row and column of a feature map |
# | $a$, $e$ | | row and column of a kernel |
# | $n$, $k$ | | pixels along one side of the image, of the kernel |
# | $s$, $p$, $d$ | | stride, padding, dilation |
# | $r$, $j$ | | receptive field, and pixels between neighbours, of one layer |
# | $\eta$ | | learning rate |
# </details>

# %%
import numpy as np

from coursekit import claims, datasets, exercises, explorers, plots
from coursekit.experiments.kernel_descent import learn_kernel
from coursekit.nets import deep_net, small_cnn

# %% [markdown]
# ## A small window
#
# Look for an upright edge in a photograph. You need not look at all of it at once: a few pixels side by
# side decide. So take nine weights, lay them on nine pixels, multiply and add. A pixel is a number from 0 to 1;
# as everywhere in the course 1 is drawn dark, 0 light.

# %%
exercises.predict("even grey")

# %%
explorers.ConvolutionExplorer(show=("row", "column"), row=14, column=17)

# %% [markdown]
# **How to read it.** On the left is the image. The green square is the **window**, enlarged in the middle:
# each pixel times its weight, and the product below. Their sum is one number of the **feature map** on the
# right, in the green frame there. Orange numbers are positive, purple ones negative.
#
# - Here, inside the boot, all pixels are about equally dark: the sum is almost 0.
# - Point at the feature map with the mouse, or move **row** and **column** to 6 and 24. The boot ends
#   there, dark on the left and light on the right, so the sum is far below 0.
# - Find the darkest purple place, and say which of the nine products make it so.
#
# The nine weights are the **kernel**. The same nine serve at every place: the net learns nine numbers, and
# one **bias** that is added to each sum. Kernel and bias together are a **filter**. Here is the number at row 6 and
# column 24 once more, by hand:

# %%
boot = explorers.ConvolutionExplorer().result
window, kernel = boot.image[6:9, 24:27], boot.kernel
print("window", window.round(1).tolist(), "kernel", kernel.astype(int).tolist(), sep="\n")
print(f"sum of the products {np.sum(window * kernel):.2f}")

# %% [markdown]
# <details><summary>The darkest purple place</summary>
#
# It is (4, 25), with −3.91: the three pixels on the left are all but 1, and the others are 0. So the three products
# with −1, −2 and −1 make the sum.
# </details>
#
# A photograph in colour has three **channels**. Then a kernel has three layers, one for each channel, and
# everything is added: $3 \cdot 3 \cdot 3 = 27$ weights and one bias. A layer has many filters, and its
# feature maps are the channels of the next layer:
#
# $$ y_{o,u,v} = b_o + \sum_{c,a,e} w_{o,c,a,e}\; x_{c,\;s u + a,\;s v + e} . \tag{1} $$
#
# Here $o$ counts the filters and $c$ the channels; $u, v$ are row and column in the map, $a, e$ those in the
# kernel. From one window to the next it is $s$ pixels, 1 so far.
#
# <details><summary>Is that a convolution?</summary>
#
# Mathematics turns the kernel by half a turn first, and calls equation (1) a cross-correlation. Nets leave
# it: a kernel that is learned would be learned the other way round. Behind *more …* stands **flip the
# kernel**; NumPy's `np.convolve` flips, too.
# </details>
#
# **First exercise.** `x` has the shape $(N, C_{in}, H, W)$, `w` $(C_{out}, C_{in}, k_H, k_W)$, `b`
# $(C_{out},)$. Put `padding` zeros round each image; move by `stride`. Slow loops are fine.


# %%
def conv2d(x, w, b, stride, padding):
    """Return y, shape (N, C_out, OH, OW)."""
    return ...  # pad, then a loop over the places


exercises.check_conv2d(conv2d)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def conv2d(x, w, b, stride, padding):
#     p, (kh, kw) = padding, w.shape[2:]
#     x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
#     oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
#     y = np.zeros((len(x), len(w), oh, ow))
#     for i in range(oh):
#         for j in range(ow):
#             window = x[:, :, stride * i : stride * i + kh, stride * j : stride * j + kw]
#             y[:, :, i, j] = np.einsum("ncij,ocij->no", window, w) + b
#     return y
# ```
# </details>
#
# ## How large is the map?

# %%
explorers.ConvolutionExplorer(show=("stride", "padding", "dilation"), image="digit", row=3, column=4)

# %% [markdown]
# The dotted blue square is the next window on the right.
#
# - **stride** 2: the window moves by two pixels, and the map has half as many rows. At 4 windows no longer
#   touch.
# - **padding** 1: a frame of zeros, dashed. With a 3 × 3 kernel and stride 1 the map is as large as the
#   image.
# - **dilation** 2: the nine pixels stand two apart, and span five.
#
# Notes on the subject say that windows overlap, and that padding fills what sticks out. These are two
# things. Windows **overlap** if the stride is smaller than the span. They **hang over** if there is
# padding. The sentence counts both; put padding to 0 and stride to 1, and only one is left. Along one side
#
# $$ \left\lfloor \frac{n + 2p - d(k - 1) - 1}{s} \right\rfloor + 1 \tag{2} $$
#
# places fit. The window spans $d(k-1)+1$ pixels, and where it would stick out it is dropped.
#
# **Second exercise.** Write equation (2).


# %%
def output_size(n, k, s, p, d):
    """Return at how many places the window fits."""
    return ...


exercises.check_output_size(output_size)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def output_size(n, k, s, p, d):
#     return (n + 2 * p - d * (k - 1) - 1) // s + 1
# ```
# </details>
#
# ## Nobody writes the kernel
#
# The edge detector came from a book; it is called the Sobel kernel. Can a net find it? Show it photographs and their edges, start with a
# drawn kernel, and let gradient descent work.

# %%
found = learn_kernel(100, np.random.default_rng(0))
for step in (0, 10, 100):
    print(f"after {step} steps:", (found.kernels[step].round(1) + 0.0).tolist())

# %% [markdown]
# A net that names clothes is told no edges, only names. These are filters that such a net found, after two
# passes over 2,000 photographs. Move **filter**, and look at what each responds to; then choose *learned*,
# the kernel that was just found.

# %%
explorers.ConvolutionExplorer(show=("filter_number", "operation"), operation="filter", padding=1)

# %% [markdown]
# Your own picture goes in as well: `explorers.ConvolutionExplorer(datasets.load_picture("mine.png"))`. A
# drawing on white paper is turned round, so that its lines are ones on zeros, as in the course's photographs.
#
# ## Why not a dense layer?
#
# A dense layer with as many outputs could compute the same. Its matrix would be almost empty, and the same
# few numbers would stand in it again and again.

# %%
exercises.predict("four layers")

# %%
explorers.ReceptiveFieldExplorer(layers=4)

# %% [markdown]
# **How to read it.** At the top on the right is a convolution written as a dense layer, for an image of
# 6 × 6 pixels: one row for each output, one column for each pixel. White is zero, one colour is one weight.
# It is **sparse** (a unit sees few pixels) and **tied** (all units share their weights). Below is what that
# saves on a photograph: the bars count in powers of ten.
#
# On the left are the pixels that one unit sees, its **receptive field**. Move **layers** down to 1: each 3 × 3
# layer adds a pixel on each side. Behind *more …* try **a pooling by 2 after each**, or **stride** 2: then a step
# of the next layer is two pixels of the image, and the field doubles.
#
# $$ r_l = r_{l-1} + (k_l - 1)\, j_{l-1}, \qquad j_l = j_{l-1}\, s_l, \qquad r_0 = j_0 = 1. \tag{3} $$
#
# **Third exercise.** `layers` is a list such as `[(3, 1), (2, 2)]`: kernel and stride of each.


# %%
def receptive_field(layers):
    """Return how many pixels along one side a unit of the last layer sees."""
    return ...


exercises.check_receptive_field(receptive_field)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def receptive_field(layers):
#     r, j = 1, 1
#     for k, s in layers:
#         r, j = r + (k - 1) * j, j * s
#     return r
# ```
# </details>
#
# ## Pooling
#
# Often it matters *that* there is an edge, and less where exactly. **Pooling** lets one number stand for a
# window: the largest, the mean, the smallest. It has no weights, and each channel is pooled by itself, so
# there are as many channels after it as before.

# %%
exercises.predict("min pooling")

# %%
explorers.ConvolutionExplorer(
    show=("operation", "size", "stride"), image="grid", operation="max", size=2, stride=2, row=1, column=0
)

# %% [markdown]
# - **max**: the lines are thicker for the size of the map. **mean**: they are fainter. **min**: press it,
#   and read the map.
# - **size** 3 with **stride** 2: now poolings overlap.
#
# **Fourth exercise.** `x` is $(N, C, H, W)$; windows that do not fit are dropped.


# %%
def max_pool(x, size, stride):
    """Return y, shape (N, C, OH, OW)."""
    return ...


exercises.check_max_pool(max_pool)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def max_pool(x, size, stride):
#     seen = np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))
#     return seen[:, :, ::stride, ::stride].max(axis=(4, 5))
# ```
# </details>
#
# Notes allow “a representative of one's own”: put the middle number, `np.median`, for the largest, and it is a
# pooling as well.
#
# ## A whole net
#
# Two convolutions, each with ReLU and pooling. Then **flatten**: the maps become one row of numbers for a
# dense layer, whose softmax names one of ten classes. The loss is cross-entropy, as in lesson 01.

# %%
net = small_cnn().initialize("he_normal", np.random.default_rng(0))
photo = boot.image.astype(np.float32)[None, None]
signal = photo
for layer in net.layers:
    signal = layer.forward(signal)
    print(f"{type(layer).__name__:10} {signal.shape!s:16} {sum(p.size for p in layer.params.values()):6,}")

# %%
mlp = deep_net("relu", 1, 256).initialize("he_normal", np.random.default_rng(0))
mlp.forward(photo.reshape(1, 784))
for name, one in (("CNN", net), ("MLP", mlp)):
    print(name, f"{sum(p.size for p in one.params.values()):,} parameters")

# %% [markdown]
# The CNN has a tenth of the parameters. It multiplies more often, though: each of its weights is used at
# hundreds of places. Both were trained on 10,000 photographs at three learning rates, for five seeds.

# %%
exercises.predict("shuffle")

# %%
kept = claims.sweep("shuffle")
for name in kept.names[:4]:
    print(f"{name:22} {100 * kept.median(name).max():.0f} % at η = {kept.x[kept.median(name).argmax()]:g}")

# %%
plots.SweepLines(kept.only("MLP", "MLP, shuffled", "CNN", "CNN, shuffled"), percent=True)

# %% [markdown]
# On photographs as they are the CNN is ahead by two points. (The rate was chosen on these same 2,000 images,
# which makes them validation images; lesson 10.) Shuffled, the MLP is as good as before, less than a point away:
# its first layer has no idea which pixels are neighbours, and learns any order alike. The CNN loses some five
# points, and with them its lead: what it took for granted, that neighbours belong together, is no longer so.
#
# "Dense nets overfit more", notes say. On 1,000 photographs, after fifteen passes at one rate, the MLP's gap to new ones
# is some two points larger; on 10,000 and four passes five seeds did not show it.
#
# ## A shift
#
# If the boot moves, equation (1) computes the same numbers at another place: the feature map moves along.
# Is the *answer* then the same, too?

# %%
exercises.predict("a shift")

# %%
explorers.ShiftExplorer()

# %% [markdown]
# **How to read it.** On the left the shifted image, its feature map, and the map of the image before,
# moved by hand. They agree but for the border. On the right: how often three small nets, trained on
# photographs that stand in the middle, are right on shifted ones.
#
# - Move **shift** to 4. The CNN with a flatten (blue) loses about as much as the MLP: behind the flatten
#   each weight belongs to a place.
# - The green one has no flatten. It takes the mean of each map, **global average pooling**. With only 16
#   means it is less often right at first, and loses much less. (It has batch norm, too, but
#   behind the same batch norm a flatten still loses far more.)
# - Tick **shuffle the pixels** and shift again: the feature map is another one.
#
# The mean has a second use. "Images have to be of one size", notes say. That is so with a flatten.

# %%
wide = np.zeros((1, 1, 40, 52), np.float32)
for any_size in (True, False):
    one = small_cnn(any_size=any_size).initialize("he_normal", np.random.default_rng(0))
    one.forward(photo)
    try:
        print("averaged: scores of shape", one.forward(wide).shape)
    except ValueError:
        print("flattened: the dense layer does not fit")

# %% [markdown]
# <details><summary>Batch norm in a CNN</summary>
#
# The green net has a batch norm behind each convolution. It is per channel: one mean and one variance over
# all images *and* all pixels (lesson 06), so γ and β have the shape (C,), as the bias has. Were they per
# pixel, the same edge would be scaled differently at each place, and a shift would no longer move the map.
# </details>

# %%
with_norm = small_cnn(batch_norm=True).initialize("he_normal", np.random.default_rng(0))
with_norm.forward(datasets.fashion_split(100, 1, flat=False).x_train, training=True)
print({name: array.shape for name, array in with_norm.buffers.items()})

# %% [markdown]
# ## Exercises
#
# The last one is harder. One stage of a CNN: padding, convolution, bias, ReLU, pooling by 2. It holds five
# errors that notes and public code really make. What it gives for three filters is three times the same.


# %%
def stage(x, w, b, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, 0), (padding, 0)))
    (n, channels, h, width), (filters, _, kh, kw) = x.shape, w.shape
    y = np.zeros((n, filters, h - kh, width - kw))
    for o, i, j in np.ndindex(y.shape[1:]):
        for c in range(channels):
            window = x[:, c, i : i + kh, j : j + kw]
            y[:, o, i, j] = (window * w[o, c] + b[o]).sum(axis=(1, 2))
    y = np.maximum(y, 0)
    oh, ow = y.shape[2] // 2, y.shape[3] // 2
    cells = y[:, :, : 2 * oh, : 2 * ow].reshape(n, filters, oh, 2, ow, 2)
    return np.repeat(cells.max(axis=(1, 3, 5))[:, None], filters, axis=1)


three = np.random.default_rng(0).standard_normal((3, 1, 3, 3))
print("sum of each map:", stage(photo, three, np.zeros(3), 1).sum(axis=(2, 3)).round(1)[0])
exercises.check_mended_stage(stage)

# %% [markdown]
# **Mend it**, one error at a time, and run the cell after each.
#
# <details><summary>The stage, mended</summary>
#
# ```python
# def stage(x, w, b, padding):
#     x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
#     (n, channels, h, width), (filters, _, kh, kw) = x.shape, w.shape
#     y = np.zeros((n, filters, h - kh + 1, width - kw + 1))
#     for o, i, j in np.ndindex(y.shape[1:]):
#         for c in range(channels):
#             window = x[:, c, i : i + kh, j : j + kw]
#             y[:, o, i, j] += (window * w[o, c]).sum(axis=(1, 2))
#         y[:, o, i, j] += b[o]
#     y = np.maximum(y, 0)
#     oh, ow = y.shape[2] // 2, y.shape[3] // 2
#     return y[:, :, : 2 * oh, : 2 * ow].reshape(n, filters, oh, 2, ow, 2).max(axis=(3, 5))
# ```
# </details>
#
# ## Where this stops being true
#
# The map follows a shift by whole pixels, away from the border, at stride 1. With a stride or a pooling of
# 2 it follows shifts by an even number only. It does not follow a turn or another size. The receptive
# field says which pixels *can* count; those in its middle count most. And where the order of the inputs
# means nothing, as in a table, a convolution has no advantage: the shuffle showed it.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured for five seeds. The others are on the page of [all claims of the
# course](../docs/claims.md).

# %%
claims.table("11")

# %% [markdown]
# ## What to remember
#
# A filter is a small kernel and one bias, and all places share it: few parameters, and a feature map that
# follows a shift. Stride moves the window, padding frames the image, dilation spreads the kernel; equation
# (2) gives the size. Overlap comes from the stride, overhang from the padding. Layers widen the receptive
# field, strides multiply it. Pooling keeps the channels. A flatten ties the net to one size and to places;
# a global average does not. Shuffled pixels take the CNN's lead away.
#
# ## Sources
#
# - Y. LeCun et al., *Gradient-based learning applied to document recognition*, 1998: LeNet.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, 2016: equation (2).
# - A. Araujo, W. Norris, J. Sim, *Computing receptive fields of convolutional neural networks*, Distill,
#   2019: equation (3).
# - Z. J. Wang et al., *CNN Explainer*, 2020: arithmetic under the pointer.
# - K. Chellapilla, S. Puri, P. Simard, 2006: the convolution as a matrix product.
# - M. Lin, Q. Chen, S. Yan, *Network in network*, 2014: global average pooling.
# - Course notes in Chinese on CNN (receptive field, stride, padding, pooling with a representative of one's
#   own, "input size fixed") and on Gluon, section 13: one scalar bias.
#
# Next: [12 · Building blocks and compiled execution](12_building_blocks.ipynb). The map of the course is in
# [00 · Start here](00_start_here.ipynb).
