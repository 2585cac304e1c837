"""One law of motion a file; a new file is found by itself, in Python and in model files."""
