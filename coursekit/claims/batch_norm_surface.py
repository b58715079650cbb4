"""Claims of lesson 08 on the error surface."""

from coursekit.claims.batch_norm_effect_measures import (
    curvature_ratio,
    one_large_step,
    smoothness_ratio,
    span_ratio,
)
from coursekit.claims.claim import INF, claim_of, geometric_mean_of
from coursekit.diagnostics.surface_pair import TRAINED

SANTURKAR, LI = "Santurkar et al. 2018", "Li et al. 2018"
_claim = claim_of("08")

CLAIMS = (
    _claim(
        "surface_span_relu",
        "At the same weights, in a random plane, batch norm flattens the surface of a ReLU net.",
        "holds",
        "span of the loss, without ÷ with",
        span_ratio,
        (10, INF),
        f"{LI}, sec. 4",
    ),
    _claim(
        "surface_span_tanh",
        "It flattens that of any net.",
        "holds only if the activation lets signals grow",
        "span of the loss in a tanh net, without ÷ with: no difference",
        lambda seed: span_ratio(seed, activation="tanh"),
        (0.7, 1.6),
        "measured here",
    ),
    _claim(
        "surface_loss_range",
        "Along the gradient the loss varies less with batch norm.",
        "holds",
        "range of the loss over steps of ¼ … 4 rates, with ÷ without",
        lambda seed: smoothness_ratio("loss_range", seed),
        (0, 0.4),
        f"{SANTURKAR}, fig. 4a",
    ),
    _claim(
        "surface_gradient_predictive",
        "The gradient stays what it was for longer.",
        "holds",
        "largest relative change of the gradient over those steps, with ÷ without",
        lambda seed: smoothness_ratio("gradient_change", seed),
        (0, 0.7),
        f"{SANTURKAR}, fig. 4b",
    ),
    _claim(
        "surface_beta",
        "The effective β-smoothness improves.",
        "holds",
        "largest change of the gradient ÷ length of the step, with ÷ without",
        lambda seed: smoothness_ratio("beta", seed),
        (0, 0.95),
        f"{SANTURKAR}, fig. 4c",
    ),
    _claim(
        "surface_bend_relu",
        "At the same weights a ReLU net bends less along its gradient with batch norm.",
        "holds",
        "curvature along the gradient before training, with ÷ without",
        lambda seed: curvature_ratio("along_gradient", seed),
        (0, 0.75),
        "measured here",
    ),
    _claim(
        "surface_top_tanh",
        "At the same weights batch norm lowers the largest curvature.",
        "folklore",
        "largest eigenvalue of the Hessian before training, tanh, with ÷ without: it grows",
        lambda seed: curvature_ratio("top", seed, activation="tanh"),
        (1.5, INF),
        "often said",
    ),
    _claim(
        "surface_top_after",
        "At weights that batch norm has trained, it does: there the net without it is lost.",
        "holds",
        "largest eigenvalue of the Hessian after 150 steps, ReLU, with ÷ without",
        lambda seed: curvature_ratio("top", seed, trained=TRAINED[1], position="after (150 steps)"),
        (0, 0.85),
        "measured here",
    ),
    _claim(
        "surface_top_after_without",
        "At weights that were trained without it, it is the other way round.",
        "holds",
        "largest eigenvalue of the Hessian after 150 steps, ReLU, with ÷ without, geometric mean of three",
        geometric_mean_of(3, lambda seed: curvature_ratio("top", seed, position="after (150 steps)")),
        (1.3, INF),
        "measured here",
    ),
    _claim(
        "large_step_lengthens_weights",
        "A step that is too large makes weights in front of a batch norm longer.",
        "holds",
        "length of W₁ after one step at rate 3 ÷ before, eight ReLU layers",
        lambda seed: one_large_step(seed)[0],
        (1.5, 5),
        "measured here",
    ),
    _claim(
        "large_step_flattens",
        "So the next steps find a flatter surface.",
        "holds",
        "largest eigenvalue of the Hessian after that step ÷ before",
        lambda seed: one_large_step(seed)[1],
        (0, 0.4),
        "measured here",
    ),
)
