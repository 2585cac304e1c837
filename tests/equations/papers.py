"""Equations in a column of a paper, as a real LaTeX sets them: what overflows, and how wide a formula is."""

import re
import shutil
import subprocess

import pytest

ARTICLE = r"""\documentclass[twocolumn]{article}
\usepackage{amsmath,amssymb}
\setlength{\textwidth}{510pt}\setlength{\columnsep}{18pt}
\setlength{\oddsidemargin}{-20pt}\setlength{\textheight}{700pt}\setlength{\topmargin}{-40pt}
\setlength{\hfuzz}{0.01pt}
\begin{document}
%s
\end{document}
"""
needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None,
                                 reason="no pdflatex: apt-get install texlive-latex-base")


def complaints(folder, *equations):
    """What pdflatex says of displayed equations in columns of 246 pt: errors, and boxes wider than the column."""
    shown = [text if text.startswith("{") else f"\\[\n{text}\n\\]" for text in equations]
    log = log_of(folder, ARTICLE % "\n\n".join(shown))
    return re.findall(r"^(?:!|Overfull \\hbox).*", log, re.MULTILINE)


def widths(folder, formulas):
    """The widths of formulas in display style, in points."""
    boxes = (rf"\setbox0=\hbox{{$\displaystyle {text}$}}\typeout{{WIDTH \the\wd0}}" for text in formulas)
    return [float(x) for x in re.findall(r"WIDTH ([\d.]+)pt", log_of(folder, ARTICLE % "\n".join(boxes)))]


def log_of(folder, document):
    (folder / "paper.tex").write_text(document, encoding="utf-8")
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"], cwd=folder,
                   capture_output=True, timeout=120, check=False)
    return (folder / "paper.log").read_text(encoding="latin-1")
