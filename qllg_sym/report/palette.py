"""The colours of the page by name, for light and for dark, each readable on its ground (WCAG 2.2, 1.4.3 and 1.4.11)."""

LIGHT = {
    "ink": "#1c2128", "soft": "#57606a", "line": "#d0d7de", "ground": "#ffffff", "card": "#f6f8fa", "link": "#0550ae",
    "good": "#116329", "good-ground": "#dafbe1", "near": "#7d4e00", "near-ground": "#fff1c7", "bad": "#a40e26",
    "bad-ground": "#ffe5e2", "curve-0": "#0072b2", "curve-1": "#c24e00", "curve-2": "#00805f", "curve-3": "#b04f8b",
    "curve-4": "#2a86be", "curve-5": "#a06c00", "curve-6": "#1c2128"}
DARK = {
    "ink": "#e6edf3", "soft": "#9aa4af", "line": "#3d444d", "ground": "#0d1117", "card": "#161b22", "link": "#79b8ff",
    "good": "#7ee787", "good-ground": "#12361f", "near": "#f2cc60", "near-ground": "#3b2e0a", "bad": "#ffa198",
    "bad-ground": "#4a1517", "curve-0": "#58a6e0", "curve-1": "#ff8f4a", "curve-2": "#3cc79b", "curve-3": "#e29cc5",
    "curve-4": "#9bd4f7", "curve-5": "#f0b93a", "curve-6": "#e6edf3"}
PRINT = LIGHT | {"ink": "#000000", "soft": "#333333", "card": "#ffffff", "line": "#999999", "link": "#000000",
                 "good-ground": "#ffffff", "near-ground": "#ffffff", "bad-ground": "#ffffff"}


def variables(colours: dict[str, str]) -> str:
    """Return the colours as custom properties of CSS.

    >>> variables({"ink": "#000000"})
    '--ink: #000000;'
    """
    return " ".join(f"--{name}: {value};" for name, value in colours.items())
