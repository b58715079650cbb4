"""The explorer of overfitting: it answers at once, and every control reaches the training."""

from coursekit.explorers import OverfittingExplorer


def test_the_first_piece_needs_no_training():
    explorer = OverfittingExplorer(units=4, images=100)
    first = next(explorer.pieces(**explorer.values))
    assert first.done == 0
    assert len(first.chosen.validation) == 1
    assert "nothing is learned yet" in explorer.describe(first)


def test_what_is_finished_is_kept():
    explorer = OverfittingExplorer(units=4, images=100)
    finished = explorer.result
    assert finished.done == 1
    explorer.set(p=0.5)
    assert explorer.result.regularized
    assert explorer.set(p=0.0).result is finished
