"""What lesson 10 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "forty passes": (
        "A net of 55,000 weights sees the same 250 photographs forty times. What does its loss on other "
        "photographs do?",
        ["it falls to the end", "it falls, then stays", "it falls, then rises again"],
        2,
        "After some ten to twenty passes it rises, while the loss on the 250 goes on falling. Look at red.",
    ),
    "dropped units": (
        "Half of the units are silent, and the others speak twice as loud. Compared with use, what is the "
        "same in the long run?",
        ["the mean and the norm", "the mean alone", "the norm alone", "neither"],
        1,
        "Look at the two panels on the right: the means are met, the norm is not.",
    ),
    "batch norm behind": (
        "A batch norm behind the dropout stores the variance that it meets in "
        "training. In use, what does it put out?",
        ["a spread of 1, as in training", "a spread below 1", "a spread above 1"],
        1,
        "It divides by the spread of training, which the masks have made larger. Look at the bars.",
    ),
    "decay and Adam": (
        "Adam divides each step by the size of recent gradients. λw is added to the gradient. Which "
        "weights shrink least?",
        ["all shrink alike", "those with large gradients", "those with small gradients"],
        1,
        "λw is divided like the rest: where gradients are large, little of it is left.",
    ),
}
