"""Exercises that answer at once and name the likely bug, and predictions to make before looking."""

from coursekit.exercises.batch_norm import check_batchnorm_channels, check_batchnorm_forward
from coursekit.exercises.batch_norm_backward import (
    check_batchnorm_backward,
    check_batchnorm_gamma_beta,
)
from coursekit.exercises.batch_norm_effect import check_curvature_along, check_filter_normalise
from coursekit.exercises.feedback import Feedback
from coursekit.exercises.initialization import check_he_normal, check_xavier_uniform
from coursekit.exercises.norm_choice import check_group_norm, check_layer_norm
from coursekit.exercises.prediction import Prediction
from coursekit.exercises.predictions import predict
from coursekit.exercises.sigma import check_sigma
from coursekit.exercises.start_here import check_spread

__all__ = [
    "Feedback",
    "Prediction",
    "check_batchnorm_backward",
    "check_batchnorm_channels",
    "check_batchnorm_forward",
    "check_batchnorm_gamma_beta",
    "check_curvature_along",
    "check_filter_normalise",
    "check_group_norm",
    "check_he_normal",
    "check_layer_norm",
    "check_sigma",
    "check_spread",
    "check_xavier_uniform",
    "predict",
]
