"""Other packages' objects, known by what they have: nothing here imports them, so that they stay optional."""
