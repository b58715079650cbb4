"""The buttons of the builder: layers come, go and move, and the marked layer goes along."""

import pytest

from coursekit.explorers import BuilderExplorer


@pytest.fixture
def built():
    explorer = BuilderExplorer()
    yield explorer
    explorer.close()


def press(explorer, words):
    stack = explorer.controls["stack"]
    (button,) = (b for b in [*stack._add, *stack._change] if b.description == words)
    assert not button.disabled
    button.click()


def kinds(explorer):
    return [layer.kind for layer in explorer.result.layers]


def test_a_layer_comes_after_the_marked_one_and_is_marked(built):
    built.set(at=1)
    press(built, "BatchNorm")
    assert kinds(built) == ["dense", "relu", "batch_norm", "logits"]
    assert built.values["at"] == built.result.at == 2


def test_the_marked_layer_is_removed(built):
    built.set(at=1)
    press(built, "remove")
    assert kinds(built) == ["dense", "logits"]
    assert built.values["at"] == 0


def test_it_moves_up_and_down_and_stops_at_the_ends(built):
    press(built, "move down")
    assert kinds(built) == ["relu", "dense", "logits"]
    assert built.values["at"] == 1
    for _ in range(3):
        press(built, "move up")
    assert kinds(built) == ["dense", "relu", "logits"]
    assert built.values["at"] == 0


def test_a_mark_beyond_the_stack_means_its_last_layer(built):
    built.set(at=9)
    press(built, "remove")
    assert kinds(built) == ["dense", "relu"]


def test_whole_stacks_are_buttons_and_a_changed_one_is_none_of_them(built):
    stack = built.controls["stack"]
    stack._whole.value = stack.options[2][1]
    assert built.values["stack"].startswith("conv")
    assert all(button.disabled for button in stack._add), "ten layers at most"
    press(built, "remove")
    assert stack._whole.value is None
    assert not any(button.disabled for button in stack._add)


def test_the_last_layer_stays(built):
    press(built, "remove")
    press(built, "remove")
    assert built.controls["stack"]._change[0].disabled


def test_an_error_shows_only_at_the_first_forward(built):
    press(built, "Conv2D")
    assert "no error can show" in built.diagnosis
    built.set(forward=True)
    assert "Layer 1, Conv2D" in built.diagnosis


def test_an_eleventh_layer_does_not_come(built):
    stack = built.controls["stack"]
    built.set(stack=stack.options[2][1])
    stack._adder("relu")(None)  # a click that was under way while the button was greyed
    assert len(stack.layers) == 10
