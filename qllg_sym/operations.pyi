# ruff: noqa
# mypy: ignore-errors
"""Operations as methods. Generated: pytest tests/test_public.py --update."""

import sympy as sp

HOME: str
FOLDERS: dict[type, str]

class FileMethod:
    file: str

class ModelOperations:
    ...

class EquationOperations:
    ...

class ComponentsOperations:
    def coefficient(self, parameter: sp.Symbol | str, n: int) -> tuple[sp.Expr, ...]:
        r"""Return the coefficients of $p^n$ in the residual, $0 = R(\dot y, y, p) = \sum_n p^n R_n(\dot y, y)$."""
