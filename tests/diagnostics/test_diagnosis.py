"""The sentence says what the report's numbers say, in every situation, and never "nan"."""

import dataclasses
import re

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics import QUANTITIES, diagnose, signal_report
from coursekit.nets import ACTIVATIONS, deep_net
from coursekit.words import percent, times

H, S, DS, DW = QUANTITIES
NUMBER = r"(?:1/)?[\d.,]*\d(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?: %)?"
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", ",")


def inputs(n=60):
    rng = np.random.default_rng(4)
    return rng.standard_normal((n, 40)).astype(np.float32), rng.integers(0, 10, n)


def report_of(activation, scheme, depth, width=60, quantity=H, *, batch_norm=False, n=60):
    x, labels = inputs(n)
    net = deep_net(activation, depth, width, norm=nn.BatchNorm if batch_norm else None)
    net.initialize(scheme, np.random.default_rng(0))
    return signal_report(net, x, labels, quantity=quantity)


def plain(text):
    """Check what holds of every diagnosis."""
    assert text.strip() == text
    assert text.endswith(".")
    assert not re.search(r"\b(nan|inf|None)\b", text)
    assert not re.search(r"np\.|array|\s\s|\de[+-]", text)
    return text


def number_in(text, pattern):
    """Return the number that stands for § in the pattern."""
    found = re.search(re.escape(pattern).replace("§", f"({NUMBER})"), text)
    assert found, f"{pattern!r} is not in {text!r}"
    return read(found[1])


