"""Run it: `python -m tests.chaos --help`."""

import sys

from tests.chaos.run import main

if __name__ == "__main__":
    sys.exit(main())
