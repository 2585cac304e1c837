"""The drawing of the house, made from the imports: a box a room, a line down to each room that it stands on directly.

A line that follows from others is left out. It is drawn when the site is built, so that it is always true.
"""

import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ("derivations", "benchmarks")             # beside the package in a checkout, inside it in a wheel
WIDTH, BOX, HEIGHT, LEVEL = 940, 106, 30, 74
_IMPORT = re.compile(r"""^\s*from[ ]qllg_sym(?:[.](?P<room>\w+)[\w.]*)?[ ]import[ ](?P<names>[(][^)]*[)]|[^#\n]*)
                         |import_module[(]"qllg_sym[.](?P<late>\w+)""", re.MULTILINE | re.VERBOSE)
_STYLE = ("rect{fill:#fff;stroke:#4a6fa5;stroke-width:1.3}text{font:13px sans-serif;text-anchor:middle;fill:#222}"
          "path{fill:none;stroke:#8aa;stroke-width:1.1}.paper{fill:#f7f9fc;stroke:none}")


@cache
def picture() -> dict[str, set[str]]:
    """Return {room: the rooms whose names its files import}, late imports too.

    >>> "equations" in picture()["proof"], "proof" in picture()["equations"]
    (True, False)
    """
    found: dict[str, set[str]] = {}
    for room, path in _files():
        found.setdefault(room, set()).update(imported(path.read_text(encoding="utf-8")))
    return {room: used & set(found) - {room} for room, used in found.items()}


def _files() -> Iterator[tuple[str, Path]]:
    """Yield (room, file) of the package, without its front door."""
    for folder in (ROOT / "qllg_sym", *(ROOT / name for name in SHIPPED)):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if folder.name in SHIPPED:
                yield folder.name, path
            elif parts[0] not in ("__init__", "generated", *SHIPPED):
                yield parts[0], path


def imported(text: str) -> set[str]:
    r"""Return the names right below `qllg_sym` that a file imports: its lines are read, faster than a tree.

    >>> sorted(imported("from qllg_sym import a, b\nfrom qllg_sym.c.d import e"))
    ['a', 'b', 'c']
    """
    found = set()
    for line in _IMPORT.finditer(text):
        room = line["room"] or line["late"]
        found |= {room} if room else set(re.findall(r"(\w+)(?: as \w+)?", line["names"]))
    return found


def arrows(rooms: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the arrows that do not follow from others.

    >>> sorted(arrows({"a": {"b", "c"}, "b": {"c"}, "c": set()}))
    [('a', 'b'), ('b', 'c')]
    """
    below: dict[str, set[str]] = {}
    for room in TopologicalSorter(rooms).static_order():
        below[room] = set(rooms[room]).union(*(below[other] for other in rooms[room]))
    return {(room, other) for room, used in rooms.items() for other in used
            if not any(other in below[third] for third in used)}


def levels(rooms: dict[str, set[str]]) -> list[list[str]]:
    """Return the floors, lowest first: each room stands right above the highest that it uses."""
    height: dict[str, int] = {}
    for room in TopologicalSorter(rooms).static_order():
        height[room] = max((height[other] + 1 for other in rooms[room]), default=0)
    return [sorted(room for room in height if height[room] == k) for k in range(max(height.values()) + 1)]


def drawing() -> str:
    """Return the SVG."""
    rooms = picture()
    floors = levels(rooms)
    place = {room: ((n + 1) * WIDTH / (len(floor) + 1), (len(floors) - 1 - k) * LEVEL + 20)
             for k, floor in enumerate(floors) for n, room in enumerate(floor)}
    lines = [_arrow(*place[room], *place[other], f"{room} {other}") for room, other in sorted(arrows(rooms))]
    boxes = [f'<rect x="{x - BOX / 2:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
             f'<text x="{x:.0f}" y="{y + 20:.0f}">{room}</text>' for room, (x, y) in sorted(place.items())]
    size = f"0 0 {WIDTH} {len(floors) * LEVEL}"
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img">', f"<style>{_STYLE}</style>",
            '<title>The rooms of qllg_sym and what each stands on</title>',
            f'<rect class="paper" width="{WIDTH}" height="{len(floors) * LEVEL}" rx="8"/>']
    return "\n".join([*head, *lines, *boxes, "</svg>", ""])


def _arrow(x: float, y: float, to_x: float, to_y: float, name: str) -> str:
    """A curve from the foot of a box to the head of another."""
    y, middle = y + HEIGHT, (y + HEIGHT + to_y) / 2
    curve = f"M{x:.0f} {y:.0f}C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path data-arrow="{name}" d="{curve}"/>'
