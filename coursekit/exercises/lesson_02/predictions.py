"""What lesson 02 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "a large rate": (
        "At a rate of 0.2 the walker that uses all samples goes calmly downhill. What does it do at 2.5?",
        [
            "it is there twelve times sooner",
            "it jumps to and fro across the valley, and still arrives",
            "each jump lands farther away than the one before",
        ],
        2,
        "Each step overshoots the valley's floor by more than it was away. Now move η.",
    ),
    "four times the batch": (
        "The gradient of a batch of 4 is off by 1, say, on average. How far off is that of 16?",
        ["a quarter", "a half", "the same"],
        1,
        "The error falls like one over the root of the batch size: four times the samples, half the error.",
    ),
    "when is it over": (
        "The learning rate stays at 0.2. After how many passes does the one-sample walker stand still?",
        ["after about 4", "after about 40", "never"],
        2,
        "Each sample pulls somewhere else, even at the minimum. Look at the pink line.",
    ),
    "momentum's limit": (
        "Momentum adds old steps to the new one. What becomes of the largest rate that converges?",
        ["it grows", "it stays", "it shrinks"],
        0,
        "It grows from 2/λ_max to 2(1 + β)/λ_max. Now move β, and see the border bend.",
    ),
}
