"""Sources as links: a journal's volume and page, or an arXiv number, to the place where it is read."""

import re

_APS = re.compile(r"(?:PRL|Phys\. Rev\. Lett\.) (\d+), (\d+)(?: \(\d{4}\))?")
_ARXIV = re.compile(r"arXiv[: ](\d{4}\.\d{4,5})")
_OTHER = {                                      # journals whose identifiers are not made of volume and page
    "Phys. Lett. A 200, 340 (1995)": "10.1016/0375-9601(95)00214-N",
    "Commun. Math. Phys. 58, 273 (1978)": "10.1007/BF01614224"}
PAPER = "10.1103/PhysRevLett.133.266704"


def linked(html: str) -> str:
    """Return HTML in which sources are links.

    >>> linked("PRL 133, 266704 (2024), eq. 3")
    '<a href="https://doi.org/10.1103/PhysRevLett.133.266704">PRL 133, 266704 (2024)</a>, eq. 3'
    """
    html = _APS.sub(lambda m: _link(f"https://doi.org/10.1103/PhysRevLett.{m[1]}.{m[2]}", m[0]), html)
    html = _ARXIV.sub(lambda m: _link(f"https://arxiv.org/abs/{m[1]}", m[0]), html)
    for words, doi in _OTHER.items():
        html = html.replace(words, _link(f"https://doi.org/{doi}", words))
    return html


def _link(address: str, words: str) -> str:
    return f'<a href="{address}">{words}</a>'
