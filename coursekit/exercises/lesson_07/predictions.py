"""What lesson 07 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "one output is read": (
        "Three samples of two features went through a batch norm in training mode. The loss reads one "
        "output alone: feature 1 of sample 1. Which of the six inputs get a gradient that is not 0?",
        [
            "feature 1 of sample 1",
            "feature 1 of all three samples",
            "all six",
        ],
        1,
        "Now look: press Play. Each sample of feature 1 has helped to make its mean and variance, and all "
        "samples are normalized with them. Feature 2 has statistics of its own.",
    ),
    "smaller nudge": (
        "One input is nudged, and a right slope predicts how the loss changes. Now the nudge is made ten "
        "times smaller. What becomes of the distance between loss and prediction?",
        ["it stays as it is", "about ten times smaller", "about a hundred times smaller"],
        2,
        "Now look: a tangent misses by an amount proportional to the square of the nudge. With a wrong "
        "slope the distance would be only ten times smaller.",
    ),
    "check with ones": (
        "A backward pass has lost its path through the variance. It is compared with numerical slopes of C "
        "= Σ y: the upstream δ is 1 everywhere. Does the check find the bug?",
        [
            "yes: ∂C/∂x is wrong by a tenth or more",
            "yes, but the error is small",
            "no: it finds agreement",
        ],
        2,
        "Now look: the outputs of each feature add up to nβ whatever x is. So C is a constant, its slope "
        "0; and the broken pass says 0 too.",
    ),
    "without the two terms": (
        "On 200 images the two extra terms take half a percent off the square of ∂C/∂x. A net of ten "
        "batch-normalized layers is trained without them. What becomes of it?",
        [
            "nothing that one could see",
            "it learns a little more slowly",
            "after 60 steps its loss is several times as high",
        ],
        2,
        "Now run the next cell. What the terms take off is small in each sample, but it follows a pattern "
        "across the batch, and ∂C/∂W is a sum over the batch.",
    ),
}
