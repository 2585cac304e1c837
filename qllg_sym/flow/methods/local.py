r"""Local Gilbert friction of kets: ρ = background + Σ w_j |j⟩⟨j| with constant weights moves r kets U alone.

$\dot U = -\frac{i}{\hbar}(H + F)U$ with $F = \alpha\hbar\sum_i \mathbf v_i\cdot\sigma_i/s_i$, σ_i = S_i/ħ. The
velocity v_i = d⟨σ_i⟩/dt solves v = τ − a × v, where τ_i = Tr(i[ρ, H/ħ]σ_i) is the torque of H alone and
a_i = α⟨σ_i⟩/s_i: spins of different sites commute, so that each finds its own. Phases of kets do not change ρ and are
left out; after each step U is put back to the nearest orthonormal kets, so that the spectrum is constant to rounding.
"""

from collections.abc import Callable, Sequence

import numpy as np

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import friction_kernel
from qllg_sym.errors import DerivationError
from qllg_sym.flow.methods._sampling import follow
from qllg_sym.flow.methods._turns import turns
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steps.runge_kutta import Kets, NotFinite, RungeKutta, Slope, registers
from qllg_sym.flow.steps.tableau import dop853
from qllg_sym.flow.subspace.kets import Array, orthonormalise
from qllg_sym.observables.sites import spin_matrices

NAME = "local"
GROWTH = None       # there is no frame weight to read it off
TEMPORARY = 8       # kets that the action, the spins of a site, a sample and the energy take for a moment


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.classical:
        return "the law is classical"
    if problem.equation.model.space.sector is not None:
        return "spins about x and y lead out of a sector of total S_z"
    try:
        friction_kernel(problem.equation)
    except DerivationError:
        return f"{problem.equation.kind} is not local friction alone"
    return None


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: H·v and the spins of every site for every slope, and NumPy's calls."""
    space, r = problem.equation.model.space, problem.start.rank
    slopes = 350 + 15 * turns(problem)
    return slopes * (1.2e-4 + space.sites * (1.5e-4 + 5e-8 * r * space.dimension)) + 3e-4 * len(problem.times)


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start.thin().kets.shape[1:]


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return False


def run(problem: Problem, watch: Watch) -> Outcome:
    """Integrate the kets whose weight is not the background."""
    state = problem.start.thin()
    (weights,), (kets,) = state.weights, state.kets
    tableau, begin = dop853(), float(problem.times[0])
    samples = Samples(problem, weights, float(state.background[0]), TEMPORARY + registers(tableau))
    samples.add(kets)
    if len(problem.times) == 1:
        return samples.found({"steps": 0, "evaluations": 0, "rank": len(weights)}, None, begin)
    stepper = RungeKutta(flow(problem, weights), begin, float(problem.times[-1]), kets.astype(complex, copy=False),
                         tableau, Kets(problem.rtol + problem.atol), orthonormalise, problem.limits)
    failure = follow(stepper, samples, problem, watch)
    stats = {"steps": stepper.steps, "evaluations": stepper.evaluations, "rank": len(weights), "stepper": tableau.name}
    return samples.found(stats, failure, stepper.t)


def flow(problem: Problem, weights: Array) -> Slope:
    """Return (t, U, out) ↦ the slope of U, written into `out`."""
    apply, dims, alpha = problem.action.apply, problem.dims, friction_of(problem)
    spins = [spin_matrices(n) * (n - 1) / 2 for n in dims]              # σ, those of observables being σ/s

    def slope(t: float, kets: Array, out: Array) -> None:
        """Write dU/dt into `out`."""
        apply(kets, t, out)
        strength, turned = alpha(t), out.copy()
        for site, matrices in enumerate(spins):
            moved = _on_site(matrices, kets, dims, site)
            torque = 2 * np.einsum("kaj,aj,j->k", moved.conj(), turned, weights).imag
            mean = np.einsum("kaj,aj,j->k", moved.conj(), kets, weights).real
            share = strength / ((dims[site] - 1) / 2)
            out += np.tensordot(share * _velocity(torque, share * mean), moved, 1)
        out -= kets * np.einsum("aj,aj->j", kets.conj(), out).real      # phases of kets
        out *= -1j
        if not np.all(np.isfinite(out)):
            raise NotFinite
    return slope


def _velocity(torque: Array, a: Array) -> Array:
    """Return the v with v + a × v = τ.

    >>> _velocity(np.array([1.0, 0, 0]), np.array([0, 0, 1.0])).tolist()
    [0.5, -0.5, 0.0]
    """
    return np.asarray((torque - np.cross(a, torque) + a * (a @ torque)) / (1 + a @ a))


def _on_site(matrices: Array, kets: Array, dims: Sequence[int], site: int) -> Array:
    """Return σ_k U for the three components of a site, (3, d, r)."""
    before = int(np.prod(dims[:site]))
    blocks = kets.reshape(before, dims[site], -1)
    return np.asarray(np.einsum("kab,xby->kxay", matrices, blocks).reshape(3, *kets.shape))


def friction_of(problem: Problem) -> Callable[[float], float]:
    """Return t ↦ α of one row.

    >>> from qllg_sym import LocalGilbert, Model, Space, states
    >>> from qllg_sym.flow.pose import pose
    >>> friction_of(pose(Model(Space("1/2")), LocalGilbert(0.5), states.product("up"), [0, 1]))(0.0)
    0.5
    """
    function = build.load(friction_kernel(problem.equation), "numpy")
    names = function.kernel.parameters

    def at(t: float) -> float:
        """Return α at a time."""
        return float(function(t, np.empty(0), problem.parameters(names, t)[:, 0])[0])

    return at
