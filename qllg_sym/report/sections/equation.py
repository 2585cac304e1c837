"""The law and the Hamiltonian, in operators."""

from qllg_sym.equations.names import read
from qllg_sym.equations.notations.mathml import MathML
from qllg_sym.report.html import Markup, join, math, paragraphs
from qllg_sym.report.study import Study

ORDER, ANCHOR, TITLE = 20, "equation", "The equation"

_OPEN = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>'
_CLOSE = "</mrow></math>"
_RATE = MathML().name(read("rho").dotted())
_PER_HBAR = "<mfrac><mi>i</mi><mi>ħ</mi></mfrac>"


def _commutator(a: str, b: str) -> str:
    """[a, b]."""
    return f'<mo stretchy="false">[</mo>{a}<mo>,</mo>{b}<mo stretchy="false">]</mo>'


def _spin(site: int) -> str:
    return f"<msub><mi>𝐒</mi><mn>{site}</mn></msub>"


_RHO, _H = "<mi>ρ</mi>", "<mi>H</mi>"
LAW = (f"{_OPEN}{_RATE}<mo>=</mo>{_PER_HBAR}{_commutator(_RHO, _H)}<mo>+</mo><mi>i</mi><mi>κ</mi>"
       f"{_commutator(_RHO, _RATE)}{_CLOSE}")
HAMILTONIAN = (
    f"{_OPEN}{_H}<mo>=</mo><mo "
    f"form='prefix'>−</mo><msub><mi>γ</mi><mi>g</mi></msub><mi>𝐁</mi><mo>·</mo><mo>(</mo>{_spin(1)}<mo>+</mo>{_spin(2)}<mo>)</mo><mo>+</mo><mfrac><mrow><mn>4</mn><mi>J</mi></mrow><msup><mi>ħ</mi><mn>2</mn></msup></mfrac>{_spin(1)}<mo>·</mo>{_spin(2)}<mo>+</mo><mfrac><mrow><mn>4</mn><mi>𝐃</mi></mrow><msup><mi>ħ</mi><mn>2</mn></msup></mfrac><mo>·</mo><mo>(</mo>{_spin(1)}<mo>×</mo>{_spin(2)}<mo>)</mo>{_CLOSE}")


def body(study: Study) -> Markup:
    """State PRL 3 and PRL 10."""
    return join([
        paragraphs("The law of motion is implicit: the velocity stands on both sides (eq. 3 of the paper)."), math(LAW),
        paragraphs("It keeps every eigenvalue of ρ, hence trace, purity and entropy, and for κ > 0 and a constant "
                   "Hamiltonian it lowers the energy. The dimer has the Hamiltonian (eq. 10)"), math(HAMILTONIAN),
        paragraphs("Here J > 0 is antiferromagnetic, the bond is counted once, D = (0, 0, D), and ħ = γ_g = 1 in "
                   "everything that follows unless they are printed.")])
