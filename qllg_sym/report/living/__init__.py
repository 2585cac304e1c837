"""The living figure: Figs. 1–4 of the page, computed again in the reader's browser when a slider moves.

Here may live which kernels the figure needs, what its settings are, and the JavaScript that runs and draws them. The
physics in that JavaScript is printed by `codegen.targets.javascript` from the exact solution and from the laws; the
files `*.js` hold a numeric method, drawing and controls, and know no law and no Hamiltonian.
"""
