"""How large an exact residual in components will be, told before it is worked out: refusals come at once.

A polynomial in n states and n velocities holds a vector of exponents for every term, so that its memory grows as the
number of terms, about d⁴ for ρ ρ̇, times n = d² − 1.
"""

from collections.abc import Iterable
from math import prod

from qllg_sym.algebra.element import Element
from qllg_sym.errors import DerivationError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

MOST_STATES = 2**16             # of components: their names alone take a second
MOST_EXPONENTS = 2**28          # of all terms, eight bytes each: work takes two to four times that
MOST_ENTRIES = 2**22            # of dense exact matrices


def check_states(space: Space) -> None:
    """Refuse components that are too many to be listed.

    Raises:
        DerivationError: with their number.

    >>> from qllg_sym import Space
    >>> check_states(Space.half(4))
    """
    if (count := space.dimension**2 - 1) > MOST_STATES:
        raise DerivationError(f"`coefficients()` must have at most {MOST_STATES} components, but {space} has {count}; "
                              "take fewer or smaller spins, or `solve`, which needs none.")


def check_terms(kind: str, model: Model, words: Iterable[Element], states: int) -> None:
    """Refuse a residual that is too large to be written out.

    Args:
        kind: of the components.
        model: the Hamiltonian and its space.
        words: elements in ρ, ρ̇ and H.
        states: how many; every vector of exponents has them and as many velocities at least.

    Raises:
        DerivationError: with an estimate of the terms and of the memory.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> equation = QuantumLLG(1).derive(Model(Space.half(2)))
    >>> check_terms("pauli", equation.model, [equation.residual], 15)
    """
    count, generators = sum(terms(model, word, states) for word in words), 2 * states
    if count * generators > MOST_EXPONENTS:
        raise DerivationError(f"`{kind}()` must be small enough to be written out, but on "
                              f"{model.space} it has about {count:,} terms in {generators:,} "
                              f"symbols, {count * generators / 2**27:.0f} GiB; take fewer or smaller spins, or "
                              "`compile()` and `solve`, which do not write it out.")


def terms(model: Model, word: Element, states: int) -> int:
    """Return an estimate of the terms that a word makes: one for every choice of a component of each of its letters.

    Words in ρ and H alone are evaluated by commutators, which leave a fifth.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> equation = QuantumLLG(1).derive(Model(Space.half(4)))
    >>> terms(equation.model, equation.residual, 255)
    130305
    """
    sizes = {"rho": states, "drho": states, "H": len(model.frequency.terms)}
    counts = [(prod(sizes.get(letter, 1) for letter in letters), {*letters} <= {"rho", "H"})
              for _, letters in word.terms]
    return sum(count // 5 if plain else count for count, plain in counts)


def check_matrix(model: Model, what: str, count: int) -> None:
    """Refuse dense exact matrices of too many entries.

    Raises:
        DerivationError: with their number.

    >>> from qllg_sym import Model, Space
    >>> check_matrix(Model(Space.half(2)), "jacobian", 225)
    """
    if count > MOST_ENTRIES:
        raise DerivationError(f"`{what}` must have at most {MOST_ENTRIES:,} entries, but on "
                              f"{model.space} it has {count:,}; take fewer or smaller spins.")
