"""What lesson 00 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "sum of a hundred": (
        "A hundred random numbers of typical size 0.1, some positive, some negative, are added up. "
        "How large is the sum, typically?",
        ["about 0.1: they cancel", "about 1", "about 10: they add up"],
        1,
        "Now look at the explorer. Most of it cancels, not all: the sum of n such numbers grows like √n, "
        "and √100 times 0.1 is 1.",
    ),
}
