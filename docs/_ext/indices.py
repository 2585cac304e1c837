"""Letters with indices in prose: γ_g, T_kl and k_BT, typed as in a terminal, are shown with the index below."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

_INDEXED = re.compile(r"(?<![A-Za-z_])(?:(k)_(B)|([A-Za-zα-ωΑ-Ω])_(\{[^{}]+\}|[a-z0-9α-ω]+(?!_)"
                      r"|[A-Z]{1,3}(?![A-Za-z0-9_])))")
_AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.comment,
             addnodes.desc_signature, addnodes.desc_name)


def pieces(text: str) -> list[nodes.Node]:
    """Return a text as nodes: letters of formulas in italics, their indices below, all else as it is.

    >>> [node.astext() for node in pieces("σ² = 2ħκk_BT and 1/γ_gB, not in read_me")]
    ['σ² = 2ħκ', 'k', 'B', 'T and 1/', 'γ', 'g', 'B, not in read_me']
    """
    found: list[nodes.Node] = []
    end = 0
    for match in _INDEXED.finditer(text):
        letter, index = match[1] or match[3], (match[2] or match[4]).strip("{}")
        found += [nodes.Text(text[end:match.start()])] * (match.start() > end)
        found += [nodes.emphasis("", letter), nodes.subscript("", index)]
        end = match.end()
    return [*found, *([nodes.Text(text[end:])] if end < len(text) else [])]


def set_below(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Exchange the texts of a page that hold such letters."""
    for text in list(tree.findall(nodes.Text)):
        above, node = [], text.parent
        while node is not None:
            above.append(node)
            node = node.parent
        if above and _INDEXED.search(str(text)) and not any(isinstance(node, _AS_TYPED) for node in above):
            text.parent.replace(text, pieces(str(text)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Do so on every page when its references are known."""
    app.connect("doctree-resolved", set_below)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
