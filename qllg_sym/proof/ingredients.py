"""What a theorem speaks of: hypotheses, definitions, letters and scalars, and which of their properties it needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from qllg_sym.errors import ProofError
from qllg_sym.proof.language import Node, hypothesis, names_in, node, sign_of, to_json
from qllg_sym.proof.lemmas import OF_STATES, Lemma
from qllg_sym.proof.normal_form import TheoremAlgebra, names_of
from qllg_sym.proof.step import RELATIONS, Step
from qllg_sym.proof.tense import Tenses


class Ingredients:
    """A view of the steps; adjoints and derivatives that no expansion touches are not listed.

    Args:
        steps: of a theorem.
        claims: those of them that are claimed.
        derivatives: letter or scalar -> its time derivative.
        trajectory: letter without rate -> the hypothesis that fixes it, or "rest".
        dimension: of the space; that of the explicit matrices, or any, if 0.
    """

    def __init__(self, steps: Sequence[Step | Lemma], claims: Sequence[Step | Lemma], derivatives: Mapping[Node, Node],
                 trajectory: Mapping[Node, Node] | str = "", dimension: int = 0) -> None:
        self.steps, self.claims, self._trajectory = steps, claims, trajectory
        self.identities = [step for step in steps if isinstance(step, Step)]
        self.lemmas = [step for step in steps if isinstance(step, Lemma)]
        self._table = dict(derivatives)
        self._nodes = [x for step in steps for x in step.nodes]
        sizes = (len(z.args) for x in self._nodes for z in every_node(x) if z.head == "matrix")
        self.dimension = dimension or next(sizes, 0)
        self._named_once()
        own = {step.name for step in steps} | {name for lemma in self.lemmas for name in lemma.facts}
        signed = sorted((x for x in self._found if sign_of(x)), key=str)
        self.hypotheses = [x for x in self._found if x.head == "hyp" and x.name not in own]
        self.hypotheses += [hypothesis(to_json(x, signed=True), x, sign_of(x)) for x in signed]

    def _named_once(self) -> None:
        """Refuse two definitions, or two hypotheses, of one name: a certificate would hold one of them alone.

        Raises:
            ProofError: a name has two meanings.
        """
        known: dict[str, Node] = {}
        for x in (x for x in self._found if x.head in ("let", "hyp")):
            if known.setdefault(x.name, x) != x:
                raise ProofError(f"The name `{x.name}` must stand for one definition or hypothesis, but stands for "
                                 f"{known[x.name].about} and {x.about}; rename one of them.")

    @cached_property
    def trace_form(self) -> bool:
        """Whether squares of operators give a sign."""
        signed = (step for step in self.identities if step.kind not in ("equal", "roots"))
        return any((step.kind == "zero" and is_operator(step.lhs)) or any(
            is_operator(x.args[0]) for x in _squares(step.rhs)) for step in signed)

    @cached_property
    def tenses(self) -> Tenses:
        """Which hypotheses must hold always, and which steps do."""
        return Tenses(self.steps, [h.name for h in self.hypotheses])

    @cached_property
    def _found(self) -> list[Node]:
        """Names in the order in which they appear."""
        return list(dict.fromkeys(y for x in self._nodes for y in names_in(x)))

    @cached_property
    def algebra(self) -> TheoremAlgebra:
        """The algebra of the steps."""
        return TheoremAlgebra(self._nodes, self._table, self.dimension)

    @cached_property
    def remainders(self) -> dict[str, Any]:
        """Step -> what is left of its identity, zero if the step is right."""
        for lemma in self.lemmas:                           # the algebra notes the derivatives and adjoints
            for x in lemma.uses:
                self.algebra.expand(x)
        return {step.name: _remainder(self.algebra, step) for step in self.identities if step.kind != "roots"}

    @cached_property
    def derivatives(self) -> dict[Node, Node]:
        """The derivatives that the steps use; that of a scalar without entry is 0."""
        moved = set(self.algebra.moved) if self.remainders is not None else set()
        known = {a: value for a, value in self._table.items() if a.name in moved}
        constant = sorted(moved - {a.name for a in known})
        return {**known, **{Node("sym", (name,), (self.algebra.adjoint[name], "")): node(0) for name in constant}}

    @cached_property
    def _names(self) -> list[Node]:
        """Every name, those in derivatives too."""
        return list(dict.fromkeys([*self._found, *(y for x in self.derivatives.values() for y in names_in(x))]))

    @cached_property
    def lets(self) -> list[Node]:
        """Definitions, each after those that it uses."""
        result: list[Node] = []
        for x in self._names:
            if x.head == "let":
                inner = [z for z in names_in(x.about) if z.head == "let"]
                result += [y for y in dict.fromkeys([*inner[::-1], x]) if y not in result]
        return result

    @cached_property
    def exponents(self) -> dict[str, int]:
        """Exponent symbol -> least value."""
        return {x.name: x.about for x in sorted(self._names, key=str) if x.head == "sym" and isinstance(x.about, int)}

    @cached_property
    def letters(self) -> dict[str, str | None]:
        """Letter -> adjoint, None where none is needed."""
        return self._adjoints("op")

    @cached_property
    def scalars(self) -> dict[str, str | None]:
        """Scalar -> conjugate, None where none is needed."""
        return self._adjoints("sym")

    def _adjoints(self, head: str) -> dict[str, str | None]:
        """Name -> adjoint; partners are there too."""
        result: dict[str, str | None] = {}
        for x in self._names:
            if x.head == head and not isinstance(x.about, int):
                other = self.algebra.adjoint[x.name]
                needed = x.name in self.starred or other in self.starred
                result.setdefault(x.name, other if needed else None)
                if needed and other:
                    result[other] = x.name
        return dict(sorted(result.items()))

    @cached_property
    def starred(self) -> set[str]:
        """Names of which the steps, the rates of such names, or the unknown of `roots` need the adjoint."""
        algebra, found = self.algebra, set[str]() if self.remainders is not None else set()
        for step in self.identities:
            found |= names_of(algebra.expand(step.lhs)) if step.kind == "roots" else set()
        before = None
        while before != (found := found | algebra.starred):
            before = found
            for a, value in self.derivatives.items():
                if {a.name, algebra.adjoint[a.name]} & found:
                    algebra.star(algebra.expand(value))
            for u, h in self._fixed.items():            # what fixes a Hermitian letter is its own adjoint
                if u.name in found and algebra.adjoint[u.name] == u.name:
                    algebra.star(algebra.expand(h))
        return found

    @property
    def _fixed(self) -> Mapping[Node, Node]:
        """Letters without a rate that hypotheses fix."""
        return {} if isinstance(self._trajectory, str) or not self.tenses.always else self._trajectory

    @cached_property
    def given(self) -> set[str]:
        """What a witness gives: the names in the hypotheses, in states of lemmas, and in the rates of one at rest."""
        rates = self.derivatives.values() if self._trajectory == "rest" and self.tenses.always else ()
        states = [lemma.part("state") for lemma in self.lemmas if lemma.kind in OF_STATES]
        return set().union(*(names_of(self.algebra.expand(x)) for x in (*self.hypotheses, *states, *rates)))

    @cached_property
    def text(self) -> str:
        """The formal claim, as the checker renders it from the certificate."""
        facts = [f"{h.name} ({self.tenses.of(h)}): {h.about[1]}{RELATIONS[h.about[0]]}" for h in self.hypotheses]
        where = [f"{', '.join(names)} {what}{'s' * (len(names) > 1)}"
                 for names, what in ((self.letters, "operator"), (self.scalars, "scalar")) if names]
        where += [f"dimension {self.dimension}"] * (self.dimension > 0)
        where += [f"{x.name} := {x.about}" for x in self.lets]
        where += [f"D({a.name}) = {value}" for a, value in self.derivatives.items()]
        where += [f"star({a}) = {b}" for a, b in {**self.letters, **self.scalars}.items() if b]
        where += [f"{name} = {least}, {least + 1}, ..." for name, least in self.exponents.items()]
        claims = [step.claim + " always" * (isinstance(step, Step) and step.name in self.tenses.lasting)
                  for step in self.claims]
        text = f"{'; '.join(facts)} |- {'; '.join(claims)}"
        return (text + (" where " + "; ".join(where) if where else "")).strip()


def _remainder(algebra: TheoremAlgebra, step: Step) -> Any:
    """Left side minus right side minus `by`, in the sense of the step's kind."""
    lhs, rhs = (algebra.expand(x, zero=True) for x in step.nodes[:2])
    by = algebra.expand(step.by)
    if step.kind == "zero":
        left = algebra.add(algebra.square(lhs), rhs)
    else:
        left = algebra.multiply(rhs, lhs) if step.kind == "cancel" else algebra.add(lhs, rhs, -1)
    return algebra.add(left, by, -1)


