"""Numbers as a sentence wants them: two digits, no e."""

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


def times(factor: float) -> str:
    """Write a factor with two digits, ×0.22 or ×16; beyond 100 with one, ×70,000."""
    return f"×{digits(factor, 2 if factor < 99.5 else 1)}"


def number(value: float) -> str:
    """Write a number with two significant digits, 66,000 rather than 6.6e+04, minus as minus."""
    if 99.5 <= abs(value) < 1e7:
        digits = len(f"{abs(value):.0f}") - 2
        return f"{round(value, -digits):,.0f}".replace("-", "−")
    return f"{value:.2g}".replace("-", "−")
