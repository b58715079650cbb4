"""What lesson 12 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "before the first forward": (
        "A net of three layers has been made, and no data has come. How many of its parameters exist?",
        ["all of them, drawn at random", "the biases, whose size is known", "none"],
        2,
        "W needs the number of inputs, which only data can tell; the layer makes W and b together, then. "
        "Tick the box.",
    ),
    "a sample's mates": (
        "A trained net names a photograph: Shirt. The same photograph comes again, in a batch with 99 "
        "coats. What does the net say of it?",
        [
            "Shirt: its pixels are the same",
            "Coat: its 99 neighbours can change the answer",
            "another name each time",
        ],
        1,
        "A layer that subtracts the mean of its batch hands on something else. Run the next cell.",
    ),
    "thirty layers": (
        "Thirty tanh layers, weights too small. What arrives of the signal, with skips and without?",
        [
            "with skips all of it, without next to nothing",
            "next to nothing, either way",
            "with skips half of it, without half of that",
        ],
        0,
        "A skip carries x past the layer unchanged. Look at the spreads.",
    ),
    "a file without statistics": (
        "All parameters of a trained net with batch norm are saved, its running statistics are not. It is "
        "loaded into a fresh net. Its accuracy?",
        ["the same: statistics are no parameters", "a little lower", "much lower"],
        2,
        "Prediction divides by the running statistics, and the fresh ones are 0 and 1.",
    ),
    "twenty calls": (
        "A function prints its input. Compiled, it is called 20 times. How often does it print?",
        ["20 times", "once", "never"],
        1,
        "It runs once, to be written down. Later calls run what was written, and no Python. Move calls.",
    ),
    "a mask in a program": (
        "A compiled function draws its dropout mask with NumPy. What mask do 20 calls see?",
        ["20 different ones", "one, 20 times", "none: it cannot be compiled"],
        1,
        "NumPy ran while the function was traced; its answer was stored as a constant.",
    ),
}
