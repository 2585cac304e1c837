"""Films of a trajectory: spins on the sphere or on their lattice, or curves as they grow."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.errors import FileError, InputError
from qllg_sym.plot.drawable import Drawable
from qllg_sym.plot.lattice import lattice_figure, places_of, shown_time
from qllg_sym.plot.sphere import chosen_sites, name_sites, sphere_figure, style_of
from qllg_sym.plot.style import look, png
from qllg_sym.plot.trajectory import plot

if TYPE_CHECKING:
    from matplotlib.animation import AbstractMovieWriter, FuncAnimation
    from matplotlib.figure import Figure

SUFFIXES = (".mp4", ".gif")
TAIL = 0.25             # of all frames: how long a path stays behind its spin
Update = Callable[[int], None]


def animate(trajectory: Drawable, path: str | os.PathLike[str], kind: str = "sphere",
            sites: Sequence[int] | int | None = None, frames: int = 100, fps: int = 20, dpi: int = 150,
            positions: Any = None, tell: Callable[[float], object] = lambda done: None
            ) -> "tuple[Figure, FuncAnimation]":
    """Write a film; frames are evenly spaced in time, or the stored times nearest to that.

    Args:
        trajectory: a `Trajectory` of at least two times.
        path: ends in .mp4 (ffmpeg makes it) or .gif; without an ending it is .mp4 where ffmpeg is found, else .gif.
        kind: "sphere", the spins as arrows with the last piece of their paths; "lattice", arrows where the sites are;
            or "curves", what `plot` draws with a line at the time.
        sites: spins on the sphere or the lattice; all when None.
        frames: how many.
        fps: frames a second.
        dpi: dots an inch; the film is 3.4 inches wide.
        positions: where sites of a lattice are, (N, 2) or (N, 3); those of the model when None.
        tell: called with the part done, up to 1.

    Returns:
        The figure and the animation of matplotlib.

    Raises:
        InputError: an argument is out of range, or there is one time alone.
        FileError: the ending is another, ffmpeg is missing, or the place is not writable; nothing is drawn then.
    """
    _check(trajectory, kind, frames=frames, fps=fps, dpi=dpi)
    final = film_path(path)
    shown = chosen_sites(sites, len(trajectory.spins))
    if kind == "lattice":
        places_of(trajectory, positions)
    elif positions is not None:
        raise InputError(f"`positions` must be left out for kind {kind!r}, but are given; write kind=\"lattice\".")
    fine = trajectory.finer(frames)
    places = nearest(fine.times, frames)
    with look():
        figure, update = _KINDS[kind](trajectory, fine, places, shown, positions)
        film = _film(figure, update, frames, fps)
        with files.replacing(final) as temporary:
            film.save(temporary, writer=_writer(final.suffix.lower(), fps), dpi=dpi,
                      progress_callback=lambda k, _: tell((k + 1) / frames))
    return Film((figure, film))


class Film(tuple["Figure", "FuncAnimation"]):
    """A figure and its animation, shown as the last frame where a notebook shows values."""

    __slots__ = ()

    def _repr_png_(self) -> bytes:
        return png(self[0])


def film_path(path: str | os.PathLike[str]) -> Path:
    """Return the name of a film's file, with an ending.

    Raises:
        FileError: the ending is unknown, ffmpeg is missing, or the place is not writable.

    >>> film_path("run.avi")
    Traceback (most recent call last):
        ...
    qllg_sym.errors.FileError: `path` must end in .mp4 or .gif, but is run.avi; choose one of these endings.
    """
    from matplotlib.animation import FFMpegWriter

    found = FFMpegWriter.isAvailable()
    final = files.check_writable(path)
    if not final.suffix:
        return files.check_writable(final.with_name(final.name + (".mp4" if found else ".gif")))
    files.check_writable(path, SUFFIXES)
    if final.suffix.lower() == ".mp4" and not found:
        raise FileError(f"`path` must end in .gif where ffmpeg is not installed, but is {path}; install ffmpeg, or "
                        "choose .gif.")
    return final


def nearest(times: NDArray[np.float64], frames: int) -> NDArray[np.intp]:
    """Return the places of the times nearest to evenly spaced ones.

    >>> nearest(np.array([0.0, 0.1, 0.2, 1.0]), 3).tolist()
    [0, 2, 3]
    """
    even = np.linspace(times[0], times[-1], frames)
    return np.abs(times[:, None] - even).argmin(axis=0)


def _check(trajectory: Drawable, kind: str, **counts: Any) -> None:
    """Refuse what no film can be made of, before any work."""
    if kind not in _KINDS:
        raise InputError(f"`kind` must be one of {', '.join(_KINDS)}, but is {kind!r}; choose one of these.")
    for name, count in counts.items():
        least = 2 if name == "frames" else 1
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < least:
            raise InputError(f"`{name}` must be a whole number, {least} or more, but is {count!r}; change it.")
    if len(trajectory) < 2:
        raise InputError("`animate` must be asked of a trajectory of several times, but there is one; solve for more.")


def _film(figure: "Figure", update: Update, frames: int, fps: int) -> "FuncAnimation":
    """Return the animation, on the plain canvas: no frame is drawn but where it is written."""
    from matplotlib.animation import FuncAnimation

    def drawn(k: int) -> tuple[()]:
        update(k)
        return ()

    return FuncAnimation(figure, drawn, frames=frames, interval=1000 / fps, blit=False)


def _writer(suffix: str, fps: int) -> "AbstractMovieWriter":
    """Return what writes a film with this ending; even sizes, which many players ask for."""
    from matplotlib.animation import FFMpegWriter, PillowWriter

    if suffix == ".gif":
        return PillowWriter(fps=fps)
    even = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white", "-pix_fmt", "yuv420p"]
    return FFMpegWriter(fps=fps, codec="libx264", extra_args=even)


def _sphere(trajectory: Drawable, fine: Drawable, places: NDArray[np.intp], shown: list[int],
            positions: Any) -> "tuple[Figure, Update]":
    """Arrows from the centre, with the last piece of their paths."""
    figure, axis = sphere_figure(trajectory.heading)
    paths, drawn, tail = [np.asarray(fine.bloch(i)) for i in shown], [], max(int(TAIL * len(fine)), 1)
    for k, site in enumerate(shown):
        style = style_of(k, len(shown))
        (piece,) = axis.plot([], [], [], color=style["color"], linestyle=style["linestyle"], linewidth=1.0)
        (arrow,) = axis.plot([], [], [], color=style["color"], linewidth=1.8)
        (tip,) = axis.plot([], [], [], linestyle="", marker=style["marker"], markersize=5, color=style["color"],
                           label=f"spin {site}")
        drawn.append((piece, arrow, tip))
    name_sites(axis, shown, "")
    told = axis.text2D(0.5, 0.0, "", transform=axis.transAxes, ha="center", va="bottom", fontsize=7)

    def update(k: int) -> None:
        place = int(places[k])
        for (piece, arrow, tip), path in zip(drawn, paths, strict=True):
            piece.set_data_3d(*path[max(place - tail, 0): place + 1].T)
            arrow.set_data_3d(*np.stack([np.zeros(3), path[place]], axis=1))
            tip.set_data_3d(*path[place][:, None])
        told.set_text(shown_time(trajectory, float(fine.times[place])))

    return figure, update


def _lattice(trajectory: Drawable, fine: Drawable, places: NDArray[np.intp], shown: list[int],
             positions: Any) -> "tuple[Figure, Update]":
    """Arrows and colours where the sites are."""
    figure, axis, turn = lattice_figure(trajectory, places_of(trajectory, positions), shown)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")            # nothing moves but the spins
    told = axis.text(0.99, 1.01, "", transform=axis.transAxes, ha="right", va="bottom", fontsize=7)
    spins = np.asarray(fine.profile())[:, shown]

    def update(k: int) -> None:
        place = int(places[k])
        turn(spins[place])
        told.set_text(shown_time(trajectory, float(fine.times[place])))

    return figure, update


def _curves(trajectory: Drawable, fine: Drawable, places: NDArray[np.intp], shown: list[int],
            positions: Any) -> "tuple[Figure, Update]":
    """The panels of `plot`, with a line at the time."""
    figure, axes = plot(trajectory)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")            # panels stay where they are
    lines = [axis.axvline(fine.times[0], color="0.4", linewidth=0.8) for axis in axes]

    def update(k: int) -> None:
        for line in lines:
            line.set_xdata([fine.times[places[k]]] * 2)

    return figure, update


_KINDS: dict[str, Callable[[Drawable, Drawable, NDArray[np.intp], list[int], Any], "tuple[Figure, Update]"]] = {
    "sphere": _sphere, "lattice": _lattice, "curves": _curves}
