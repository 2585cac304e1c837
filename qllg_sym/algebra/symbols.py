"""The two symbols that belong to the toolkit, and the names that user symbols must leave alone."""

import re
from typing import Any

import sympy as sp

from qllg_sym.errors import ModelError


class Reserved(sp.Dummy):
    """A symbol that equals no symbol made by name, yet prints as its plain name."""

    __slots__ = ()

    def __new__(cls, *args: Any, **assumptions: Any) -> "Reserved":
        """Make one; the type is all that this adds."""
        return super().__new__(cls, *args, **assumptions)  # type: ignore[no-untyped-call]  # SymPy has no types

    def __reduce__(self) -> str:
        """Pickle and copy as the name of this module's own symbol: there is one of each."""
        return str(self.name)

    def _sympystr(self, printer: Any) -> str:
        return str(self.name)

    # SymPy's printers of code write gap_1000002 for a Dummy; each of them asks for a method of its own first.
    _ccode = _cxxcode = _fcode = _glsl = _rust_code = _rcode = _javascript = _julia = _octave = _mcode = _sympystr
    _pythoncode = _numpycode = _scipycode = _mpmathcode = _cmathcode = _numexprcode = _lambdacode = _jaxcode = _sympystr
    _cupycode = _maple = _tensorflowcode = _torchcode = _sympystr

    def _latex(self, printer: Any) -> str:
        return {"gap": r"\Delta"}.get(self.name, self.name)


# Fixed indices: the same symbol in every process, so that generated text does not depend on the run.
t: sp.Symbol = Reserved("t", dummy_index=1_000_001, real=True)  # Time, in coefficients of terms and laws.
gap: sp.Symbol = Reserved("gap", dummy_index=1_000_002, real=True)  # p₊ − p₋ of a two-valued spectrum.

RESERVED_NAME = re.compile(r"t|gap|Delta|e\d+|d?(T_[0xyz]+|eta_[xyz]|m\d+_[xyz]|c(_[0-9a-z]+)+)")


def check_name(symbol: sp.Symbol) -> None:
    """Refuse a user symbol whose name belongs to a state, a velocity, time, or the spectrum.

    >>> check_name(sp.Symbol("J", real=True))
    """
    if symbol in (t, gap) or not RESERVED_NAME.fullmatch(symbol.name):
        return
    hint = {"t": "use `qllg_sym.t` for time", "gap": "use `qllg_sym.gap` for the spectral difference"}
    todo = hint.get(symbol.name, f"choose another name, such as `{symbol.name}_0`" if symbol.name[0] == "e" else
                    "choose another name, such as a capital letter")
    raise ModelError(
        f"Symbol `{symbol.name}` must not be named like time, a state, a velocity or a spectral invariant, "
        f"but `{symbol.name}` is reserved; {todo}."
    )
