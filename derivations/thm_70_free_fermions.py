r"""Theorems 70. Free fermions: a pure Gaussian state stays one under q-LLG and q-LL, when H is quadratic.

Statement.   gaussian-annihilator  Let (1 + κ²) db/dt = −(κ + i)[H, b]/ħ. Then (1 + κ²) d(bρ)/dt is linear in bρ alone,
             so that bρ = 0 stays. gaussian-annihilator-qll: the same with 1 for 1 + κ².
             gaussian-law  Let a projector C obey the law with h, and (1 + κ²) du/dt = (κ − i)hu. Then (1 + κ²) d(Cu)/dt
             is linear in Cu: the u that C annihilates stay annihilated.
             gaussian-quadratic  {a, c} = 2s and {e, c} = 2r, numbers, make [ae, c] = 2(ra − se).
Hypotheses.  ρ² = ρ and ρHρ = tr(ρH)ρ (rank one), and the law, at one instant; b any operator.
Proof.       With X = dρ/dt pure: (1 + κ²)X = (i − κ)ρH − (i + κ)Hρ + 2κ tr(ρH)ρ, so the terms with bHρ cancel.
             aec − cae = a{e, c} − {a, c}e.
In words.    A Gaussian state of N sites is the one that N independent combinations b = Σ v_n a_n of Majorana operators
             annihilate. By gaussian-quadratic a quadratic H takes combinations into such, and they stay such, with
             dv/dt = −(κ + i)hv/(1 + κ²) for H = ¼ Σ h_mn a_m a_n, h = −h*: the state stays Gaussian. ⟨b†b⟩ = 0 says
             that C = ½⟨a_n a_m⟩, a projector of rank N, annihilates u = v*, and du/dt is that of gaussian-law: so C,
             which is fixed by what it annihilates, obeys dC/dt = i[C, h] + iκ[C, dC/dt].
             A mixed Gaussian state has too few annihilators, and leaves the class: the twin has a state of rank two.
Source.      Own; P. Jordan and E. Wigner, Z. Phys. 47, 631 (1928); the law is PRL 133, 266704 (2024), eq. 3.
"""

from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, letters, pair, scalars, tr
from qllg_sym.proof.numeric import Number, Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, operator, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, rho

b, b_dag = pair("b", "b_dag")
Y, Y_dag = pair("Y", "Y_dag")
P, one = hypothesis("P", rho**2 - rho), hypothesis("one", rho * H * rho - tr(rho * H) * rho)
R_QLL = q_ll()
REST = -(kappa + i) * H * b * rho + (i - kappa) * b * rho * H + 2 * kappa * tr(rho * H) * b * rho


def turned(factor: Node | int) -> Node:
    """The rate of b as a hypothesis: factor · db/dt = −(κ + i)[H, b]."""
    return hypothesis("B", factor * Y + (kappa + i) * comm(H, b))


B, B_QLL = turned(1 + kappa**2), turned(1)
ONE = hypothesis("B", (1 + kappa**2) * Y - (kappa - i) * H * b)         # one-particle: ρ, H, b stand for C, h, u


def moving(rng: Random, rank: int = 1) -> Point:
    """A state of equal weights on `rank` kets, any b, and the rates of both by q-LLG."""
    u, k, low = unitary(rng, 3), rational(rng), operator(rng, 3)
    own = diagonal([gaussian(int(n < rank)) / gaussian(rank) for n in range(3)])
    state, h = times(times(u, own), dagger(u)), hermitian(rng, 3)
    point = Point({"rho": state, "H": h, "X": velocity(state, h, k), "b": low, "b_dag": dagger(low)}, {"kappa": k})
    return with_rate(point, gaussian(1) + k * k)


def one_particle(rng: Random) -> Point:
    """A projector of rank two with its rate by q-LLG, any u, and du/dt = (κ − i)hu/(1 + κ²)."""
    point = moving(rng, 2)
    c, k = times(point.letters["rho"], gaussian(2)), point.scalars["kappa"]
    point = Point({**point.letters, "rho": c, "X": velocity(c, point.letters["H"], k)}, point.scalars)
    return with_rate(point, gaussian(1) + k * k, (kappa - i) * H * b)


def with_rate(point: Point, scale: Number, rate_of: Node | None = None) -> Point:
    """The point with Y = −(κ + i)[H, b]/scale, or with another rate over the scale."""
    node = -(kappa + i) * comm(H, b) if rate_of is None else rate_of
    rate = times(with_values(point, Y=node).letters["Y"], gaussian(1) / scale)
    return Point({**point.letters, "Y": rate, "Y_dag": dagger(rate)}, point.scalars)


def moving_ll(rng: Random) -> Point:
    """The same by q-LL."""
    point = moving(rng)
    return with_rate(with_values(point, X=X - R_QLL.about[1]), gaussian(1))


SLOPE = rho * H + H * rho - 2 * tr(rho * H) * rho


def projector_step() -> Step:
    """From q-LLG of a projector of any rank to q-LL over 1 + κ² (theorem relaxation-pure has the same)."""
    tangent = i * comm(P, H + kappa * X) + rho * R + R * rho - R            # ρX + Xρ − X
    cubic = rho * tangent * rho - rho * X * P - P * X * rho                 # ρXρ
    return equal("explicit", (1 + kappa**2) * X, i * comm(rho, H) - kappa * comm(rho, comm(rho, H)), by=(
        R + i * kappa * comm(rho, R) - kappa**2 * (rho * tangent + tangent * rho + tangent - 4 * cubic)))


