"""Random damage to certificates: one change at a random place of the JSON tree, and what it did to the meaning."""

from copy import deepcopy
from fractions import Fraction

import second_checker
from qllg_sym.proof.checker import LEMMAS, Claim
from qllg_sym.proof.checker.text import conclusion

JUDGED = {"Picard-Lindelof", "Cayley-Hamilton", "characteristic polynomial"}    # lemmas that `points` evaluates
ANOTHER = "another theorem, which the second checker finds right too"
ERRORS = (TypeError, ValueError, LookupError, AttributeError, RecursionError)


def places(tree, path=()):
    """Every path below the top of a JSON tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        if not path and key == "note":
            continue
        yield (*path, key)
        yield from places(value, (*path, key))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def number(x):
    """A Fraction as the language writes it."""
    return int(x) if x.denominator == 1 else str(x)


def mutants_of(value, names, rng):
    """One changed copy of a value: another number, sign, name, operation, order, or a part left out."""
    if isinstance(value, bool) or value is None:
        return rng.choice(names)
    if isinstance(value, int) or (isinstance(value, str) and "/" in value):
        x = Fraction(value)
        return number(rng.choice([x + 1, x - 1, -x, 2 * x, x / 2, x + Fraction(1, 3)]))
    if isinstance(value, str):
        words = "+ * tr star D sq comm ^ zero equal nonnegative positive cancel rhs squares factor always rest".split()
        return rng.choice([*names, *words, *LEMMAS, "at one instant", "mean value theorem"])
    changed = deepcopy(value)
    if isinstance(changed, dict):
        keys = list(changed)
        if keys and rng.random() < 0.6:
            del changed[rng.choice(keys)]
        elif len(keys) > 1:
            a, b = rng.sample(keys, 2)
            changed[a], changed[b] = changed[b], changed[a]
        else:
            changed["extra"] = None
        return changed
    deed = rng.choice(["drop", "swap", "double", "negate", "power"])
    if deed == "drop" and changed:
        del changed[rng.randrange(len(changed))]
    elif deed == "swap" and len(changed) > 1:
        a, b = rng.sample(range(len(changed)), 2)
        changed[a], changed[b] = changed[b], changed[a]
    elif deed == "double" and changed:
        changed.append(deepcopy(rng.choice(changed)))
    else:
        return ["*", -1, changed] if deed == "negate" else ["^", changed, 2]
    return changed


def mutate(data, rng):
    """A certificate with one change, and the path of the change; None if nothing changed."""
    names = [*data["letters"], *data["scalars"], *data["exponents"], *data["let"], *data["hypotheses"], *data["steps"]]
    path = rng.choice(list(places(data)))
    mutant = deepcopy(data)
    new = mutants_of(at(mutant, path), names, rng)
    at(mutant, path[:-1])[path[-1]] = new
    return None if mutant == data else (mutant, path)


def accepted(data):
    try:
        Claim(data).check()
    except ERRORS:
        return False
    return True


def meaning(data):
    """What an accepted certificate claims, in normal form: declarations, hypotheses and claims, however written."""
    claim = Claim(data)
    claim.check()
    given = [(*claim.facts[name], data["hypotheses"][name][2]) for name in data["hypotheses"]]
    said = [(says(claim, data["steps"][name], name), name in claim.tenses.lasting) for name in data["claim"]]
    keys = ("id", "dimension", "letters", "scalars", "exponents")
    return {**{key: data[key] for key in keys}, "rates": ordered(claim.rates),
            "hypotheses": sorted(map(ordered, given)), "claims": sorted(map(ordered, said))}


def says(claim, step, name):
    """What a step says: its polynomial, a count of zeros, or the conclusion of a lemma."""
    if step["kind"] in LEMMAS:
        return conclusion(claim.data, step)
    return zeros(claim, step) if step["kind"] == "roots" else monic(*claim.facts[name][:2])


def zeros(claim, step):
    """What a step of kind roots says: a polynomial up to a factor, the number of zeros, the interval."""
    return [monic("zero", claim.value(step["lhs"])[0]), step["count"]]


def monic(kind, x):
    """What is claimed to be zero, up to a factor."""
    return (kind, {key: c / x[min(x, key=ordered)] for key, c in x.items()}) if kind == "zero" and x else (kind, x)


def ordered(x):
    """A text that does not depend on the order in which terms were found."""
    if isinstance(x, dict):
        return str(sorted((ordered(key), ordered(value)) for key, value in x.items()))
    if isinstance(x, frozenset):
        return str(sorted(map(ordered, x)))
    return str([ordered(y) for y in x]) if isinstance(x, list | tuple) else repr(x)


def reason(data, mutant):
    """Why an accepted mutant says the same, or None if it does not."""
    if Claim(data).text() == Claim(mutant).text():
        return "the claim is the same, only its proof or witness is another"
    if meaning(data) == meaning(mutant):
        return "the claim is written in another order, times a number, or with another name of a definition"
    return ANOTHER if another(data, mutant) else None


def another(data, mutant):
    """Whether formulas alone are others, and hold at random points of a finite field: a truth is no fault.

    What the second checker does not judge must be as it was: declarations, rates, tenses, kinds, and all of a claim
    that cites a lemma of which it evaluates nothing.
    """
    def frame(x):
        return [{key: x[key] for key in ("letters", "scalars", "exponents", "dimension", "rates", "trajectory")},
                {name: (kind, tense) for name, (kind, _, tense) in x["hypotheses"].items()},
                {name: s if s["kind"] in LEMMAS else s["kind"] for name, s in x["steps"].items()}]
    cited = {s["kind"] for s in mutant["steps"].values() if s["kind"] in LEMMAS}
    if frame(data) != frame(mutant) or not cited <= JUDGED:
        return False
    try:
        for seed in range(3):
            second_checker.check(mutant, seed)
    except (second_checker.Wrong, ArithmeticError, *ERRORS):
        return False
    return True
