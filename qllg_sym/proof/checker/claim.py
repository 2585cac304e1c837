"""One certificate: every step expanded to zero, every part of it needed, nothing that contradicts itself."""

from .certificate import RELATIONS, Certificate, Fact
from .classical import LEMMAS
from .needed import all_is_used, nothing_is_superfluous
from .polynomial import need
from .rules import check_lemma
from .steps import check_step
from .text import claim_text
from .witness import has_trajectory, is_consistent


class Claim(Certificate):
    """A certificate with its verdict: `check` refuses it by ValueError, `text` is what it claims."""

    def check(self) -> str:
        """Return the claim, or refuse it.

        1 claims, definitions, rates and hypotheses are read        2 every step follows from those before it
        3 no hypothesis could be weaker or left out                 4 a trajectory keeps what must hold always
        5 all that is declared is used                              6 all hypotheses hold at the witness
        """
        self.read_claims()
        self.read_definitions()
        self.read_rates()
        self.read_hypotheses()
        for name, step in self.data["steps"].items():
            (check_lemma if step["kind"] in LEMMAS else check_step)(self, name, step)
        nothing_is_superfluous(self)
        has_trajectory(self)
        all_is_used(self)
        is_consistent(self)
        return self.text()

    def read_claims(self) -> None:
        """Refuse unless steps are claimed, each once."""
        claimed = self.data["claim"]
        need(type(claimed) is list and claimed and len({*claimed}) == len(claimed), "it claims nothing, or twice")
        need({*claimed} <= {*self.data["steps"]}, "a claim is no step")

    def read_definitions(self) -> None:
        """Definitions become facts; no rate is known yet, so there is no D in them."""
        for name, node in self.data["let"].items():
            self.facts[name] = Fact("", *self.value(node))

    def read_rates(self) -> None:
        """Rates of letters and scalars; none of them holds D, for they become known together."""
        rates = {name: self.value(node) for name, node in self.data["rates"].items()}
        for name, rate in rates.items():
            need(name in self.letters or (name in self.scalars and not rate.operator),
                 "only letters and scalars have rates, and scalars no operator")
        self.rates = {name: rate.polynomial for name, rate in rates.items()}

    def read_hypotheses(self) -> None:
        """Hypotheses become facts: of operators equations alone."""
        for name, (relation, node, _) in self.data["hypotheses"].items():
            x = self.value(node)
            self.enter(name, relation, x.polynomial, x.operator, RELATIONS.index(relation))
            need(relation == "zero" or not x.operator, "an operator has no sign")

    def text(self) -> str:
        """The formal claim, read from the certificate."""
        return claim_text(self.data, self.tenses)

    def lemmas(self) -> list[str]:
        """The lemmas that the claim stands on, each with its step; the trace form is seen from squares of operators."""
        cited = [f"{step['kind']} ({name})" for name, step in self.data["steps"].items() if step["kind"] in LEMMAS]
        return [*(["trace form"] if ("sq", True) in self.used else []), *cited]
