r"""Lorentz lines in a Gaussian: absorption and its derivative, normalised to one, from the Faddeeva function."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import wofz

Array = NDArray[Any]
TOGETHER = 1 << 21      # lines times points
FWHM = 2 * np.sqrt(2 * np.log(2))       # full width at half maximum of a Gaussian, in standard deviations


def resolvent(x: Array, half_width: Array, sigma: float) -> tuple[Array, Array]:
    r"""Return the Gaussian average of i/(x + iγ)/π, whose real part is a normalised Voigt line, and its derivative.

    $\frac{w(z)}{\sigma\sqrt{2\pi}}$ with $z = (x + i\gamma)/\sigma\sqrt2$, w the Faddeeva function.

    Args:
        x: distances from the centre.
        half_width: γ of the Lorentz line, > 0 where sigma is 0; of the shape of x.
        sigma: standard deviation of the Gaussian.

    >>> round(float(resolvent(np.zeros(1), np.ones(1), 0.0)[0][0].real * np.pi), 12)
    1.0
    """
    z = x + 1j * half_width
    if not sigma:
        plain = 1j / (np.pi * z)
        return plain, -plain / z
    scaled = z / (sigma * np.sqrt(2))
    w = wofz(scaled)
    slope = (2j / np.sqrt(np.pi) - 2 * scaled * w) / (2 * np.sqrt(np.pi) * sigma**2)
    return w / (sigma * np.sqrt(2 * np.pi)), slope


def summed_lines(x: Array, centres: Array, half_widths: Array, areas: Array,
                 sigma: float) -> tuple[Array, Array]:
    """Return Σ Re area · line(x − centre), (n,), and its derivative."""
    found, slopes = np.zeros((2, len(x)))
    step = max(1, TOGETHER // max(len(x), 1))
    for begin in range(0, len(centres), step):
        part = slice(begin, begin + step)
        lines, rising = resolvent(x - centres[part, None], half_widths[part, None], sigma)
        found += (areas[part] @ lines).real
        slopes += (areas[part] @ rising).real
    return found, slopes
