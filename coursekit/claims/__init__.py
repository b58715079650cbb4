"""What the course asserts, each with its measurement and the band that decides it.

A claim is written down once here, shown in its lesson by `table`, and asserted by a test over at
least three seeds.
"""

from coursekit.claims.claim import Claim
from coursekit.claims.initialization import CLAIMS as _INITIALIZATION
from coursekit.claims.initialization_relu import CLAIMS as _INITIALIZATION_RELU
from coursekit.claims.table import ClaimsTable, table

ALL: tuple[Claim, ...] = (*_INITIALIZATION, *_INITIALIZATION_RELU)

__all__ = ["ALL", "Claim", "ClaimsTable", "table"]
