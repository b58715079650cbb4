"""The claims that carry a lesson, measured now, as a table."""

from collections.abc import Callable, Iterator, Sequence
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
        return head + "\n".join(markdown_row(s, f"**{v}**", *rest) for s, v, *rest in self.rows())


def markdown_row(*cells: str) -> str:
    """Write one row of a Markdown table; a bar inside a cell is escaped."""
    return "| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |"


def verdict_of(claim: Claim, values: tuple[float, ...]) -> str:
    """Return the claim's verdict if every value supports it, else say that it is not confirmed."""
    return claim.verdict if all(map(claim.supported_by, values)) else "not confirmed here"


def spread(values: tuple[float, ...]) -> str:
    """Write the smallest and the largest value, or one number where they round to the same."""
    # Ten digits first: ties such as 0.0315 are not to be decided by the last bit. nan if any is.
    low, high = (number(float(f"{end:.10g}")) for end in (np.min(values), np.max(values)))
    return low if low == high else f"{low} … {high}"


def measure(claims: Sequence[Claim], seeds: Sequence[int] | None = None) -> Iterator[ClaimsTable]:
    """Measure claims one by one, and yield the table as far as it has come, at first an empty one.

    Parameters
    ----------
    claims : sequence of Claim
    seeds : sequence of int, optional
        Each measurement starts from these; by default from 0, 1, … as many as the claim asks for.
    """
    values: tuple[tuple[float, ...], ...] = ()
    yield ClaimsTable((), values)
    for claim in claims:
        chosen = range(claim.seeds) if seeds is None else seeds
        values += (tuple(float(claim.measure(seed)) for seed in chosen),)
        yield ClaimsTable(tuple(claims[: len(values)]), values)


def say(done: int, all_of_them: int) -> None:
    """Print how far the measuring has come, over what was printed before."""
    end = "\n" if done == all_of_them else ""
    print(f"\r{done} of {all_of_them} statements measured", end=end, flush=True)


def table(
    lesson: str,
    seeds: Sequence[int] | None = None,
    *,
    every: bool = False,
    progress: Callable[[int, int], None] | None = say,
) -> ClaimsTable:
    """Measure the claims that carry a lesson, now, and return the table.

    Parameters
    ----------
    lesson : str
        Two digits, such as "05".
    seeds : sequence of int, optional
        Each measurement starts from these; by default from 0 to 4.
    every : bool
        Whether to measure all claims of the lesson, which takes up to a minute or two; their values are on
        the page of all claims, docs/claims.md.
    progress : callable, optional
        Is told how many claims are measured, and of how many; prints them by default.

    Raises
    ------
    ValueError
        If no claim belongs to that lesson.
    """
    from coursekit.claims import ALL

    checks.one_of("lesson", lesson, tuple(sorted({claim.lesson for claim in ALL})))
    claims = tuple(claim for claim in ALL if claim.lesson == lesson and (claim.carries or every))
    for so_far in measure(claims, seeds):
        if progress is not None:
            progress(len(so_far.claims), len(claims))
    return so_far
