"""What the course asserts, each with its measurement and the band that decides it.

A claim is written down once, in ``lesson_NN``, above the function that measures it, and asserted by a test.
The few that carry a lesson are measured there by `table`; the page docs/claims.md has all. Claims and the
plans of long sweeps are found there, not listed: in the order of the modules' names, and within a module in
the order in which they stand.
"""

from coursekit.claims import sweeps
from coursekit.claims.claim import Claim
from coursekit.claims.table import ClaimsTable, measure, table
from coursekit.discovery import made_in
from coursekit.experiments.sweep import Sweep
from coursekit.experiments.verdicts import Verdicts, count_verdicts
from coursekit.nn import checks

ALL: tuple[Claim, ...] = tuple(claim for _, claim in made_in(__name__, Claim))
SWEEPS: dict[str, sweeps.Plan] = {plan.name: plan for _, plan in made_in(__name__, sweeps.Plan)}


def named(name: str) -> Claim:
    """Return one claim; ValueError for an unknown name, with the list of them."""
    by_name = {claim.name: claim for claim in ALL}
    return by_name[checks.one_of("name", name, tuple(by_name))]


def sweep(name: str) -> Sweep:
    """Return the kept results of a sweep; ValueError for an unknown name, with the list of them."""
    return sweeps.load(SWEEPS[checks.one_of("name", name, tuple(SWEEPS))])


def verdicts() -> Verdicts:
    """Return how often each verdict fell, lesson by lesson."""
    return count_verdicts([(claim.lesson, claim.verdict) for claim in ALL])


__all__ = ["ALL", "SWEEPS", "Claim", "ClaimsTable", "measure", "named", "sweep", "table", "verdicts"]
