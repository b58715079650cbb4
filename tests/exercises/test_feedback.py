"""Feedback shows itself, and a call of a learner's function explains what went wrong."""

import dataclasses
import sys
import threading
import time

import numpy as np
import pytest

from coursekit import exercises
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


class NoWordsError(Exception):
    def __str__(self):
        raise ValueError("no words")


class NoRepr:
    def __repr__(self):
        raise ValueError("no repr")


def raises(error):
    def function(x):
        raise error

    return function


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("x" * 10**6, "got 'xxx"),
        (list(range(10**6)), "got [0, 1, 2"),
        (10**5000, "got a int"),
        (NoRepr(), "hand in the function itself"),
        (raises(ValueError("y" * 10**6)), "ValueError: yyy"),
        (raises(ValueError("one\n\n   two")), "ValueError: one two."),
        (raises(ValueError("\x1b[31mred\x00 \ud800")), "ValueError: [31mred"),
        (raises(NoWordsError()), "NoWordsError: it cannot say why."),
    ],
    ids=["text", "list", "number", "no repr", "long", "lines", "control", "no words"],
)
def test_whatever_is_handed_in_the_answer_is_a_line_that_can_be_shown(answer, words):
    with pytest.raises(AnswerError) as caught:
        call(answer, 1)
    said = str(caught.value)
    assert words in said
    assert len(said) < 500
    assert said.isprintable()
    said.encode()


def test_an_async_function_is_told_as_such():
    async def function(x):
        return x

    with pytest.raises(AnswerError, match="write def alone"):
        call(function, 1)


def test_what_is_no_code_is_not_taken_for_it():
    class Answer:
        __code__ = 5

        def __call__(self, x):
            raise ValueError("bad")

    with pytest.raises(AnswerError, match="raised ValueError: bad"):
        call(Answer(), 1)


def test_prints_of_two_threads_do_not_take_the_page_away():
    real = sys.stdout

    def work(seconds):
        call(lambda x: time.sleep(x) or x, seconds)

    threads = [threading.Thread(target=work, args=[seconds]) for seconds in (0.1, 0.2)]
    for thread in threads:  # without a lock the second would give back what the first had put there
        thread.start()
    for thread in threads:
        thread.join()
    left, sys.stdout = sys.stdout, real
    assert left is real


def test_a_function_may_fill_the_same_array_at_each_call():
    kept = np.zeros((9, 9))

    def softmax(z):
        mine = kept[: z.shape[0], : z.shape[1]]
        e = np.exp(z - z.max(axis=1, keepdims=True))
        mine[...] = e / e.sum(axis=1, keepdims=True)
        return mine

    assert exercises.check_softmax(softmax).passed
