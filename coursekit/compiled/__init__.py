"""One forward pass on NumPy and on JAX, imperative and compiled. The one room that may import JAX."""

from coursekit.compiled.backends import MISSING, array_namespace, available, libraries, need_jax
from coursekit.compiled.devices import TwoDevices, places, two_devices
from coursekit.compiled.forward import forward, parameters_of, same_answers
from coursekit.compiled.programs import PROGRAMS, listing
from coursekit.compiled.timing import Timing, time_forward
from coursekit.compiled.tracing import Step, program_of, refusal_of

__all__ = [
    "MISSING",
    "PROGRAMS",
    "Step",
    "Timing",
    "TwoDevices",
    "array_namespace",
    "available",
    "forward",
    "libraries",
    "listing",
    "need_jax",
    "parameters_of",
    "places",
    "program_of",
    "refusal_of",
    "same_answers",
    "time_forward",
    "two_devices",
]
