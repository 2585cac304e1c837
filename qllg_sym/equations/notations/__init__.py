"""One notation a file: LaTeX, plain text, presentation MathML."""
