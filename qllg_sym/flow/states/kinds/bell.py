"""Bell states of two spins ½."""

from qllg_sym.flow.states.kinds.werner import Werner, werner

EXAMPLE = ("phi-",)


def bell(name: str) -> Werner:
    """Return a Bell state of two spins ½: "psi±" = (|↑↓⟩ ± |↓↑⟩)/√2, "phi±" = (|↑↑⟩ ± |↓↓⟩)/√2.

    Definition:
        ket = {"psi": [0, 1, float(name[3] + "1"), 0], "phi": [1, 0, 0, float(name[3] + "1")]}[name[:3]]
        np.outer(ket, ket) / 2

    Raises:
        StateError: an unknown name.

    >>> bell("psi-").p
    1.0
    """
    return werner(name, 1)
