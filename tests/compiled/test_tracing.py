"""A traced program is what was computed, step by step; what needs values is refused."""

import numpy as np
import pytest

from coursekit import compiled
from coursekit.compiled.programs import PROGRAMS, inputs

pytest.importorskip("jax")


def silent(name):
    body = PROGRAMS[name]
    return lambda W, b, x: body(W, b, x, np.random.default_rng(0), lambda *words: None)


def program(name, size=4):
    return compiled.program_of(silent(name), *inputs(size, 0)[:3], names=("W", "b", "x"))


def texts(name, size=4):
    return [step.text for step in program(name, size)]


def work_out(steps, **arrays):
    """Compute what the lines of a program say, as a reader would with NumPy."""
    known = {
        **arrays, "sum": np.sum, "where": np.where, "max": np.maximum, "float32": np.float32,
        "broadcast": np.atleast_2d,
    }  # fmt: skip
    for step in steps[:-1]:
        line, _, shape = step.text.partition("  ")
        name, _, said = line.partition(" = ")
        known[name] = eval(said.replace("×", "*").replace("−", "-"), known)
        assert str(known[name].shape or "") == shape
    return known[steps[-1].text.removeprefix("return ")]


def test_a_plain_layer_step_by_step():
    assert program("plain") == [
        ("c = x @ W  (4, 6)", "dot_general"),
        ("d = broadcast(b)  (1, 6)", "broadcast_in_dim"),
        ("e = c + d  (4, 6)", "add"),
        ("f = max(e, 0)  (4, 6)", "max"),
        ("return f", ""),
    ]


@pytest.mark.parametrize("call", range(6))  # the mean of x is above 0 in some and below in others
@pytest.mark.parametrize("name", ["plain", "branch_on_shape", "choice_by_where"])
def test_whoever_computes_what_is_written_gets_what_the_function_gives(name, call):
    W, b, x, _ = inputs(4, call)
    right = PROGRAMS[name](W, b, x, None, lambda *words: None)
    np.testing.assert_allclose(work_out(program(name), W=W, b=b, x=x), right, rtol=1e-5, atol=1e-5)


def test_a_mask_that_is_handed_in_becomes_numbers():
    def function(W, b, x, mask):
        return PROGRAMS["mask_handed_in"](W, b, x, mask, lambda *words: None)

    given = dict(zip(("W", "b", "x", "mask"), inputs(4, 0), strict=True))
    steps = compiled.program_of(function, *given.values(), names=tuple(given))
    assert ("f = float32(mask)  (4, 6)", "convert_element_type") in steps
    np.testing.assert_allclose(work_out(steps, **given), function(**given), rtol=1e-5, atol=1e-5)


def test_a_sum_over_some_axes_says_which():
    x = np.ones((2, 3, 4), np.float32)
    for axis, said in (((0, 2), "axis=(0, 2)"), ((1,), "axis=1")):
        first, *_ = compiled.program_of(lambda a, axis=axis: a.__array_namespace__().sum(a, axis=axis), x)
        assert first.text.startswith(f"c = sum(a0, {said})"), first


def test_a_step_without_another_name_keeps_jax_s():
    jax = pytest.importorskip("jax")
    first, _ = compiled.program_of(jax.numpy.tanh, np.ones(3, np.float32), names=("x",))
    assert first == ("c = tanh(x)  (3,)", "tanh")


def test_a_branch_on_the_shape_is_gone():
    assert "c = sum(x, axis=0)  (3,)" in texts("branch_on_shape", 4)
    assert not any("sum" in line for line in texts("branch_on_shape", 2))


def test_a_mask_of_numpy_is_stored():
    assert any("stored(4, 6)" in line for line in texts("numpy_mask"))
    assert not any("stored" in line for line in texts("plain"))


def test_a_branch_on_data_is_refused_and_the_others_are_not():
    refusals = {name: compiled.refusal_of(silent(name), *inputs(4, 0)[:3]) for name in list(PROGRAMS)[:5]}
    assert refusals.pop("branch_on_data").startswith("TracerBoolConversionError: Attempted boolean")
    assert not any(refusals.values())


def test_a_function_called_inside_is_written_out():
    jax = pytest.importorskip("jax")
    double = jax.jit(lambda a: a * 2.0)
    steps = compiled.program_of(lambda a: double(a) + 1.0, np.ones(3, np.float32), names=("x",))
    assert [step.text for step in steps] == ["c = x × 2  (3,)", "d = c + 1  (3,)", "return d"]


def test_a_listing_is_the_function_s_own_text():
    for name in PROGRAMS:
        lines = compiled.listing(name)
        assert lines[0].startswith("def forward(W, b, x")
        assert '    print("x:", x)' in lines
    assert compiled.listing("numpy_mask")[0] == "def forward(W, b, x, rng):"


def test_two_devices_do_not_mix():
    found = compiled.two_devices()
    assert len(found.devices) == 2
    assert found.together == found.moved == found.devices[0]
    assert "incompatible devices" in found.error
