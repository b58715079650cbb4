"""The predictions that the lessons ask for, by name: in the notebook their answers would be in sight."""

from coursekit.exercises.prediction import Prediction
from coursekit.exercises.predictions import lesson_00, lesson_05, lesson_06, lesson_07, lesson_08, lesson_09
from coursekit.nn import checks

# A file a lesson; names are unique over all of them.
LESSONS = (lesson_00, lesson_05, lesson_06, lesson_07, lesson_08, lesson_09)
QUESTIONS = {name: question for lesson in LESSONS for name, question in lesson.QUESTIONS.items()}


def predict(name: str) -> Prediction:
    """Return the prediction of that name, to be answered before the picture is looked at.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    return Prediction(*QUESTIONS[checks.one_of("name", name, tuple(QUESTIONS))])
