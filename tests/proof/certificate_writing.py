"""Theorems made on the spot, written as certificates without the prover's own checks, and what the checker says."""

from qllg_sym.proof import checker
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.prove import data
from qllg_sym.proof.theorem import Theorem


def written(steps, point=None, **more):
    """The certificate of a theorem with these steps."""
    theorem = Theorem("trial", "", "", "every dimension", steps, sample=lambda rng: point or Point(), **more)
    return data(theorem)


def verdict(certificate):
    """The checker's row for one certificate."""
    row, = checker.replay({"theorems": [certificate]})
    return row


def refused(certificate):
    """Why a certificate is refused; empty if it is accepted."""
    return verdict(certificate)["reason"]
