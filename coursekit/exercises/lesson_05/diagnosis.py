"""The checker of lesson 05 for three nets that do not start to learn: it wants to know why."""

import numpy as np

from coursekit.datasets import fashion_samples
from coursekit.diagnostics import Quantity, signal_report, trace
from coursekit.exercises.feedback import AnswerError, checked
from coursekit.nets import mystery_nets
from coursekit.words import digits, percent

# The words that a diagnosis may be, and what each of them says.
DIAGNOSES = {
    "survives": "nothing is wrong: forward and backward the signal arrives",
    "vanishes": "forward, the images become impossible to tell apart",
    "explodes": "forward, the numbers grow from layer to layer",
    "saturates": "most outputs lie where the activation is flat",
    "dies": "most units put out zero for every image",
    "twins": "all units of a layer compute the same",
}
RIGHT = {"first": "vanishes", "second": "saturates", "third": "twins"}

# What speaks against each wrong diagnosis; the numbers are those of `_measure`.
LOOK = "Look at a few of its numbers, trace(net, x).h[4][:3, :5]."
AGAINST = {
    "first": {
        "survives": "layer 10 has {kept} of layer 1's spread of all values (dots). But is that the spread "
        "that tells images apart? Look at the squares.",
        "explodes": "nothing grows: layer 10 has {kept} of layer 1's spread (dots). And the squares?",
        "saturates": "hardly any output of layer 10 is flat ({flat}). Look at how far "
        "the squares are from the dots.",
        "dies": "no unit puts out zero: the mean of layer 10 is {mean}. Each unit has its number; does it "
        "change with the image?",
        "twins": "its units differ: the mean outputs of layer 10's units have a spread of {units}. "
        "Do the outputs differ from image to image? Look at the squares.",
    },
    "second": {
        "survives": "{flat} of layer 10's outputs stand near −1 or +1. What slope has tanh there?",
        "vanishes": "the spread between images at layer 10 is {between} of layer 1's: it is there. "
        "Where do the values lie?",
        "explodes": "forward nothing grows, since |h| is at most 1. Backward it does, ×{backward} a layer; "
        "but what made it? Where do the outputs lie?",
        "dies": "few outputs are near 0: the spread of layer 10 is {spread}. At which ends do they crowd?",
        "twins": "its units differ: the mean outputs of layer 10's units have a spread of {units}. "
        "At which ends do the outputs crowd?",
    },
    "third": {
        "survives": f"so it seems from the picture; but look at why dots and squares coincide. {LOOK}",
        "vanishes": "the spread between images at layer 10 is {between} of layer 1's: images can be "
        f"told apart. Can units? {LOOK}",
        "explodes": "the spread between images at layer 10 is {between} of layer 1's, no more, and "
        f"|h| stays below 1. {LOOK}",
        "saturates": f"hardly any output of layer 10 is flat ({{flat}}). {LOOK}",
        "dies": f"its outputs are not zero: the spread of layer 10 is {{spread}}. {LOOK}",
    },
}


@checked
def check_diagnosis(first: str = "", second: str = "", third: str = "") -> str:
    """Check what is said to be wrong with the three nets of `nets.mystery_nets`.

    Parameters
    ----------
    first, second, third : str
        One of ``"survives"``, ``"vanishes"``, ``"explodes"``, ``"saturates"``, ``"dies"``, ``"twins"``.

    Returns
    -------
    Feedback
        How many are right, and of the first wrong one what was measured that speaks against it.
    """
    answers = {"first": first, "second": second, "third": third}
    words = {name: _word(name, answer) for name, answer in answers.items()}
    nets = dict(zip(words, mystery_nets(np.random.default_rng(0)), strict=True))
    wrong = [name for name, word in words.items() if word != RIGHT[name]]
    if not wrong:
        return (
            "the first loses what differs between images, the second sits at −1 and +1, and the third has "
            "one unit a layer, a hundred times over."
        )
    name, count = wrong[0], len(words) - len(wrong)
    said = f"{count} of 3 {'is' if count == 1 else 'are'} right. " if count else ""
    raise AnswerError(f"{said}{name}: {AGAINST[name][words[name]].format(**_measure(nets[name]))}")


def _word(name, answer):
    """Return the diagnosis as a key of DIAGNOSES, or say which there are."""
    options = ", ".join(f'"{word}" ({says})' for word, says in DIAGNOSES.items())
    if answer is Ellipsis or (isinstance(answer, str) and answer.strip() in ("", "…", "...", "?")):
        raise AnswerError(f"{name} has no diagnosis yet. There are {options}.")
    if not isinstance(answer, str):
        raise AnswerError(f"{name}: a diagnosis is a word in quotes, one of {options}.")
    word = answer.strip().strip(".").lower()
    if word not in DIAGNOSES:
        raise AnswerError(f"{name}: {answer!r} is none of the diagnoses. There are {options}.")
    return word


def _measure(net):
    """Return the numbers that speak against a wrong diagnosis, in words."""
    x, labels = fashion_samples(500)
    report = signal_report(net, x)
    backward = signal_report(net, x, labels, quantity=Quantity.GRADIENTS)
    last = trace(net, x).h[-1]
    return {
        "kept": percent(report.std[-1] / report.std[0]),
        "between": percent(report.between[-1] / report.between[0]),
        "flat": percent(report.flat[-1]),
        "mean": digits(report.mean[-1], 2),
        "spread": digits(report.std[-1], 2),
        "units": digits(last.mean(axis=0).std(), 2),
        "backward": digits(backward.factor, 2),
    }
