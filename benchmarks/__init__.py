"""The toolkit beside its peers: problems A to D, one peer a file, one table; `qllg bench` runs it."""
