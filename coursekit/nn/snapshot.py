"""What a net is at one moment, to put it back after a call that was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from coursekit.nn.block import Block

KINDS = ("params", "grads", "buffers")


class Snapshot:
    """A net's layers as they are now: attributes, which arrays they hold, buffers, generators.

    Cheap enough for every forward pass: only buffers are copied. Parameters and gradients are kept by
    reference, since a forward pass makes them anew and never writes into them.
    """

    def __init__(self, net: Block):
        self._blocks = [(block, vars(block).copy()) for block in net.blocks()]
        leaves = list(net.leaves().values())
        named = [getattr(leaf, kind) for leaf in leaves for kind in KINDS]
        self._named = [(arrays, arrays.copy()) for arrays in named]
        buffers = (array for leaf in leaves for array in leaf.buffers.values())
        self._buffers = [(array, array.copy()) for array in buffers]
        self._generators = [
            (rng.bit_generator, rng.bit_generator.state)
            for _, attributes in self._blocks
            for rng in _generators(attributes)
        ]

    def restore(self) -> None:
        """Make the layers what they were, their arrays and generators the same objects as then."""
        for block, attributes in self._blocks:
            vars(block).clear()
            vars(block).update(attributes)
        for arrays, kept in self._named:
            arrays.clear()
            arrays.update(kept)
        for array, kept in self._buffers:
            array[...] = kept
        for bits, state in self._generators:
            bits.state = state


@contextmanager
def unchanged_if_refused(net: Block) -> Iterator[None]:
    """Put `net` back to what it is now if what follows raises."""
    before = Snapshot(net)
    try:
        yield
    except BaseException:
        before.restore()
        raise


def _generators(attributes):
    """Find the generators among a layer's attributes: by themselves, or in a plan such as Dense's."""
    for value in attributes.values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, np.random.Generator):
                yield part
