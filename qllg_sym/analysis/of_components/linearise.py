"""Small motions about a fixed point."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.analysis.stationary.given import given_point
from qllg_sym.analysis.stationary.linearisation import Linearisation, RelaxationSpectrum
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.small_motions import ImplicitLinearisation
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import DerivationError

MOST_WITH_SYMBOLS = 6       # states of restricted components whose matrix is inverted with symbols


def linearise(components: Components, at: FixedPoint | Mapping[Any, Any] | Sequence[Any]) -> Linearisation:
    r"""Return the linear flow $\delta\dot y = J\,\delta y$ about a fixed point: matrix, rates, frequencies and modes.

    Under a law that keeps the spectrum, coherences of eigenstates j and k of H relax on their own, with the law's frame
    weight W (1/(1 − iκΔ) for q-LLG, 1 + iκΔ for q-LL):

    $$\delta\rho_{jk} \propto \exp\Big(\frac{i}{\hbar}(E_k - E_j)\,W(p_j - p_k)\,t\Big).$$

    Elsewhere J solves mass · J = −∂residual/∂y.

    Args:
        components: the flow.
        at: one of its `fixed_points()`, or values of all states, in their order or by name or Symbol.

    Returns:
        A `Linearisation`: `.rates` (eigenvalues of J, with multiplicity; the real parts `.growth` are positive where a
        mode grows, the imaginary parts `.frequencies` are of precession; 1/time), `.modes` (eigenvectors), `.matrix`,
        `.stable`, and for the fixed points of laws that keep the spectrum `.transitions`, which says what each mode is.
        Exact for exact points but for numbers of degree above two in general laws, which are to 30 digits.

    Raises:
        InputError: not a fixed point of these components, or not values of all states.
        DerivationError: rates or modes for which there is no formula; the message says what there is.

    Source: PRL 133, 266704 (2024), eq. 3, to first order about [ρ, H] = 0.

    >>> import sympy as sp; from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", positive=True)
    >>> spin = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli()
    >>> against, along = (spin.linearise(point) for point in spin.fixed_points())
    >>> along.rates[0], along.stable, against.stable
    (-B*kappa/(kappa**2 + 1) - I*B/(kappa**2 + 1), True, False)
    >>> along.growth, along.modes[0]
    ((-B*kappa/(kappa**2 + 1), -B*kappa/(kappa**2 + 1), 0), (1, -I, 0))
    >>> spin.linearise({"T_x": 0, "T_y": 0, "T_z": "1/2"}).growth[1]           # a mixed state
    -2*B*kappa/(kappa**2 + 4)
    """
    point = given_point(components, at)
    if point.energies and components.kind in ("pauli", "coefficients"):
        return RelaxationSpectrum(components, point)
    free = [p.name for p in components.parameters if p not in point.values]
    if isinstance(components, RestrictedComponents) and free and len(components.states) > MOST_WITH_SYMBOLS:
        raise DerivationError("`at` must have a value for every parameter where restricted components have more than "
                              f"{MOST_WITH_SYMBOLS} states, but lacks {', '.join(free)}; give `values` to "
                              "fixed_points(), or linearise the full components, `source`.")
    return ImplicitLinearisation(components, point)
