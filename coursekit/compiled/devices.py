"""Where arrays live: the devices of this machine, and two faked ones that refuse to mix."""

import os
import subprocess
import sys
from dataclasses import dataclass

from coursekit.compiled.backends import MISSING, available, need_jax

# Two devices have to be asked for before JAX is first used, so another process does.
SCRIPT = """
import jax, jax.numpy as jnp
first, second = jax.devices("cpu")
print(first, second)
a = jax.device_put(jnp.ones((2, 3)), first)
b = jax.device_put(jnp.ones((2, 3)), second)
print((a + a).device)
try:
    a + b
except ValueError as error:
    print(str(error).splitlines()[0])
print((a + jax.device_put(b, first)).device)
"""


@dataclass(frozen=True)
class TwoDevices:
    """What two devices, faked on one processor, say.

    Attributes
    ----------
    devices : tuple of str
        Their names; empty without JAX.
    together : str
        Where the sum of two arrays of the first device lives.
    error : str
        What mixing the two says; without JAX, how to get it.
    moved : str
        Where the sum lives once one array has been put beside the other.
    """

    devices: tuple[str, ...] = ()
    together: str = ""
    error: str = MISSING
    moved: str = ""


def two_devices() -> TwoDevices:
    """Start a Python with two devices faked on this processor, and add arrays within one and across both.

    Raises
    ------
    RuntimeError
        If that Python fails.
    """
    if not available():
        return TwoDevices()
    faked = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(command, env={**os.environ, **faked}, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"the Python with two devices failed: {run.stderr.strip().splitlines()[-1]}")
    names, together, error, moved = run.stdout.strip().splitlines()
    return TwoDevices(tuple(names.split()), together, error, moved)


def places() -> list[str]:
    """Return the devices of this machine as JAX names them; "cpu" alone without JAX."""
    return [str(device) for device in need_jax().devices()] if available() else ["cpu"]
