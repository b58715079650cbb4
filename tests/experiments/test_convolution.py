"""The window's arithmetic against plain loops, the sizes against Dumoulin and Visin's figures."""

import numpy as np
import pytest

from coursekit.experiments.convolution import (
    OPERATIONS,
    convolve,
    diagnose_convolution,
    picture_of,
    size_formula,
)
from coursekit.experiments.kernel_descent import learn_kernel
from coursekit.experiments.trained_cnn import trained_cnn, trained_filters

IMAGE = np.random.default_rng(0).random((13, 17))


def by_loops(image, kernel, stride, padding, dilation, pool=None):
    """Each output by itself, pixels outside the image read as zero."""
    k, (h, w) = len(kernel), image.shape
    span = dilation * (k - 1) + 1
    rows = []
    for top in range(-padding, h + padding - span + 1, stride):
        row = []
        for left in range(-padding, w + padding - span + 1, stride):
            seen = [
                [
                    image[r, c]
                    if 0 <= (r := top + dilation * i) < h and 0 <= (c := left + dilation * j) < w
                    else 0.0
                    for j in range(k)
                ]
                for i in range(k)
            ]
            row.append(pool(np.ravel(seen)) if pool else float(sum(map(sum, np.multiply(seen, kernel)))))
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 3, 2), (4, 0, 3)])
def test_the_output_is_that_of_loops(operation, stride, padding, dilation):
    c = convolve(
        IMAGE, operation, size=4, stride=stride, padding=padding, dilation=dilation, filter_number=3
    )
    pool = {"max": max, "min": min, "mean": np.mean}.get(operation)
    kernel = np.zeros((4, 4)) if pool else c.kernel
    np.testing.assert_allclose(
        c.output, by_loops(IMAGE, kernel, stride, padding, dilation, pool), atol=1e-12
    )


def test_the_place_and_its_arithmetic_by_hand():
    c = convolve(IMAGE, "edges_across", row=2, column=3, stride=2, padding=1)
    assert c.rows.tolist() == [3, 4, 5]
    assert c.columns.tolist() == [5, 6, 7]
    right, left = IMAGE[3:6, 7], IMAGE[3:6, 5]
    by_hand = right @ [1, 2, 1] - left @ [1, 2, 1]
    assert c.value == pytest.approx(by_hand)
    assert c.products.sum() == pytest.approx(by_hand)
    assert not c.hangs_over
    assert convolve(IMAGE, row=0, column=3, padding=1).hangs_over


# n, k, s, p, size: figures 2.1 to 2.7 of Dumoulin and Visin 2016, on larger images by hand.
@pytest.mark.parametrize(
    ("size", "stride", "padding", "dilation", "rows"),
    [
        (3, 1, 0, 1, 11),
        (4, 1, 2, 1, 14),
        (3, 1, 1, 1, 13),
        (3, 2, 0, 1, 6),
        (3, 2, 1, 1, 7),
        (3, 1, 0, 2, 9),
        (2, 4, 0, 1, 3),
    ],
)
def test_sizes(size, stride, padding, dilation, rows):
    c = convolve(IMAGE, "blur", size=size, stride=stride, padding=padding, dilation=dilation)
    assert c.output.shape[0] == rows
    assert size_formula(c).endswith(f"= {rows}")


def test_overlap_is_not_overhang():
    c = convolve(np.zeros((28, 28)), stride=2)
    assert (c.overlap, c.overhanging, c.unseen) == (1, 0, 1)
    c = convolve(np.zeros((28, 28)), padding=1, stride=3)
    # Windows start at −1, 2, … 26. The first hangs over, and the last, which ends at 28: 64 are inside.
    assert (c.overlap, c.overhanging, c.output.size) == (0, 36, 100)
    assert convolve(np.zeros((28, 28)), dilation=2).overlap == 4
    assert "do not overlap" in diagnose_convolution(c)
    assert "36 of 100 hang over the edge, into the padding." in diagnose_convolution(c)
    assert "0 of 676 hang over the edge, as there is no padding." in diagnose_convolution(
        convolve(np.zeros((28, 28)))
    )


def test_a_place_beyond_the_output_is_its_last():
    c = convolve(IMAGE, row=33, column=33)
    assert c.place == (10, 14)
    assert "Output (10, 14) is" in diagnose_convolution(c)


def test_flipping_turns_an_edge_detector_round():
    plain, flipped = (convolve(IMAGE, flip=flip).output for flip in (False, True))
    np.testing.assert_allclose(plain, -flipped)
    same = (convolve(IMAGE, "blur", flip=flip).output for flip in (False, True))
    np.testing.assert_array_equal(*same)


def test_what_is_never_seen_is_said():
    assert "The last 2 rows are never seen." in diagnose_convolution(
        convolve(IMAGE, "max", size=2, stride=3)
    )
    assert "The last row is never seen." in diagnose_convolution(convolve(IMAGE, "max", size=2, stride=2))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"operation": "sharpen"}, "operation"),
        ({"stride": 5}, "stride must be from 1 to 4"),
        ({"padding": -1}, "padding must be from 0"),
        ({"dilation": 0}, "dilation"),
        ({"row": -1}, "row must be 0 or more"),
        ({"size": 2.0}, "size must be a whole number"),
        ({"filter_number": 8}, "filter_number"),
        ({"flip": 1}, "flip"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, words):
    with pytest.raises((TypeError, ValueError), match=words):
        convolve(IMAGE, **wrong)
    with pytest.raises(ValueError, match="13 to 28"):
        convolve(np.zeros((5, 5)))


def test_pictures():
    assert picture_of("digit").sum() == 10
    assert picture_of("boot").shape == (28, 28)
    with pytest.raises(ValueError, match="image"):
        picture_of("cat")


def test_descent_finds_the_edge_detector():
    found = learn_kernel(200, np.random.default_rng(5))
    np.testing.assert_allclose(found.kernels[-1], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], atol=0.01)
    assert found.losses[-1] < 1e-4 * found.losses[0]
    assert found.distance < 0.01
    assert len(found.kernels) == 201


def test_the_trained_net_has_filters():
    assert trained_filters().shape == (8, 3, 3)
    np.testing.assert_array_equal(convolve(IMAGE, "filter", filter_number=5).kernel, trained_filters()[5])
    assert trained_cnn() is trained_cnn()
