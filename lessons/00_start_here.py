# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 00 · Start here
#
# **How do signals survive a neural network?** That is the question of this course. In each lesson you predict
# what will happen, move a slider and see it happen, and read why. Every statement is measured.
#
# This page takes ten minutes. You try, once and on something tiny, what every lesson is made of: a notebook, a
# prediction, an explorer and an exercise.
#
# ## A notebook
#
# A notebook is a page of *cells*. This cell is text. The next one is a small program in Python. Click on it, then
# press **Shift + Enter**.

# %%
import numpy as np

from coursekit import environment, exercises, explorers

print("It runs:", 6 * 7)

# %% [markdown]
# What it prints stands below it now, and the next cell is selected: Shift + Enter again and again leads you
# through a page. Click on the program once more and press **Ctrl + Enter**: that runs a cell too, and *stays* there.
#
# The number in brackets on the left, `[1]`, counts the runs; `[*]` means that a cell is still at work.
#
# - Run the cells **from the top**. A later one uses what an earlier one has made.
# - You cannot break anything. Change a cell and run it as often as you like. In the menu, **Kernel → Restart Kernel
#   and Run All Cells** starts the page afresh.
# - **Ctrl + S** (⌘ S) saves.
#
# Is everything installed that the lessons need? The next cell says so, or says what is missing.

# %%
environment.check()

# %% [markdown]
# `make lab` has opened your **own copy** of the course, the folder `my_course`. It is never overwritten, not even when
# the course is updated.
#
# <details><summary>To begin a lesson again</summary>
#
# Leave yours as it is, and ask for a fresh copy beside it. Type this in a terminal, in the folder of the course:
#
# ```
# make fresh LESSON=05
# ```
#
# It makes `05_weight_initialization_fresh_1.ipynb` in `my_course`. (Did you start without `make`? Then you work in the
# folder `notebooks` itself.)
# </details>
#
# ## A prediction
#
# Before something is shown you are asked what you expect. Click on an answer. It is not counted, but having guessed
# makes the picture stick, and a wrong guess more so.

# %%
exercises.predict("sum of a hundred")

# %% [markdown]
# Run the cell again: your answer **stays**. (Only a restart of the kernel, the Python behind the page, forgets it.)
#
# ## An explorer
#
# An explorer is a picture with controls. The sentence between the two says in words what the picture shows.

# %%
explorers.OneUnitExplorer(n_in=100, sigma=0.1)

# %% [markdown]
# This is one unit of a neural network. It multiplies each of its *n* inputs, numbers of typical size 1, by a random
# *weight* of typical size σ, and adds up: *n* numbers of typical size σ. The bars on the left show 4,000 such sums,
# the curve what the rule σ√n predicts. (The right-hand side waits for lesson 05.)
#
# - Drag the circle of **inputs n**; or click on it once and use the arrow keys **←** and **→**. At 400 the bell is twice
#   as wide, not four times.
# - Press **more …**: controls that you do not need at first wait behind it. Here it is the **seed**, which draws other
#   random numbers.
#
# Some explorers move by themselves, or have long work to do. They wait for **▶ Play**. Here two small nets learn to
# tell photographs of clothes apart.

# %%
explorers.TrainingRaceExplorer()

# %% [markdown]
# Press **Play**; press **Stop** half-way: what is drawn stays. Move **rate**: it runs again. (What *batch norm* is,
# and why the nets differ, is the matter of lessons 06 to 08.)
#
# Tomorrow, when you open this page again, its explorers are **still pictures**. Run the cells from the top, and
# they move again.
#
# ## An exercise
#
# In an exercise you write a few lines, and a checker answers at once. If something is off it names the likely
# mistake, not only that there is one.
#
# The word that this course uses most is **spread**: how far numbers typically lie from their mean. It is the
# standard deviation,
#
# $$ \text{spread}(x) = \sqrt{\frac1n \sum_{i=1}^{n} (x_i - \bar x)^2}, \qquad \bar x = \frac1n\sum_{i=1}^{n} x_i , $$
#
# where $x_1, \dots, x_n$ are the numbers, $n$ is how many there are, and $\bar x$ is their mean. Replace the
# three dots by a formula that returns the spread of `x`, and run the cell. `np.mean(x)` gives a mean,
# `np.sqrt(y)` a root, and `z ** 2` squares every number of `z`.


# %%
def spread(x):
    return ...  # your formula


