"""Drawings that take no time: the house."""

import house


def pages() -> dict[str, str]:
    """Return no page."""
    return {}


def files() -> dict[str, str]:
    """Return the drawing by its name."""
    return {"house.svg": house.drawing()}
