"""What lesson 04 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "small and large": (
        "One feature is five times as wide as the other. How many times more does the loss bend along its "
        "weight than along the other's?",
        ["no more: the weights make up for it", "5 times", "25 times"],
        2,
        "The curvature holds the square of the feature. Now look at κ in the sentence.",
    ),
    "correlated features": (
        "Two features have a correlation of 0.8, and one is three times as wide. Both are standardized. "
        "Is the valley round?",
        ["yes, κ is 1", "no, it is still a valley", "no, it is longer than before"],
        1,
        "Sizes are gone, the correlation is not. Now look at κ, and move the correlation.",
    ),
    "one outlier": (
        "Both features are put between 0 and 1. Then one sample moves 12 spreads "
        "away. What becomes of the other 99?",
        ["they stay spread over 0 to 1", "they crowd in a small part of it", "they go beyond 1"],
        1,
        "The outlier alone sets where 1 is. Untick “one outlier”, and look at the cloud.",
    ),
    "pixels that never change": (
        "In 500 training photographs six pixels never change. How many of them does std == 0 find?",
        ["all six", "about half", "none"],
        2,
        "Their mean is rounded, so each lies a hair away from it. Run the next cell.",
    ),
    "leak": (
        "You have 50 training images. For mean and spread you take 1,000 test images in as well. What "
        "becomes of the test accuracy?",
        [
            "it stays",
            "it rises, since test images leaked in",
            "it rises, and any 1,000 other images would do as well",
        ],
        2,
        "50 images are too few for 784 means and spreads. Now run the cell with the control.",
    ),
}
