# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 13 · All of it together
#
# Two people train the same net on the same images with the same settings. One gets 79 % right, the other 81. They only
# started from different random numbers. **Which of the techniques of this course do more
# than such luck?** Here they meet in one net.
#
# After this lesson you can
#
# - compare two ways of training so that luck does not decide;
# - say which techniques of the course matter for a small net, and which claims it is too small to judge;
# - keep a test set closed until it may be opened.
#
# You need lessons 05, 08, 10 and 11. It takes about 30 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | what it is |
# |:--|:--|
# | $\eta$ | learning rate of the first step; it falls to 0 along half a cosine wave |
# | $\lambda$ | weight decay |
# | $R$ | number of seeds |
# | $d$ | difference in accuracy that one seed shows, with a technique minus without; $R$ of them |
# | $s$ | spread of the differences, with $R - 1$ in its divisor |
# | $t$ | factor from Student's table, 2.571 for six seeds |
#
# A **seed** is the number from which first weights, masks and order of images are drawn.
# </details>

# %%
import numpy as np

from coursekit import claims, exercises, experiments, explorers, plots

# %% [markdown]
# ## One recipe, several seeds
#
# The net is built like LeNet (1998) and names the clothes of Fashion-MNIST: two convolutions with pooling, two dense
# layers of 120 units, ten scores. It learns from some images and is judged by 2,000 others, the **validation images**.

# %%
exercises.predict("another seed")

# %%
board = explorers.BoardExplorer(show=("rate", "seed"), test_set=False)
board.set(seed=0)

# %% [markdown]
# **How to read it.** On the left is the loss, beside it the share of right answers: dashed for images that
# the net learns from, solid for validation images. *Keep the run* puts it on the right as a dot.
#
# - Press **Keep the run**. Move **seed** to 1 and keep again, then to 2. The short black line is the mean.
# - Move **η** to 0.1 and keep one seed of that. Is it behind by more than the three dots lie apart?
#
# None of the three dots is *the* accuracy of the recipe. Whoever tries two recipes with one seed each and
# takes the better one may have picked a seed.
#
# ## Three recipes
#
# The course grew out of notes that recommend different things. Three of them as recipes:
#
# | notes | first weights | norm | dropout | mean image subtracted |
# |:--|:--|:--|:--|:--|
# | on Gluon | $N(0, 0.01^2)$ | none | 0.2 / 0.5 | no |
# | of CS231n | Xavier | batch norm | no | yes |
# | on batch norm | $N(0, 0.01^2)$ | batch norm | no | no |

# %%
exercises.predict("three recipes")

# %%
board = explorers.BoardExplorer(show=("recipe", "rate"), recipe="cs231n", rate=0.1, test_set=False)
board.set(seed=0)

# %% [markdown]
# - Keep the run, and switch **recipe** to the *batch norm notes*, then to the *Gluon notes*.
# - Look for a rate at which the Gluon notes learn.
#
# We found none. Weights of 0.01 are so small that each layer shrinks the signal: lesson 05 saw it die at
# depth ten, and in lesson 03 two layers lived with it. Here five layers are too many. The notes on batch norm
# start the same way and learn: their norm restores the spread behind each layer (lesson 08). In fairness:
# the Gluon notes propose this start for one and two dense layers only.
#
# ## What is a difference worth?
#
# Switch one technique. Train both nets from the *same* seed and subtract: luck that both have cancels.
# That is the difference $d$ of one seed. With $R$ seeds the mean difference is known up to
#
# $$ \text{half width} = t\, \frac{s}{\sqrt R} . \tag{1} $$
#
# Here $s$ is the spread of the $R$ differences, with $R - 1$ in its divisor. $t$ makes up for few seeds: 2.571 for six,
# from a table by Student. If 0 lies farther from the mean than that, the technique does more than luck: chance alone would do so
# in one comparison of twenty.

# %%
with_it = np.array([0.861, 0.870, 0.858, 0.872, 0.866, 0.863])
without = np.array([0.858, 0.864, 0.857, 0.865, 0.862, 0.861])
print("seeds of one side lie", round(np.ptp(with_it), 3), "apart")
print("differences:", (with_it - without).round(3))

