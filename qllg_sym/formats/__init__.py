"""What a result file is made of: arrays, a header, and for other readers names of axes, labels and attributes.

Here may live one file a format of files, each with `write_content` and `read_content`, which trusts no byte.
"""
