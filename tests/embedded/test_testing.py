"""The plugin that gives a test session its services."""

import os
import subprocess
import sys
import time

import psutil

from nmdtracker.embedded.paths import ROOT

SLEEPER = """
import os, time

def test_waits():
    print("HOME", os.environ["NMD_VAR_DIR"], flush=True)
    time.sleep(60)
"""


def test_a_killed_session_leaves_nothing(tmp_path):
    (tmp_path / "test_sleeper.py").write_text(SLEEPER)
    session = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-s", "-c", ROOT / "pyproject.toml", tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ,
    )
    home = next(line for line in session.stdout if line.startswith("HOME")).split()[1]
    servers = psutil.Process(session.pid).children(recursive=True)
    assert len(servers) > 3
    assert home != os.environ["NMD_VAR_DIR"]
    session.kill()
    session.communicate()
    assert not psutil.wait_procs(servers, timeout=10)[1]
    deadline = time.monotonic() + 5
    while os.path.exists(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(home)
