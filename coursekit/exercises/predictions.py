"""The predictions that the lessons ask for, by name: in the notebook their answers would be in sight.

Each lesson's stand in ``lesson_NN/predictions.py``, in a dict named QUESTIONS.
"""

from coursekit.discovery import modules
from coursekit.exercises.prediction import Prediction
from coursekit.nn import checks

Question = tuple[str, list[str], int, str]


def _found() -> dict[str, Question]:
    found: dict[str, Question] = {}
    for module in modules("coursekit.exercises"):
        if module.__name__.endswith(".predictions") and module.__name__ != __name__:
            for name, question in module.QUESTIONS.items():
                if name in found:
                    raise ValueError(f"two lessons have a prediction named {name!r}: rename one.")
                found[name] = question
    return found


QUESTIONS = _found()
_PICKED: dict[str, str] = {}  # the answers of this session, by question


def predict(name: str) -> Prediction:
    """Return the prediction of that name, to be answered before the picture is looked at.

    An answer stays when its cell runs again in the same session.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    return Prediction(*QUESTIONS[checks.one_of("name", name, tuple(QUESTIONS))], picked=_PICKED)
