"""What is no path is refused by everything that takes one."""

import pytest

from coursekit import datasets


@pytest.mark.parametrize(
    "load",
    [
        datasets.fashion_mnist,
        datasets.fashion_mnist_full,
        datasets.fetch_fashion_mnist,
        datasets.read_idx,
    ],
)
def test_what_is_no_path_is_refused(load):
    with pytest.raises(TypeError, match="should be a str or a Path; got int 3"):
        load(3)
