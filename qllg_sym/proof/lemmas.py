"""Steps that cite a classical lemma: each names the formulas that it stands on, and the checker compares them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qllg_sym.proof.language import D, Node, Operand, comm, hypothesis, i, node, star, to_json, tr
from qllg_sym.proof.step import Step, equal

Json = Any
# Written again in `checker/classical.py` on purpose: the checker has nothing of the package; tests compare them.
CLAIMS = {  # lemma -> what it concludes, in the parts of its step
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
OF_STATES = ("Horodecki", "Peres", "Wootters")         # lemmas about states: at the witness there must be one

Part = Node | Step | str | tuple["Part", ...]          # what a lemma is given: as a whole or in rows


@dataclass(frozen=True)
class Lemma:
    """One use of a lemma.

    Attributes:
        name: of the step.
        kind: name of the lemma.
        parts: key in the certificate -> an expression, a hypothesis, a step, a name, or a tuple of these.
        uses: expressions that show which derivatives and adjoints the lemma needs.
        equations: what it concludes to be zero, by name.
    """

    name: str
    kind: str
    parts: tuple[tuple[str, Part], ...]
    uses: tuple[Node, ...] = ()
    equations: tuple[tuple[str, Node], ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The expressions of this step."""
        return (*(x for x in _flat(self.parts) if isinstance(x, Node)), *self.uses)

    @property
    def stands_on(self) -> tuple[str, ...]:
        """The names of the hypotheses and steps that it stands on."""
        return tuple(x.name for x in _flat(self.parts) if isinstance(x, Step) or (
            isinstance(x, Node) and x.head == "hyp"))

    @property
    def facts(self) -> dict[str, Node]:
        """What it gives to later steps, as hypotheses of theirs."""
        return {name: hypothesis(name, x) for name, x in self.equations}

    @property
    def fact(self) -> Node:
        """The one thing that it gives to later steps."""
        (fact,) = self.facts.values()
        return fact

    def part(self, key: str) -> Any:
        """Return one of its parts."""
        return dict(self.parts)[key]

    @property
    def claim(self) -> str:
        """What it concludes, as formal text."""
        shown = {key: ", ".join(map(str, x)) if isinstance(x, tuple) else str(x) for key, x in self.parts}
        if self.kind == "Picard-Lindelof":
            shown["zeros"] = " and ".join(f"{x} = 0" for x in self.part("zeros"))
        if self.kind == "rank-nullity":
            shown["law"] = str(self.part("law").about[1])
        if self.kind == "spectral theorem":
            shown["eigen"] = ", ".join(row[0].name for row in self.part("eigen"))
        return f"{CLAIMS[self.kind].format(**shown)} ({self.kind})"

    @property
    def json(self) -> Json:
        """The step as JSON data."""
        return {"kind": self.kind, **{key: _json(x) for key, x in self.parts}}


def _flat(x: Part) -> Iterator[Node | Step | str]:
    """Yield what is no tuple."""
    if isinstance(x, tuple):
        for part in x:
            yield from _flat(part)
    else:
        yield x


def _json(x: Part) -> Json:
    """A part as JSON data."""
    if isinstance(x, tuple):
        return [_json(part) for part in x]
    return to_json(x) if isinstance(x, Node) else x if isinstance(x, str) else x.name


@dataclass(frozen=True)
class StaysZero:
    """An equation that stays: N = 0 at one instant, and D N − i c [r, D N] is a sum of terms with a factor N.

    Args:
        fact: name of the fact that N = 0 always.
        what: N, a definition (`let`).
        start: a hypothesis that N is 0.
        on: an `equal` step that has this left side, and on its right side, in N by its name, those terms.
        c: a real scalar.
        r: a Hermitian operator.
    """

    fact: str
    what: Node
    start: Node
    on: Step
    c: Operand = 0
    r: Operand = 0


def stays_zero(fact: str, what: Node, right: Operand, by: Operand, c: Operand = 0,
               r: Operand = 0) -> tuple[Step, StaysZero]:
    """Return the step D N − i c [r, D N] = right, for what N = 0 stays on, beside what `picard_lindelof` takes.

    The hypothesis that N is 0 at one instant is called `<N>_start`, the step `<N>_moves`.

    >>> from qllg_sym.proof.language import let, scalars
    >>> x, a = scalars("x a"); step, keeps = stays_zero("rests", let("N", x), a * let("N", x), by=0)
    >>> step.claim, str(keeps.start)
    ('D(N) = a*N', 'N_start')
    """
    slope = D(what) if node(c) == node(0) else D(what) - i * node(c) * comm(r, D(what))
    step = equal(f"{what.name}_moves", slope, right, by=by)
    return step, StaysZero(fact, what, hypothesis(f"{what.name}_start", what), step, c, r)


def picard_lindelof(name: str, *rows: StaysZero) -> Lemma:
    """Conclude that each N of the rows is 0 always: a linear equation has one solution from N = 0."""
    columns: dict[str, Part] = {
        "facts": tuple(k.fact for k in rows), "zeros": tuple(k.what for k in rows),
        "start": tuple(k.start for k in rows), "on": tuple(k.on for k in rows),
        "through": tuple((node(k.c), node(k.r)) for k in rows)}
    uses = tuple(x for k in rows for x in (D(k.what), star(k.c), star(k.r)))
    return Lemma(name, "Picard-Lindelof", tuple(columns.items()), uses, tuple((k.fact, k.what) for k in rows))


