"""What lesson 03 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "before any step": (
        "A net that has learned nothing tells ten classes apart. What is its loss, −ln of the label's p?",
        ["0", "about 1", "about 2.3"],
        2,
        "Every class gets about 0.1, and −ln 0.1 = ln 10 = 2.30. See the first point of both curves.",
    ),
    "which clothes": (
        "The net is right on some 85 of 100 new photographs. Which of these does it mix up most?",
        ["sandal and sneaker", "shirt and T-shirt", "bag and dress"],
        1,
        "Shirt and T-shirt, some 22 times in both directions together; pullover and coat are as alike. "
        "At 28 × 28 pixels people err there too.",
    ),
    "the best of twenty": (
        "Twenty guessers, each right on one image in ten, take a test of 1,000 images. The best of them?",
        ["about 10 % right", "about 12 % right", "about 20 % right"],
        1,
        "Luck spreads them by about one point, and the luckiest of twenty is two of these above the mean.",
    ),
}
