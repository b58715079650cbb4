"""What only the temperature explorer does; test_sweeps.py sees that every control moves something."""

from coursekit.experiments.temperature import temper
from coursekit.explorers import TemperatureExplorer
from tests.explorers.driving import same


def test_each_control_reaches_the_numbers():
    explorer = TemperatureExplorer(temperature=2.0, images="training", passes=10, seed=1)
    assert same(explorer.result, temper(2.0, 10, 1, "training"))


def test_it_begins_with_the_net_that_is_too_sure():
    explorer = TemperatureExplorer()
    assert explorer.result.passes == 40
    assert "too sure" in explorer.diagnosis
