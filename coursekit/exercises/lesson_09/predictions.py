"""What lesson 09 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "two samples": (
        "A batch norm in training sees a batch of two samples. A feature has the values 3.0 and 3.2. What "
        "are the two normalized values, about?",
        ["3.0 and 3.2", "−0.1 and +0.1", "−1 and +1"],
        2,
        "The mean is 3.1 and the standard deviation 0.1, so each value lies one standard deviation from "
        "the mean, whatever the distance was. Only the order of the two is left.",
    ),
    "batch size": (
        "At 2 it falls apart, at 32 it does well. Between them lie 16, 8 and 4, with the same number of "
        "images. From where on does batch norm err more than layer norm?",
        ["it gets worse evenly with each halving", "already at 16", "not before 4"],
        2,
        "In this net, batches of 16 are as good as 32, and 8 nearly so. At 4 it loses a little, at 2 it "
        "breaks down: what is left of a feature is a sign.",
    ),
    "brighter images": (
        "All test images become brighter by the same amount. Which net does not notice? The norms stand in "
        "the hidden layers, and batch norm uses the statistics of the training images.",
        [
            "the one with batch norm",
            "the one with layer norm: it takes out each sample's own mean",
            "none of them",
        ],
        2,
        "A unit sums up its 784 weights times the added brightness, so each unit is moved by an amount of "
        "its own, and layer norm takes out only what all units of a sample have in common.",
    ),
    "late steps": (
        "32 sequences, a tenth of them long. At step 12 three are left. How noisy is the mean of a unit "
        "over the batch there, compared with step 1?",
        ["as noisy as at step 1", "about four times as noisy", "about ten times as noisy"],
        1,
        "The noise is 1/√n, and √(32/3) is about 3.3. It comes out a little higher, since some batches "
        "have fewer than three.",
    ),
    "which task": (
        "Three tasks. In which one is batch norm a sound choice?",
        [
            "scans of which two at a time fit into memory",
            "sentences of 3 to 80 words, read word by word",
            "64 photographs at a time, all from the camera that is used later, too",
        ],
        2,
        "Many samples share each statistic, all are of one kind, and use resembles training. Of two scans "
        "a statistic is too noisy, and at the last words of long sentences few sentences are left.",
    ),
}
