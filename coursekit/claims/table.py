"""The claims of a lesson, measured now, as a table."""

from dataclasses import dataclass

import numpy as np

from coursekit.claims.claim import Claim, number
from coursekit.nn import checks


@dataclass(frozen=True)
class ClaimsTable:
    """Claims and what was measured for each seed; shows itself as a table in a notebook.

    Attributes
    ----------
    claims : tuple of Claim
    values : tuple of tuple of float
        One inner tuple a claim, one number a seed.
    """

    claims: tuple[Claim, ...]
    values: tuple[tuple[float, ...], ...]

    def rows(self) -> list[tuple[str, str, str, str, str, str]]:
        """Return statement, verdict, quantity, measured, band and source of each claim as text.

        The measured figures stand in ⟨⟩: training amplifies the last bit, which differs between
        processors, so re-execution compares verdicts, and the verdict compares the figure with its band.
        """
        return [
            (c.statement, verdict_of(c, v), c.quantity, f"⟨{spread(v)}⟩", c.band, c.source)
            for c, v in zip(self.claims, self.values, strict=True)
        ]

    def __repr__(self) -> str:
        lines = [
            f"{statement}\n    {verdict}: {quantity} {measured}, band {band}"
            for statement, verdict, quantity, measured, band, _ in self.rows()
        ]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        head = "| what is said | verdict | measured | here | band | source |\n|:--|:--|:--|--:|--:|:--|\n"
        rows = (
            "| " + " | ".join(text.replace("|", "\\|") for text in (s, f"**{v}**", *rest)) + " |"
            for s, v, *rest in self.rows()
        )
        return head + "\n".join(rows)


def verdict_of(claim: Claim, values: tuple[float, ...]) -> str:
    """Return the claim's verdict if every value supports it, else say that it is not confirmed."""
    return claim.verdict if all(map(claim.supported_by, values)) else "not confirmed here"


def spread(values: tuple[float, ...]) -> str:
    """Write the smallest and the largest value, or one number where they round to the same."""
    low, high = number(np.min(values)), number(np.max(values))  # nan if any is
    return low if low == high else f"{low} … {high}"


def table(lesson: str, seeds: tuple[int, ...] = (0, 1, 2)) -> ClaimsTable:
    """Measure every claim of a lesson for each seed, now, and return the table.

    Parameters
    ----------
    lesson : str
        Two digits, such as "05".
    seeds : tuple of int
        Each measurement starts from these.

    Raises
    ------
    ValueError
        If no claim belongs to that lesson.
    """
    from coursekit.claims import ALL

    checks.one_of("lesson", lesson, tuple(sorted({claim.lesson for claim in ALL})))
    claims = tuple(claim for claim in ALL if claim.lesson == lesson)
    return ClaimsTable(claims, tuple(tuple(float(c.measure(seed)) for seed in seeds) for c in claims))
