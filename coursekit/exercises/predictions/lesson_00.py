"""What lesson 00 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "sum of a hundred": (
        "A hundred random numbers of typical size 1, some positive, some negative, are added up. "
        "How large is the sum, typically?",
        ["about 1: they cancel", "about 10", "about 100: they add up"],
        1,
        "Most of it cancels, not all: the sum of n such numbers grows like √n, and √100 = 10.",
    ),
}
