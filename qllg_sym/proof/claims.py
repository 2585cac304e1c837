"""What the book claims, by digest, so that a certificate file can be held against it without any proof.

`pytest tests/proof/test_theorems.py --update` writes `BOOK` anew; then read the diff.
"""

from collections.abc import Iterable
from hashlib import sha256


def digest(claim: str) -> str:
    """Return the digest of a formal claim.

    >>> digest("|- 1 = 1")
    '9e7becf41353'
    """
    return sha256(claim.encode()).hexdigest()[:12]


def compared(claims: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the ids that the book has and the claims have not, those the other way round, and those that differ.

    Args:
        claims: (id, formal claim).

    >>> found = compared([("purity", "|- 1 = 1"), ("mine", "|- 2 = 2")])
    >>> found["extra"], found["different"], "moments" in found["missing"]
    (['mine'], ['purity'], True)
    """
    given = dict(claims)
    return {"missing": [name for name in BOOK if name not in given],
            "extra": [name for name in given if name not in BOOK],
            "different": [name for name, claim in given.items() if BOOK.get(name, digest(claim)) != digest(claim)]}


# Generated from here on.
BOOK = {
    "purity": "4582d98893d5",
    "moments": "c93fcff9131f",
    "trace": "e81a7e091976",
    "hermiticity": "0db578942d61",
    "existence": "789eb2112ea0",
    "llg-ll": "3dd4b470c6a4",
    "llg-length": "73bf9da0b1fc",
    "ll-length": "af46a603ffe2",
    "positivity": "ad95d2082f79",
    "renyi": "216948e2f9a4",
    "prl-6": "e33442d6ceba",
    "prl-5": "260fcc3038d9",
    "prl-7": "542181290786",
    "eta-length": "2ce7b52301ac",
    "prl-8": "1bbddaf58f62",
    "prl-4": "d7c88880b3d4",
    "eta-gilbert": "73261e36775f",
    "prl-5-to-8-spin-1-2": "47434c83faec",
    "prl-5-to-8-spin-1": "43b741216d1c",
    "prl-5-to-8-spin-3-2": "04911351582c",
    "prl-5-to-8-spin-2": "f6571b831b2f",
    "prl-5-to-8-spin-5-2": "76bda6cf4edd",
    "coherent": "22b86ead029d",
    "rewriting": "dfd5986b76c8",
    "rewriting-back": "dc5782616a77",
    "qll-pure": "b60ed21a322a",
    "qll-eta": "6564ba02621b",
    "qll-spectrum": "3f370e90402a",
    "eta-bound": "27658679b90c",
    "dimer-components": "fda8c295d7cb",
    "dimer-bloch": "777e79e12011",
    "dimer-purity": "070935f6adf2",
    "dimer-positivity": "52bed9e75ffe",
    "prl-10": "c45c2eb2c6c3",
    "counting": "938d4baa2e17",
    "counting-independent": "7d8da5315f83",
    "nonlocality": "a66a5471c591",
    "nonlocality-product": "09c308bec185",
    "nonlocality-bell": "2b9e202cd300",
    "nonlocality-werner": "ebc440b83b66",
    "nonlocality-entangled": "4ecbee2baad6",
    "singlet": "b61b9675a922",
    "singlet-commutes": "002a6942b029",
    "triplet": "ef97521a99ac",
    "singlet-dmi": "197f107d4bce",
    "splitting": "573adfe40c4a",
    "splitting-velocity": "62104126936b",
    "final-states": "6b8659a0709e",
    "final-convergence": "6c124ef18a78",
    "closed-form-flow": "13ab305637e0",
    "closed-form-fig-1": "677d3d9c257a",
    "closed-form-fig-3": "24692ae3afb3",
    "generator": "10d96103bcb4",
    "energy": "c3bd9145c1f4",
    "energy-falls": "105e0e2eeb46",
    "energy-qll": "5cdc21900612",
    "energy-qll-falls": "fd3a181951a5",
    "qll-elements": "4654cf99cfc9",
    "qll-criterion": "0ed5cc10febe",
    "qll-converse": "203b90662997",
    "qll-pairs": "57314d6817df",
    "qll-every-h": "d1de0ec48c17",
    "qll-three": "15af162601d2",
    "qll-crystal-field": "82b08df9062c",
    "qll-kept": "2dc37645c93a",
    "two-level": "18cd4f9a45a1",
    "two-level-qll": "6f8d3ad3f2fe",
    "closed-form-2": "5c03e98e1f12",
    "closed-form-3": "62ca148bbd7f",
    "closed-form-4": "f37a2d53c67a",
    "frame": "2767259d953d",
    "frame-qll": "1c1d48b99683",
    "low-rank": "dd2269a2431e",
    "low-rank-qll": "addcc9d0e621",
    "stationary": "739d66226d25",
    "stationary-if": "5032b3764045",
    "stationary-only-if": "ace7c3f3f89a",
    "stationary-only-if-ll": "1a74cdbd26d6",
    "relaxation": "9ddd4b471e6f",
    "relaxation-pure": "6f781fc3198b",
    "passive": "826d884d2c9f",
    "passive-exchange": "de3bdf81760c",
    "passive-energy": "f23cb4fbbff3",
    "locality": "f3de6affa854",
    "locality-flat": "268a50a2912b",
    "locality-rest": "a5cf167c069b",
    "locality-mixed": "cdc3f4af8a35",
    "covariance": "675941f2e0dd",
    "symmetry": "110bf3dc8e4b",
    "kappa-squared": "7e10711548af",
    "kappa-squared-in-time": "e6aaac7abc8d",
    "nonclassical": "10033789dc7c",
    "rival-qubit": "ef2c50119739",
    "rival-pure": "5aa337aa14fc",
    "rival-moments": "fd0686ba8f82",
    "rival-elements": "a45a0e452351",
    "rival-factor": "d009769dd88e",
    "rival-pure-factor": "3b9463e0738c",
    "lindblad-purity": "e02ed4f7de5d",
    "dephasing-purity": "677f811e2d04",
    "dephasing-stops": "6d30daa386f2",
    "dephasing-rate": "7515caaa97df",
    "entangled-form": "ad2c20f7157a",
    "werner-any": "48a4d26ade03",
    "werner-laws": "35eccb9cfd25",
    "dimer-levels": "bf4a31da5a24",
    "ground-entanglement": "cf4ef8306c74",
    "ground-entanglement-free": "767e26be6abb",
    "renyi-limit": "c711f37ebede",
    "renyi-convex": "86f13c9c189c",
    "noise-spectrum": "3c503e8c9ae9",
    "noise-spectrum-qll": "05cf6904347f",
    "noise-length": "9e8bc8e57152",
    "noise-elements": "12553e83cd4c",
    "noise-balance": "762ee81904b9",
    "noise-slope": "c7a5c5de1890",
    "noise-strength": "57b96f74bec3",
    "noise-qll": "f5cb91d8013c",
    "noise-invariant": "58797029bb47",
    "noise-pure-2": "a2d76b1e1823",
    "noise-pure-3": "ebdea74a4fb0",
    "noise-pure-4": "78a031ee411e",
    "noise-local": "88a7f1a39446",
    "virial-parts": "f0c638211ec2",
    "virial-2": "1b2756f4417f",
    "virial-3": "26d0c9569872",
    "virial-4": "0a707e27738f",
    "virial-bound": "3f17f35fd836",
    "canonical-spin": "3b56fd19ced8",
    "local-balance": "c50869eced2b",
    "local-slope": "4743f563352e",
    "local-spectrum": "9225d48c8036",
    "local-energy": "65c48b819ae4",
    "local-friction": "583f626e7f88",
    "hybrid-spectrum": "f6baa31ff877",
    "hybrid-energy": "b6a4627a0809",
    "hybrid-conserved": "e7984401cd36",
    "hybrid-spin": "a2fd3167f375",
    "response": "554c60b0933a",
    "response-qll": "9dac35f26b9a",
    "response-lines": "1aca582d8930",
    "response-power": "c05fddc29b68",
}
