"""Wrong calls: each is refused with a sentence that helps, and changes nothing.

The calls stand in wrong_arguments.py, wrong_passes.py and wrong_training.py, over all that coursekit.nn and
coursekit.training export. Each is given what `made` returns.
"""

import copy
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import nn, training
from tests.nn import wrong_arguments, wrong_passes, wrong_training

TABLES = wrong_arguments, wrong_passes, wrong_training


def there_and_back(rng, x, **blocks):
    for block in blocks.values():
        block.initialize("xavier_uniform", rng)
        block.backward(np.ones_like(block.forward(x, training=True)))
    return blocks


def half_built(rng):
    """Return a net whose last layer was forgotten when the others were initialized."""
    net = nn.Sequential(nn.BatchNorm(), nn.Dropout(0.5), nn.Dense(3, in_units=3), nn.Dense(2))
    for layer in net.layers[:3]:
        layer.initialize("he_normal", rng)
    net.layers[0].forward(np.ones((4, 3)), training=True)
    return net


def make(folder):
    """Return layers in the middle of their work, and good arguments for them."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3))

    def net(units=2):
        return nn.Sequential(nn.Dense(3), nn.BatchNorm(), nn.Tanh(), nn.Dense(units))

    rows = there_and_back(
        *(rng, x),
        **dict(dense=nn.Dense(2), norm=nn.BatchNorm(), net=net(), wider=net(5), layer=nn.LayerNorm()),
        **dict(drop=nn.Dropout(0.5), uneven=net()),
    )
    rows["uneven"].layers[0].forward(x[:2])
    images = there_and_back(
        *(rng, rng.standard_normal((2, 2, 4, 4))),
        **dict(conv=nn.Conv2D(3, 2), pool=nn.MaxPool2D(2), flat=nn.Flatten()),
    )
    others = there_and_back(rng, rng.standard_normal((3, 4, 2)), rnn=nn.SimpleRNN(2, "batch"))
    others |= there_and_back(rng, rng.standard_normal((2, 4)), group=nn.GroupNorm(2))
    here = SimpleNamespace(
        **(rows | images | others),
        known=nn.Dense(2, in_units=3).initialize("he_normal", rng),
        fresh=nn.Dense(2).initialize("he_normal", rng),
        half=half_built(rng),
        adam=nn.Adam(0.1),
        x=x,
        rng=rng,
        labels=np.array([0, 1, 1, 0]),
        folder=folder,
        file=folder / "net.npz",
        text=folder / "text.npz",
    )
    here.adam.step(here.net)
    nn.save_parameters(here.net, here.file)
    here.text.write_text("W = 3")
    batch = {"net": here.net, "x": x, "y": here.labels}
    one = batch | {"optimizer": here.adam, "epochs": 1, "batch_size": 4, "rng": rng}
    here.fit = lambda **wrong: next(training.fit(**(one | wrong)))
    here.evaluate = lambda **wrong: training.evaluate(**(batch | wrong))
    return here


def snapshot(made):
    """Everything that a refused call could have touched, what forward kept for backward included."""
    seen = {f"file {path.name}": path.read_bytes() for path in made.folder.iterdir()}
    seen |= {"rng": copy.deepcopy(made.rng.bit_generator.state), "x": made.x.copy()}
    seen |= {"labels": made.labels.copy(), "steps": made.adam.steps}
    for name, memory in made.adam._memories[made.net].items():
        seen |= {f"memory {i} of {name}": array.copy() for i, array in enumerate(memory.averages)}
        seen[f"steps of {name}"] = memory.steps
    for name, block in vars(made).items():
        if isinstance(block, nn.Block):
            seen |= {f"{name} {what}": value for what, value in of_block(block).items()}
    return seen


def of_block(block):
    seen = {"repr": repr(block)}
    for kind in ("params", "grads", "buffers"):
        seen |= {f"{kind} {key}": np.array(array) for key, array in getattr(block, kind).items()}
    for prefix, leaf in block.leaves().items():
        leaf = copy.copy(leaf)
        leaf.grads = {}
        if kept_shape(leaf):
            numbers = np.cos(np.arange(np.prod(kept_shape(leaf)))).reshape(kept_shape(leaf))
            seen[f"{prefix} backward"] = leaf.backward(numbers)
    return seen


def kept_shape(leaf):
    """Return the shape of a layer's last output, read off its own refusal of a number; None before it."""
    try:
        leaf.backward(0.0)
    except ValueError as refusal:
        return tuple(map(int, re.findall(r"\d+", str(refusal).split(";")[0])))
    except RuntimeError:
        return None


@pytest.fixture(scope="module")
def unchanged():
    """Hold what is made, with its snapshot, from one call that changed nothing to the next."""
    return []


@pytest.mark.parametrize(("call", "error", "sentence"), [row for table in TABLES for row in table.ALL])
def test_a_wrong_call_is_refused_and_changes_nothing(unchanged, tmp_path_factory, call, error, sentence):
    if unchanged:
        made, before = unchanged.pop()  # kept away from the next test unless this one passes
    else:
        made = make(tmp_path_factory.mktemp("files"))
        before = snapshot(made)
    with pytest.raises(error, match=sentence):
        call(made)
    after = snapshot(made)
    assert before.keys() == after.keys()
    for name, value in before.items():
        if isinstance(value, np.ndarray):
            assert value.dtype == after[name].dtype, name
            np.testing.assert_array_equal(after[name], value, err_msg=name)
        else:
            assert after[name] == value, name
    unchanged.append((made, before))


@pytest.mark.parametrize("name", [*nn.__all__, "fit", "evaluate"])
def test_everything_that_is_exported_refuses_something(name):
    text = "".join(Path(table.__file__).read_text() for table in TABLES)
    assert re.search(rf"\b{name}\b", text), f"no wrong call of {name} in the tables: add one"


def test_a_refused_first_batch_does_not_fix_the_sizes(tmp_path):
    made = make(tmp_path)
    for bad in (np.ones(3), np.ones((0, 9)), np.array([["a"]])):
        with pytest.raises((TypeError, ValueError)):
            made.fresh.forward(bad)
    assert made.fresh.forward(np.ones((2, 5))).shape == (2, 2)
    bare = nn.Dense(2)
    with pytest.raises(RuntimeError, match="call initialize"):
        bare.forward(np.ones((2, 9)))
    assert repr(bare) == "Dense(? -> 2)"
    assert bare.initialize("he_normal", made.rng).forward(np.ones((2, 5))).shape == (2, 2)
    norm = nn.BatchNorm(axis=2)
    with pytest.raises(ValueError, match="axis 2 among them"):
        norm.forward(np.ones((2, 3)))
    assert norm.params == norm.buffers == {}
    assert norm.forward(np.ones((2, 3, 4))).shape == (2, 3, 4)
