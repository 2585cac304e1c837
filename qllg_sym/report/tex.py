r"""LaTeX statements of theorems as MathML, by latex2mathml; what browsers make of its tree is mended here."""

import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

from qllg_sym.equations.notations.mathml import RAISED, bold

_UPRIGHT = re.compile(r"\\math(?:rm|sf)\s*(?:\{([^}]*)\}|(\w))")
_BOLD = re.compile(r"\\(?:mathbf|boldsymbol)\s*(?:\{\s*([a-zA-Z]|\\[a-zA-Z]+)\s*\}|([a-zA-Z]|\\[a-zA-Z]+))")
_ACCENTS = "˙¨~¯^"


@lru_cache(8192)
def mathml(latex: str) -> str:
    r"""Return a formula as MathML; a command that is not known is shown by its name.

    >>> mathml(r"\rho^2").partition("<mrow>")[2]
    '<msup><mi>ρ</mi><mn>2</mn></msup></mrow></math>'
    """
    return tostring(_tree(latex), encoding="unicode", short_empty_elements=False)


def unknown(latex: str) -> list[str]:
    r"""Return the commands of a formula that are not known.

    >>> unknown(r"\rho \nonsense")
    ['nonsense']
    """
    return [x.text[1:] for x in _tree(latex).iter() if x.text and x.text.startswith("\\")]


def _tree(latex: str) -> Element:
    """The tree of a formula, with what browsers know: bold and upright letters, near bars and accents."""
    # Browsers know no bold but that of the characters.
    bolder = _BOLD.sub(lambda found: bold((found[1] or found[2]).removeprefix("\\")), latex)
    upright = _UPRIGHT.sub(lambda found: rf"\text{{{found[1] or found[2]}}}", bolder)
    tree: Element = convert_to_element(upright.replace("--", "–"), display="block")
    for x in tree.iter():
        x.text = unescape(x.text) if x.text else x.text
        if x.tag == "mo" and x.text == "|":                      # else a bar is spaced as a relation
            x.attrib |= {"lspace": "0", "rspace": "0"}
        if x.tag == "mover" and x[1].text and unescape(x[1].text) in _ACCENTS:
            x.set("accent", "true")
            x[1].attrib |= {"stretchy": "false", "style": RAISED}
    return tree
