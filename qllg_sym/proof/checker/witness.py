"""Nothing is claimed of nothing: the hypotheses hold at a witness, and along a trajectory through it.

The trajectory solves D(a) = rate, with every letter without a rate constant. It exists, for rates are polynomials.
What must hold at all times holds along it for one of these reasons, which `trajectory` says:
  "rest"         every rate is 0 at the witness, so constants are the trajectory;
  {"X": "R", …}  X without a rate is fixed by R = 0, smoothly by the theorem on implicit functions, as dR/dX is
                 invertible at the witness; all other hypotheses that hold always are made of constants alone.
"""

import re

from .certificate import Certificate, Fact
from .operators import elementary_symmetric
from .polynomial import ONE, Polynomial, atom, has_symbol, is_scalar, letter, names, need, slope
from .residues import regular, residue
from .tense import names as written
from .words import EPSILON, Exponent

SPELLED = {"i", "matrix", "+", "*"}         # all that the values of a witness are written with, beside numbers
NUMBER = re.compile(r"-?[0-9]+/[0-9]+")


def is_consistent(claim: Certificate) -> None:
    """Refuse unless every hypothesis holds at the witness, and a trajectory is at rest there or fixed."""
    way, at = claim.data["trajectory"], Witness(claim)
    for name in claim.data["hypotheses"]:
        need(at.holds(claim.facts[name]), f"{name} fails at the witness")
    for lemma, state in claim.states:
        need(at.is_state(state), f"the state of {lemma} is not >= 0, or 0, at the witness")
    if way == "rest":
        need(all(claim.ring.is_zero(at.value(rate)) for rate in claim.rates.values()), "a rate is not 0 at the witness")
    elif way:
        rows = [row for unknown in way for row in at.slopes(unknown, [claim.facts[h] for h in way.values()])]
        claim.ring.spend(len(rows) ** 3 // 20)
        need(regular(rows), "the trajectory is not fixed: dR/dX is not invertible")


# The trajectory ---------------------------------------------------------------------------------------------------


def has_trajectory(claim: Certificate) -> None:
    """Refuse unless a trajectory through the witness keeps what must hold always, given that one is as it says."""
    way, always = claim.data["trajectory"], claim.tenses.always
    if way == "rest":
        need(always, "the trajectory is not needed")
        return
    need(isinstance(way, dict) and (always or not way), "the trajectory is not needed, or none")
    need(len({*way.values()}) == len(way), "a hypothesis fixes two letters")
    fixing = set[str]().union(*(names(claim.facts[h].value) for h in way.values() if h in claim.facts))
    for unknown, hypothesis in way.items():
        is_fixed(claim, unknown, hypothesis, {*way} | fixing)
    moving = letters_that_move(claim, way)
    for name in always - {*way.values()}:
        stays(claim, name, moving)


def is_fixed(claim: Certificate, unknown: str, hypothesis: str, spoken_of: set[str]) -> None:
    """Refuse unless an equation of its own fixes a letter without a rate, and its adjoint with it."""
    need(unknown in {*claim.letters, *claim.scalars} and not {unknown, claim.adjoint[unknown]} & {*claim.rates},
         f"{unknown} is no letter without a rate")
    need(hypothesis in claim.tenses.always & claim.zeros & {*claim.data["hypotheses"]},
         f"{hypothesis} is no equation that holds always")
    own, x = claim.adjoint[unknown], claim.facts[hypothesis].value
    need(own in (None, unknown) or own not in spoken_of, f"the adjoint of {unknown} is fixed by other equations")
    if own == unknown:
        mirrored = claim.star(x)
        need(claim.ring.equal(mirrored, x) or not claim.ring.add(mirrored, x),
             f"{hypothesis} is not its own adjoint, as {unknown} is")


def letters_that_move(claim: Certificate, way: dict[str, str]) -> set[str | None]:
    """The letters that need not be constant: those that are fixed, those with a rate, and their adjoints."""
    moving = {*way, *(name for name, rate in claim.rates.items() if rate)}
    return moving | {claim.adjoint[name] for name in moving}


def stays(claim: Certificate, name: str, moving: set[str | None]) -> None:
    """Refuse unless a hypothesis is made of constants, or positive: what is real and positive stays so for a while."""
    fact = claim.facts[name]
    free = names(fact.value) & moving
    need(not free or (fact.relation == "positive" and claim.is_real(fact.value)),
         f"{name} must hold always, but {', '.join(sorted(free))} may move and nothing shows that it does")


# The witness ------------------------------------------------------------------------------------------------------


class Witness:
    """Values of letters and scalars: explicit matrices and numbers; from here on the dimension is theirs."""

    def __init__(self, claim: Certificate) -> None:
        self.claim, self.ring, self.raw = claim, claim.ring, claim.data["witness"]
        wanted = spoken_of(claim)
        need(wanted == {*self.raw}, f"the witness must give {sorted(wanted)}")
        sizes = (len(node[1]) for name, node in self.raw.items() if name in claim.letters)
        self.ring.dimension = self.ring.dimension or next(sizes, 0)
        spelled = {x for x in written([*self.raw.values()]) if not NUMBER.fullmatch(x)}
        need(spelled <= SPELLED, "the witness holds names")
        self.point = {name: claim.polynomial(node) for name, node in self.raw.items()}
        for name in self.point:
            self.is_one(name)

    def is_one(self, name: str) -> None:
        """Refuse a value of the wrong kind, or one that is not the adjoint of its partner's."""
        claim, x, partner = self.claim, self.point[name], self.claim.adjoint[name]
        if name in claim.symbols:
            need(type(self.raw[name]) is int and self.raw[name] > 0, f"the witness of {name} is none")
        need(name in claim.letters or is_scalar(x), f"the witness of {name} is none")
        need(partner not in self.point or self.ring.equal(claim.star(x), self.point[partner]), f"{name} has no adjoint")

    def value(self, x: Polynomial, moved: str = "", by: Polynomial | None = None) -> Polynomial:
        """The value of a polynomial; one of the names may be moved by a polynomial."""
        def at_point(name: str, e: Exponent, whole: bool) -> Polynomial:
            if name == "i":
                return self.ring.power(atom("i"), e)
            base = self.point[name] if name != moved else self.ring.add(self.point[name], by or {})
            return self.ring.power(base, self.exponent(e))
        return self.ring.substitute(x, at_point)

    def exponent(self, e: Exponent) -> int:
        """The value of an exponent."""
        return e if type(e) is int else int(e.real) + int(e.imag) * sum(self.raw[n] for n in self.claim.symbols)

    def holds(self, fact: Fact) -> bool:
        """Whether a hypothesis holds."""
        x = self.value(fact.value)
        if fact.relation == "zero":
            return self.ring.is_zero(x)
        return is_positive(x) or (not x and fact.relation == "nonnegative")

    def is_state(self, x: Polynomial) -> bool:
        """Whether a matrix is Hermitian, >= 0 and not 0: no elementary symmetric function of it is negative."""
        value = self.value(x)
        _, trace, *others = elementary_symmetric(self.ring, value)
        return self.claim.is_real(value) and is_positive(trace) and all(not e or is_positive(e) for e in others)

    def slopes(self, unknown: str, facts: list[Fact]) -> list[list[int]]:
        """Rows of the Jacobian, as residues: for each entry of the unknown, the slopes of all entries of the facts."""
        indices = range(self.ring.dimension)
        entries = [letter((j, k)) for j in indices for k in indices] if unknown in self.claim.letters else [ONE]
        rows = []
        for entry in entries:
            step, row = self.ring.multiply(entry, atom(EPSILON)), list[int]()
            for fact in facts:
                x = slope(self.value(fact.value, unknown, step))
                row += [residue(x, j, k) for j in indices for k in indices] if fact.operator else [residue(x)]
            rows.append(row)
        return rows


def spoken_of(claim: Certificate) -> set[str]:
    """What a witness must give: the names in hypotheses, in states, and in the rates if it is at rest."""
    given = [claim.facts[name].value for name in claim.data["hypotheses"]] + [state for _, state in claim.states]
    given += claim.rates.values() if claim.data["trajectory"] == "rest" else []
    symbols = {n for n in claim.symbols if any(map(has_symbol, given))}
    return set[str]().union(*map(names, given)) - {"i"} | symbols


def is_positive(x: Polynomial) -> bool:
    """Whether a polynomial is a positive number."""
    return len(x) == 1 and next(iter(x.values())) > 0 and next(iter(x)) == next(iter(ONE))
