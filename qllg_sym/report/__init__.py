"""The report: everything of the paper computed anew, and one page that opens without a network.

Here may live what lays out results and runs the stages of `qllg reproduce`. Every formula on the page is printed from
an object, every number computed; none is typed.
"""

from qllg_sym.report.reproduce import reproduce

__all__ = ["reproduce"]
