"""`python -m qllg_sym`: the command line `qllg`, where its script is not on the path."""

import sys

from qllg_sym.cli import main

if __name__ == "__main__":
    sys.exit(main())
