# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # 12 · Building blocks and compiled execution
#
# A net has learned to name clothes. It is shown a photograph of a shirt, and says *Shirt*. Then the same
# photograph comes again, in one batch with those of 99 coats. Not a pixel of it has changed.

# %%
import tempfile
from pathlib import Path

import numpy as np

from coursekit import claims, compiled, datasets, exercises, experiments, explorers, nn, plots
from coursekit.diagnostics import signal_report
from coursekit.nets import deep_net, residual_net
from coursekit.training import evaluate, fit

# %%
exercises.predict("a sample's mates")

# %%
mates = experiments.shirt_among_coats()
print(f"alone: {mates.said_alone}; beside 99 coats: {mates.said_beside}")
print(f"shirts that change their name: ⟨{mates.changed}⟩ of {mates.shirts}")

# %%
plots.Photographs(mates.pictured())

# %% [markdown]
# One layer of this net is at fault. Layers like it stand in printed notes, and nothing warns of them.
#
# **What does a layer owe to the net around it, and what becomes of it when a compiler runs it instead of
# Python?** After this lesson you can
#
# - find the fault in that layer, and write one of your own that an optimizer finds;
# - say what a skip connection carries, and what a saved file has to hold;
# - read a traced program, and say which code cannot be traced.
#
# You need lessons 05 and 06. It takes about 35 minutes.
#
# <details><summary>The symbols of this lesson</summary>
#
# | symbol | shape | what it is |
# |:--|:--|:--|
# | $N$, $K$ | | samples of a batch, numbers of a sample |
# | $x$, $y$ | $(N, K)$ | what goes into a layer, and what comes out |
# | $W$, $b$ | $(K, n)$, $(n,)$ | weights and biases of a dense layer with $n$ units |
# | $g$ | $(K,)$ | a gain for each number |
# | $C$, $\delta$ | one number, like $y$ | loss, and $\partial C / \partial y$ |
# | $f$ | | what a block does to its input |
# | $\sigma$ | | spread of the weights at the start |
# | $\eta$ | | learning rate |
# </details>
#
# ## A net is a stack of layers
#
# What stands between a photograph and the ten scores?

# %%
exercises.predict("before the first forward")

# %%
explorers.BuilderExplorer(show=("units", "forward"))

# %% [markdown]
# **How to read it.** A row for each layer: its number, the shape that it puts out, its parameters by name,
# how many numbers they hold. A question mark is a size that nobody has told.
#
# - Tick **first forward done**: a batch of rows of 784 pixels goes through. Every `?` becomes a number.
# - Move **units**. Nearly all parameters stay in layer 0. It meets the photograph.
#
# Waiting for the first batch is called **deferred initialization**. You write how many units a layer has;
# how many inputs, the data say. Now build.

# %%
explorers.BuilderExplorer(show=("at", "forward", "stack", "entry"), forward=True)

# %% [markdown]
# The shaded row is the layer that **layer** points at. A new layer comes after it.
#
# - Put *layer* on 1, the ReLU, and press *remove*. The net still runs. What does the sentence say of it?
# - Press **CNN**, then **input** images. Take `Flatten` out.
# - Press **residual** and **input** rows, put *layer* on 1 and press *move up*. Then untick **first forward done**: the error is gone.
#   Nothing is checked before layers meet their neighbours.
#
# ## What a layer owes: forward and backward
#
# <details><summary>Python's `class`, in six sentences</summary>
#
# A class is a plan for objects. `class Centred(nn.Block)` has everything that `nn.Block` has, and what is written below
# it. A function inside is a *method*; its first argument, `self`, is the object itself. `self.x = x` keeps x in the object
# until `backward` needs it. `__init__` runs once, when `MyDense(32)` is made; `super().__init__()` lets `nn.Block` make its
# empty `params` and `grads` first. The `*` says that `training` must be given by name.
# </details>
#
# A layer without parameters needs two methods. `forward` turns $x$ into $y$; `backward` turns
# $\delta = \partial C/\partial y$ into $\partial C/\partial x$. This is the layer from the top. It centres its
# input. Do you see the fault?


