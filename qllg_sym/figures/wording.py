"""Verdicts, and numbers in sentences."""

from qllg_sym.figures.figure import FAILS, HOLDS, NEARLY


def judged(distance: float, exact: float, near: float) -> str:
    """Return the verdict on a statement that is true when a distance vanishes.

    Args:
        distance: from what the statement says.
        exact: up to here it holds.
        near: up to here it holds approximately.

    >>> judged(1e-9, 1e-6, 0.05), judged(0.01, 1e-6, 0.05), judged(float("nan"), 1e-6, 0.05)
    ('holds', 'holds approximately', 'does not hold')
    """
    return HOLDS if distance <= exact else NEARLY if distance <= near else FAILS


def truth(condition: bool, nearly: bool = False) -> str:
    """Return "holds" if the condition is true, else "holds approximately" or "does not hold".

    >>> truth(True), truth(False), truth(False, nearly=True)
    ('holds', 'does not hold', 'holds approximately')
    """
    return HOLDS if condition else NEARLY if nearly else FAILS


def shown(value: float, form: str = ".0e") -> str:
    """Return a number as a sentence has it: a true minus sign, and 0 for what is zero.

    >>> shown(-0.53476, ".4f"), shown(3.2e-16), shown(0.0)
    ('−0.5348', '3e−16', '0')
    """
    return "0" if value == 0 else format(value, form).replace("-", "−")
