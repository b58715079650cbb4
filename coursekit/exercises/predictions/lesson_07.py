"""What lesson 07 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "one input moves": (
        "Three samples of two features go through a batch norm in training mode. Feature 1 of sample 1 "
        "is raised a little. Which of the six outputs change?",
        [
            "feature 1 of sample 1",
            "feature 1 of all three samples",
            "all six",
        ],
        1,
        "The mean and the variance of feature 1 change, and all samples are normalised with them. "
        "Feature 2 has statistics of its own.",
    ),
    "check with ones": (
        "A backward pass has lost its path through the variance. It is compared with numerical slopes of "
        "C = Σ y: the upstream δ is 1 everywhere. Does the check find the bug?",
        [
            "yes: ∂C/∂x is wrong by a tenth or more",
            "yes, but the error is small",
            "no: it finds agreement",
        ],
        2,
        "The outputs of each feature add up to nβ whatever x is. So C is a constant, its slope 0; and "
        "the broken pass says 0 too.",
    ),
    "without the two terms": (
        "On 200 images the two extra terms take half a percent off the square of ∂C/∂x. A net of ten "
        "batch-normalised layers is trained without them. What becomes of it?",
        [
            "nothing that one could see",
            "it learns a little more slowly",
            "after 60 steps its loss is several times as high",
        ],
        2,
        "What the terms take off is small in each sample, but it follows a pattern across the batch, and "
        "∂C/∂W is a sum over the batch: there it adds up. Without the terms even biases that change no "
        "output keep moving.",
    ),
}
