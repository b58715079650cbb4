"""Claims of lesson 09 on test images that are not as the training images were."""

from typing import Any

from coursekit.claims.claim import INF, claim, mean_of
from coursekit.experiments.norm_choice import norm_choice

BLOG, BA, HERE = "notes on the BN algorithm", "Ba et al. 2016", "measured here"
SETTING = "784-64-64-10, 1,024 images in batches of 32, error on 1,000 others"
FIRST = f"{SETTING}; the images themselves pass a norm"

DULL: dict[str, Any] = {"contrast": 0.5}
BRIGHT: dict[str, Any] = {"brightness": 1.0}
WASHED_OUT: dict[str, Any] = {"brightness": 0.5, "contrast": 0.5}


def shift_cost(name: str, seed: int, **shift: Any) -> float:
    """Return the error on shifted test images minus that on the images as they are, batches of 32."""
    result = norm_choice(32, seed=seed, **shift)
    at = result.names.index(name)
    return result.shifted[at] - result.errors[at]


@claim(
    says="Test images of half the contrast hurt batch norm.",
    verdict="holds",
    measured="error on them minus error on the images as they are",
    band=(0.03, INF),
    setting=SETTING,
    source=BLOG,
    carries=True,
)
def contrast_hurts_batch_norm(seed: int) -> float:
    return shift_cost("batch norm", seed, **DULL)


@claim(
    says="They do not hurt layer norm.",
    verdict="holds",
    measured="error on them minus error on the images as they are",
    band=(-0.015, 0.015),
    setting=SETTING,
    source=f"{BA}, sec. 5.1",
    carries=True,
)
def contrast_spares_layer_norm(seed: int) -> float:
    return shift_cost("layer norm", seed, **DULL)


@claim(
    says="They do not hurt group norm.",
    verdict="holds",
    measured="error on them minus error on the images as they are",
    band=(-0.015, 0.015),
    setting=SETTING,
    source=HERE,
)
def contrast_spares_group_norm(seed: int) -> float:
    return shift_cost("group norm", seed, **DULL)


@claim(
    says="Nor do they hurt a net without a norm, whose scores all shrink together but for its biases.",
    verdict="holds",
    measured="error on them minus error on the images as they are",
    band=(-0.015, 0.015),
    setting=SETTING,
    source=HERE,
)
def contrast_spares_no_norm(seed: int) -> float:
    return shift_cost("no norm", seed, **DULL)


@claim(
    says="Layer norm in the hidden layers alone does not take out a change of brightness.",
    verdict="holds",
    measured="error on images brighter by one spread, minus error as they are",
    band=(0.05, INF),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def brightness_hurts_layer_norm_too(seed: int) -> float:
    return shift_cost("layer norm", seed, **BRIGHT)


@claim(
    says="Layer norm of the image itself takes out brightness and contrast.",
    verdict="holds",
    measured="error on washed-out images minus error as they are",
    band=(-0.01, 0.01),
    setting=FIRST,
    source=HERE,
)
def layer_norm_of_the_image(seed: int) -> float:
    return shift_cost("layer norm", seed, first=True, **WASHED_OUT)


@claim(
    says="Batch norm of the image too, with frozen statistics, makes brightness and contrast cost more.",
    verdict="holds",
    measured="rise of the error on washed-out images with the images normed too, minus that with the "
    "hidden layers normed only, mean of four trainings",
    band=(0.05, INF),
    setting=SETTING,
    source=HERE,
)
@mean_of(4)
def batch_norm_of_the_image(seed: int) -> float:
    cost = [shift_cost("batch norm", seed, first=first, **WASHED_OUT) for first in (True, False)]
    return cost[0] - cost[1]


@claim(
    says="With the statistics of the shifted images batch norm is as good as before.",
    verdict="holds",
    measured="error on washed-out images minus error as they are",
    band=(-0.03, 0.03),
    setting=SETTING,
    source="Li et al. 2016",
)
def fresh_statistics_undo_a_shift(seed: int) -> float:
    result = norm_choice(32, seed=seed, **WASHED_OUT)
    return result.refreshed - result.errors[result.names.index("batch norm")]
