"""The colours of the page can be read: contrast by the formula of WCAG 2.2, in light, in dark and on paper."""

import pytest

from qllg_sym.report.palette import DARK, LIGHT, PRINT

WORDS = [("ink", "ground"), ("ink", "card"), ("soft", "ground"), ("soft", "card"), ("link", "ground"), ("link", "card"),
         ("good", "good-ground"), ("near", "near-ground"), ("bad", "bad-ground")]
CURVES = [(f"curve-{k}", "ground") for k in range(7)]
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])


def luminance(colour):
    """Relative luminance of #rrggbb."""
    channels = (int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Ratio from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_is_that_of_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)          # the known failure by a hair
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)


@PALETTES
def test_words_have_at_least_4_5(palette):
    assert {pair: contrast(*(palette[name] for name in pair)) for pair in WORDS
            if contrast(*(palette[name] for name in pair)) < 4.5} == {}


@PALETTES
def test_curves_have_at_least_3(palette):
    assert {pair: contrast(*(palette[name] for name in pair)) for pair in CURVES
            if contrast(*(palette[name] for name in pair)) < 3} == {}


@PALETTES
def test_every_mode_has_every_colour(palette):
    assert set(palette) == set(LIGHT)
    assert contrast(palette["ground"], palette["ground"]) < 3           # a curve in the colour of its ground is refused
