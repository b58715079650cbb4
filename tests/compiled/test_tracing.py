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


def test_a_plain_layer_step_by_step():
    assert program("plain") == [
        "c = x @ W  (4, 6)",
        "d = broadcast_in_dim(b)  (1, 6)",
        "e = c + d  (4, 6)",
        "f = max(e, 0)  (4, 6)",
        "return f",
    ]


def test_a_branch_on_the_shape_is_gone():
    assert any("reduce_sum" in line for line in program("branch_on_shape", 4))
    assert not any("reduce_sum" in line for line in program("branch_on_shape", 2))


def test_a_mask_of_numpy_is_stored():
    assert any("stored(4, 6)" in line for line in program("numpy_mask"))
    assert not any("stored" in line for line in program("plain"))


def test_a_branch_on_data_is_refused_and_the_others_are_not():
    refusals = {name: compiled.refusal_of(silent(name), *inputs(4, 0)[:3]) for name in list(PROGRAMS)[:5]}
    assert refusals.pop("branch_on_data").startswith("TracerBoolConversionError: Attempted boolean")
    assert not any(refusals.values())


def test_a_function_called_inside_is_written_out():
    jax = pytest.importorskip("jax")
    double = jax.jit(lambda a: a * 2.0)
    lines = compiled.program_of(lambda a: double(a) + 1.0, np.ones(3, np.float32), names=("x",))
    assert lines == ["c = x × 2  (3,)", "d = c + 1  (3,)", "return d"]


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
