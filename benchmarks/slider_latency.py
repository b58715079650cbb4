"""Slider key press to painted picture, in JupyterLab in Chromium: the explorer beside a naive widget.

Run with ``python -m benchmarks.slider_latency``, or with ``--explorer OneUnitExplorer`` (or ``all``) to
compare another one with its naive twin, in one run of one browser. The twin is what one writes without
thinking about speed (`benchmarks.twins`); where nobody has written one, it computes the explorer's own
numbers on the same slider and builds the picture anew at each move. Beside both stands the floor: an
explorer of the same size that computes nothing and moves one point.
The clock runs inside the page: from the keydown event to the end of the frame that
shows the new picture. How fast the machine is today is told by the matrix products alone, the floor under
any such picture, timed in a kernel beside the same idle page.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import nbformat

from benchmarks.twins import IMPORTS, TWINS
from coursekit import explorers
from tools.lab import open_notebook, run_all_cells, running_browser, running_lab

EXPLORER = """
from coursekit import explorers
e = explorers.InitializationExplorer()
e.set(sigma=10 ** -2.5, depth={depth}, width={width})
count = [0]
inner = e.compute
def counted(**values):
    count[0] += 1
    return inner(**values)
e.compute = counted
e
"""

# What one writes without thinking about speed: weights drawn at each move in NumPy's default dtype, and
# the same picture (ten histograms, six lines, titles, legend) built anew with plt.subplots and ax.hist.
NAIVE = """
%matplotlib inline
import numpy as np, matplotlib.pyplot as plt
from ipywidgets import interact, FloatLogSlider
from coursekit import datasets
x0 = datasets.fashion_mnist().flat().x_train[:500]
x0 = (x0 - x0.mean()) / x0.std()

@interact(sigma=FloatLogSlider(value=10 ** -2.5, min=-4, max=1, step=0.05))
def draw(sigma):
    rng = np.random.default_rng(0)
    x, layers = x0, []
    for _ in range(10):
        x = np.tanh(x @ rng.normal(0, sigma, (x.shape[1], 500)))
        layers.append(x)
    fig, axes = plt.subplots(10, 4, figsize=(8.4, 5.2), width_ratios=(4.6, 2.1, 1.5, 1.6),
                             layout="constrained")
    fig.suptitle("Does the signal survive? Activations")
    for ax in axes[:, 1:].ravel():
        ax.remove()
    for i, h in enumerate(layers):
        axes[i, 0].hist(h.ravel(), bins=51, range=(-1.02, 1.02))
        axes[i, 0].set_ylabel(i + 1)
        axes[i, 0].set_yticks([])
        axes[i, 0].grid(axis="x")
        axes[i, 0].label_outer()
    flat = [np.abs(h) > 0.97 for h in layers]
    lines = {
        "spread": [("of all values", [h.std() for h in layers]),
                   ("between samples", [np.sqrt(h.var(axis=0).mean()) for h in layers])],
        "mean": [("mean", [h.mean() for h in layers])],
        "flat outputs": [("saturated", [f.mean() for f in flat]),
                         ("for every sample", [f.all(axis=0).mean() for f in flat])],
    }
    for k, (title, curves) in enumerate(lines.items()):
        ax = fig.add_subplot(axes[0, 0].get_gridspec()[:, k + 1])
        for label, values in curves:
            ax.plot(values, range(1, 11), "o-", label=label)
        ax.set_title(title)
        ax.grid(axis="x")
        ax.invert_yaxis()
        ax.legend()
        if k == 0:
            ax.set_xscale("log")
    plt.show()
"""

# Any explorer, with one of its sliders on the page; and its twin.
ANY = """
from coursekit import explorers
explorers.{kind}(show=[{control!r}])
"""
TWIN = """
%matplotlib inline
from ipywidgets import interact
from coursekit import explorers
e = explorers.{kind}()
values, slider = e.values, e.controls[{control!r}]
names = ("min", "max", "step", "value", "base")
limits = {{name: getattr(slider, name) for name in names if slider.has_trait(name)}}

@interact(moved=type(slider)(**limits))
def draw(moved):
    *_, result = e.results(**values | {{{control!r}: moved}})
    picture = e.make_picture()
    picture.update(result)
    display(picture.figure)
