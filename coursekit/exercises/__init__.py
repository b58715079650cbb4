"""Exercises that answer at once and name the likely bug, and predictions to make before looking."""

from coursekit.exercises.feedback import Feedback
from coursekit.exercises.initialization import (
    check_he_normal,
    check_sigma,
    check_xavier_uniform,
)
from coursekit.exercises.prediction import Prediction
from coursekit.exercises.predictions import predict
from coursekit.exercises.start_here import check_spread

__all__ = [
    "Feedback",
    "Prediction",
    "check_he_normal",
    "check_sigma",
    "check_spread",
    "check_xavier_uniform",
    "predict",
]
