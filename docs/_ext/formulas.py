"""Formulas as MathML, which browsers draw themselves: the site needs no network and no script for them."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from qllg_sym.report import tex

_LOG = logging.getLogger(__name__)


def mathml(latex: str, display: str, place: Any = None) -> str:
    r"""Return a formula as MathML, the source beside it for those who copy it; an unknown command is a warning.

    >>> mathml(r"\rho", "inline")[-37:]
    '<mrow><mi>ρ</mi></mrow></math></span>'
    """
    for name in tex.unknown(latex):
        _LOG.warning("the formula has an unknown command \\%s", name, location=place)
    drawn = tex.mathml(latex).replace('display="block"', f'display="{display}"', 1)
    return f'<span class="formula" title="{escape(latex)}">{drawn}</span>'


def inline(self: Any, node: nodes.math) -> None:
    """Write a formula in a line."""
    self.body.append(mathml(node.astext(), "inline", node))
    raise nodes.SkipNode


def block(self: Any, node: nodes.math_block) -> None:
    """Write a formula of its own."""
    self.body.append(f'<div class="math-block">{mathml(node.astext(), "block", node)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer it as `html_math_renderer`."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
