"""Small motions about a fixed point."""

from qllg_sym.analysis.stationary.linearisation import Linearisation, RelaxationSpectrum
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError


def linearise(components: Components, at: FixedPoint) -> Linearisation:
    r"""Return the linear flow $\delta\dot y = J\,\delta y$ about a fixed point: matrix, rates, frequencies and modes.

    Under a law that keeps the spectrum, coherences of eigenstates j and k of H relax on their own, with the law's frame
    weight W (1/(1 − iκΔ) for q-LLG, 1 + iκΔ for q-LL):

    $$\delta\rho_{jk} \propto \exp\Big(\frac{i}{\hbar}(E_k - E_j)\,W(p_j - p_k)\,t\Big).$$

    Args:
        components: the flow.
        at: one of its `fixed_points()`.

    Returns:
        A `Linearisation`: `.rates` (eigenvalues of J, with multiplicity; the real parts `.growth` are positive where a
        mode grows, the imaginary parts `.frequencies` are of precession; 1/time), `.modes` (eigenvectors), `.matrix`,
        `.stable`, and for laws that keep the spectrum `.transitions`, which says what each mode is.

    Raises:
        InputError: not a fixed point of these components.

    Source: PRL 133, 266704 (2024), eq. 3, to first order about [ρ, H] = 0.

    >>> import sympy as sp
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", positive=True)
    >>> spin = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli()
    >>> against, along = (spin.linearise(point) for point in spin.fixed_points())
    >>> along.rates[0], along.stable, against.stable
    (-B*kappa/(kappa**2 + 1) - I*B/(kappa**2 + 1), True, False)
    >>> along.growth, along.modes[0]
    ((-B*kappa/(kappa**2 + 1), -B*kappa/(kappa**2 + 1), 0), (1, -I, 0))
    """
    if not isinstance(at, FixedPoint) or at.components != components:
        raise InputError(f"`at` must be a fixed point of these components, but is {at!r}; take one of fixed_points().")
    return RelaxationSpectrum(components, at)
