"""Printed formulas read back: from what a plug prints, in text or LaTeX, to matrices, by a grammar of the tests' own.

A sum of products of sums; a product is written by juxtaposition, `/`, `·`, `×`, the last two binding tighter; [a, b] is
a commutator, {a, b} an anticommutator, Tr(a) a trace; S_i is ħ times the spin of a site, S_i^z a component; Σ_i runs
over the sites. Values are numbers, matrices (d, d), lists of three (vectors), or lists of three lists (tensors).
"""

import re
from numbers import Number

import numpy as np

LATEX = [
    (r"(\w)_k\^\\dagger", "M_k"),
    (r"(?:\\sum_\{kq\}|Σ) B_k\^q(?:\\,)? O_k\^q\((?:\\mathbf )?S_\w+/(?:ħ|\\hbar)\)", "O(all)"),
    (r"\\[td]?frac(\d)(\d)", r"(\1/\2)"), (r"\\[,;!]|\\quad|\\left|\\right|\\qquad|\\big[lr]?", " "),
    (r"\\(?:mathbf|mathrm|mathcal|boldsymbol|text|operatorname)\s*\{([^{}]*)\}", r" \1 "),
    (r"\\(?:mathbf|mathrm|mathcal|boldsymbol)\s*", " "), (r"\\hat\s*H", " Ĥ "),
    (r"\\tilde\s*\\(\w+)", r" tilde\1 "), (r"\\dot\s*(?:\{\s*\\?(\w+)\s*\}|\\?(\w+))", r" d\1\2 "),
    (r"\\gamma_g", " γ "), (r"\\hbar", " ħ "), (r"\\cdot(?!s)", "·"), (r"\\times", "×"), (r"\\sum_(\w)", r" Σ_\1 "),
    (r"\\\{", "⟪"), (r"\\\}", "⟫"), (r"\\sigma_\{[^}]*\}( \\otimes \\sigma_\{[^}]*\})* \\otimes \\cdots", "σ(letters)"),
    (r"\\(\w+)", r" \1 "), (r"\^\{(\w+)\}", r"^\1"), (r"_\{(\w+)\}", r"_\1"),
]
FRACTION = re.compile(r"\\[td]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
POWERS = {"²": "^2", "³": "^3", "⁴": "^4"}
TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|[σO]\(\w+\)|Σ_\w|[^\W\d_]+(?:_\w+)?(?:\^[xyz](?!\w))?|\^\d+|[-+/()\[\],·×⟪⟫½])")


class Unreadable(AssertionError):
    """A formula that is not in the words of this grammar."""


def plain(text):
    """LaTeX and Unicode in one spelling."""
    while FRACTION.search(text):
        text = FRACTION.sub(r"((\1)/(\2))", text)
    for pattern, written in LATEX:
        text = re.sub(pattern, written, text)
    for sign, written in POWERS.items():
        text = text.replace(sign, written)
    text = text.replace("−", "-").replace("{", "⟪").replace("}", "⟫").replace("½", "(1/2)")
    return re.sub(r"Σ(?=[^\W\d_]+_(\w))", r"Σ_\1 ", text)


