"""Random acts of several people: `python -m bench.machine [--acts N]`; in full 10,000.

The property test of `make test` with more acts; exits with 1 if a promise is broken.
"""

import argparse
import os
import subprocess
import sys
import time

from nmdtracker.embedded.paths import ROOT

TEST = "tests/workflows/test_machine.py::test_random_acts_keep_every_promise"


def main():
    parser = argparse.ArgumentParser(prog="bench.machine", description="Random acts.")
    parser.add_argument("--acts", type=int, default=2000)
    acts, began = parser.parse_args().acts, time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", TEST],
        **{"cwd": ROOT, "env": {**os.environ, "NMD_MACHINE_STEPS": str(acts)}},
        **{"stdout": subprocess.PIPE, "text": True, "check": False},
    )
    if done.returncode:
        return f"{done.stdout}\nBROKEN: a promise, within {acts:,} random acts"
    print(f"{acts:,} random acts, every promise kept after each: {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
