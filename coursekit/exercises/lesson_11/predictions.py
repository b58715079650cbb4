"""What lesson 11 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "even grey": (
        "A kernel holds −1, −2, −1 on its left, 0 in the middle, 1, 2, 1 on its right. What does it give "
        "where all nine pixels are equally dark?",
        ["a large number", "zero", "a negative number"],
        1,
        "Left and right cancel. Only where they differ is there something to see: at an upright edge.",
    ),
    "four layers": (
        "One 3 × 3 layer sees 3 × 3 pixels. What does a unit behind four of them see?",
        ["3 × 3", "9 × 9", "12 × 12"],
        1,
        "Each layer adds one pixel on each side: 3, 5, 7, 9.",
    ),
    "min pooling": (
        "Thin lines of ones, one pixel wide, on zeros. What does min pooling by 2 leave of them?",
        ["thicker lines", "fainter lines", "nothing"],
        2,
        "A window of 2 × 2 cannot lie in a line one pixel wide, so each holds a zero. Press min.",
    ),
    "shuffle": (
        "The pixels of all images, in training and test, get one new order. Who learns worse than before?",
        ["the MLP", "the CNN", "both", "neither"],
        1,
        "To a dense layer no pixel is anyone's neighbour. A convolution lives on neighbours.",
    ),
    "a shift": (
        "The test images are moved by 4 pixels. Whose accuracy falls?",
        ["the MLP's alone", "that of the CNN with a dense layer behind its maps, too", "nobody's"],
        1,
        "The feature maps follow the shift, but flatten and a dense layer tie each weight to a place.",
    ),
}
