r"""Lorentz lines in a Gaussian: absorption and its derivative, normalised to one, from the Faddeeva function."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import wofz

Array = NDArray[Any]
TOGETHER = 1 << 21      # lines times points
FWHM = 2 * np.sqrt(2 * np.log(2))       # full width at half maximum of a Gaussian, in standard deviations


def resolvent(x: Array, half_width: Array, sigma: float, order: int = 0) -> Array:
    r"""Return the Gaussian average of i/(x + iγ)/π, or its derivative by x: the real part is a normalised Voigt line.

    $\frac{w(z)}{\sigma\sqrt{2\pi}}$ with $z = (x + i\gamma)/\sigma\sqrt2$, w the Faddeeva function.

    Args:
        x: distances from the centre.
        half_width: γ of the Lorentz line, > 0 where sigma is 0; of the shape of x.
        sigma: standard deviation of the Gaussian.
        order: 0, or 1 for the derivative.

    >>> round(float(resolvent(np.zeros(1), np.ones(1), 0.0)[0].real * np.pi), 12)
    1.0
    """
    z = x + 1j * half_width
    if not sigma:
        return np.asarray(1j / (np.pi * z) if order == 0 else -1j / (np.pi * z**2))
    scaled = z / (sigma * np.sqrt(2))
    w = wofz(scaled)
    if order == 0:
        return np.asarray(w / (sigma * np.sqrt(2 * np.pi)))
    return np.asarray((2j / np.sqrt(np.pi) - 2 * scaled * w) / (2 * np.sqrt(np.pi) * sigma**2))


def summed_lines(x: Array, centres: Array, half_widths: Array, areas: Array, sigma: float, order: int) -> Array:
    """Return Σ Re area · line(x − centre), (n,)."""
    found = np.zeros(len(x))
    step = max(1, TOGETHER // max(len(x), 1))
    for begin in range(0, len(centres), step):
        part = slice(begin, begin + step)
        shapes = resolvent(x - centres[part, None], np.broadcast_to(half_widths[part, None], (
            len(centres[part]), len(x))), sigma, order)
        found += (areas[part] @ shapes).real
    return found
