"""The canonical ensemble exp(−Tr ρH/k_BT) on the orbit {UρU†} of a spectrum, exactly.

`levels` are those of H; `determinant` and `series` are two formulas of one integral over the orbit, over a number
type (`arithmetic`); `ensemble` is what users read, `gibbs` what stands beside it, `symbolic` the short closed forms.
Here may live what is exact about such an ensemble; noisy trajectories are beside it.
"""