def tokens(text):
    text, found, place = plain(text).strip(), [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise Unreadable(f"{text!r} is not readable from {text[place:]!r} on: see tests/formula.py")
        found.append(match[1])
        place = match.end()
    return found


def value(text, names):
    """The value of a formula, with the names it may use: S, m … of a site are functions of its number."""
    rest = tokens(text)
    found = Reader(rest).sum()
    if rest:
        raise Unreadable(f"{text!r} is not readable from {' '.join(rest)!r} on: see tests/formula.py")
    return found(names)


class Reader:
    """Takes tokens off a list; each rule returns a function of the names."""

    def __init__(self, rest):
        self.rest = rest

    def take(self, *wanted):
        return self.rest.pop(0) if self.rest and self.rest[0] in wanted else None

    def need(self, wanted):
        if not self.take(wanted):
            raise Unreadable(f"a formula must have {wanted!r} before {' '.join(self.rest)!r}")

    def sum(self):
        sign = self.take("+", "-")
        parts = [(sign == "-", self.product())]
        while sign := self.take("+", "-"):
            parts.append((sign == "-", self.product()))
        return lambda names: total([times(-1, f(names)) if minus else f(names) for minus, f in parts])

    def product(self):
        found = self.chain()
        while self.rest and self.rest[0] not in ("+", "-", ")", "]", ",", "⟫"):
            found = (divided if self.take("/") else multiplied)(found, self.chain())
        return found

    def chain(self):
        found = self.power()
        while sign := self.take("·", "×"):
            found = combined({"·": dot, "×": cross}[sign], found, self.power())
        return found

    def power(self):
        found = self.atom()
        if self.rest and self.rest[0].startswith("^"):
            n = int(self.rest.pop(0)[1:])
            return lambda names: raised(found(names), n)
        return found

    def atom(self):
        if not self.rest:
            raise Unreadable("a formula must not end here")
        token = self.rest.pop(0)
        if token == "(":
            found = self.sum()
            self.need(")")
        elif token in ("[", "⟪"):
            a = self.sum()
            self.need(",")
            b = self.sum()
            self.need("]" if token == "[" else "⟫")
            sign = -1 if token == "[" else 1
            found = combined(lambda x, y: total([times(x, y), times(sign, times(y, x))]), a, b)
        elif token == "Tr":
            inside = self.atom()
            return lambda names: trace(inside(names))
        elif token.startswith("Σ_"):
            inside, index = self.product(), token[2:]
            return lambda names: total([inside({**names, index: k}) for k in names["sites"]])
        elif token[0].isdigit():
            return lambda names: float(token)
        elif token[0].isalpha():
            return lambda names: named(token, names)
        else:
            raise Unreadable(f"a formula must not have {token!r} before {' '.join(self.rest)!r}")
        return found


def named(token, names):
    """A name, with its site and its component."""
    word, _, component = token.partition("^")
    word, _, site = word.partition("_")
    if word[1:2] == "(":
        return names[word[0]](word[2:-1])
    if word == "i" and not site and not isinstance(names.get("i"), int):
        return 1j
    if word not in names:
        raise Unreadable(f"`{word}` is no name that a formula may use; there are {', '.join(sorted(names))}")
    found = names[word](int(site) if site.isdigit() else names[site]) if site else names[word]
    return found["xyz".index(component)] if component else found


def combined(rule, a, b):
    return lambda names: rule(a(names), b(names))


def multiplied(a, b):
    return combined(times, a, b)


def divided(a, b):
    return lambda names: times(1 / b(names), a(names))


def times(a, b):
    if isinstance(a, list):
        return [times(x, b) for x in a]
    if isinstance(b, list):
        return [times(a, x) for x in b]
    return a * b if isinstance(a, Number) or isinstance(b, Number) else a @ b


def total(parts):
    if isinstance(parts[0], list):
        return [total(same) for same in zip(*parts, strict=True)]
    return sum(parts[1:], parts[0])


def dot(a, b):
    if isinstance(b, Number):
        return times(a, b)
    if isinstance(a, list) and isinstance(a[0], list):
        return [dot(row, b) for row in a]
    if isinstance(b, list) and isinstance(b[0], list):
        return [dot(a, list(column)) for column in zip(*b, strict=True)]
    return total([times(x, y) for x, y in zip(a, b, strict=True)]) if isinstance(a, list) else times(a, b)


def cross(a, b):
    return [total([times(a[k], b[n]), times(-1, times(a[n], b[k]))]) for k, n in ((1, 2), (2, 0), (0, 1))]


def trace(a):
    return [trace(x) for x in a] if isinstance(a, list) else np.trace(a)


def raised(a, n):
    return np.linalg.matrix_power(a, n) if isinstance(a, np.ndarray) else a**n


def equations(docstring):
    """The equations $left = right$ of a docstring as pairs; the first is the law, the others define names."""
    return [tuple(map(str.strip, text.split("=", 1))) for text in re.findall(r"\$([^$]*=[^$]*)\$", docstring)]


def definitions(pairs, names):
    """Names, with those that equations define in terms of the others."""
    found = dict(names)
    for left, right in pairs:
        found["".join(tokens(left))] = value(right, found)
    return found
