"""Constants of motion: polynomials in the states that every solution keeps."""

from functools import cached_property
from math import comb
from os import PathLike
from typing import Any

import sympy as sp

from qllg_sym.analysis.conservation.certified import conservation_of, theorem
from qllg_sym.analysis.conservation.coefficients import Coefficients
from qllg_sym.analysis.conservation.search import Constant, independent
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError, InputError
from qllg_sym.files import atomic_write
from qllg_sym.proof.certificate import document
from qllg_sym.proof.theorem import Theorem

MOST = 2500         # coefficients of one polynomial
LONGEST, ROWS, COLUMNS = 240, 25, 100       # characters of a repr on one line; lines and characters of a longer one


class ConservedQuantities(tuple[sp.Expr, ...]):
    """Constants of motion, as a tuple of polynomials in the states.

    Attributes:
        names: what they are, in the same order: "Casimir Tr rho^2" is the purity; "" for one without a name.
    """

    names: tuple[str, ...]
    _coefficients: Coefficients
    _constants: tuple[Constant, ...]
    _degree: int

    @classmethod
    def of(cls, components: Components, degree: int) -> "ConservedQuantities":
        """Return those of components up to a degree."""
        coefficients = Coefficients.of(components)
        constants = tuple(independent(coefficients, degree))
        found = cls(_expression(coefficients, constant) for constant in constants)
        found.names = tuple(constant.name for constant in constants)
        found._coefficients, found._constants, found._degree = coefficients, constants, degree
        return found

    def __repr__(self) -> str:
        """As a tuple where that is short, else one constant of motion a line."""
        whole = super().__repr__()
        if len(whole) <= LONGEST:
            return whole
        rows = [f"  {name + ' = ' if name else ''}{_cut(str(p))}" for name, p in zip(self.names, self, strict=True)]
        hidden = [f"  … {len(rows) - ROWS} more"] if len(rows) > ROWS else []
        return "\n".join([f"<{len(rows)} constants of motion, those of degree {self._degree} at most:",
                          *rows[:ROWS], *hidden]) + ">"

    def save(self, path: str | PathLike[str]) -> None:
        """Prove every theorem, and write the certificates to one file, for `qllg check FILE`.

        Args:
            path: the file's name; written at once.

        Raises:
            FileError: no such folder, or one that is not writable.

        >>> import tempfile
        >>> from qllg_sym import Model, Space, VonNeumann
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     conserved(VonNeumann().derive(Model(Space("1/2"))).pauli(), 1).save(f"{folder}/constants.json")
        """
        atomic_write(path, document(theorem.prove() for theorem in self.theorems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what they were found from."""
        return type(self).of, (self._coefficients.components, self._degree)

    @cached_property
    def theorems(self) -> tuple[Theorem, ...]:
        r"""That each is constant, as theorems: $\dot P = \sum_i \lambda_i r_i$, r the residual; `prove()` certifies it.

        Where multipliers have parameters below the line, the theorem is about P times what clears them.
        """
        law = self._coefficients.components.equation.kind
        return tuple(theorem(conservation_of(self._coefficients, constant.polynomial, self._degree), constant.name,
                             f"conserved-{k}", law) for k, constant in enumerate(self._constants, 1))


def conserved(components: Components, degree: int = 2) -> ConservedQuantities:
    r"""Return polynomials P in the states, of degree ≤ n, with $\dot P = 0$ along every solution.

    With the equations $M(y)\,\dot y = f(y)$ they are all P for which there are polynomial multipliers λ of degree
    below n with $\lambda^T M = \nabla P$ and $\lambda^T f = 0$, so that $\dot P = \lambda^T f = 0$: linear conditions
    on the coefficients of P, solved exactly. Where M = 1 (von Neumann, q-LL, dephasing, LL) these are all polynomials
    that are constant; under q-LLG with H = 0, say, everything is, and has multipliers that are rational. None of those
    returned is a polynomial in the others, and all that there are, are polynomials in them. Parameters are symbols
    without relations, and so are roots, other functions of parameters, and functions of time: P is constant for all
    their values.

    Args:
        components: of any law.
        degree: n, at least 1.

    Returns:
        A tuple of expressions, by degree, with `.names` (Casimirs, that is Tr ρⁿ, |m_i|² and |η|², are called so; the
        energy, Tr ρH; total spins; traces of words in ρ and H, …) and `.theorems`, each of which `prove()` certifies.
        A name holds up to a factor made of parameters.

    Raises:
        InputError: n is no whole number from 1 on.
        DerivationError: too many coefficients.

    Source: PRL 133, 266704 (2024), below eq. 3, for Tr ρ²; A. Goriely, Integrability and Nonintegrability of Dynamical
        Systems (World Scientific, 2001), ch. 2, for first integrals by linear algebra.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> spin = Model(Space("1/2"), [Zeeman((0, 0, B))])
    >>> found = QuantumLLG(kappa).derive(spin).pauli().conserved()
    >>> found, found.names
    ((T_x**2/2 + T_y**2/2 + T_z**2/2 + 1/2,), ('Casimir Tr rho^2',))
    >>> QuantumLLG(0).derive(spin).pauli().conserved().names
    ('energy', 'Casimir Tr rho^2')
    >>> found.theorems[0].prove().replayable
    True
    """
    if not isinstance(degree, int) or isinstance(degree, bool) or degree < 1:
        raise InputError(f"`degree` must be a whole number from 1 on, but is {degree!r}; give 2.")
    count = comb(len(components.states) + degree, degree) - 1
    if count > MOST:
        raise DerivationError(f"`degree` must leave a polynomial in {len(components.states)} states at most {MOST} "
                              f"coefficients, but {degree} leaves {count:,}; take a lower one.")
    return ConservedQuantities.of(components, degree)


def _expression(coefficients: Coefficients, constant: Constant) -> sp.Expr:
    """A polynomial over the field as an expression in the states, each coefficient multiplied out."""
    own, field = (*coefficients.components.states, *coefficients.clocks), coefficients.field
    return sp.Add(*(sp.expand(field.to_sympy(c) * sp.Mul(*(g**e for g, e in zip(own, m, strict=True))))
                    for m, c in constant.polynomial.terms()))


def _cut(text: str) -> str:
    return text if len(text) <= COLUMNS else f"{text[:COLUMNS - 1]}…"