# %%
class Centred(nn.Block):
    def forward(self, x, *, training=False):
        return x - x.mean()

    def backward(self, dy):
        return dy - dy.mean()


alone, beside = (Centred().forward(x)[0] for x in (mates.alone, mates.beside))
print(
    f"the shirt's mean after the layer: alone ⟨{abs(alone.mean()):.2f}⟩, beside 99 coats ⟨{beside.mean():.2f}⟩"
)

# %% [markdown]
# `x.mean()` is the mean of the whole batch. So a sample is judged by its neighbours, as in lesson 06's batch norm in
# training; here in prediction too. In mixed batches of 500 about one
# answer in eight changes. The remedy is each row's own
# mean, `x.mean(axis=1, keepdims=True)`, in both methods.
#
# ## A layer with parameters
#
# It owes three things more. Its parameters stand in `self.params` by name; that is where an optimizer, and
# a file, look for them. `backward` fills `self.grads` under the same names. And sizes wait for the first
# batch: `learns = True` tells whoever loads a file that they are still to come.


# %%
class MyDense(nn.Block):
    learns = True

    def __init__(self, units):
        super().__init__()
        self.units = units

    def initialize(self, scheme, rng):
        self.plan = nn.initializers.get(scheme), rng
        return self

    def forward(self, x, *, training=False):
        if not self.params:
            scheme, rng = self.plan
            self.params["W"] = scheme((x.shape[1], self.units), rng, x.dtype)
        self.x = x
        return x @ self.params["W"]

    def backward(self, dy):
        self.grads["W"] = self.x.T @ dy
        return dy @ self.params["W"].T


# %% [markdown]
# What is chosen once, such as `units`, goes to the constructor; what changes with each batch goes to
# `forward`. Our layer now takes its place among the others.

# %%
data, rng = datasets.fashion_split(4000, 500), np.random.default_rng(0)
net = nn.Sequential(MyDense(32), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=2, batch_size=50, rng=rng):
    pass
print({name: array.shape for name, array in net.params.items()})
print(f"accuracy on new images: {evaluate(net, data.x_test, data.y_test).accuracy:.1f}")

# %% [markdown]
# **Your turn, first exercise.** A layer that scales and shifts each number, $y = g x + b$. Both $g$ and $b$
# have the shape $(K,)$; $g$ starts at 1, $b$ at 0, so no scheme is needed. It is to learn in a net like the
# one above: say `learns = True`, and steps of descent have to move both and lower the loss.
#
# $$ \frac{\partial C}{\partial g} = \sum_{samples} \delta\, x, \qquad
# \frac{\partial C}{\partial b} = \sum_{samples} \delta, \qquad
# \frac{\partial C}{\partial x} = \delta\, g . \tag{1} $$


# %%
class Scale(nn.Block):
    def forward(self, x, *, training=False):
        return ...  # make g and b if they are not there yet

    def backward(self, dy):
        return ...  # fill self.grads first


exercises.check_own_layer(Scale)

# %% [markdown]
# <details><summary>One right answer</summary>
#
# ```python
# class Scale(nn.Block):
#     learns = True
#
#     def forward(self, x, *, training=False):
#         if not self.params:
#             self.params["g"] = np.ones(x.shape[1], x.dtype)
#             self.params["b"] = np.zeros(x.shape[1], x.dtype)
#         self.x = x
#         return self.params["g"] * x + self.params["b"]
#
#     def backward(self, dy):
#         self.grads["g"] = (dy * self.x).sum(axis=0)
#         self.grads["b"] = dy.sum(axis=0)
#         return dy * self.params["g"]
# ```
# </details>
#
# ## A block made of layers
#
# `Sequential` is a block that calls its layers in order. A net that is no chain you write yourself, as a
# `Composite`: its layers are attributes (`self.upper`), and `forward` says how they are joined. This one has two inputs, the upper and the
# lower half of a photograph.


