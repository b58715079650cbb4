"""Saving and loading: round trips, and every file that must not be loaded."""

import io
import os
import pickle
import re
import zipfile

import numpy as np
import pytest

from coursekit import nn
from coursekit.nn import BatchNorm, Dense, Sequential, Tanh, load_parameters, save_parameters


def make(seed, dtype=np.float64, units=4, columns=3):
    """A net with parameters and running statistics off their initial values."""
    rng = np.random.default_rng(seed)
    net = Sequential(Dense(units), BatchNorm(), Sequential(Tanh(), Dense(2))).initialize("he_normal", rng)
    net.forward(rng.normal(3, 2, (8, columns)).astype(dtype), training=True)
    for array in (net.params | net.buffers).values():
        array += 0.1 * rng.uniform(0.5, 1, array.shape).astype(dtype)
    return net


def contents(net):
    return {name: array.copy() for name, array in (net.params | net.buffers).items()}


def assert_same(net, expected):
    found = net.params | net.buffers
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("as_text", [True, False])
def test_round_trip(tmp_path, dtype, as_text):
    path = tmp_path / "net.npz"
    net, other = make(0, dtype), make(1, dtype)
    expected = contents(net)
    arrays = {name: id(array) for name, array in (other.params | other.buffers).items()}
    save_parameters(net, str(path) if as_text else path)
    assert_same(net, expected)
    load_parameters(other, str(path) if as_text else path)
    assert_same(other, expected)
    assert {name: id(array) for name, array in (other.params | other.buffers).items()} == arrays
    x = np.random.default_rng(2).standard_normal((5, 3)).astype(dtype)
    np.testing.assert_array_equal(other.forward(x), net.forward(x))
    assert os.listdir(tmp_path) == ["net.npz"]


def test_the_file_is_an_ordinary_npz_with_plain_names(tmp_path):
    net = make(0)
    save_parameters(net, tmp_path / "net")  # no ending is added
    assert os.listdir(tmp_path) == ["net"]
    with np.load(tmp_path / "net", allow_pickle=False) as file:
        assert file.files == [
            *(
                "params.0.W",
                "params.0.b",
                "params.1.gamma",
                "params.1.beta",
                "params.2.1.W",
                "params.2.1.b",
            ),
            *("buffers.1.mean", "buffers.1.var"),
        ]
        np.testing.assert_array_equal(file["params.0.W"], net.params["0.W"])
        np.testing.assert_array_equal(file["buffers.1.var"], net.buffers["1.var"])


def test_a_single_layer_and_views_of_larger_arrays(tmp_path):
    layer, other = (Dense(2, in_units=3).initialize("he_normal", np.random.default_rng(s)) for s in (0, 1))
    big = np.zeros((6, 4), np.float32)
    big[::2, ::2] = layer.params["W"]
    layer.params["W"] = big[::2, ::2]
    save_parameters(layer, tmp_path / "layer.npz")
    load_parameters(other, tmp_path / "layer.npz")
    np.testing.assert_array_equal(other.params["W"], layer.params["W"])


def test_numbers_are_rounded_to_the_net_s_dtype(tmp_path):
    net, other = make(0, np.float64), make(1, np.float32)
    save_parameters(net, tmp_path / "net.npz")
    load_parameters(other, tmp_path / "net.npz")
    assert_same(other, {name: array.astype(np.float32) for name, array in contents(net).items()})


