"""The proof chapter: an index, then one article a theorem file, with its claims; each proof opens on a click."""

import re

from qllg_sym.equations.names import character
from qllg_sym.figures.figure import FAILS, HOLDS
from qllg_sym.report.book import Chapter, Proved
from qllg_sym.report.citing import Citing, number
from qllg_sym.report.derivation import proof_lines
from qllg_sym.report.formula import display, in_lines, in_pieces
from qllg_sym.report.html import Markup, folded, join, link, paragraphs, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.report.sections.figures import pill
from qllg_sym.report.tex import mathml

ORDER, ANCHOR, TITLE = 70, "proofs", "Theorems and proofs"
LONG = 400                                      # characters of LaTeX from which a formula is for machines alone
_LEMMA = re.compile(r"\\text\{([^{}]*)\}")        # what a classical lemma concludes, in the words of the checker
_HEADING = re.compile(r"^([A-Z][a-z ]+)\. {1,}", re.MULTILINE)


def body(reproduction: Reproduction) -> Markup:
    """Print every theorem that the package proves."""
    found = [proof for chapter in reproduction.chapters for proof in chapter.proofs]
    failed = [proof.theorem.id for proof in found if proof.failure]
    scopes = ", ".join(f"{sum(p.theorem.scope == scope for p in found)} in {scope}" for scope in
                       dict.fromkeys(p.theorem.scope for p in found))
    word = f"NOT PROVED: {', '.join(failed)}." if failed else "All were proved when this page was written."
    text = paragraphs(
        f"{len(found)} claims ({scopes}), in {sum(p.seconds for p in found):.1f} s. {word} Each is an identity that "
        "was expanded to zero exactly, unless it is numeric: “every dimension” holds for operators of any finite "
        "dimension, “this dimension” for the components shown, “numeric” to a tolerance. Each has a false twin, a "
        "claim with a sign, a factor or a hypothesis changed, refuted by a point at which its two sides differ.",
        prose("In formal claims ħ = 1, |a|² stands for tr(a†a), `D` is the time derivative, and what stands left of "
              "`|-` is assumed, always or at one instant; a claim holds at that instant, or always if it says so. "
              "PRL 3 is eq. 3 of the paper, and so on."))
    citing = Citing(reproduction.chapters, [figure.number for figure in reproduction.figures])
    return join([text, tag("h3", "Index of theorems", id="index"), _index(reproduction.chapters),
                 *(_chapter(chapter, citing) for chapter in reproduction.chapters)])


def links(reproduction: Reproduction) -> list[tuple[str, str]]:
    """What the contents list."""
    del reproduction
    return [("index", "Index of theorems")]


def _index(chapters: tuple[Chapter, ...]) -> Markup:
    """Every theorem file with its number and what it says."""
    entries = (tag("li", link(f"#{chapter.name}", str(number(chapter))), " ", prose(_title(chapter)),
                   *([" ", pill(FAILS, "not proved")] if any(p.faults for p in chapter.proofs) else []))
               for chapter in chapters)
    return tag("ol", *entries, class_="index")


def _title(chapter: Chapter) -> str:
    """The title without its number."""
    return re.sub(r"^Theorems? \d+\. ", "", chapter.title)


def _chapter(chapter: Chapter, citing: Citing) -> Markup:
    """One theorem file."""
    head = tag("h3", f"{number(chapter)}. ", prose(_title(chapter)))
    records = join(_record(proof) for proof in chapter.proofs)
    source = tag("p", "Source: ", link(f"derivations/{chapter.name}.py", tag("code", f"derivations/{chapter.name}.py")),
                 class_="source")
    words = folded("In words: hypotheses and proof", _words(chapter, citing), source)
    return tag("article", head, records, words, id=chapter.name)


def _words(chapter: Chapter, citing: Citing) -> Markup:
    """The docstring of the file: Statement, Hypotheses, Proof and so on."""
    pieces = _HEADING.split(chapter.text)
    found = [join([tag("dt", name), tag("dd", *(tag("p", citing.prose(text)) for text in _paragraphs(words, chapter)))])
             for name, words in zip(pieces[1::2], pieces[2::2], strict=True)]
    return tag("dl", *found, class_="proof")


def _paragraphs(text: str, chapter: Chapter) -> list[str]:
    """Lines joined, but for those that begin with the name of a claim."""
    names = "|".join(re.escape(proof.theorem.id) for proof in chapter.proofs)
    begun = re.sub(rf"^ *\[?({names})\]?  +", r"\n\n`\1`: ", text, flags=re.MULTILINE)
    return [" ".join(part.split()) for part in begun.split("\n\n") if part.strip()]


def _record(proof: Proved) -> Markup:
    """One theorem."""
    theorem = proof.theorem
    word = f"NOT PROVED: {proof.failure}" if proof.failure else f"proved in {proof.seconds:.2f} s"
    head = tag("p", tag("strong", theorem.id), " ", pill(FAILS if proof.faults else HOLDS, theorem.scope),
               tag("span", f" {word}; ", prose(theorem.source), class_="source"))
    note = [tag("p", "In words, not in the certificate: ", prose(theorem.note))] if theorem.note else []
    refuted = sum(bool(twin.counterexample) for twin in proof.twins)
    inside = (f"{len(theorem.steps)} step{'s' * (len(theorem.steps) != 1)}, the formal claim, and {refuted} refuted "
              f"twin{'s' * (refuted != 1)}")
    twins = [tag("p", "False twin, ", prose(twin.why), ": ", tag("code", twin.counterexample or "NOT REFUTED"))
             for twin in proof.twins]
    proof_of_it = folded(f"Proof of {theorem.id}: {inside}", *_steps(proof), tag("p", "Formal claim"),
                         tag("p", tag("code", theorem.claim)), *twins)
    return tag("div", head, in_pieces(theorem.statement), *note, proof_of_it, id=f"theorem-{theorem.id}",
               class_="theorem")


def _said(what: str) -> str:
    """The name of a step without underscores, its Greek letters as characters."""
    return re.sub(r"[A-Za-z]+", lambda m: character(m[0]), what.replace("_", " "))


def _steps(proof: Proved) -> list[Markup]:
    """Hypotheses, definitions and steps, each step with its reason."""
    found: list[Markup] = []
    for what, latex in proof_lines(proof.theorem):
        found.append(tag("p", prose(_said(what)), class_="note"))
        if claim := _LEMMA.fullmatch(latex):
            found.append(tag("p", tag("code", claim[1])))
        elif len(latex) > LONG:
            found.append(tag("p", "an identity of many terms, which ", tag("code", f"qllg prove {proof.theorem.id}"),
                             " prints"))
        else:
            found += [display(mathml(line)) for line in in_lines(latex)]
    return found
