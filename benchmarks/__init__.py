"""The toolkit beside its peers: problems A to D, one peer a file, one table; `qllg bench` runs it.

Here may live problems, peers, timing and the table. Nothing of the package depends on it.
"""
