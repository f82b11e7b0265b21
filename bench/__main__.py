"""`python -m bench [--steps N] [--against N] [--rounds N] [--requests N] [--seed N]`."""

import argparse
import subprocess
import sys
import time

from bench import pages
from bench.figures import table
from bench.instance import Stocked
from nmdtracker.embedded.paths import ROOT

PROGRAMS = ["lists", "reminders", "chaos", "machine"]


def options(arguments=None):
    parser = argparse.ArgumentParser(prog="bench", description="Hot paths against their goals.")
    parser.add_argument(
        "--steps", type=int, default=200_000, help="steps in the stock (to 10 million)"
    )
    parser.add_argument(
        "--against", type=int, help="smaller stock for growth (steps / 10; 0: none)"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--requests", type=int, default=30, help="requests for a page in each round"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main():
    wanted, began = options(), time.monotonic()
    smaller = wanted.steps // 10 if wanted.against is None else wanted.against
    instances = [Stocked(steps, wanted.seed) for steps in (wanted.steps, smaller) if steps]
    for instance in instances:
        print(
            f"Stock of {instance.steps:,} steps in {instance.home.path.relative_to(ROOT)}",
            flush=True,
        )
        instance.prepare()
    found = pages.measure(
        instances, rounds=wanted.rounds, requests=wanted.requests, seed=wanted.seed
    )
    print(f"\nMedians of {wanted.rounds} rounds of {wanted.requests} requests, one at a time")
    print("\n".join(table(list(pages.figures(*found)))))
    print(f"bench: {time.monotonic() - began:.0f} s")
    # promises rather than figures: what is not kept is said and makes the run fail
    return max([_program(f"bench.{name}") for name in PROGRAMS])


def _program(name):
    print(flush=True)
    began = time.monotonic()
    code = subprocess.run([sys.executable, "-m", name], cwd=ROOT, check=False).returncode
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
