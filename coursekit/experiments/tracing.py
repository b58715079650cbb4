"""A function called again and again, imperative and compiled: its prints, and what tracing keeps."""

import functools
from dataclasses import dataclass

import numpy as np

from coursekit import compiled
from coursekit.compiled.programs import PROGRAMS, inputs
from coursekit.nn import checks
from coursekit.words import digits

MOST = 20  # calls
KINDS = 4  # of batch sizes
FIRST_SIZE = 4
MASKED = ("numpy_mask", "mask_handed_in")


@dataclass(frozen=True)
class Tracing:
    """What calls of a function did on NumPy, and compiled by JAX.

    Attributes
    ----------
    program : str
        A key of `compiled.PROGRAMS`.
    code : tuple of str
        The function as it is written.
    steps : tuple of Step
        The traced program of the first batch size; empty where there is none.
    sizes : tuple of int
        Samples in the batch of each call.
    prints : tuple of int
        How often it had printed after each call on NumPy.
    traced_prints : tuple of int
        The same of the compiled function; empty where there is none.
    sees : tuple of str
        The first print on NumPy, and the first of the compiled function.
    difference : float or None
        The largest difference between the answers of both.
    masks : tuple of int or None
        How many different masks were seen on NumPy and compiled; None for a program without a mask.
    patterns : ndarray of bool, shape (2, calls, 4, 6)
        Of a program with a mask: what it let through at each call, on NumPy and compiled, of the first four
        samples; else empty. Without JAX the second is False.
    refusal : str
        Why tracing ended; "" if it did not.
    here : bool
        Whether JAX is installed.
    """

    program: str
    code: tuple[str, ...]
    steps: tuple[compiled.Step, ...]
    sizes: tuple[int, ...]
    prints: tuple[int, ...]
    traced_prints: tuple[int, ...]
    sees: tuple[str, str]
    difference: float | None
    masks: tuple[int, int] | None
    patterns: np.ndarray
    refusal: str
    here: bool


def trace_calls(program: str, calls: int, sizes: int = 1) -> Tracing:
    """Call a program on NumPy, and compiled where that is possible.

    Parameters
    ----------
    program : str
        A key of `compiled.PROGRAMS`.
    calls : int
        1 to 20. Each has new data.
    sizes : int
        How many batch sizes take turns, 1 to 4: 4, 5, 6 and 7 samples.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    checks.one_of("program", program, tuple(PROGRAMS))
    for name, value, most in (("calls", calls, MOST), ("sizes", sizes, KINDS)):
        if checks.positive_int(name, value) > most:
            raise ValueError(f"{name} must be 1 to {most}; got {value}.")
    here = compiled.available()
    on_numpy, on_jax = _run(program, sizes, False), None
    steps, refusal = _traced(program) if here else ((), "")
    if here and not refusal:
        on_jax = _run(program, sizes, True)
    counts = tuple(on_numpy.prints[:calls])
    patterns = _patterns(on_numpy, on_jax, calls) if program in MASKED else np.zeros((2, 0, 4, 6), bool)
    return Tracing(
        program,
        tuple(compiled.listing(program)),
        steps,
        tuple(_size(call, sizes) for call in range(calls)),
        counts,
        tuple(on_jax.prints[:calls]) if on_jax else (),
        (on_numpy.seen, on_jax.seen if on_jax else ""),
        _difference(on_numpy, on_jax, calls) if on_jax else None,
        _masks(patterns, on_jax is not None) if program in MASKED else None,
        patterns,
        refusal,
        here,
    )


@dataclass(frozen=True)
class _Run:
    """All 20 calls: prints so far after each, the first print, the answers."""

    prints: list[int]
    seen: str
    answers: list[np.ndarray]


def _size(call, sizes):
    return FIRST_SIZE + call % sizes


def _bound(program, rng, say):
    """Return a program as a function of arrays alone, and how many of `inputs` it takes."""
    body = PROGRAMS[program]
    if program == "mask_handed_in":
        return (lambda W, b, x, mask: body(W, b, x, mask, say)), 4
    return (lambda W, b, x: body(W, b, x, rng, say)), 3


@functools.lru_cache(maxsize=2 * KINDS * len(PROGRAMS))
def _run(program: str, sizes: int, on_jax: bool) -> _Run:
    said: list[str] = []
    function, arguments = _bound(
        program, np.random.default_rng(0), lambda words, x: said.append(f"{words} {_shown(x)}")
    )
    make = np.asarray
    if on_jax:
        jax = compiled.need_jax()
        function, make = jax.jit(function), jax.numpy.asarray
    prints, answers = [], []
    for call in range(MOST):
        arrays = [make(a) for a in inputs(_size(call, sizes), call)[:arguments]]
        answers.append(np.asarray(function(*arrays)))
        prints.append(len(said))
    return _Run(prints, said[0], answers)


def _shown(x):
    """Return what print shows of an array, cut to a line; of a tracer that is its type, and no numbers."""
    if isinstance(x, np.ndarray):
        return f"[[{x[0, 0]:.2f} {x[0, 1]:.2f} {x[0, 2]:.2f}] …"
    return str(x).replace("JitTracer", "Tracer")


@functools.lru_cache(maxsize=len(PROGRAMS))
def _traced(program: str) -> tuple[tuple[compiled.Step, ...], str]:
    """Return the traced program's steps, or why tracing ended."""
    function, arguments = _bound(program, np.random.default_rng(0), lambda words, x: None)
    arrays = inputs(FIRST_SIZE, 0)[:arguments]
    refusal = compiled.refusal_of(function, *arrays)
    if refusal:
        return (), refusal
    return tuple(compiled.program_of(function, *arrays, names=("W", "b", "x", "mask")[:arguments])), ""


