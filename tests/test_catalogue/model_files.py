"""Model files that say what no model is."""

from qllg_sym import FileError, ModelError
from qllg_sym.modelfile.read import read_file
from test_catalogue.entry import Wrong
from test_catalogue.listed import LAWS, STATES, TERMS

FUNCTIONS = "piecewise, min, max, sqrt, sin, cos, tan, exp, tanh, log, sinh, cosh, atan, erf, abs, sign, heaviside"
DIMER = """\
[system]
spins = ["1/2", "1/2"]
[[term]]
kind = "exchange"
J = "J0"
sites = [0, 1]
[values]
J0 = 1.0
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["up", "down"]
[time]
stop = 8
points = 41
"""


def wrong(name, old, new, kind=ModelError):
    """An entry: the file of two spins with one piece replaced; what it says follows below."""
    assert old in DIMER
    return Wrong(name, lambda: read_file("model.toml"), kind, SAYS[name], {"model.toml": DIMER.replace(old, new, 1)})


SAYS = {
    "no TOML":
        "The model file `model.toml` must be TOML, but is damaged: Expected ']' at the end of a table "
        "declaration (at line 1, column 8); mend it there.",
    "a misspelt table":
        "The model file must have known keys alone, but has 'value' (did you mean values?); use system, term,"
        " values, signals, law, state, time, solver, bath, hybrid, response, epr, fit.",
    "a misspelt key":
        "[time] must have known keys alone, but has 'stopp' (did you mean stop?); use start, stop, points, "
        "times.",
    "a key of another table":
        "[law] must have known keys alone, but has 'alpha' (did you mean kappa?); use kind, kappa.",
    "a kind of term that is none":
        f"[[term]] 1 `kind` must be one of {TERMS}, but is 'exchnage' (did you mean exchange?); choose one "
        "of them.",
    "a kind of law that is none":
        f"[law] `kind` must be one of {LAWS}, but is 'qllg' (did you mean q-llg or llg?); choose one"
        " of them.",
    "a kind of state that is none":
        f"[state] `kind` must be one of {STATES}, ket, density, moments, but is 'produkt' (did you mean "
        "product?); choose one of them.",
    "a label that is none":
        "[state]: `spins` must be of up, down, +x, -x, +y, -y, +z, -z, but one is 'dwon' (did you mean down?); "
        'write product("up", "down").',
    "a spin that is none":
        'The model: `spins` must be positive multiples of 1/2, but one is 1/3; write "1/2", "1", "3/2", ….',
    "spins that are no array":
        "[system] `spins` must be an array in brackets, but is '1/2'; mend it.",
    "no kind":
        "[[term]] 1 must have the key `kind`, but has `J`, `sites`; add it.",
    "one bracket for a term":
        "[[term]] must be an array of tables, but is one table; write [[term]] with two brackets.",
    "a site that is not there":
        "The model: `j` must be a site from 0 to 1, but is 7; sites are numbered from 0.",
    "one site of two":
        "[[term]] 1 `sites` must be 2 sites, but is [0]; mend it.",
    "a name without a value":
        "[[term]] 1 `J`: The expression `J1` must use known names alone, but `J1` is not one; the names are "
        f"J0, beside pi, t, {FUNCTIONS}.",
    "an expression that does not end":
        "[[term]] 1 `J`: The expression `2*(J0` must have `)` where it ends; close the parenthesis there.",
    "Python in an expression":
        "[[term]] 1 `J`: The expression `__import__('os').getcwd()` must be arithmetic on declared names, but"
        " has \"'\" at character 12; use + - * / ** ( ), numbers and names.",
    "a call of a function that is none":
        "[[term]] 1 `J`: The expression `sine(J0)` must use known names alone, but `sine` is not one; the "
        f"names are J0, beside pi, t, {FUNCTIONS}.",
    "a value that is not finite":
        "[values] `J0` must be a finite number below 1e308 in size, but is inf; mend it.",
    "a value that is a list":
        "[values] `J0` must be a number, but is [1.0]; mend it.",
    "a value named like time":
        "The name `t` must not be a word of the grammar, but `t` has a meaning there; choose another name.",
    "times that do not grow":
        "[time] must have increasing times, but has not; give a stop after the start.",
    "half a point":
        "[time] `points` must be an integer, but is 4.5; mend it.",
    "more points than anybody needs":
        "[time] `points` must be between 1 and 10000000, but is 1000000000000; mend it.",
    "a solver's option that is none":
        "[solver] must have known keys alone, but has 'tolerance'; use method, rtol, atol, max_step, "
        "breakpoints.",
    "a unit that is none":
        "The model: `time` must be one of s, ns, ps, fs, but is 'hours'; choose one of these.",
    "a graph that is none":
        "[[term]] 1 `graph` must be one of chain, ring, square, triangular, cubic, sites, but is 'chian'; mend it.",
}
WRONG = [
    wrong("no TOML", "[system]", "[system", FileError),
    wrong("a misspelt table", "[values]", "[value]"),
    wrong("a misspelt key", "stop", "stopp"),
    wrong("a key of another table", "kappa", "alpha"),
    wrong("a kind of term that is none", '"exchange"', '"exchnage"'),
    wrong("a kind of law that is none", '"q-llg"', '"qllg"'),
    wrong("a kind of state that is none", '"product"', '"produkt"'),
    wrong("a label that is none", '"down"', '"dwon"'),
    wrong("a spin that is none", '"1/2", "1/2"', '"1/3", "1/2"'),
    wrong("spins that are no array", '["1/2", "1/2"]', '"1/2"'),
    wrong("no kind", 'kind = "exchange"\n', ""),
    wrong("one bracket for a term", "[[term]]", "[term]"),
    wrong("a site that is not there", "[0, 1]", "[0, 7]"),
    wrong("one site of two", "[0, 1]", "[0]"),
    wrong("a name without a value", '"J0"', '"J1"'),
    wrong("an expression that does not end", '"J0"', '"2*(J0"'),
    wrong("Python in an expression", '"J0"', "\"__import__('os').getcwd()\""),
    wrong("a call of a function that is none", '"J0"', '"sine(J0)"'),
    wrong("a value that is not finite", "J0 = 1.0", "J0 = inf"),
    wrong("a value that is a list", "J0 = 1.0", "J0 = [1.0]"),
    wrong("a value named like time", "J0 = 1.0", "J0 = 1.0\nt = 2"),
    wrong("times that do not grow", "stop = 8", "stop = -8"),
    wrong("half a point", "points = 41", "points = 4.5"),
    wrong("more points than anybody needs", "points = 41", "points = 1000000000000"),
    wrong("a solver's option that is none", "[time]", "[solver]\ntolerance = 1\n[time]"),
    wrong("a unit that is none", "[[term]]", 'units = ["meV", "hours"]\n[[term]]'),
    wrong("a graph that is none", "sites = [0, 1]", 'graph = "chian"'),
]
