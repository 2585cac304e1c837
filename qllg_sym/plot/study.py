"""A picture of a parameter study: lines over one axis, maps over two."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.plot.style import COLORS, DOUBLE_COLUMN, SINGLE_COLUMN, letter, look, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS = 9
FLAT = 1e-9             # components that stay below this are rounding
ABSENT = "0.8"          # grey of points that failed
MAP_HEIGHT, LINES_HEIGHT = 2.3, 1.6     # inches
IN_ONE_COLUMN = 3       # maps; more stand in two
Panel = Callable[["Axes"], None]


def plot_study(ds: Any, what: str | None = None, time: float | None = None,
               at: Mapping[str, Any] | None = None) -> "tuple[Figure, NDArray[Any]]":
    """Draw a Dataset that `sweep` gave.

    Args:
        ds: the Dataset.
        what: one of its variables; all of them when None.
        time: the stored time nearest to it is shown; the last when None.
        at: {axis: point}: the nearest point, or the name of a state, for axes that are not to be drawn.

    Returns:
        The figure and the 1-D array of its axes.

    Raises:
        InputError: no such variable or axis, more than two axes left, or too many panels.
    """
    part = _chosen(ds, time, at or {})
    axes = [str(name) for name in part.failure.dims if part.sizes[name] > 1]
    if len(axes) > 2:
        raise InputError(f"`at` must leave at most two axes to be drawn, but leaves {', '.join(axes)}; "
                         f"give a point of one, such as {axes[-1]}={_first(part, axes[-1])}.")
    names = [str(name) for name in part.data_vars if name != "failure"]
    if what is not None and what not in names:
        raise InputError(f"`what` must be one of {', '.join(names)}, but is {what!r}; choose one of them.")
    shown = {name: part[name] for name in ([what] if what else names)}
    is_map = len(axes) == 2 and "state" not in axes
    panels = [panel for name, data in shown.items() for panel in (
        _maps(name, data, axes) if is_map else [_lines(name, data, axes)])]
    if len(panels) > MOST_PANELS:
        raise InputError(f"`what` must choose at most {MOST_PANELS} panels, but there are {len(panels)}; "
                         f"choose one of {', '.join(names)}.")
    columns = 2 if is_map and len(panels) > IN_ONE_COLUMN else 1
    return _drawn(panels, _title(ds, part), MAP_HEIGHT if is_map else LINES_HEIGHT, columns)


def _chosen(ds: Any, time: float | None, at: Mapping[str, Any]) -> Any:
    """Return one time, and one point of some axes."""
    part = ds.isel(time=-1) if time is None else ds.sel(time=time, method="nearest")
    for name, point in at.items():
        if name not in ds.failure.dims:
            raise InputError(f"`at` must name axes of the study, but {name!r} is none; they are "
                             f"{', '.join(map(str, ds.failure.dims))}.")
        try:
            part = part.sel({name: point} if name == "state" else {name: float(point)},
                            **({} if name == "state" else {"method": "nearest"}))
        except (KeyError, ValueError):
            raise InputError(f"`at` must give {name!r} a point of it, but gives {point!r}; write "
                             f"{name}={_first(ds, name)}.") from None
    return part


def _first(ds: Any, name: str) -> Any:
    """Return the first point of an axis."""
    return ds[name].values[0]


def _drawn(panels: list[Panel], title: str, height: float, columns: int) -> "tuple[Figure, NDArray[Any]]":
    """Return the figure with its panels in rows, and those alone; the abscissa stands below each column."""
    width = SINGLE_COLUMN if columns == 1 else DOUBLE_COLUMN
    figure, grid = new_figure(-(-len(panels) // columns), columns, width, height)
    axes, spare = np.split(grid.ravel(), [len(panels)])
    with look():
        for axis, panel in zip(axes, panels, strict=True):
            panel(axis)
        for axis in axes[:-columns]:
            axis.set_xlabel("")
        for axis in axes[-columns:]:
            axis.xaxis.set_tick_params(labelbottom=True)
        for axis in spare:
            axis.set_visible(False)
        letter(axes)
        figure.suptitle(title, fontsize=7)
    return figure, axes


def _title(ds: Any, part: Any) -> str:
    """Return what was solved, with which numbers, and at which time it is seen."""
    about, unit = ds.attrs, ds.time.attrs.get("units", "")
    fixed = [f"{name} = {value:.6g}" for name, value in json.loads(about.get("values", "{}")).items()]
    fixed += [f"{name} = {part[name].item():.6g}" if part[name].dtype.kind == "f" else f"{name}: {part[name].item()}"
              for name in ds.failure.dims if name not in part.failure.dims or part.sizes[name] == 1]
    failed = int((part.failure != "").sum())
    lines = [f"{about.get('law', '')}, {about.get('model', '')}, spins {about.get('spins', '')}, "
             f"t = {part.time.item():.6g}{'' if unit in ('', 'ħ/energy') else ' ' + unit}", ", ".join(fixed),
             f"{failed} point{'s' * (failed > 1)} failed (grey)" if failed else ""]
    return "\n".join(line for line in lines if line)


def _components(name: str, data: Any, axes: list[str]) -> list[tuple[str, Any]]:
    """Return the parts of a variable that depend on the axes alone, those that vanish left out."""
    own = [dim for dim in data.dims if dim not in axes and data.sizes[dim] > 1]
    flat = data.squeeze(drop=True).transpose(*axes, *own)
    if flat.dtype.kind == "c":
        return [*_components(f"Re {name}", data.real, axes), *_components(f"Im {name}", data.imag, axes)]
    places = list(np.ndindex(*(flat.sizes[dim] for dim in own)))
    found = [(", ".join([name, *_place(flat, own, place)]), flat[(..., *place)]) for place in places]
    return [each for each in found if np.nanmax(np.abs(each[1].values), initial=0) > FLAT] or found[:1]


def _place(flat: Any, own: list[str], place: tuple[int, ...]) -> list[str]:
    """Return the labels of a component."""
    return [str(flat[dim].values[k]) if dim in flat.coords else str(k) for dim, k in zip(own, place, strict=True)]


def _maps(name: str, data: Any, axes: list[str]) -> list[Panel]:
    """Return a map for each component of a variable."""
    return [_map(label, values, axes) for label, values in _components(name, data, axes)]


def _map(label: str, values: Any, axes: list[str]) -> Panel:
    """Return a panel with one coloured cell a point."""
    values = values.sortby(axes)
    numbers = np.asarray(values.values, dtype=float)
    signed = bool(np.nanmin(numbers, initial=0) < -FLAT and np.nanmax(numbers, initial=0) > FLAT)
    limit = float(np.nanmax(np.abs(numbers), initial=0)) or 1.0
    colours: dict[str, Any] = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "viridis"}
    known = numbers[np.isfinite(numbers)]
    if len(known) and not signed and np.ptp(known) <= FLAT * limit:
        middle = float(known.mean())                # constant but for rounding: one colour, its value in the middle
        colours |= {"vmin": middle - limit / 10, "vmax": middle + limit / 10}

    def draw(axis: "Axes") -> None:
        axis.set_facecolor(ABSENT)
        cells: Any = axis.pcolormesh(values[axes[0]].values, values[axes[1]].values, numbers.T, shading="nearest",
                                     rasterized=True, **colours)
        axis.set_xlabel(_labelled(values[axes[0]]))
        axis.set_ylabel(_labelled(values[axes[1]]))
        axis.figure.colorbar(cells, ax=axis, label=label)

    return draw


def _lines(name: str, data: Any, axes: list[str]) -> Panel:
    """Return a panel with a line for each component of a variable, and for each state."""
    over = next((axis for axis in axes if axis != "state"), axes[0] if axes else None)
    lines = _components(name, data, [over] if over else [])

    def draw(axis: "Axes") -> None:
        for k, (label, values) in enumerate(lines):
            numeric = over is not None and over != "state"
            ordered = values.sortby(over) if numeric else values
            points = ordered[over].values if over is not None else [0.0]
            axis.plot(points, np.atleast_1d(ordered.values), "-" if numeric and len(points) > 1 else "o", markersize=3,
                      color=COLORS[k % len(COLORS)], label=label.removeprefix(f"{name}, "))
        axis.set_ylabel(name + _unit(data))
        if over is not None:
            axis.set_xlabel(_labelled(data[over]))
        if len(lines) > 1:
            axis.legend(fontsize=6, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), borderaxespad=0.2)

    return draw


def _labelled(axis: Any) -> str:
    """Return the name of an axis with its unit."""
    return f"{axis.attrs.get('long_name', axis.name)}{_unit(axis)}"


def _unit(data: Any) -> str:
    """Return the unit in brackets, where there is one."""
    unit = data.attrs.get("units", "")
    return f" ({unit})" if unit else ""
