"""Certificates as text: expressions, steps, and what lemmas conclude."""

import re
from collections.abc import Iterator
from typing import Any

from .classical import EXPRESSION, LEMMAS
from .polynomial import Formula, Step
from .tense import Tenses

SAYS = {  # kind of step -> what it says of its left side; {1} is its second side, {0} that as data
    "equal": " = {1}", "nonnegative": " >= 0", "positive": " > 0", "zero": " = 0", "cancel": " = 0",
    "roots": " has {0[0]} zeros between {0[1]} and {0[2]}"}
SIDES = {"equal": "rhs", "nonnegative": "squares", "positive": "squares", "zero": "rest", "cancel": "factor",
         "roots": "count"}                                  # kind of step -> the key of its second side
SUM, PRODUCT, POWER = range(3)                              # in what an expression stands


def render(node: Formula, inside: int = SUM) -> str:
    """An expression as text, in brackets where it stands inside a product or a power and needs them."""
    if not isinstance(node, list):
        return str(node) if inside == SUM or re.fullmatch(r"\w+", str(node)) else f"({node})"
    head, *parts = node
    if head == "matrix":
        return f"matrix({'; '.join(', '.join(map(render, row)) for row in parts[0])})"
    text = shape(head, parts)
    bare = text[0] == "-" or head == "+"
    return f"({text})" if (inside == POWER and head in ("+", "*", "^", "sq")) or (inside and bare) else text


def shape(head: str, parts: list[Any]) -> str:
    """A head and its parts as text, without brackets around it."""
    if head == "*":
        first, *others = parts                              # a number in front needs no brackets
        factors = [render(first, PRODUCT if isinstance(first, list) else SUM), *(render(x, PRODUCT) for x in others)]
        return re.sub(r"^-1\*", "-", "*".join(factors))
    if head == "^":
        return "^".join(render(x, POWER) for x in parts)
    inner = [render(x) for x in parts]
    if head == "+":
        return " + ".join(inner).replace("+ -", "- ")
    if head == "comm":
        return f"[{', '.join(inner)}]"
    return f"|{inner[0]}|^2" if head == "sq" else f"{head}({inner[0]})"


def conclusion(data: Any, step: Step) -> str:
    """What a lemma concludes."""
    lemma = LEMMAS[step["kind"]]
    shown = {key: part_of_lemma(data, key, step[key], sort) for key, sort in lemma.parts.items()}
    return f"{lemma.concludes.format(**shown)} ({step['kind']})"


def part_of_lemma(data: Any, key: str, part: Any, sort: str) -> str:
    """A part of a lemma as its conclusion shows it."""
    match key:
        case "law":
            return render(data["hypotheses"][part][1])
        case "symmetric":
            return ", ".join(map(render, part))
        case "zeros":
            return " and ".join(f"{name} = 0" for name in part)
        case "eigen":
            return ", ".join(hypothesis for hypothesis, *_ in part)
    return render(part) if sort == EXPRESSION else str(part)


def claimed(data: Any, tenses: Tenses) -> Iterator[str]:
    """What each claimed step says; that it holds always, where what it uses does."""
    for name in data["claim"]:
        step = data["steps"][name]
        kind = step["kind"]
        if kind in LEMMAS:
            yield conclusion(data, step)
            continue
        side = step[SIDES[kind]]
        always = " always" if name in tenses.lasting - tenses.timeless else ""
        yield render(step["lhs"]) + SAYS[kind].format(side, render(side)) + always


def declared(data: Any) -> Iterator[str]:
    """What each name is, its rate and its adjoint."""
    for names, kind in (data["letters"], "operator"), (data["scalars"], "scalar"):
        if names:
            yield f"{', '.join(names)} {kind}{'s' * (len(names) > 1)}"
    if data["dimension"]:
        yield f"dimension {data['dimension']}"
    yield from (f"{name} := {render(x)}" for name, x in data["let"].items())
    yield from (f"D({name}) = {render(x)}" for name, x in data["rates"].items())
    yield from (f"star({a}) = {b}" for a, b in {**data["letters"], **data["scalars"]}.items() if b)
    yield from (f"{name} = 1, 2, ..." for name in data["exponents"])


def claim_text(data: Any, tenses: Tenses) -> str:
    """The formal claim: hypotheses |- claims where declarations."""
    given = "; ".join(f"{name} ({tense}): {render(x)}{SAYS[relation]}"
                      for name, (relation, x, tense) in data["hypotheses"].items())
    where = "; ".join(declared(data))
    return f"{given} |- {'; '.join(claimed(data, tenses))}{' where ' if where else ''}{where}".strip()
