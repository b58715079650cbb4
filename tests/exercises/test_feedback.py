"""Feedback shows itself, and a call of a learner's function explains what went wrong."""

import dataclasses

import pytest

from coursekit.exercises import Feedback
from coursekit.exercises.feedback import AnswerError, call, checked


def test_feedback_shows_itself_as_text_and_as_html():
    assert repr(Feedback(True, "it is.")) == "Right: it is."
    assert repr(Feedback(False, "it is not.")) == "Not yet: it is not."
    page = Feedback(False, "a < b & <script>")._repr_html_()
    assert "<b>Not yet.</b> a &lt; b &amp; &lt;script&gt;" in page
    assert 'role="status"' in page  # a screen reader speaks it
    assert "<b>Right.</b>" in Feedback(True, "")._repr_html_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        Feedback(True, "").passed = False


def test_a_checker_turns_answers_into_feedback():
    @checked
    def check(value, *, limit=2):
        """Say something."""
        if value > limit:
            raise AnswerError("too large.")
        return "fine."

    assert check(1) == Feedback(True, "fine.")
    assert check(3) == Feedback(False, "too large.")
    assert check(3, limit=4).passed
    assert (check.__name__, check.__doc__) == ("check", "Say something.")


def test_a_bug_of_our_own_is_not_hidden_as_the_learner_s():
    @checked
    def check():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        check()


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (None, "hand in the function itself, without brackets; got None"),
        (3.0, "hand in the function itself, without brackets; got 3.0"),
        (lambda: 1, "your function raised TypeError: .*takes 0 positional arguments"),
        (lambda x: 1 / 0, "your function raised ZeroDivisionError: division by zero"),
        (lambda x: None, "returns nothing yet: replace the ..."),
        (lambda x: ..., "returns nothing yet: replace the ..."),
    ],
)
def test_call_says_what_went_wrong(function, sentence):
    with pytest.raises(AnswerError, match=sentence):
        call(function, 1)


def test_call_hands_over_arguments_and_result():
    assert call(lambda a, b: a - b, 5, 3) == 2
    assert call(lambda: 0) == 0
    assert call(lambda: []) == []


def test_an_interrupt_is_not_swallowed():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted)
