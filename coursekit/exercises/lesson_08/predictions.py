"""What lesson 08 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "rate with batch norm": (
        "A net of eight ReLU layers learns at a rate of 0.1, and at a rate of 1 it learns nothing. Now it "
        "gets batch norm. What does it do at a rate of 1?",
        ["it learns nothing either: a rate is a rate", "it learns a little", "it learns well"],
        2,
        "It answers about three of four images right after 100 steps. How far the rate can go is next.",
    ),
    "surface with batch norm": (
        "Two nets have the same weights and see the same images; one has batch norm. You walk away from "
        "the weights in random directions. Where does the loss climb higher?",
        ["in the net without", "in the net with", "the same in both: the weights are the same"],
        0,
        "A walk in a random direction makes all weights longer. Without batch norm every layer then makes "
        "the signal larger, and six layers multiply. With it each layer undoes what the one before it did.",
    ),
    "sharpest direction": (
        "The sharpest of all directions at the weights: does the loss bend less there with batch norm, at "
        "the same weights before training?",
        ["it bends less", "about the same", "it bends more"],
        2,
        "Smoother along the gradient is not smoother everywhere.",
    ),
    "noise of the statistics": (
        "A batch's mean and variance are noisy, the noisier the fewer images they are taken over. We keep "
        "64 images a step and take the statistics apart over groups of 4 of them. After many passes over "
        "few images, what becomes of the gap between the accuracy on training images and on unseen ones?",
        ["it gets wider", "it gets narrower", "nothing: the step sees the same 64 images"],
        1,
        "Noise keeps the net from learning its images by heart. Where the narrowing happens comes next.",
    ),
    "shift with batch norm": (
        "A tanh net at the small rate 0.03 learns faster with batch norm than without. If less shift "
        "were the reason, what should happen to the shift of its layers?",
        ["it should get smaller", "it should get larger", "that decides nothing"],
        0,
        "So the explanation makes a prediction that can fail. The numbers below show whether it does.",
    ),
    "noise after batch norm": (
        "Behind each batch norm we shift and scale every unit by random amounts, new at each step, so that "
        "no layer sees mean 0 and spread 1 any more. How well does that net learn?",
        ["not at all", "like a net without batch norm", "nearly as well as with plain batch norm"],
        2,
        "Judged without the noise it ends within a few points of plain batch norm, and after longer "
        "training nothing is lost, though the means of what its layers see wander as far as in a net that "
        "has no batch norm at all.",
    ),
}