# %%
class Halves(nn.Composite):
    def __init__(self, units):
        self.upper, self.lower = nn.Dense(units), nn.Dense(units)

    def forward(self, above, below, *, training=False):
        return self.upper.forward(above) + self.lower.forward(below)

    def backward(self, dy):
        return self.upper.backward(dy), self.lower.backward(dy)


block = Halves(16).initialize("he_normal", rng)
y = block.forward(data.x_train[:5, :392], data.x_train[:5, 392:])
print(y.shape, {name: array.shape for name, array in block.params.items()})

# %% [markdown]
# Nobody listed the parameters. They are found among the attributes, and named after them.
#
# ## Skip connections: thirty layers
#
# A **residual block** adds what it computes to what it was given:
#
# $$ y = x + f(x), \qquad \frac{\partial C}{\partial x} = \delta + (\text{what comes back through } f) .
# \tag{2} $$
#
# Lesson 05 lost the signal in deep nets whose weights were too small. Here are thirty tanh layers of 100
# units, $\sigma = 0.05$, half of Xavier's.

# %%
exercises.predict("thirty layers")

# %%
images, labels = datasets.fashion_samples(500)
small = nn.initializers.normal(0.05)
reports = {}
for skip in (False, True):
    net = residual_net("tanh", 30, 100, skip=skip).initialize(small, np.random.default_rng(0))
    reports[skip] = signal_report(net, images)

# %% [markdown]
# **Without skips.** Each row is what a block's tanh puts out, $f(x)$, before $x$ is added.

# %%
plots.LayerSignals(reports[False])

# %% [markdown]
# **With skips.**

# %%
plots.LayerSignals(reports[True])

# %% [markdown]
# Without skips nothing is left by the thirtieth block; with them every block still tells the images apart, and the sum $x + f(x)$ grows to about
# three times its first spread. Does it matter to learning?

# %%
for skip in (False, True):
    net = residual_net("tanh", 30, 50, skip=skip).initialize(small, np.random.default_rng(0))
    *_, record = fit(net, images, labels, nn.SGD(0.1), epochs=60, batch_size=500, rng=rng)
    print(f"skips {skip}: loss after 60 steps ⟨{record.loss:.2f}⟩")

# %% [markdown]
# 2.3 is $\ln 10$: guessing. None of five rates from 0.1 to 10 helps the plain net. Started from Xavier's scale it does
# learn: what stopped it was the lost signal.
#
# <details><summary>How far skips help</summary>
#
# From Xavier's scale the plain net learns slowly: each at its own best rate, it still has a loss above 1 where skips have
# 0.01. And skips do not shrink anything: with ReLU and Xavier's scale thirty of them make the signal grow more than ten
# thousand times (claim `skips_explode_with_relu`).
# </details>
#
# ## Names: choose, share, save
#
# Each layer may have a scheme of its own. A layer may also stand in two places with the same numbers.

# %%
hidden = nn.Dense(8, 8)
net = nn.Sequential(hidden, nn.Tanh(), nn.Shared(hidden), nn.Tanh(), nn.Dense(3, 8))
net.initialize("xavier_normal", rng)  # one for all
net.layers[4].initialize(nn.initializers.normal(0.01), rng)  # another for the last
print(list(net.params), sum(array.size for array in net.params.values()), "numbers")

# %% [markdown]
# `0.W` is there once, though two layers use it. By the chain rule its gradient is the sum over both places.

# %%
dy = net.forward(rng.standard_normal((20, 8)).astype(np.float32)) - 1
net.backward(dy)
first, second = net.layers[0].grads["W"], net.layers[2].grads["W"]
print("sum of both:", np.allclose(net.grads["0.W"], first + second))

# %% [markdown]
# To save a net is to write these arrays under these names. Here is one with batch norm, eight layers deep.

# %%
exercises.predict("a file without statistics")

# %%
folder = Path(tempfile.mkdtemp())
trained, fresh = (deep_net("relu", 8, 64, norm=nn.BatchNorm).initialize("he_normal", rng) for _ in range(2))
for _ in fit(trained, data.x_train, data.y_train, nn.SGD(0.1), epochs=2, batch_size=50, rng=rng):
    pass
