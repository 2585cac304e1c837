r"""Linewidth against temperature: which experiment tells q-LLG, q-LL, Gilbert's law and a Lindblad bath apart.

Question.     A qubit, a copper dimer and Mn12 in a weak oscillating field: how do their lines widen or narrow with
              the temperature under each law, and at how many gigahertz and kelvin is that seen?
Setting.      Half width over frequency, in parts of its value κ (α) for a cold, polarised spin. Qubit: spin ½ of g = 2
              at ν = 9.5 GHz. Dimer: singlet below a triplet, hν = 200 GHz, seen by the staggered field. Mn12: S = 10
              with D, B40, B44 of Barra et al., Phys. Rev. B 56, 8192 (1997), its line at 300.36 GHz, without a field
              and in 0.5 T along the axis.
Lindblad.     Detailed balance, of a cold half width that is the same: qubit S₊ and S₋ at the rates γ(n + 1), γn with
              n = 1/(e^{hν/k_BT} − 1); dimer |s⟩⟨t|, |t⟩⟨s|; Mn12 the transitions of S_x and S_y, half the sum of the
              rates out of both levels of a line.
Answer.       With d = p_lower − p_upper: q-LLG and q-LL κd; Gilbert α; Lindblad of the qubit κ coth(hν/2k_BT), of
              the dimer κ(1 + 4n). q-LLG's qubit line narrows as tanh where the bath's widens as coth. In Mn12 two
              wells share the population: a field along the axis doubles q-LLG's width at 2 K, and changes no other.
Limits.       Widths that are not homogeneous (strain of D, dipolar and hyperfine fields) hide this in a plain spectrum:
              what is compared is the homogeneous part, as of an echo. q-LLG's χ has no bath that refills the levels.
Source.       Own; linear response to PRL 133, 266704 (2024), eq. 3, theorems `response`, `response-lines`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qllg_sym import (
    Bilinear,
    ClassicalLLG,
    Lindblad,
    Model,
    QuantumLL,
    QuantumLLG,
    Space,
    Stevens,
    Units,
    VonNeumann,
    Zeeman,
    ZeroField,
    response,
    states,
)
from qllg_sym.equations.law import Law
from qllg_sym.figures.curves import Array
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study
from qllg_sym.figures.wording import judged, shown, truth
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.plot.separate import separate
from qllg_sym.plot.style import CLASSICAL, COLORS, Drawing

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes

ID, TITLE = "linewidth", "Linewidths against temperature: q-LLG, q-LL, Gilbert, Lindblad"
UNITS = Units("GHz", "ns")
WAVE = 29.9792458           # GHz in 1 cm⁻¹
PLACE = 1e-6                # of a frequency: where a line is looked for, beside what damping moves


@dataclass(frozen=True)
class Parameters:
    """Every number of the study."""

    kappa: float = 0.01
    qubit: float = 9.5          # GHz
    dimer: float = 200.0        # GHz
    field: float = 0.5          # T, on Mn12
    cold: float = 0.1           # K
    hot: float = 30.0           # K
    points: int = 61


QUICK = Parameters(points=13)


def compute(given: Parameters | None = None) -> Study:
    """Return the study.

    Args:
        given: other numbers than the full study's.

    >>> compute(QUICK).ok
    True
    """
    p = given or Parameters()
    temperatures = np.geomspace(p.cold, p.hot, p.points)
    tables = {"qubit": _table(p, temperatures, QUBIT), "dimer": _table(p, temperatures, DIMER),
              "molecule": _table(p, temperatures, MOLECULE)}
    statements = (_qubit(p, tables["qubit"]), _band(p), _rivals(p, tables["qubit"]), _dimer(p, tables["dimer"]),
                  _wells(p))
    return Study(ID, TITLE, _caption(p), tables, _drawing(p, tables), statements, _checks(p))


# Widths, each from the response of its law -------------------------------------------------------------------------


def spin(p: Parameters) -> Model:
    """A spin ½ of g = 2 whose line lies at the frequency of the qubit."""
    return Model(Space("1/2"), [Zeeman((0, 0, p.qubit / (2 * UNITS.mu_B)))], units=UNITS)


def pair(p: Parameters) -> Model:
    """Two spins ½, J S·S."""
    return Model(Space("1/2", "1/2"), [Bilinear(p.dimer, 0, 1)], units=UNITS)


def mn12(field: float) -> Model:
    """Mn12 acetate in a field along its axis."""
    terms = [ZeroField(-0.46 * WAVE, 0), Stevens({(4, 0): -2.2e-5 * WAVE, (4, 4): 4e-5 * WAVE}, 0)]
    return Model(Space("10"), [*terms, Zeeman((0, 0, field))] if field else terms, units=UNITS)


def ratio(model: Model, law: Law, state: Any, frequency: float) -> float:
    """Return half width over frequency of the line next to a frequency in GHz."""
    lines = response(model, law, state).poles
    line = lines[abs(lines["frequency"] - UNITS.gigahertz(frequency)).argmin()]
    return float(line["half_width"] / line["frequency"])


def occupation(frequency: float, kelvin: float) -> float:
    """Return 1/(e^{hν/k_BT} − 1)."""
    return float(1 / np.expm1(_per_kelvin(frequency, kelvin)))


def _per_kelvin(frequency: float, kelvin: float) -> float:
    """hν/k_BT of a frequency in GHz; energies are in GHz."""
    return frequency / UNITS.kelvin(kelvin)


def _thermal(model: Model, kelvin: float) -> Any:
    return states.thermal(model, 1 / UNITS.kelvin(kelvin))


def qubit_bath(p: Parameters, kelvin: float) -> Law:
    """A bath of the qubit: S₊ at γ(n + 1), S₋ at γn, with γ/2 = κω."""
    gamma, n, site = 2 * p.kappa * UNITS.gigahertz(p.qubit), occupation(p.qubit, kelvin), Space("1/2").spin(0)
    return VonNeumann() + Lindblad([(gamma * (n + 1), site.plus), (gamma * n, site.minus)])


def pair_bath(p: Parameters, kelvin: float) -> Law:
    """A bath of the dimer: |s⟩⟨t| at γ(n + 1), |t⟩⟨s| at γn, of each state t of the triplet."""
    gamma, n = 2 * p.kappa * UNITS.gigahertz(p.dimer), occupation(p.dimer, kelvin)
    _, vectors = np.linalg.eigh(matrix_of(pair(p), {}))
    jumps = [np.outer(vectors[:, 0], vectors[:, k].conj()) for k in (1, 2, 3)]
    return VonNeumann() + Lindblad([row for jump in jumps for row in ((gamma * (n + 1), jump),
                                                                      (gamma * n, jump.conj().T))])


def molecule_bath(p: Parameters, kelvin: float, field: float) -> float:
    """Return half width over frequency of the molecule's line in parts of κ, by the rates out of its levels."""
    levels, vectors = np.linalg.eigh(matrix_of(mn12(field), {}) * UNITS.hbar)
    site = Space("10").spin(0)
    squares = sum(abs(vectors.conj().T @ matrix_of(Model(Space("10"), a), {}) @ vectors)**2 for a in (site.x, site.y))
    gap = levels - levels[:, None]                                              # of j, k: E_k − E_j
    apart = abs(gap) > PLACE * float(np.ptp(levels))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        weight = np.where(apart, gap / np.expm1(gap / UNITS.kelvin(kelvin)), 0.0)       # ν n, and ν(n + 1)
    out = (squares * weight).sum(axis=1)                                        # an Ohmic bath: rates go with ν
    low = ~apart[0]                                                             # wells of one energy, however mixed
    high = ~apart[int(np.argmax(squares[0] * apart[0]))]
    cold = (squares * abs(gap))[np.ix_(high, low)].sum(axis=1).mean()
    return float((out[low].mean() + out[high].mean()) / cold)


