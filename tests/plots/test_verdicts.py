"""A dot for each statement, stacked over its lesson."""

from coursekit.experiments.verdicts import Verdicts
from coursekit.plots import VerdictDots
from tests.plots.reading import data, legend


def test_every_statement_is_a_dot_over_its_lesson():
    picture = VerdictDots(Verdicts(("01", "05"), ((2, 0, 0, 1, 0), (1, 1, 2, 0, 1))))
    ax = picture.figure.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["01", "05"]
    found = {line.get_label(): data(line) for line in ax.lines}
    assert found == {
        "holds (3)": ([0, 0, 1], [0.5, 1.5, 0.5]),
        "holds only if (1)": ([1], [1.5]),
        "folklore (2)": ([1, 1], [2.5, 3.5]),
        "contested (1)": ([0], [2.5]),
        "not seen here (1)": ([1], [4.5]),
    }
    assert set(legend(picture.figure)) == set(found)
