"""What must hold at all times, and what at one instant alone; read from the names that steps use.

A claim is about continuous functions of time on an interval around one instant. Hypotheses hold "always", or "at one
instant", the same for all. A step holds whenever what it uses does. What a lemma in time concludes holds always, and
its premises must; so must all else that a step uses beside such a conclusion, and what is differentiated.
"""

from collections.abc import Iterator
from typing import Any

TENSES = ("at one instant", "always")
# Lemmas in time -> the keys of a step under which its premises stand.
IN_TIME = {"Picard-Lindelof": ("on",), "constant spectrum": ("on",), "Gronwall": ("on", "constant"),
           "LaSalle": ("on", "bounded", "law")}


def names(node: Any) -> Iterator[str]:
    """Yield every name in an expression, or in any list or table of them."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for part in node.values() if isinstance(node, dict) else node:
            yield from names(part)


def moved(node: Any) -> Iterator[str]:
    """Yield every name under D."""
    if isinstance(node, list):
        for part in node:
            yield from names(part) if node[0] == "D" else moved(part)


class Tenses:
    """Which hypotheses the steps of a certificate rest on, which of those must hold always, and which steps do."""

    def __init__(self, data: Any) -> None:
        self.always = {name for name, row in data["hypotheses"].items() if row[2] == "always"}
        self.lasting, self.rests = set(self.always), {name: {name} for name in data["hypotheses"]}
        self.ground = {name: {name} for name in data["hypotheses"]}    # all that a fact stands on, starts included
        self.concluded, self.wanted = set[str](), set[str]()       # conclusions of lemmas in time; see above
        self.timeless = set[str]()                                  # steps that rest on nothing
        for name, s in data["steps"].items():
            self.enter(name, s)

    def enter(self, name: str, s: Any) -> None:
        """Enter one step."""
        keys = IN_TIME.get(s["kind"])
        reasons = {k: x for k, x in s.items() if k not in ("kind", "lhs", "rhs")} if keys is None else {
            key: s[key] for key in keys}
        used = {n for n in names(reasons) if n in self.rests}
        rests = set[str]().union(*(self.rests[n] for n in used))
        timed = keys is not None or bool(used & self.concluded)
        self.wanted |= rests if timed else set()
        self.wanted |= {n for n in moved(s.get("by", 0)) if n in self.rests} - self.concluded
        facts = [name, *s["facts"]] if s["kind"] == "Picard-Lindelof" else [name]
        below = {n for n in names({k: x for k, x in s.items() if k not in ("lhs", "rhs")}) if n in self.ground}
        ground = set[str]().union(*(self.ground[n] for n in below))
        for fact in facts:
            self.rests[fact], self.ground[fact] = rests, ground
        self.concluded |= set(facts) if timed else set()
        if rests <= self.always:
            self.lasting |= set(facts)
        self.timeless |= set() if rests or timed else set(facts)