QUBIT: dict[str, Callable[[Parameters, float], float]] = {
    "q-LLG": lambda p, T: ratio(spin(p), QuantumLLG(p.kappa), _thermal(spin(p), T), p.qubit) / p.kappa,
    "q-LL": lambda p, T: ratio(spin(p), QuantumLL(p.kappa), _thermal(spin(p), T), p.qubit) / p.kappa,
    "Gilbert": lambda p, T: ratio(spin(p), ClassicalLLG(p.kappa, field="mean"), [(0, 0, 1)], p.qubit) / p.kappa,
    "Lindblad": lambda p, T: ratio(spin(p), qubit_bath(p, T), _thermal(spin(p), T), p.qubit) / p.kappa}
DIMER: dict[str, Callable[[Parameters, float], float]] = {
    "q-LLG": lambda p, T: ratio(pair(p), QuantumLLG(p.kappa), _thermal(pair(p), T), p.dimer) / p.kappa,
    "Lindblad": lambda p, T: 1 + 4 * occupation(p.dimer, T)}
MOLECULE: dict[str, Callable[[Parameters, float], float]] = {
    "q-LLG, 0 T": lambda p, T: _of_molecule(p, T, 0.0), "q-LLG, in the field": lambda p, T: _of_molecule(p, T, p.field),
    "Gilbert": lambda p, T: _classical(p, 0.0), "Lindblad, 0 T": lambda p, T: molecule_bath(p, T, 0.0),
    "Lindblad, in the field": lambda p, T: molecule_bath(p, T, p.field)}


