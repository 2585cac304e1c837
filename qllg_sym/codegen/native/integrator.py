"""The text of the stepping driver: one library for single states, one for eight lanes."""

from qllg_sym.codegen.native import source
from qllg_sym.codegen.tableaux import dop853

LANES = 8               # trajectories in lockstep
FLAGS = ("-ffp-contract=fast",)

# GCC before 12 knows the older word alone.
_SHUFFLE = """\
#define UNROLL _Pragma("GCC unroll 8")
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE_(x, ...) __builtin_shufflevector(x, x, __VA_ARGS__)
#endif
#endif
#ifndef SHUFFLE_
#define SHUFFLE_(x, ...) __builtin_shuffle(x, (int64_t __attribute__((vector_size(sizeof(x))))){__VA_ARGS__})
#endif
#define SHUFFLE(x, order) SHUFFLE_(x, order)
"""


def head(lanes: int) -> str:
    """Return what stands above the driver, and above right-hand sides that are compiled by themselves.

    Args:
        lanes: 1 or LANES.

    >>> "#define LANES 8" in head(LANES)
    True
    """
    return "\n".join([source("common.c"), _SHUFFLE, f"#define LANES {lanes}\n"])


def advance_source(lanes: int) -> str:
    """Return the C source of `advance`, with generated kernels as right-hand sides.

    Args:
        lanes: 1 or LANES.

    >>> "int advance(" in advance_source(1)
    True
    """
    return "\n".join([head(lanes), dop853.macros(), source("lanes.c"), source("dop853.c"), source("kernel.c")])
