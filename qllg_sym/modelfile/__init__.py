"""Model files: TOML with expressions of our own grammar, read into a model, a law, a state and times."""
