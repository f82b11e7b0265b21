"""A Chromium for the browser tests: `python -m nmdtracker.embedded.browser` finds or installs one.

It prints the path. Where none can be had it says so and the browser tests are left out; with CI set
it fails, because nobody would read the sentence there.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_S, PACKAGE_S = 300, 600
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def flags():
    """Arguments for a quiet headless run; root has no sandbox."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def find():
    """Path of an installed Chromium, or None."""
    on_path = (shutil.which(name) for name in NAMES)
    return next(filter(None, on_path), None) or _playwrights_own()


def _playwrights_own():
    from playwright.sync_api import sync_playwright

    with suppress(Exception), sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        return path if os.access(path, os.X_OK) else None
    return None


def install():
    """Playwright's download, else Debian's package when root. Returns the path or None."""
    ways = [([sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_S)]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        ways += [(["apt-get", "update", "-qq"], PACKAGE_S)]
        ways += [(["apt-get", "install", "-y", "-qq", "chromium"], PACKAGE_S)]
    silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command, seconds in ways:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, timeout=seconds, env=environment, check=False, **silent)
        if path := find():
            return path
    return None


def main():
    path = find()
    if not path:
        print("No Chromium is installed; looking for one ...", flush=True)  # noqa: T201
        path = install()
    print(path or "No Chromium can be had: the browser tests are left out.")  # noqa: T201
    return 0 if path or not os.environ.get("CI") else 1


if __name__ == "__main__":
    sys.exit(main())