# %% [markdown]
# **First exercise.** Write equation (1) for accuracies such as these.


# %%
def effect(with_it, without, t):
    """Return the mean difference, and half the width of its interval."""
    return ...  # three lines


exercises.check_effect(effect)

# %% [markdown]
# Use it on the two arrays above, with $t = 2.571$. Is 0 inside the interval?
#
# <details><summary>One right answer, and the interval</summary>
#
# 0.0038 ± 0.0025: the seeds lie 0.014 apart, and yet the gain is beyond luck.
#
# ```python
# def effect(with_it, without, t):
#     d = with_it - without
#     return d.mean(), t * d.std(ddof=1) / np.sqrt(len(d))
# ```
# </details>
#
# ## Every technique a switch
#
# Now the whole experiment. The base is the net *as it stands* on the board: batch norm, He's start, mean
# image subtracted, no dropout, no decay. One thing is switched at a time. Each net gets the best of five
# rates **for itself**: five rates, six seeds, nine nets, 270 trainings on 4,000 images.
#
# <details><summary>How it was measured</summary>
#
# Rates are chosen and nets judged by the same validation images. Both sides are flattered alike, so the difference is
# hardly touched; the accuracies themselves are a little too good. *Dropout 0.2 / 0.5* stands 0.2 behind the first dense
# layer and 0.5 behind the second.
# </details>

# %%
exercises.predict("beyond luck")

# %%
ablation = experiments.ablation_of(claims.sweep("ablation"))
print(experiments.diagnose_ablation(ablation))
plots.AblationRows(ablation)

# %% [markdown]
# **How to read it.** Each dot is a seed: right of the line the *change* named in the row raised the accuracy, left of it it
# cost some. The bar is the interval of equation (1), orange where it does not touch the line.
#
# - **Batch norm** is worth three and a half points here (interval 2.7 to 4.5), even against a net at its own
#   best rate.
# - **Dropout** costs: six epochs are too few for a net to overfit, so there is nothing for it to mend.
#   Lesson 10 has settings in which it pays.
# - Leaving the **mean image** in helps, by three quarters of a point. With seven rows, one small bar clear of
#   the line may be chance. So it was tried on fresh seeds, and it is there again.
# - **Weight decay, skip, Xavier**: not seen here. That is no proof that they do nothing. A skip connection
#   is made for nets of dozens of layers (lesson 12), and this one has five.
#
# And the start? With batch norm, $N(0, 0.01^2)$ is as good as He's. But look at the rates that each needed.

# %%
sweep = claims.sweep("ablation")
print(f"{'η':>18}:", *(f"{rate:4g}" for rate in sweep.x))
for name in ("as it stands", "N(0, 0.01²) for He"):
    print(f"{name:>18}:", *(f"{right:.2f}" for right in sweep.series(name).mean(axis=1)))

# %% [markdown]
# Compared at η = 0.03 alone, the small start is ahead by seven points; at η = 1 it is behind by one. Both
# would have been published. Behind a batch norm the size of the weights does not change what is computed;
# it changes how far a step turns them (lesson 08). *One rate for both* is the commonest unfair comparison.
#
# **Try it.** On this board more switches are open, the rest behind *more …*. Find out whether 256 images a batch do as
# well as 64. Begin with seeds 0, 1 and 2 at η = 1, for both sizes. How many seeds, and which rates, do you need before you
# would say so?

# %%
board = explorers.BoardExplorer(
    show=("rate", "seed", "epochs", "scheme", "batch_norm", "batch_size", "learn_from"), test_set=False
)
board.set(learn_from=4000, epochs=3)

# %% [markdown]
# <details><summary>What we found</summary>
#
# Rates of 0.3, 1 and 3, five seeds of each, 3 epochs on 4,000 images: both sizes do best at η = 1. There 64 has
# 85 %, and 256 has 83. Each seed by itself says so, by two points or three. (256 also takes a quarter of the
# steps; whether that is why, we did not test.)
# </details>
#
# ## The test set, once
#
# You have now chosen by the validation images, again and again. The best of many runs was partly lucky
# *on these images*, as lesson 03's peek meter showed. 2,000 **test images** have had no say in any
# choice of this lesson. Decide on a recipe first. It learns from 8,000 images here.

