"""The report: everything of the paper computed anew, and one page that opens without a network."""

from qllg_sym.report.reproduce import reproduce

__all__ = ["reproduce"]
