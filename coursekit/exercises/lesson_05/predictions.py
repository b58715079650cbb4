"""What lesson 05 asks the learner to predict."""

# name: (question, options, index of the right one, reason)
QUESTIONS: dict[str, tuple[str, list[str], int, str]] = {
    "four starts": (
        "Four nets start from weights with σ = 0.01, 0.1, 0.3 and 1. Which of them learn in 100 steps?",
        [
            "all four: training mends a bad start",
            "the two in the middle",
            "the two widest: large weights make large steps",
        ],
        1,
        "The narrowest stays at guessing, and the widest ends about there too.",
    ),
    "width of one unit": (
        "A unit has 100 inputs of spread 1, and weights with σ = 0.1. What is the spread of its sum s?",
        ["0.1: the sum is as wide as one weight", "1", "10: a hundred terms of 0.1"],
        1,
        "Terms of both signs cancel in part. A hundred of them are √100 = 10 times as wide as one, not 100 "
        "times, and 10 · 0.1 = 1.",
    ),
    "wide tanh": (
        "Ten tanh layers of 100 units, weights with σ = 1. What do the activations h look like?",
        [
            "a healthy bell curve in every layer",
            "they grow from layer to layer without bound",
            "nearly all are −1 or +1, in every layer",
        ],
        2,
        "s has a spread of about √100 = 10, and tanh(±10) is ±1.",
    ),
    "wide tanh gradient": (
        "Still σ = 1. The loss sends its gradient backward, from layer 10 to layer 1. What becomes of it?",
        ["it vanishes: a flat tanh lets nothing through", "its spread stays about the same", "it explodes"],
        2,
        "Some outputs are not saturated, and their gradients are multiplied by weights of size 1, 100 of "
        "them summed. What those few let through outgrows what the many hold back.",
    ),
    "sigmoid spread": (
        "Ten sigmoid layers. At layer 10 all outputs together still have 65 % of the spread of layer 1. "
        "Can the net tell two images apart there?",
        [
            "yes: the spread is there",
            "no: each unit gives nearly one number",
            "it depends on the two images",
        ],
        1,
        "The outputs differ from unit to unit, and hardly from image to image: look at the squares.",
    ),
    "relu zeros": (
        "Xavier's weights are too narrow for ReLU. What do they do to the zeros among the activations?",
        [
            "zeros pile up: there are more of them in every layer",
            "about half of the outputs are zero in every layer, just as with He",
            "there are fewer zeros than with He",
        ],
        1,
        "With zero biases, doubling all weights doubles every s and changes no sign. So which outputs are "
        "zero does not depend on the scale at all. What shrinks is the spread of the others.",
    ),
}
