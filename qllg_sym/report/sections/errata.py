"""Errata and limits: statements of the paper that hold only under a condition that it does not state."""

from qllg_sym.report.book import theorem_files
from qllg_sym.report.citing import Citing
from qllg_sym.report.html import Markup, join, link, paragraphs, table
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.units import Units

ORDER, ANCHOR, TITLE = 65, "errata", "Errata and limits"

LETTER = "PRL 133, 266704 (2024)"
FIGURES = (                                     # what the figures themselves show; theorem files give the other rows
    ("1 μ_B = 6.58e-2 meV/T", f"{Units('meV', 'ps').mu_B:.4g} meV/T (CODATA); the printed number is ħ/(10 ps T), "
     "so that |J| = ħγ_g B0 in the figures, and half of it for g = 2", f"{LETTER}, text on Fig. 1",
     "Units of the figures"),
    ("the classical counterpart of Fig. 1", "it was drawn with half the exchange and DMI of the quantum mean field",
     f"{LETTER}, Fig. 1", "The classical partner"),
    ("Fig. 3 starts from the pure Bell state Ψ+", "the published scripts start from the Werner state p = 0.9, and "
     "leave the square root out of B there and in Fig. 4", f"{LETTER}, Figs. 3 and 4", "Fig. 3"),
    ("the curves are solutions of eq. 3", "the published scripts take explicit Euler steps with ρ̇ from a damped "
     "fixed-point iteration, which lets the purity drift; here it is kept to rounding", f"{LETTER}, Figs. 1–4",
     "Figures"))
ANCHORS = {"Units of the figures": "units", "The classical partner": "partner", "Fig. 3": "figure-3",
           "Figures": "figures"}


def rows() -> list[tuple[str, str, str, str]]:
    """Return (what the paper says, what holds, place, where to look), those of the figures first.

    >>> any("uncoupled" in said for said, *_ in rows())
    True
    """
    proved = [(*row, f"{module.__name__.rpartition('.')[2]}.py") for module in theorem_files()
              for row in getattr(module, "ERRATA", ())]
    return [*FIGURES, *proved]


def body(reproduction: Reproduction) -> Markup:
    """Collect the ERRATA of all theorem files."""
    citing = Citing(reproduction.chapters, [figure.number for figure in reproduction.figures])
    text = paragraphs("Where a statement of the paper is wrong, or holds only under a condition that the paper does "
                      "not state, this is what holds; the place named proves it or says how it was found.")
    shown = [[prose(said), citing.prose(holds), prose(place), _see(see)] for said, holds, place, see in rows()]
    return join([text, table(["The paper says", "What holds", "Place", "See"], shown)])


def _see(place: str) -> Markup:
    """A section of the page, or a theorem file, as a link to it."""
    if place in ANCHORS:
        return link(f"#{ANCHORS[place]}", place)
    return link(f"#{place.removesuffix('.py')}", f"Theorem {int(place.split('_')[1])}")
