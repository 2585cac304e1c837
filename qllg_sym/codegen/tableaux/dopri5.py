"""Dormand and Prince's method of order 5 with an embedded order 4 and dense output of order 4, in exact fractions.

Source: Dormand, Prince, J. Comput. Appl. Math. 6, 19 (1980); dense output of Shampine, Math. Comp. 46, 135 (1986).
"""

_TABLE = {
    "A": ("1/5",
          "3/40 9/40",
          "44/45 -56/15 32/9",
          "19372/6561 -25360/2187 64448/6561 -212/729",
          "9017/3168 -355/33 46732/5247 49/176 -5103/18656"),
    "C": ("0 1/5 3/10 4/5 8/9 1",),
    "B": ("35/384 0 500/1113 125/192 -2187/6784 11/84",),
    "E": ("-71/57600 0 71/16695 -71/1920 17253/339200 -22/525 1/40",),
    # Row j: coefficients of θ, θ², θ³, θ⁴ of slope j.
    "D": ("1 -8048581381/2820520608 8663915743/2820520608 -12715105075/11282082432",
          "0 0 0 0",
          "0 131558114200/32700410799 -68118460800/10900136933 87487479700/32700410799",
          "0 -1754552775/470086768 14199869525/1410260304 -10690763975/1880347072",
          "0 127303824393/49829197408 -318862633887/49829197408 701980252875/199316789632",
          "0 -282668133/205662961 2019193451/616988883 -1453857185/822651844",
          "0 40617522/29380423 -110615467/29380423 69997945/29380423"),
}


def coefficients(name: str) -> tuple[tuple[str, ...], ...]:
    """Return rows of coefficients as text of fractions.

    Args:
        name: "A" (stages 1 to 5), "C", "B", "E" (of the error) or "D" (dense output).

    >>> coefficients("A")[1]
    ('3/40', '9/40')
    """
    return tuple(tuple(row.split()) for row in _TABLE[name])
