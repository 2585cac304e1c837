"""What must hold at all times, and what at one instant alone; read from the names that steps use.

A claim is about continuous functions of time on an interval around one instant. Hypotheses hold "always", or "at one
instant", the same for all. A step holds whenever what it uses does. What a lemma in time concludes holds always, and
its premises must; so must all else that a step uses beside such a conclusion, and what is differentiated.
"""

from collections.abc import Iterator
from typing import Any

from .classical import LEMMAS
from .polynomial import Formula, Step

TENSES = ("at one instant", "always")


def names(node: Formula | Step) -> Iterator[str]:
    """Yield every name in an expression, or in any list or table of them."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for part in node.values() if isinstance(node, dict) else node:
            yield from names(part)


def differentiated(node: Formula) -> Iterator[str]:
    """Yield every name under D."""
    if isinstance(node, list):
        for part in node:
            yield from names(part) if node[0] == "D" else differentiated(part)


def without(step: Step, *keys: str) -> Step:
    """A step without some of its parts."""
    return {key: part for key, part in step.items() if key not in keys}


class Tenses:
    """Which hypotheses the steps of a certificate rest on, which of those must hold always, and which steps do.

    Attributes:
        always: the hypotheses that are said to hold always.
        wanted: the hypotheses that must.
        lasting: the facts that hold always because all that they rest on does.
        timeless: those of them that rest on nothing.
        rests: fact -> the hypotheses that must hold at an instant for the fact to hold there.
        ground: fact -> all hypotheses that it stands on, those that lemmas in time start from too.
        concluded: what lemmas in time conclude, and what follows from that.
    """

    def __init__(self, data: Any) -> None:
        self.always = {name for name, (_, _, tense) in data["hypotheses"].items() if tense == "always"}
        self.lasting, self.wanted, self.timeless = set(self.always), set[str](), set[str]()
        self.rests = {name: {name} for name in data["hypotheses"]}
        self.ground = {name: {name} for name in data["hypotheses"]}
        self.concluded = set[str]()
        for name, step in data["steps"].items():
            self.enter(name, step)

    def enter(self, name: str, step: Step) -> None:
        """Enter one step, and what it concludes."""
        facts = {name, *step.get("facts", [])}
        used, in_time = self.premises(step)
        rests = set[str]().union(*(self.rests[n] for n in used))
        in_time = in_time or bool(used & self.concluded)
        if in_time:
            self.wanted |= rests
            self.concluded |= facts
        self.wanted |= self.known(differentiated(step.get("by", 0))) - self.concluded
        if rests <= self.always:
            self.lasting |= facts
        if not rests and not in_time:
            self.timeless |= facts
        below = set[str]().union(*(self.ground[n] for n in self.known(names(without(step, "kind", "lhs", "rhs")))))
        self.rests |= dict.fromkeys(facts, rests)
        self.ground |= dict.fromkeys(facts, below)

    def premises(self, step: Step) -> tuple[set[str], bool]:
        """The earlier facts that must hold where a step does, and whether it cites a lemma in time."""
        lemma = LEMMAS.get(step["kind"])
        if lemma and lemma.in_time:
            return self.known(names([step[key] for key in lemma.in_time])), True
        return self.known(names(without(step, "kind", "lhs", "rhs"))), False

    def known(self, found: Iterator[str]) -> set[str]:
        """Those of the names that are hypotheses, earlier steps or their conclusions."""
        return {name for name in found if name in self.rests}
