"""A classifier of clothes, trained live, with a Stop that leaves a net that can be used."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from coursekit import nn
from coursekit.experiments.classifier import (
    TRAIN,
    Training,
    diagnose_training,
    net_of,
    train_classifier,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.explorers.long import LongExplorer
from coursekit.plots.classifier import ClassifierPicture

NETS = (("MLP, 256 hidden units", "mlp"), ("softmax regression", "softmax"))
VIEWS = (
    ("while it learns", "training"),
    ("confusion matrix", "confusion"),
    ("surest mistakes", "mistakes"),
)
BATCHES = tuple((str(size), size) for size in (32, 128, 256))
IMAGES = tuple((f"{count:,}", count) for count in (TRAIN, 2000, 500))


class ClassifierExplorer(LongExplorer):
    """Train softmax regression or an MLP on Fashion-MNIST; watch curves, weights and mistakes.

    Weights from N(0, 0.01²), plain gradient descent on mini-batches. To look at another view starts nothing
    afresh. What was trained, to the end or until Stop, is in `net`.
    """

    KEPT = 12
    waits_for_play = True
    first = ("rate", "view")
    lines = (("rate",), ("epochs", "seed", "falling"), ("net",), ("batch_size", "images"), ("view",))

    def __init__(self, **more: Any):
        self._under_way: tuple[Any, Any, Training | None] = (None, None, None)
        super().__init__(**more)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return rate and length of the training, the net, the images, and what is shown."""
        return {
            "rate": controls.logarithmic("rate", 0.1, -3, 1, width="300px"),
            "epochs": controls.whole("epochs", 20, 2, 40, step=2, width="240px"),
            "falling": controls.switch("the rate falls to 0", True),
            "seed": controls.whole("seed", 0, 0, 4, width="180px"),
            "net": controls.choice("net", NETS, button="190px"),
            "batch_size": controls.choice("batch", BATCHES, button="60px"),
            "images": controls.choice("images", IMAGES, button="70px"),
            "view": controls.choice("show", VIEWS, button="135px"),
        }

    def make_picture(self) -> ClassifierPicture:
        """Return the panels of the three views."""
        return ClassifierPicture()

    def pieces(self, **training: Any) -> Iterator[Training]:
        """Yield the training again and again on its way."""
        return train_classifier(**training)

    def results(self, **values: Any) -> Iterator[Training]:
        """Yield the training in this view; one that is under way, or was stopped, goes on where it is."""
        view, training = values["view"], {k: v for k, v in values.items() if k != "view"}
        key, (before, pieces, last) = tuple(training.items()), self._under_way
        if key == before and last is not None and not self._replays and last.done < 1:
            yield replace(last, view=view)
        else:
            pieces = super().results(**training)
        for piece in pieces:
            self._under_way = key, pieces, piece
            yield replace(piece, view=view)

    @property
    def net(self) -> nn.Sequential:
        """The net as it is now, trained to the end or to where it was stopped; a copy of its own."""
        return net_of(self.result)

    def describe(self, result: Training) -> str:
        """Say what the view shows."""
        return diagnose_training(result)

    def _on_change(self, change):
        # Another view of a training that waits or was stopped does not set it going.
        if change["owner"] is self.controls["view"]:
            Explorer._on_change(self, change)
        else:
            super()._on_change(change)
