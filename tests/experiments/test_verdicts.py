"""Verdicts counted lesson by lesson."""

import pytest

from coursekit import claims
from coursekit.experiments.verdicts import Verdicts, count_verdicts, diagnose_verdicts

PAIRS = [
    ("05", "holds"), ("05", "folklore"), ("01", "holds"), ("05", "holds only if a > 1"),
    ("05", "holds"), ("01", "not seen here"), ("01", "contested"),
]  # fmt: skip


def test_each_claim_is_counted_where_it_belongs():
    verdicts = count_verdicts(PAIRS)
    assert verdicts == Verdicts(("01", "05"), ((1, 0, 0, 1, 1), (2, 1, 1, 0, 0)))
    assert verdicts.totals == (3, 1, 1, 1, 1)
    assert diagnose_verdicts(verdicts).startswith("Of 7 statements 3 hold as they stand and 1 under")


def test_another_verdict_is_refused():
    with pytest.raises(ValueError, match="got 'perhaps'"):
        count_verdicts([("01", "perhaps")])


def test_the_course_s_own_are_all_counted():
    assert sum(claims.verdicts().totals) == len(claims.ALL)