"""

# What no explorer can be faster than: a slider, one point, the same canvas.
EMPTY = """
import ipywidgets as widgets
from matplotlib.lines import Line2D
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots import Picture

class Point(Picture):
    size = {size}
    def build(self):
        ax = self.figure.add_axes((0.1, 0.1, 0.8, 0.8))
        ax.set(xlim=(0, 100), ylim=(-1, 1))
        self.point = self.moving(ax.add_line(Line2D([], [], marker="o")))
    def move(self, result):
        self.point.set_data([result], [0])
        return False

class Empty(Explorer):
    def make_controls(self): return {{"k": controls.whole("k", 20, 1, 100, width="430px")}}
    def make_picture(self): return Point()
    def compute(self, k): return k
    def describe(self, result): return f"{{result}}"

Empty()
"""

# The ten products of the picture, as bare NumPy, on one thread as the explorer takes them.
FLOOR = """
import statistics, time
import numpy as np
from threadpoolctl import threadpool_limits
rng = np.random.default_rng(0)
x = rng.standard_normal((500, 784), np.float32)
weights = [rng.standard_normal((n, 500), np.float32) for n in (784, *[500] * 9)]

def products(h):
    start = time.perf_counter()
    for W in weights:
        h = h @ W * np.float32(0.04)
    return time.perf_counter() - start

with threadpool_limits(1):
    times = [products(x) for _ in range(31)]
print(f"{1000 * statistics.median(times):.1f}")
"""
READ_OUTPUT = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map(c => c.model.outputs ? c.model.outputs.toJSON() : []).flat().map(o => o.text).join('')"""

# Passive, so that the measurement does not slow what it measures: a canvas tells by drawImage that it has
# a new picture, an <img> by having loaded. A message posted from the next frame's callback is delivered
# once that frame has been painted.
PROBE = """() => {
  const probe = window.probe = {pressed: null, done: [], changedAt: 0};
  document.addEventListener('keydown', () => {
    probe.lastKey = performance.now();
    if (probe.pressed === null) probe.pressed = probe.lastKey;
  }, true);
  const painted = () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      probe.changedAt = performance.now();
      if (probe.pressed !== null) probe.done.push(probe.changedAt - probe.pressed);
      probe.pressed = null;
    };
    channel.port2.postMessage(0);
  });
  const isPicture = e => e.isConnected && e.clientWidth > 400 && e.closest('.jp-OutputArea');
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    draw.apply(this, args);
    if (isPicture(this.canvas)) painted();
  };
  document.addEventListener('load', event => {
    if (event.target.tagName === 'IMG' && isPicture(event.target)) painted();
  }, true);
}"""


def write(folder: Path, name: str, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)


def start(page, url: str) -> None:
    open_notebook(page, url)
    problems = run_all_cells(page)
    if problems:
        raise RuntimeError("\n".join(problems))
    page.wait_for_timeout(3000)
    page.evaluate(PROBE)


def moves(page, number: int) -> list[float]:
    """Press a key, wait for the painted picture, and again; return milliseconds."""
    page.locator(".noUi-handle").first.focus()
    for done in range(number):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"() => window.probe.done.length > {done}", timeout=60_000, polling=20)
        page.wait_for_timeout(150)
    return page.evaluate("() => window.probe.done")


def first_and_rest(page, number: int) -> tuple[list[float], list[float]]:
    """Press a key and wait until nothing changes; return ms to the first picture and to rest."""
    handle, key = page.locator(".noUi-handle").first, "ArrowRight"
    handle.focus()
    rests = []
    for done in range(number):
        if key == "ArrowRight" and handle.get_attribute("aria-valuenow") == handle.get_attribute(
            "aria-valuemax"
        ):
            key = "ArrowLeft"  # and from there on to the other end
        page.keyboard.press(key)
        page.wait_for_function(f"() => window.probe.done.length > {done}", timeout=60_000, polling=20)
        page.wait_for_function("() => performance.now() - window.probe.changedAt > 700", timeout=60_000)
        rests.append(page.evaluate("() => window.probe.changedAt - window.probe.lastKey"))
    return page.evaluate("() => window.probe.done"), rests


