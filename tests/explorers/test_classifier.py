"""What only the classifier's explorer does: the net that stays, and views that start nothing afresh."""

import threading

import numpy as np

from coursekit.datasets import fashion_mnist
from coursekit.explorers import ClassifierExplorer, PeekExplorer
from coursekit.training import evaluate
from tests.artists import differences
from tests.explorers.driving import forget_finished, shown_by


def quick(**more):
    return ClassifierExplorer(**{"net": "softmax", "epochs": 4, "images": 500, **more})


def counted(explorer):
    """Count the pieces that are made from now on."""
    made, pieces = [], explorer.pieces

    def counting(**values):
        for piece in pieces(**values):
            made.append(piece.done)
            yield piece

    explorer.pieces = counting
    return made


def stopped(explorer, after=5):
    """Run until so many pieces have been shown, then press Stop."""
    show, seen = explorer._show, []

    def showing(result):
        show(result)
        seen.append(result)
        if len(seen) == after:
            explorer.stop_button.click()

    explorer._show = showing
    explorer.play()
    while explorer._waiting or explorer._outdated:
        threading.Event().wait(0.01)
    with explorer._work:
        explorer._show = show
    return explorer


def test_it_waits_for_play_with_an_untrained_net():
    explorer = ClassifierExplorer()
    assert explorer.result.done == 0
    assert "guessing" in explorer.diagnosis
    assert np.abs(explorer.net.params["0.W"]).max() < 0.06


def test_after_stop_the_net_so_far_can_be_used():
    forget_finished(quick())
    explorer = stopped(quick())
    assert 0 < explorer.result.done < 1
    data = fashion_mnist().flat()
    right = evaluate(explorer.net, data.x_test, data.y_test).accuracy
    assert 0.1 < right < 1
    np.testing.assert_array_equal(explorer.net.params["0.W"], dict(explorer.result.parameters)["0.W"])


def test_another_view_of_a_stopped_training_leaves_it_where_it_is():
    forget_finished(quick())
    explorer = quick()
    made = counted(explorer)
    stopped(explorer)
    done, count = explorer.result.done, len(made)
    for view in ("confusion", "mistakes", "training"):
        explorer.controls["view"].value = view
        assert (explorer.result.view, explorer.result.done) == (view, done)
    assert len(made) == count
    explorer.set(view="confusion")  # a script asks for the end: it goes on, and does not begin again
    assert explorer.result.done == 1
    assert sorted(made) == made
    assert made[count] > done


def test_a_view_of_what_is_finished_trains_nothing():
    explorer = quick().set(seed=1)
    made = counted(explorer)
    explorer.controls["view"].value = "mistakes"
    assert (explorer.result.view, explorer.result.done, made) == ("mistakes", 1, [])


def test_a_key_on_rate_is_seen_at_once():
    explorer = quick()
    before = explorer.result and shown_by(explorer)
    pictures, show = [], explorer._show

    def showing(result):
        show(result)
        pictures.append(shown_by(explorer))

    explorer._show = showing
    explorer.controls["rate"].value = 10**-0.95
    assert differences(before, pictures[0])


def test_a_peek_begins_with_twenty_guessers():
    explorer = PeekExplorer()
    assert (explorer.result.k, explorer.result.candidates) == (20, "guessers")
    assert explorer.set(candidates="nets").result.candidates == "nets"
