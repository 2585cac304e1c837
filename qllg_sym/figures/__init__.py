"""What a figure of the paper is: curves, a drawing, and every statement of the text with a computed verdict.

Here may live the records of a figure and of its statements, and what runs them. The figures themselves are files of
`derivations`; how they are drawn is said in `plot`.
"""
