"""The whole site in the foreground: what crashes comes back, what is stopped is gone."""

import http.client
import signal
import socket

import psutil
import pytest

SUPERVISOR = "nmdtracker.supervise"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def site(make, port):
    """A running supervisor and its instance."""
    instance = make()
    process = instance.launch(module=SUPERVISOR, NMD_PORT=str(port), NMD_IDLE_SECONDS="1")
    first = process.stdout.readline()
    assert f"http://127.0.0.1:{port}/" in first, first + process.stdout.read()
    yield instance, process
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def status(port):
    """Of the first page, or None when nobody answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("HEAD", "/")
        return link.getresponse().status
    except OSError:
        return None
    finally:
        link.close()


def parts(instance, process):
    """The site's own processes by name: web, worker, beat."""
    found = {}
    for child in psutil.Process(process.pid).children():
        words = " ".join(instance.words(child))
        found |= {name: child for name in ("gunicorn", " worker", " beat") if name in words}
    return {name.strip(): child for name, child in found.items()}


def test_all_runs_once_and_ctrl_c_leaves_nothing(site, port):
    instance, process = site
    assert status(port) in (200, 302)
    assert set(parts(instance, process)) == {"gunicorn", "worker", "beat"}

    second = instance.launch(module=SUPERVISOR, NMD_PORT=str(port))
    sentence = second.communicate(timeout=30)[0]
    assert second.returncode == 1
    assert sentence == (
        f"NMD Tracker already runs in {instance.path} (process {process.pid}); `make stop`.\n"
    )

    running = instance.processes()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "Stopped.\n"
    assert process.returncode == 0
    assert not psutil.wait_procs(running, timeout=2)[1]


def test_whatever_is_killed_comes_back_and_a_killed_supervisor_takes_all_along(site, port):
    instance, process = site
    before = parts(instance, process)
    for child in (*before.values(), instance.keeper()):
        child.kill()
    instance.wait_until(lambda: set(parts(instance, process)) == set(before), 20)
    instance.wait_until(lambda: status(port) and instance.answers(), 20)

    running = instance.processes()
    process.kill()
    assert not psutil.wait_procs(running, timeout=20)[1]
    assert instance.processes() == []


def test_a_port_that_is_taken_is_named(make, port):
    with socket.create_server(("127.0.0.1", port)):
        process = make().launch(module=SUPERVISOR, NMD_PORT=str(port))
        sentence = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert sentence == (
        f"Port {port} is in use: choose another with NMD_PORT, or stop what uses it.\n"
    )
