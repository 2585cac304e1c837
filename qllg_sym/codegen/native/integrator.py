"""The text of the stepping driver with its right-hand sides: one library for single states, one for eight lanes."""

from qllg_sym.codegen.native import source
from qllg_sym.codegen.tableaux import dop853

LANES = 8               # trajectories in lockstep
SMALL = (2, 3, 4)       # dimensions whose frame form is compiled by itself
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


def text(lanes: int) -> str:
    """Return the C source of `advance` with its right-hand sides.

    Args:
        lanes: 1 or LANES.

    >>> "int advance(" in text(1), "frame_slope_lanes" in text(1)
    (True, False)
    """
    right_hand_sides = [_rows(d) for d in SMALL] if lanes == 1 else [_lanes(d) for d in SMALL]
    blocks = [source("frame_blocks.c")] if lanes == 1 else []
    head = [source("common.c"), _SHUFFLE, dop853.macros(), f"#define LANES {lanes}\n"]
    return "\n".join([*head, source("lanes.c"), source("dop853.c"), source("kernel.c"), *right_hand_sides, *blocks])


def pad(d: int) -> int:
    """Return to what length the rows of a state of dimension d are padded without lanes.

    >>> [pad(d) for d in (2, 3, 4, 5, 9)]
    [2, 4, 4, 8, 16]
    """
    return (0, 0, 2, 4, 4)[d] if d in SMALL else -(-d // 8) * 8


def _rows(d: int) -> str:
    """Return the frame form of one state of small dimension."""
    width = pad(d)
    order = [*range(width, 2 * width), *range(width)]
    defines = {"D": d, "PAD": width, "ROW_ORDER": ", ".join(map(str, order)),
               "ROW_SIGNS": ", ".join(["-1"] * width + ["1"] * width)}
    return _defined(defines, source("frame_rows.c"))


def _lanes(d: int) -> str:
    """Return the frame form of eight states of small dimension."""
    return _defined({"D": d}, source("frame_lanes.c"))


def _defined(names: dict[str, object], body: str) -> str:
    """Return a text between definitions of its macros and their end."""
    return "\n".join([*(f"#define {name} {value}" for name, value in names.items()), body,
                      *(f"#undef {name}" for name in names)])