def _of_molecule(p: Parameters, kelvin: float, field: float) -> float:
    """The line of q-LLG from the lowest level."""
    model = mn12(field)
    place = 10.01894559 * WAVE + 2 * UNITS.mu_B * field
    return ratio(model, QuantumLLG(p.kappa), _thermal(model, kelvin), place) / p.kappa


def _classical(p: Parameters, field: float) -> float:
    """The line of the moment of Mn12 at rest along its axis, under Gilbert's law."""
    line, = response(mn12(field), ClassicalLLG(p.kappa, field="mean"), [(0, 0, 1)]).poles
    return float(line["half_width"] / line["frequency"] / p.kappa)


def _table(p: Parameters, temperatures: Array, widths: dict[str, Callable[[Parameters, float], float]]) -> \
        dict[str, Array]:
    return {"T": temperatures} | {name: np.array([width(p, float(T)) for T in temperatures])
                                  for name, width in widths.items()}


# What the study says ----------------------------------------------------------------------------------------------


def _qubit(p: Parameters, table: dict[str, Array]) -> Statement:
    """Closed forms of the qubit."""
    x = p.qubit / (2 * UNITS.kelvin(1.0) * table["T"])
    expected = {"q-LLG": np.tanh(x), "q-LL": np.tanh(x), "Gilbert": np.ones(len(x)), "Lindblad": 1 / np.tanh(x)}
    off = max(float(abs(table[name] / values - 1).max()) for name, values in expected.items())
    return Statement(
        "A qubit's half width over frequency is κ tanh(hν/2k_BT) under q-LLG and q-LL, α under Gilbert's law, and "
        "κ coth(hν/2k_BT) in a bath.", "own", judged(off, 1e-6, 1e-3),
        f"From {p.cold:g} to {p.hot:g} K the computed lines are off these by at most {shown(off)} in parts.")


def _band(p: Parameters) -> Statement:
    """Two temperatures of a helium cryostat."""
    cold, warm = 0.1, 4.2
    change = {name: QUBIT[name](p, warm) / QUBIT[name](p, cold) for name in ("q-LLG", "Gilbert", "Lindblad")}
    half = p.qubit / (2 * UNITS.kelvin(1.0) * np.arctanh(0.5))
    return Statement(
        "An echo of a spin ½ at 9.5 GHz between 0.1 and 4.2 K tells the three apart.", "own",
        truth(change["q-LLG"] < 0.1 and change["Lindblad"] > 10 and abs(change["Gilbert"] - 1) < 1e-6),
        f"From {cold:g} to {warm:g} K the line gets {1 / change['q-LLG']:.1f} times narrower under q-LLG, "
        f"{change['Lindblad']:.1f} times wider in the bath, and stays under Gilbert's law; at κ = {p.kappa:g} the half "
        f"width is {1e3 * p.qubit * QUBIT['q-LLG'](p, cold) * p.kappa:.1f} MHz and "
        f"{1e3 * p.qubit * QUBIT['q-LLG'](p, warm) * p.kappa:.2f} MHz. At {half:.2f} K half of it is left.")


def _rivals(p: Parameters, table: dict[str, Array]) -> Statement:
    """q-LL beside q-LLG."""
    off = float(abs(table["q-LL"] / table["q-LLG"] - 1).max())
    places = [float(response(spin(p), law(p.kappa), "ground").poles["frequency"][0]) / UNITS.gigahertz(1.0)
              for law in (QuantumLLG, QuantumLL)]
    shift = places[1] - places[0]
    expected = p.qubit * p.kappa**2 / (1 + p.kappa**2)
    return Statement(
        "No width tells q-LL from q-LLG; the pole does, by κ²d²ν, which is κd of its half width.", "own",
        truth(off < 1e-9 and abs(shift / expected - 1) < 1e-6),
        f"Widths over frequency agree to {shown(off)} at every temperature; cold, the poles lie {1e3 * shift:.3f} MHz "
        f"apart beside a half width of {1e3 * p.kappa * p.qubit:.0f} MHz.")