def llg_steps() -> list[Step]:
    """The velocity of a pure state, then bρ."""
    explicit = projector_step()
    reduced = equal("reduced", (1 + kappa**2) * X, i * comm(rho, H) - kappa * SLOPE,
                    by=explicit.fact - kappa * (P * H + H * P - 2 * one))
    return [explicit, reduced, equal("moves", (1 + kappa**2) * D(b * rho), REST, by=B * rho + b * reduced.fact)]


def ll_steps(sign: int) -> list[Step]:
    """The same from q-LL; + is right."""
    reduced = equal("reduced", X, i * comm(rho, H) - kappa * SLOPE, by=R_QLL - kappa * (P * H + H * P - 2 * one))
    rest = -(kappa + sign * i) * H * b * rho + (i - kappa) * b * rho * H + 2 * kappa * tr(rho * H) * b * rho
    return [reduced, equal("moves", D(b * rho), rest, by=B_QLL * rho + b * reduced.fact)]


def law_steps(sign: int) -> list[Step]:
    """Cu by the law of the projector C; + is right."""
    explicit = projector_step()
    return [explicit, equal("moves", (1 + kappa**2) * D(rho * b), -(sign * kappa + i) * H * rho * b
                            + 2 * kappa * rho * H * rho * b,
                            by=explicit.fact * b + rho * ONE - kappa * (P * H + H * P) * b)]


a, e, c = letters("a e c")
r, s = scalars("r s")
AC, EC = hypothesis("AC", a * c + c * a - 2 * s), hypothesis("EC", e * c + c * e - 2 * r)


def anticommuting(rng: Random) -> Point:
    """Three real combinations of σx, σy, σz: their anticommutators are twice their scalar products."""
    vectors = [[rational(rng) for _ in range(3)] for _ in range(3)]
    made = {name: ((z, x + y * gaussian(0, -1)), (x + y * gaussian(0, 1), z * gaussian(-1)))
            for name, (x, y, z) in zip("aec", vectors, strict=True)}
    dots = [sum((x * y for x, y in zip(u, vectors[2], strict=True)), gaussian(0)) for u in vectors]
    return Point(made, {"s": dots[0], "r": dots[1]})


SOURCE = "own; PRL 133, 266704 (2024), eq. 3"
RATES: dict[Node, Node] = {rho: X, b: Y, b_dag: Y_dag}
THEOREMS = [
    Theorem(id="gaussian-annihilator",
            statement=r"b\rho = 0,\ (1 + \kappa^2)\,\dot b = -\tfrac{\kappa + i}{\hbar}[H, b] \Rightarrow "
            r"\frac{d}{dt}(b\rho) = 0\quad(\rho = |\psi\rangle\langle\psi|)",
            note="in words: d(bρ)/dt is linear in bρ, so that 0 stays 0 (Picard–Lindelöf).",
            source=SOURCE, scope="every dimension", sample=moving, derivatives=RATES, steps=llg_steps()),
    Theorem(id="gaussian-annihilator-qll",
            statement=r"b\rho = 0,\ \dot b = -\tfrac{\kappa + i}{\hbar}[H, b] \Rightarrow \frac{d}{dt}(b\rho) = 0"
            r"\quad(\text{q-LL},\ \rho = |\psi\rangle\langle\psi|)",
            note="in words: as gaussian-annihilator.",
            source=SOURCE, scope="every dimension", sample=moving_ll, derivatives=RATES, steps=ll_steps(1)),
    Theorem(id="gaussian-law",
            statement=r"C^2 = C,\ \dot C = i[C, h] + i\kappa[C, \dot C],\ Cu = 0,\ (1 + \kappa^2)\,\dot u = "
            r"(\kappa - i) h u \Rightarrow \frac{d}{dt}(Cu) = 0",
            note="in words: with gaussian-annihilator, the one-particle matrix of a pure Gaussian state obeys q-LLG "
            "with h; here ρ, H, b stand for C, h, u.",
            source=SOURCE, scope="every dimension", sample=one_particle, derivatives=RATES, steps=law_steps(1)),
    Theorem(id="gaussian-quadratic",
            statement=r"\{a, c\} = 2s,\ \{e, c\} = 2r \Rightarrow [ae, c] = 2(r a - s e)",
            note="in words: commuting with a quadratic form takes linear combinations of Majorana operators into such.",
            source="P. Jordan and E. Wigner, Z. Phys. 47, 631 (1928)", scope="every dimension", sample=anticommuting,
            steps=[equal("linear", comm(a * e, c), 2 * (r * a - s * e), by=a * EC - AC * e)])]

MIXED = equal("moves", (1 + kappa**2) * D(b * rho), REST, by=B * rho)
BROKEN = [
    THEOREMS[0].twin("a mixed state", sample=lambda rng: moving(rng, 2), steps=[MIXED]),
    THEOREMS[1].twin("the annihilator turned the other way", steps=ll_steps(-1)),
    THEOREMS[2].twin("a sign of κ", steps=law_steps(-1)),
    THEOREMS[3].twin("a sign", steps=[equal("linear", comm(a * e, c), 2 * (r * a + s * e), by=a * EC - AC * e)])]
