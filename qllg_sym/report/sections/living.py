"""The living figure: Figs. 1–4 with sliders, computed in the browser by printed code."""

from qllg_sym.report.html import Markup, join, paragraphs, tag
from qllg_sym.report.living import settings
from qllg_sym.report.living.program import page_program, style
from qllg_sym.report.living.settings import ANGLES, SLIDERS, Slider
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 15, "living", "A living figure"
CSS = style()
INTRO = (
    "The figures again, for couplings, fields and states of your choice. Every curve is computed in your browser, by "
    "code that the package printed from the exact solution, in steps |ψ⟩ → exp(−icHδ)|ψ⟩ with the c and the H that it "
    "derived, and from the right-hand side of LLG for the classical partner. The program knows no other physics.",
    "The state is ρ = (1 − p)/4 + p|ψ⟩⟨ψ|. r1 and r2 are the Bloch vectors of the two spins, T is their correlation "
    "matrix, and B(ρ) the Bell nonlocality: where it is above 0, a Bell inequality can be violated. Energies are in "
    "units of the field of the paper, and 1 unit of time is drawn as 10 ps. The address holds the settings: copy it to "
    "share them.",
    "Fig. 4(c) is not here: dephasing takes purity from the state, so that no ket moves as these steps move it; the "
    "curves below, under Fig. 4, are integrated from its own equation.")
# Plots: key → caption.
PLOTS = {"bloch": "Spin 1: Bloch vector r1 and classical moment m1 (Fig. 1)",
         "sphere": "Bloch sphere: r1 solid, r2 dashed; the dots are at the time chosen",
         "correlations": "Correlation matrix T (Fig. 2)", "nonlocality": "Nonlocality B(ρ) (Figs. 3 and 4)",
         "energy": "Energy: it only falls", "levels": "Spectrum and purity: they stay"}
READINGS = {"time": "time", "r1": "r1", "length1": "|r1|", "r2": "r2", "length2": "|r2|", "B": "B(ρ)",
            "energy": "energy", "purity": "purity", "spectrum": "spectrum of ρ"}


def body(reproduction: Reproduction) -> Markup:
    """Show controls, plots and readings; without scripts, why there are none."""
    del reproduction
    plots = tag("div", *map(_plot, PLOTS), class_="plots")
    figure = tag("div", _presets(), _controls(), plots, _readings(), id="living-figure", hidden="hidden")
    return join([paragraphs(*INTRO), Markup("<noscript><p>This figure needs JavaScript, which is switched off here."
                                            "</p></noscript>"), figure])


def script(reproduction: Reproduction) -> str:
    """Return the program."""
    del reproduction
    return page_program()


def _presets() -> Markup:
    """One button a panel of the paper."""
    buttons = (tag("button", f"Fig. {name}", type="button", data_preset=name, aria_pressed="false")
               for name in settings.presets())
    return tag("fieldset", tag("legend", "As in the paper"), *buttons, class_="presets")


def _controls() -> Markup:
    """Sliders and choices."""
    own = [_slider(slider) for slider in SLIDERS if slider.key not in ANGLES]
    angles = [_slider(slider) for slider in SLIDERS if slider.key in ANGLES]
    start, compare = (_choice(key, words) for key, words in (("start", "start"), ("compare", "drawn beside in B(ρ)")))
    return tag("fieldset", tag("legend", "Settings"), tag("div", *own, class_="sliders"),
               tag("div", start, compare, class_="choices"),
               tag("div", *angles, class_="sliders", data_angles="", hidden="hidden"))


def _slider(slider: Slider) -> Markup:
    """A slider with its name, its value and what it is."""
    name = f"living-{slider.key}"
    step = {"min": slider.low, "max": slider.high, "step": slider.step, "value": slider.value}
    field = tag("input", type="range", id=name, aria_describedby=f"{name}-is", **{k: f"{v:g}" for k, v in step.items()})
    field = Markup(field.removesuffix("></input>") + "/>")
    return tag("div", tag("label", Markup(slider.label), for_=name), field,
               tag("output", "", for_=name), tag("small", slider.meaning, id=f"{name}-is"), class_="slider")


def _choice(key: str, words: str) -> Markup:
    """A choice of one of several."""
    options = (tag("option", shown, value=value) for value, shown in settings.choices()[key].items())
    return tag("label", words, tag("select", *options, id=f"living-{key}"), for_=f"living-{key}")


def _plot(key: str) -> Markup:
    """Where a plot is drawn."""
    return tag("figure", tag("figcaption", PLOTS[key]), data_plot=key)


def _readings() -> Markup:
    """The numbers at the time that the reader has chosen."""
    pairs = join(join([tag("dt", shown), tag("dd", "", data_reading=key)]) for key, shown in READINGS.items())
    rows = (tag("tr", *(tag("td", "", data_reading=f"T{k}{l}") for l in "xyz")) for k in "xyz")
    matrix = join([tag("dt", "T, rows spin 1"), tag("dd", tag("table", tag("tbody", *rows)))])
    return tag("div", tag("h3", "At that time"), tag("dl", pairs, matrix, class_="readings"),
               tag("p", "", data_check="", class_="note"),
               tag("p", "", data_live="", class_="aloud", aria_live="polite"))
