"""Readers of printed equations, written apart from the printers: names become numbers, the rest is arithmetic."""

import re
from fractions import Fraction
from xml.etree import ElementTree

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def value(text, numbers):
    """The value of + - * / ** ( ), decimals and #k, the k-th of `numbers`; side by side is a product."""
    tokens = re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?|\*\*|[-+*/()#]|\S", text) + ["end"]
    place = 0

    def take():
        nonlocal place
        place += 1
        return tokens[place - 1]

    def total():
        sign = -1 if tokens[place] == "-" and take() else 1
        result = sign * product()
        while tokens[place] in "+-":
            result = result + product() if take() == "+" else result - product()
        return result

    def product():
        result = power()
        while tokens[place] not in ("+", "-", ")", "end"):
            if tokens[place] == "/":
                take()
                result /= power()
            else:
                if tokens[place] == "*":
                    take()
                result *= power()
        return result

    def power():
        base = atom()
        if tokens[place] == "**":
            take()
            return base ** int(take())
        return base

    def atom():
        token = take()
        if token == "(":
            inside = total()
            assert take() == ")", text
            return inside
        if token == "#":
            return numbers[int(take())]
        return Fraction(token)

    result = total()
    assert tokens[place] == "end", (text, tokens[place:])
    return result


def numbered(text, names):
    """Replace names, longest first, by #0, #1, …; returns the text and the numbers in this order."""
    numbers = []
    for i, name in enumerate(sorted(names, key=len, reverse=True)):
        text = text.replace(name, f" # {i} ")
        numbers.append(names[name])
    return text, numbers


def from_latex(document, names):
    """(left, right) of every equation of an aligned block, with numbers for names."""
    body = re.fullmatch(r"\\begin\{aligned\}\n(.*)\n\\end\{aligned\}", document, re.DOTALL)[1]
    body = body.replace("\\\\\n&\\quad", "")
    body = re.sub(r"\\t?frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", r"((\1)/(\2))", body)
    return [tuple(_read(re.sub(r"\^\{(\d+)\}", r"**\1", side), names) for side in row.split("&="))
            for row in body.split("\\\\\n")]


def from_text(document, names):
    """(left, right) of every equation of plain text."""
    rows = document.replace("\n      ", " ").split("\n")
    return [tuple(_read(re.sub(r"([⁰-⁹²³¹]+)", lambda m: "**" + m[1].translate(SUPERSCRIPTS), side), names)
                  for side in row.split(" = ")) for row in rows]


def from_mathml(document, names):
    """(left, right) of every equation of a MathML table; names are written as T_xy, T'_xy."""
    rows = []
    for row in ElementTree.fromstring(document)[0]:
        left, right = (_flat(cell) for cell in row)
        if left:
            rows.append([left, right.removeprefix("=")])
        else:
            rows[-1][1] += right
    return [tuple(_read(side, names) for side in row) for row in rows]


def _read(text, names):
    return value(*numbered(text, names))


def _flat(node):
    """An element of MathML as linear text."""
    tag, parts = node.tag.split("}")[-1], [_flat(child) for child in node]
    if tag == "mfrac":
        return f"(({parts[0]})/({parts[1]}))"
    if tag == "msup":
        return f"{parts[0]}**{parts[1]}"
    if tag == "msub":
        return f" {parts[0]}_{parts[1]} "
    if tag == "msubsup":
        return f" {parts[0]}_{parts[1]}**{parts[2]}"
    if tag == "mover":
        return parts[0] + {"˙": "'", "¯": "̄"}[parts[1]]
    text = (node.text or "").replace("−", "-").replace("\u2062", " ")
    return text + "".join(parts)