np.savez(folder / "parameters.npz", **trained.params)
nn.save_parameters(trained, folder / "all.npz")

fresh.forward(data.x_train[:1])  # now the sizes are known
for name, array in np.load(folder / "parameters.npz").items():
    fresh.params[name][...] = array
print(f"parameters alone: {evaluate(fresh, data.x_test, data.y_test).accuracy:.1f}")
nn.load_parameters(fresh, folder / "all.npz")
print(f"statistics too:   {evaluate(fresh, data.x_test, data.y_test).accuracy:.1f}")

# %% [markdown]
# Running means and variances are no parameters, yet prediction divides by them. `save_parameters` writes
# both, and no pickle: a pickle, Python's own file format for any object, can run code when it is read; an
# array cannot. In a net with a single batch norm less is lost.
#
# ## The same pass on two libraries
#
# Whatever you have run so far, NumPy executed line by line: **imperative**. JAX, another array library, can
# also take a whole function, write down its steps, and compile them. To run one text on both, name no library
# in it: ask the array for its own.


# %%
def forward(params, x):
    xp = compiled.array_namespace(x)  # numpy for NumPy's arrays, jax.numpy for JAX's
    W1, b1, W2, b2 = params
    h = xp.maximum(x @ W1 + b1, 0.0)
    return h @ W2 + b2


net = nn.Sequential(nn.Dense(64), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
right, params = net.forward(data.x_test), compiled.parameters_of(net)
for name, array in compiled.libraries().items():
    y = forward([array(p) for p in params], array(data.x_test))
    print(f"{name}: equal to 1e-5: {np.abs(np.asarray(y) - right).max() < 1e-5}")

# %% [markdown]
# If only NumPy is listed, JAX is not installed: the explorer below says how to get it. What does a compiled
# function do with a `print`?

# %%
exercises.predict("twenty calls")

# %%
explorers.TraceExplorer(show=("calls", "sizes"), calls=1)

# %% [markdown]
# **How to read it.** On the left the function. In the middle what JAX kept when it ran the function once,
# with a **tracer** in the place of $x$: something that has a shape and a type, and no numbers. Each line is
# one step and the shape of what it gives, written as in NumPy; grey, JAX's own name for it.
#
# - Move **calls** to 20. Later calls run the program, and `print` is not in it.
# - Move **sizes** to 3: batches of 4, 5 and 6 samples take turns. The program holds for one shape; each
#   new shape is traced again.
#
# Now look at what cannot be written down.

# %%
exercises.predict("a mask in a program")

# %%
explorers.TraceExplorer(show=("calls", "program"), calls=20, program="numpy_mask")

# %% [markdown]
# The row *compiled* repeats one mask. Press the other functions one by one, and read the middle column.
#
# - **if on the shape**: the shape is known, so `if` is decided while tracing, and gone.
# - **if on the data**: `if` asks a tracer for True or False, and it has no number to compare. **where**
#   computes both and chooses: that is a step, and can be written down.
# - **NumPy mask**: the generator belongs to Python. It ran once, and its answer became a constant. Dropout
#   with one mask for ever is a smaller net. Nothing warns you.
# - **given mask**: an argument is new at each call.
#
# ## What compiling buys
#
# Three dense layers, 512 → 256 → 128 → 2, with a batch of one. Times in ⟨ ⟩ differ from machine to
# machine.

# %%
net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(128), nn.ReLU(), nn.Dense(2))
x = rng.standard_normal((1, 512)).astype(np.float32)
net.initialize("he_normal", rng).forward(x)
timing = compiled.time_forward(net, x)
for name in ("numpy", "imperative", "compiled", "compiling"):
    print(f"{name}: ⟨{getattr(timing, name) or np.nan:.2g}⟩ ms")

