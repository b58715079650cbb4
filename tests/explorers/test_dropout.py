"""The explorer of dropout: what it starts with, and what it says of what it draws."""

from coursekit.explorers import DropoutExplorer


def test_it_starts_where_the_prediction_is_settled():
    explorer = DropoutExplorer()
    assert (explorer.values["p"], explorer.values["draws"], explorer.values["norm"]) == (0.5, 10, "none")
    assert "1/√(1 − p) = 1.41" in explorer.diagnosis


def test_each_draw_silences_others():
    explorer, seen = DropoutExplorer(), set()
    for draws in range(1, 30):
        explorer.set(draws=draws)
        seen.add(tuple(explorer.result.kept))
    assert len(seen) > 20


def test_the_greatest_p_is_below_1_and_is_drawn():
    explorer = DropoutExplorer()
    assert explorer.controls["p"].max < 1
    explorer.set(p=explorer.controls["p"].max, draws=400, norm="behind")
    assert "could not" not in explorer.diagnosis
    assert "1/√(1 − p) = 4.47" in explorer.diagnosis
