"""How does a replica begin with the clock of the others? It serves with its clock set at the last moment.

python -m tests.rough.serve MOMENT READING ARGUMENT...

MOMENT is what every clock shows at that READING of the monotonic one, which all processes share.
"""

import os
import sys
import time
from datetime import datetime, timedelta

import uvicorn  # noqa: F401  # imported before the clock is set: imports take seconds, and clocks must agree

import hotline.serving  # noqa: F401  # as above
from hotline.cli import main


def run() -> None:
    """Set the clock by the machine's monotonic one, which all processes share, and serve."""
    moment, reading, *arguments = sys.argv[1:]
    speed = float(os.environ["HOTLINE_CLOCK_SPEED"])
    elapsed = timedelta(seconds=(time.monotonic() - float(reading)) * speed)
    os.environ["HOTLINE_CLOCK_START"] = (datetime.fromisoformat(moment) + elapsed).isoformat()
    sys.argv = ["hotline", *arguments]
    main()


if __name__ == "__main__":
    run()
