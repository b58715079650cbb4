"""Claims of lesson 12 on compiled execution. They are there where JAX is: see `coursekit.compiled`."""

import numpy as np

from coursekit import compiled, nn
from coursekit.claims.claim import claim
from coursekit.experiments.tracing import MOST, trace_calls

GLUON = "a course note on Gluon, section 11"


def net_and_batch(seed: int) -> tuple[nn.Sequential, np.ndarray]:
    """Return the net of Gluon's notes, 512 → 256 → 128 → 2, and a batch."""
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(128), nn.ReLU(), nn.Dense(2))
    x = rng.standard_normal((64, 512), dtype=np.float32)
    net.initialize("he_normal", rng).forward(x)
    return net, x


if compiled.available():

    @claim(
        says="One forward pass gives the same answers on NumPy, on JAX, and compiled.",
        verdict="holds",
        measured="largest difference to the course's own net",
        band=(0, 1e-5),
        setting="dense layers of 256, 128 and 2 units, 64 samples of 512 numbers, float32",
        source=GLUON,
        carries=True,
    )
    def compiled_equals_imperative(seed: int) -> float:
        return max(compiled.same_answers(*net_and_batch(seed)).values())

    @claim(
        says="A mask that NumPy draws inside a compiled function is drawn once.",
        verdict="holds",
        measured=f"different masks in {MOST} calls",
        band=(1, 1),
        setting="a dense layer of 6 units, 4 samples; new samples at each call",
        source="JAX documentation, common gotchas",
        carries=True,
    )
    def a_numpy_mask_freezes(seed: int) -> float:
        rng, samples = np.random.default_rng(seed), np.random.default_rng(seed + 100)
        W, b = (samples.standard_normal(shape, dtype=np.float32) for shape in ((3, 6), (6,)))
        body = compiled.PROGRAMS["numpy_mask"]
        function = compiled.need_jax().jit(lambda x: body(W, b, x, rng, lambda *words: None))
        batches = samples.standard_normal((MOST, 4, 3), dtype=np.float32)
        return float(len({(np.asarray(function(x)) == 0).tobytes() for x in batches}))

    @claim(
        says="A compiled function runs its Python once for each shape, however often it is called.",
        verdict="holds",
        measured=f"prints in {MOST} calls with three batch sizes",
        band=(3, 3),
        setting="a dense layer with ReLU; 4, 5 and 6 samples in turn",
        source=GLUON,
    )
    def python_runs_once_for_each_shape(seed: int) -> float:
        del seed
        return float(trace_calls("plain", MOST, 3).traced_prints[-1])
