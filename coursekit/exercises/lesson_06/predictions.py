"""What lesson 06 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "one number moves": (
        "Each feature of three samples is brought to mean 0 and spread 1, over the three. Then you move "
        "one of the six numbers: feature 1 of sample C. Which results change?",
        ["feature 1 of C alone", "feature 1 of A, B and C", "all six"],
        1,
        "Mean and spread of feature 1 are those of A, B and C together, so all three change. Feature 2 has "
        "a mean and a spread of its own.",
    ),
    "batch-mates": (
        "A net that normalizes with the statistics of the batch at hand predicts sample A, once together "
        "with B, once together with C and D. Do the two predictions for A agree?",
        [
            "yes: the net and the sample are the same",
            "no: A's output depends on its company",
            "only if the batches have the same size",
        ],
        1,
        "Mean and variance are those of the batch, so they change with its "
        "members, and so does A's output.",
    ),
    "average of variances": (
        "Eight images, some bright, some dark. Take the variance of the pixels inside each image, and "
        "average the eight. How does that compare with the variance of all pixels together?",
        ["it is smaller", "it is the same", "it is larger"],
        0,
        "Inside an image the distances count from that image's own mean. How far those means lie apart is "
        "lost, and it is exactly what is missing.",
    ),
    "bell curve": (
        "A feature is 0 for most samples and large for a few. What does its histogram look like after "
        "batch normalization?",
        [
            "a bell curve with mean 0 and spread 1",
            "the same lopsided shape, moved and stretched to mean 0 and spread 1",
            "flat",
        ],
        1,
        "Subtracting one number and dividing by another moves and stretches a histogram. It does not "
        "change its shape.",
    ),
    "swapped momentum": (
        "Momentum 0.9 worked well in Keras. You write momentum=0.9 in PyTorch. What do the running "
        "statistics do?",
        [
            "the same: a momentum is a momentum",
            "they jump after every batch, and remember almost nothing",
            "they hardly move at all",
        ],
        1,
        "PyTorch's number weighs the new batch. With 0.9 the old value keeps a weight of 0.1. Keras's 0.9 "
        "is PyTorch's 0.1.",
    ),
    "batch of one": (
        "A dense layer with batch normalization is trained on batches of one sample. What comes out of the "
        "normalization?",
        ["the sample itself", "β, whatever the sample is", "an error, always"],
        1,
        "One number is its own mean, so x − μ = 0 and y = γ · 0 + β. Some libraries refuse such a batch, "
        "for this reason.",
    ),
}
