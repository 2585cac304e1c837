"""What must hold always and what at one instant alone, found from what the steps of a proof use."""

from collections.abc import Iterator, Sequence

from qllg_sym.proof.language import Node, sign_of
from qllg_sym.proof.lemmas import Lemma
from qllg_sym.proof.step import Step

IN_TIME = ("Picard-Lindelof", "constant spectrum", "Gronwall", "LaSalle")
SIGNED = ("nonnegative", "positive", "zero", "cancel")          # kinds of step whose rhs stands on signs


class Tenses:
    """Tenses of the hypotheses and steps of one theorem.

    Args:
        steps: of a theorem.
        hypotheses: the names of its hypotheses.

    Attributes:
        always: names of the hypotheses that must hold at all times: D of them is used, or a lemma in time, or a step
            beside the conclusion of one, stands on them. For all others one instant is enough.
        lasting: names of the steps that hold at all times because of such hypotheses and conclusions.
    """

    def __init__(self, steps: Sequence[Step | Lemma], hypotheses: Sequence[str]) -> None:
        grounds: dict[str, frozenset[str]] = {name: frozenset({name}) for name in hypotheses}
        timed: set[str] = set()
        wanted: set[str] = set()
        for step in steps:
            names = _grounds(step) & grounds.keys()
            below = frozenset[str]().union(*(grounds[name] for name in names))
            in_time = (step.kind in IN_TIME) or bool(names & timed)
            own = {step.name, *step.facts} if isinstance(step, Lemma) else {step.name}
            if in_time:
                timed |= own
                wanted |= below
            if isinstance(step, Step) and step.kind != "roots":
                wanted |= _differentiated(step.by) & set(hypotheses)
            grounds |= dict.fromkeys(own, below)
        self.always = frozenset(wanted)
        self.lasting = frozenset(name for name, below in grounds.items()
                                 if below <= wanted and (below or name in timed))

    def of(self, h: Node) -> str:
        """Return the tense of a hypothesis."""
        return "always" if h.name in self.always else "at one instant"


def _grounds(step: Step | Lemma) -> set[str]:
    """The hypotheses and steps that a step stands on; the start of Picard–Lindelöf is none of them."""
    if isinstance(step, Lemma):
        skipped = {x.name for x in step.part("start")} if step.kind == "Picard-Lindelof" else set()
        return set(step.stands_on) - skipped
    if step.kind == "roots":
        return set()
    signs = {f"{x.name}_sign" for x in _leaves(step.rhs) if sign_of(x)} if step.kind in SIGNED else set()
    return signs | {x.name for part in (step.by, step.rhs) for x in _leaves(part) if x.head == "hyp"}


def _leaves(x: Node) -> Iterator[Node]:
    """Yield the names in an expression as it is written: not through definitions, hypotheses and steps."""
    if x.head in ("sym", "op", "let", "hyp"):
        yield x
        return
    for part in x.args:
        for a in part if isinstance(part, tuple) else (part,):
            if isinstance(a, Node):
                yield from _leaves(a)


def _differentiated(x: Node) -> set[str]:
    """The hypotheses and steps under D in an expression."""
    found = {y.name for y in _leaves(x) if y.head == "hyp"} if x.head == "D" else set()
    for part in x.args:
        for a in part if isinstance(part, tuple) else (part,):
            if isinstance(a, Node) and x.head != "hyp":
                found |= _differentiated(a)
    return found
