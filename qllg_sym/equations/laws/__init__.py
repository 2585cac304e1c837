"""One law of motion a file; a new file is found by itself, in Python and in model files.

Here may live residuals, each in the letters of `law.Letters` with its source; all else is derived from them.
"""
