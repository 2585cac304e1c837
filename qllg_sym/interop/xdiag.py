"""XDiag's TOML: an OpSum for `read_opsum`, with the ops that its distributed blocks have."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from qllg_sym.errors import InputError
from qllg_sym.interop.exchanged import Handed

HEAD = """# H/ħ of {n} spins ½, sites from 0: read_opsum(FileToml(name), "Interactions") gives it but for Offset · 1.
# "Exchange" is (J S+_i S-_j + J* S-_i S+_j)/2, complex numbers are [re, im].
"""
RATE = """# evolve_lanczos(ops, psi, z, 1e-12, 0., true) with z = Rate · dt moves psi by dt, normalised.
"""


def xdiag_text(handed: Handed) -> str:
    r"""Return the TOML text.

    Raises:
        InputError: a string that `SpinhalfDistributed` has no op for.

    >>> print(xdiag_text(Handed(2, [(((0, "Z"), (1, "Z")), 0.25), (((0, "X"),), -0.5)])).partition("\nInter")[2])
    actions = [
      [-0.5, "S+", 0],
      [-0.5, "S-", 0],
      [1.0, "SzSz", 0, 1],
    ]
    <BLANKLINE>
    """
    entries = list(_entries(handed))
    lines = [HEAD.format(n=handed.sites), f"Sites = {handed.sites}\n", f"Offset = {_offset(handed)!r}\n"]
    if handed.rate is not None:
        lines += [RATE, f"Rate = {_number(handed.rate)}\n"]
    if handed.spins:
        state = ", ".join({"up": '"Up"', "down": '"Dn"'}[spin] for spin in handed.spins)
        lines.append(f"State = [{state}]\n")
    lines.append("Interactions = [\n" + "".join(f"  {entry},\n" for entry in entries) + "]\n")
    return "".join(lines)


def _offset(handed: Handed) -> float:
    """The multiple of 1."""
    return sum(c for letters, c in handed.strings if not letters)


def _entries(handed: Handed) -> Iterator[str]:
    """Yield the terms as TOML arrays."""
    bonds: dict[tuple[int, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for letters, c in handed.strings:
        if len(letters) == 1:
            yield from _field(*letters[0], c)
        elif len(letters) == 2:
            (i, a), (j, b) = letters
            bonds[i, j][a + b] += c
        elif letters:
            raise InputError("`model` must have terms on at most two sites for XDiag's distributed blocks, but one is "
                             f"{_named(letters)}; export it for \"dynamite\".")
    for (i, j), found in bonds.items():
        yield from _bond(i, j, found)


def _field(i: int, letter: str, c: float) -> Iterator[str]:
    """Yield c σ of one site."""
    if letter == "Z":
        yield f'[{2 * c!r}, "Sz", {i}]'
        return
    raising = complex(c) if letter == "X" else complex(0, -c)
    yield f'[{_number(raising)}, "S+", {i}]'
    yield f'[{_number(raising.conjugate())}, "S-", {i}]'


def _bond(i: int, j: int, c: dict[str, float]) -> Iterator[str]:
    """Yield Σ c_ab σ_a σ_b of two sites: what keeps total S_z."""
    if c["XX"] != c["YY"] or c["XY"] != -c["YX"] or any(c[name] for name in ("XZ", "ZX", "YZ", "ZY")):
        raise InputError("`model` must have bonds that keep total S_z for XDiag's distributed blocks, but that of "
                         f"sites {i} and {j} does not; export it for \"dynamite\".")
    if c["ZZ"]:
        yield f'[{4 * c["ZZ"]!r}, "SzSz", {i}, {j}]'
    if c["XX"] or c["XY"]:
        yield f'[{_number(complex(4 * c["XX"], 4 * c["XY"]))}, "Exchange", {i}, {j}]'


def _number(value: complex) -> str:
    """A number in TOML."""
    return repr(value.real) if not value.imag else f"[{value.real!r}, {value.imag!r}]"


def _named(letters: Any) -> str:
    """A string as text."""
    return " ".join(f"{letter}{site}" for site, letter in letters)