# %%
board = explorers.BoardExplorer(show=("recipe", "rate", "seed"), learn_from=8000, epochs=4, rate=1.0)
board.set(seed=0)

# %% [markdown]
# When the run is through, press **Open the test set**. Then press it again. (By code it is `board.open_test_set()`.) And
# run this cell for a report of it:

# %%
board.report()

# %% [markdown]
# *Save a report* writes this with its picture into the folder `my_runs`. It is what you hand in, or come
# back to.
#
# ## Exercises
#
# **Second exercise**, harder. `train` returns validation and test accuracy of one training. This comparison
# holds five errors that papers and public code really make. It should return the difference in *test*
# accuracy for each seed, with the technique minus without, each side at the rate with the best *mean
# validation* accuracy.


# %%
def compare(train, rates, seeds):
    def score(rate):
        return max(train(True, rate, seed)[1] for seed in seeds)

    rate = max(rates, key=score)
    ours = [train(True, rate, seed)[0] for seed in seeds]
    theirs = [train(False, rate, seed + 1)[0] for seed in seeds]
    return np.array(ours) - np.array(theirs)


exercises.check_mended_comparison(compare)

# %% [markdown]
# <details><summary>The comparison, mended</summary>
#
# ```python
# def compare(train, rates, seeds):
#     def best_rate(technique):
#         return max(rates, key=lambda rate: np.mean([train(technique, rate, seed)[0] for seed in seeds]))
#
#     own = {technique: best_rate(technique) for technique in (True, False)}
#     ours, theirs = ([train(k, own[k], seed)[1] for seed in seeds] for k in (True, False))
#     return np.array(ours) - np.array(theirs)
# ```
# </details>
#
# <details><summary>How 270 trainings were run, and how to run your own</summary>
#
# A sweep is a plan in `coursekit/claims`: series, settings, seeds, and the function that measures one
# point. `python -m tools.run_sweeps ablation --jobs 2` measures it in two processes, in about a quarter of
# an hour. Interrupted, it goes on where it stopped. `--dask local` uses a Dask cluster on this machine, and
# `--dask tcp://host:8786` one that runs elsewhere; a worker that dies loses no result.
# </details>
#
# ## Where this stops being true
#
# One small net, one data set, minutes of training. Longer training favours dropout and decay, deeper nets
# favour skip connections, and other data may favour anything. Six seeds find differences of half a point,
# no smaller ones. The verdicts are about this net; the way to reach them is not.
#
# ## What was claimed, and what is measured
#
# The accuracies of this table come from the sweep above; tests train some of them again.

# %%
claims.table("13")

# %% [markdown]
# ## The last page
#
# The statements that the lessons rest on were measured. This is what became of all of them.

# %%
verdicts = claims.verdicts()
print(experiments.diagnose_verdicts(verdicts))
plots.VerdictDots(verdicts)

# %% [markdown]
# What is orange was said by somebody and measured false, what is grey does not show in nets this small, or in a
# training this short. All of them, with their numbers, are on the page of [all claims of the
# course](../docs/claims.md).
#
# ## What to remember
#
# One run is an anecdote. Train both sides from the same seeds, give each its own best rate, subtract seed
# by seed, and believe what exceeds $t\,s/\sqrt R$. Choose by validation images; open the test set once. In
# this net batch norm is worth points, a start that is too small without it is fatal, and much of the rest
# is smaller than luck: which does not say that it is nothing elsewhere.
#
# ## Sources
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition*,
#   1998: the net.
# - X. Bouthillier et al., *Accounting for variance in machine learning benchmarks*, 2021: seeds.
# - Student (W. Gosset), *The probable error of a mean*, 1908: the factor $t$.
# - S. Ioffe, C. Szegedy, *Batch normalization*, 2015; T. van Laarhoven, *L2 regularization versus batch and
#   weight normalization*, 2017.
# - The notes of the three recipes: a course note in Chinese on Gluon; notes after CS231n on preprocessing,
#   initialization and batch norm; notes on the BN algorithm.
#
# This was the last lesson. The map of the course is in [00 · Start here](00_start_here.ipynb).
