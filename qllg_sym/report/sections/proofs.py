"""The proof chapter: one article a theorem file, with its claims, twins and source."""

from qllg_sym.report.book import Chapter, Proved
from qllg_sym.report.derivation import proof_lines
from qllg_sym.report.html import Markup, folded, join, math, paragraphs, tag
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.report.tex import mathml

ORDER, ANCHOR, TITLE = 64, "proofs", "Proofs"
LONG = 300                                      # characters of LaTeX from which a formula is shown as its source


def body(reproduction: Reproduction) -> Markup:
    """Print every theorem that the package proves."""
    found = [proof for chapter in reproduction.chapters for proof in chapter.proofs]
    failed = [proof.theorem.id for proof in found if proof.failure]
    scopes = ", ".join(f"{sum(p.theorem.scope == scope for p in found)} {scope}" for scope in
                       dict.fromkeys(p.theorem.scope for p in found))
    word = f"NOT PROVED: {', '.join(failed)}." if failed else "All were proved when this page was written."
    text = paragraphs(
        f"{len(found)} claims ({scopes}), in {sum(p.seconds for p in found):.1f} s. {word} Each is an identity that "
        "was expanded to zero exactly, unless it is numeric: “every dimension” holds for operators of any finite "
        "dimension, “this dimension” for the components shown, “numeric” to a tolerance. Each has a false twin, a "
        "claim with a sign, a factor or a hypothesis changed, refuted by a point at which its two sides differ. In "
        "formal claims ħ = 1, |a|^2 = tr(a†a), D is the time derivative, and what stands left of |- is assumed, always "
        "or at one instant; a claim holds at that instant, or always if it says so.")
    return join([text, *map(_chapter, reproduction.chapters)])


def _chapter(chapter: Chapter) -> Markup:
    """One theorem file."""
    records = join(_record(proof) for proof in chapter.proofs)
    return tag("article", tag("h3", chapter.title), records, tag("pre", chapter.text),
               folded(f"Source: derivations/{chapter.name}.py", tag("pre", chapter.source)), id=chapter.name)


def _record(proof: Proved) -> Markup:
    """One theorem."""
    theorem = proof.theorem
    word = f"NOT PROVED: {proof.failure}" if proof.failure else f"{theorem.scope}; proved in {proof.seconds:.2f} s"
    twins = [tag("p", f"False twin, {twin.why}: {twin.counterexample or 'NOT REFUTED'}.") for twin in proof.twins]
    return join([tag("p", tag("strong", theorem.id), f" ({word}; {theorem.source})", id=f"theorem-{theorem.id}"),
                 math(mathml(theorem.statement)),
                 *([tag("p", f"In words, not in the certificate: {theorem.note}")] if theorem.note else []),
                 *([folded("Derivation", *_steps(proof))] if theorem.steps else []),
                 folded("Formal claim, and the refuted twins", tag("p", tag("code", theorem.claim)), *twins)])


def _steps(proof: Proved) -> list[Markup]:
    """Hypotheses, definitions and steps, each step with its reason."""
    found: list[Markup] = []
    for what, latex in proof_lines(proof.theorem):
        found += [tag("p", what), math(mathml(latex)) if len(latex) < LONG else tag("p", tag("code", latex))]
    return found