def _difference(one, two, calls):
    pairs = zip(one.answers[:calls], two.answers[:calls], strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _patterns(one, two, calls):
    """Return what the mask let through; of larger batches the rows that all have."""
    shown = [[answer[:FIRST_SIZE] != 0 for answer in run.answers[:calls]] for run in (one, two or one)]
    return np.array(shown) & np.array([True, two is not None])[:, None, None, None]


def _masks(patterns, compiled_too):
    """Count the different masks on NumPy, and compiled."""
    one, two = (len({mask.tobytes() for mask in way}) for way in patterns)
    return one, two if compiled_too else 0


def diagnose_tracing(result: Tracing) -> str:
    """Say how often both printed, and what that means for this program."""
    calls = len(result.sizes)
    called = f"{calls} calls print" if calls > 1 else "1 call prints"
    if not result.here:
        return f"On NumPy {called} {_times(result.prints[-1])}. {compiled.MISSING}"
    if result.refusal:
        return (
            f"On NumPy {called} {_times(result.prints[-1])}. Compiled it never runs: “if” needs a "
            f"number, and while tracing x has a shape but no numbers. JAX says {result.refusal}"
        )
    kinds, traced = len(set(result.sizes)), result.traced_prints[-1]
    text = (
        f"On NumPy {called} {_times(result.prints[-1])}; compiled {_times(traced)}: only while it is "
        f"traced, once for each batch size ({kinds})."
    )
    return f"{text} {_answers(result)}"


def _answers(result):
    if result.masks is not None and result.difference is not None:
        one, two = result.masks
        if result.program == "numpy_mask":
            return (
                f"NumPy drew {_counted(one)}, the compiled function {_counted(two)}, and kept what it drew."
            )
        return f"Both saw {_counted(two)}: the mask is an argument, so it changes with each call."
    if result.program == "branch_on_shape":
        return "“if” is gone from the program: the shape was known, so one branch was written down."
    if not result.difference:
        return "The answers are equal."
    return f"Answers differ by at most {digits(result.difference, 1)}."


def _times(count):
    return "once" if count == 1 else f"{count} times"


def _counted(masks):
    return f"{masks} mask{'s' * (masks != 1)}"
