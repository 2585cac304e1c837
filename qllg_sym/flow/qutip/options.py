"""QuTiP's options, each honoured or refused: what is asked of `solve`, and what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from qllg_sym.errors import InputError, InputTypeError, meant
from qllg_sym.flow import methods
from qllg_sym.flow.choose import own_options
from qllg_sym.flow.options import Options
from qllg_sym.flow.qutip.bars import bar_of

SHARED = ("method", "rtol", "atol", "max_step", "breakpoints")      # with `solve`
OWN = ("progress_bar", "progress_kwargs", "store_states", "store_final_state", "normalize_output")
STEPS = "steps are chosen here by the tolerances alone"
# What QuTiP's integrators take beside these, and why it is not here.
ABSENT = {
    "nsteps": "the number of steps has no limit here",
    "matrix_form": "density matrices are never turned into vectors here",
    **dict.fromkeys(("order", "first_step", "min_step", "max_order_ns", "max_order_s", "ifactor", "dfactor", "beta",
                     "interpolate", "always_compute_step"), STEPS),
}
THEIRS = ("adams", "bdf", "lsoda", "dop853", "vern7", "vern9", "tsit5", "diag")


@dataclass(frozen=True)
class QutipOptions:
    """What was asked for.

    Attributes:
        asked: of `solve`.
        store_states: whether states are kept at all times; None: where there are no e_ops.
        store_final_state: False where no final state is wanted; None: it is made when it is asked for.
        shown: every option in force by QuTiP's name.
    """

    asked: Options
    store_states: bool | None
    store_final_state: bool | None
    shown: Mapping[str, Any]


def options_of(options: Any) -> QutipOptions:
    """Read QuTiP's options.

    Raises:
        InputTypeError: no mapping, or a value of another type.
        InputError: an option that is none, or that is not here.

    >>> options_of({"max_step": 0, "progress_bar": ""}).asked.max_step
    inf
    """
    if not isinstance(options, Mapping | None):
        raise InputTypeError(f"`options` must be a mapping, but is {options!r}; write options={{…}}.")
    given = dict(options or {})
    own = own_options(given.get("method", "auto"))
    _check_names(given, (*SHARED, *OWN, *own))
    for name in ("store_states", "store_final_state"):
        if given.get(name) not in (True, False, None):
            raise InputTypeError(f"`options[{name!r}]` must be True, False or None, but is {given[name]!r}; choose "
                                 "one of them.")
    shared = {name: given[name] for name in SHARED if name in given}
    if shared.get("max_step") == 0:         # QuTiP's word for no limit
        shared["max_step"] = inf
    asked = Options(progress=bar_of(given.get("progress_bar"), given.get("progress_kwargs")),
                    own={name: given[name] for name in own if name in given}, **shared)
    shown = {"progress_bar": given.get("progress_bar", ""), "progress_kwargs": given.get("progress_kwargs") or {},
             "store_final_state": given.get("store_final_state"), "store_states": given.get("store_states"),
             "normalize_output": False, "method": asked.method, "atol": asked.atol, "rtol": asked.rtol,
             "max_step": asked.max_step, "breakpoints": asked.breakpoints, **asked.own}
    return QutipOptions(asked, given.get("store_states"), given.get("store_final_state"), shown)


def _check_names(given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse names that are none, and what QuTiP does and this package does not."""
    for name in given:
        if name in ABSENT:
            raise InputError(f"`options` must be without {name!r}, since {ABSENT[name]}; drop it.")
        if name not in known:
            raise InputError(f"`options` must be of {', '.join(known)}, but has {name!r}{meant(name, known)}; drop it.")
    if given.get("normalize_output"):
        raise InputError("`options['normalize_output']` must be False, since states are never renormalised here; drop "
                         "it.")
    if given.get("method") in THEIRS:
        raise InputError(f"`options['method']` must be auto or one of {', '.join(methods.names())}, but "
                         f"{given['method']!r} is an integrator of QuTiP; drop it.")
