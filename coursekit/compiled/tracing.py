"""What tracing a function writes down, as lines that one can read; and what it cannot trace."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from coursekit.compiled.backends import need_jax

LETTERS = "cdefghijklmnopqrstuvwyz"
SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "/", "dot_general": "@", "gt": ">"}


class Step(NamedTuple):
    """One step of a traced program.

    Attributes
    ----------
    text : str
        The step as one would write it, and the shape that it gives: "c = x @ W  (4, 6)".
    name : str
        What JAX calls it, "dot_general"; "" for the line that returns.
    """

    text: str
    name: str = ""


def program_of(function: Callable[..., Any], *args: Any, names: Sequence[str] = ()) -> list[Step]:
    """Trace a function for arguments of these shapes, and return its program, a step a line.

    Parameters
    ----------
    function : callable
        From arrays to an array.
    *args : array, or list of arrays
    names : sequence of str
        What the arrays among the arguments are to be called; else a0, a1 and so on.

    Returns
    -------
    list of Step
        The steps in order, and at the end what is returned.

    Raises
    ------
    RuntimeError
        If JAX is not installed.
    """
    jaxpr = need_jax().make_jaxpr(function)(*args)
    inner = jaxpr.jaxpr
    given = [*names, *(f"a{i}" for i in range(len(names), len(inner.invars)))]
    called = dict(zip(inner.invars, given, strict=False))
    called |= {var: f"stored{shape_of(var)}" for var in inner.constvars}
    lines = list(_lines(inner.eqns, called, iter(LETTERS * 9)))
    return [*lines, Step("return " + ", ".join(_word(var, called) for var in inner.outvars))]


def refusal_of(function: Callable[..., Any], *args: Any) -> str:
    """Return the name and the first sentence of the error with which tracing ends; "" if there is none."""
    jax = need_jax()
    try:
        jax.make_jaxpr(function)(*args)
    except (jax.errors.JAXTypeError, jax.errors.JAXIndexError) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return ""


def shape_of(var: Any) -> str:
    """Return the shape of a variable of a program, "(4, 6)"; "" for a single number."""
    shape = tuple(var.aval.shape)
    return str(shape) if shape else ""


def _lines(eqns: Any, called: dict[Any, str], letters: Iterator[str]) -> Iterator[Step]:
    """Yield each step; a function called inside is written out in its place."""
    for eqn in eqns:
        inside = eqn.params.get("jaxpr")
        if inside is not None:
            body = getattr(inside, "jaxpr", inside)
            within = dict(zip(body.invars, (_word(v, called) for v in eqn.invars), strict=True))
            within |= {var: f"stored{shape_of(var)}" for var in body.constvars}
            yield from _lines(body.eqns, within, letters)
            ends = (_word(var, within) for var in body.outvars)
            called.update(zip(eqn.outvars, ends, strict=True))
            continue
        words = [_word(var, called) for var in eqn.invars]
        (out,) = eqn.outvars
        called[out] = next(letters)
        name = eqn.primitive.name
        text = f"{called[out]} = {_written(name, words, eqn)}  {shape_of(out)}".rstrip()
        yield Step(text, name)


def _written(name: str, words: list[str], eqn: Any) -> str:
    """Return a step in the words of NumPy; one that is not known here keeps JAX's name."""
    if name in SIGNS and len(words) == 2:
        return f"{words[0]} {SIGNS[name]} {words[1]}"
    if name == "reduce_sum":
        axes, all_of_them = eqn.params["axes"], len(eqn.invars[0].aval.shape)
        along = f", axis={axes[0] if len(axes) == 1 else axes}" if len(axes) < all_of_them else ""
        return f"sum({words[0]}{along})"
    if name == "select_n" and len(words) == 3:  # JAX names what is taken at False first
        return f"where({words[0]}, {words[2]}, {words[1]})"
    if name == "convert_element_type":
        return f"{np.dtype(eqn.params['new_dtype'])}({words[0]})"
    said = {"broadcast_in_dim": "broadcast"}.get(name, name)
    return f"{said}({', '.join(words)})"


def _word(var: Any, called: dict[Any, str]) -> str:
    """Return the name of a variable, or the number that stands in its place."""
    if hasattr(var, "val"):
        return f"{var.val:g}" if getattr(var.val, "ndim", 0) == 0 else f"stored{shape_of(var)}"
    return called.get(var, "?")
