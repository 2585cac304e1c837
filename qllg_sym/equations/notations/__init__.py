"""One notation a file: LaTeX, plain text, presentation MathML.

Here may live how names, numbers and layouts are written in one language; which terms stand where is decided before.
"""