# %% [markdown]
# "numpy" is NumPy line by line, "imperative" JAX line by line, "compiled" a call of the program, and
# "compiling" what it took to make, once. How many calls until compiling has paid? Divide *compiling* by *imperative* −
# *compiled*. And is *compiled* faster than *numpy*?
#
# <details><summary>What we found</summary>
#
# After several hundred to a few thousand calls, beside JAX's own line by line. On our machine NumPy stayed ahead.
# </details>
#
# ## Where arrays live
#
# An array has a **device**: the processor's memory, or that of a graphics card. A computation happens where
# its arrays are. With no card at hand, two devices can be faked on one processor.

# %%
print("devices here:", len(compiled.places()))
two = compiled.two_devices()
print(*two.devices, "| a + a lives on", two.together)
print("a + b:", two.error.partition(". Got")[0])
print("b moved beside a: on", two.moved)

# %% [markdown]
# Arrays of different devices do not mix; somebody has to say which one moves. (*jitted* is JAX's word for compiled.) The
# usual slip: the parameters are on the card, the input is not.
#
# ## Exercises
#
# **Second exercise**, harder. This block was put together from slips of printed listings. It is to subtract from
# each row its own mean, and then do dense, batch norm, ReLU, dense.


# %%
class Net(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(units, 784)
        self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
        self.out = nn.Dense(classes)

    def forward(self, x, *, training=False):
        h = slef.hidden.forward(x - x.mean())
        h = self.relu.forward(self.norm.forward(h))
        return self.relu.forward(self.out.forward(h))

    def backward(self, dy):
        dh = self.out.backward(dy)
        dx = self.hidden.backward(self.norm.backward(dh))
        return dx


exercises.check_mended_block(Net)

# %% [markdown]
# **Mend it**, one error at a time, and run the cell after each. The checker says what is left, first in
# `forward`, then in `backward`.
#
# <details><summary>The block, mended</summary>
#
# ```python
# class Net(nn.Composite):
#     def __init__(self, units, classes):
#         self.hidden = nn.Dense(units)
#         self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
#         self.out = nn.Dense(classes)
#
#     def forward(self, x, *, training=False):
#         h = self.hidden.forward(x - x.mean(axis=1, keepdims=True))
#         h = self.relu.forward(self.norm.forward(h, training=training))
#         return self.out.forward(h)
#
#     def backward(self, dy):
#         dh = self.relu.backward(self.out.backward(dy))
#         dx = self.hidden.backward(self.norm.backward(dh))
#         return dx - dx.mean(axis=1, keepdims=True)
# ```
# </details>
#
# ## Where this stops being true
#
# Backward passes are written by hand here. PyTorch and JAX derive them, and a layer there owes `forward`
# alone. "Compiled is faster" depends on the machine and the size of the net. Other compilers treat `if` and
# `print` in other ways; TensorFlow rewrites some branches on data. Skips in use today come with a
# normalization, which keeps the sum from growing.
#
# ## What was claimed, and what is measured
#
# These carry the lesson, each measured now for five seeds. The others are on the page of [all claims of
# the course](../docs/claims.md).

# %%
claims.table("12")

# %% [markdown]
# ## What to remember
#
# A layer owes `forward` and `backward`, its parameters by name, and gradients under the same names. Sizes
# may wait for the first batch, and errors wait with them. A block is made of layers and finds their
# parameters. A skip carries signal and gradient past a layer. A file needs running statistics as well as
# parameters. A traced function runs its Python once for each shape: prints vanish, branches on data fail,
# and NumPy's random numbers freeze.
#
# ## Sources
#
# - A course note in Chinese on Gluon, sections 8.3, 10, 11, 14 and 15: `CenteredLayer`, `MyDense`, deferred
#   initialization, `hybridize`, contexts. Its listings are the ones that were mended.
# - K. He, X. Zhang, S. Ren, J. Sun, *Deep Residual Learning for Image Recognition*, CVPR 2016.
# - Consortium for Python Data API Standards, *Python array API standard*, 2023.12, and `array-api-compat`.
# - JAX documentation, *Just-in-time compilation* and *Common gotchas*: tracers, branches, frozen values.
#
# Next: [13 · All of it together](13_all_together.ipynb). The map of the course is in
# [00 · Start here](00_start_here.ipynb).
