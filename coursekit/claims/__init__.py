"""What the course asserts, each with its measurement and the band that decides it.

A claim is written down once here, shown in its lesson by `table`, and asserted by a test over at
least three seeds.
"""

from coursekit.claims import batch_norm_sweeps, norm_choice_sweeps, sweeps
from coursekit.claims.batch_norm_backward import CLAIMS as _BATCH_NORM_BACKWARD
from coursekit.claims.batch_norm_effect import CLAIMS as _EFFECT
from coursekit.claims.batch_norm_forward import CLAIMS as _BATCH_NORM_FORWARD
from coursekit.claims.batch_norm_running import CLAIMS as _BATCH_NORM_RUNNING
from coursekit.claims.batch_norm_surface import CLAIMS as _SURFACE
from coursekit.claims.claim import Claim
from coursekit.claims.initialization import CLAIMS as _INITIALIZATION
from coursekit.claims.initialization_relu import CLAIMS as _INITIALIZATION_RELU
from coursekit.claims.norm_choice import CLAIMS as _NORM_CHOICE
from coursekit.claims.norm_choice_advice import CLAIMS as _NORM_ADVICE
from coursekit.claims.table import ClaimsTable, table
from coursekit.diagnostics.sweep import Sweep
from coursekit.nn import checks

ALL: tuple[Claim, ...] = (
    *_INITIALIZATION,
    *_INITIALIZATION_RELU,
    *_BATCH_NORM_FORWARD,
    *_BATCH_NORM_RUNNING,
    *_BATCH_NORM_BACKWARD,
    *_EFFECT,
    *_SURFACE,
    *_NORM_CHOICE,
    *_NORM_ADVICE,
)

SWEEPS: dict[str, sweeps.Plan] = {
    plan.name: plan for plan in (*batch_norm_sweeps.PLANS, *norm_choice_sweeps.PLANS)
}


def named(name: str) -> Claim:
    """Return one claim; ValueError for an unknown name, with the list of them."""
    by_name = {claim.name: claim for claim in ALL}
    return by_name[checks.one_of("name", name, tuple(by_name))]


def sweep(name: str) -> Sweep:
    """Return the kept results of a sweep; ValueError for an unknown name, with the list of them."""
    return sweeps.load(SWEEPS[checks.one_of("name", name, tuple(SWEEPS))])


__all__ = ["ALL", "SWEEPS", "Claim", "ClaimsTable", "named", "sweep", "table"]
