"""The script that made the shipped subset."""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def subset_builder():
    path = ROOT / "tools" / "build_fashion_mnist_subset.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_build_is_balanced_and_reproducible(tmp_path, folder, originals, subset_builder):
    packed = subset_builder.build(folder, train_per_class=5, test_per_class=4)
    assert packed == subset_builder.build(folder, train_per_class=5, test_per_class=4)
    (tmp_path / "small.npz").write_bytes(packed)
    with np.load(tmp_path / "small.npz", allow_pickle=False) as arrays:
        small = dict(arrays)
    for part, per_class in (("train", 5), ("test", 4)):
        x, y = small[f"x_{part}"], small[f"y_{part}"]
        assert x.dtype == y.dtype == np.uint8
        assert x.shape == (10 * per_class, 28, 28)
        assert np.bincount(y).tolist() == [per_class] * 10
        label_of = {
            image.tobytes(): label
            for image, label in zip(originals[0][f"x_{part}"], originals[0][f"y_{part}"], strict=True)
        }
        assert len({image.tobytes() for image in x}) == len(x)
        assert [label_of[image.tobytes()] for image in x] == y.tolist()


def test_selection_is_pinned(subset_builder):
    """NumPy promises the raw stream of PCG64, so these indices hold for every version."""
    labels = np.arange(12) % 3
    chosen = subset_builder.select(labels, 2, np.random.default_rng(5))
    assert chosen.tolist() == [7, 8, 4, 11, 3, 6]
    assert labels[chosen].tolist() == [1, 2, 1, 2, 0, 0]
    with pytest.raises(ValueError, match="at least 5 samples; it has 4"):
        subset_builder.select(labels, 5, np.random.default_rng(5))


def test_script_writes_and_reports(tmp_path, folder, subset_builder, monkeypatch, capsys):
    monkeypatch.setattr(subset_builder.build, "__defaults__", (3, 2))
    out = tmp_path / "out.npz"
    subset_builder.main(["--idx", str(folder), "--out", str(out)])
    report = capsys.readouterr().out
    assert hashlib.sha256(out.read_bytes()).hexdigest() in report
    assert "IS NOT the one" in report
    with pytest.raises(SystemExit, match=r"No subset was built\. Expected an IDX file"):
        subset_builder.main(["--idx", str(tmp_path), "--out", str(tmp_path / "none.npz")])
    assert not (tmp_path / "none.npz").exists()
