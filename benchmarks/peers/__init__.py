"""One peer a file, found by listing this folder.

A peer has NAME, PACKAGE (the module it needs, or None), PROBLEMS (of "A", "B", "D"), PATIENCE (whether it compiles for
seconds, so that quick runs leave it out), TOLERANCES (loosest first) and run(problem, tolerance) -> Outcome.
Importing it loads no package of others but NumPy and SciPy.

A peer writes the law in its own way, a second time on purpose. Here may live what one peer
needs; problems and their exact answers are shared.
"""

from importlib.util import find_spec
from types import ModuleType

from qllg_sym import plugs


def peers() -> list[ModuleType]:
    """Return the peers, in order of their files.

    >>> "numba" in {peer.PACKAGE for peer in peers()}
    True
    """
    return plugs.modules(__name__)


def installed(peer: ModuleType) -> bool:
    """Return whether the package of a peer can be imported.

    >>> all(installed(peer) for peer in peers() if peer.PACKAGE is None)
    True
    """
    return peer.PACKAGE is None or find_spec(peer.PACKAGE) is not None
