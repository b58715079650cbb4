"""Pictures of results: one picture a file, artists made once and moved by ``update(result)``."""

from coursekit.plots.layer_signals import LayerSignals
from coursekit.plots.picture import Picture
from coursekit.plots.unit_sum import UnitSum

__all__ = ["LayerSignals", "Picture", "UnitSum"]
