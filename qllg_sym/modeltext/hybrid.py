"""[law] of kind "hybrid" with [hybrid]: which sites are clusters, and which are classical."""

from typing import Any

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.modeltext.tables import Table

SITES = ("clusters", "classical")


def read_hybrid_law(table: Table, parts: Table | None) -> Hybrid:
    """Return the hybrid law that [law] with kappa and alpha, and [hybrid] with clusters and classical, describe.

    Raises:
        ModelError: no [hybrid], an unknown, missing or wrong key, or what the law refuses.

    >>> parts = Table("[hybrid]", {"clusters": [[0, 1]], "classical": [2]})
    >>> read_hybrid_law(Table("[law]", {"kind": "hybrid", "kappa": 1, "alpha": 0}), parts)
    Hybrid(kappa=1, alpha=0, clusters=((0, 1),), classical=(2,))
    """
    table.only(["kind", "kappa", "alpha"])
    if parts is None:
        raise ModelError(f"{table.place} of kind hybrid must have [hybrid] beside it, but has none; add it with "
                         "clusters = [[0, 1]] and classical = [2].")
    clusters = parts.items("clusters") if "clusters" in parts else []
    classical = parts.items("classical") if "classical" in parts else []
    try:
        return Hybrid(table.coefficient("kappa"), table.coefficient("alpha"), clusters, classical=classical)
    except (InputError, InputTypeError) as error:
        place = "" if str(error).startswith("[") else "[hybrid]: "
        raise ModelError(f"{place}{error}") from None


def hybrid_tables(law: Hybrid, own: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return [law] and [hybrid] of a law, given all its arguments as text has them.

    >>> hybrid_tables(Hybrid(1, 0, [(0, 1)], classical=[2]), {"kappa": 1, "alpha": 0})
    ({'kind': 'hybrid', 'kappa': 1, 'alpha': 0}, {'clusters': [[0, 1]], 'classical': [2]})
    """
    return {"kind": law.kind, **own}, {"clusters": [list(c) for c in law.clusters], "classical": list(law.classical)}
