"""Certificates: what a proof leaves behind, plain JSON data that the checker replays."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from qllg_sym.algebra.fields import ByFields
from qllg_sym.display import WIDEST, in_html

FORMAT, VERSION = "qllg-certificates", 2


@dataclass(frozen=True, repr=False)
class Certificate(ByFields):
    """A proof as data.

    Attributes:
        id: of the theorem.
        claim: the formal claim.
        data: JSON data for the checker; None if the theorem is numeric.
    """

    id: str
    claim: str
    data: dict[str, Any] | None

    def __repr__(self) -> str:
        """Say what it is, in one line; `claim` holds the formal claim."""
        return f"<Certificate of {self.id}: {'replayable' if self.replayable else 'numeric, not replayable'}>"

    def _repr_html_(self) -> str:
        """The formal claim for a notebook."""
        return in_html("\n".join([repr(self), *wrap(self.claim, WIDEST, break_on_hyphens=False)]))

    @property
    def replayable(self) -> bool:
        """Whether the checker can replay it; False for numeric scope."""
        return self.data is not None


def document(certificates: Iterable[Certificate]) -> str:
    """Return the text of a certificate file; numeric ones are named in its note, since nothing exact covers them.

    >>> print(document([]).splitlines()[1])
    "format": "qllg-certificates", "version": 2, "note": "",
    """
    found = list(certificates)
    numeric = ", ".join(c.id for c in found if not c.replayable)
    note = json.dumps(f"Numeric, not covered: {numeric}." if numeric else "", ensure_ascii=False)
    rows = ",\n".join(json.dumps(c.data, ensure_ascii=False) for c in found if c.replayable)
    return f'{{\n"format": "{FORMAT}", "version": {VERSION}, "note": {note},\n"theorems": [\n{rows}\n]}}\n'