def _dimer(p: Parameters, table: dict[str, Array]) -> Statement:
    """The singlet–triplet line."""
    x = p.dimer / (UNITS.kelvin(1.0) * table["T"])
    closed = -np.expm1(-x) / (1 + 3 * np.exp(-x))
    off = float(abs(table["q-LLG"] / closed - 1).max())
    lines = response(pair(p), ClassicalLLG(p.kappa, field="mean"), [(0, 0, 1), (0, 0, -1)]).poles
    values = [(-np.expm1(-y) / (1 + 3 * np.exp(-y)), 1 + 4 / np.expm1(y))
              for y in (_per_kelvin(p.dimer, T) for T in (2.0, 10.0))]
    return Statement(
        "The dimer's line narrows as (1 − e^{−x})/(1 + 3e^{−x}), x = hν/k_BT, where a bath widens it as 1 + 4n; a "
        "classical pair has no line.", "own", judged(off if not len(lines) else 1.0, 1e-6, 1e-3),
        f"At {p.dimer:g} GHz from 2 to 10 K: q-LLG {values[0][0]:.3f} → {values[1][0]:.3f}, bath {values[0][1]:.3f} → "
        f"{values[1][1]:.2f}, in parts of the cold width.")


def _wells(p: Parameters) -> Statement:
    """Mn12 with and without a field."""
    kelvin = 2.0
    own = [MOLECULE[name](p, kelvin) for name in ("q-LLG, 0 T", "q-LLG, in the field")]
    bath = [MOLECULE[name](p, kelvin) for name in ("Lindblad, 0 T", "Lindblad, in the field")]
    still = _classical(p, p.field) / _classical(p, 0.0)
    return Statement(
        "Mn12 at 2 K: a field along the axis doubles q-LLG's width, because one well takes all of the population; "
        "under Gilbert's law and in a bath it stays.", "own",
        truth(1.9 < own[1] / own[0] < 2.1 and abs(bath[1] / bath[0] - 1) < 0.1 and abs(still - 1) < 1e-6),
        f"Half width over frequency in parts of κ at 300 GHz: {own[0]:.3f} without a field, {own[1]:.3f} in "
        f"{p.field:g} T, {own[1] / own[0]:.3f} times as much; bath {bath[1] / bath[0]:.3f} times, Gilbert "
        f"{still:.6f} times.")


def _checks(p: Parameters) -> tuple[Check, ...]:
    """Of the bath's closed form of the dimer: its response."""
    kelvin = 5.0
    found = ratio(pair(p), pair_bath(p, kelvin), _thermal(pair(p), kelvin), p.dimer) / p.kappa
    return (Check("bath of the dimer, closed form and response", abs(found / DIMER["Lindblad"](p, kelvin) - 1), 1e-8),)


# What is drawn ----------------------------------------------------------------------------------------------------


def _drawing(p: Parameters, tables: dict[str, dict[str, Array]]) -> Drawing:
    """What draws the picture when it is called."""
    styles: dict[str, Any] = {"q-LLG": "-", "q-LL": ":", "Gilbert": CLASSICAL, "Lindblad": "-."}

    def panel(name: str) -> Callable[["Axes"], None]:
        def paint(axis: "Axes") -> None:
            table = tables[name]
            for k, label in enumerate(key for key in table if key != "T"):
                law = label.partition(",")[0]
                thin = 0.8 if "field" in label else 1.5 if law == "q-LLG" else 1.2
                axis.loglog(table["T"], table[label], linestyle=styles[law], color=COLORS[k], label=label,
                            linewidth=thin)
            axis.set(xlabel="$T$ (K)", ylabel="half width / frequency, in κ", xlim=(p.cold, p.hot))
        return paint
    return lambda: separate([panel("qubit"), panel("dimer"), panel("molecule")],
                            titles=(f"Qubit, {p.qubit:g} GHz", f"Dimer, {p.dimer:g} GHz", "Mn12, 300 GHz"),
                            heading=TITLE, caption=_caption(p))


def _caption(p: Parameters) -> str:
    """What is drawn, with parameters and units."""
    return (f"Half width over frequency of a line, in parts of κ = {p.kappa:g} (Gilbert: α), at Gibbs' state. "
            f"(a) Spin ½, g = 2, {p.qubit:g} GHz. (b) Singlet to triplet of a dimer, {p.dimer:g} GHz. (c) Mn12, lowest "
            f"line, without a field and in {p.field:g} T along the axis. Baths obey detailed balance and have the same "
            "cold width.")
