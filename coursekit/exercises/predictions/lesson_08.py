"""What lesson 08 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "rate with batch norm": (
        "A net of eight ReLU layers learns at a rate of 0.1 and breaks at 0.3. Now it gets batch norm. "
        "At which rates does it learn?",
        ["at the same ones: a rate is a rate", "up to about 0.3", "up to 1 and beyond"],
        2,
        "At a rate of 1 it learns as if nothing were. The race below lets you try; measured over several "
        "seeds the largest rate grows by a factor of 18 to 56.",
    ),
    "surface with batch norm": (
        "Two nets have the same weights and see the same images; one has batch norm. You walk away from "
        "the weights in random directions. Where does the loss climb higher?",
        ["in the net without", "in the net with", "the same in both: the weights are the same"],
        0,
        "A walk in a random direction makes all weights longer. Without batch norm every layer then makes "
        "the signal larger, and six layers multiply up. With it each layer undoes what the one below did.",
    ),
    "sharpest direction": (
        "The same two nets at the start, now with tanh. One direction of all is the sharpest: there the "
        "loss curves most. Is that largest curvature smaller with batch norm?",
        ["yes: a smooth surface is smooth in all directions", "no: it is larger", "no difference"],
        1,
        "It is two and a half to six times larger, depending on the seed. What batch norm smooths is the "
        "way along the gradient and at a distance; not every curvature, and not at every place.",
    ),
    "noise after batch norm": (
        "Behind each batch norm we shift and scale every unit by random amounts, new at each step, so that "
        "nothing is normalized any more. How well does that net learn?",
        ["not at all", "clearly worse than with batch norm", "about as well"],
        2,
        "It loses at most two points of accuracy to batch norm, though what its layers see wanders about "
        "fifty times as much, no less than in a net that has no batch norm at all.",
    ),
}