def test_a_save_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    net = make(0)
    save_parameters(net, path)
    old = path.read_bytes()

    def half(file, **arrays):
        file.write(b"half of it")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(OSError, match="disk full"):
        save_parameters(make(1), path)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == ["net.npz"]


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path, monkeypatch):
    path, replace, seen = tmp_path / "net.npz", os.replace, []

    def watched(source, target):
        assert not path.exists()
        with zipfile.ZipFile(source) as archive:
            assert archive.testzip() is None
        seen.append(os.path.dirname(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    save_parameters(make(0), path)
    assert seen == [str(tmp_path)], "another folder may be another disk, where a rename is a copy"


def entry(path, changes, drop=()):
    """Write a saved net's file with some entries changed."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if name not in drop} | changes
    np.savez(path, allow_pickle=True, **arrays)


class Harmful:
    """Would leave a trace if it were unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("harm-was-done",))


def spoil(change):
    return lambda path: path.write_bytes(change(path.read_bytes()))


def npy(data):
    file = io.BytesIO()
    np.save(file, np.ones(3))
    return file.getvalue()


def archive_of_text(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("params.0.W.npy", b"123")


def flipped(data):
    at = data.index(b"NUMPY") + 200  # inside the first array's numbers
    return data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]


WRONG_FILES = {
    "empty": (spoil(lambda data: b""), "net.npz cannot be loaded: it is damaged, or was not made by"),
    "text": (spoil(lambda data: b"W = 3"), "cannot be loaded: it is damaged"),
    "truncated": (spoil(lambda data: data[:-100]), "cannot be loaded: it is damaged"),
    "truncated early": (spoil(lambda data: data[:50]), "cannot be loaded: it is damaged"),
    "one bit flipped": (spoil(flipped), r"damaged.*Bad CRC-32 for file 'params.0.W.npy'"),
    "a pickle": (spoil(lambda data: pickle.dumps(Harmful())), "cannot be loaded: it is damaged"),
    "an npy file": (spoil(npy), "cannot be loaded: it is damaged"),
    "a pickle inside": (
        lambda path: entry(path, {"params.0.b": np.array([Harmful()], object)}),
        "cannot be loaded: .*Object arrays cannot be loaded",
    ),
    "no array inside": (archive_of_text, "cannot be loaded"),
    "a name missing": (
        lambda path: entry(path, {}, drop=["params.1.beta"]),
        r"net.npz has no params\.1\.beta, which this net has",
    ),
    "a buffer missing": (
        lambda path: entry(path, {}, drop=["buffers.1.var"]),
        r"net.npz has no buffers\.1\.var",
    ),
    "a name too many": (
        lambda path: entry(path, {"params.3.W": np.ones((2, 5))}),
        r"net.npz has params\.3\.W \(2, 5\), which this net does not have",
    ),
    "another shape": (
        lambda path: entry(path, {"params.0.b": np.ones(7)}),
        r"params\.0\.b in net.npz has the shape \(7,\); this net's is \(4,\)",
    ),
    "a shape that would broadcast": (
        lambda path: entry(path, {"params.0.b": np.ones(1)}),
        r"has the shape \(1,\); this net's is \(4,\)",
    ),
    "whole numbers": (
        lambda path: entry(path, {"buffers.1.mean": np.ones(4, int)}),
        r"buffers\.1\.mean in net.npz must hold floats; its dtype is int64",
    ),
    "complex numbers": (lambda path: entry(path, {"params.0.b": np.ones(4, complex)}), "must hold floats"),
    "text inside": (lambda path: entry(path, {"params.0.b": np.array(["a"] * 4)}), "must hold floats"),
}


@pytest.mark.parametrize(("spoiled", "sentence"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_wrong_file_is_refused_and_changes_nothing(tmp_path, monkeypatch, spoiled, sentence):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.npz"
    save_parameters(make(0), path)
    spoiled(path)
    net = make(1)
    before = contents(net)
    with pytest.raises(ValueError, match=sentence):
        load_parameters(net, path)
    assert_same(net, before)
    assert os.listdir(tmp_path) == ["net.npz"], "nothing in the file was run"


def test_every_truncation_is_refused(tmp_path):
    path, net = tmp_path / "net.npz", make(1)
    save_parameters(make(0), path)
    data, before = path.read_bytes(), contents(net)
    for length in range(0, len(data), 37):
        path.write_bytes(data[:length])
        with pytest.raises(ValueError, match="cannot be loaded"):
            load_parameters(net, path)
    assert_same(net, before)


def test_the_file_of_another_net_is_refused(tmp_path):
    save_parameters(make(0, units=5), tmp_path / "net.npz")
    net = make(1)
    before = contents(net)
    with pytest.raises(ValueError, match=r"params\.0\.W .* shape \(3, 5\); this net's is \(3, 4\)"):
        load_parameters(net, tmp_path / "net.npz")
    assert_same(net, before)


def test_numbers_too_large_for_the_net_are_refused(tmp_path):
    net, other = make(0, np.float64), make(1, np.float32)
    net.params["2.1.b"][0] = 1e300
    before = contents(other)
    save_parameters(net, tmp_path / "net.npz")
    with pytest.raises(ValueError, match=r"params\.2\.1\.b in net.npz exceeds what this net's float32"):
        load_parameters(other, tmp_path / "net.npz")
    assert_same(other, before)


def test_nets_of_unknown_sizes_are_told_to_run_forward(tmp_path):
    net = Sequential(Dense(2)).initialize("he_normal", np.random.default_rng(0))
    with pytest.raises(RuntimeError, match="run one forward first"):
        save_parameters(net, tmp_path / "net.npz")
    assert os.listdir(tmp_path) == []
    save_parameters(make(0), tmp_path / "net.npz")
    with pytest.raises(ValueError, match=r"params\.0\.W \(3, 4\).* still unknown run one forward first"):
        load_parameters(net, tmp_path / "net.npz")
    assert re.search(r"Dense\(\? -> 2\)", repr(net))


def test_no_net_and_no_file_are_refused(tmp_path):
    with pytest.raises(TypeError, match="a layer or a net is needed; got"):
        save_parameters({"W": np.ones(3)}, tmp_path / "net.npz")
    with pytest.raises(TypeError, match="a layer or a net is needed"):
        load_parameters("net", tmp_path / "net.npz")
    with pytest.raises(FileNotFoundError, match=r"net\.npz"):
        load_parameters(make(0), tmp_path / "net.npz")
    with pytest.raises(FileNotFoundError):
        save_parameters(make(0), tmp_path / "nowhere" / "net.npz")


def test_a_net_of_which_a_part_has_no_sizes_yet_is_not_saved(tmp_path):
    net = nn.Sequential(nn.Dense(3, in_units=2), nn.BatchNorm(), nn.Dense(2))
    net.initialize("he_normal", np.random.default_rng(0))
    with pytest.raises(
        RuntimeError, match=r"BatchNorm\(.*has no parameters to save: run one forward first"
    ):
        nn.save_parameters(net, tmp_path / "net.npz")
    assert not list(tmp_path.iterdir())


def test_a_read_only_array_is_refused_before_anything_changes(tmp_path):
    def net(seed):
        made = nn.Sequential(nn.Dense(3, in_units=2), nn.Dense(2, in_units=3))
        return made.initialize("he_normal", np.random.default_rng(seed))

    nn.save_parameters(net(0), tmp_path / "net.npz")
    other = net(1)
    other.params["1.W"].flags.writeable = False
    before = {name: array.copy() for name, array in other.params.items()}
    with pytest.raises(ValueError, match=r"params.1.W of this net is read-only"):
        nn.load_parameters(other, tmp_path / "net.npz")
    for name, array in other.params.items():
        np.testing.assert_array_equal(array, before[name])
