"""Numbers as sentences, tables and pictures want them: few digits, a minus that is a minus."""

import math

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(share: float) -> str:
    """Write a share with two digits: 61 %, 4.2 %, 1/7,100; below a millionth as 7·10⁻⁹."""
    p = 100 * share
    if p == 0 or p >= 10:
        return f"{p:.0f} %"
    if p >= 0.1:
        return f"{p:.2g} %"
    return f"1/{digits(1 / share, 2)}" if share >= 1e-6 else digits(share, 1)


def digits(value: float, number: int) -> str:
    """Write a value, if 10 or more, with `number` digits and zeros: 710,000; far from 1 as 7·10¹⁴."""
    if not 1e-4 <= value < 9.5e6:
        mantissa, exponent = f"{value:.{number - 1}e}".split("e")
        power = f"10{int(exponent)}".translate(_SUPERSCRIPTS)[2:]
        return f"10{power}" if float(mantissa) == 1 else f"{mantissa}·10{power}"
    rounded = float(f"{value:.{number - 1}e}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def whole_percent(share: float) -> str:
    """Write a share without decimals: 61 %, 4 %."""
    return f"{100 * share:.0f} %"


def times(factor: float) -> str:
    """Write a factor with two digits, ×0.22 or ×16; beyond 100 with one, ×70,000."""
    return f"×{digits(factor, 2 if factor < 99.5 else 1)}"


def power(order: int) -> str:
    """Write a power of ten as it stands at an axis: 10⁻⁶, 1, 10⁴."""
    return "1" if order == 0 else "10" + f"{order:.0f}".translate(_SUPERSCRIPTS)


def with_minus(text: str) -> str:
    """Put a minus where Python writes a hyphen."""
    return text.replace("-", "−")


def number(value: float, noise: float = 0.0) -> str:
    """Write a number with two significant digits, 66,000 rather than 6.6e+04; below `noise` it is 0."""
    if abs(value) < noise:
        return "0"
    if 99.5 <= abs(value) < 1e7:
        zeros = len(f"{abs(value):.0f}") - 2
        return with_minus(f"{round(value, -zeros):,.0f}")
    if 1e7 <= abs(value) < float("inf"):
        return ("−" if value < 0 else "") + digits(abs(value), 2)
    return with_minus(f"{value:.2g}")


def two_decimals(value: float) -> str:
    """Write a number with two decimals, and no "−0.00"."""
    return with_minus(f"{value:.2f}".replace("-0.00", "0.00"))


def short(value: float) -> str:
    """Write a number with two decimals, or fewer if they are zeros: 2.5, −3; and no "−0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else with_minus(text)


def narrow(value: float) -> str:
    """Write a number for a narrow cell: −3.27, 1,600."""
    return two_decimals(value) if abs(value) < 99.995 else with_minus(f"{value:,.0f}")


def tiny(value: float) -> str:
    """Write a number from 0.0001 to 0.1 for a narrow cell, where two decimals would read 0.00."""
    return f"{value:.2g}" if value >= 0.001 else f"{value:.1g}"


def probability(p: float) -> str:
    """Write a probability so that exactly 0 and exactly 1 are told from what only comes near."""
    if math.isnan(p):
        return "nan"
    if p in (0, 1):
        return f"{p:g} exactly"
    if p > 0.9999:
        return f"1 − {digits(1 - p, 1)}"
    return f"{p:.3f}" if p >= 0.001 else digits(p, 2)


def power_of_e(value: float) -> str:
    """Write a power of e in a few digits; inf and 0 as what they are."""
    return f"{value:g}" if value in (0, math.inf) else digits(value, 3)


def short_loss(loss: float) -> str:
    """Write a loss with two decimals, or one digit where those would be 0; inf and nan as they are."""
    if not math.isfinite(loss):
        return f"{loss}"
    return short(loss) if loss >= 0.01 or loss == 0 else digits(loss, 1)
