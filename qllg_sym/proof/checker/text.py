"""Certificates as text: expressions, steps, and what lemmas conclude."""

import re
from collections.abc import Iterator
from typing import Any

from .tense import Tenses

STEPS = {  # kind -> its second side, what the step says of its left side
    "equal": ("rhs", " = {1}"), "nonnegative": ("squares", " >= 0"), "positive": ("squares", " > 0"),
    "zero": ("rest", " = 0"), "cancel": ("factor", " = 0"),
    "roots": ("count", " has {0[0]} zeros between {0[1]} and {0[2]}")}
CONCLUSIONS = {  # lemma -> what it concludes, in the parts of its step
    "rank-nullity": "{law} = 0 has one solution {solution}, whatever its other letters are",
    "spectral theorem": "{operator} is a sum of eigenvalues times projections of sum 1, and each pair fits {eigen}",
    "constant spectrum": "the eigenvalues of {operator} are constant",
    "characteristic polynomial": "the eigenvalues of {operator} have the elementary symmetric functions {symmetric}",
    "Cayley-Hamilton": "{equation} = 0",
    "Picard-Lindelof": "{zeros} always",
    "Horodecki": "the maximum of CHSH in {state} >= 0, not 0, times tr({state}) is twice the root of "
                 "the sum of the two largest eigenvalues of star({T})*{T}",
    "Peres": "{state} >= 0 is entangled",
    "Wootters": "{state} >= 0 has the concurrence 2*(its largest eigenvalue) - 1, or 0 if this is negative",
    "Gronwall": "ever after, {x} <= the solution of D(.) = ({L})*(.) + {c} with the same start",
    "LaSalle": "{state} tends to the largest invariant set in D({energy}) = 0"}


def render(node: Any, level: int = 0) -> str:
    """An expression as text; level 1 inside a product, 2 inside a power."""
    if not isinstance(node, list):
        return str(node) if not level or re.fullmatch(r"\w+", str(node)) else f"({node})"
    head, *args = node
    if head == "matrix":
        return f"matrix({'; '.join(', '.join(map(render, row)) for row in args[0])})"
    inside = {"^": (2, 2), "*": (int(isinstance(args[0], list)), 1)}.get(head, (0, 0))
    parts = [render(x, inside[k > 0]) for k, x in enumerate(args)]
    shapes = {"+": " + ".join(parts), "*": "*".join(parts), "^": "^".join(parts)}
    named = {"sq": f"|{parts[0]}|^2", "comm": f"[{', '.join(parts)}]"}.get(head, f"{head}({parts[0]})")
    text = re.sub(r"^-1\*", "-", shapes.get(head, named).replace("+ -", "- "))
    return f"({text})" if (level > 1 and head in "+*^sq") or (level and (head == "+" or text[0] == "-")) else text


def conclusion(data: Any, s: Any) -> str:
    """What a lemma concludes."""
    shown = {key: render(s[key]) for key in "operator equation state T x L c energy solution".split() if key in s}
    shown["symmetric"] = ", ".join(map(render, s.get("symmetric", [])))
    shown["zeros"] = " and ".join(f"{name} = 0" for name in s.get("zeros", []))
    if "kernel" in s:
        shown["law"] = render(data["hypotheses"][s["law"]][1])
    if "eigen" in s:
        shown["eigen"] = ", ".join(row[0] for row in s["eigen"])
    return f"{CONCLUSIONS[s['kind']].format(**shown)} ({s['kind']})"


def claimed(data: Any, tenses: Tenses) -> Iterator[str]:
    """What each claimed step says; that it holds always, where what it uses does."""
    for name in data["claim"]:
        s = data["steps"][name]
        if s["kind"] not in STEPS:
            yield conclusion(data, s)
            continue
        key, pattern = STEPS[s["kind"]]
        always = " always" * (name in tenses.lasting - tenses.timeless)
        yield render(s["lhs"]) + pattern.format(s[key], render(s[key])) + always


def claim_text(data: Any, tenses: Tenses) -> str:
    """The formal claim."""
    kinds = (data["letters"], "operator"), (data["scalars"], "scalar")
    where = [f"{', '.join(names)} {kind}{'s' * (len(names) > 1)}" for names, kind in kinds if names]
    where += [f"dimension {data['dimension']}"] * (data["dimension"] > 0)
    where += [f"{name} := {render(x)}" for name, x in data["let"].items()]
    where += [f"D({name}) = {render(x)}" for name, x in data["rates"].items()]
    where += [f"star({a}) = {b}" for a, b in {**data["letters"], **data["scalars"]}.items() if b]
    where += [f"{name} = 1, 2, ..." for name in data["exponents"]]
    facts = "; ".join(f"{name} ({tense}): {render(x)}{STEPS[kind][1]}"
                      for name, (kind, x, tense) in data["hypotheses"].items())
    return f"{facts} |- {'; '.join(claimed(data, tenses))}{' where ' * bool(where)}{'; '.join(where)}".strip()
