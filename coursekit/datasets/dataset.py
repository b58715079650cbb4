"""Labelled images, split into train and test."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from coursekit.nn import checks

CLASS_NAMES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Labelled images, split into train and test; the arrays are read-only.

    Attributes
    ----------
    x_train, x_test : ndarray, float32, shape (N, C, H, W) or (N, K)
        Pixels in [0, 1]: 0 is background, 1 the brightest.
    y_train, y_test : ndarray, int64, shape (N,)
        Class of each image, an index into `class_names`.
    class_names : tuple of str
        Names of the classes, in the order of the labels.

    Raises
    ------
    ValueError
        If images and labels differ in number, or a shape or a label is not as told above.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...] = CLASS_NAMES

    def __post_init__(self):
        for name in ("x_train", "y_train", "x_test", "y_test"):
            view = np.asarray(getattr(self, name)).view()
            view.setflags(write=False)
            object.__setattr__(self, name, view)
        for x, y in ((self.x_train, self.y_train), (self.x_test, self.y_test)):
            if x.ndim not in (2, 4) or y.shape != x.shape[:1] or not y.size:
                raise ValueError(
                    "Images should be (N, C, H, W) or (N, K) and labels (N,), with one N of at "
                    f"least 1; got {x.shape} and {y.shape}. Pair each image with one label."
                )
            if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= len(self.class_names):
                raise ValueError(
                    f"Labels should be integers from 0 to {len(self.class_names) - 1}, as there are "
                    f"{len(self.class_names)} class names; got {y.dtype} from {y.min()} to "
                    f"{y.max()}. Correct the labels or the names."
                )

    def __repr__(self):
        return (
            f"Dataset({len(self.x_train):,} train + {len(self.x_test):,} test samples of shape "
            f"{self.x_train.shape[1:]}, {len(self.class_names)} classes)"
        )

    def first(self, train: int, test: int) -> "Dataset":
        """Return the first images of both parts; nothing is copied.

        Raises
        ------
        TypeError, ValueError
            If a number is no whole number of at least 1, or more than there are.
        """
        for name, wanted, there in (("train", train, self.x_train), ("test", test, self.x_test)):
            if checks.positive_int(name, wanted) > len(there):
                raise ValueError(f"{name} must be at most {len(there)}; got {wanted}.")
        return replace(
            self,
            x_train=self.x_train[:train],
            y_train=self.y_train[:train],
            x_test=self.x_test[:test],
            y_test=self.y_test[:test],
        )

    def standardized(self) -> "Dataset":
        """Return the same data with all grey values shifted and scaled alike, as a net likes them.

        Mean and standard deviation are those of all grey values of the training images: nothing is learned
        from the test images, not even their brightness.
        """
        mean, std = self.x_train.mean(), self.x_train.std()
        return replace(self, x_train=(self.x_train - mean) / std, x_test=(self.x_test - mean) / std)

    def flat(self) -> "Dataset":
        """Return the same data with each image as one row: x becomes (N, C·H·W); nothing is copied."""
        train, test = (x.reshape(len(x), -1) for x in (self.x_train, self.x_test))
        return replace(self, x_train=train, x_test=test)


def from_bytes(arrays: Mapping[str, np.ndarray]) -> Dataset:
    """Scale images of bytes to [0, 1], give them a channel axis, and widen the labels."""
    x_train, x_test = (np.divide(arrays[k][:, None], 255, dtype=np.float32) for k in ("x_train", "x_test"))
    y_train, y_test = (arrays[k].astype(np.int64) for k in ("y_train", "y_test"))
    return Dataset(x_train, y_train, x_test, y_test)
