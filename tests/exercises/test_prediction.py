"""A prediction asks, waits for a pick, and then says why."""

import json

import ipywidgets as widgets
import numpy as np
import pytest

from coursekit.exercises import Prediction, predict, predictions
from coursekit.exercises.predictions import QUESTIONS


def example(**changes):
    given = {
        "question": "Is 1 < 2 & so on?",
        "options": ["yes", "no", "perhaps"],
        "answer": 0,
        "because": "Counting <shows> it.",
    }
    return Prediction(**{**given, **changes})


def shown(prediction):
    return "".join(child.value for child in prediction.widget.children if isinstance(child, widgets.HTML))


def test_nothing_is_picked_or_given_away_at_first():
    prediction = example()
    assert prediction.choice.value is None
    assert prediction.verdict == ""
    assert "Counting" not in shown(prediction)
    assert "1 &lt; 2 &amp; so on?" in shown(prediction)
    assert prediction.choice in prediction.widget.children


def test_the_right_pick():
    prediction = example()
    prediction.choice.value = "yes"
    assert prediction.verdict == "Yes. Counting <shows> it."
    assert "Yes. Counting &lt;shows&gt; it." in shown(prediction)


@pytest.mark.parametrize("pick", ["no", "perhaps"])
def test_a_wrong_pick_names_the_right_answer(pick):
    prediction = example()
    prediction.choice.value = pick
    assert prediction.verdict == "Not quite. Right is: yes. Counting <shows> it."
    assert "Not quite. Right is: yes." in shown(prediction)


@pytest.mark.parametrize("answer", ["no", "no: it is larger", "No, never", "none of them", "not yet"])
def test_no_is_not_said_twice(answer):
    prediction = example(options=["yes", answer], answer=1)
    prediction.choice.value = "yes"
    assert prediction.verdict == f"Not quite. Right is: {answer}. Counting <shows> it."


def test_a_second_thought_replaces_the_verdict():
    prediction = example(answer=2)
    prediction.choice.value = "no"
    prediction.choice.value = "perhaps"
    assert prediction.verdict.startswith("Yes.")
    assert "Not quite" not in shown(prediction)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"options": []}, "at least two options"),
        ({"options": ["only"]}, "at least two options"),
        ({"options": ["a", "b", "a"]}, "all different"),
        ({"answer": 3}, "the index of an option, 0 to 2; got 3"),
        ({"answer": -1}, "got -1"),
        ({"answer": 1.0}, "got 1.0"),
        ({"answer": True}, "got True"),
        ({"answer": None}, "got None"),
        ({"answer": "yes"}, "got 'yes'"),
        ({"answer": np.array([1])}, "got array"),
    ],
)
def test_the_constructor_refuses(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        example(**changes)


def test_the_caller_s_list_stays_the_caller_s():
    options = ["a", "b"]
    prediction = example(options=options)
    options[0] = "changed"
    prediction.choice.value = "b"
    assert prediction.verdict.startswith("Not quite. Right is: a.")


def test_the_bundle_carries_text_beside_the_widget():
    prediction = example()
    bundle = prediction._repr_mimebundle_()
    assert bundle["text/plain"] == "Predict. Is 1 < 2 & so on?\n  ( ) yes\n  ( ) no\n  ( ) perhaps"
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == prediction.widget.model_id
    json.dumps(bundle)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_course_s_predictions(name):
    prediction = predict(name)
    assert len(prediction.options) >= 2
    for option in prediction.options:
        prediction.choice.value = option
        right = option == prediction.options[prediction.answer]
        assert prediction.verdict.startswith("Yes." if right else "Not quite. Right is: ")
        assert prediction.verdict.endswith(".")
    assert predict(name) is not prediction


def test_an_unknown_prediction_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of .*'wide tanh'.*got 'nothing'"):
        predict("nothing")


def test_an_answer_stays_when_its_cell_runs_again(monkeypatch):
    monkeypatch.setattr(predictions, "_PICKED", {})
    name = next(iter(QUESTIONS))
    first = predict(name)
    assert first.choice.value is None
    first.choice.value = first.options[1]
    again = predict(name)
    assert again.choice.value == first.options[1]
    assert again.verdict == first.verdict
    other = predict(list(QUESTIONS)[1])
    assert other.choice.value is None