def first_slider(kind: str) -> str | None:
    """Return the name of the slider that a learner finds first; None if there is none."""
    explorer = getattr(explorers, kind)()
    found = (
        name for name in (*explorer.first, *explorer.controls) if hasattr(explorer.controls[name], "min")
    )
    name = next(found, None)
    explorer.close()
    return name


def against_twin(page, url, folder: Path, kind: str, number: int) -> None:
    """Print how fast one explorer is, and its twin."""
    control = first_slider(kind)
    if control is None:
        print(f"{kind}: no slider")
        return
    twin = IMPORTS + TWINS[kind] if kind in TWINS else TWIN
    sources = {
        f"{kind} {control}": ANY.format(kind=kind, control=control),
        "naive twin": twin if kind in TWINS else twin.format(kind=kind, control=control),
        "floor: one point, nothing computed": EMPTY.format(size=getattr(explorers, kind)().picture.size),
    }
    found = []
    for name, source in sources.items():
        file = f"{kind}_{len(found)}.ipynb"
        write(folder, file, source)
        start(page, url(file))
        first, rest = first_and_rest(page, number)
        found.append((summary(f"{name}, first picture", first), summary(f"{name}, at rest", rest)))
    (first, rest), (twin_first, _), (floor, _) = found
    print(
        f"{kind}: naive / first picture {twin_first / first:.1f}, naive / at rest {twin_first / rest:.1f}; "
        f"naive / floor {twin_first / floor:.1f}",
        flush=True,
    )


def drag(page, presses: int, every_ms: int) -> tuple[float, float]:
    """Press keys faster than pictures come; return seconds of pressing and ms from last key to rest."""
    page.locator(".noUi-handle").first.focus()
    for _ in range(presses):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(every_ms)
    page.wait_for_function("() => performance.now() - window.probe.changedAt > 3000", timeout=120_000)
    return page.evaluate("() => window.probe.changedAt - window.probe.lastKey")


def summary(name: str, ms: list[float]) -> float:
    median = statistics.median(ms)
    p95 = sorted(ms)[int(0.95 * (len(ms) - 1))]
    print(f"{name:<44} median {median:7.0f} ms   p95 {p95:7.0f} ms   ({len(ms)} moves)", flush=True)
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=30)
    parser.add_argument("--explorer", choices=["all", *(kind.__name__ for kind in explorers.ALL)])
    arguments = parser.parse_args()
    number = arguments.moves
    with tempfile.TemporaryDirectory() as temporary:
        folder, scratch = Path(temporary, "notebooks"), Path(temporary, "scratch")
        folder.mkdir(), scratch.mkdir()
        if arguments.explorer:
            every = [kind.__name__ for kind in explorers.ALL if not hasattr(kind, "pieces")]
            chosen = every if arguments.explorer == "all" else [arguments.explorer]
            with running_lab(folder, scratch) as url, running_browser() as page:
                for kind in chosen:
                    against_twin(page, url, folder, kind, number)
            return
        write(folder, "small.ipynb", EXPLORER.format(depth=10, width=500))
        write(folder, "large.ipynb", EXPLORER.format(depth=30, width=1000))
        write(folder, "naive.ipynb", NAIVE)
        write(folder, "floor.ipynb", FLOOR)
        with running_lab(folder, scratch) as url, running_browser() as page:
            start(page, url("small.ipynb"))
            fast = summary("explorer, 10 layers × 500 units × 500 samples", moves(page, number))
            start(page, url("naive.ipynb"))
            slow = summary("naive @interact + subplots + hist, the same", moves(page, number))
            print(f"ratio naive / explorer: {slow / fast:.1f}")
            start(page, url("floor.ipynb"))
            floor = float(page.evaluate(READ_OUTPUT))
            print(f"the ten matrix products alone: {floor:.0f} ms; explorer / products: {fast / floor:.1f}")
            start(page, url("large.ipynb"))
            large = summary("explorer, 30 layers × 1000 units", moves(page, number))
            rest = drag(page, 60, 20)
            print(f"60 key presses, 20 ms apart, at 30 × 1000: at rest {rest:.0f} ms after the last key")
            print(f"that is {rest / large:.1f} single moves")


if __name__ == "__main__":
    main()
