"""Replays proof certificates: `python checker FILE`. Standard library only; shares no code with what wrote the file.

Here may live what a reader has to trust, and nothing else: rules, each a function, and what they are written in.

A certificate declares letters (operators of any one finite dimension), scalars, hypotheses and steps. An expression is
a number, a name, or a list: a head and its parts. A step is an identity, expanded here to zero in sums of rational ·
scalars and traces of cyclic words · word. Its `by` is made of hypotheses and earlier steps: it equals the difference of
the sides and vanishes with them, so the step follows. A number beside operators is a multiple of 1. A lemma is a step
whose formulas are checked against the closed list. Hypotheses hold always or at one instant, as `tense` says; at the
witness and along a trajectory through it they hold: no claim is empty.

To read it, begin with `claim.py`: the six things that are checked. Below it, each on what stands before it:
  words, polynomial, ring                          products written in one way, polynomials, their sums and traces
  classical, tense, text                           the closed list of lemmas; always or once; formulas as text
  certificate                                      declarations, facts, and expressions expanded to polynomials
  signs, sturm, steps                              the kinds of steps, a function each
  premises, operators, motion, entanglement, rules the lemmas, a function each
  residues, witness, needed                        no claim is about nothing, and nothing stands there in vain
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from .certificate import NAME, number
from .claim import Claim
from .classical import LEMMAS
from .polynomial import need
from .ring import WORK

__all__ = ["FORMAT", "LEMMAS", "VERSION", "Claim", "line", "main", "read", "replay", "summary"]
FORMAT, VERSION = "qllg-certificates", 2
FILE = 10                   # so many times the work of a claim may be spent on a file


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, each key of which stands once."""
    found = dict(pairs)
    need(len(found) == len(pairs), "a key stands twice")
    return found


def read(path: str) -> Any:
    """Read a certificate file; ValueError if it is none, or of another format."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file, parse_float=number, parse_constant=number, object_pairs_hook=once)
        need({*data} - {"note"} == {"format", "version", "theorems"} and type(data["theorems"]) is list, "wrong keys")
        need((data["format"], repr(data["version"])) == (FORMAT, repr(VERSION)), f"format {data['version']!r}")
        need(data["theorems"] and re.fullmatch("[ -~]*", data.get("note", "")), "no theorems, or no note of a line")
    except OSError as error:
        raise ValueError(f"`{path}` must be a certificate file, but cannot be read ({error.strerror}); write one by "
                         "`qllg prove --certificates FILE`.") from None
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(f"`{path}` must be of {FORMAT} {VERSION}, but is no certificate file of it ({error}); write "
                         "it again.") from None
    return data


def replay(data: Any, spend: int = FILE * WORK) -> Iterator[dict[str, Any]]:
    """Yield {id, claim, lemmas, accepted, reason} for every claim of a file; `spend` bounds the work on all of them."""
    seen, left = set[str](), spend
    for entry in data["theorems"]:
        row: dict[str, Any] = {"id": "?", "claim": "", "lemmas": [], "accepted": False, "reason": ""}
        try:
            need(NAME.fullmatch(entry["id"].replace("-", "_")) and entry["id"] not in seen, "its id is wrong or taken")
            row["id"] = entry["id"]
            seen.add(entry["id"])
            need(left > 0, "the claims before it took too long")
            claim = Claim(entry, min(left, WORK))
            try:
                row["claim"] = claim.check()
            finally:
                left -= claim.ring.work
            row |= {"accepted": True, "lemmas": claim.lemmas()}
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError,
                MemoryError) as error:
            row["reason"] = str(error) if type(error) is ValueError else f"its data are malformed ({error!a})"
        yield row


def line(row: dict[str, Any]) -> str:
    """What is printed of one claim: one line of printable ASCII, whatever the certificate holds."""
    end = f"[lemmas: {', '.join(row['lemmas']) or 'none'}]" if row["accepted"] else f"REFUSED: {row['reason']}"
    return re.sub("[^ -~]", lambda x: ascii(x[0])[1:-1], f"{row['id']}: {row['claim']}  {end}")


def summary(data: Any, rows: list[dict[str, Any]]) -> list[str]:
    """What is printed of a file: its note, which cannot pass for the count, and how many claims are accepted."""
    note = [f'the file notes: "{data["note"]}"'] if data.get("note") else []
    return [*note, f"{sum(r['accepted'] for r in rows)} of {len(rows)} claims accepted."]


def main(argv: list[str]) -> int:
    """Return 0 if every claim is accepted, 1 if one is refused, 2 if the file is none (damaged, truncated, newer)."""
    try:
        data = read(*argv)
    except (ValueError, TypeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    rows = list(replay(data))
    print(*map(line, rows), *summary(data, rows), sep="\n")
    return int(not all(r["accepted"] for r in rows))
