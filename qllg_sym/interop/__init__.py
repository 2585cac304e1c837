"""Other packages' objects, known by what they have: nothing here imports them, so that they stay optional.

Here may live one file a package: its objects in, ours out. What they mean is said elsewhere.
"""
