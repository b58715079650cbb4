"""What became of all that the course asserts: the verdicts, lesson by lesson."""

from dataclasses import dataclass

VERDICTS = ("holds", "holds only if", "folklore", "contested", "not seen here")


@dataclass(frozen=True)
class Verdicts:
    """How often each verdict fell.

    Attributes
    ----------
    lessons : tuple of str
        Two digits each, in order.
    counts : tuple of tuple of int
        For each lesson the number of claims with each of `VERDICTS`.
    """

    lessons: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """The number of claims with each of `VERDICTS`, over all lessons."""
        return tuple(map(sum, zip(*self.counts, strict=True)))


def kind_of(verdict: str) -> str:
    """Return which of `VERDICTS` a claim's verdict is: all conditions are alike here."""
    return "holds only if" if verdict.startswith("holds only") else verdict


def count_verdicts(pairs: list[tuple[str, str]]) -> Verdicts:
    """Count (lesson, verdict) pairs; ValueError for a verdict that is none of the five."""
    lessons = tuple(sorted({lesson for lesson, _ in pairs}))
    kinds = [(lesson, kind_of(verdict)) for lesson, verdict in pairs]
    unknown = sorted({kind for _, kind in kinds} - set(VERDICTS))
    if unknown:
        raise ValueError(f"a verdict must be one of {', '.join(VERDICTS)}; got {unknown[0]!r}.")
    counts = tuple(tuple(kinds.count((lesson, kind)) for kind in VERDICTS) for lesson in lessons)
    return Verdicts(lessons, counts)


def diagnose_verdicts(verdicts: Verdicts) -> str:
    """Say how many statements held, and how many did not."""
    total = sum(verdicts.totals)
    holds, only_if, folklore, contested, unseen = verdicts.totals
    return (
        f"Of {total} statements {holds} hold as they stand and {only_if} under a condition; {folklore} are "
        f"often said and measured false, {contested} contested, {unseen} not seen at this size."
    )
