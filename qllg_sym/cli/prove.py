"""Prove the claims of the paper and those beyond it; with one ID, print its derivation step by step."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from time import perf_counter
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer, progress_wanted, table

if TYPE_CHECKING:
    from qllg_sym.proof.certificate import Certificate
    from qllg_sym.proof.lemmas import Lemma
    from qllg_sym.proof.step import Step
    from qllg_sym.proof.theorem import Theorem

NAME = "prove"
HELP = "prove the theorems, write certificates"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="theorems (default: all; see --list)")
    parser.add_argument("--list", action="store_true", help="list the theorems and prove none")
    parser.add_argument("--certificates", metavar="FILE", help="write certificates for `qllg check`")
    parser.add_argument("--latex", metavar="FILE", help="write statements, formal claims and scopes as LaTeX")


def run(args: Namespace) -> int:
    """Prove, print one line a claim, write the certificates; the exit code is 1 if a claim is not proved."""
    from qllg_sym.files import check_writable
    for file in filter(None, (args.certificates, args.latex)):
        check_writable(file)
    chosen = _chosen(args.ids)
    if args.list:
        answer(args, {"theorems": [_record(t) for t in chosen]}, table([(t.id, t.scope, t.source) for t in chosen]))
        return 0
    if len(args.ids) == 1 and not args.json:
        answer(args, {}, derivation(chosen[0]))
    rows, certificates = [], []
    for row, certificate in _prove(args, chosen):
        rows.append(row)
        certificates += [certificate] if certificate else []
    failed = sum("error" in row for row in rows)
    if args.certificates and not failed:
        _write(args.certificates, certificates)
    if args.latex and not failed:
        _write_latex(args.latex, chosen)
    total = sum(row["seconds"] for row in rows)
    files = (("certificates", args.certificates), ("LaTeX", args.latex))
    written = "".join(f"; {what} in {file}" for what, file in files if file and not failed)
    answer(args, {"theorems": rows, "proved": len(rows) - failed, "failed": failed,
                "certificates": args.certificates if not failed else None},
         f"{len(rows) - failed} of {len(rows)} claims proved in {total:.1f} s{written}")
    return int(failed > 0)


def _write_latex(file: str, chosen: list["Theorem"]) -> None:
    """Write the claims as a document."""
    from qllg_sym.files import atomic_write
    from qllg_sym.report.latex import document
    atomic_write(file, document(chosen))


def _chosen(ids: list[str]) -> list["Theorem"]:
    """The theorems of these ids, all of them if there are none.

    Raises:
        InputError: an id that no theorem has.
    """
    from qllg_sym import theorems
    from qllg_sym.errors import InputError, meant
    known = {theorem.id: theorem for theorem in theorems()}
    for name in ids:
        if name not in known:
            raise InputError(f"`ID` must be the id of a theorem, but {name!a} is none{meant(name, known)}; see "
                             "`qllg prove --list`.")
    return [known[name] for name in dict.fromkeys(ids)] if ids else list(known.values())


def _record(theorem: "Theorem") -> dict[str, Any]:
    """What a program wants to know of a theorem."""
    return {"id": theorem.id, "scope": theorem.scope, "statement": theorem.statement, "claim": theorem.claim,
            "source": theorem.source, "note": theorem.note}


def _prove(args: Namespace, chosen: list["Theorem"]) -> Iterator[tuple[dict[str, Any], "Certificate | None"]]:
    """Prove one after the other, printing a line for each."""
    from qllg_sym.errors import ProofError
    width = get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 0
    for theorem in _shown(args, chosen):
        start, certificate, error = perf_counter(), None, None
        try:
            certificate = theorem.prove()
        except ProofError as found:
            error = str(found)
        row: dict[str, Any] = {**_record(theorem), "seconds": round(perf_counter() - start, 3)}
        row |= {"error": error} if error else {"replayable": certificate is not None and certificate.replayable}
        if not args.json:
            line = f"{theorem.id}: {theorem.claim if not error else 'NOT PROVED: ' + error}"
            end = f"  [{theorem.scope}, {row['seconds']:.2f} s]"
            room = width - len(end)
            print((line if not width or error or len(line) <= room else line[:max(room - 1, 20)] + "…") + end)
        yield row, certificate


def _shown(args: Namespace, chosen: list["Theorem"]) -> Iterable["Theorem"]:
    """The theorems, with a bar on the terminal."""
    if not progress_wanted(args) or len(chosen) < 2:
        return chosen
    from tqdm import tqdm
    bar: Iterable[Theorem] = tqdm(chosen, desc="prove", leave=False)
    return bar


def _write(name: str, certificates: list["Certificate"]) -> None:
    """Write the certificate file in one go."""
    from qllg_sym.files import atomic_write
    from qllg_sym.proof.certificate import document
    atomic_write(name, document(certificates))


def derivation(theorem: "Theorem") -> str:
    """Return the whole derivation of a theorem as text: hypotheses, every step with its reason, lemmas, false twins.

    >>> from qllg_sym import theorems
    >>> print(derivation(next(t for t in theorems() if t.id == "purity")).splitlines()[4])
    hypothesis R (at one instant): X - i*[rho, H] - i*kappa*[rho, X] = 0
    """
    from qllg_sym.errors import ProofError
    from qllg_sym.proof.step import RELATIONS
    lines = [f"theorem    {theorem.id} ({theorem.scope})", f"statement  {theorem.statement}",
             f"source     {theorem.source}"] + [f"note       {theorem.note}"] * bool(theorem.note) + [""]
    if theorem.steps:
        ingredients = theorem.ingredients
        lines += [f"hypothesis {h.name} ({ingredients.tenses.of(h)}): {h.about[1]}{RELATIONS[h.about[0]]}"
                  for h in ingredients.hypotheses]
        lines += [f"let        {x.name} := {x.about}" for x in ingredients.lets]
        lines += [f"derivative D({a}) = {value}" for a, value in ingredients.derivatives.items()]
        lines += [line for k, step in enumerate(theorem.steps) for line in reasons(k + 1, step)]
        lines += ["lemma      trace form: tr(X* X) >= 0, and = 0 only for X = 0"] * ingredients.trace_form
    lines += [f"claim      {theorem.claim}"]
    for twin in theorem.broken():
        try:
            twin.prove()
        except ProofError as error:
            lines += [f"false twin ({twin.note}): {error}"]
    return "\n".join(lines) + "\n"


def reasons(number: int, step: "Step | Lemma") -> list[str]:
    """Return a step and why it holds, as lines.

    >>> from qllg_sym.proof.language import scalars
    >>> from qllg_sym.proof.step import equal
    >>> x, = scalars("x")
    >>> reasons(1, equal("square", x * x, x**2))
    ['step 1     square: x*x = x^2', '           since both sides expand to the same']
    """
    from qllg_sym.proof.lemmas import Lemma
    if isinstance(step, Lemma):
        ground = ", ".join(step.stands_on) or "the formulas themselves"
        return [f"step {number:<5d} {step.name}: {step.claim}", f"           stands on {ground}"]
    lhs, rhs, by = step.lhs, step.rhs, step.by
    why = {"equal": "since both sides expand to the same" if str(by) == "0" else f"since lhs - rhs = {by}",
           "roots": "by Sturm's theorem", "zero": f"since |{lhs}|^2 + {rhs} = {by}",
           "cancel": f"since ({rhs})*({lhs}) = {by}, and {rhs} > 0"}
    end = "" if str(by) == "0" else f" + {by}"
    reason = why.get(step.kind, f"since it is {rhs}{end}")
    return [f"step {number:<5d} {step.name}: {step.claim}", f"           {reason}"]
