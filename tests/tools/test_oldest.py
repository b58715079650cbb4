"""The oldest versions allowed are read off the ranges."""

import pytest

from tools.oldest import oldest


def test_the_lower_end_of_a_range_becomes_a_pin():
    assert oldest(["numpy>=2.3,<3", "psutil>=6"]) == ["numpy==2.3", "psutil==6"]


@pytest.mark.parametrize("line", ["numpy", "numpy<3", "numpy>2,<3", "numpy>=2,>=1"])
def test_a_range_without_one_lower_end_is_refused(line):
    with pytest.raises(ValueError, match="should name one oldest version"):
        oldest([line])
