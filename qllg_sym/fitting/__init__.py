"""Parameters from data: least squares with exact Jacobians.

`observed` says what of a run stands beside data, `fit` checks and minimises, `result` is what users read.
Here may live what compares runs with measurements. Sampling of posteriors is left to libraries that do it.
"""
