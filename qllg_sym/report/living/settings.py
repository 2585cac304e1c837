"""The settings of the living figure: sliders, what is compared, and the presets that are Figs. 1–4.

Numbers of presets are those of the figures' own `Parameters`; a link holds every setting by its key.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from qllg_sym.report.living.states import STARTS

Value = float | str


@dataclass(frozen=True)
class Slider:
    """A number that a reader may move.

    Attributes:
        key: in links; also the name of the parameter of the kernels.
        label: one letter or word, as HTML.
        meaning: what it is, in a few words.
        low, high, step: in units ħ = γ_g = 1.
        value: at first.
    """

    key: str
    label: str
    meaning: str
    low: float
    high: float
    step: float
    value: float


SLIDERS = (
    Slider("J", "<var>J</var>", "exchange; negative is FM, positive AFM", -2, 2, 0.05, 1),
    Slider("D", "<var>D</var>", "DMI, along z", -2, 2, 0.05, 0),
    Slider("kappa", "<var>κ</var>", "damping; α = κ for the classical partner", 0, 5, 0.05, 0.5),
    Slider("p", "<var>p</var>", "weight of the pure state; the rest is white noise", 0.05, 1, 0.05, 1),
    Slider("B_x", "<var>B</var><sub>x</sub>", "field along x", -2, 2, 0.05, 1),
    Slider("B_y", "<var>B</var><sub>y</sub>", "field along y", -2, 2, 0.05, 0),
    Slider("B_z", "<var>B</var><sub>z</sub>", "field along z", -2, 2, 0.05, 0),
    Slider("stop", "length", "of the run; 1 unit of time is drawn as 10 ps", 1, 20, 0.5, 8),
    Slider("theta1", "<var>θ</var><sub>1</sub>", "polar angle of spin 1 in degrees", 0, 180, 5, 0),
    Slider("phi1", "<var>φ</var><sub>1</sub>", "azimuth of spin 1 in degrees", -180, 180, 5, 0),
    Slider("theta2", "<var>θ</var><sub>2</sub>", "polar angle of spin 2 in degrees", 0, 180, 5, 120),
    Slider("phi2", "<var>φ</var><sub>2</sub>", "azimuth of spin 2 in degrees", -180, 180, 5, 45),
    Slider("at", "time", "at which the values below are read", 0, 1, 0.0025, 1))
ANGLES = ("theta1", "phi1", "theta2", "phi2")
# What a parameter of a kernel is where no slider has its name: damping of the partner, difference of the two levels.
ALIASES = {"alpha": "kappa", "gap": "p"}
BELL = ("psiplus", "psiminus", "phiplus", "phiminus")
COMPARED = {"none": "nothing", "D": "D = 0, 0.2, 0.4, 0.6 (Fig. 3)", "bell": "the four Bell states (Fig. 4)"}


def first() -> dict[str, Value]:
    """Return the settings at first: those of Fig. 1(b).

    >>> first()["J"], first()["start"]
    (1, 'updown')
    """
    return {**{slider.key: slider.value for slider in SLIDERS}, "start": "updown", "compare": "none"}


def families() -> dict[str, list[dict[str, Value]]]:
    """Return the curves that are drawn beside the run, by what is compared: settings that differ from its own.

    >>> families()["D"][1]
    {'D': 0.2}
    """
    return {"none": [], "D": [{"D": value} for value in _figure(3)["D"]], "bell": [{"start": name} for name in BELL]}


def presets() -> dict[str, dict[str, Value]]:
    """Return what each panel of the paper's figures sets, by its name.

    >>> presets()["1(c)"]["J"], presets()["4(a)"]["p"]
    (-1.0, 0.9)
    """
    one, two, three, four = (_figure(n) for n in (1, 2, 3, 4))
    along_x: dict[str, Value] = {"start": "updown", "p": 1.0, "compare": "none"}
    found: dict[str, dict[str, Value]] = {}
    for letter in "abcd":
        sign, D = -1 if letter in "ac" else 1, one["D"] if letter in "cd" else 0.0
        found[f"1({letter})"] = {**_shared(one), **along_x, "J": sign * one["J"], "D": D}
    for letter, D in (("a", 0.0), ("b", two["D"])):
        found[f"2({letter})"] = {**_shared(two), **along_x, "J": two["J"], "D": D}
    found["3"] = {**_shared(three), "J": three["J"], "D": three["D"][0], "start": "psiplus", "p": 1.0, "compare": "D"}
    for letter, sign in (("a", -1), ("b", 1)):
        field: dict[str, Value] = dict.fromkeys(("B_x", "B_y", "B_z"), four["B"] / 3**0.5)
        found[f"4({letter})"] = {**_shared(four), **field, "J": sign * four["J"], "D": four["D"], "p": four["p"],
                                 "start": "psiplus", "compare": "bell"}
    return found


def _shared(numbers: Mapping[str, Any]) -> dict[str, Value]:
    """What all panels of a figure have; B along x."""
    return {"kappa": numbers["kappa"], "stop": numbers["stop"], "B_x": numbers["B"], "B_y": 0.0, "B_z": 0.0}


def _figure(number: int) -> dict[str, Any]:
    """The numbers of a figure."""
    return asdict(import_module("qllg_sym.derivations").figures()[number].Parameters())


def choices() -> dict[str, dict[str, str]]:
    """Return the settings that are one of several, with what is shown for each.

    >>> choices()["start"]["updown"]
    '|↑↓⟩'
    """
    return {"start": {key: shown for key, (shown, _) in STARTS.items()}, "compare": COMPARED}
