"""Theorems: what is claimed, from which hypotheses, by which steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from html import escape
from random import Random
from typing import Any

from qllg_sym.display import in_html
from qllg_sym.errors import ProofError
from qllg_sym.proof.certificate import Certificate
from qllg_sym.proof.ingredients import Ingredients
from qllg_sym.proof.language import Node
from qllg_sym.proof.lemmas import Lemma
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.prove import prove
from qllg_sym.proof.step import Step

SCOPES = ("every dimension", "this dimension", "numeric")


@dataclass(frozen=True, repr=False)
class Theorem:
    r"""A claim with its proof.

    Args:
        id: short name, letters, digits and hyphens.
        statement: LaTeX.
        source: where it is stated.
        scope: "every dimension" (letters), "this dimension" (components) or "numeric" (a tolerance).
        steps: identities and lemmas, in order; later ones may use `fact` of earlier ones.
        sample: random generator -> a point at which every hypothesis holds.
        claim_of: names of the steps that are the claim; the last one if empty; lemmas are claimed in any case.
        derivatives: letter or scalar -> time derivative; scalars that are not named are constant.
        trajectory: along which what must hold always does: letter without rate -> the hypothesis that fixes it, all
            others being constant; or "rest", if every rate is 0 at the first sample. See `checker.witness`.
        dimension: of the space; that of the explicit matrices, or any, if 0.
        note: what follows in words.
        witness: the point that the certificate has; the first sample if None.
        twins: false claims beside this one, set by `theorems()`.
        numeric: for scope "numeric" only: () -> (left value, right value, tolerance).
        formal: the claim of scope "numeric".
        origin: (function, arguments) that give the same record again, for pickles; set by `theorems()`.
    """

    id: str
    statement: str
    source: str
    scope: str
    steps: Sequence[Step | Lemma] = ()
    sample: Callable[[Random], Point] = field(default=lambda rng: Point())
    claim_of: Sequence[str] = ()
    derivatives: Mapping[Node, Node] = field(default_factory=dict)
    trajectory: Mapping[Node, Node] | str = field(default_factory=dict)
    dimension: int = 0
    note: str = ""
    twins: tuple["Theorem", ...] = ()
    witness: Callable[[Random], Point] | None = None
    numeric: Callable[[], tuple[Any, Any, float]] | None = None
    formal: str = ""
    origin: tuple[Callable[..., Any], tuple[Any, ...]] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        names = [step.name for step in self.steps]
        numeric = self.numeric is not None
        if self.scope not in SCOPES or numeric != (self.scope == "numeric") or numeric == bool(names):
            raise ProofError(f"`{self.id}` must be of scope {', '.join(SCOPES)} and have steps, or be numeric and have "
                             f"`numeric` and `formal`, but its scope is {self.scope!r}; mend the record.")
        unknown = [name for name in self.claim_of if name not in names]
        if unknown or len(set(names)) < len(names):
            raise ProofError(f"Theorem `{self.id}` must name each step once and speak of these only, but has the steps "
                             f"{', '.join(names)} and names {', '.join(unknown) or 'one twice'}; mend the record.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as a place in the book where it has one: a record holds functions, which do not travel."""
        return self.origin or (type(self), tuple(getattr(self, part.name) for part in fields(self)))

    def __repr__(self) -> str:
        """Say what it is, in one line; `claim` holds the formal claim."""
        return f"<Theorem {self.id}: {self.scope}, {self.source}>"

    def _repr_html_(self) -> str:
        """The statement for a notebook, whose formulas stand between dollars."""
        return f"<p><b>{escape(self.id)}</b>: {escape(self.statement)}</p>{in_html(repr(self))}"

    def prove(self) -> Certificate:
        """Return the certificate.

        Raises:
            ProofError: the claim is false or not proved; `counterexample` is a point where its two sides differ.
        """
        return prove(self)

    def broken(self) -> tuple["Theorem", ...]:
        """Return the false twins of this theorem."""
        return self.twins

    def twin(self, why: str, **changes: Any) -> "Theorem":
        """Return a false twin: the same record with `changes`; `why` says what was broken.

        >>> from qllg_sym.proof.language import scalars
        >>> from qllg_sym.proof.step import equal
        >>> x, = scalars("x")
        >>> a = Theorem("square", "", "", "this dimension", (equal("a", (x + 1)**2, x**2 + 2 * x + 1),))
        >>> a.twin("a sign", steps=[equal("a", (x - 1)**2, x**2 + 2 * x + 1)]).claim
        '|- (x - 1)^2 = x^2 + 2*x + 1 where x scalar'
        """
        return replace(self, note=why, twins=(), origin=None, **changes)

    @property
    def claims(self) -> tuple[Step | Lemma, ...]:
        """The steps that are the claim; what lemmas conclude is claimed in any case."""
        wanted = self.claim_of or tuple(step.name for step in self.steps[-1:])
        wanted = (*wanted, *(x.name for x in self.steps if isinstance(x, Lemma) and x.name not in wanted))
        return tuple(step for name in wanted for step in self.steps if step.name == name)

    @cached_property
    def ingredients(self) -> Ingredients:
        """What the steps speak of."""
        return Ingredients(self.steps, self.claims, self.derivatives, self.trajectory, self.dimension)

    @property
    def claim(self) -> str:
        """The formal claim, as the checker prints it."""
        return self.formal if self.numeric else self.ingredients.text
