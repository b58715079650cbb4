"""How a table of answers is tried: (answer, words that have to be in the message, words that must not)."""

BAD = ("None", "nan times", "nan and", "No: no")


def try_wrong(check, case):
    """Fail unless the answer is refused, named by all the words, and by none of the others."""
    answer, words, others = (*case, ())[:3]
    feedback = check(answer)
    assert not feedback.passed
    said = feedback.message
    assert all(word in said for word in words), said
    assert not any(word in said for word in (*others, *BAD)), said
    assert said.endswith(".")


def try_right(check, answer):
    """Fail unless the answer passes."""
    feedback = check(answer)
    assert feedback.passed, feedback
