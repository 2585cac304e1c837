"""`python checker FILE`, also where nothing of the package is installed (`python -I -S checker FILE`)."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(import_module("checker").main(sys.argv[1:]))