def constant_spectrum(name: str, operator: Node, on: Step, symbol: Node) -> Lemma:
    """Conclude that the eigenvalues of a letter are constant from D tr(Aⁿ) = 0, n = 1, 2, … (Newton)."""
    return Lemma(name, "constant spectrum", (("operator", operator), ("on", on)), (D(tr(operator**symbol)),))


def characteristic_polynomial(name: str, operator: Node, symmetric: Sequence[Operand]) -> Lemma:
    """Conclude that e_1 … e_d are the elementary symmetric functions of an operator's eigenvalues (Newton)."""
    values = tuple(map(node, symmetric))
    return Lemma(name, "characteristic polynomial", (("operator", operator), ("symmetric", values)))


def elementary(operator: Node, dimension: int) -> list[Node]:
    """Return e_0 … e_d of an operator in dimension d, by Newton's k e_k = Σ (−1)^(m−1) e_(k−m) tr A^m.

    >>> from qllg_sym.proof.language import letters
    >>> str(elementary(letters("a")[0], 2)[2])
    '1/2*tr(a)*tr(a) - 1/2*tr(a^2)'
    """
    powers = [tr(operator**m) if m > 1 else tr(operator) for m in range(1, dimension + 1)]
    e: list[Node] = [node(1)]
    for k in range(1, dimension + 1):
        terms = [Fraction((-1)**(m - 1), k) * e[k - m] * powers[m - 1] for m in range(1, k + 1)]
        e.append(sum(terms[1:], terms[0]))
    return e


def cayley_hamilton(name: str, operator: Node, dimension: int) -> Lemma:
    """Conclude A^d − e_1 A^(d−1) + … = 0, with the e_k of `elementary`."""
    total = node(0)
    for k, e in enumerate(elementary(operator, dimension)):
        left = dimension - k
        power = operator**left if left > 1 else operator if left else node(1)
        total = (-1)**k * e * power if not k else total + (-1)**k * e * power
    return Lemma(name, "Cayley-Hamilton", (("operator", operator), ("equation", total)), (), ((name, total),))


def rank_nullity(name: str, unknown: Node, kernel: Node, on: Step, law: Node, solution: Node) -> Lemma:
    """Conclude that a hypothesis L(X) − f = 0 has one solution X; the step shows Z = 0 from the kernel L(Z) = 0."""
    return Lemma(name, "rank-nullity", (("unknown", unknown), ("kernel", kernel), ("on", on), ("law", law),
                                        ("solution", solution)))


def spectral_theorem(name: str, operator: Node, *eigen: tuple[Node, Node, Node]) -> Lemma:
    """Conclude that a Hermitian A is Σ pP; `eigen` has hypotheses AP = pP or PA = pP with their P and p."""
    uses = (star(operator), *(star(p) for _, _, p in eigen))
    return Lemma(name, "spectral theorem", (("operator", operator), ("eigen", eigen)), uses)


def horodecki(name: str, state: Node, correlations: Node) -> Lemma:
    """Conclude the maximum of CHSH from T_kl = tr ρ σ_k⊗σ_l, a 4 × 4 matrix with a row and a column of zeros."""
    return Lemma(name, "Horodecki", (("state", state), ("T", correlations)), (star(correlations),))


def peres(name: str, state: Node, vector: Node, on: Step) -> Lemma:
    """Conclude that a state is entangled: the `positive` step is about −tr(v† ρ^T₂ v)."""
    return Lemma(name, "Peres", (("state", state), ("vector", vector), ("on", on)), (star(vector),))


def wootters(name: str, state: Node) -> Lemma:
    """Conclude the concurrence of a state that is its own spin flip."""
    return Lemma(name, "Wootters", (("state", state),), (star(state),))


def gronwall(name: str, x: Node, rate: Node, rest: Node, on: Step, *constant: Step) -> Lemma:
    """Conclude x ≤ e^(Lt) x(0) + c (e^(Lt) − 1)/L from L x + c − D x ≥ 0; steps D(L) = 0, D(c) = 0 where not seen."""
    parts = (("x", x), ("L", rate), ("c", rest), ("on", on), ("constant", constant))
    return Lemma(name, "Gronwall", parts, tuple(f(a) for a in (x, rate, rest) for f in (star, D)))


def lasalle(name: str, state: Node, law: Node, damping: Node, energy: Node, on: Step, bounded: Step,
            constants: Sequence[Node] = ()) -> Lemma:
    """Conclude that a state tends to the largest invariant set where a falling energy rests; see the checker's rule.

    Args:
        name: of the step.
        state: a Hermitian letter ρ with a rate X that is a letter.
        law: the hypothesis X − i c [ρ, X] = f, f without X.
        damping: c.
        energy: E.
        on: −D(E) ≥ 0.
        bounded: D(|ρ|²) = 0.
        constants: the letters of the law that are declared constant.
    """
    parts = (("state", state), ("law", law), ("damping", damping), ("energy", energy), ("on", on),
             ("bounded", bounded))
    return Lemma(name, "LaSalle", parts, (D(energy), star(state), star(damping), *map(D, constants)))