def read(text):
    """Return the number that is written as 0.22, 70,000, 15 %, 1/710,000, 10⁻⁷ or 8·10²³."""
    if text.startswith("1/"):
        return 1 / read(text[2:])
    if text.endswith(" %"):
        return read(text[:-2]) / 100
    if text[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        mantissa, power = re.fullmatch(r"(?:([\d.]+)·)?10(\S+)", text).groups()
        return float(mantissa or 1) * 10.0 ** int(power.translate(PLAIN))
    return float(text.translate(PLAIN))


def two_digits(value):
    """Allow the rounding of a number that is written with two digits, far from 1 with one."""
    return pytest.approx(value, rel=0.051 if 1e-6 < value < 99 else 0.34)


def fitted(report):
    """Return the factor a layer, fitted by the normal equations of a straight line."""
    layers, logs = np.arange(report.depth), np.log(report.std)
    centred = layers - layers.mean()
    slope = (centred * logs).sum() / (centred**2).sum()
    return np.exp(-slope if report.backward else slope)


def test_a_signal_that_vanishes():
    report = report_of("tanh", nn.initializers.normal(0.03), 8)
    text = plain(diagnose(report))
    assert number_in(text, "Layer 8 keeps § of layer 1's spread of the activations") == two_digits(
        report.std[7] / report.std[0]
    )
    assert number_in(text, "the signal vanished, ×§ a layer.") == two_digits(fitted(report))


def test_a_signal_that_explodes():
    report = report_of("relu", nn.initializers.normal(0.5), 8, quantity=S)
    text = plain(diagnose(report))
    assert number_in(text, "Layer 8 has ×§ layer 1's spread of the pre-activations") == two_digits(
        report.std[7] / report.std[0]
    )
    assert number_in(text, "the signal explodes, about ×§ a layer.") == float(f"{fitted(report):.1g}")


def test_a_gradient_that_vanishes_and_one_that_explodes():
    for sigma, words in ((0.05, "vanished"), (1.0, "explodes")):
        report = report_of("tanh", nn.initializers.normal(sigma), 12, quantity=DS)
        text = plain(diagnose(report))
        start = "Layer 1 keeps §" if words == "vanished" else "Layer 1 has ×§ layer 12's spread of ∂C/∂s"
        ratio = report.std[0] / report.std[11]
        assert number_in(text, start) == two_digits(ratio)
        if words == "vanished":
            assert number_in(text, "the signal vanished, ×§ a layer.") == two_digits(fitted(report))
        else:
            assert number_in(text, "the signal explodes, about ×§ a layer.") == float(
                f"{fitted(report):.1g}"
            )


def test_a_signal_that_survives():
    report = report_of("tanh", "xavier_uniform", 5)
    text = plain(diagnose(report))
    kept = number_in(text, "Layer 5 keeps § of layer 1's spread of the activations: the signal survives.")
    assert kept == two_digits(report.std[4] / report.std[0])


# What σ makes of a layer by theory: linear layers multiply by σ√n, ReLU by σ√(n/2).
@pytest.mark.parametrize(
    ("activation", "sigma", "depth", "words"),
    [
        ("identity", 0.3 / 60**0.5, 2, ": fading, ×§ a layer; a deeper net would lose it."),
        ("identity", 0.6 / 60**0.5, 4, ": fading, ×§ a layer; a deeper net would lose it."),
        ("relu", 0.7 / 30**0.5, 11, ": fading, ×§ a layer; a deeper net would lose it."),
        ("identity", 0.95 / 60**0.5, 3, None),
        ("identity", 1.05 / 60**0.5, 3, None),
        ("identity", 2 / 60**0.5, 2, ": growing, ×§ a layer; in a deeper net it would explode."),
        ("relu", 1.8 / 30**0.5, 3, ": growing, ×§ a layer; in a deeper net it would explode."),
    ],
)
def test_a_net_that_is_too_shallow_to_lose_it_is_judged_by_its_factor(activation, sigma, depth, words):
    report = report_of(activation, nn.initializers.normal(sigma), depth)
    assert set(report.states) == {"alive"}
    text = plain(diagnose(report))
    if words is None:
        assert ": the signal survives." in text
    else:
        assert number_in(text, words) == two_digits(fitted(report))


def test_a_spread_that_stays_while_samples_become_alike():
    report = report_of("sigmoid", "lecun_normal", 3, 200)
    text = plain(diagnose(report))
    logs = np.log(report.between)
    said = number_in(text, ", but the spread between samples is fading, ×§ a layer; a deeper net would")
    assert said == two_digits(np.exp((logs[2] - logs[0]) / 2))


def test_a_spread_that_grew_is_told_as_a_factor():
    report = report_of("identity", nn.initializers.normal(1.2 / 60**0.5), 10)
    ratio = report.std[9] / report.std[0]
    assert 2 < ratio < 10
    assert number_in(diagnose(report), "Layer 10 has ×§ layer 1's spread") == two_digits(ratio)


@pytest.mark.parametrize(
    ("value", "share", "factor"),
    [
        (0, "0 %", None),
        (3.2e-30, "3·10⁻³⁰", "×3.2·10⁻³⁰"),
        (1.4e-6, "1/710,000", "×1.4·10⁻⁶"),
        (0.00055, "1/1,800", "×0.00055"),
        (0.0123, "1.2 %", "×0.012"),
        (0.227, "23 %", "×0.23"),
        (1.04, "104 %", "×1"),
        (14.76, None, "×15"),
        (99.4, None, "×99"),
        (148, None, "×100"),
        (71_234, None, "×70,000"),
        (3.1e14, None, "×3·10¹⁴"),
        (1.1e38, None, "×10³⁸"),
    ],
)
def test_shares_and_factors_have_two_digits_and_no_e(value, share, factor):
    assert share is None or percent(value) == share
    assert factor is None or times(value) == factor


def test_spread_that_is_kept_without_a_signal():
    report = report_of("sigmoid", "lecun_normal", 10, 200)
    text = plain(diagnose(report))
    assert number_in(text, "but only § of the spread between samples: whichever") == two_digits(
        report.between[9] / report.between[0]
    )
    assert text.endswith("The signal vanished.")


def test_saturation_names_the_worst_layer_and_its_share():
    report = report_of("tanh", nn.initializers.normal(1), 4)
    text = plain(diagnose(report))
    layer = 1 + int(np.argmax(report.flat))
    share = number_in(text, f"§ of layer {layer}'s outputs are saturated")
    assert share == pytest.approx(max(report.flat), abs=0.005)
    assert "most of its outputs are saturated" in text


def test_one_saturated_layer_among_others_is_told_as_such():
    report = report_of("tanh", nn.initializers.normal(0.35), 10, 10)  # the first has 40 inputs
    assert np.argmax(report.flat) == 0
    share = number_in(plain(diagnose(report)), "Only in layer 1 are many outputs saturated, §:")
    assert share == pytest.approx(report.flat[0], abs=0.005)


def test_dead_units_name_the_worst_layer_and_their_share():
    report = report_of("relu", "he_normal", 20, 30)
    text = plain(diagnose(report))
    layer = 1 + int(np.argmax(report.stuck))
    assert max(report.stuck) > 0.1
    dead = number_in(text, f"§ of layer {layer}'s units are zero for every sample: dead.")
    assert dead == pytest.approx(max(report.stuck), abs=0.005)


def test_weight_gradients_come_with_a_warning():
    text = plain(diagnose(report_of("tanh", "xavier_uniform", 5, quantity=DW)))
    assert "∂C/∂W" in text
    assert text.endswith("Look at ∂C/∂s as well: it may tell another story.")


@pytest.mark.parametrize("depth", [12, 13, 30])
def test_divergence_names_its_layer(depth):
    net = deep_net("identity", depth, 40).initialize("orthogonal", np.random.default_rng(0))
    x, labels = np.full((3, 40), 0.5, np.float32), np.array([0, 1, 2])
    net.forward(x)
    for layer in net.layers[0:-1:2]:
        layer.params["W"][...] = 2000 * np.eye(40)
    # 0.5 · 2000^11 = 1.0e36, 0.5 · 2000^12 = 2.0e39.
    report = signal_report(net, x, labels)
    assert report.diverged_at == 12
    assert plain(diagnose(report)).startswith("Diverged at layer 12: the numbers left the range of floats.")
    backward = plain(diagnose(signal_report(net, x, labels, quantity=DS)))
    assert backward == "Diverged at layer 12 on the way forward, so there is no loss and no gradient."


def test_divergence_says_how_fast():
    report = report_of("identity", nn.initializers.normal(10), 30, 50)
    text = plain(diagnose(report))
    assert text.startswith(f"Diverged at layer {report.diverged_at}: ")
    factor = number_in(text, "Each layer multiplies the spread by ×§.")
    assert factor == pytest.approx(10 * np.sqrt(50), rel=0.15)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_divergence_of_the_logits_alone(quantity):
    net = deep_net("identity", 2, 3).initialize(nn.initializers.constant(1), np.random.default_rng(0))
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    net.forward(x)
    net.layers[-1].params["W"][...] = 3e38
    text = plain(diagnose(signal_report(net, x, np.array([0, 1]), quantity=quantity)))
    assert "Diverged at the logits (behind the last layer)" in text
    assert ("no loss and no gradient" in text) == (quantity in (DS, DW))


def test_a_gradient_that_diverges_on_its_way_down():
    net = deep_net("identity", 5, 4).initialize("orthogonal", np.random.default_rng(0))
    x = np.zeros((3, 40), np.float32)
    net.forward(x)
    for layer in net.layers[2:-1:2]:
        layer.params["W"][...] = 1e14 * np.eye(4)
    # Layer 5 of the order of 0.1, then 1e13, 1e27, and 1e41 is no float32.
    report = signal_report(net, x, np.array([0, 1, 2]), quantity=DS)
    text = plain(diagnose(report))
    assert text.startswith("The gradient diverged at layer 2 on its way back.")
    assert number_in(text, "Each layer multiplies the spread by ×§.") == pytest.approx(1e14, rel=0.5)
    # Where it happens at once, it still is the gradient's doing: the forward pass went through.
    at_once = dataclasses.replace(report, std=np.full(5, np.nan), states=("diverged",) * 5, diverged_at=5)
    assert plain(diagnose(at_once)) == "The gradient diverged at layer 5 on its way back."


def test_no_spread_at_all():
    for quantity in QUANTITIES:
        text = plain(diagnose(report_of("tanh", "zeros", 3, quantity=quantity)))
        assert text.startswith("No spread at all: in every layer")
        assert "are exactly 0. No signal passes." in text
    assert "are one and the same number" in diagnose(report_of("sigmoid", "zeros", 3))  # one half


@pytest.mark.parametrize("quantity", [H, S])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_samples_that_cannot_be_told_apart_carry_no_signal(activation, quantity):
    text = plain(diagnose(report_of(activation, "he_normal", 4, quantity=quantity, n=1)))
    assert text == "Every sample gives the same numbers in layer 1, so there is no signal to follow."


def test_a_first_layer_without_spread():
    net = deep_net("sigmoid", 2, 5).initialize("he_normal", np.random.default_rng(0))
    x, _ = inputs()
    net.forward(x)
    net.layers[0].params["W"][...] = 0
    assert plain(diagnose(signal_report(net, x))).startswith("Layer 1 has no spread in the activations")


def test_nothing_left_at_the_last_layer():
    report = report_of("relu", nn.initializers.normal(1e-6), 20)
    assert report.std[-1] == 0
    assert plain(diagnose(report)).startswith("Nothing is left at layer 20: the activations have no spread")


def test_small_differences_that_explode_while_the_spread_is_kept():
    # All samples nearly alike: a wide tanh tears them apart (Poole et al. 2016, the chaotic phase).
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((1, 200)) + 1e-5 * rng.standard_normal((40, 200))).astype(np.float32)
    net = deep_net("tanh", 16, 200).initialize(nn.initializers.normal(0.3), rng)
    report = signal_report(net, x)
    assert report.states[-1] == "exploded"
    assert report.std[-1] / report.std[0] < 2
    times = number_in(
        plain(diagnose(report)), "but ×§ the spread between samples: small differences explode"
    )
    assert times == two_digits(report.between[-1] / report.between[0])


def test_one_hidden_layer():
    report = report_of("tanh", "he_normal", 1)
    said = number_in(plain(diagnose(report)), "one hidden layer; the activations have a spread of § there")
    assert said == two_digits(report.std[0])


SCHEMES = {
    **nn.initializers.SCHEMES,
    "normal(1e-4)": nn.initializers.normal(1e-4),
    "normal(0.1)": nn.initializers.normal(0.1),
    "normal(10)": nn.initializers.normal(10),
    "normal(1e30)": nn.initializers.normal(1e30),
    "constant(1e-4)": nn.initializers.constant(1e-4),
    "constant(10)": nn.initializers.constant(10),
}


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_combination_gives_a_sentence(activation, scheme, quantity):
    for depth in (1, 2, 14, 30):
        for batch_norm in (False, True):
            report = report_of(
                activation, SCHEMES[scheme], depth, 12, quantity, batch_norm=batch_norm, n=20
            )
            assert len(plain(diagnose(report))) > 20
            assert ("iverged" in diagnose(report)) == ("diverged" in report.states) or (
                report.diverged_at == depth + 1
            )