def every_node(x: Node) -> Iterator[Node]:
    """Yield every node of an expression, through definitions and hypotheses.

    >>> from qllg_sym.proof.language import letters, tr
    >>> [y.head for y in every_node(tr(letters("a")[0]))]
    ['tr', 'op']
    """
    yield x
    parts: Iterable[Any] = (x.about,) if x.head == "let" else (x.about[1],) if x.head == "hyp" else \
        (a for part in x.args for a in (part if isinstance(part, tuple) else (part,)))
    for a in parts:
        if isinstance(a, Node):
            yield from every_node(a)


def _squares(x: Node) -> Iterator[Node]:
    """The squares that give an expression its sign; a hypothesis has its own."""
    if x.head == "sq":
        yield x
    for a in x.args if x.head in ("+", "*", "^") else ():
        yield from _squares(a)


def is_operator(x: Node) -> bool:
    """Return whether an expression is an operator rather than a scalar.

    >>> from qllg_sym.proof.language import letters, tr
    >>> a, = letters("a"); is_operator(a * tr(a)), is_operator(tr(a))
    (True, False)
    """
    if x.head in ("op", "matrix"):
        return True
    if x.head in ("tr", "sq"):
        return False
    inner = (x.about,) if x.head == "let" else (x.about[1],) if x.head == "hyp" else x.args
    return any(is_operator(a) for a in inner if isinstance(a, Node))
