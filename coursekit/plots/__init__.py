"""Pictures of results: one picture a file, artists made once and moved by ``update(result)``."""

from coursekit.plots.layer_signals import LayerSignals
from coursekit.plots.picture import Picture

__all__ = ["LayerSignals", "Picture"]