exercises.check_spread(spread)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# def spread(x):
#     return np.sqrt(np.mean((x - np.mean(x)) ** 2))
# ```
# </details>
#
# Lines with a small triangle open at a click. Answers and side remarks stand in them.
#
# ## A claims table
#
# At the end of a lesson a table shows what was said and what is measured, on your machine, while you wait. Beside
# *holds* and *holds only if* there are three more verdicts: *folklore*, often said and measured to be false; *not seen
# here*, since the experiment is too small to show it; *contested*, where sources or settings disagree.
#
# <details><summary>The letters of the course</summary>
#
# You need none of them yet. Each lesson explains its own; here is what they have in common.
#
# | letter | what it is, in all lessons |
# |:--|:--|
# | $N$, $B$ | samples, of a data set or a batch; samples of a mini-batch where $N$ is all |
# | $K$ | features of a sample, or classes |
# | $x$ | what goes into a layer or a net |
# | $w$ or $W$ | weights |
# | $h$ | activation: what a unit puts out (in 09, the state of a recurrent net) |
# | $C$ | loss ($C_{in}$, $C_{out}$ in lesson 11 count channels) |
# | $\eta$ | learning rate |
# | $\sigma$ | spread of the weights at the start |
# | $\delta$ | gradient of the loss at the output of a layer (in 05, just before its activation) |
# | $\mu$, $\gamma$ | mean; learned scale |
# | $\varepsilon$ | a small number that keeps a divisor from 0 |
#
# There are fewer letters than things. These serve twice, since books use them so:
#
# | letter | where it is what |
# |:--|:--|
# | $b$ | bias; in 06 also the value of one batch |
# | $\beta$ | momentum in 02; learned shift in 06 to 09 |
# | $d$ | direction in 08; dilation in 11; difference in 13 |
# | $g$ | gradient in 02, 08, 10; gain in 12 |
# | $H$ | second derivatives of the loss in 04, 08; height of an image in 11 (and $W$ its width) |
# | $k$ | how many are tried or kept in 03, 04; side of a kernel in 11 |
# | $\lambda$ | curvature in 02, 04, 08; weight decay in 10, 13 |
# | $m$ | momentum of running values in 06; mask in 10 |
# | $n$ | a count: of numbers here, of inputs in 05, of samples in 07, of pixels in 11, of units in 12 |
# | $p$ | probability of a class in 01, 03; of dropping a unit in 10; padding in 11 |
# | $r$ | running value in 06; one over a root in 07; receptive field in 11 |
# | $s$ | spread in 04, 13; pre-activation in 05, 06; root of a variance in 07; stride in 11 |
# | $t$ | target in 02, 04; step of a sequence in 09; Student's factor in 13 |
# | $v$ | velocity in 02; variance in 06 to 09 |
# | $y$ | one-hot label in 01, 03; what a layer puts out from 06 on |
# </details>
#
# ## The course
#
# | | lesson | the question |
# |:--|:--|:--|
# | 00 | Start here | How does this work? |
# | 01 | [Softmax, sigmoid and cross-entropy](01_softmax_cross_entropy.ipynb) | How do scores become probabilities and a loss? |
# | 02 | [Gradient descent](02_gradient_descent.ipynb) | How large may a step be? |
# | 03 | [Training a classifier](03_training_a_classifier.ipynb) | What does a net learn from pictures? |
# | 04 | [Feature normalization](04_feature_normalization.ipynb) | Why do inputs of different size make learning slow? |
# | 05 | [Weight initialization](05_weight_initialization.ipynb) | How wide should random weights be? |
# | 06 | [Batch normalization, forward](06_batch_norm_forward.ipynb) | What does it compute, in training and after? |
# | 07 | [Batch normalization, backward](07_batch_norm_backward.ipynb) | How does the gradient get through? |
# | 08 | [What batch normalization does](08_what_batch_norm_does.ipynb) | Why do nets train faster with it? |
# | 09 | [Where batch normalization fails](09_where_batch_norm_fails.ipynb) | And what then? |
# | 10 | [Overfitting, weight decay and dropout](10_overfitting_and_dropout.ipynb) | How does a net learn less by heart? |
# | 11 | [Convolutional networks](11_convolution.ipynb) | How does a net look at an image? |
# | 12 | [Building blocks](12_building_blocks.ipynb) | How are large nets put together? |
# | 13 | [All of it together](13_all_together.ipynb) | Which of it all matters? |
#
# Now open **[01 · Softmax, sigmoid and cross-entropy](01_softmax_cross_entropy.ipynb)**.
