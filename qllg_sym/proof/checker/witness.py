"""Nothing is claimed of nothing: the hypotheses hold at a witness, and along a trajectory through it.

The trajectory solves D(a) = rate, with every letter without a rate constant. It exists, for rates are polynomials.
What must hold at all times holds along it for one of these reasons, which `trajectory` says:
  "rest"         every rate is 0 at the witness, so constants are the trajectory;
  {"X": "R", …}  X without a rate is fixed by R = 0, smoothly by the theorem on implicit functions, as dR/dX is
                 invertible at the witness; all other hypotheses that hold always are made of constants alone.
"""

import re
from typing import Any

from .polynomial import EPSILON, ONE, atom, atoms, letter, need, symbolic
from .tense import names

PRIME = 998_244_353                         # 1 more than a multiple of 4, so that −1 has a root
ROOT = pow(3, (PRIME - 1) // 4, PRIME)      # of −1


def lasting(c: Any) -> None:
    """Refuse unless a trajectory through the witness keeps what must hold always, given that one is as it says."""
    way = c.data["trajectory"]
    if way == "rest":
        return need(c.tenses.always, "the trajectory is not needed")
    need(isinstance(way, dict) and (c.tenses.always or not way), "the trajectory is not needed, or none")
    return constant(c, way)


def consistent(c: Any) -> None:
    """Refuse unless every hypothesis holds at the witness, and a trajectory is at rest there or fixed."""
    raw, way = c.data["witness"], c.data["trajectory"]
    given = [c.facts[name].value for name in c.data["hypotheses"]] + [*c.rates.values()] * (way == "rest")
    at = Witness(c, raw)                    # from here on the dimension is that of the witness
    seen = set().union(*map(atoms, given)) - {"i"} | {n for n in c.symbols if any(map(symbolic, given))}
    need(seen == {*raw}, f"the witness must give {sorted(seen)}")
    for name in c.data["hypotheses"]:
        need(at.holds(c.facts[name]), f"{name} fails at the witness")
    if way == "rest":
        need(all(c.ring.null(at.value(rate)) for rate in c.rates.values()), "a rate is not 0 at the witness")
    elif way:
        rows = [row for u in way for row in at.slopes(u, way)]
        c.ring.spend(len(rows) ** 3 // 20)
        need(regular(rows), "the trajectory is not fixed: dR/dX is not invertible")


def constant(c: Any, way: dict[str, str]) -> None:
    """Refuse unless each unknown has an equation of its own, and what else holds always is made of constants."""
    fixing = set[str]().union(*(atoms(c.facts[h].value) for h in way.values() if h in c.facts))
    for u, h in way.items():
        need(u in {*c.letters, *c.data["scalars"]} and not {u, c.adjoint[u]} & {*c.rates},
             f"{u} is no letter without a rate")
        need(h in c.tenses.always & c.zeros & {*c.data["hypotheses"]}, f"{h} is no equation that holds always")
        x, own = c.facts[h].value, c.adjoint[u]
        need(own in (None, u) or own not in {*way} | fixing, f"the adjoint of {u} is fixed by other equations")
        if own == u:
            star = c.star(x)
            need(c.ring.same(star, x) or not c.ring.add(star, x), f"{h} is not its own adjoint, as {u} is")
    need(len({*way.values()}) == len(way), "a hypothesis fixes two letters")
    moving = {*way, *(name for name, rate in c.rates.items() if rate)}
    moving |= {c.adjoint[name] for name in moving}          # an adjoint moves with its partner
    for name in c.tenses.always - {*way.values()}:
        free = atoms(c.facts[name].value) & moving      # what is positive stays so for a while, if it stays real
        need(not free or (c.facts[name].relation == "positive" and c.real(c.facts[name].value)),
             f"{name} must hold always, but {', '.join(sorted(free))} may move and nothing shows that it does")


class Witness:
    """Values of letters and scalars: explicit matrices and numbers."""

    def __init__(self, c: Any, raw: Any) -> None:
        self.c, self.raw, self.ring = c, raw, c.ring
        self.ring.size = c.ring.size or next((len(node[1]) for name, node in raw.items() if name in c.letters), 0)
        spelled = {x for x in names([*raw.values()]) if not re.fullmatch(r"-?[0-9]+/[0-9]+", x)}
        need(spelled <= {"i", "matrix", "+", "*"}, "the witness holds names")
        self.point = {name: c.value(node)[0] for name, node in raw.items()}
        for name, x in self.point.items():
            other, exact = c.adjoint[name], name not in c.symbols or (type(raw[name]) is int and raw[name] > 0)
            need(exact and (name in c.letters or not any(w for _, w in x)), f"the witness of {name} is none")
            need(other not in self.point or c.ring.same(c.star(x), self.point[other]), f"{name} has no adjoint")

    def value(self, x: Any, moved: str = "", by: Any = None) -> Any:
        """The value of a polynomial; one of the names may be moved by a polynomial."""
        def factor(name: str, e: Any, _: bool) -> Any:
            if name == "i":
                return self.ring.power(atom("i"), e)
            k = e if type(e) is int else int(e.real + e.imag * sum(self.raw[n] for n in self.c.symbols))
            base = self.point[name]
            return self.ring.power(self.ring.add(base, by) if name == moved else base, k)
        return self.ring.image(x, factor)

    def holds(self, fact: Any) -> bool:
        """Whether a hypothesis holds."""
        y = self.value(fact.value)
        if fact.relation == "zero":
            return bool(self.ring.null(y))
        sign = y.get((frozenset(), ()), 0) if len(y) < 2 else -1
        return sign > 0 or not (y or fact.relation == "positive")

    def slopes(self, u: str, way: dict[str, str]) -> list[list[int]]:
        """Rows of the Jacobian, modulo PRIME: for each entry of u, the slopes of all entries of the hypotheses."""
        size = range(self.ring.size)
        entries = [letter((j, k)) for j in size for k in size]
        rows = []
        for unit in entries if u in self.c.letters else [ONE]:
            row = list[int]()
            for fact in (self.c.facts[h] for h in way.values()):
                slope = self.c.slope(self.value(fact.value, u, self.ring.mul(unit, atom(EPSILON))))
                row += [residue(slope, j, k) for j in size for k in size] if fact.operator else [residue(slope, -1, -1)]
            rows.append(row)
        return rows


def residue(x: Any, row: int, column: int) -> int:
    """One entry of a matrix of numbers, or a number (row −1), modulo PRIME; a number beside a matrix is diagonal."""
    total = 0
    for (m, w), c in x.items():
        if w == (((row, column), 1),) or (not w and row == column):
            total += c.numerator * pow(c.denominator, -1, PRIME) * (ROOT if m else 1)
    return total % PRIME


def regular(rows: list[list[int]]) -> bool:
    """Whether a square matrix is invertible modulo PRIME, and so invertible."""
    if any(len(row) != len(rows) for row in rows):
        return False
    for k in range(len(rows)):
        pivot = next((j for j in range(k, len(rows)) if rows[j][k]), None)
        if pivot is None:
            return False
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = pow(rows[k][k], -1, PRIME)
        for j in range(k + 1, len(rows)):
            f = rows[j][k] * inverse % PRIME
            rows[j] = [(a - f * b) % PRIME for a, b in zip(rows[j], rows[k], strict=True)] if f else rows[j]
    return True
