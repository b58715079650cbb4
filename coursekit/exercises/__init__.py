"""Exercises that answer at once and name the likely bug, and predictions to make before looking.

The checkers stand in ``lesson_NN``, one file per subject: every function there whose name begins with
``check_`` is found and offered here, as ``exercises.check_he_normal``.
"""

from types import FunctionType

from coursekit.discovery import made_in
from coursekit.exercises.feedback import Feedback
from coursekit.exercises.prediction import Prediction
from coursekit.exercises.predictions import QUESTIONS, predict

CHECKERS = {name: f for name, f in made_in(__name__, FunctionType) if name.startswith("check_")}
globals().update(CHECKERS)

__all__ = ["CHECKERS", "QUESTIONS", "Feedback", "Prediction", "predict", *CHECKERS]
