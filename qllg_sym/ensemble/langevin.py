r"""q.langevin: what a user gives, checked, → many noisy trajectories of a law of motion."""

import os
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral
from time import perf_counter
from typing import Any

from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.integrated import integrated
from qllg_sym.ensemble.noisy_run import NoisyRun
from qllg_sym.ensemble.origin import Origin
from qllg_sym.ensemble.preparation import prepared_run
from qllg_sym.ensemble.thermal import ThermalEnsemble
from qllg_sym.ensemble.weak_error import weak_error
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.model.model import Model
from qllg_sym.parallel.checkpoint import refuse_foreign
from qllg_sym.parallel.executors import executor_kind

SEEDS = 2**64


def langevin(model: Model, law: Law, state: Any, times: Any, bath: Bath, trajectories: int = 1000, seed: int = 0,
             step: float | None = None, values: Mapping[Any, Any] | None = None,
             observe: Mapping[str, Any] | None = None, progress: Any = False, method: str = "auto",
             executor: Any = None, checkpoint: str | os.PathLike[str] | None = None) -> ThermalEnsemble:
    r"""Integrate a law of motion with the noise of a heat bath, for many trajectories.

    $$d\rho = \frac{i}{\hbar}[\rho, H\,dt + dX] + i\kappa[\rho, d\rho], \qquad \sigma^2 = 2\hbar\kappa k_BT$$

    in the sense of Stratonovich, for q-LLG; for q-LL noise stands in the precession term alone. Every step is unitary,
    so that each trajectory keeps the spectrum of its state; with invariant noise and constant H the stationary law on
    the orbit is exp(−Tr ρH/k_BT), which `canonical` has exactly. The mean state is not Gibbs'. Classical laws have
    Brown's field noise, $\langle\mathbf b\mathbf b\rangle = 2\alpha k_BT/(\gamma_g\hbar\gamma_gs_i)$ inside LLG.

    Args:
        model: Hamiltonian and space.
        law: `QuantumLLG(kappa)`, `QuantumLL(kappa)`, another law with a frame weight that damps, `LocalGilbert(alpha)`
            with local noise, or a classical law (with field="paper" kT is in the unit of PRL's classical energy).
        state: as in `solve`.
        times: as in `solve`; steps end at them, and at the jumps and kinks of H, the law and kT in time.
        bath: `Bath(kT)`.
        trajectories: how many.
        seed: from 0 to 2^64 − 1; trajectory n has the same numbers however many there are.
        step: the longest step in time; None for the advised one, with an estimate of what it does to mean energies,
            `stats["weak_error"]`, from a few trajectories with half of it.
        values: numbers for the parameters of model, law and kT, and signals.
        observe: {name: operator or function}, as in `solve`, beside the energy; "bloch" where it is left out.
        progress: True for a bar, or a function of the fraction done.
        method: "strang" (weak order 2) or "euler" (weak order 1) where the noise is the same everywhere, "midpoint"
            (weak order 1) for local noise, "implicit" (weak order 1) for local friction; "auto" takes the best.
        executor: None (threads of this process), a number of processes (spawned; a script then needs
            `if __name__ == "__main__":`), any concurrent.futures Executor, or a dask.distributed Client. Who
            integrates changes no bit.
        checkpoint: a folder, made where it is missing: every chunk of trajectories is a file there as soon as it is
            done, and the same ensemble started again goes on from them.

    Returns:
        ThermalEnsemble: `.times`, `.mean["energy"]` (n_times,), `.error["energy"]` (standard errors),
        `.samples["energy"]` (trajectories, n_times), "bloch" likewise with axes (site, component); `.stats`;
        `.resume(times)` goes on, `.save(path)` and `.plot()` keep and draw it.

    Of `Hybrid`, clusters have invariant noise and moments Brown's; readings are ⟨S_i⟩/(s_i ħ) of all sites, (N, 3).

    Raises:
        QllgError: bad input, before any work: no damping at kT > 0, a law that does not keep the spectrum, a step that
            is too long, a checkpoint of something else.
        KeyboardInterrupt: on Ctrl-C; what was done is in the checkpoint.

    Source: PRL 133, 266704 (2024), eq. 3, with noise inside; W. F. Brown, Phys. Rev. 130, 1677 (1963).

    >>> from qllg_sym import QuantumLLG, Space, Zeeman, states
    >>> spin = Model(Space("1/2"), [Zeeman((0, 0, 2))])
    >>> ens = langevin(spin, QuantumLLG(0.5), states.product("up"), [0, 10], Bath(1), trajectories=200, seed=1)
    >>> bool(abs(ens.mean["energy"][-1] + 0.3130) < 4 * ens.error["energy"][-1])        # 1 − coth 1
    True
    """
    _check_numbers(bath, trajectories, seed)
    if isinstance(model, Model):
        model.space.must_be_whole("noise")
    options = Options(observe=observe, progress=progress)
    executor_kind(executor)
    refuse_foreign(checkpoint, NoisyRun.noun)
    asked = Origin(model, law, values, bath, options.observe, method, int(seed))
    run, sizes = prepared_run(asked, state, times, step, int(trajectories))
    started = perf_counter()
    with Progress(progress, "langevin") as show:
        samples, last = integrated(run, executor, checkpoint, show)
    judged = step is None and trajectories > 1 and run.steps.size
    estimate = weak_error(run.simulation, int(trajectories)) if judged else {}
    stats = {"method": run.method, **sizes.stats, **run.simulation.stats, **estimate,
             "seconds": perf_counter() - started}
    origin = replace(asked, method=run.method, step=sizes.checked(step), start=run.problem.start)
    return ThermalEnsemble(run.problem.times, samples, stats, law, bath, origin, last)


def _check_numbers(bath: Any, trajectories: Any, seed: Any) -> None:
    """Refuse what is no bath, no number of trajectories and no seed."""
    if not isinstance(bath, Bath):
        raise InputTypeError(f"`bath` must be a Bath, but is of type {type(bath).__name__}; write Bath(0.5).")
    if not isinstance(trajectories, Integral) or isinstance(trajectories, bool) or trajectories < 1:
        raise InputError(f"`trajectories` must be a positive integer, but is {trajectories!r}; write 1000.")
    if not isinstance(seed, Integral) or isinstance(seed, bool) or not 0 <= int(seed) < SEEDS:
        raise InputError(f"`seed` must be an integer from 0 to 2^64 − 1, but is {seed!r}; write seed=0.")
