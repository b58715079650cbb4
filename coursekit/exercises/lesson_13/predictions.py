"""What lesson 13 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "another seed": (
        "The same recipe with another seed: other first weights, another order of the images. By how much "
        "does the share of right answers change?",
        ["not at all", "by a point or so", "by ten points"],
        1,
        "By a point or so. Move the seed, and keep each run.",
    ),
    "three recipes": (
        "Which of the three notes' recipes learns nothing, whatever the rate?",
        ["the Gluon notes'", "the CS231n notes'", "the batch norm notes'"],
        0,
        "The Gluon notes': N(0, 0.01²) and no norm. Look.",
    ),
    "beyond luck": (
        "Seven techniques are switched, one at a time. Which of them do more than luck to the accuracy?",
        [
            "batch norm alone",
            "batch norm, dropout, and whether the mean image is subtracted",
            "batch norm, weight decay and the start",
            "all seven",
        ],
        1,
        "Three: their bars do not touch the line. Look also at which side of it they are.",
    ),
}
