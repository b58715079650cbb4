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
# This first page takes ten minutes. It shows, once and on something tiny, the four things that every lesson is
# made of: a notebook, an explorer, a prediction and an exercise.
#
# ## A notebook
#
# A notebook is a page of *cells*. This cell is text. The next one is a small program in Python. Click on it,
# then press **Shift + Enter**: it runs, what it prints appears below, and the next cell is selected. (▶ in the
# bar above does the same.)

# %%
import numpy as np

from coursekit import environment, exercises, explorers

print("It runs:", 6 * 7)

# %% [markdown]
# The number in brackets on the left, `[1]`, counts the cells you have run; `[*]` means that one is still
# running. Three rules are enough:
#
# - Run the cells **from the top**. A later one uses what an earlier one has made.
# - You cannot break anything. Change a cell and run it again as often as you like; **Kernel → Restart Kernel
#   and Run All Cells** in the menu starts the page afresh.
# - Your changes are saved with **Ctrl + S** (⌘ S).
#
# Is everything installed that the lessons need? This cell says so, or says what is missing.

# %%
environment.check()

# %% [markdown]
# ## A prediction
#
# Before something is shown you are asked what you expect. Pick an answer: it is not counted, but a guess makes
# the picture that follows stick, and a wrong guess more so. Here is one.
#
# A hundred people each toss a coin that pays +1 or −1. The sum of all tosses is 0 on average. How far from
# 0 is it typically?

# %%
exercises.predict("sum of a hundred")

# %% [markdown]
# ## An explorer
#
# An explorer is a picture with controls. Run the next cell, then drag the circle on **σ** with the mouse; or
# click on it once and use the arrow keys **←** and **→**. The picture follows, and the sentence below the
# picture says in words what it shows.

# %%
explorer = explorers.OneUnitExplorer()
explorer

# %% [markdown]
# This is one unit of a neural network. It has *n* inputs, random numbers of spread 1 (typically 1 away from their
# mean, 0), multiplies each by another random number (its *weight*) of typical size σ, and adds up. The bars show
# 4,000 such sums. The curve is the prediction: *n* terms of typical size σ make a sum of typical size σ√n,
# because most of them cancel. Try this: put **inputs n** at 10 and σ at 1, then let n grow. Where do the bars
# go? Bars that no longer fit are not lost: the picture counts them at its border, and marks with ▲ what is too
# tall for it. (With one, two or three inputs the bars are no bell yet.)
#
# An explorer can be set from a cell too. That is how a lesson points at something:

# %%
explorer.set(n_in=100, sigma=0.1)
print(explorer.diagnosis)

# %% [markdown]
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
# `np.sqrt(y)` a root, and `z ** 2` squares every number of `z`. (NumPy has `np.std`; try it without, first.)


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
# ## A claims table
#
# At the end of a lesson stands a table of what was said and what was measured, on your machine, when you ran
# the cell. *Holds* means that it is so; *holds only if* adds the condition; *folklore* means that it is often
# said and measured to be false.
#
# ## The course
#
# | | lesson | the question |
# |:--|:--|:--|
# | 00 | Start here | How does this work? |
# | 01 | Softmax, sigmoid and cross-entropy *(in preparation)* | How do scores become probabilities and a loss? |
# | 02 | Gradient descent *(in preparation)* | How large may a step be? |
# | 03 | Training a classifier *(in preparation)* | What does a net learn from pictures? |
# | 04 | Feature normalization *(in preparation)* | Why do inputs of different size make learning slow? |
# | 05 | [Weight initialization](05_weight_initialization.ipynb) | How wide should random weights be? |
# | 06 | [Batch normalization, forward](06_batch_norm_forward.ipynb) | What does it compute, in training and after? |
# | 07 | [Batch normalization, backward](07_batch_norm_backward.ipynb) | How does the gradient get through? |
# | 08 | [What batch normalization does](08_what_batch_norm_does.ipynb) | Why do nets train faster with it? |
# | 09 | [Where batch normalization fails](09_where_batch_norm_fails.ipynb) | And what then? |
# | 10 | Overfitting, weight decay and dropout *(in preparation)* | How does a net learn less by heart? |
# | 11 | Convolutional networks *(in preparation)* | How does a net look at an image? |
# | 12 | Building blocks *(in preparation)* | How are large nets put together? |
# | 13 | Putting it together *(in preparation)* | Which of it all matters? |
#
# Now open **[05 · Weight initialization](05_weight_initialization.ipynb)**.
