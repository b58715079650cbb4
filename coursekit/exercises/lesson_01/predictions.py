"""What lesson 01 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "all scores raised": (
        "The scores are 2, 1 and −1. You raise all three by 3, to 5, 4 and 2. What happens to the three "
        "probabilities?",
        [
            "all grow",
            "the largest grows, and the others shrink",
            "nothing",
        ],
        2,
        "Only the differences of scores count. Now move the sliders.",
    ),
    "large scores": (
        "Softmax is computed as the formula says, e to the power of each score over the sum, with numbers "
        "of 32 bits. From which score on does it break?",
        ["about 90", "about 700", "about 4 billion"],
        0,
        "The largest float32 is near 3.4 · 10³⁸, which is e to the power of 88.7. With float64 it is about "
        "700. Now meet both.",
    ),
    "knows nothing": (
        "A net of ten classes has learned nothing, and gives each about the same probability. What is its "
        "cross-entropy?",
        ["0.9, since it is wrong on nine of ten", "2.3", "10"],
        1,
        "Each class gets 1/10, and −log of 1/10 is ln 10 = 2.3. Now see whether a net does so.",
    ),
    "sum or mean": (
        "With the loss as a sum over 100 images, a learning rate of 0.001 works well. You take 800 images, "
        "and leave the rate as it is. What happens?",
        [
            "the same: a rate is a rate",
            "it learns more slowly, since there is more to learn",
            "the steps are too long, and the loss rises",
        ],
        2,
        "A sum over eight times as many images has a gradient about eight times as large, and so is each "
        "step. Now look at the four losses.",
    ),
    "who is pushed": (
        "It was a shirt; the net gave 0.71 to coat, 0.26 to shirt and 0.04 to bag. The scores are moved "
        "so as to lower the loss. Which are pushed?",
        [
            "shirt alone, up",
            "shirt up, and coat and bag down by the same amount",
            "shirt up; coat down by much, bag by little",
        ],
        2,
        "Each wrong score is pushed down in proportion to its own probability. Now look at the arrows.",
    ),
    "temperature": (
        "A trained net is right on 80 % of new images. You divide all its scores by 2.5 before the "
        "softmax. What changes?",
        [
            "accuracy and loss both get worse: it was trained without that",
            "the accuracy stays; the loss gets smaller",
            "nothing at all",
        ],
        1,
        "Dividing changes no order, so no answer. But the probabilities are less extreme, and this net was "
        "too sure. Now move T.",
    ),
}
